"""What the open basket holds, which of it lies in view, and which operations wait for their answer."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.recognition.piece import Piece, PieceState

HAND_S = 6.0  # from a unit that a person entered to the same product put down: it is that unit, unasked


class Operation(NamedTuple):
    """What was sent to the basket. `before`: the product that is exchanged, None for one more unit."""

    piece: Piece
    product: UUID
    before: UUID | None
    session: int


class Entry(NamedTuple):
    """When a person entered a unit of a product. `is_clear`: it is for a piece that is still to come."""

    at: float
    is_clear: bool


class Books:
    """Counts units a product. `new_id` makes the id of an operation before its first attempt."""

    def __init__(self, new_id: Callable[[], UUID]) -> None:
        self._new_id = new_id
        self._operations: dict[UUID, Operation] = {}
        self.lines: Tally[UUID] = Tally()
        self.bagged: Tally[UUID] = Tally()
        self._entries: dict[UUID, Entry] = {}
        self.just_sold: frozenset[UUID] = frozenset()

    def open(self, basket: Mapping[UUID, int], bagged: Mapping[UUID, int]) -> None:
        """Begin with what the basket holds and what of it is out of sight."""
        self.lines, self.bagged = Tally(basket), Tally(bagged)

    def close(self, *, sold: bool) -> None:
        """The basket is gone; what was sold may be packed again before the next one."""
        self.just_sold = frozenset(self.lines) if sold else frozenset()
        self.lines, self.bagged, self._entries = Tally(), Tally(), {}

    def enter(self, product: UUID, at: float, *, is_clear: bool) -> None:
        """A person entered a unit of it."""
        self._entries[product] = Entry(at, is_clear)

    def is_entered(self, product: UUID, born: float) -> bool:
        """Whether a unit was entered just before a piece of it was put down at this time."""
        entry = self._entries.get(product)
        return entry is not None and entry.at <= born < entry.at + HAND_S

    def is_unclear(self, product: UUID, born: float) -> bool:
        """Whether that unit may have been meant for another piece."""
        return self.is_entered(product, born) and not self._entries[product].is_clear

    def send(self, piece: Piece, product: UUID, before: UUID | None = None) -> UUID:
        """Note an operation of this piece's session that is about to be sent; return its id."""
        operation_id = self._new_id()
        self._operations[operation_id] = Operation(piece, product, before, piece.session)
        return operation_id

    def answered(self, operation_id: UUID) -> Operation | None:
        """Return what was sent under this id and forget it; None when nobody knows of it any more."""
        return self._operations.pop(operation_id, None)

    def is_waiting(self, piece: Piece) -> bool:
        """Whether an operation of this piece has no answer yet."""
        return any(operation.piece is piece for operation in self._operations.values())

    def unplaced(self, product: UUID, pieces: Iterable[Piece]) -> int:
        """Return the units that no piece backs; below 0: more pieces are charged than the basket holds."""
        seen = sum(piece.state is PieceState.IN_BASKET and piece.product == product for piece in pieces)
        return self.lines[product] - seen - self.bagged[product]
