"""Which piece a thing is that the finder found lying still."""

from __future__ import annotations

from collections.abc import Iterable

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import (
    SAME_BOX,
    Countertop,
    is_like,
    is_open_thing,
    is_part,
)
from visionscan_kiosk.domain.recognition.looks import Look, Thing
from visionscan_kiosk.domain.recognition.piece import OPEN, Piece, PieceState, Spot

SWALLOWED = 3  # times as large as it was, from which on a piece with a code hangs together with a bag
BESIDE = 0.25  # of a piece's shorter side, by which it does not grow by itself


class ThingSightings:
    """Gives each thing of a still look its piece: by its code, by its place, or a new one."""

    def __init__(self, top: Countertop) -> None:
        self._top = top

    def take(self, look: Look) -> None:
        """Take what lies still; a blob that nobody looked at closely is a thing without candidates."""
        if look.things is not None:
            self._take(look.things)
        elif look.is_rest and look.covered is not None:
            self._take(Thing(blob, None) for blob in look.covered if self._may_be_thing(blob))

    def _take(self, things: Iterable[Thing]) -> None:
        for thing in things:
            inside = self._inside(thing)
            if inside:
                self._see_inside(inside, thing)
            else:
                self._see(self._untouched(thing) or self._shrunk(thing) or self._new(thing), thing)

    def _may_be_thing(self, blob: Box) -> bool:
        """Whether it is large enough, and no part of a thing that was looked at closely where it lies."""
        if self._top.is_speck(blob):
            return False
        things = (piece for piece in self._top.lying() if piece.key is None and piece.was_looked_at)
        return not any(piece.spot is Spot.SURE and _is_small_part(blob, piece.place) for piece in things)

    def _see(self, piece: Piece, thing: Thing) -> None:
        learn(piece, thing)
        self._top.see(piece, body=None if _is_swallowed(piece, thing) else thing.box)
        if piece.code is None and (thing.candidates is not None or not piece.was_looked_at):
            piece.is_touched = False

    def _inside(self, thing: Thing) -> list[Piece]:
        """Return what lies within the thing: seen there since the movement, else what was carried in."""
        within = self._lying_in(thing.box)
        sure = [piece for piece in within if piece.spot is Spot.SURE]
        if sure or self._top.reaches_in(thing.box):
            return sure
        return [piece for piece in within if piece.spot is Spot.DOUBT and piece.code and not piece.has_lain]

    def _lying_in(self, box: Box) -> list[Piece]:
        """Across first: of many pieces few lie in one column."""
        x, _, width, _ = box
        column = [
            piece
            for piece in self._top.pieces
            if 2 * x <= 2 * (own := piece.code or piece.place)[0] + own[2] <= 2 * (x + width)
        ]
        return [piece for piece in column if piece.is_there and box.holds(piece.code or piece.place)]

    def _see_inside(self, inside: list[Piece], thing: Thing) -> None:
        if any(piece.code for piece in inside):
            inside = self._without_read_ones(inside, thing)
        elif thing.candidates is not None:
            inside = self._without_parts(inside)
        if len(inside) != 1:
            return
        rest = self._beside(inside[0], thing)
        if rest is None:
            self._see(inside[0], thing)
        else:
            self._top.see(inside[0])
            self._take([rest])

    def _beside(self, piece: Piece, thing: Thing) -> Thing | None:
        """Return what was laid so near to a piece that lies as before that both look like one thing."""
        body = piece.body
        if piece.code is None or body is None or not piece.has_lain or not is_part(body, thing.box):
            return None
        if _is_swallowed(piece, thing) or self._top.reaches_in(thing.box):
            return None
        strip = max(_strips(thing.box, body), key=lambda box: box.area)
        is_thing = min(strip.width, strip.height) >= BESIDE * min(body.width, body.height)
        return Thing(strip, thing.candidates and ()) if is_thing and not self._top.is_speck(strip) else None

    def _without_parts(self, inside: list[Piece]) -> list[Piece]:
        """What only hides the counter in several places may be one thing: a pale bag, for example."""
        parts = [piece for piece in inside if is_open_thing(piece) and not piece.was_looked_at]
        for piece in parts[1:]:
            self._top.absorb(parts[0], piece)
        return [piece for piece in inside if piece not in parts[1:]]

    def _without_read_ones(self, inside: list[Piece], thing: Thing) -> list[Piece]:
        """The nameless pieces that are this thing have a name: its code was read since."""
        named = next(piece for piece in inside if piece.code)
        for piece in [piece for piece in self._top.lying() if piece.key is None and is_open_thing(piece)]:
            if piece.place.overlap(thing.box) >= SAME_BOX:
                inside = [other for other in inside if other is not piece]
                self._top.absorb(named, piece)
        return inside

    def _untouched(self, thing: Thing) -> Piece | None:
        """Return what lay there before and looks like it."""
        same = [piece for piece in self._top.lying() if not piece.is_replaced and is_like(piece, thing)]
        same = [piece for piece in same if piece.place.overlap(thing.box) >= SAME_BOX]
        return max(same, key=lambda piece: piece.seen_at, default=None)

    def _shrunk(self, thing: Thing) -> Piece | None:
        """Return what was seen as one with a hand or a bag that is gone now."""
        doubted = (piece for piece in self._doubted() if piece.key is None)
        return next((piece for piece in doubted if is_part(thing.box, piece.place)), None)

    def _new(self, thing: Thing) -> Piece:
        lain = [piece for piece in self._doubted() if piece.state is not PieceState.SEEN or piece.has_lain]
        origins = [piece for piece in lain if _may_come_from(piece, thing)]
        piece = self._top.new_piece(thing.key, thing.box)
        piece.maybe = min(origins, key=lambda other: other.place.apart(thing.box), default=None)
        return piece

    def _doubted(self) -> list[Piece]:
        return [piece for piece in self._top.lying() if piece.spot is not Spot.SURE]


