"""What a person's operation brings into the basket, as far as that is known before its answer."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ExchangePiece,
    Operation,
    RemoveLine,
    SetQuantity,
    TakeBack,
    TakePiece,
)
from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.gui.flow.entered_units import EnteredUnits, entered_units

MILK, RICE, SESSION, LINE = uuid4(), uuid4(), uuid4(), uuid4()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def item(product: UUID | None, quantity: int) -> ScanItem:
    return ScanItem(LINE, SESSION, product, "milk", 1.0, quantity, None, NOW, NOW, None, None, None)


def units(operation: Operation, *waiting: Operation, line: ScanItem | None = None) -> EnteredUnits | None:
    def find(item_id: UUID) -> ScanItem | None:
        return line if item_id == LINE else None

    return entered_units(operation, find, waiting)


def quantity(number: int) -> SetQuantity:
    return SetQuantity(uuid4(), SESSION, LINE, number)


def added(product: UUID, number: int = 1) -> AddLine:
    return AddLine(uuid4(), SESSION, product, number)


def test_a_line_brings_its_pieces() -> None:
    assert units(added(MILK, 3)) == (MILK, 3)


def test_a_raised_quantity_brings_the_difference_and_a_lowered_one_nothing() -> None:
    line = item(MILK, 2)
    assert units(quantity(5), line=line) == (MILK, 3)
    assert units(quantity(2), line=line) is None
    assert units(quantity(1), line=line) is None


def test_what_waits_before_it_counts() -> None:
    line = item(MILK, 1)
    assert units(quantity(4), quantity(3), line=line) == (MILK, 1)
    assert units(quantity(4), added(MILK, 2), added(RICE), line=line) == (MILK, 1)
    assert units(quantity(2), RemoveLine(uuid4(), SESSION, LINE), line=line) == (MILK, 2)
    assert units(quantity(2), TakePiece(uuid4(), SESSION, MILK), line=line) == (MILK, 2)
    assert units(quantity(2), TakeBack(uuid4(), SESSION, LINE, 1), line=line) == (MILK, 2)
    assert units(quantity(2), ExchangePiece(uuid4(), SESSION, MILK, RICE), line=line) == (MILK, 2)
    assert units(quantity(2), ExchangePiece(uuid4(), SESSION, RICE, MILK), line=line) is None


def test_a_name_for_a_line_brings_its_pieces_of_the_product() -> None:
    assert units(AssignProduct(uuid4(), SESSION, LINE, MILK), line=item(None, 2)) == (MILK, 2)
    assert units(AssignProduct(uuid4(), SESSION, LINE, MILK), line=item(MILK, 2)) is None


def test_what_is_not_known_before_the_answer_or_takes_away_brings_nothing() -> None:
    line = item(MILK, 2)
    assert units(AddNamed(uuid4(), SESSION, "milk"), line=line) is None
    assert units(RemoveLine(uuid4(), SESSION, LINE), line=line) is None
    assert units(ExchangePiece(uuid4(), SESSION, RICE, MILK), line=line) is None
    assert units(quantity(5)) is None
    assert units(quantity(5), line=item(None, 1)) is None
