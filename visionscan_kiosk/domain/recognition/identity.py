"""Whether a new sighting is a known piece that was moved, or one more."""

from __future__ import annotations

from visionscan_kiosk.domain.recognition.countertop import Countertop, is_open_thing
from visionscan_kiosk.domain.recognition.decisions import ANOTHER_S, LIMBO_S, Decisions
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.looks import Look
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Spot, Why

UNTOLD_S = 1.0  # without an empty counter: still seconds after which "elsewhere" means "moved"


class Identity:
    """Decides of pieces that may be a known one; asks when that cannot be seen."""

    def __init__(self, top: Countertop, decisions: Decisions) -> None:
        self._top, self._decisions = top, decisions

    def take(self, look: Look) -> list[Intent]:
        """Compare every tentative piece with the one it may be."""
        intents: list[Intent] = []
        for piece in [piece for piece in self._top.lying() if piece.maybe is not None and _is_open_to(piece)]:
            other = self._candidate(piece, look)
            if other is not None and is_open_thing(other) and piece.key is not None:
                self._explain(piece, other, look)
            elif other is not None:
                intents += self._compare(piece, other, look)
        return intents

    def _candidate(self, piece: Piece, look: Look) -> Piece | None:
        """Return whom it may be; looked up anew once both were seen, for then it is another one."""
        other = piece.maybe
        if other is None or other not in self._top.pieces or self._are_both_seen(piece, other, look):
            if other in self._top.pieces and other is not None and piece.code is None:
                self._drop_what_a_code_explains(piece, other)
            piece.maybe = other = self.origin(piece)
        if other is not None and None not in (piece.key, other.key) and not piece.is_kind_of(other):
            piece.maybe = other = self.origin(piece)
        return other

    def _explain(self, piece: Piece, thing: Piece, look: Look) -> None:
        """A nameless thing lay about where something with a name is now: that one, or taken in its place."""
        if piece.spot is not Spot.SURE or not look.is_rest:
            return
        if self._is_moved(piece, thing, look):
            self._top.absorb(piece, thing)
        else:
            piece.maybe = None

    def _are_both_seen(self, piece: Piece, other: Piece, look: Look) -> bool:
        if piece.look == self._top.looks == other.look:
            return True
        return look.is_rest and piece.spot is other.spot is Spot.SURE

    def _drop_what_a_code_explains(self, piece: Piece, other: Piece) -> None:
        """The thing under a code that was read after it is no piece of its own."""
        if piece.place.holds(other.code or other.place):
            self._top.drop(piece)

    def _compare(self, piece: Piece, other: Piece, look: Look) -> list[Intent]:
        if piece.state is not PieceState.SEEN:
            return []
        if piece.spot is Spot.SURE and _is_alike(piece, other) and self._is_moved(piece, other, look):
            self.merge(piece, other)
        elif look.is_rest and self._top.may_ask and self._top.still_s > ANOTHER_S:
            return self._decisions.ask(piece, Why.ANOTHER)
        return []

    def _is_moved(self, piece: Piece, other: Piece, look: Look) -> bool:
        """Whether the piece can only be the other one."""
        if not (self._top.knows_counter or other.is_replaced) and other.spot is Spot.DOUBT:
            return self._top.still_s >= max(UNTOLD_S, 10 * other.usual_gap)
        if piece.had_rival or other.is_replaced or self._has_rival(piece, other):
            return False
        is_bare = other.spot is Spot.BARE and other.bare_at is not None
        is_quick = is_bare and abs(piece.born - (other.bare_at or 0.0)) <= LIMBO_S
        is_quick = is_quick and self._rest_between(other, piece) <= LIMBO_S
        return is_quick or (look.is_rest and piece.is_nudged(other))

    def _rest_between(self, other: Piece, piece: Piece) -> float:
        """Return the seconds of rest from the last sighting of the other one to the first of this one."""
        return other.still_s - (self._top.rest_s - piece.born_rest_s)

    def _has_rival(self, piece: Piece, other: Piece) -> bool:
        """Whether two may be the other one; then it stays unknown which, even when one is taken away."""
        rivals = [p for p in self._top.lying() if p is not piece and p.maybe is other]
        for one in (*rivals, piece) if rivals else ():
            one.had_rival = True
        return bool(rivals) or (other.seen_at > piece.born and piece.reads > 1)

    def origin(self, piece: Piece) -> Piece | None:
        """Return another piece with its key that is in doubt since before this one was seen."""
        if piece.key is None:
            return None
        mine = (p for p in self._top.lying() if p.is_kind_of(piece) and p is not piece and p.maybe is None)
        lost = [p for p in mine if p.spot is not Spot.SURE and p.seen_at < piece.born]
        return min(lost, key=lambda p: (p.spot is not Spot.BARE, p.place.apart(piece.place)), default=None)

    def merge(self, piece: Piece, other: Piece) -> None:
        """Both are one: the other was moved to where this one lies."""
        self._top.drop(piece)
        if not piece.is_there:
            return
        other.code, other.body, other.text = piece.code or other.code, piece.body, piece.text or other.text
        other.see(piece.seen_at, piece.look)
        other.spot, other.bare_at, other.is_touched = piece.spot, piece.bare_at, piece.is_touched
        other.touched_at = max(other.touched_at, piece.touched_at)
        other.reads, other.is_moved, other.has_lain = other.reads + piece.reads, True, True
        for third in (third for third in self._top.pieces if third.maybe is piece):
            third.maybe = other if third is not other else None


def _is_alike(piece: Piece, other: Piece) -> bool:
    """Whether nothing speaks against one product: the same name, or looks that may be it."""
    return piece.is_kind_of(other) or (piece.key is None and other.product in piece.candidates)


def _is_open_to(piece: Piece) -> bool:
    """Whether looks may say which piece it is; where a code speaks against the line, a person does."""
    return piece.why not in (Why.SWAPPED, Why.NO_PRODUCT)
