"""How the pieces of each line came into the basket: followed from operation to operation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ExchangePiece,
    LineBefore,
    Operation,
    RemoveLine,
    SetQuantity,
    Source,
    TakeBack,
)


@dataclass(slots=True)
class _Pieces:
    """Pieces that one operation brought, or what is left of them."""

    source: Source | None
    count: int
    operation_id: UUID


@dataclass(frozen=True, slots=True)
class Done:
    """An operation that was carried out, the line that it made or changed, and how that was before."""

    operation: Operation
    item_id: UUID | None
    before: LineBefore | None


class LineSources:
    """Pieces that others brought are not known; what an undo puts back is what was taken out last."""

    def __init__(self, history: Iterable[Done] = ()) -> None:
        self._lines: defaultdict[UUID, list[_Pieces]] = defaultdict(list)
        self._taken: list[_Pieces] = []
        for done in history:
            self.note(done)

    def of(self, item_id: UUID, quantity: int) -> tuple[Source, ...]:
        """Return where the pieces of a line come from, in the order of Source; empty when nobody knows."""
        known, left = set(), quantity
        for pieces in self._lines.get(item_id, ()):
            if left > 0 and pieces.source is not None:
                known.add(pieces.source)
            left -= pieces.count
        return tuple(source for source in Source if source in known)

    def note(self, done: Done) -> None:
        """Take in one operation."""
        operation, item_id = done.operation, done.item_id
        if item_id is None:
            return
        if isinstance(operation, AddLine | AddNamed):
            self._put(item_id, operation.source, operation.quantity, operation.operation_id)
        elif isinstance(operation, ExchangePiece):
            self._put(item_id, operation.source, 1, operation.operation_id)
        elif isinstance(operation, SetQuantity):
            self._set(item_id, operation, done.before.quantity if done.before else operation.quantity)
        elif isinstance(operation, AssignProduct):
            self._lines[item_id] += (
                self._lines.pop(operation.item_id, []) if item_id != operation.item_id else []
            )
        elif isinstance(operation, RemoveLine):
            self._take(item_id, done.before.quantity if done.before else 0, None)
        else:
            count = operation.quantity if isinstance(operation, TakeBack) else 1
            self._take(item_id, count, operation.undoes)

    def _set(self, item_id: UUID, operation: SetQuantity, before: int) -> None:
        if operation.quantity > before:
            self._put(item_id, operation.source, operation.quantity - before, operation.operation_id)
        else:
            self._take(item_id, before - operation.quantity, None)

    def _put(self, item_id: UUID, source: Source | None, count: int, operation_id: UUID) -> None:
        if source is None and self._taken:
            self._lines[item_id] += self._taken
            self._taken = []
        else:
            self._lines[item_id].append(_Pieces(source, count, operation_id))

    def _take(self, item_id: UUID, count: int, undoes: UUID | None) -> None:
        """Take what is undone, else what came last."""
        self._taken = []
        pieces = self._lines[item_id]
        newest_first = pieces[::-1]
        for entry in sorted(newest_first, key=lambda one: one.operation_id != undoes):
            taken = min(count, entry.count)
            entry.count, count = entry.count - taken, count - taken
            if taken:
                self._taken.insert(0, _Pieces(entry.source, taken, entry.operation_id))
        self._lines[item_id] = [entry for entry in pieces if entry.count]
