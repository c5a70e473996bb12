"""Look: the vision model is asked about the picture, and the first thing it names is asked about at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorUnavailable,
    KioskError,
    Unavailable,
)
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.goods_flow import GoodsFlow
from visionscan_kiosk.gui.flow.piece_questions import SURE_AT_MOST, thing_tiles
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.tray_contents import Note, Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.views import LookView
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.sight import SeenThing

SHOW_LOOKING_AFTER_MS = 300
FIRST_PERIOD_MS = 100
"""How often it is looked whether the model has named something yet."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the model named, with the products its tiles need."""

    things: tuple[SeenThing, ...]
    products: Mapping[UUID, Product]


class ModelLook:
    """One question to the model at a time; it can be cancelled, and the till goes on meanwhile.

    What the model names first becomes a question while it still writes. The whole answer agrees with it or
    takes its place; what a person answered before stays answered.
    """

    def __init__(
        self,
        around: Surroundings,
        status: Status,
        trays: Trays,
        goods: GoodsFlow,
        keep_unnamed: Callable[[str, float, int], None],
        has_model: Callable[[], bool],
    ) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._goods = goods
        self._keep_unnamed = keep_unnamed
        self._has_model = has_model
        self._cancel: CancelToken | None = None
        self._tickets: list[Ticket] = []
        self._timers: list[Timer] = []
        self._named: LatestSlot[SeenThing] = LatestSlot()
        self._first: Question | None = None

    @property
    def is_looking(self) -> bool:
        """Whether the model is being asked."""
        return self._cancel is not None

    def ask(self, image: Image) -> None:
        """Ask the model what lies in the picture."""
        cancel, named = CancelToken(), LatestSlot[SeenThing]()
        services, finder = self._around.services, self._around.finder
        self._cancel, self._named, self._first = cancel, named, None
        self._tickets = [
            self._around.tasks.run(
                Lane.MODEL,
                lambda: _look(services, image, cancel, finder, named),
                self._looked,
                self._look_failed,
            )
        ]
        self._timers = [
            self._around.timers.after(SHOW_LOOKING_AFTER_MS, self._show_looking),
            self._around.timers.every(FIRST_PERIOD_MS, self._look_for_first),
        ]
        self.show()

    def stop(self) -> None:
        """Nobody waits for the model any more."""
        if self._cancel is not None:
            self._cancel.cancel()
            self._withdraw_first()
            self._is_over()

    def show(self) -> None:
        """Show what the button on the picture does."""
        text = wording.CANCEL_LOOK if self.is_looking else wording.LOOK
        is_offered = self.is_looking or self._has_model()
        self._around.display.show_look(LookView(text, is_busy=self.is_looking, is_offered=is_offered))

    def _show_looking(self) -> None:
        self._status.looking(is_looking=True)

    def _look_for_first(self) -> None:
        """Nothing but the first thing is shown early: tiles that change under a finger are wrong taps."""
        thing = self._named.take() if self._first is None and len(self._tickets) == 1 else None
        if thing is None or self._is_counted(thing):
            return
        inventory = self._around.services.inventory
        wanted = [item.product_id for item in thing.product.candidates]
        self._tickets.append(
            self._around.tasks.run(
                Lane.DATABASE,
                lambda: _Looked((thing,), inventory.get_products(wanted)),
                self._first_seen,
                lambda _: None,  # the whole answer is still to come, with its own error
            )
        )

    def _first_seen(self, seen: _Looked) -> None:
        self._first = _question(seen.things[0], seen.products)
        if self._first is not None:
            self._trays.ask((self._first,))

    def _looked(self, looked: _Looked) -> None:
        self._is_over()
        self._status.model_answered()
        # What has a barcode was counted when it was put down, and so was what is in the basket already.
        named = [thing for thing in looked.things if not self._is_counted(thing)]
        questions = [question for thing in named if (question := _question(thing, looked.products))]
        if questions:
            self._ask_whole(questions)
        elif not self._was_decided_early:
            self._withdraw_first()
            self._say_what_was_seen(
                [thing for thing in named if thing.product.source is DetectionSource.OLLAMA]
            )

    def _ask_whole(self, questions: Sequence[Question]) -> None:
        """Go on from the question that was asked early, where the answer agrees with it."""
        first = self._first
        same = None if first is None else next((one for one in questions if _is_same(one, first)), None)
        others = tuple(question for question in questions if question is not same)
        if first is None or same is None:
            self._trays.ask(tuple(questions))
        elif self._was_decided_early:
            self._ask_if_any(others)
        elif others or same.tiles != first.tiles:
            self._trays.ask((same, *others))

    def _ask_if_any(self, questions: tuple[Question, ...]) -> None:
        if questions:
            self._trays.ask(questions)

    @property
    def _was_decided_early(self) -> bool:
        return self._first is not None and not self._trays.is_open(self._first)

    def _withdraw_first(self) -> None:
        if self._first is not None:
            self._trays.take_back(self._first)

    def _is_counted(self, thing: SeenThing) -> bool:
        return thing.product.source is DetectionSource.BARCODE or self._goods.is_counted(thing.product.box)

    def _say_what_was_seen(self, things: Sequence[SeenThing]) -> None:
        if not things:
            self._trays.say(Note(wording.NOTHING_SEEN, can_search=True))
            return
        seen = things[0].product
        self._trays.say(
            Note(
                wording.NOT_KNOWN,
                detail=wording.seen_as(seen.matched_from),
                action_text=wording.KEEP_UNNAMED,
                action=lambda: self._keep_unnamed(seen.matched_from, seen.confidence, seen.quantity),
                can_search=True,
            )
        )

    def _look_failed(self, error: KioskError) -> None:
        self._withdraw_first()
        self._is_over()
        if isinstance(error, DetectionCancelled):
            return
        if isinstance(error, DetectorUnavailable):
            self._status.model_failed(error)
            self._trays.say(Note(wording.MODEL_AWAY, detail=str(error)))
        elif isinstance(error, Unavailable):
            self._status.database(is_away=True)
        else:
            self._trays.say(Note(str(error)))

    def _is_over(self) -> None:
        for ticket in self._tickets:
            ticket.drop()
        for timer in self._timers:
            timer.cancel()
        self._cancel, self._tickets, self._timers = None, [], []
        self._status.looking(is_looking=False)
        self.show()


def _look(
    services: KioskServices,
    image: Image,
    cancel: CancelToken,
    finder: ItemFinder,
    named: LatestSlot[SeenThing],
) -> _Looked:
    sight = services.detection.look(
        [image], cancel, finder=finder, ask_model=True, beside_barcodes=True, on_first=named.put
    )
    wanted = [item.product_id for thing in sight.things for item in thing.product.candidates]
    return _Looked(sight.things, services.inventory.get_products(wanted))


def _question(thing: SeenThing, products: Mapping[UUID, Product]) -> Question | None:
    tiles, seen = thing_tiles(thing, products), thing.product
    if not tiles:
        return None
    return Question(tiles, seen.matched_from, min(seen.confidence, SURE_AT_MOST), seen.quantity, thing)


def _is_same(one: Question, other: Question) -> bool:
    """Whether two questions are about one thing: in one place, or of one name where no place is known."""
    boxes = [None if question.thing is None else question.thing.product.box for question in (one, other)]
    if None not in boxes:
        return boxes[0] == boxes[1]
    return one.detected_name == other.detected_name
