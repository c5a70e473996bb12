"""What a basket that was changed by others means for the pieces: by a person here, or by another client."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from uuid import UUID

from visionscan_kiosk.domain.recognition.books import Books
from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.decisions import Decisions
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Why

CLAIMED = (
    Why.WHICH,
    Why.MEANWHILE,
    Why.REFUSED,
    Why.MISSING,
)  # questions that a person answers by entering the product


class BasketChanges:
    """Keeps pieces and lines together when lines change by other than the counter's own operations."""

    def __init__(self, top: Countertop, books: Books, decisions: Decisions) -> None:
        self._top, self._books, self._decisions = top, books, decisions

    def take(self, basket: Mapping[UUID, int], *, by_person: bool) -> list[Intent]:
        """The basket holds this now."""
        intents: list[Intent] = []
        before, self._books.lines = self._books.lines, Tally(basket)
        for product in dict.fromkeys((*before, *basket)):
            more = self._books.lines[product] - before[product]
            if more > 0 and by_person:
                self._claim(product, more)
            intents += self.take_out(product, by_person=by_person)
        return intents

    def _claim(self, product: UUID, more: int) -> None:
        """A person entered units: of what lies undecided, of what was taken out, or of what comes next.

        When nobody can know which one was meant, nothing is claimed, and each such piece is asked about.
        """
        lying = self._top.lying()
        clear = [piece for piece in lying if self._is_undecided(piece, product)]
        if len(clear) > more or any(self._may_be_meant(piece, product) for piece in lying):
            return
        left = [piece for piece in lying if _was_taken_out(piece, product)]
        back = left[max(len(left) - (more - len(clear)), 0) :]
        for piece in (*clear, *back):
            self._decisions.bind(piece, product)
        if more > len(clear):
            self._books.enter(product, self._top.now, is_clear=not left)

    def _may_be_meant(self, piece: Piece, product: UUID) -> bool:
        if piece.state not in (PieceState.SEEN, PieceState.ASKED):
            return False
        if piece.key is None:
            return product not in piece.candidates or piece.maybe is not None
        return piece.product == product and piece.maybe is not None

    def _is_undecided(self, piece: Piece, product: UUID) -> bool:
        if piece.product != product and (piece.key is not None or product not in piece.candidates):
            return False
        return piece.state is PieceState.SEEN or (piece.state is PieceState.ASKED and piece.why in CLAIMED)

    def take_out(self, product: UUID, *, by_person: bool) -> list[Intent]:
        """Where the basket holds less than is charged, what is bagged gives way, then the newest in view."""
        over = max(-self._books.unplaced(product, self._top.pieces), 0)
        bagged = min(over, max(self._books.bagged[product], 0))
        self._books.bagged[product] -= bagged
        mine = [p for p in self._top.pieces if p.state is PieceState.IN_BASKET and p.product == product]
        mine.sort(key=lambda piece: piece.charged_at, reverse=True)
        intents: list[Intent] = []
        for piece in mine[: over - bagged]:
            self._decisions.leave(piece)
            intents += [] if by_person else self._decisions.ask(piece, Why.MISSING)
        return intents


def _was_taken_out(piece: Piece, product: UUID) -> bool:
    return piece.state is PieceState.LEFT and piece.was_charged and piece.product == product
