"""The one tray under the picture: a note, else a question, else the often sold products."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.tray_contents import Answers, Doubt, Note, Offer, Question
from visionscan_kiosk.gui.presenters import product_tile
from visionscan_kiosk.gui.views import TileView, TrayKind, TrayView
from visionscan_kiosk.services.inventory import InventoryService

_LOG = logging.getLogger(__name__)
NOTE_MS = 4000
PASSING_MS = 12000
DOUBT_MS = 15000
OFTEN_SOLD_SHOWN = 12
OFTEN_ASKED = 3


class Trays:
    """Holds open questions and the note; `answers` is what taps on questions lead to.

    Order: a note, questions that somebody asked for, goods that are known, goods that are not, doubts. A
    question about goods that is in sight stays there until it is decided: nothing moves under a finger.
    """

    def __init__(self, around: Surroundings, answers: Answers) -> None:
        self._around = around
        self._answers = answers
        self._offer: Offer | None = None
        self._goods: tuple[Question, ...] = ()
        self._goods_answered = 0
        self._piece_in_sight: int | None = None
        self._often_sold: tuple[TileView, ...] = ()
        self._places: tuple[UUID, ...] = ()
        self._ordered_on: date | None = None
        self._is_shop_empty = False
        self.on_first_product: Callable[[], None] = lambda: None
        self._questions: list[Question] = []
        self._answered = 0
        self._note: Note | None = None
        self._note_timer: Timer | None = None
        self._doubts: list[Doubt] = []
        self._watched_doubt: Doubt | None = None
        self._doubt_timer: Timer | None = None

    @property
    def is_asking(self) -> bool:
        """Whether a question or an offer is open."""
        return bool(self._questions or self._offer or self._goods)

    @property
    def piece_in_question(self) -> int | None:
        """The piece that the shown question is about, where it is one of several that are asked about."""
        return self._piece_in_sight if len(self._goods) > 1 and not self._questions else None

    @property
    def is_offering(self) -> bool:
        """Whether the tray offers to add what is known."""
        return self._note is None and self._shown_offer is not None

    @property
    def keyed_products(self) -> tuple[UUID, ...]:
        """The products of the tiles with number keys, empty while none are in sight."""
        if self._question is None or self._note is not None or self._shown_offer is not None:
            return ()
        return tuple(tile.product_id for tile in self._question.tiles)

    def load_often_sold(self) -> None:
        """Ask the database for the best sellers; without an answer the tray keeps what it has."""
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.REPORTS,
            lambda: _best_sellers(inventory),
            self._often_sold_loaded,
            self._often_sold_failed,
        )

    def load_first_products(self) -> None:
        """A shop that had no products may have some now."""
        if self._is_shop_empty:
            self.load_often_sold()

    def ask(self, questions: tuple[Question, ...]) -> None:
        """Ask these questions one after the other; they replace open ones."""
        self._questions = list(questions)
        self._answered = 0
        self._drop_note()
        if questions:
            self._around.sounds.play(Sound.QUESTION)
        self.show()

    def is_open(self, question: Question) -> bool:
        """Whether somebody's own question still waits for its answer."""
        return question in self._questions

    def take_back(self, question: Question) -> None:
        """Do not ask any more; nothing happens when somebody answered."""
        if question in self._questions:
            self._questions.remove(question)
            self.show()

    def show_goods(self, offer: Offer | None, questions: tuple[Question, ...], *, has_new: bool) -> None:
        """Show what lies on the counter and is still to be decided; `has_new` is heard."""
        if has_new:
            self._around.sounds.play(Sound.QUESTION)
        if (offer, questions) == (self._offer, self._goods):
            return
        before, self._goods = self._goods, questions
        self._offer = offer
        if not questions:
            self._goods_answered = 0
        elif len(questions) < len(before):
            self._goods_answered += len(before) - len(questions)
        self.show()

    def bring(self, piece: int) -> None:
        """Show the question about this piece now."""
        self._drop_note()
        self._piece_in_sight = piece
        self.show()

    def say(self, note: Note) -> None:
        """Show a note; one without anything to do goes by itself."""
        self._drop_note()
        self._note = note
        if note.is_passing or (not note.action and not note.can_search):
            lasts_ms = PASSING_MS if note.is_passing else NOTE_MS
            self._note_timer = self._around.timers.after(lasts_ms, self._note_expired)
        self.show()

    def take_note_back(self, note: Note) -> None:
        """Say this no more; nothing happens when it is gone already."""
        if self._note is note:
            self._drop_note()
            self.show()

    def doubt(self, doubt: Doubt) -> None:
        """Ask without a sound, until somebody answers or for a while; payment does not wait for it."""
        self._doubts.append(doubt)
        self._watch_doubt()
        self.show()

    def withdraw(self, doubt: Doubt) -> None:
        """There is nothing to ask any more; none of the doubt's ends is called."""
        if doubt in self._doubts:
            self._doubts.remove(doubt)
            self._watch_doubt()
            self.show()

    def clear(self) -> None:
        """Forget questions, doubts and note."""
        self._questions = []
        while self._doubts:
            self._end_doubt(self._doubts[0], self._doubts[0].expire)
        self._drop_note()
        self.show()

    def choose(self, place: int) -> None:
        """A tile of the tray was tapped; `place` counts from 0."""
        question, offer = self._question, self._shown_offer
        tiles = offer.tiles if offer else self._tiles_of(question) if question else self._often_sold
        if not 0 <= place < len(tiles) or (not self.is_asking and self._note is not None):
            return
        if offer is not None:
            offer.doubt(place)
        else:
            self._answers.choose(tiles[place].product_id, question)
            self._drop(question)

    def act(self) -> None:
        """The tray's own button was tapped."""
        action = self._note.action if self._note else None
        if action is not None:
            self._drop_note()
            self.show()
            action()
        elif self._note is None and self._shown_offer is not None:
            self._shown_offer.add()
        elif self._note is None and self._question is not None:
            if self._question.action_text:
                self._answers.act(self._question)
        elif self._shown_doubt is not None:
            self._end_doubt(self._shown_doubt, self._shown_doubt.change)
        elif self._note is None and self._is_shop_empty:
            self.on_first_product()

    def skip(self) -> None:
        """Leave the note, else the open question or offer."""
        question, offer = self._question, self._shown_offer
        if self._note is not None:
            self._drop_note()
            self.show()
        elif offer is not None:
            offer.skip()
        elif question is not None:
            self._drop(question)
            self._answers.leave(question)
        elif self._shown_doubt is not None:
            self._end_doubt(self._shown_doubt, self._shown_doubt.keep)

    def search(self) -> None:
        """None of these: leave the question and search for what answers it."""
        question = self._note.question if self._note is not None else self._question
        if self.is_offering:
            question = None
        if self._note is not None or question is None or question.piece is None:
            self.skip()
        self._answers.search(question)

    def show(self) -> None:
        """Show what matters most."""
        self._around.display.show_tray(self._view())
        shown = self._question if self._note is None and self._shown_offer is None else None
        self._piece_in_sight = shown.piece if shown is not None else None

    def _view(self) -> TrayView | None:
        if self._note is not None:
            return _note_view(self._note)
        offer, question = self._shown_offer, self._question
        if offer is not None:
            return _offer_view(offer)
        if question is not None:
            return self._question_view(question)
        if self._shown_doubt is not None:
            return _doubt_view(self._shown_doubt)
        if self._often_sold:
            return TrayView(TrayKind.OFTEN_SOLD, wording.OFTEN_SOLD, tiles=self._often_sold)
        return _EMPTY_SHOP if self._is_shop_empty else None

    @property
    def _question(self) -> Question | None:
        """The question that is open: somebody's own comes first, then the one in sight."""
        return next(iter((*self._questions, *self._goods_in_sight, *self._goods)), None)

    @property
    def _goods_in_sight(self) -> tuple[Question, ...]:
        piece = self._piece_in_sight
        return tuple(question for question in self._goods if piece is not None and question.piece == piece)

    @property
    def _shown_offer(self) -> Offer | None:
        return None if self._questions or self._goods_in_sight else self._offer

    @property
    def _shown_doubt(self) -> Doubt | None:
        """The doubt that is open while nothing else is."""
        is_hidden = self._note is not None or self.is_asking
        return None if is_hidden else next(iter(self._doubts), None)

    def _end_doubt(self, doubt: Doubt, end: Callable[[], None]) -> None:
        self.withdraw(doubt)
        end()

    def _watch_doubt(self) -> None:
        """The first one lives for a while; the others wait for their turn."""
        first = next(iter(self._doubts), None)
        if first is self._watched_doubt:
            return
        self._watched_doubt = first
        if self._doubt_timer is not None:
            self._doubt_timer.cancel()
        self._doubt_timer = self._around.timers.after(DOUBT_MS, self._doubt_expired) if first else None

    def _doubt_expired(self) -> None:
        self._end_doubt(self._doubts[0], self._doubts[0].expire)

    def _question_view(self, question: Question) -> TrayView:
        is_own = bool(self._questions)
        answered = self._answered if is_own else self._goods_answered
        count = answered + len(self._questions if is_own else self._goods)
        return TrayView(
            TrayKind.ASK,
            question.title,
            detail=wording.to_check(answered + 1, count) or question.detail,
            tiles=self._tiles_of(question),
            add_all_text=question.action_text,
            skip_text=question.skip_text,
            can_search=question.can_search,
            can_skip=True,
        )

    def _tiles_of(self, question: Question) -> tuple[TileView, ...]:
        """A thing that nobody knows is most likely one of those that sell often."""
        return question.tiles or (() if question.action_text else self._often_sold[:OFTEN_ASKED])

    def _drop(self, question: Question | None) -> None:
        """It is answered or left; goods are taken away by who follows them."""
        if question is not None and question in self._questions:
            self._questions.remove(question)
            self._answered += 1
        self._drop_note()
        self.show()

    def _often_sold_loaded(self, loaded: tuple[Sequence[Product], bool]) -> None:
        """Hands know where a tile is: within a day newcomers only take places that became free.

        What is sold out goes last and comes back to its place with the next delivery.
        """
        products, self._is_shop_empty = loaded
        today = self._around.clock.now().date()
        before = self._places if self._ordered_on == today else ()
        self._ordered_on = today
        self._places = in_place(before, tuple(product.id for product in products))
        by_id = {product.id: product for product in products}
        ordered = sorted((by_id[key] for key in self._places), key=lambda product: product.stock <= 0)
        self._often_sold = tuple(product_tile(product) for product in ordered)
        self.show()

    def _often_sold_failed(self, error: KioskError) -> None:
        _LOG.warning("the often sold products could not be read: %s", error)

    def _note_expired(self) -> None:
        self._note = self._note_timer = None
        self.show()

    def _drop_note(self) -> None:
        if self._note_timer is not None:
            self._note_timer.cancel()
        self._note = self._note_timer = None


