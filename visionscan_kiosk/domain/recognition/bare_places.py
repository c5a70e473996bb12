"""Whose place shows the empty counter, and who is gone.

Nothing leaves without a movement. A piece is gone only when its place is bare and no blob in the picture may
be carrying it: covered, dark, shaken and lost all mean "still there".
"""

from __future__ import annotations

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import SAME_BOX, Countertop, around
from visionscan_kiosk.domain.recognition.decisions import ANOTHER_S, Decisions
from visionscan_kiosk.domain.recognition.identity import Identity
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.looks import Look
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Spot

BARE = 0.25  # part of a place that may be covered while it still counts as bare
FILLS = 0.5  # part of a blob that known pieces fill, from which on nothing else is in it
TWO_LOOKS_S = 0.1  # while something moves, two looks have to agree that a place is bare
BY_TIME_S = 8.0  # without an empty counter: still seconds unseen after a movement that mean "gone"


class BarePlaces:
    """Judges places by what hides the empty counter; without one, by the time that a piece was not seen."""

    def __init__(self, top: Countertop, decisions: Decisions, identity: Identity) -> None:
        self._top, self._decisions, self._identity = top, decisions, identity

    def mark(self, look: Look) -> None:
        """Before anything new is looked at: what lay where the counter shows now may be it."""
        if look.covered is None:
            return
        for piece in self._top.lying():
            if piece.spot is Spot.SURE:
                continue
            piece.is_touched = piece.is_touched or not _lies_alone(piece, look.covered)
            if not piece.is_unseen_by_finder and self._shows_counter(piece, look.covered):
                self._set_bare(piece)

    def take(self, look: Look) -> list[Intent]:
        """After everything was looked at: find who is gone."""
        if look.covered is None:
            return [] if self._top.knows_counter or not look.is_rest else self._forget_by_time()
        intents: list[Intent] = []
        for piece in self._top.lying():
            if piece not in self._top.pieces:
                continue  # it went with another one
            is_bare = self._shows_counter(piece, look.covered)
            if piece.look == self._top.looks or piece.spot is Spot.SURE:
                is_missed = (
                    look.is_rest and is_bare and piece.look == self._top.looks and piece.code is not None
                )
                piece.is_unseen_by_finder = piece.is_unseen_by_finder or is_missed
            elif not is_bare:
                intents += self._hidden(piece, is_rest=look.is_rest)
            elif not piece.is_unseen_by_finder:
                intents += self._bare(piece, look)
        return intents

    def _hidden(self, piece: Piece, *, is_rest: bool) -> list[Intent]:
        piece.spot = Spot.DOUBT
        if is_rest and piece.still_s > 0.5 and self._is_under_another(piece):
            piece.is_replaced = True
        was_brief = piece.is_replaced and piece.state is PieceState.SEEN and piece.key is not None
        return self._decisions.gone(piece) if was_brief and piece.still_s > ANOTHER_S else []

    def _is_under_another(self, piece: Piece) -> bool:
        over = (p for p in self._top.pieces if p is not piece and p.key and p.spot is Spot.SURE)
        return any(p.place.common_area(piece.place) > 0.6 * piece.place.area for p in over)

    def _bare(self, piece: Piece, look: Look) -> list[Intent]:
        first = self._set_bare(piece)
        is_proven = look.is_rest or self._top.now - first > TWO_LOOKS_S
        if not is_proven or any(self._may_carry(blob, piece) for blob in look.covered or ()):
            return []
        intents = self._decisions.gone(piece)
        if piece not in self._top.pieces:
            self._top.just_gone.append(piece)
        return intents

    def _set_bare(self, piece: Piece) -> float:
        """Mark its place; return since when it is bare, in seconds."""
        if piece.spot is not Spot.BARE or piece.bare_at is None:
            piece.spot, piece.bare_at = Spot.BARE, self._top.now
        return piece.bare_at

    def _shows_counter(self, piece: Piece, covered: tuple[Box, ...]) -> bool:
        """Whether its place is bare; a smaller thing that is followed by itself is none of it."""
        hidden = others = 0
        for blob in covered:
            common = blob.common_area(piece.place)
            if common and self._is_owned(blob, piece):
                others += common
            else:
                hidden += common
        is_small = others <= 0.6 * piece.place.area or piece.key is None
        return hidden <= BARE * piece.place.area and is_small

    def _is_owned(self, blob: Box, piece: Piece) -> bool:
        """Whether the blob is another piece, seen in its place."""
        others = (other for other in self._top.pieces if other is not piece and other.spot is Spot.SURE)
        return any(other.place.overlap(blob) > SAME_BOX for other in others)

    def _may_carry(self, blob: Box, piece: Piece) -> bool:
        """Whether a blob may be a hand or a bag with this piece: it is not filled by what else is known."""
        known = [other.place for other in self._top.lying() if self._is_known_in(blob, other, piece)]
        return not known or blob.common_area(around(known)) < FILLS * blob.area

    def _is_known_in(self, blob: Box, other: Piece, piece: Piece) -> bool:
        if other is piece or other.spot is Spot.BARE or not blob.common_area(other.place):
            return False
        if other.maybe is not None and piece in (other.maybe, self._identity.origin(other)):
            return False
        return other.key is not None or other.born < piece.seen_at

    def _forget_by_time(self) -> list[Intent]:
        intents: list[Intent] = []
        for piece in self._top.lying():
            usual = piece.usual_gap
            unseen = piece.still_s if piece.spot is Spot.DOUBT else 0.0
            if unseen > max(BY_TIME_S, 20 * usual):
                intents += self._decisions.gone(piece)
            elif unseen > max(BY_TIME_S / 2, 10 * usual):
                piece.is_replaced = True  # seen again, it is asked
        return intents


def _lies_alone(piece: Piece, covered: tuple[Box, ...]) -> bool:
    """Whether it is in the picture as before, with nothing at it."""
    return any(blob.overlap(piece.place) >= SAME_BOX for blob in covered)
