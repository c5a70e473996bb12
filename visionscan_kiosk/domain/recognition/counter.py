"""The counter: one aggregate for what lies before the camera and what each piece is to the basket.

Pure: time and everything seen are passed in, in seconds and pixels. What cannot be decided is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.answers import Answers
from visionscan_kiosk.domain.recognition.bare_places import BarePlaces
from visionscan_kiosk.domain.recognition.basket_changes import BasketChanges
from visionscan_kiosk.domain.recognition.books import Books, Entering, Operation
from visionscan_kiosk.domain.recognition.code_sightings import CodeSightings
from visionscan_kiosk.domain.recognition.countertop import Countertop, is_open_thing
from visionscan_kiosk.domain.recognition.decisions import Decisions
from visionscan_kiosk.domain.recognition.forgetting import Forgetting
from visionscan_kiosk.domain.recognition.identity import Identity
from visionscan_kiosk.domain.recognition.intents import Intent, Notice, Warn
from visionscan_kiosk.domain.recognition.looks import Look, Scene
from visionscan_kiosk.domain.recognition.outlines import outlines_of
from visionscan_kiosk.domain.recognition.piece import (
    Memory,
    Outline,
    Page,
    Piece,
    PieceState,
    Spot,
    Why,
)
from visionscan_kiosk.domain.recognition.remembering import recall, remember
from visionscan_kiosk.domain.recognition.thing_sightings import ThingSightings

UNSEEN_S = 0.4  # of rest, without an empty counter: what was not read for so long is gone with its customer
READ_NOW_S = 1.0  # since a code was read: so long its piece lies there for sure


class Counter:
    """`width`, `height`: of the picture in pixels. Methods take what happened, return what is to be done."""

    def __init__(self, width: float, height: float, new_id: Callable[[], UUID] = uuid4) -> None:
        self._top, self._books = Countertop(width, height), Books(new_id)
        self._decisions = Decisions(self._top, self._books)
        self._changes = BasketChanges(self._top, self._books, self._decisions)
        self._identity = Identity(self._top, self._decisions)
        self._answers = Answers(self._top, self._books, self._decisions, self._identity)
        self._codes = CodeSightings(self._top, self._decisions)
        self._things = ThingSightings(self._top)
        self._places = BarePlaces(self._top, self._decisions, self._identity)
        self._forgetting = Forgetting(self._top)
        self._has_warned = False

    # ---- what the basket did -------------------------------------------------------------------

    def opened(
        self,
        at: float,
        basket: Mapping[UUID, int] | None = None,
        memory: Memory | None = None,
        entered: Iterable[Entering] = (),
    ) -> list[Intent]:
        """A basket is open at this time. `basket`, `memory`: what a restart found; that is a long blink.

        `entered`: what a person entered for it before it was open.
        """
        top = self._top
        top.now, top.opened_at, self._has_warned = max(at, top.now), at, False
        top.session, top.is_open = top.session + 1, True
        self._books.open(basket or {}, memory.bagged if memory else {})
        if memory is not None:
            top.pieces = []  # what was seen before is among what is remembered, and is seen again
            top.has_moved_since_start = recall(top, memory) or top.has_moved_since_start
        self._learn_what_became_of_operations(has_memory=memory is not None)
        intents = self._see_what_is_missing()
        for entering in entered:
            self._changes.enter(entering)
        return intents + self._decisions.settle()

    def _see_what_is_missing(self) -> list[Intent]:
        """The basket may have been changed by others while the program did not run."""
        charged = [piece.product for piece in self.pieces if piece.product is not None]
        products = dict.fromkeys((*self._books.bagged, *charged))
        return [intent for p in products for intent in self._changes.take_out(p, by_person=False)]

    def _learn_what_became_of_operations(self, *, has_memory: bool) -> None:
        """What was being added when the program ended stands in the basket or does not."""
        for piece in [piece for piece in self._top.pieces if piece.state is PieceState.ADDING]:
            if piece.product is not None and self._unplaced(piece.product) > 0:
                self._decisions.bind(piece, piece.product)
            elif has_memory:
                piece.state = PieceState.SEEN

    def ended(self, *, sold: bool) -> None:
        """The customer is gone: what lies there is sold or left, what was seen gone is forgotten."""
        self._books.close(sold=sold)
        self._top.is_open = False
        for piece in list(self._top.pieces):
            if not piece.is_there or self._is_lost(piece):
                self._top.drop(piece)
            elif piece.state is not PieceState.SOLD:
                is_sold = sold and piece.has_line
                piece.state = PieceState.SOLD if is_sold else PieceState.LEFT
                piece.why, piece.maybe, piece.was_charged, piece.keeps_line = None, None, False, False
                piece.hint = None
                piece.was_asked = is_sold or piece.is_left_for_good

    def _is_lost(self, piece: Piece) -> bool:
        """Without an empty counter nobody sees who is gone: what is not read at rest is taken for gone."""
        is_unseen = piece.spot is not Spot.SURE and piece.still_s > UNSEEN_S
        return is_unseen and not self._top.knows_counter

    def entered(self, entering: Entering) -> None:
        """A person entered units; `added` or `refused` tells what became of them."""
        if self._top.is_open:
            self._changes.enter(entering)

    def seeks(self, code: str) -> None:
        """A person entered a code whose product is looked up: no piece with it is decided until `found`."""
        self._books.sought[code] += 1

    def found(self, code: str) -> None:
        """It was looked up."""
        self._books.sought[code] -= 1

    def added(self, operation_id: UUID) -> list[Intent]:
        """A line was written, or an exchange made. An id that nobody knows any more is ignored.

        Its code may have been read meanwhile, and may say that it is another product.
        """
        units = self._books.arrived(operation_id)
        if units is not None:
            self._changes.arrived(units)
            return []
        operation = self._books.answered(operation_id)
        if operation is None or not self._is_open_for(operation):
            return []
        piece, coded = operation.piece, operation.piece.product
        self._books.change(operation.product, 1)
        if operation.before is not None:
            self._books.change(operation.before, -1)
            self._books.bag(operation.before, -(piece not in self._top.pieces))
        self._decisions.bind(piece, operation.product)
        is_coded = piece.code is not None and coded is not None and operation.before is None
        if not is_coded or coded is None or coded == operation.product:
            return []
        piece.key = coded
        return self._decisions.correct(piece, operation.product, coded)

    def refused(self, operation_id: UUID) -> list[Intent]:
        """A line was not written, and will not be. An id that nobody knows any more is ignored."""
        units = self._books.arrived(operation_id)
        if units is not None:
            return [intent for piece in units.pieces for intent in self._decisions.refused(piece)]
        operation = self._books.answered(operation_id)
        if operation is None or not self._is_open_for(operation):
            return []
        if operation.before is None:
            return self._decisions.refused(operation.piece)
        return self._decisions.not_exchanged(operation.piece, operation.before, operation.product)

    def _is_open_for(self, operation: Operation) -> bool:
        return self._top.is_open and operation.session == self._top.session

    def undone(self, piece_id: int, *, asks_again: bool = False) -> list[Intent]:
        """A person took its line back. `asks_again`: it was another product; else it is not theirs."""
        piece = self.piece(piece_id)
        if piece is None or piece.state is not PieceState.IN_BASKET or piece.product is None:
            return []
        self._books.change(piece.product, -1)
        if asks_again:
            piece.product = piece.key = None
            return self._decisions.ask(piece, Why.WHICH if piece.candidates else Why.UNKNOWN)
        self._decisions.leave(piece)
        return []

    def exchanged(self, piece_id: int, before: UUID, product: UUID) -> list[Intent]:
        """A person exchanged a unit, or took an exchange back: of this piece, or out of sight without one."""
        piece = self.piece(piece_id)
        if piece is None:
            self._books.exchange(before, product)
            self._books.bag(before, -1)
            self._books.bag(product)
        elif piece.has_line and piece.product == before:
            self._books.exchange(before, product)
            self._decisions.bind(piece, product)
            piece.is_said = True
        return []

    def basket_is(
        self, basket: Mapping[UUID, int], *, by_person: bool, puts_back: bool = False
    ) -> list[Intent]:
        """The basket was changed by other than this object's operations: by hand here, or elsewhere.

        `puts_back`: a person put back what was taken out.
        """
        return self._changes.take(basket, by_person=by_person, puts_back=puts_back)

    def page(self, page: Page) -> list[Intent]:
        """Another screen is open."""
        self._top.page = page
        return self._decisions.settle()

    def _unplaced(self, product: UUID) -> int:
        return self._books.unplaced(product, self._top.pieces)

    # ---- what a person said --------------------------------------------------------------------

    def answer(self, piece_id: int, product: UUID) -> list[Intent]:
        """Charge it as this product: one more unit, or in place of what it is charged as."""
        piece = self.piece(piece_id)
        return self._answers.answer(piece, product) if piece is not None and self._top.is_open else []

    def instead(self, piece_id: int) -> list[Intent]:
        """Charge it in place of what was charged where its code was read."""
        piece = self.piece(piece_id)
        return self._answers.instead(piece) if piece is not None and self._top.is_open else []

    def same(self, piece_id: int, product: UUID | None = None) -> None:
        """It is a piece that is charged already; `product`: as which, where that was not known."""
        piece = self.piece(piece_id)
        if piece is not None:
            self._answers.same(piece, product)

    def one_more(self, piece_id: int, product: UUID | None = None) -> list[Intent]:
        """The note "moved" was wrong: this is another piece, and the one it was taken for is gone.

        `product`: of which the note was; when the piece is in the bag by now, one more of it is.
        """
        piece = self.piece(piece_id)
        if piece is not None:
            return self._answers.one_more(piece)
        if product is None or not self._top.is_open:
            return []
        return self._answers.one_more_out_of_sight(product)

    def leave(self, piece_id: int) -> None:
        """It is not to be charged, or not as another product."""
        piece = self.piece(piece_id)
        if piece is not None:
            self._answers.leave(piece)

    def decide_now(self) -> list[Intent]:
        """Nobody waits any longer: what keeps Pay and is not decided is asked about."""
        undecided = [piece for piece in self.unsettled if piece.state is PieceState.SEEN]
        intents: list[Intent] = []
        for piece in undecided if self._top.may_ask else []:
            piece.session = self._top.session
            intents += self._decisions.ask_at_once(piece)
        return intents

    # ---- what the eyes report ------------------------------------------------------------------

    def look(self, look: Look) -> list[Intent]:
        """Take one picture's report; one that was taken before the last movement is too late and ignored."""
        if look.at < self._top.moved_at:
            return []
        self._top.advance(look)
        if look.scene is Scene.BLIND:
            return []
        intents = self._warn_once(look)
        self._places.mark(look)
        intents += self._codes.take(look)
        self._things.take(look)
        intents += self._places.take(look)
        self._forgetting.take(look)
        self._top.note_loose_blobs(look)
        return intents + self._identity.take(look) + self._decisions.settle()

    def _warn_once(self, look: Look) -> list[Intent]:
        is_known = self._top.knows_counter or not self._top.pieces
        if self._has_warned or is_known or not look.is_rest:
            return []
        self._has_warned = True
        return [Warn(Notice.NO_COUNTER)]

    def picture_is(self, width: float, height: float) -> None:
        """The camera gives pictures of this size, in pixels."""
        self._top.width, self._top.height = width, height

    def looked_closer(self, piece_id: int, candidates: tuple[UUID, ...]) -> list[Intent]:
        """A label or a model knows more about a piece without a code."""
        piece = self.piece(piece_id)
        if piece is None or piece.code is not None or not candidates:
            return []
        piece.candidates, piece.was_looked_at, piece.is_belonging = candidates, True, False
        if piece.hint is not None and piece.hint not in candidates:
            piece.why, piece.hint = Why.WHICH, None
        if piece.state is PieceState.ASKED and piece.why in (Why.UNKNOWN, Why.WHICH):
            return self._decisions.ask(piece, Why.WHICH)
        return []

    def counter_learned(self) -> list[Intent]:
        """A person said that nothing lies there: a thing without a name is none, the others are gone."""
        intents: list[Intent] = []
        for piece in self._top.lying():
            if piece.key is None:
                self._top.drop(piece)
            else:
                intents += self._decisions.gone(piece)
        return intents

    def counter_lost(self) -> None:
        """The camera was moved: the learned empty counter means nothing any more."""
        self._top.knows_counter = False

    # ---- asked of it ---------------------------------------------------------------------------

    @property
    def knows_counter(self) -> bool:
        """Whether it can see what is bare."""
        return self._top.knows_counter

    @property
    def read_now(self) -> Piece | None:
        """Return a piece whose code is being read: the counter is not empty, whatever anybody says."""
        lying = (piece for piece in self._top.lying() if piece.code is not None)
        return next((piece for piece in lying if self._top.now - piece.read_at < READ_NOW_S), None)

    @property
    def has_rested(self) -> bool:
        """Whether it saw the counter at rest: what comes from now on did not lie there from the start."""
        return self._top.has_rested

    @property
    def pieces(self) -> list[Piece]:
        """All pieces, oldest first; to be read only."""
        return self._top.pieces

    def piece(self, piece_id: int) -> Piece | None:
        """Return the piece with this number, if it is still followed."""
        return self._top.piece(piece_id)

    def piece_at(self, box: Box) -> Piece | None:
        """Return the smallest piece there whose place holds the middle of a box."""
        under = (piece for piece in self._top.lying() if piece.place.holds(box))
        return min(under, key=lambda piece: piece.place.area, default=None)

    def thing_at(self, box: Box) -> Piece:
        """Follow a thing that a person was asked about before it came to rest; it lies there."""
        piece = self._top.new_piece(None, box)
        self._top.see(piece, body=box)
        return piece

    def named(self, product: UUID) -> None:
        """A person said what lies there before anything has come to rest; its unit is entered by hand."""
        if not any(is_open_thing(piece) for piece in self._top.lying()):
            self._books.announce(product, self._top.now)

    @property
    def only_thing(self) -> Piece | None:
        """Return the thing without a name that lies there, None when it is none or several."""
        return self._top.only_thing

    @property
    def questions(self) -> tuple[Piece, ...]:
        """Open questions, oldest first; also of pieces that were taken away meanwhile."""
        return tuple(piece for piece in self._top.pieces if piece.state is PieceState.ASKED)

    @property
    def unsettled(self) -> tuple[Piece, ...]:
        """What keeps Pay from going on without a word."""
        return tuple(piece for piece in self._top.pieces if self._keeps_pay(piece))

    def _keeps_pay(self, piece: Piece) -> bool:
        if piece.state is not PieceState.SEEN:
            return piece.state in (PieceState.ASKED, PieceState.ADDING)
        return piece.spot is not Spot.BARE and not self._top.is_cover(piece)

    @property
    def put_down_meanwhile(self) -> tuple[Piece, ...]:
        """What came to rest while a page is open that only waits, and is plainly no unit of the basket."""
        return tuple(piece for piece in self._top.lying() if self._waits_for_selling(piece))

    def _waits_for_selling(self, piece: Piece) -> bool:
        is_open = piece.state is PieceState.SEEN and self._keeps_pay(piece)
        is_known = piece.maybe is not None and piece.maybe.state is not PieceState.SEEN
        if not is_open or not piece.has_lain or is_known:
            return False
        return piece.product is None or self._unplaced(piece.product) <= 0

    @property
    def is_just_put_down(self) -> bool:
        """Whether something new lies free in a picture that moves: nobody could look at it yet."""
        return self._top.has_loose_blob

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """What to draw: CHARGED only where the piece was seen since the last movement."""
        return outlines_of(self._top)

    def memory(self, at: float) -> Memory:
        """Return what is to be kept with the open basket at this time, in seconds."""
        bagged = {product: count for product, count in self._books.bagged.items() if count > 0}
        return Memory(remember(self._top, at), bagged)
