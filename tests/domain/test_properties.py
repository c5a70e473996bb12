"""What holds for every amount, barcode and basket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.barcode import check_digit, expand_upc_e, is_gtin, normalise_barcode
from visionscan_kiosk.domain.checkout import card, check_stock, check_tenders, is_absurd
from visionscan_kiosk.domain.errors import InsufficientStock, InvalidInput, TenderMismatch
from visionscan_kiosk.domain.money import CENT, HIGHEST_PRICE, format_amount, line_total, to_money
from visionscan_kiosk.domain.scan_session import Basket, ScanItem, ScanSession, SessionStatus, short_products
from visionscan_kiosk.domain.stock import ShortStock

PRICES = st.decimals(0, HIGHEST_PRICE, places=2)
QUANTITIES = st.integers(1, 9999)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
DIGITS = "0123456789"


@given(PRICES)
def test_money_survives_writing_and_reading(price: Decimal) -> None:
    assert to_money(str(price)) == to_money(price) == price
    assert Decimal(format_amount(price).replace(",", "")) == price


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.text(max_size=12))
def test_money_is_exact_or_refused(value: Decimal | str) -> None:
    try:
        amount = to_money(value)
    except InvalidInput:
        return
    assert 0 <= amount <= HIGHEST_PRICE
    assert amount == Decimal(value.strip() if isinstance(value, str) else value)
    assert amount.as_tuple().exponent == -2
    assert not amount.is_signed()


@given(PRICES, QUANTITIES)
def test_a_line_costs_what_its_pieces_cost(price: Decimal, quantity: int) -> None:
    total = line_total(price, quantity)
    assert total == price * quantity
    assert total == total.quantize(CENT)


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text(DIGITS, min_size=n, max_size=n)))
def test_every_wrong_digit_is_found(body: str) -> None:
    """GS1's check digit finds every single misread digit."""
    code = f"{body}{check_digit(body)}"
    assert is_gtin(code)
    assert len(normalise_barcode(code)) == 14
    for place, digit in enumerate(code):
        misread = code[:place] + str((int(digit) + 1) % 10) + code[place + 1 :]
        with pytest.raises(InvalidInput, match="check digit is wrong"):
            normalise_barcode(misread)


@given(st.text(max_size=90))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    try:
        code = normalise_barcode(text)
    except InvalidInput:
        return
    assert normalise_barcode(code) == code


@given(st.text(DIGITS, min_size=7, max_size=7))
def test_upc_e_expands_to_twelve_digits_with_the_same_ends(body: str) -> None:
    code = expand_upc_e(f"{body}0")
    assert len(code) == 12
    assert (code[0], code[-1]) == (body[0], "0")
    assert sorted(code.replace("0", "")) == sorted(_without_form(body).replace("0", ""))


@pytest.mark.parametrize(
    ("short", "long"),
    [("01234505", "012000003455"), ("04252614", "042100005264"), ("01234565", "012345000065")],
)
def test_upc_e_examples(short: str, long: str) -> None:
    assert expand_upc_e(short)[:-1] == long[:-1]


LINES = st.lists(st.tuples(PRICES | st.none(), QUANTITIES), max_size=8)


@given(LINES)
def test_a_basket_is_the_sum_of_its_lines(lines: list[tuple[Decimal | None, int]]) -> None:
    basket = _basket(lines)
    matched = [(price, quantity) for price, quantity in lines if price is not None]
    assert basket.total == sum((price * quantity for price, quantity in matched), Decimal(0))
    assert basket.item_count == sum(quantity for _, quantity in lines)
    assert len(basket.unmatched) == len(lines) - len(matched)


@given(st.lists(st.tuples(st.sampled_from("abc"), QUANTITIES), max_size=8), st.data())
def test_short_is_what_all_lines_of_a_product_together_ask_too_much_of(
    wanted: list[tuple[str, int]], data: st.DataObject
) -> None:
    """Summed over lines, also below zero; refused exactly where the policy says so, never forgotten."""
    products = {name: uuid4() for name in "abc"}
    stock = {products[name]: data.draw(st.integers(-9999, 9999)) for name in "abc"}
    items = [
        replace(_basket([(Decimal(1), count)]).items[0], inventory_id=products[name], name=name)
        for name, count in wanted
    ]
    asked = {name: sum(count for other, count in wanted if other == name) for name, _ in wanted}

    short = short_products(items, stock)

    assert [(product.name, product.required) for product in short] == [
        (name, count) for name, count in sorted(asked.items()) if count > stock[products[name]]
    ]
    check_stock(short, ShortStock.SELL)
    check_stock(short, ShortStock.ASK)
    if short:
        with pytest.raises(InsufficientStock) as caught:
            check_stock(short, ShortStock.REFUSE)
        assert caught.value.short == short


@given(PRICES, PRICES, st.sampled_from([Decimal(100), Decimal(200), Decimal(10000)]))
def test_absurd_cash_is_both_ten_times_the_total_and_a_largest_note_above_it(
    total: Decimal, given_: Decimal, note: Decimal
) -> None:
    assert is_absurd(total, given_, note) == (given_ > 10 * total and given_ > total + note)
    assert not is_absurd(total, total, note)
    assert not is_absurd(total, total + note, note)


@given(PRICES, PRICES)
def test_tenders_pay_the_total_or_are_refused(total: Decimal, amount: Decimal) -> None:
    if amount == total:
        check_tenders((card(amount),), total)
    else:
        with pytest.raises(TenderMismatch):
            check_tenders((card(amount),), total)
    check_tenders((), total)


def _without_form(body: str) -> str:
    """A UPC-E's last digit tells how it is written; 3 and 4 stand for zeros alone."""
    return body[:-1] if body[-1] in "34" else body


def _basket(lines: list[tuple[Decimal | None, int]]) -> Basket:
    session = ScanSession(uuid4(), SessionStatus.ACTIVE, NOW, None, Decimal(0), NOW, None, None)
    return Basket(session, tuple(_item(price, quantity, n) for n, (price, quantity) in enumerate(lines)))


def _item(price: Decimal | None, quantity: int, number: int) -> ScanItem:
    return ScanItem(
        id=uuid4(),
        session_id=uuid4(),
        inventory_id=None if price is None else uuid4(),
        detected_name=f"thing {number}",
        confidence=1.0,
        quantity=quantity,
        unit_price=price,
        first_seen=NOW,
        created_at=NOW,
        name=None if price is None else f"product {number}",
        sku=None if price is None else f"SKU{number}",
        category=None if price is None else "Fruit",
    )
