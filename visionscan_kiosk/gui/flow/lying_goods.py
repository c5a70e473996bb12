"""What lies on the counter from look to look: what is new there, what was settled, what was taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.detection import Box, DetectedCandidate, DetectionSource
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.services.sight import SeenThing

_SAME_PLACE = 0.5
"""Common part of two boxes over what both cover, from which on they are one place."""
_NEAR, _LIKE_SIZE = 0.1, 0.6
"""The same of a thing that was only nudged, and how much of the larger one the smaller then is."""
_HIDDEN = 0.6
"""Part of a piece that lies under something else, from which on it cannot be seen."""


class PieceState(StrEnum):
    """What is to be done about a piece: add it with a tap, choose what it is, or nothing."""

    SURE = "sure"
    ASK = "ask"
    UNKNOWN = "unknown"
    SETTLED = "settled"


@dataclass(slots=True, eq=False)
class Piece:
    """One thing on the counter. `product_id`: what it was counted as; None while it was not.

    `is_doubted`: a person said that the till is wrong about it, so it is never sure of it again.
    `is_over`: it came over pieces that lie there: a hand on them, or goods that were pushed together.
    """

    thing: SeenThing
    box: Box
    state: PieceState
    product_id: UUID | None = None
    is_there: bool = True
    is_doubted: bool = False
    is_over: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a person still has to say something about it."""
        return self.state in (PieceState.SURE, PieceState.ASK)

    @property
    def was_several(self) -> bool:
        """Whether it may have been several things; once they are apart, each is asked for by itself."""
        return self.is_over or self.thing.product.is_touching

    @property
    def names(self) -> set[UUID]:
        """The products that it may be."""
        counted = {self.product_id} if self.product_id else set()
        return counted | {candidate.product_id for candidate in self.thing.product.candidates}

    @property
    def looks_like(self) -> UUID | None:
        """The product that it was counted as, else the one it looks like most."""
        candidates = self.thing.product.candidates
        return self.product_id or (candidates[0].product_id if candidates else None)


class LyingGoods:
    """Follows pieces by their place, and by what they look like when they were only moved.

    What stays is not new and keeps its place, so that no question moves under a finger. What was taken away
    is forgotten, unless a person still has to say what it was.
    """

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def observe(self, things: Iterable[SeenThing]) -> list[Piece]:
        """Take what one look saw; return the pieces that are new there."""
        unseen, new = list(self.pieces), []
        kept: list[Piece] = []
        for thing, box in [(thing, thing.product.box) for thing in things]:
            if box is None:
                continue
            piece = _same_piece(thing, box, unseen)
            if piece is None:
                new.append(Piece(thing, box, _state_of(thing)))
                continue
            unseen.remove(piece)
            _follow(piece, thing, box)
            kept.append(piece)
        moved = [(piece, _moved_to(piece, new)) for piece in unseen]
        for piece, found in moved:
            if found is not None:
                new.remove(found)
                _follow(piece, found.thing, found.box)
                kept.append(piece)
        unmoved = [piece for piece, found in moved if found is None]
        hidden = [piece for piece in unmoved if _is_hidden(piece, [*kept, *new])]
        gone = [piece for piece in unmoved if piece not in hidden and piece.is_open and not piece.was_several]
        for piece in gone:
            piece.is_there = False
        staying = [*gone, *kept, *hidden]
        self.pieces = [*(piece for piece in self.pieces if piece in staying), *new]
        return new

    def at(self, box: Box) -> Piece | None:
        """Return the piece on which the middle of a box lies, the smallest first."""
        found = [piece for piece in self.pieces if piece.is_there and piece.box.holds(box)]
        return min(found, key=lambda piece: piece.box.area, default=None)

    def reopen(self, piece: Piece, state: PieceState) -> None:
        """What was said of a piece was taken back; it is decided about anew while it lies there."""
        piece.product_id = None
        if piece.is_there and piece in self.pieces:
            piece.state = state

    def settle_all(self) -> None:
        """Nobody has to say anything any more; what still lies there is not asked for again."""
        for piece in self.pieces:
            piece.state = PieceState.SETTLED
        self.pieces = [piece for piece in self.pieces if piece.is_there]


