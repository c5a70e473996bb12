"""Pieces as they are kept with the open basket over a restart, and back.

What comes back may be damaged or absurd. What cannot have been written down here is left out, piece by piece.
"""

from __future__ import annotations

from math import isfinite

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.piece import Memory, Piece, PieceState, Remembered, Spot, Why

MOST_PIECES = 200  # more than ever lie on a counter
NEEDS_PRODUCT = (PieceState.ADDING, PieceState.IN_BASKET, PieceState.SOLD)


def remember(top: Countertop, at: float) -> tuple[Remembered, ...]:
    """Return what is to be kept at this time, in seconds."""
    return tuple(_kept(top, piece, max(at, top.now)) for piece in top.pieces)


def _kept(top: Countertop, piece: Piece, at: float) -> Remembered:
    return Remembered(
        key=piece.key,
        product=piece.product,
        candidates=piece.candidates,
        state=piece.state,
        why=piece.why,
        place=piece.place,
        code=piece.code,
        body=piece.body,
        text=piece.text,
        age_s=at - piece.seen_at,
        is_theirs=piece.session == top.session,
        was_asked=piece.was_asked,
        was_charged=piece.was_charged,
        was_looked_at=piece.was_looked_at,
        may_add=piece.may_add,
        is_there=piece.is_there,
        is_from_start=piece.is_from_start,
        is_left_for_good=piece.is_left_for_good,
        is_replaced=piece.is_replaced,
        maybe=next((number for number, other in enumerate(top.pieces) if other is piece.maybe), None),
    )


def recall(top: Countertop, memory: Memory) -> None:
    """Follow the remembered pieces again, all of them in doubt: nobody looked meanwhile."""
    kept = memory.pieces[:MOST_PIECES]
    pieces = [_recalled(top, known) if _is_plausible(known) else None for known in kept]
    for piece, known in zip(pieces, kept, strict=True):
        if piece is not None and known.maybe is not None and 0 <= known.maybe < len(pieces):
            other = pieces[known.maybe]
            piece.maybe = other if other is not None and not _leads_to(other, piece) else None


def _leads_to(piece: Piece | None, end: Piece) -> bool:
    """Whether "may be" goes round in a circle; what is linked so far does not."""
    while piece is not None and piece is not end:
        piece = piece.maybe
    return piece is end


def _is_plausible(known: Remembered) -> bool:
    boxes = [box for box in (known.place, known.code, known.body) if box is not None]
    if known.place is None or not all(_is_box(box) for box in boxes):
        return False
    is_complete = known.product is not None or known.state not in NEEDS_PRODUCT
    return is_complete and (known.state is not PieceState.ASKED or known.why is not None)


def _is_box(box: Box) -> bool:
    return all(isfinite(number) for number in box) and box.width > 0 and box.height > 0


def _recalled(top: Countertop, known: Remembered) -> Piece:
    piece = top.new_piece(known.key, known.place)
    piece.session = top.session if known.is_theirs else 0
    piece.state, piece.product = PieceState(known.state), known.product
    piece.why = Why(known.why) if known.why is not None and piece.state is PieceState.ASKED else None
    piece.candidates, piece.text, piece.may_add = tuple(known.candidates), known.text, known.may_add
    piece.code, piece.body, piece.is_there = known.code, known.body, known.is_there
    piece.was_asked, piece.was_charged, piece.was_looked_at = (
        known.was_asked,
        known.was_charged,
        known.was_looked_at,
    )
    piece.is_from_start, piece.is_replaced, piece.is_left_for_good = (
        known.is_from_start,
        known.is_replaced,
        known.is_left_for_good,
    )
    piece.spot, piece.reads, piece.has_lain, piece.is_touched = Spot.DOUBT, 2, True, True
    piece.born = piece.seen_at = top.now - (known.age_s if 0 <= known.age_s < float("inf") else 0.0)
    return piece
