"""Pieces as they are kept with the open basket over a restart, and back.

What comes back may be damaged or absurd. What cannot have been written down here is left out, piece by piece.
"""

from __future__ import annotations

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.piece import Memory, Piece, PieceState, Remembered, Spot, Why

MOST_PIECES = 200  # more than ever lie on a counter
FARTHEST = 1_000_000  # pixels; no picture is so large
LONGEST_S = 1e9  # thirty years; what is older has no age
KEPT_OTHERWISE = ("age_s", "charged_age_s", "is_theirs", "maybe")
KEPT_AS_IT_IS = tuple(name for name in Remembered._fields if name not in KEPT_OTHERWISE)
NEEDS_PRODUCT = (PieceState.ADDING, PieceState.IN_BASKET, PieceState.SOLD)


def remember(top: Countertop, at: float) -> tuple[Remembered, ...]:
    """Return what is to be kept at this time, in seconds."""
    return tuple(_kept(top, piece, max(at, top.now)) for piece in top.pieces)


def _kept(top: Countertop, piece: Piece, at: float) -> Remembered:
    return Remembered(
        **{name: getattr(piece, name) for name in KEPT_AS_IT_IS},
        age_s=at - piece.seen_at,
        charged_age_s=at - piece.charged_at,
        is_theirs=piece.session == top.session,
        maybe=next((number for number, other in enumerate(top.pieces) if other is piece.maybe), None),
    )


def recall(top: Countertop, memory: Memory) -> bool:
    """Follow the remembered pieces again, all of them in doubt: nobody looked meanwhile.

    Return whether these are all that were followed: then whatever else is seen came meanwhile.
    """
    kept = memory.pieces[:MOST_PIECES]
    pieces = [_recalled(top, known) if _is_plausible(known) else None for known in kept]
    for piece, known in zip(pieces, kept, strict=True):
        other = _named(pieces, known.maybe)
        if piece is not None and other is not None and not _leads_to(other, piece):
            piece.maybe = other
    return memory.is_whole and None not in pieces and len(kept) == len(memory.pieces)


def _named(pieces: list[Piece | None], number: object) -> Piece | None:
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(pieces):
        return None
    return pieces[number]


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
    is_far = any(not isinstance(side, int) or abs(side) > FARTHEST for side in box)
    return not is_far and box.width > 0 and box.height > 0


def _recalled(top: Countertop, known: Remembered) -> Piece:
    piece = top.new_piece(known.key, known.place)
    for name in KEPT_AS_IT_IS:
        setattr(piece, name, getattr(known, name))
    piece.session = top.session if known.is_theirs else 0
    piece.why = _why(known) if known.state is PieceState.ASKED else None
    piece.spot, piece.reads, piece.has_lain, piece.is_touched = Spot.DOUBT, 2, True, True
    piece.born = piece.seen_at = top.now - _age(known.age_s)
    piece.touched_at = top.now
    piece.charged_at = top.now - _age(known.charged_age_s)
    return piece


def _why(known: Remembered) -> Why | None:
    """A unit that a person entered before the restart is not told from others any more."""
    is_of_entered = known.why is Why.ANOTHER and known.key is None and known.maybe is None
    return Why.UNKNOWN if is_of_entered else known.why


def _age(seconds: float) -> float:
    return seconds if 0 <= seconds <= LONGEST_S else 0.0
