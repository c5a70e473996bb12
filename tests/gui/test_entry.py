"""What the keypads write."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.stock import HIGHEST_RESTOCK
from visionscan_kiosk.gui.entry import CLEAR, DELETE, AmountEntry, QuantityEntry

KEYS = st.lists(st.sampled_from([*"0123456789", "00", DELETE, CLEAR]), max_size=20)


def amount(*keys: str) -> AmountEntry:
    return reduce(AmountEntry.press, keys, AmountEntry())


def quantity(*keys: str) -> QuantityEntry:
    return reduce(QuantityEntry.press, keys, QuantityEntry())


def test_money_is_keyed_from_the_right() -> None:
    assert amount("2").text == "0.02"
    assert amount("2", "0", "00").amount == Decimal("20.00")
    assert amount("1", "2", "3", "4", "5", "0").text == "1,234.50"


def test_a_basket_of_many_millions_can_be_paid() -> None:
    assert amount(*"1200000000").text == "12,000,000.00"
    assert amount(*["9"] * 40).text == "99,999,999,999.99"


def test_zeros_before_money_change_nothing() -> None:
    assert amount("00", "0", "5") == amount("5")


def test_delete_takes_the_last_digit_and_clear_all() -> None:
    assert amount("1", "2", DELETE).text == "0.01"
    assert amount("1", "2", CLEAR) == AmountEntry()
    assert amount(DELETE) == AmountEntry()


def test_a_digit_replaces_a_quick_amount() -> None:
    assert AmountEntry.of(Decimal("20.00")).press("5").text == "0.05"


def test_delete_edits_a_quick_amount() -> None:
    assert AmountEntry.of(Decimal("20.00")).press(DELETE).text == "2.00"


def test_more_digits_than_money_has_are_ignored() -> None:
    full = amount(*"1234567890123")
    assert full.press("00") == full
    assert full.text == "12,345,678,901.23"


def test_pieces_are_keyed_from_the_left() -> None:
    assert quantity("0", "2", "4").quantity == 24
    assert quantity("0").text == ""


def test_pieces_can_be_added_in_one_tap() -> None:
    assert quantity("6").plus(12).text == "18"


def test_more_pieces_than_can_be_restocked_are_ignored() -> None:
    full = QuantityEntry(HIGHEST_RESTOCK)
    assert full.press("0") == full
    assert full.plus(1) == full


def test_other_keys_are_programming_mistakes() -> None:
    with pytest.raises(ValueError, match="no key"):
        amount("x")


@given(KEYS)
def test_any_keys_give_payable_money_and_countable_pieces(keys: list[str]) -> None:
    assert Decimal(0) <= amount(*keys).amount <= Decimal("99999999999.99")
    assert 0 <= quantity(*keys).quantity <= HIGHEST_RESTOCK
