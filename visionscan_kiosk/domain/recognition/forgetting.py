"""What was never there: a text that was read once where something else lies, and more than can lie there.

A damaged code reads differently each time, and each of its texts would be a piece of its own, and a question.
"""

from __future__ import annotations

from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.looks import Look
from visionscan_kiosk.domain.recognition.piece import CHARGED, OPEN, Piece, PieceState, Spot
from visionscan_kiosk.domain.recognition.remembering import MOST_PIECES

MISREAD_S = 1.0  # of rest in which a code that is there is read a second time, as what lies in its place is


class Forgetting:
    """Follows such pieces no longer. What is charged is never forgotten."""

    def __init__(self, top: Countertop) -> None:
        self._top = top

    def take(self, look: Look) -> None:
        """After everything was looked at."""
        if look.is_rest and self._top.still_s >= MISREAD_S:
            once = [piece for piece in self._top.pieces if self._is_read_once(piece)]
            for piece in once:
                if self._is_in_the_place_of_another(piece):
                    self._top.drop(piece)
        self._keep_within_limit()

    def _is_read_once(self, piece: Piece) -> bool:
        is_once = piece.reads == 1 and piece.code is not None
        is_undecided = piece.state is PieceState.SEEN and piece.maybe is None
        return is_once and is_undecided and self._top.now - piece.read_at >= MISREAD_S

    def _is_in_the_place_of_another(self, piece: Piece) -> bool:
        """Whether a piece lies there whose own code was read since, and that was not put in its place."""
        others = (p for p in self._top.pieces if p is not piece and p.spot is Spot.SURE and p.code)
        since = (p for p in others if p.read_at > piece.read_at and p.place.holds(piece.place))
        return any(p.born < piece.born or piece.read_at > self._top.moved_at for p in since)

    def _keep_within_limit(self) -> None:
        over = len(self._top.pieces) - MOST_PIECES
        if over > 0:
            free = [piece for piece in self._top.pieces if piece.state not in CHARGED]
            for piece in sorted(free, key=_worth)[:over]:
                self._top.drop(piece)


def _worth(piece: Piece) -> tuple[bool, bool, int]:
    """What was read once and is no product goes first, what a person is asked about last; oldest first."""
    is_something = piece.reads > 1 or piece.product is not None or piece.state not in OPEN
    return is_something, piece.state is PieceState.ASKED, piece.id
