"""What is kept of an operation tells the whole operation again."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ChoosePrice,
    ExchangePiece,
    Operation,
    RemoveLine,
    SetQuantity,
    Source,
    TakeBack,
    TakePiece,
    content_of,
    is_operation,
    kind_of,
    operation_of,
)

OPERATION, SESSION, ITEM, FIRST, SECOND, BEFORE = (uuid4() for _ in range(6))


@pytest.mark.parametrize(
    "operation",
    [
        AddLine(OPERATION, SESSION, FIRST, 2, "milk", 0.5, Source.SCANNED),
        AddLine(OPERATION, SESSION, FIRST, 1, None, 1.0),
        AddNamed(OPERATION, SESSION, "milk", 0.5, 2),
        AssignProduct(OPERATION, SESSION, ITEM, FIRST),
        ChoosePrice(OPERATION, SESSION, ITEM, Decimal("2.790"), BEFORE),
        ExchangePiece(OPERATION, SESSION, FIRST, SECOND, "milk", 0.5),
        RemoveLine(OPERATION, SESSION, ITEM),
        SetQuantity(OPERATION, SESSION, ITEM, 12),
        TakeBack(OPERATION, SESSION, ITEM, 1, BEFORE),
        TakePiece(OPERATION, SESSION, FIRST, BEFORE),
    ],
    ids=kind_of,
)
def test_an_operation_is_told_again_by_its_kind_and_content(operation: Operation) -> None:
    kept = operation_of(kind_of(operation), content_of(operation), OPERATION)

    assert kept == operation
    assert is_operation(kind_of(operation))


def test_going_on_with_a_basket_is_kept_and_is_no_operation() -> None:
    assert not is_operation("GoOn")
