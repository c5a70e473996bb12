"""What the cashier sees of followed goods: the tray's questions and offers, notes, and outlines with taps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.money import ZERO
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState
from visionscan_kiosk.gui import goods_wording
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.piece_questions import PieceQuestions
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.flow.tray_contents import Doubt, Note, Offer, Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.flow.whole_picture import WholePicture
from visionscan_kiosk.gui.presenters import money, product_tile
from visionscan_kiosk.gui.views import OutlineView
from visionscan_kiosk.services.sight import SeenThing

_MOST_OFFERED = 4
READ_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class TrayActions:
    """What taps on goods lead to."""

    add_sure: Callable[[Sequence[Piece]], None]
    answer: Callable[[Question, UUID], None]
    one_more: Callable[[int], None]
    leave: Callable[[Sequence[Piece]], None]
    take_out: Callable[[Piece], None]
    refresh: Callable[[], None]


class GoodsTray:
    """Shows what the counter asks and knows; nothing is decided here."""

    def __init__(
        self,
        around: Surroundings,
        trays: Trays,
        counter: Counter,
        known: KnownGoods,
        questions: PieceQuestions,
        actions: TrayActions,
    ) -> None:
        self._around = around
        self._trays = trays
        self._counter = counter
        self._known = known
        self._questions = questions
        self._actions = actions
        self._whole = WholePicture(known)
        self._is_fetching = False
        self._nameless: set[UUID] = set()
        self._read_at = around.clock.seconds()

    @property
    def outlines(self) -> tuple[OutlineView, ...]:
        """The outlines of pieces whose place is known."""
        shown = ((self._counter.piece(one.piece), one) for one in self._counter.outlines)
        views = (self._questions.outline(piece, one.box, one.kind) for piece, one in shown if piece)
        in_question = self._trays.piece_in_question
        return tuple(replace(view, is_in_question=view.piece == in_question) for view in views)

    def show(self, *, has_new: bool) -> None:
        """Show what is open; `has_new` is heard."""
        asked = self._counter.questions
        self._fetch(self._counter.pieces)
        whole = self._whole.question(knows_counter=self._counter.knows_counter)
        questions = (*self._questions.unsure(asked), *((whole,) if whole is not None else ()))
        self._trays.show_goods(self._offer(self._offered()), questions, has_new=has_new)

    def whole_picture(self, things: Sequence[SeenThing]) -> None:
        """Take in what a picture as a whole looks like, while the empty counter is not known."""
        self._whole.saw(things)

    def left(self, question: Question) -> None:
        """A person left a question that no piece stands behind."""
        self._whole.left(question)

    def leave(self) -> None:
        """The customer is gone."""
        self._whole.leave()

    def counter_learned(self, piece: Piece | None) -> None:
        """Say that the empty counter is learned, or that it is not empty: this piece lies there."""
        if piece is None:
            self._trays.say(Note(goods_wording.COUNTER_LEARNED))
        else:
            name = self._known.name(piece.product) or piece.text
            self._trays.say(Note(goods_wording.not_empty(name), detail=goods_wording.CLEAR_IT))

    def moved(self, piece: int, product: UUID | None) -> None:
        """Say quietly that a charged piece lies elsewhere now: one tap says that it is one more."""
        self._trays.doubt(
            Doubt(
                goods_wording.moved(self._known.name(product)),
                goods_wording.ONE_MORE,
                keep=_nothing,
                change=lambda: self._actions.one_more(piece),
                expire=_nothing,
                detail=goods_wording.MOVED_DETAIL,
                keep_text=goods_wording.THE_SAME,
            )
        )

    def tapped(self, piece_id: int) -> None:
        """Show what can be done with the piece whose outline was tapped."""
        piece = self._counter.piece(piece_id)
        if piece is None:
            return
        if piece.state is PieceState.ASKED:
            self._trays.bring(piece_id)
            self._actions.refresh()
        elif piece.state is PieceState.IN_BASKET:
            self._say_of(
                piece, goods_wording.IN_BASKET_DETAIL, goods_wording.TAKE_OUT, self._actions.take_out
            )
        elif piece.state in (PieceState.LEFT, PieceState.SOLD, PieceState.SEEN):
            detail = (
                goods_wording.SOLD_DETAIL if piece.state is PieceState.SOLD else goods_wording.LEFT_DETAIL
            )
            self._say_of(piece, detail, goods_wording.CHARGE_IT if piece.product else "", self._charge)

    def _charge(self, piece: Piece) -> None:
        if piece.product is not None:
            self._actions.answer(self._question_about(piece), piece.product)

    def _say_of(self, piece: Piece, detail: str, act_text: str, act: Callable[[Piece], None]) -> None:
        self._trays.say(
            Note(
                self._known.name(piece.product) or goods_wording.UNKNOWN_THING,
                detail=detail,
                action_text=act_text,
                action=(lambda: act(piece)) if act_text else None,
                can_search=True,
                question=self._question_about(piece),
                is_passing=True,
                takes_out=act_text == goods_wording.TAKE_OUT,
            )
        )

    def _question_about(self, piece: Piece) -> Question:
        thing = self._known.thing(piece.id)
        return Question((), self._known.name(piece.product), thing=thing, piece=piece.id)

    # ---- what is sure --------------------------------------------------------------------------

    def _offered(self) -> list[Piece]:
        sure = self._questions.sure(self._counter.questions)
        return [piece for piece in sure if piece.candidates[0] in self._known.products][:_MOST_OFFERED]

    def _offer(self, pieces: Sequence[Piece]) -> Offer | None:
        products = [self._known.products[piece.candidates[0]] for piece in pieces]
        if not products:
            return None
        total = money(self._around.profile.currency_sign, sum((product.price for product in products), ZERO))
        return Offer(
            tiles=tuple(product_tile(product) for product in products),
            title=goods_wording.known(len(products)),
            detail=goods_wording.known_detail(len(products), total),
            add_text=goods_wording.add_known(len(products)),
            add=self._add_sure,
            doubt=self._doubt,
            skip=self._skip_sure,
        )

    def _add_sure(self) -> None:
        self._actions.add_sure(self._offered())

    def _skip_sure(self) -> None:
        self._actions.leave(self._offered())

    def _doubt(self, place: int) -> None:
        """A tile of the offer is wrong: ask which product it is."""
        self._questions.doubt(self._offered()[place].id, self._counter.pieces)
        self._actions.refresh()

    # ---- names that are not known yet ----------------------------------------------------------

    def _fetch(self, pieces: Sequence[Piece]) -> None:
        """Read the products of pieces that were not seen by this program, or that a person searched.

        Names and prices may be changed at any till: those in view are read anew now and then.
        """
        missing = [key for key in self._known.missing(pieces) if key not in self._nameless]
        now = self._around.clock.seconds()
        if now - self._read_at >= READ_AGAIN_S:
            missing += [key for key in self._known.named(pieces) if key not in missing]
        if self._is_fetching or not missing:
            return
        self._is_fetching, self._read_at = True, now
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: inventory.get_products(missing),
            lambda products: self._fetched(products, missing),
            self._not_fetched,
        )

    def _fetched(self, products: Mapping[UUID, Product], wanted: Sequence[UUID]) -> None:
        self._is_fetching = False
        self._nameless |= {key for key in wanted if key not in products}
        if self._known.learn(products):
            self._actions.refresh()

    def _not_fetched(self, error: KioskError) -> None:
        """The next look tries again."""
        del error
        self._is_fetching = False


def _nothing() -> None:
    """The piece is what it was taken for."""
