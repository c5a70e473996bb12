"""What a person says of a piece, and what that makes it to the basket."""

from __future__ import annotations

from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.books import Books
from visionscan_kiosk.domain.recognition.countertop import Countertop
from visionscan_kiosk.domain.recognition.decisions import Decisions
from visionscan_kiosk.domain.recognition.identity import Identity
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.piece import OPEN, Piece, PieceState, Why

NOT_CHARGED = (PieceState.LEFT, PieceState.SOLD)


class Answers:
    """Takes a person at their word, once: what is said a second time changes nothing."""

    def __init__(self, top: Countertop, books: Books, decisions: Decisions, identity: Identity) -> None:
        self._top, self._books, self._decisions, self._identity = top, books, decisions, identity

    def answer(self, piece: Piece, product: UUID) -> list[Intent]:
        """Charge it as this product: one more unit, or in place of what it is charged as."""
        if piece.state is PieceState.ADDING:
            return []
        charged = self._charged_there(piece)
        if charged is not None and charged.product == product:
            self._are_one(piece, charged)
            return []
        piece.is_said = True
        if not piece.has_line or piece.product is None:
            return self._decisions.add(piece, product)
        if piece.product != product:
            return self._decisions.exchange(piece, piece.product, product)
        self._decisions.bind(piece, product)
        return []

    def instead(self, piece: Piece) -> list[Intent]:
        """It is the piece that was charged there as another product: that unit is what the code says."""
        if piece.product is None or piece.why is not Why.SWAPPED:
            return []
        product, before = piece.product, next(iter(piece.candidates), None)
        charged = self._charged_there(piece)
        if charged is not None:
            self._are_one(piece, charged)
        elif before is not None and self._books.bagged[before] > 0:
            charged = self._take_from_bag(piece, before)
        if charged is None or charged.product is None:
            return self.answer(piece, product)
        return self._decisions.exchange(charged, charged.product, product)

    def same(self, piece: Piece, product: UUID | None) -> None:
        """It is a piece that is charged already; `product`: as which, where that was not known."""
        if piece.state is not PieceState.ASKED:
            return
        piece.product = known = piece.product or product
        other = self._charged_there(piece) or piece.maybe
        if other is not None and other in self._top.pieces:
            self._are_one(piece, other)
        elif known is not None and self._books.unplaced(known, self._top.pieces) > 0:
            self._decisions.take_unit(piece, known)
        elif known is not None and self._books.bagged[known] > 0:
            self._take_from_bag(piece, known)
        else:
            self._decisions.leave(piece)

    def one_more(self, piece: Piece) -> list[Intent]:
        """It is another piece than the charged one that it was taken for, which is gone."""
        if piece.state is not PieceState.IN_BASKET or piece.product is None:
            return []
        self._books.bag(piece.product)
        return self._decisions.add(piece, piece.product)

    def one_more_out_of_sight(self, product: UUID) -> list[Intent]:
        """The same of a piece that is in the bag by now."""
        piece = self._top.new_piece(product, Box(0, 0, 1, 1))
        self._top.drop(piece)
        return self._decisions.add(piece, product)

    def leave(self, piece: Piece) -> None:
        """It is not to be charged, or not as another product; nor was what it may be, if left or sold."""
        if piece.state not in OPEN:
            return
        other = piece.maybe
        if piece.has_line and piece.product is not None:
            self._decisions.bind(piece, piece.product)
        elif other is not None and other in self._top.pieces and other.state in NOT_CHARGED:
            self._are_one(piece, other)
        else:
            self._decisions.leave(piece)

    def _charged_there(self, piece: Piece) -> Piece | None:
        return self._identity.replaced_by(piece) if piece.why is Why.SWAPPED else None

    def _take_from_bag(self, piece: Piece, product: UUID) -> Piece:
        self._books.bag(product, -1)
        self._decisions.bind(piece, product)
        return piece

    def _are_one(self, piece: Piece, other: Piece) -> None:
        """That it lies elsewhere now is no news to who said so."""
        self._identity.merge(piece, other)
        other.is_moved = False