_EMPTY_SHOP = TrayView(
    TrayKind.NOTE, wording.EMPTY_SHOP, detail=wording.EMPTY_SHOP_WAYS, add_all_text=wording.ADD_PRODUCT
)


def _best_sellers(inventory: InventoryService) -> tuple[Sequence[Product], bool]:
    """Return what sells often, and whether the shop has no product at all."""
    products = inventory.list_best_sellers(OFTEN_SOLD_SHOWN)
    return products, not products and inventory.count_products() == 0


def in_place(before: Sequence[UUID], after: Sequence[UUID]) -> tuple[UUID, ...]:
    """Return `after` with everything that was there `before` in its old place."""
    coming = [key for key in after if key not in before]
    places = [key if key in after else (coming.pop(0) if coming else None) for key in before]
    return (*(key for key in places if key is not None), *coming)


def _note_view(note: Note) -> TrayView:
    return TrayView(
        TrayKind.NOTE,
        note.text,
        detail=note.detail,
        add_all_text=note.action_text,
        skip_text=note.skip_text,
        can_search=note.can_search,
        can_skip=True,
        takes_out=note.takes_out,
    )


def _doubt_view(doubt: Doubt) -> TrayView:
    return TrayView(
        TrayKind.NOTE,
        doubt.text,
        detail=doubt.detail,
        add_all_text=doubt.change_text,
        skip_text=doubt.keep_text,
        can_skip=True,
    )


def _offer_view(offer: Offer) -> TrayView:
    return TrayView(
        TrayKind.SURE,
        offer.title,
        detail=offer.detail,
        tiles=offer.tiles,
        add_all_text=offer.add_text,
        can_skip=True,
    )