def learn(piece: Piece, thing: Thing) -> None:
    """What a thing looks like counts while no code was read on it."""
    if piece.code is not None or thing.candidates is None:
        return
    piece.is_belonging = thing.is_belonging and not (thing.candidates or piece.candidates)
    if piece.state not in OPEN:
        return
    piece.candidates, piece.was_looked_at = thing.candidates or piece.candidates, True
    if thing.key is not None and piece.state is PieceState.SEEN:
        piece.key = piece.product = thing.key
        piece.reads, piece.may_add = 2, thing.may_add


def _strips(whole: Box, part: Box) -> tuple[Box, ...]:
    """Return what a box holds left of, right of, above and below a part of it."""
    right, bottom = part.x + part.width, part.y + part.height
    return (
        whole._replace(width=max(0, part.x - whole.x)),
        whole._replace(x=right, width=max(0, whole.x + whole.width - right)),
        whole._replace(height=max(0, part.y - whole.y)),
        whole._replace(y=bottom, height=max(0, whole.y + whole.height - bottom)),
    )


def _is_small_part(blob: Box, place: Box) -> bool:
    return is_part(blob, place) and blob.overlap(place) < SAME_BOX


def _is_swallowed(piece: Piece, thing: Thing) -> bool:
    """Whether a bag at it makes it look so large: what lies under the bag is not under this piece."""
    is_known = piece.code is not None and piece.body is not None and piece.has_lain
    return is_known and piece.body is not None and thing.box.area > SWALLOWED * piece.body.area


def _may_come_from(piece: Piece, thing: Thing) -> bool:
    is_near = piece.spot is Spot.BARE or piece.place.overlap(thing.box) > 0.1
    if is_like(piece, thing) and is_near:
        return True
    return is_part(thing.box, piece.place) and thing.key in (None, piece.key)
