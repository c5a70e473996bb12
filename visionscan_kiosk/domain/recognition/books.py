"""What the open basket holds, which of it lies in view, and which operations wait for their answer."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.recognition.piece import Piece

HAND_S = 6.0  # from a unit that a person entered to the same product put down: it is that unit, unasked

NAMED_S = 2.0  # between what a person said of a thing that moves and its first sighting at rest

LATE_S = 1.0  # from a picture that shows a piece to its report: it may come after the unit was entered


class Operation(NamedTuple):
    """What was sent to the basket. `before`: the product that is exchanged, None for one more unit."""

    piece: Piece
    product: UUID
    before: UUID | None
    session: int


class Entering(NamedTuple):
    """Units of a product that a person entered at this time, in seconds, under the id of an operation."""

    operation_id: UUID
    product: UUID
    quantity: int
    at: float


class Expected(NamedTuple):
    """Such units while they are on their way into the basket; `pieces`: which they turned out to be."""

    product: UUID
    quantity: int
    pieces: list[Piece]


class Entry(NamedTuple):
    """When a person entered a unit of a product. `is_clear`: it is for a piece that is still to come."""

    at: float
    is_clear: bool


class Books:
    """Counts units a product. `new_id` makes the id of an operation before its first attempt.

    `sought`: codes that a person entered and whose product is not known yet.
    `hidden`: units of pieces that a person was asked about and that were only seen on their way: they may lie
    under or on others.
    `taken_out`: units that a person took out last and that are out of sight, for they may be put back.
    """

    def __init__(self, new_id: Callable[[], UUID]) -> None:
        self._new_id = new_id
        self._operations: dict[UUID, Operation] = {}
        self.lines: Tally[UUID] = Tally()
        self.bagged: Tally[UUID] = Tally()
        self.taken_out: Tally[UUID] = Tally()
        self.hidden: Tally[UUID] = Tally()
        self._entries: dict[UUID, Entry] = {}
        self._announced: dict[UUID, float] = {}
        self._on_their_way: dict[UUID, Expected] = {}
        self.just_sold: frozenset[UUID] = frozenset()
        self.sought: Tally[str] = Tally()

    def open(self, basket: Mapping[UUID, int], bagged: Mapping[UUID, int]) -> None:
        """Begin with what the basket holds and what of it is out of sight."""
        self.lines, self.bagged = +Tally(basket), +Tally(bagged)

    def close(self, *, sold: bool) -> None:
        """The basket is gone; what was sold may be packed again before the next one."""
        self.just_sold = frozenset(self.lines) if sold else frozenset()
        self.lines, self.bagged, self.taken_out, self.hidden = Tally(), Tally(), Tally(), Tally()
        self._entries, self._announced, self._on_their_way = {}, {}, {}

    def change(self, product: UUID, by: int) -> None:
        """The basket holds more or less of it; what it no longer held, nobody can take out."""
        self.lines[product] = max(self.lines[product] + by, 0)

    def bag(self, product: UUID, by: int = 1) -> None:
        """More or fewer of its units are out of sight."""
        self.bagged[product] = max(self.bagged[product] + by, 0)

    def take_hidden(self, product: UUID) -> bool:
        """Whether a unit of it may lie hidden; it is asked about once."""
        is_there = self.hidden[product] > 0
        self.hidden[product] -= is_there
        return is_there

    def exchange(self, before: UUID, product: UUID) -> None:
        """One unit of the basket is another product."""
        self.change(before, -1)
        self.change(product, 1)

    def expect(self, entering: Entering) -> None:
        """A person entered units, which the basket does not hold yet."""
        self._on_their_way[entering.operation_id] = Expected(entering.product, entering.quantity, [])

    def arrived(self, operation_id: UUID) -> Expected | None:
        """Return what a person entered under this id and expect it no longer."""
        return self._on_their_way.pop(operation_id, None)

    def reserve(self, piece: Piece, product: UUID) -> bool:
        """Let it be a unit that is on its way; False when each of them is another piece already."""
        free = (one for one in self._expected(product) if len(one.pieces) < one.quantity)
        expected = next(free, None)
        if expected is not None:
            expected.pieces.append(piece)
        return expected is not None

    def _expected(self, product: UUID) -> list[Expected]:
        return [one for one in self._on_their_way.values() if one.product == product]

    def enter(self, product: UUID, at: float, *, is_clear: bool) -> None:
        """A person entered a unit of it that belongs to no piece in view."""
        self._entries[product] = Entry(at, is_clear)

    def is_entered(self, product: UUID, born: float) -> bool:
        """Whether a unit was entered just before a piece of it was put down at this time."""
        entry = self._entries.get(product)
        return entry is not None and entry.at - LATE_S <= born < entry.at + HAND_S

    def entered_before(self, born: float) -> list[UUID]:
        """Return the products of which a unit was entered just before a thing was put down at this time."""
        return [product for product in self._entries if self.is_entered(product, born)]

    def announce(self, product: UUID, at: float) -> None:
        """A person said that it is what lies there, or is just being put down."""
        self._announced[product] = at

    def take_name(self, product: UUID, born: float) -> bool:
        """Whether that was said of a thing put down at this time; it is said of one."""
        at = self._announced.get(product)
        is_meant = at is not None and abs(born - at) <= NAMED_S
        if is_meant:
            del self._announced[product]
        return is_meant

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
        """Return the units that no piece backs, those on their way as well."""
        on_their_way = sum(one.quantity - len(one.pieces) for one in self._expected(product))
        return self.held_unplaced(product, pieces) + max(on_their_way, 0)

    def held_unplaced(self, product: UUID, pieces: Iterable[Piece]) -> int:
        """The same of those that the basket holds; below 0: it holds less than is charged."""
        seen = sum(piece.has_line and piece.product == product for piece in pieces)
        return self.lines[product] - seen - self.bagged[product]
