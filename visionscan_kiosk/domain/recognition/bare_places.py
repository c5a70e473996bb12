"""Whose place shows the empty counter, and who is gone.

Nothing leaves without a movement. A piece is gone only when its place is bare and no blob in the picture may
be carrying it: covered, dark, shaken and lost all mean "still there".
"""

from __future__ import annotations

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.blobs import Blobs
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
        blobs = Blobs(look.covered, self._top.pieces)
        for piece in self._top.lying():
            if piece.spot is Spot.SURE:
                continue
            if not _lies_alone(piece, blobs):
                piece.is_touched, piece.touched_at = True, self._top.now
            if not piece.is_unseen_by_finder and _shows_counter(piece, blobs):
                self._set_bare(piece)

    def take(self, look: Look) -> list[Intent]:
        """After everything was looked at: find who is gone."""
        if look.covered is None:
            return [] if self._top.knows_counter or not look.is_rest else self._forget_by_time()
        intents: list[Intent] = []
        blobs = Blobs(look.covered, self._top.pieces)
        for piece in self._top.lying():
            if piece not in self._top.pieces:
                continue  # it went with another one
            if piece.look == self._top.looks or piece.spot is Spot.SURE:
                self._miss(piece, look, blobs)
            elif not _shows_counter(piece, blobs):
                intents += self._hidden(piece, is_rest=look.is_rest)
            elif not piece.is_unseen_by_finder:
                intents += self._bare(piece, look, blobs)
        return intents

    def _miss(self, piece: Piece, look: Look, blobs: Blobs) -> None:
        """What is read at rest where the counter seems bare is a thing that the finder does not see."""
        is_read = look.is_rest and piece.look == self._top.looks and piece.code is not None
        if is_read and not piece.is_unseen_by_finder:
            piece.is_unseen_by_finder = _shows_counter(piece, blobs)

    def _hidden(self, piece: Piece, *, is_rest: bool) -> list[Intent]:
        piece.spot = Spot.DOUBT
        if is_rest and piece.still_s > 0.5 and self._is_under_another(piece):
            piece.is_replaced = True
        was_brief = piece.is_replaced and piece.state is PieceState.SEEN and piece.key is not None
        return self._decisions.gone(piece) if was_brief and piece.still_s > ANOTHER_S else []

    def _is_under_another(self, piece: Piece) -> bool:
        over = (p for p in self._top.pieces if p is not piece and p.key and p.spot is Spot.SURE)
        return any(p.place.common_area(piece.place) > 0.6 * piece.place.area for p in over)

    def _bare(self, piece: Piece, look: Look, blobs: Blobs) -> list[Intent]:
        first = self._set_bare(piece)
        is_proven = look.is_rest or self._top.now - first > TWO_LOOKS_S
        if not is_proven or any(self._may_carry(blob, piece, blobs) for blob in blobs.covered):
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

    def _may_carry(self, blob: Box, piece: Piece, blobs: Blobs) -> bool:
        """Whether a blob may be a hand or a bag with this piece: it is not filled by what else is known."""
        known = [other.place for other in blobs.pieces_at(blob) if self._is_known(other, piece)]
        return not known or blob.common_area(around(known)) < FILLS * blob.area

    def _is_known(self, other: Piece, piece: Piece) -> bool:
        if other is piece or other.spot is Spot.BARE or not other.is_there or other not in self._top.pieces:
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


def _shows_counter(piece: Piece, blobs: Blobs) -> bool:
    """Whether its place is bare; a smaller thing that is followed by itself is none of it."""
    hidden = others = 0
    for blob, common in blobs.at(piece.place):
        if blobs.is_owned(blob, piece):
            others += common
        else:
            hidden += common
    is_small = others <= 0.6 * piece.place.area or piece.key is None
    return hidden <= BARE * piece.place.area and is_small


def _lies_alone(piece: Piece, blobs: Blobs) -> bool:
    """Whether it is in the picture as before, with nothing at it."""
    return any(blob.overlap(piece.place) >= SAME_BOX for blob, _ in blobs.at(piece.place))
