"""How the pieces in view are outlined."""

from __future__ import annotations

from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.piece import Outline, OutlineKind, Piece, PieceState, Spot

KINDS = {
    PieceState.IN_BASKET: OutlineKind.CHARGED,
    PieceState.SOLD: OutlineKind.SOLD,
    PieceState.LEFT: OutlineKind.LEFT,
    PieceState.ASKED: OutlineKind.ASKED,
}
FRESH_S = 0.6  # while something moves, an outline stays for this long after its piece was seen


def outlines_of(top: Countertop) -> tuple[Outline, ...]:
    """Return what to draw: CHARGED only where the piece was seen since the last movement."""
    kinds = ((piece, _kind(piece)) for piece in top.lying() if _is_shown(top, piece))
    return tuple(Outline(piece.place, kind, piece.id) for piece, kind in kinds if kind is not None)


def _is_shown(top: Countertop, piece: Piece) -> bool:
    if piece.is_touched and piece.state in (PieceState.IN_BASKET, PieceState.SOLD):
        return False
    is_fresh = top.still_s == 0 and top.now - piece.seen_at < FRESH_S
    return piece.spot is Spot.SURE or (is_fresh and not piece.bare_at)


def _kind(piece: Piece) -> OutlineKind | None:
    """What is taken for a telephone or a bag is said not to be charged: it may be goods after all."""
    if piece.state is PieceState.SEEN and piece.key is None and piece.is_belonging:
        return OutlineKind.LEFT
    return KINDS.get(piece.state)
