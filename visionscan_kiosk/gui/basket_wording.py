"""Sentences for changes that came too late for their basket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ChoosePrice,
    ExchangePiece,
    Operation,
    SetQuantity,
    TakePiece,
)
from visionscan_kiosk.gui import money_wording, wording

SOLD_ELSEWHERE = "This basket was sold elsewhere. A new one is open."
_CLOSED_BEFORE = "The basket was closed before all of it was in."
_MOST_NAMED = 5
_SOMETHING = "something"


def basket_left(
    operations: Sequence[Operation],
    names: Mapping[UUID, str],
    *,
    is_sold: bool | None,
    is_held: bool = False,
) -> str:
    """Say how a basket was left, and everything that came too late for it.

    `is_sold` is None when this till closed the basket itself. `names` are of products and of lines.
    """
    closed = {True: SOLD_ELSEWHERE, False: wording.CLOSED_ELSEWHERE, None: _CLOSED_BEFORE}[is_sold]
    closed = money_wording.HELD_NOW if is_held else closed
    if not operations:
        return closed
    said = [_described(operation, names) for operation in operations]
    more = len(said) - _MOST_NAMED
    listed = ", ".join(said[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{closed} Too late, and not done: {listed}."


def _described(operation: Operation, names: Mapping[UUID, str]) -> str:
    if isinstance(operation, AddLine | AddNamed | ExchangePiece):
        return _added(operation, names)
    if isinstance(operation, TakePiece):
        return f"take out {names.get(operation.product_id, _SOMETHING)}"
    name = names.get(operation.item_id, _SOMETHING)
    if isinstance(operation, SetQuantity):
        return f"{operation.quantity} x {name}"
    if isinstance(operation, ChoosePrice):
        return f"price of {name}"
    return f"name {name}" if isinstance(operation, AssignProduct) else f"take out {name}"


def _added(operation: AddLine | AddNamed | ExchangePiece, names: Mapping[UUID, str]) -> str:
    if isinstance(operation, AddNamed):
        return operation.detected_name
    name = names.get(operation.product_id, operation.detected_name or _SOMETHING)
    pieces = operation.quantity if isinstance(operation, AddLine) else 1
    return f"{pieces} x {name}" if pieces > 1 else name
