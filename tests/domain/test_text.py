"""Joiners are text, controls are not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.product import NewProduct, ProductChanges
from visionscan_kiosk.domain.scan_session import check_detected_name
from visionscan_kiosk.domain.stock import check_note
from visionscan_kiosk.domain.text import is_text, one_line

PERSIAN = "نیم\u200cچرب"
FAMILY = "👩\u200d👩\u200d👧 bread"
SINHALA = "ක්\u200dරීම්"
NAMES = (PERSIAN, FAMILY, SINHALA)


def product(name: str, **more: object) -> NewProduct:
    return NewProduct(
        **{"sku": "A", "name": name, "category": name, "price": Decimal(1), "aliases": (name,), **more}
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_name_keeps_its_joiners(name: str) -> None:
    made = product(name)
    assert (made.name, made.category, made.aliases) == (name, name, (name,))
    assert ProductChanges(name=name).name == name
    assert check_detected_name(name) == name
    assert check_note(name) == name


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u200e", "\u202e", "\ufeff", "\u2028"])
def test_other_controls_are_refused(sign: str) -> None:
    assert not is_text(f"a{sign}b")
    if not sign.isspace():
        with pytest.raises(InvalidInput, match="cannot be printed"):
            product(f"Mi{sign}lk")


@pytest.mark.parametrize("name", ["\u200d", "\u200c \u200d", " \u200c"])
def test_joiners_alone_are_no_name(name: str) -> None:
    with pytest.raises(InvalidInput, match="missing"):
        product(name)
    with pytest.raises(InvalidInput, match="missing"):
        check_detected_name(name)


def test_a_code_has_nothing_that_cannot_be_seen() -> None:
    with pytest.raises(InvalidInput, match="SKU"):
        product("Milk", sku="A\u200dB")


def test_one_line_keeps_joiners_and_parts_words_at_controls() -> None:
    assert one_line(f" {PERSIAN}\n\x07{FAMILY} ") == f"{PERSIAN} {FAMILY}"
