"""Which units an operation of a person brings into the basket, as far as that is known beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AssignProduct,
    ExchangePiece,
    Operation,
    RemoveLine,
    SetQuantity,
    TakeBack,
    TakePiece,
)
from visionscan_kiosk.domain.scan_session import ScanItem


class EnteredUnits(NamedTuple):
    """Units of a product that come into the basket."""

    product: UUID
    quantity: int


def entered_units(
    operation: Operation, find: Callable[[UUID], ScanItem | None], waiting: Iterable[Operation]
) -> EnteredUnits | None:
    """Return what it brings after those that wait; None when it is nothing or not known before the answer.

    `find` knows the lines of the basket. An exchange brings nothing: its unit is there as another product.
    """
    if isinstance(operation, AddLine):
        return EnteredUnits(operation.product_id, operation.quantity)
    item = find(operation.item_id) if isinstance(operation, SetQuantity | AssignProduct) else None
    if item is None:
        return None
    before = _quantity_after(item, waiting)
    if isinstance(operation, AssignProduct):
        is_new = operation.product_id != item.inventory_id
        return EnteredUnits(operation.product_id, before) if is_new and before > 0 else None
    more = operation.quantity - before if isinstance(operation, SetQuantity) else 0
    return EnteredUnits(item.inventory_id, more) if item.inventory_id is not None and more > 0 else None


def _quantity_after(item: ScanItem, operations: Iterable[Operation]) -> int:
    quantity = item.quantity
    for operation in operations:
        if isinstance(operation, SetQuantity) and operation.item_id == item.id:
            quantity = operation.quantity
        elif isinstance(operation, RemoveLine) and operation.item_id == item.id:
            quantity = 0
        else:
            quantity += _change(item, operation)
    return max(quantity, 0)


def _change(item: ScanItem, operation: Operation) -> int:
    if isinstance(operation, TakeBack):
        return -operation.quantity if operation.item_id == item.id else 0
    if isinstance(operation, AddLine):
        return operation.quantity if operation.product_id == item.inventory_id else 0
    if isinstance(operation, TakePiece):
        return -1 if operation.product_id == item.inventory_id else 0
    if isinstance(operation, ExchangePiece):
        return (operation.product_id == item.inventory_id) - (
            operation.before_product_id == item.inventory_id
        )
    return 0
