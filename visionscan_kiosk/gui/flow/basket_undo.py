"""What takes a change back: operations of their own, which name what they undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from visionscan_kiosk.domain.basket_operations import (
    Adding,
    AddLine,
    AddNamed,
    ChoosePrice,
    ExchangePiece,
    LineBefore,
    Operation,
    OperationResult,
    RemoveLine,
    SetQuantity,
    TakeBack,
    TakePiece,
)
from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.flow.basket_changes import Change


@dataclass(frozen=True, slots=True)
class Undo:
    """An offer: what it says, the changes that it makes, and who is told at once."""

    text: str
    changes: tuple[Change, ...]
    undone: tuple[Callable[[], None], ...] = ()
    batch: object = None


def undo_of(change: Change, result: OperationResult, offered: Undo | None) -> Undo | None:
    """Return what takes this change back, with what is `offered` of its batch; None when nothing does."""
    operation = change.operation
    if change.is_undo:
        return None
    if isinstance(operation, AddLine | AddNamed | ExchangePiece):
        return _of_addition(change, operation, result, offered)
    if isinstance(operation, RemoveLine | TakePiece) and result.before is not None:
        return _of_removal(operation, result.before)
    if isinstance(operation, SetQuantity) and result.before is not None:
        return _of_quantity(operation, result.before)
    return _of_price(operation, result) if isinstance(operation, ChoosePrice) else None


def _of_price(operation: ChoosePrice, result: OperationResult) -> Undo | None:
    item, before = result.item, result.before
    if item is None or before is None or before.unit_price is None:
        return None
    back = ChoosePrice(
        uuid4(), operation.session_id, operation.item_id, before.unit_price, operation.operation_id
    )
    return Undo(money_wording.price_taken(item), (Change(back, is_undo=True),))


def _of_addition(
    change: Change, operation: Adding, result: OperationResult, offered: Undo | None
) -> Undo | None:
    if result.item is None:
        return None
    name = result.item.display_name
    back = Change(_taking_back(operation, result, result.item), is_undo=True, remark=wording.taken_out(name))
    undone = (change.undone,) if change.undone is not None else ()
    if offered is None or change.batch is None or offered.batch is not change.batch:
        said = wording.changed_to(name) if result.before is not None else wording.added(name)
        return Undo(said, (back,), undone, change.batch)
    changes = (*offered.changes, back)
    return Undo(wording.several_added(len(changes)), changes, (*offered.undone, *undone), change.batch)


def _taking_back(operation: Adding, result: OperationResult, item: ScanItem) -> Operation:
    before, session_id, undoes = result.before, operation.session_id, operation.operation_id
    if isinstance(operation, ExchangePiece):
        if before is None or before.product_id is None:
            return TakeBack(uuid4(), session_id, item.id, 1, undoes)
        return ExchangePiece(
            uuid4(),
            session_id,
            operation.product_id,
            before.product_id,
            before.detected_name,
            before.confidence,
            undoes,
        )
    return TakeBack(uuid4(), session_id, item.id, operation.quantity, undoes)


def _of_removal(operation: RemoveLine | TakePiece, before: LineBefore) -> Undo:
    quantity = 1 if isinstance(operation, TakePiece) else before.quantity
    back = _putting_back(operation, before, quantity)
    return Undo(wording.taken_out(before.name), (Change(back, is_undo=True),))


def _of_quantity(operation: SetQuantity, before: LineBefore) -> Undo | None:
    """What came is taken back, what went is put back: pieces that others add meanwhile stay."""
    more = operation.quantity - before.quantity
    if more == 0:
        return None
    remark = wording.pieces_of(before.quantity, before.name)
    if more > 0:
        back: Operation = TakeBack(uuid4(), operation.session_id, operation.item_id, more)
    else:
        back = _putting_back(operation, before, -more)
    said = wording.pieces_of(operation.quantity, before.name)
    return Undo(said, (Change(back, is_undo=True, remark=remark),))


def _putting_back(
    operation: RemoveLine | TakePiece | SetQuantity, before: LineBefore, quantity: int
) -> Operation:
    name, confidence = before.detected_name, before.confidence
    if before.product_id is None:
        return AddNamed(uuid4(), operation.session_id, name, confidence, quantity)
    return AddLine(uuid4(), operation.session_id, before.product_id, quantity, name, confidence)
