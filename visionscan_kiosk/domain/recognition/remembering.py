"""Pieces as they are kept with the open basket over a restart, and back."""

from __future__ import annotations

from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.piece import Memory, Piece, Remembered, Spot


def remember(top: Countertop, at: float) -> tuple[Remembered, ...]:
    """Return what is to be kept at this time, in seconds."""
    return tuple(_kept(top, piece, max(at, top.now)) for piece in top.pieces)


def _kept(top: Countertop, piece: Piece, at: float) -> Remembered:
    index = next((number for number, other in enumerate(top.pieces) if other is piece.maybe), None)
    return Remembered(
        piece.key,
        piece.product,
        piece.candidates,
        piece.state,
        piece.why,
        piece.place,
        piece.code,
        piece.body,
        piece.text,
        at - piece.seen_at,
        piece.session == top.session,
        piece.was_asked,
        piece.was_looked_at,
        piece.may_add,
        piece.is_there,
        piece.is_from_start,
        piece.is_replaced,
        index,
    )


def recall(top: Countertop, memory: Memory) -> None:
    """Follow the remembered pieces again, all of them in doubt: nobody looked meanwhile."""
    pieces = [_recalled(top, known) for known in memory.pieces]
    for piece, known in zip(pieces, memory.pieces, strict=True):
        if known.maybe is not None and 0 <= known.maybe < len(pieces):
            other = pieces[known.maybe]
            piece.maybe = other if other is not piece else None


def _recalled(top: Countertop, known: Remembered) -> Piece:
    piece = top.new_piece(known.key, known.place)
    piece.session = top.session if known.is_theirs else 0
    piece.state, piece.why, piece.product = known.state, known.why, known.product
    piece.candidates, piece.text, piece.may_add = known.candidates, known.text, known.may_add
    piece.code, piece.body, piece.was_asked = known.code, known.body, known.was_asked
    piece.is_there, piece.is_from_start, piece.is_replaced = (
        known.is_there,
        known.is_from_start,
        known.is_replaced,
    )
    piece.spot, piece.reads, piece.has_lain = Spot.DOUBT, 2, True
    piece.was_looked_at, piece.is_touched = known.was_looked_at, True
    piece.born = piece.seen_at = top.now - max(known.age_s, 0.0)
    return piece
