"""Follows what lies on the counter: tells it what eyes, basket and people did, and does what it decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import (
    AddPiece,
    Ask,
    ExchangePiece,
    Found,
    Intent,
    Notice,
    Warn,
)
from visionscan_kiosk.domain.recognition.looks import Look, Scene
from visionscan_kiosk.domain.recognition.piece import CHARGED, Page, Piece, PieceState, Why
from visionscan_kiosk.gui.flow.basket_changes import Addition
from visionscan_kiosk.gui.flow.charges import Charges
from visionscan_kiosk.gui.flow.closer_look import CloserLook
from visionscan_kiosk.gui.flow.coded_goods import CodedGoods
from visionscan_kiosk.gui.flow.confirmations import Confirmations
from visionscan_kiosk.gui.flow.counter_books import CounterBooks
from visionscan_kiosk.gui.flow.counter_looks import (
    GoodsLook,
    codes_of,
    look_at_goods,
    still_look,
    things_of,
)
from visionscan_kiosk.gui.flow.goods_tray import GoodsTray, TrayActions
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.piece_questions import SURE_AT_MOST, PieceQuestions
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.tray_contents import Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.views import OutlineView
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.sight import SeenCode, SeenThing

_PICTURE = 1280, 720


@dataclass(frozen=True, slots=True)
class GoodsActions:
    """What followed goods lead to. `take_back` takes one unit out and says for which addition.

    `changed`: what lies there, or what it is to the basket, may be another than before.
    """

    add: Callable[[Sequence[Addition]], None]
    exchange: Callable[[UUID, Addition], None]
    take_back: Callable[[UUID, UUID], None]
    changed: Callable[[], None]
    session_id: Callable[[], UUID | None]
    code_found: Callable[[SeenCode], None]
    new_product: Callable[[str, int | None], None]


class GoodsFlow:
    """Joins the counter with eyes, basket, tray and outlines. What each piece is, only the counter knows."""

    def __init__(self, around: Surroundings, status: Status, trays: Trays, actions: GoodsActions) -> None:
        self._around = around
        self._status = status
        self._actions = actions
        self.counter = Counter(*_PICTURE)
        self._known = KnownGoods()
        self._confirmations = Confirmations(around)
        self._coded = CodedGoods(around, trays, self._confirmations, self._change_piece)
        self.books = CounterBooks(around, self.counter)
        questions = PieceQuestions(self._known)
        self.charges = Charges(around, self.counter, self.books, self._known, self._follow, questions.doubt)
        self._tray = GoodsTray(around, trays, self.counter, self._known, questions, self._tray_actions())
        self._closer_look = CloserLook(around, self.counter, self._known, self._looked_closer)
        self._ticket: Ticket | None = None
        self._heard: set[int] = set()
        self._moved: dict[int, UUID | None] = {}

    @property
    def outlines(self) -> tuple[OutlineView, ...]:
        """What is outlined now: pieces whose place is known, each as what it is to the basket."""
        return self._tray.outlines

    @property
    def is_open(self) -> bool:
        """Whether a person still has to say something about goods that were seen."""
        return any(piece.state is PieceState.ASKED for piece in self.counter.unsettled)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was seen is charged, or left by a person."""
        return not self.counter.unsettled

    @property
    def is_quiet(self) -> bool:
        """Whether besides nothing is just being put down that was not looked at yet."""
        return self.is_settled and not self.counter.is_just_put_down

    @property
    def put_down_meanwhile(self) -> tuple[str, ...]:
        """The names of goods that came to lie there while another page is open; empty for unknown ones."""
        return tuple(self._known.name(piece.product) for piece in self.counter.put_down_meanwhile)

    # ---- what the eyes report ------------------------------------------------------------------

    def glanced(self, look: Look, codes: Sequence[SeenCode], size: tuple[int, int]) -> None:
        """Take the report of one live picture of this width and height."""
        self.counter.picture_is(*size)
        self._known.read(codes)
        if not self.charges.has_opened:
            return  # what lies there is compared with what was kept of the open basket
        intents = self.counter.look(look)
        if look.scene is Scene.MOVING:
            self._coded.moved()
        if self.counter.knows_counter:
            self._status.counter(is_known=True)
        self._follow(intents)

    def look(self, stills: Sequence[Frame]) -> None:
        """Recognise what lies still, without the model; a newer scene replaces this one."""
        if self._ticket is not None:
            self._ticket.drop()
        services, finder = self._around.services, self._around.finder
        session_id = self._actions.session_id()
        self._ticket = self._around.tasks.run(
            Lane.VISION,
            lambda: look_at_goods(services, stills, finder, session_id),
            self._looked,
            self._look_failed,
        )

    def learn_counter(self, learn: Callable[[], None]) -> None:
        """A person says that nothing lies there; a code that is read there says that it does."""
        piece = self.counter.read_now
        if piece is None:
            learn()
            self._follow(self.counter.counter_learned())
        self._tray.counter_learned(piece)

    def counter_lost(self) -> None:
        """The camera sees another place than the counter that was learned."""
        self.counter.counter_lost()
        self._follow([])

    def _looked(self, look: GoodsLook) -> None:
        self._ticket = None
        if not self.charges.has_opened:
            return
        self._known.learn(look.products)
        things = look.sight.things
        seen = things_of(things, look.to_add)
        at = look.first.captured_at
        codes = codes_of(look.sight)
        self._known.read(codes)
        intents = self.counter.look(still_look(at, seen, codes, look.covered))
        self._known.assign(self.counter.pieces, [thing for thing in things if not thing.is_whole_picture])
        self._tray.whole_picture(things)
        self._follow([*intents, *self._labelled()])
        self._coded.came_to_rest(look.first.image, things)
        self._closer_look.look_at(self.counter.pieces)

    def _labelled(self) -> list[Intent]:
        """A later look knows less than the label that was read before."""
        intents: list[Intent] = []
        for piece in self.counter.pieces:
            thing = self._known.thing(piece.id)
            if thing is not None and self._known.is_labelled(piece.id):
                candidates = tuple(candidate.product_id for candidate in thing.product.candidates)
                if candidates != piece.candidates:
                    intents += self.counter.looked_closer(piece.id, candidates)
        return intents

    def _leave_what_was_several(self) -> None:
        """Things that touched were moved apart: each is asked about by itself."""
        for piece in [piece for piece in self.counter.questions if not piece.is_there]:
            thing = self._known.thing(piece.id)
            came = [other for other in self.counter.pieces if other.born >= piece.seen_at]
            if thing is not None and thing.product.is_touching and len(came) > 1:
                self.counter.leave(piece.id)

    def _look_failed(self, error: KioskError) -> None:
        self._ticket = None
        if isinstance(error, Unavailable):
            self._status.database(is_away=True)

    def _looked_closer(self, piece: Piece, thing: SeenThing, products: Mapping[UUID, Product]) -> None:
        """Its label was read: the question that is open knows better, or there is one now."""
        self._known.learn(products)
        self._known.is_closer(piece.id, thing)
        candidates = tuple(candidate.product_id for candidate in thing.product.candidates)
        self._follow(self.counter.looked_closer(piece.id, candidates))

    # ---- where the person is -------------------------------------------------------------------

    def page(self, page: Page) -> None:
        """Another page is open."""
        self._follow(self.counter.page(page))

    def ended(self, *, is_sold: bool) -> None:
        """The customer is gone: nothing of this is asked any more."""
        self._coded.leave()
        self._moved.clear()
        self.charges.ended(is_sold=is_sold)
        self._tray.leave()
        self._follow([])

    # ---- what a person says --------------------------------------------------------------------

    def is_counted(self, box: Box | None) -> bool:
        """Whether what lies here is in the basket already."""
        piece = self.counter.piece_at(box) if box is not None else None
        return piece is not None and piece.state in CHARGED

    def answer(self, question: Question, product_id: UUID) -> None:
        """A person said what a thing is: it is added, and the till learns how it looks."""
        piece = self._piece_of(question)
        if piece is not None and piece.state in CHARGED and piece.product == product_id:
            return
        if piece is None:
            undo = self._learn(None, question.thing, product_id)
            self._tray.left(question)
            if question.thing is not None and question.piece is None:
                self.counter.named(product_id)
            self._actions.add([_by_hand(question, product_id, question.quantity, undo)])
            self._follow([])
            return
        intents = self._say(piece, question.thing, product_id)
        self._follow(intents)
        if intents and question.quantity > 1:
            self._actions.add([_by_hand(question, product_id, question.quantity - 1, None)])

    def _say(self, piece: Piece, thing: SeenThing | None, product_id: UUID) -> list[Intent]:
        """Tell the counter; only what it takes up is learned from."""
        intents = self.counter.answer(piece.id, product_id)
        if intents:
            self.charges.said(piece.id, self._learn(piece, thing, product_id))
        return intents

    def leave(self, question: Question) -> None:
        """A person left a question: the thing is not asked about again while it lies there."""
        piece = self.counter.piece(question.piece) if question.piece is not None else None
        if piece is None:
            self._tray.left(question)
        elif piece.why in (Why.ANOTHER, Why.SWAPPED):
            self.counter.same(piece.id)
        else:
            self.counter.leave(piece.id)
        self._follow([])

    def act(self, question: Question) -> None:
        """The button of a question: it is what lay there, else the shop gets a product with this code."""
        if question.piece is not None and question.tiles:
            self._instead(question.piece)
        else:
            self._actions.new_product(question.detected_name, question.piece)

    def _instead(self, piece_id: int) -> None:
        intents = self.counter.instead(piece_id)
        for intent in intents:
            if isinstance(intent, AddPiece | ExchangePiece):
                self.charges.said(intent.piece, None)
        self._follow(intents)

    def tapped(self, piece_id: int) -> None:
        """An outline was tapped: show what can be done with its piece."""
        self._tray.tapped(piece_id)

    def decide_now(self) -> None:
        """Nobody waits any longer: what is undecided is asked about."""
        self._follow(self.counter.decide_now())

    def _learn(
        self, piece: Piece | None, thing: SeenThing | None, product_id: UUID
    ) -> Callable[[], None] | None:
        """Nothing is learned from the looks of what has a code: that is compared once it lies still."""
        if thing is None or (piece is not None and piece.code is not None):
            return None
        return self._confirmations.confirm(thing, product_id, self._actions.session_id())

    def _piece_of(self, question: Question) -> Piece | None:
        """The piece that a question is about; the model's questions name a place, or only the picture."""
        thing = question.thing
        if question.piece is not None or thing is None or not self.counter.knows_counter:
            return self.counter.piece(question.piece) if question.piece is not None else None
        box = thing.product.box
        if box is None or thing.is_whole_picture:
            return self.counter.only_thing
        found = self.counter.piece_at(box) or self.counter.thing_at(box)
        return found if found.state is not PieceState.SOLD else None

    def _change_piece(
        self, piece_id: int, before: UUID, product_id: UUID, seen: SeenThing, undo: Callable[[], None]
    ) -> None:
        """What has a code is another product, a person says; its piece may be gone by now."""
        if self.counter.piece(piece_id) is not None:
            intents = self.counter.answer(piece_id, product_id)
            if intents:
                self.charges.said(piece_id, undo)
            else:
                undo()
            self._follow(intents)
            return
        confidence = min(seen.product.confidence, SURE_AT_MOST)
        self._actions.exchange(before, Addition(product_id, 1, seen.product.matched_from, confidence, undo))

    # ---- what is to be done --------------------------------------------------------------------

    def _follow(self, intents: Sequence[Intent]) -> None:
        """Do what the counter decided, and show what it is like now."""
        additions: list[Addition] = []
        for intent in intents:
            match intent:
                case AddPiece():
                    additions.append(self._addition(intent))
                case ExchangePiece():
                    self._actions.exchange(intent.before, self._addition(intent))
                case Found():
                    self._found(intent)
                case Warn():
                    self._warn(intent)
                case Ask():
                    pass  # shown with all questions
                case _:
                    assert_never(intent)
        if additions:
            self._actions.add(additions)
        asked = {intent.piece for intent in intents if isinstance(intent, Ask)}
        self._show(has_new=bool(asked - self._heard))
        self._heard = {piece.id for piece in self.counter.questions}

    def _show(self, *, has_new: bool) -> None:
        self._leave_what_was_several()
        self._tray.show(has_new=has_new)
        self.books.note()
        self._actions.changed()

    def _addition(self, intent: AddPiece | ExchangePiece) -> Addition:
        addition, is_coded = self.charges.addition(intent)
        product = self._known.products.get(intent.product)
        if not is_coded or product is None:
            return addition
        undone = self._coded.counted(intent.piece, product, self._actions.session_id())
        return self.charges.with_undone(addition, undone)

    def _warn(self, warning: Warn) -> None:
        if warning.what is Notice.NO_COUNTER:
            self._status.counter(is_known=False)
        else:
            self._moved[warning.piece] = warning.product
            self._tray.moved(warning.piece, warning.product)

    def _one_more(self, piece_id: int) -> None:
        self._follow(self.counter.one_more(piece_id, self._moved.get(piece_id)))

    def _found(self, intent: Found) -> None:
        code = self._known.code(intent.text)
        if code is not None:
            self._actions.code_found(code)

    def _add_sure(self, pieces: Sequence[Piece]) -> None:
        """A person said so: it is learned, and one undo takes all of it back."""
        said = [self._say(piece, self._known.thing(piece.id), piece.candidates[0]) for piece in pieces]
        self._follow([intent for intents in said for intent in intents])

    def _tray_actions(self) -> TrayActions:
        return TrayActions(
            add_sure=self._add_sure,
            answer=self.answer,
            one_more=self._one_more,
            leave=self._leave_pieces,
            take_out=self._take_out,
            refresh=lambda: self._follow([]),
        )

    def _leave_pieces(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            self.counter.leave(piece.id)
        self._follow([])

    def _take_out(self, piece: Piece) -> None:
        if piece.product is not None:
            self._actions.take_back(piece.product, self.charges.to_be_taken_out(piece))


def _by_hand(
    question: Question, product_id: UUID, quantity: int, undone: Callable[[], None] | None
) -> Addition:
    return Addition(product_id, quantity, question.detected_name, question.confidence, undone)
