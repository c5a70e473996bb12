"""What a basket that was changed by others means for the pieces: by a person here, or by another client."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from uuid import UUID

from visionscan_kiosk.domain.recognition.books import Books, Entering, Expected
from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.decisions import Decisions, was_taken_out
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Why

CLAIMED = (
    Why.WHICH,
    Why.SWAPPED,
    Why.MEANWHILE,
    Why.REFUSED,
    Why.MISSING,
)  # questions that a person answers by entering the product


class BasketChanges:
    """Keeps pieces and lines together when lines change by other than the counter's own operations."""

    def __init__(self, top: Countertop, books: Books, decisions: Decisions) -> None:
        self._top, self._books, self._decisions = top, books, decisions

    def take(self, basket: Mapping[UUID, int], *, by_person: bool, puts_back: bool = False) -> list[Intent]:
        """The basket holds this now. `puts_back`: a person takes back that lines were taken out."""
        intents: list[Intent] = []
        before, self._books.lines = self._books.lines, Tally(basket)
        for product in dict.fromkeys((*before, *basket)):
            more = self._books.lines[product] - before[product]
            if more > 0 and puts_back:
                self._put_back(product, more)
            elif more > 0 and by_person:
                self._claim(product, more, self._top.now)
            elif more < 0 and by_person:
                self._books.taken_out[product] = 0
            intents += self.take_out(product, by_person=by_person)
        return intents

    def enter(self, entering: Entering) -> None:
        """A person entered units, which are on their way into the basket."""
        self._books.expect(entering)
        self._claim(entering.product, entering.quantity, entering.at)

    def arrived(self, units: Expected) -> None:
        """Units that a person entered are in the basket; they are their pieces if no code says otherwise."""
        self._books.change(units.product, units.quantity)
        for piece in units.pieces:
            if piece.code is not None and piece.product != units.product:
                piece.state = PieceState.SEEN  # its code was read meanwhile
            else:
                self._decisions.bind(piece, units.product)

    def _put_back(self, product: UUID, more: int) -> None:
        """Pieces in view that were taken out are lines again, then those out of sight, then the rest."""
        left = [p for p in self._top.lying() if was_taken_out(p) and p.product == product][-more:]
        for piece in left:
            self._decisions.bind(piece, product)
        hidden = min(more - len(left), max(self._books.taken_out[product], 0))
        self._books.bag(product, hidden)
        self._books.taken_out[product] -= hidden
        if more > len(left) + hidden:
            self._books.enter(product, self._top.now, is_clear=True)

    def _claim(self, product: UUID, more: int, at: float) -> None:
        """A person entered units: of what lies undecided, of what was taken out, or of what comes next.

        When nobody can know which one was meant, nothing is claimed, and each such piece is asked about.
        """
        lying = self._top.lying()
        clear = [piece for piece in lying if self._is_undecided(piece, product)]
        if len(clear) > more or any(self._may_be_meant(piece, product) for piece in lying):
            return
        left = [piece for piece in lying if was_taken_out(piece) and piece.product == product]
        back = left[max(len(left) - (more - len(clear)), 0) :]
        for piece in (*clear, *back):
            self._decisions.take_unit(piece, product)
        if more > len(clear):
            self._books.enter(product, at, is_clear=not left)

    def _may_be_meant(self, piece: Piece, product: UUID) -> bool:
        if piece.state not in (PieceState.SEEN, PieceState.ASKED) or piece.has_line:
            return False
        if piece.key is None:
            return product not in piece.candidates or piece.maybe is not None
        return piece.product == product and piece.maybe is not None and piece.why is not Why.SWAPPED

    def _is_undecided(self, piece: Piece, product: UUID) -> bool:
        if piece.has_line:
            return False
        if piece.product != product and (piece.key is not None or product not in piece.candidates):
            return False
        return piece.state is PieceState.SEEN or (piece.state is PieceState.ASKED and piece.why in CLAIMED)

    def take_out(self, product: UUID, *, by_person: bool) -> list[Intent]:
        """Where the basket holds less than is charged, what is bagged gives way, then the newest in view."""
        over = max(-self._books.held_unplaced(product, self._top.pieces), 0)
        bagged = min(over, self._books.bagged[product])
        self._books.bag(product, -bagged)
        self._books.taken_out[product] += bagged if by_person else 0
        mine = [p for p in self._top.pieces if p.has_line and p.product == product]
        mine.sort(key=lambda piece: (piece.charged_at, piece.id), reverse=True)
        intents: list[Intent] = []
        for piece in mine[: over - bagged]:
            self._decisions.leave(piece)
            intents += [] if by_person else self._decisions.ask(piece, Why.MISSING)
        return intents
