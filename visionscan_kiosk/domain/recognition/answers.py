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
    """Takes a person at their word; while a line is being written, they are not asked."""

    def __init__(self, top: Countertop, books: Books, decisions: Decisions, identity: Identity) -> None:
        self._top, self._books, self._decisions, self._identity = top, books, decisions, identity

    def answer(self, piece: Piece, product: UUID) -> list[Intent]:
        """Charge it as this product: one more unit, or in place of what it is charged as."""
        if piece.state is PieceState.ADDING:
            return []
        replaced = _replaced_by(piece)
        if replaced is not None and replaced.product == product:
            self.same(piece, None)
            return []
        piece.is_said = True
        if not piece.has_line or piece.product is None:
            return self._decisions.add(piece, product)
        if piece.product != product:
            return self._decisions.exchange(piece, piece.product, product)
        self._decisions.bind(piece, product)
        return []

    def instead(self, piece: Piece) -> list[Intent]:
        """It is the piece that was charged there as another product: that unit is what the code says.

        While an operation of that piece waits, the question stays.
        """
        product, replaced = piece.product, _replaced_by(piece)
        if product is None or replaced is None or self._books.is_waiting(replaced):
            return []
        charged = self._unite(piece) or piece
        charged.is_said = True
        if not charged.has_line or charged.product is None:
            return self._decisions.add(charged, product)
        return self._decisions.exchange(charged, charged.product, product)

    def same(self, piece: Piece, product: UUID | None) -> None:
        """It is a piece that is charged already; `product`: as which, where that was not known."""
        if piece.state is not PieceState.ASKED or self._unite(piece) is not None:
            return
        piece.product = known = piece.product or product or piece.hint
        if known is not None and self._books.unplaced(known, self._top.pieces) > 0:
            self._decisions.take_unit(piece, known)
        elif known is not None and self._books.bagged[known] > 0 and _replaced_by(piece) is None:
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

    def _unite(self, piece: Piece) -> Piece | None:
        """Let it be the piece that it may be, in view or in the bag; return that one."""
        other = piece.maybe
        if other is None:
            return None
        if other in self._top.pieces:
            self._are_one(piece, other)
            return other
        if other.product is None or self._books.bagged[other.product] <= 0:
            return None
        return self._take_from_bag(piece, other.product)

    def _take_from_bag(self, piece: Piece, product: UUID) -> Piece:
        self._books.bag(product, -1)
        self._decisions.bind(piece, product)
        return piece

    def _are_one(self, piece: Piece, other: Piece) -> None:
        """That it lies elsewhere now is no news to who said so."""
        self._identity.merge(piece, other)
        other.is_moved = False


def _replaced_by(piece: Piece) -> Piece | None:
    """Return the piece, charged as another product, that lay where this one's code was read."""
    return piece.maybe if piece.why in (Why.SWAPPED, Why.NO_PRODUCT) else None
