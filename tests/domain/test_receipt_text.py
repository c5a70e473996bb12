"""The receipt as text: columns, wrapping, payment, local time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine, Tender, card, cash
from visionscan_kiosk.domain.receipt_text import receipt_text, text_width

NIL = UUID(int=0)
NOON = datetime(2026, 11, 22, 13, 32, tzinfo=UTC)


def sold(name: str, quantity: int, price: str) -> ReceiptLine:
    unit = Decimal(price)
    return ReceiptLine(NIL, "SKU", name, quantity, unit, unit * quantity)


def receipt(*lines: ReceiptLine, tenders: tuple[Tender, ...] = ()) -> Receipt:
    total = sum((line.line_total for line in lines), Decimal("0.00"))
    return Receipt(NIL, 1042, "Till 1", lines, total, tenders, NOON)


def text_of(sale: Receipt, **changes: object) -> str:
    return receipt_text(sale, "Corner Greens", "€", **{"zone": UTC, **changes})  # type: ignore[arg-type]


def test_a_cash_sale_reads_from_shop_to_change() -> None:
    sale = receipt(
        sold("Spaghetti 500 g", 2, "1.49"),
        sold("Oat milk 1 l", 1, "2.19"),
        tenders=(cash(Decimal("5.17"), Decimal("20.00")),),
    )
    assert text_of(sale) == (
        "              Corner Greens\n"
        "          Receipt 1042 · Till 1\n"
        "            22 Nov 2026 13:32\n"
        "\n"
        "------------------------------------------\n"
        "2 × Spaghetti 500 g                   2.98\n"
        "    1.49 each\n"
        "1 × Oat milk 1 l                      2.19\n"
        "------------------------------------------\n"
        "Total                                €5.17\n"
        "Cash                                  5.17\n"
        "Given                                20.00\n"
        "Change                               14.83\n"
    )


def test_a_card_sale_has_neither_given_nor_change() -> None:
    text = text_of(receipt(sold("Roll", 1, "0.65"), tenders=(card(Decimal("0.65")),)))
    assert text.splitlines()[-1].split() == ["Card", "0.65"]
    assert "Change" not in text


def test_a_sale_paid_elsewhere_ends_with_its_total() -> None:
    assert text_of(receipt(sold("Roll", 1, "0.65"))).splitlines()[-1].split() == ["Total", "€0.65"]


def test_the_time_is_the_time_of_the_shop() -> None:
    berlin = timezone(timedelta(hours=1))
    assert "22 Nov 2026 14:32" in text_of(receipt(sold("Roll", 1, "0.65")), zone=berlin)


def test_a_long_name_wraps_under_itself_and_keeps_its_end() -> None:
    name = "Organic unsalted butter from hay milk, alpine pasture, 250 g"
    rows = text_of(receipt(sold(name, 1, "2.89"))).splitlines()[5:7]
    assert rows == ["1 × Organic unsalted butter from hay", "    milk, alpine pasture, 250 g       2.89"]


def test_wide_characters_take_two_columns() -> None:
    row = text_of(receipt(sold("抹茶アイスクリーム", 1, "4.20"))).splitlines()[5]
    assert row.endswith("  4.20")
    assert text_width(row) == 42


def test_combining_marks_take_no_column() -> None:
    assert text_width("Cre\u0301me") == text_width("Créme") == 5


def test_a_receipt_narrower_than_24_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="24 columns"):
        text_of(receipt(sold("Roll", 1, "0.65")), width=23)


names = st.text(st.characters(categories=("L", "M", "N", "P", "Zs")), min_size=1, max_size=60).filter(
    lambda text: text.strip() and text.isprintable()
)
prices = st.decimals(Decimal("0.00"), Decimal("9999999.99"), places=2)
lines = st.builds(
    lambda name, quantity, price: sold(name, quantity, str(price)), names, st.integers(1, 10**9), prices
)


@given(st.lists(lines, min_size=1, max_size=4), names, st.integers(24, 80), st.sampled_from("€$£"))
def test_no_line_is_wider_than_the_paper_and_no_name_is_cut(
    sales: list[ReceiptLine], shop_name: str, width: int, sign: str
) -> None:
    text = receipt_text(receipt(*sales), shop_name, sign, width, zone=UTC)
    assert max(text_width(row) for row in text.splitlines()) <= width
    squeezed = "".join(text.split())
    for line in sales:
        assert _appears_in_order("".join(line.name.split()), squeezed)


def _appears_in_order(needle: str, hay: str) -> bool:
    characters = iter(hay)
    return all(character in characters for character in needle)
