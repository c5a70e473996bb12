"""One physical piece on the counter: where it lies, what it is, and what it is to the basket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.looks import ReadCode

NEAR = 0.75  # of a code's longer side: as far as it may be from where it was without being elsewhere
UNMOVED = 0.1  # the same for a piece that lies there as it was read before
EXACT = 0.2  # the same for a piece that nobody touched; noise and trembling are less


class PieceState(StrEnum):
    """What a piece is to the basket; exactly one at a time."""

    SEEN = "seen"
    ASKED = "asked"
    ADDING = "adding"
    IN_BASKET = "in basket"
    LEFT = "left"
    SOLD = "sold"


CHARGED = (PieceState.ADDING, PieceState.IN_BASKET)
OPEN = (PieceState.SEEN, PieceState.ASKED)


class Spot(StrEnum):
    """How well its place is known. SURE: seen since the last movement; BARE: its place shows counter."""

    SURE = "sure"
    DOUBT = "doubt"
    BARE = "bare"


class Why(StrEnum):
    """What is asked about a piece.

    ANOTHER: is it the piece that is charged, or one more? SWAPPED: the same, where that is another product.
    """

    WHICH = "which"
    UNKNOWN = "unknown"
    NO_PRODUCT = "no product"
    REFUSED = "refused"
    STILL_HERE = "still here"
    MEANWHILE = "meanwhile"
    ANOTHER = "another"
    SWAPPED = "swapped"
    MISSING = "missing"


class Page(StrEnum):
    """SELLING charges; WAITS (payment, receipt, lists) charges later; OTHER uses what it sees for itself."""

    SELLING = "selling"
    WAITS = "waits"
    OTHER = "other"


class OutlineKind(StrEnum):
    """How the outline of a piece looks. Only CHARGED says that it is a line of the open basket."""

    CHARGED = "charged"
    ASKED = "asked"
    LEFT = "left"
    SOLD = "sold"


class Outline(NamedTuple):
    """What to draw around a piece."""

    box: Box
    kind: OutlineKind
    piece: int


@dataclass(slots=True, eq=False)
class Piece:
    """One physical piece; two are equal only when they are the same object.

    `key`: its product, or the text of a code that no product has; None while nobody knows.
    `code`, `body`: where its code and the whole of it were seen last; `place`: the better of both.
    `maybe`: the known piece that this one may be; `had_rival`: another one might be it as well.
    `session`: whose it is. `was_asked`: not again. `was_charged`: its line was taken out.
    `is_left_for_good`: a person said so of what lay there before them.
    `born_rest_s`: seconds of rest before it was born; `still_s`: of rest since it was seen last; `lay_s`: of
    rest in which it lay there. `has_lain`: it was seen at rest, so it was put down and not only carried past.
    `bare_at`: when its place was first seen bare. `is_replaced`: another piece lay at its place since.
    `is_belonging`: it is plainly somebody's telephone or bag, and nothing says that it is goods.
    `is_touched`: something was at it, and what it is known by was not seen since; `touched_at`: when last.
    `is_said`: a person said what it is. `hint`: the product that a person entered just before, if it is asked
    whether this is that unit.
    `keeps_line`: it is asked which product it is, and is charged as `product` until that is known.
    """

    id: int
    key: UUID | str | None
    place: Box
    born: float
    session: int
    page: Page
    state: PieceState = PieceState.SEEN
    spot: Spot = Spot.SURE
    product: UUID | None = None
    candidates: tuple[UUID, ...] = ()
    code: Box | None = None
    text: str = ""
    body: Box | None = None
    maybe: Piece | None = None
    why: Why | None = None
    reads: int = 0
    seen_at: float = 0.0
    read_at: float = -1.0
    charged_at: float = 0.0
    look: int = 0
    still_s: float = 0.0
    lay_s: float = 0.0
    has_lain: bool = False
    bare_at: float | None = None
    may_add: bool = True
    is_from_start: bool = False
    is_unseen_by_finder: bool = False
    is_moved: bool = False
    is_touched: bool = False
    touched_at: float = -1.0
    is_there: bool = True
    is_replaced: bool = False
    is_found: bool = False
    is_left_for_good: bool = False
    born_rest_s: float = 0.0
    is_belonging: bool = False
    had_rival: bool = False
    was_asked: bool = False
    was_charged: bool = False
    was_looked_at: bool = False
    is_said: bool = False
    hint: UUID | None = None
    keeps_line: bool = False

    @property
    def has_line(self) -> bool:
        """Whether the basket holds a line of it, as its product."""
        return _has_line(self.state, keeps_line=self.keeps_line)

    @property
    def usual_gap(self) -> float:
        """Seconds of rest between two reads of it, as a rule."""
        return self.lay_s / max(self.reads, 1)

    def see(self, now: float, look: int, *, code: Box | None = None, body: Box | None = None) -> None:
        """It lies here now: `now` in seconds, `look` the number of the look."""
        was, is_now = (self.code, code) if code is not None else (self.body, body)
        if was is not None and is_now is not None and _is_elsewhere(was, is_now):
            self.is_moved = self.is_moved or (self.has_lain and self.spot is not Spot.SURE)
            self.body = None
        self.code, self.body = code or self.code, body or self.body
        if code is not None:
            self.read_at, self.is_touched = now, False
            self.body = self.body if self.body and self.body.holds(code) else None
        self.place = self.body or self.code or self.place
        self.spot, self.seen_at, self.look, self.bare_at, self.still_s = Spot.SURE, now, look, None, 0.0
        self.is_there, self.is_replaced = True, False

    def is_kind_of(self, other: Piece | ReadCode) -> bool:
        """Whether both are one product, or one code was read on both.

        A person may have said that it is another product than its code says.
        """
        return self.key == other.key or (bool(self.text) and self.text == other.text)

    def is_near(self, code: ReadCode) -> bool:
        """Whether a code lies where this piece lay, and nothing else has lain there since."""
        if self.is_replaced:
            return False
        if self.body is not None:
            return self.body.holds(code.box)
        return self.code is not None and self.code.apart(code.box) <= NEAR * _longer_side(self.code)

    def lies_as_before(self, code: ReadCode) -> bool:
        """Whether a code lies exactly where it was read on this piece."""
        return self.code is not None and self.code.apart(code.box) <= UNMOVED * _longer_side(self.code)

    def is_nudged(self, other: Piece) -> bool:
        """Whether it is the other one, pushed: their boxes overlap as two things cannot."""
        if self.body is None or other.body is None or other.spot is not Spot.DOUBT or other.is_replaced:
            return False
        small, large = sorted((self.body.area, other.body.area))
        return small >= 0.8 * large and self.body.overlap(other.body) > 0.15


class Remembered(NamedTuple):
    """A piece as it is kept with the open basket: numbers, strings and ids, no picture, no absolute time.

    `age_s`: seconds since it was seen last; `charged_age_s`: since it was charged, 0 where that was not kept.
    `maybe`: the index of the piece that it may be.
    """

    key: UUID | str | None
    product: UUID | None
    candidates: tuple[UUID, ...]
    state: PieceState
    why: Why | None
    place: Box
    code: Box | None
    body: Box | None
    text: str
    age_s: float
    is_theirs: bool = True
    was_asked: bool = False
    was_charged: bool = False
    was_looked_at: bool = False
    may_add: bool = True
    is_there: bool = True
    is_from_start: bool = False
    is_left_for_good: bool = False
    is_replaced: bool = False
    keeps_line: bool = False
    charged_age_s: float = 0.0
    maybe: int | None = None

    @property
    def has_line(self) -> bool:
        """Whether the basket held a line of it, as its product."""
        return _has_line(self.state, keeps_line=self.keeps_line)


class Memory(NamedTuple):
    """What outlives a restart, so that it is a long blink. `bagged`: charged units that are out of sight.

    `is_whole`: nothing was left out of it, so what is not in it did not lie there.
    """

    pieces: tuple[Remembered, ...] = ()
    bagged: Mapping[UUID, int] = {}
    is_whole: bool = True


def _has_line(state: PieceState, *, keeps_line: bool) -> bool:
    return state is PieceState.IN_BASKET or (state is PieceState.ASKED and keeps_line)


def _is_elsewhere(was: Box, is_now: Box) -> bool:
    return was.apart(is_now) > EXACT * _longer_side(was)


def _longer_side(box: Box) -> int:
    return max(box.width, box.height)
