"""All pieces in the picture, and how far the looks, the rest and the sessions have come. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.looks import Look, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import Page, Piece, PieceState, Spot

SAME_BOX = 0.75  # common part of two boxes over both, from which on they are one untouched thing
LONGEST_STEP_S = 0.6  # between two looks that counts as rest; a stalled machine saw nothing meanwhile
QUICKEST_S = 0.35  # no hand takes one thing and lays another in its place in less
SMALLEST_PART = 0.002  # of the picture, which goods fill at least; the finder finds nothing smaller


@dataclass(slots=True)
class Countertop:
    """`width`, `height`: of the picture in pixels. Times in seconds, as the looks give them.

    `still_s`: how long nothing has moved; `rest_s`: all rest there ever was.
    `just_gone`: what left since the last movement.
    `opened_at`: when the basket opened; what a picture of before shows was not put down for it.
    `knows_counter`: whether any look could tell what hides the empty counter.
    `has_loose_blob`: whether the newest picture that moved showed something new that no arm holds.
    """

    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    just_gone: list[Piece] = field(default_factory=list)
    now: float = 0.0
    look_at: float = 0.0
    looks: int = 0
    still_s: float = 0.0
    rest_s: float = 0.0
    moved_at: float = -1.0
    session: int = 0
    opened_at: float = 0.0
    is_open: bool = False
    page: Page = Page.SELLING
    has_rested: bool = False
    has_moved_since_start: bool = False
    knows_counter: bool = False
    has_loose_blob: bool = False
    is_rest: bool = False
    ids: int = 0

    @property
    def may_ask(self) -> bool:
        """Whether a basket is open and the screen is the one that sells."""
        return self.is_open and self.page is Page.SELLING

    def piece(self, piece_id: int) -> Piece | None:
        """Return the piece with this number, if it is still followed."""
        return next((piece for piece in self.pieces if piece.id == piece_id), None)

    def new_piece(self, key: UUID | str | None, place: Box) -> Piece:
        """Follow one more piece from now on."""
        self.ids += 1
        piece = Piece(self.ids, key, place, self.now, self.session if self.is_open else 0, self.page)
        piece.born_rest_s = self.rest_s
        piece.is_from_start = not self.has_moved_since_start or self.look_at < self.opened_at
        self.pieces.append(piece)
        return piece

    def drop(self, piece: Piece) -> None:
        """Follow it no longer."""
        self.pieces = [other for other in self.pieces if other is not piece]

    def see(self, piece: Piece, *, code: Box | None = None, body: Box | None = None) -> None:
        """It lies here in this look; seen at rest, it was put down and not only carried past."""
        piece.see(self.now, self.looks, code=code, body=body)
        piece.has_lain = piece.has_lain or self.is_rest

    def absorb(self, piece: Piece, thing: Piece) -> None:
        """The nameless thing is this piece."""
        piece.born, piece.born_rest_s = min(piece.born, thing.born), min(piece.born_rest_s, thing.born_rest_s)
        piece.has_lain = piece.has_lain or thing.has_lain
        piece.maybe = thing.maybe if thing.maybe is not piece else None
        self.drop(thing)

    def lying(self) -> list[Piece]:
        """Return the pieces that were not seen to leave."""
        return [piece for piece in self.pieces if piece.is_there]

    def advance(self, look: Look) -> None:
        """Let the time pass up to this look; a movement puts every place in doubt."""
        since = max(look.at - self.now, 0.0)
        self.look_at, self.now, self.is_rest = look.at, max(look.at, self.now), look.is_rest
        self.looks += 1
        if look.has_moved or not look.is_rest:
            self._move(look.at if look.moved_at is None else look.moved_at)
            if look.scene is Scene.BLIND or look.covered is None or since > QUICKEST_S:
                self._touch_all()
        if look.is_rest:
            self._rest(min(since, LONGEST_STEP_S))
        if look.scene is not Scene.BLIND:
            self.has_rested = self.has_rested or look.is_rest
            self.knows_counter = self.knows_counter or look.covered is not None

    def _move(self, at: float) -> None:
        self.has_moved_since_start = self.has_moved_since_start or self.has_rested
        self.moved_at, self.still_s, self.just_gone = at, 0.0, []
        for piece in self.pieces:
            piece.spot = Spot.DOUBT if piece.spot is Spot.SURE else piece.spot

    def _touch_all(self) -> None:
        """Nobody saw what a hand was at."""
        for piece in self.pieces:
            piece.touched_at = self.now

    def _rest(self, step: float) -> None:
        self.still_s, self.rest_s = self.still_s + step, self.rest_s + step
        for piece in self.pieces:
            piece.still_s += step
            piece.lay_s += step if piece.spot is Spot.SURE else 0.0

    @property
    def only_thing(self) -> Piece | None:
        """Return the thing without a name that lies there undecided, None when it is none or several."""
        things = [piece for piece in self.lying() if is_open_thing(piece)]
        return things[0] if len(things) == 1 else None

    def reaches_in(self, box: Box) -> bool:
        """Whether it touches the rim of the picture, as arms do."""
        return box.is_at_rim(self.width, self.height)

    def note_loose_blobs(self, look: Look) -> None:
        """Look for what lies free although nothing has come to rest; an arm reaches in from the rim."""
        blobs = () if look.is_rest else look.covered or ()
        self.has_loose_blob = any(self._is_loose(blob) for blob in blobs)

    def _is_loose(self, blob: Box) -> bool:
        if self.is_speck(blob) or self.reaches_in(blob):
            return False
        return not any(blob.holds(piece.code or piece.place) for piece in self.lying())

    def is_speck(self, blob: Box) -> bool:
        """Whether it is too small for goods: a shadow between the fingers of a hand."""
        return blob.area < SMALLEST_PART * self.width * self.height

    def lies_over(self, piece: Piece) -> bool:
        """Whether it hides a good part of a piece that was there before."""
        older = (other for other in self.lying() if other is not piece and other.born < piece.born)
        return any(other.place.common_area(piece.place) > 0.3 * other.place.area for other in older)

    def is_cover(self, piece: Piece) -> bool:
        """Whether a thing without a name is more likely a hand, a bag or a telephone than goods."""
        is_hand_or_bag = self.reaches_in(piece.place) or self.lies_over(piece)
        return piece.key is None and (piece.is_belonging or is_hand_or_bag)


def grown(box: Box, by: float) -> Box:
    """Return a box that is larger on every side by a part of its sides."""
    across, down = round(box.width * by), round(box.height * by)
    return Box(box.x - across, box.y - down, box.width + 2 * across, box.height + 2 * down)


def is_open_thing(piece: Piece) -> bool:
    """Whether it is a thing without a name that is not charged, left or sold."""
    return piece.key is None and piece.state in (PieceState.SEEN, PieceState.ASKED)


def is_like(piece: Piece, thing: Thing) -> bool:
    """Whether a thing may be this piece: of like size, and not surely another product."""
    if thing.key is not None and piece.product is not None and piece.product not in (thing.candidates or ()):
        return False
    if piece.body is None:
        return True
    small, large = sorted((piece.body.area, thing.box.area))
    return small >= 0.55 * large


def is_part(small: Box, large: Box) -> bool:
    """Whether one box lies nearly whole within the other."""
    return small.common_area(large) >= 0.8 * small.area


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of them; at least one is needed."""
    every = list(boxes)
    left, top = min(box.x for box in every), min(box.y for box in every)
    right, bottom = max(box.x + box.width for box in every), max(box.y + box.height for box in every)
    return Box(left, top, right - left, bottom - top)
