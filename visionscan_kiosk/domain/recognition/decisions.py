"""What is to be done about a piece: charge it, ask about it, or nothing."""

from __future__ import annotations

from math import inf
from uuid import UUID

from visionscan_kiosk.domain.recognition.books import Books
from visionscan_kiosk.domain.recognition.countertop import Countertop, is_open_thing
from visionscan_kiosk.domain.recognition.intents import (
    AddPiece,
    Ask,
    ExchangePiece,
    Found,
    Intent,
    Notice,
    Warn,
)
from visionscan_kiosk.domain.recognition.piece import Page, Piece, PieceState, Spot, Why

UNSURE_S = 0.5  # still seconds before a thing that looks like something is asked: most codes are read by then
UNKNOWN_S = 1.5  # still seconds before a thing that nobody knows is asked; its code may still be read
COVER_S = 5.0  # the same for what lies over a known piece: mostly a hand or a bag
RIM_S = 6.0  # the same for what touches the rim of the picture: an arm is not still for so long
ANOTHER_S = 3.0  # still seconds before "the same piece or another one" is asked
FOR_GOOD = (Why.STILL_HERE, Why.UNKNOWN)  # what is left then is not asked about for each customer
CARRIED_S = 1.0  # from the first to the last read of what a hand carries out of the picture
LIMBO_S = 2.0  # seconds between "its place is bare" and "it lies there" that are one movement


