"""Stand-ins for what surrounds the flow: a display that remembers, lanes and time that the test moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Box, Detection, Sighting
from visionscan_kiosk.domain.errors import DatabaseUnavailable, KioskError
from visionscan_kiosk.gui import manager_views, views
from visionscan_kiosk.gui.accuracy_views import AccuracyView
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound
from visionscan_kiosk.services.ports import Image, OnFirst
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState, SeenItem


@dataclass
class ShownScreens:
    """Remembers the newest view of every screen."""

    place: Place | None = None
    top_bar: views.TopBarView | None = None
    basket: views.BasketView = field(default_factory=views.BasketView)
    quantity: views.QuantityView | None = None
    tray: views.TrayView | None = None
    catalogue: views.CatalogueView = field(default_factory=views.CatalogueView)
    banner: views.BannerView | None = None
    look: views.LookView | None = None
    outlines: tuple[views.OutlineView, ...] = ()
    picture_state: str = ""
    has_camera: bool = True
    counter: tuple[views.CounterPackView, ...] | None = None
    search_focused: int = 0
    payment: views.PayView | None = None
    paid_basket: views.BasketView | None = None
    receipt: views.ReceiptView | None = None
    products: manager_views.ProductListView | None = None
    form: manager_views.ProductFormView | None = None
    restock: manager_views.RestockView | None = None
    offer: views.OfferView | None = None
    names: manager_views.NamesView | None = None
    accuracy: AccuracyView | None = None
    teach: manager_views.TeachView | None = None
    vision_model: manager_views.VisionModelView | None = None
    settings: manager_views.SettingsView | None = None
    picture_choice: manager_views.PictureChoiceView | None = None
    forgotten_pictures: list[UUID] = field(default_factory=list)
    menu: views.MenuView | None = None
    announced: list[str] = field(default_factory=list)
    confirm: views.ConfirmView | None = None
    theme: str = "light"
    is_closed: bool = False

    def go_to(self, place: Place) -> None:
        self.place = place

    def show_top_bar(self, view: views.TopBarView) -> None:
        self.top_bar = view

    def show_basket(self, view: views.BasketView) -> None:
        self.basket = view

    def show_quantity(self, view: views.QuantityView | None) -> None:
        self.quantity = view

    def show_tray(self, view: views.TrayView | None) -> None:
        self.tray = view

    def show_catalogue(self, view: views.CatalogueView) -> None:
        self.catalogue = view

    def show_banner(self, view: views.BannerView | None) -> None:
        self.banner = view

    def show_look(self, view: views.LookView) -> None:
        self.look = view

    def show_outlines(self, outlines: tuple[views.OutlineView, ...]) -> None:
        self.outlines = outlines

    def show_picture_state(self, text: str) -> None:
        self.picture_state = text

    def show_camera_place(self, *, has_camera: bool) -> None:
        self.has_camera = has_camera

    def show_counter(self, packs: tuple[views.CounterPackView, ...] | None) -> None:
        self.counter = packs

    def focus_search(self) -> None:
        self.search_focused += 1

    def show_payment(self, view: views.PayView, basket: views.BasketView) -> None:
        self.payment, self.paid_basket = view, basket

    def show_receipt(self, view: views.ReceiptView) -> None:
        self.receipt = view

    def show_products(self, view: manager_views.ProductListView) -> None:
        self.products = view

    def show_form(self, view: manager_views.ProductFormView) -> None:
        self.form = view

    def show_picture_choice(self, view: manager_views.PictureChoiceView | None) -> None:
        self.picture_choice = view

    def forget_picture(self, product_id: UUID) -> None:
        self.forgotten_pictures.append(product_id)

    def show_restock(self, view: manager_views.RestockView) -> None:
        self.restock = view

    def show_offer(self, view: views.OfferView | None) -> None:
        self.offer = view

    def show_accuracy(self, view: AccuracyView) -> None:
        self.accuracy = view

    def show_names(self, view: manager_views.NamesView) -> None:
        self.names = view

    def show_settings(self, view: manager_views.SettingsView) -> None:
        self.settings = view

    def show_teach(self, view: manager_views.TeachView) -> None:
        self.teach = view

    def show_vision_model(self, view: manager_views.VisionModelView) -> None:
        self.vision_model = view

    def show_menu(self, view: views.MenuView | None) -> None:
        self.menu = view

    def announce(self, sentence: str, tone: views.Tone = views.Tone.ASK) -> None:
        del tone
        if sentence:
            self.announced.append(sentence)

    def show_confirm(self, view: views.ConfirmView | None) -> None:
        self.confirm = view

    def set_theme(self, theme: str) -> None:
        self.theme = theme

    def close_till(self) -> None:
        self.is_closed = True

    def line(self, name: str) -> views.LineView:
        return next(line for line in self.basket.lines if line.name == name)

    def chip(self, name: str) -> views.ChipView:
        assert self.top_bar is not None
        return next(chip for chip in self.top_bar.chips if chip.name == name)


@dataclass
class HeldTicket:
    is_dropped: bool = False

    def drop(self) -> None:
        self.is_dropped = True


@dataclass
class HeldTask:
    lane: Lane
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[KioskError], None]
    ticket: HeldTicket


class HeldTasks:
    """Work waits until the test lets it end. The database can be away, or lose one answer."""

    def __init__(self) -> None:
        self.waiting: deque[HeldTask] = deque()
        self.is_database_away = False
        self.loses_next_answer = False
        self.held_lanes: set[Lane] = set()

    def run(
        self,
        lane: Lane,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[KioskError], None],
    ) -> HeldTicket:
        ticket = HeldTicket()
        self.waiting.append(HeldTask(lane, work, done, failed, ticket))
        return ticket

    def settle(self) -> None:
        """End all work that may end, also what it leads to."""
        while (task := self._next()) is not None:
            if not task.ticket.is_dropped:
                self._end(task)

    def end_one(self, lane: Lane) -> None:
        """End the work of a lane that waits longest, as far as there is any."""
        task = next((task for task in self.waiting if task.lane is lane), None)
        if task is not None:
            self.waiting.remove(task)
            if not task.ticket.is_dropped:
                self._end(task)

    def count(self, lane: Lane) -> int:
        return sum(task.lane is lane for task in self.waiting)

    def _next(self) -> HeldTask | None:
        free = (task for task in self.waiting if task.lane not in self.held_lanes)
        task = next(free, None)
        if task is not None:
            self.waiting.remove(task)
        return task

    def _end(self, task: HeldTask) -> None:
        try:
            result = self._result(task)
        except KioskError as error:
            if not task.ticket.is_dropped:
                task.failed(error)
            return
        if not task.ticket.is_dropped:
            task.done(result)

    def _result(self, task: HeldTask) -> Any:
        if self.is_database_away and task.lane in {Lane.DATABASE, Lane.REPORTS}:
            raise DatabaseUnavailable("The database does not answer.")
        result = task.work()
        if self.loses_next_answer and task.lane is Lane.DATABASE:
            self.loses_next_answer = False
            raise DatabaseUnavailable("The connection to the database was lost.")
        return result


@dataclass
class HandTimer:
    due_ms: int
    action: Callable[[], None]
    period_ms: int | None = None
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


class HandMovedTime:
    """Timers and clock; time passes only when the test says so."""

    def __init__(self) -> None:
        self.milliseconds = 0
        self._timers: list[HandTimer] = []

    def after(self, delay_ms: int, action: Callable[[], None]) -> HandTimer:
        return self._add(HandTimer(self.milliseconds + delay_ms, action))

    def every(self, period_ms: int, action: Callable[[], None]) -> HandTimer:
        return self._add(HandTimer(self.milliseconds + period_ms, action, period_ms))

    def pass_by(self, milliseconds: int) -> None:
        end = self.milliseconds + milliseconds
        while (timer := self._next_due(end)) is not None:
            self.milliseconds = timer.due_ms
            if timer.period_ms is None:
                self._timers.remove(timer)
            else:
                timer.due_ms += timer.period_ms
            timer.action()
        self.milliseconds = end

    def lag(self, milliseconds: int) -> None:
        """Nobody runs for so long; then what is due is called, once and late."""
        self.milliseconds += milliseconds
        for timer in [timer for timer in self._timers if timer.due_ms <= self.milliseconds]:
            if not timer.is_cancelled and timer.period_ms is None:
                self._timers.remove(timer)
                timer.action()

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 14, 32, tzinfo=UTC) + timedelta(milliseconds=self.milliseconds)

    def zone(self) -> tzinfo:
        return UTC

    def seconds(self) -> float:
        return self.milliseconds / 1000

    def _add(self, timer: HandTimer) -> HandTimer:
        self._timers.append(timer)
        return timer

    def _next_due(self, end: int) -> HandTimer | None:
        self._timers = [timer for timer in self._timers if not timer.is_cancelled]
        due = [timer for timer in self._timers if timer.due_ms <= end]
        return min(due, key=lambda timer: timer.due_ms, default=None)


@dataclass
class HeardSounds:
    heard: list[Sound] = field(default_factory=list)

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)


class ScriptedDetector:
    """Sees what the test puts before it; `careful_codes`: what the thorough way sees, where it differs."""

    def __init__(self) -> None:
        self.codes: tuple[Sighting, ...] = ()
        self.careful_codes: tuple[Sighting, ...] | None = None
        self.names: tuple[Detection, ...] = ()
        self.first: Detection | None = None
        self.while_writing: Callable[[], None] = lambda: None
        self.trouble: KioskError | None = None
        self.tokens: list[CancelToken] = []

    @property
    def model_used(self) -> str:
        return "scripted"

    def read_barcodes(self, image: Image, *, thorough: bool) -> Sequence[Sighting]:
        return self.codes if self.careful_codes is None or not thorough else self.careful_codes

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        self.tokens.append(cancel)
        if on_first is not None and self.first is not None:
            on_first(self.first)
            self.while_writing()
        if self.trouble is not None:
            raise self.trouble
        return self.names


class ScriptedGate:
    """Says of every frame what the test wants."""

    def __init__(self) -> None:
        self.state = SceneState(SceneKind.MOVING)
        self.learned = 0

    def learn_empty_counter(self, image: Image) -> None:
        self.learned += 1

    def forget_empty_counter(self) -> None:
        self.learned = 0

    def feed(self, image: Image, now_s: float) -> SceneState:
        state = self.state
        self.state = SceneState(state.kind)  # new only once
        return state


class ScriptedFinder:
    """Finds things where the test put them."""

    def __init__(self) -> None:
        self.boxes: tuple[Box, ...] = ()
        self.touching: frozenset[Box] = frozenset()
        self.learned = 0
        self.knows_empty_counter = False
        self.sees_counter = True

    def learn_empty_counter(self, image: Image) -> None:
        self.learned += 1
        self.knows_empty_counter = True

    def forget_empty_counter(self) -> None:
        self.knows_empty_counter = False

    def fits(self, image: Image) -> bool:
        return self.knows_empty_counter and self.sees_counter

    def covered(self, image: Image) -> tuple[Box, ...] | None:
        return self.boxes if self.knows_empty_counter and self.sees_counter else None

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        if not self.knows_empty_counter:
            whole = Box(0, 0, image.shape[1], image.shape[0])
            return (SeenItem(whole, image, is_whole_picture=True),)
        return tuple(
            SeenItem(
                box,
                image[box.y : box.y + box.height, box.x : box.x + box.width],
                is_touching=box in self.touching,
            )
            for box in self.boxes
        )
