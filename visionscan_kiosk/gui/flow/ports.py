"""What the flow needs around it: a display, lanes, timers, a clock and sounds. Qt implements them outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui import manager_views, views
from visionscan_kiosk.gui.accuracy_views import AccuracyView
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.kiosk import KioskServices, TillProfile
from visionscan_kiosk.services.ports import SimulatedCounterPort
from visionscan_kiosk.services.recognition_ports import ItemFinder, SceneGate
from visionscan_kiosk.services.till_preferences import AS_INSTALLED, TillPreferences

T = TypeVar("T")


class Lane(StrEnum):
    """A thread of its own: what waits in one lane never holds up another."""

    DATABASE = "database"
    VISION = "vision"
    MODEL = "model"
    MODELS = "models"
    HEALTH = "health"
    PICTURES = "pictures"
    LEARNING = "learning"
    LABELS = "labels"
    REPORTS = "reports"


class Place(StrEnum):
    """Which screen the person is looking at."""

    SELLING = "selling"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    PRODUCTS = "products"
    FORM = "form"
    RESTOCK = "restock"
    NAMES = "names"
    ACCURACY = "accuracy"
    TEACH = "teach"
    MODEL = "model"
    SETTINGS = "settings"


class Sound(StrEnum):
    """What can be heard; the values are file names."""

    ADDED = "added"
    QUESTION = "question"
    REFUSED = "refused"
    PAID = "paid"


class Ticket(Protocol):
    """The right to one result."""

    def drop(self) -> None:
        """Give the right up: neither result nor error is delivered, and unstarted work is skipped."""


class TaskRunner(Protocol):
    """Runs work in a lane and delivers its end where the flow lives."""

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KioskError], None],
    ) -> Ticket:
        """Queue `work`; exactly one of `done` and `failed` is called later, unless the ticket is dropped."""


class Timer(Protocol):
    """A pending call."""

    def cancel(self) -> None:
        """Do not call any more."""


class Timers(Protocol):
    """Calls later, in the flow's own thread."""

    def after(self, delay_ms: int, action: Callable[[], None]) -> Timer:
        """Call once after the delay."""

    def every(self, period_ms: int, action: Callable[[], None]) -> Timer:
        """Call again and again."""


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the local time, with its zone."""

    def zone(self) -> tzinfo:
        """Return the shop's time zone."""

    def seconds(self) -> float:
        """Return monotonic seconds."""


class Sounds(Protocol):
    """The loudspeaker."""

    def play(self, sound: Sound) -> None:
        """Play without waiting."""


class Display(Protocol):
    """All screens of the till: each method replaces what one of them shows."""

    def go_to(self, place: Place) -> None:
        """Bring a screen to the front."""

    def show_top_bar(self, view: views.TopBarView) -> None:
        """Chips and clock."""

    def show_basket(self, view: views.BasketView) -> None:
        """The basket column."""

    def show_quantity(self, view: views.QuantityView | None) -> None:
        """The keypad for a line's pieces; None closes it."""

    def show_tray(self, view: views.TrayView | None) -> None:
        """The tray under the picture; None empties it."""

    def show_catalogue(self, view: views.CatalogueView) -> None:
        """The grid beside the picture."""

    def show_banner(self, view: views.BannerView | None) -> None:
        """The banner; None takes it away."""

    def show_look(self, view: views.LookView) -> None:
        """The button on the picture."""

    def show_outlines(self, outlines: tuple[views.OutlineView, ...]) -> None:
        """Boxes over the picture."""

    def show_picture_state(self, text: str) -> None:
        """A sentence instead of the picture; empty while pictures come."""

    def show_camera_place(self, *, has_camera: bool) -> None:
        """Keep a place for the camera's picture, or give it to the tiles."""

    def show_counter(self, packs: tuple[views.CounterPackView, ...] | None) -> None:
        """The demo's strip; None without one."""

    def focus_search(self) -> None:
        """Put the cursor into the search field."""

    def show_payment(self, view: views.PayView, basket: views.BasketView) -> None:
        """The payment screen."""

    def show_receipt(self, view: views.ReceiptView) -> None:
        """The done screen."""

    def show_products(self, view: manager_views.ProductListView) -> None:
        """The manager's list."""

    def show_form(self, view: manager_views.ProductFormView) -> None:
        """The product form."""

    def show_picture_choice(self, view: manager_views.PictureChoiceView | None) -> None:
        """The dialog in which a product gets its picture; None closes it."""

    def forget_picture(self, product_id: UUID) -> None:
        """Fetch a product's picture anew where it is shown: it changed."""

    def show_restock(self, view: manager_views.RestockView) -> None:
        """The restock dialog."""

    def show_offer(self, view: views.OfferView | None) -> None:
        """What the till could remember; None takes the offer away."""

    def show_accuracy(self, view: AccuracyView) -> None:
        """The page of accuracy."""

    def show_names(self, view: manager_views.NamesView) -> None:
        """The manager's page of names."""

    def show_settings(self, view: manager_views.SettingsView) -> None:
        """The page of settings."""

    def show_teach(self, view: manager_views.TeachView) -> None:
        """The page of teaching."""

    def show_vision_model(self, view: manager_views.VisionModelView) -> None:
        """The page of vision models."""

    def show_menu(self, view: views.MenuView | None) -> None:
        """The menu; None closes it."""

    def announce(self, sentence: str, tone: views.Tone = views.Tone.ASK) -> None:
        """A sentence over whatever is in front, for a few seconds; an empty one takes it away.

        `tone`: whether it is asked about, or is fine.
        """

    def show_confirm(self, view: views.ConfirmView | None) -> None:
        """The question before something is lost; None closes it."""

    def set_theme(self, theme: str) -> None:
        """Repaint all in `light` or `dark`."""

    def close_till(self) -> None:
        """End the program, in order."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a part of the flow talks to. `use_camera` begins or ends to take pictures."""

    services: KioskServices
    profile: TillProfile
    display: Display
    tasks: TaskRunner
    timers: Timers
    sounds: Sounds
    clock: Clock
    check_model: Callable[[], DetectorHealth]
    gate: SceneGate
    finder: ItemFinder
    counter: SimulatedCounterPort | None = None
    renew_lease: Callable[[], None] = lambda: None
    preferences: TillPreferences = AS_INSTALLED
    keep_preferences: Callable[[TillPreferences], None] = lambda _: None
    use_camera: Callable[[bool], None] = lambda _: None