class Decisions:
    """Changes what pieces are to the basket; says what the till has to do for it."""

    def __init__(self, top: Countertop, books: Books) -> None:
        self._top, self._books = top, books

    # ---- single steps --------------------------------------------------------------------------

    def add(self, piece: Piece, product: UUID) -> list[Intent]:
        """Charge it as this product; how it came to lie there is no news."""
        self._is_on_its_way(piece, product)
        piece.is_moved = False
        return [AddPiece(self._books.send(piece, product), piece.id, product)]

    def _is_on_its_way(self, piece: Piece, product: UUID) -> None:
        piece.session, piece.state, piece.why, piece.maybe = self._top.session, PieceState.ADDING, None, None
        piece.product, piece.key, piece.keeps_line, piece.hint = product, product, False, None

    def exchange(self, piece: Piece, before: UUID, product: UUID) -> list[Intent]:
        """Charge it as this product in place of what it was taken for; one operation at a time."""
        if self._books.is_waiting(piece):
            return []
        return [ExchangePiece(self._books.send(piece, product, before), piece.id, before, product)]

    def correct(self, piece: Piece, charged: UUID, product: UUID) -> list[Intent]:
        """Its code says another product than it is charged as: looks give way, a person is asked."""
        if piece.is_said:
            return self.doubt(piece, charged, product)
        return self.exchange(piece, charged, product)

    def ask(self, piece: Piece, why: Why) -> list[Intent]:
        """Make it a question."""
        piece.state, piece.why, piece.was_asked = PieceState.ASKED, why, True
        products = (piece.product,) if piece.product and piece.may_add else piece.candidates
        other = piece.maybe.product if piece.maybe is not None and why is not Why.SWAPPED else None
        first = [product for product in (piece.hint, other) if product is not None]
        return [Ask(piece.id, why, tuple(dict.fromkeys((*first, *products))))]

    def ask_at_once(self, piece: Piece) -> list[Intent]:
        """Ask about what nothing more will be seen of, or what nobody waits for any longer."""
        if piece.maybe is not None:
            return self.ask(piece, Why.ANOTHER)
        if piece.key is None:
            return self._ask_about_thing(piece)
        return self.ask(piece, Why.NO_PRODUCT if piece.product is None else Why.MEANWHILE)

    def _ask_about_thing(self, piece: Piece) -> list[Intent]:
        """Ask what it is, or whether it is the unit that a person entered just before."""
        piece.hint = self._entered_for(piece)
        if piece.hint is not None:
            return self.ask(piece, Why.ANOTHER)
        return self.ask(piece, Why.WHICH if piece.candidates else Why.UNKNOWN)

    def refused(self, piece: Piece) -> list[Intent]:
        """Its line was not written, and will not be."""
        self._follow_again(piece)
        return self.ask(piece, Why.REFUSED)

    def not_exchanged(self, piece: Piece, before: UUID, product: UUID) -> list[Intent]:
        """Its exchange was refused: which of both it is stays open; its line stands until then."""
        is_in_bag = piece not in self._top.pieces
        if not piece.has_line or piece.product != before or (is_in_bag and not self._books.bagged[before]):
            return []  # its line was taken out meanwhile
        self._books.bag(before, -is_in_bag)
        self._follow_again(piece)
        return self.doubt(piece, before, product)

    def doubt(self, piece: Piece, charged: UUID, product: UUID) -> list[Intent]:
        """Ask which of both it is; its line stands until that is known."""
        piece.keeps_line, piece.may_add = True, False
        piece.candidates = tuple(dict.fromkeys((product, charged, *piece.candidates)))
        return self.ask(piece, Why.WHICH)

    def _follow_again(self, piece: Piece) -> None:
        if piece not in self._top.pieces:
            piece.is_there = False
            self._top.pieces.append(piece)

    def leave(self, piece: Piece) -> None:
        """It is not to be charged, and not asked about again."""
        piece.was_charged, piece.keeps_line, piece.hint, piece.is_said = piece.has_line, False, None, False
        piece.is_left_for_good = piece.is_left_for_good or piece.why in FOR_GOOD
        piece.state, piece.why, piece.maybe, piece.was_asked = PieceState.LEFT, None, None, True
        if not piece.is_there:
            self._top.drop(piece)

    def take_unit(self, piece: Piece, product: UUID) -> None:
        """It is a unit that the basket holds, or that a person entered and that is on its way."""
        piece.is_said = True
        is_held = self._books.held_unplaced(product, self._top.pieces) > 0
        if not is_held and self._books.reserve(piece, product):
            self._is_on_its_way(piece, product)
        else:
            self.bind(piece, product)

    def bind(self, piece: Piece, product: UUID) -> None:
        """It is a unit that the basket holds already."""
        piece.keeps_line, piece.hint = False, None
        piece.is_moved = piece.is_moved and piece.state is PieceState.ADDING
        piece.state, piece.why, piece.maybe = PieceState.IN_BASKET, None, None
        piece.product = piece.key = product
        piece.session, piece.charged_at = self._top.session, self._top.now
        if piece not in self._top.pieces or not piece.is_there:
            self._books.bag(product)
            self._books.hidden[product] += piece in self._top.pieces and not piece.has_lain
            self._top.drop(piece)

    def gone(self, piece: Piece) -> list[Intent]:
        """It was taken away. A question about it stays; what was charged is in the bag."""
        if is_open_thing(piece) and (named := self._named(piece)) is not None:
            self._top.absorb(named, piece)
            return []
        if piece.state is PieceState.SEEN and self._top.is_open and self._is_owed(piece):
            asked = self.ask_at_once(piece)
            piece.is_there = False
            return asked
        if piece.state is PieceState.ASKED and not self._takes_its_question_along(piece):
            piece.is_there = False
            return []
        self._top.drop(piece)
        self._take_along(piece)
        if piece.state is PieceState.IN_BASKET and piece.product:
            self._books.bag(piece.product)
        elif was_taken_out(piece) and piece.product:
            self._books.taken_out[piece.product] += 1
        return []

    def _take_along(self, piece: Piece) -> None:
        """What was read of it on its way out, and never lay still, is itself."""
        for other in [other for other in self._top.lying() if other.maybe is piece]:
            if other.state is PieceState.SEEN and other.spot is not Spot.SURE and not other.has_lain:
                self._top.drop(other)

    def _takes_its_question_along(self, piece: Piece) -> bool:
        """What was not theirs is gone, and so is a bag or a hand."""
        return piece.why in (Why.STILL_HERE, Why.MISSING) or self._top.is_cover(piece)

    def returned(self, piece: Piece) -> None:
        """It was not taken away after all."""
        if piece.state is PieceState.IN_BASKET and piece.product:
            self._books.bag(piece.product, -1)
        elif was_taken_out(piece) and piece.product:
            self._books.taken_out[piece.product] -= 1
        self._top.pieces.append(piece)

    def _named(self, thing: Piece) -> Piece | None:
        """Return the piece with a name that a nameless thing turned out to be, or gave way to."""
        return next((p for p in self._top.lying() if p.maybe is thing and p.key is not None), None)

    def _is_owed(self, piece: Piece) -> bool:
        """Whether what is taken before it was decided has to be asked about."""
        if piece.page is Page.OTHER and self._top.page is Page.OTHER:
            return False  # it was that page's business from beginning to end
        if piece.key is None:
            is_put_down = piece.has_lain and not self._top.is_cover(piece)
        else:
            is_put_down = piece.has_lain or not self._is_carried_off(piece)
        return is_put_down and not self._may_be_moved(piece)

    def _is_carried_off(self, piece: Piece) -> bool:
        """Whether it is a known piece in the hand that took it, read on its way out."""
        other = piece.maybe
        if other is None or not other.is_kind_of(piece) or piece.seen_at - piece.born > CARRIED_S:
            return False
        return other.spot is Spot.BARE or (other.spot is Spot.DOUBT and other.touched_at >= piece.born)

    def _may_be_moved(self, piece: Piece) -> bool:
        """Whether a piece that this one may be is still on its way."""
        other = piece.maybe
        if other is None or other.is_replaced or other.spot is not Spot.BARE:
            return False
        return other.still_s <= LIMBO_S and (piece.is_kind_of(other) or not piece.has_lain)

    # ---- all of them ---------------------------------------------------------------------------

    def settle(self) -> list[Intent]:
        """Charge or ask whatever is known well enough, while a basket and its page are open."""
        intents: list[Intent] = []
        for piece in [piece for piece in self._top.lying() if piece.spot is Spot.SURE]:
            if self._top.may_ask:
                intents += self._note_moved(piece) + self._settle(piece)
            elif self._top.page is Page.OTHER:
                intents += self._find(piece)
        return intents

    def _find(self, piece: Piece) -> list[Intent]:
        is_new = piece.page is Page.OTHER and piece.state is PieceState.SEEN and piece.maybe is None
        if not is_new or piece.is_found or piece.code is None or piece.reads < 2:
            return []
        piece.is_found = True
        return [Found(piece.id, piece.text, piece.product)]

    def _note_moved(self, piece: Piece) -> list[Intent]:
        if not piece.is_moved or self._top.still_s <= 0:
            return []
        piece.is_moved = False
        if piece.state is PieceState.IN_BASKET:
            return [Warn(Notice.MOVED, piece.id, piece.product)]
        if piece.state in (PieceState.SOLD, PieceState.LEFT) and self._is_old(piece):
            piece.was_asked, piece.is_left_for_good, piece.state = False, False, PieceState.LEFT
        return []

    def _settle(self, piece: Piece) -> list[Intent]:
        if piece.state is PieceState.LEFT and self._is_old(piece) and not piece.was_asked:
            if piece.key is None and (piece.is_belonging or self._top.still_s <= UNKNOWN_S):
                return []
            piece.session = self._top.session
            return self.ask(piece, Why.STILL_HERE)
        if piece.state is not PieceState.SEEN or piece.maybe is not None:
            return []
        return self._settle_thing(piece) if piece.key is None else self._settle_known(piece)

    def _settle_thing(self, piece: Piece) -> list[Intent]:
        entered = self._entered_for(piece)
        if entered is not None and self._books.take_name(entered, piece.born):
            self.take_unit(piece, entered)
            return []
        if piece.is_belonging or self._top.still_s <= self._is_asked_after(piece):
            return []
        return self._ask_about_thing(piece)

    def _is_asked_after(self, thing: Piece) -> float:
        """Return the still seconds after which it is no hand and no bag, and no code will be read on it."""
        lies_over, reaches_in = self._top.lies_over(thing), self._top.reaches_in(thing.place)
        if lies_over and reaches_in:
            return inf
        if lies_over or reaches_in:
            return RIM_S if reaches_in else COVER_S
        if thing.candidates:
            return UNSURE_S
        return UNKNOWN_S if thing.was_looked_at else 2 * UNKNOWN_S

    def _entered_for(self, thing: Piece) -> UUID | None:
        """Return the product that a person entered just before this thing was put down, and nothing else."""
        products = [one for one in self._books.entered_before(thing.born) if self._is_free(one)]
        fits = len(products) == 1 and (not thing.candidates or products[0] in thing.candidates)
        if not fits or thing is not self._top.only_thing or self._top.is_cover(thing):
            return None
        return products[0]

    def _is_free(self, product: UUID) -> bool:
        return self._books.unplaced(product, self._top.pieces) > 0

    def _settle_known(self, piece: Piece) -> list[Intent]:
        if piece.reads < 2 or self._books.sought[piece.text] > 0:
            return []
        product, was_elsewhere = piece.product, self._was_elsewhere(piece)
        piece.session = self._top.session
        if product is None or not piece.may_add:
            return self.ask(piece, Why.WHICH if product else Why.NO_PRODUCT)
        if self._books.is_unclear(product, piece.born):
            return self.ask(piece, Why.ANOTHER)
        if self._books.unplaced(product, self._top.pieces) > 0:
            return self._claim(piece, product)
        if piece.is_from_start or was_elsewhere:
            return self.ask(piece, Why.STILL_HERE if piece.is_from_start else Why.MEANWHILE)
        is_known = self._books.take_hidden(product)
        return self.ask(piece, Why.ANOTHER) if is_known else self.add(piece, product)

    def _claim(self, piece: Piece, product: UUID) -> list[Intent]:
        """The basket holds a unit of it that no piece backs: is it this one?"""
        if self._books.is_entered(product, piece.born):
            self.take_unit(piece, product)
            return []
        is_due = not piece.is_from_start or self._top.still_s > ANOTHER_S
        return self.ask(piece, Why.ANOTHER) if is_due else []

    def _was_elsewhere(self, piece: Piece) -> bool:
        """Whether it was put down for another page, or is packed again after it was sold."""
        return piece.page is Page.OTHER or (self._is_old(piece) and piece.product in self._books.just_sold)

    def _is_old(self, piece: Piece) -> bool:
        return piece.session != self._top.session


def was_taken_out(piece: Piece) -> bool:
    """Whether a line of it was taken out."""
    return piece.state is PieceState.LEFT and piece.was_charged