def in_place(
    before: Sequence[DetectedCandidate], after: Sequence[DetectedCandidate]
) -> tuple[DetectedCandidate, ...]:
    """Return `after` with everything that was there `before` in its old place."""
    staying = {candidate.product_id: candidate for candidate in after}
    old = [candidate.product_id for candidate in before]
    coming = [candidate for candidate in after if candidate.product_id not in old]
    places = [staying.get(key) or (coming.pop(0) if coming else None) for key in old]
    return (*filter(None, places), *coming)


def _state_of(thing: SeenThing) -> PieceState:
    if thing.product.decision is Decision.UNMATCHED:
        return PieceState.UNKNOWN
    is_sure = thing.product.decision is Decision.MATCHED and not thing.product.is_touching
    return PieceState.SURE if is_sure else PieceState.ASK


def _same_piece(thing: SeenThing, box: Box, pieces: Iterable[Piece]) -> Piece | None:
    """Return the piece that lay here; another product put in its place is another piece."""
    here = [piece for piece in pieces if piece.is_there and piece.box.overlap(box) >= _SAME_PLACE]
    best = max(here, key=lambda piece: piece.box.overlap(box), default=None)
    return None if best is None or _is_exchanged(best, thing) else best


def _is_exchanged(piece: Piece, thing: SeenThing) -> bool:
    names = {candidate.product_id for candidate in thing.product.candidates}
    is_sure = thing.product.decision is Decision.MATCHED
    return is_sure and piece.looks_like is not None and piece.looks_like not in names


def _moved_to(piece: Piece, new: Sequence[Piece]) -> Piece | None:
    """Return what this piece has become: what looks like it anywhere, or what may be it close by."""
    single = [other for other in new if not other.was_several]
    alike = (other for other in single if other.looks_like == piece.looks_like is not None)
    nudged = (other for other in single if _is_nudged(piece, other))
    return next(iter((*alike, *nudged)), None)


def _is_nudged(piece: Piece, other: Piece) -> bool:
    areas = sorted((piece.box.area, other.box.area))
    is_near = piece.box.overlap(other.box) >= _NEAR and areas[0] >= _LIKE_SIZE * areas[1]
    may_be_it = bool(piece.names & other.names) or not (piece.names or other.names)
    return piece.is_there and is_near and may_be_it


def _is_hidden(piece: Piece, others: Iterable[Piece]) -> bool:
    """Whether something lies over a piece that nobody is sure of; that is noted on what lies over it."""
    over = [other for other in others if piece.is_there and _hides(other, piece)]
    for other in over:
        other.is_over = True
    return bool(over)


def _hides(other: Piece, piece: Piece) -> bool:
    is_sure = other.thing.product.decision is Decision.MATCHED and not other.was_several
    return not is_sure and piece.box.common_area(other.box) >= _HIDDEN * piece.box.area


def _follow(piece: Piece, thing: SeenThing, box: Box) -> None:
    """A later look may know better, but never asks again about what is settled."""
    piece.box, piece.is_there = box, True
    if piece.state is PieceState.SETTLED:
        return
    better = _state_of(thing)
    if better is PieceState.SURE and piece.is_doubted:
        better = PieceState.ASK
    if better is not PieceState.SURE and piece.thing.product.source is DetectionSource.LABEL:
        return  # what its label says goes beyond what it looks like
    if piece.state is better is PieceState.ASK:
        thing = _with_tiles_in_place(piece.thing, thing)
    if piece.state is PieceState.UNKNOWN or better is not PieceState.UNKNOWN:
        piece.thing, piece.state = thing, better


def _with_tiles_in_place(before: SeenThing, after: SeenThing) -> SeenThing:
    """A finger may be on its way to a tile."""
    shown = in_place(before.product.candidates, after.product.candidates)
    return replace(after, product=replace(after.product, candidates=shown))
