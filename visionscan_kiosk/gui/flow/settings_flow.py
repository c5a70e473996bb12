"""The manager's page of settings: the camera, and stock that is short. Every change is saved at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Unpack

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Surroundings, Ticket
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.this_till import ThisTill
from visionscan_kiosk.gui.manager_views import SettingsView
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.shop_settings import AutoAdd, SettingChanges, ShopSettings
from visionscan_kiosk.services.till_preferences import PreferenceChanges
from visionscan_kiosk.services.wrong_items import WrongItemCounts

COUNTED_DAYS = 30
STEPS = (0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
"""The probabilities that can be chosen from."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the page tells: the settings, and what is worth knowing beside them."""

    settings: ShopSettings
    marked: int
    wrong_items: WrongItemCounts


class SettingsFlow:
    """What one till sets holds for all: they read it at their next look."""

    def __init__(
        self, around: Surroundings, go_to: Callable[[Place], None], till: ThisTill, status: Status
    ) -> None:
        self._around = around
        self._till = till
        self._status = status
        self._go_to = go_to
        self._known: _Known | None = None
        self._ticket: Ticket | None = None
        self._is_saved = False
        self._trouble = self._saved_here = ""

    @property
    def is_loading(self) -> bool:
        """Whether the page still waits for its settings."""
        return self._known is None and not self._trouble

    def open(self) -> None:
        """Show the page."""
        self._known, self._is_saved, self._trouble, self._saved_here = None, False, "", ""
        self._go_to(Place.SETTINGS)
        self._load()

    def try_again(self) -> None:
        """Ask the database once more."""
        self._trouble = ""
        self._load()

    def choose_auto_add(self, value: str) -> None:
        """Set what the camera may add by itself; `value` is that of an AutoAdd."""
        self._change(auto_add=AutoAdd(value))

    def step_add_from(self, steps: int) -> None:
        """Ask for more certainty, or with a negative number for less."""
        if self._known is not None:
            self._change(add_from=_stepped(self._known.settings.add_from, steps))

    def ask_about_wrong_items(self, is_asked: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Set whether the till asks when a code and the looks of its thing do not agree."""
        self._change(asks_about_wrong_items=is_asked)

    def read_labels(self, is_read: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Set whether the till reads what is printed on things."""
        self._change(reads_labels=is_read)

    def choose_short_stock(self, value: str) -> None:
        """Set what happens at the tills when there is less in stock; `value` is that of a ShortStock."""
        self._change(short_stock_at_till=ShortStock(value))

    def sell_short_over_http(self, is_sold: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Set whether other software may sell what is short."""
        self._change(short_stock_over_http=ShortStock.SELL if is_sold else ShortStock.REFUSE)

    def have_camera(self, has_camera: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Set whether this till has a camera."""
        self._change_here(has_camera=has_camera)

    def have_model(self, has_model: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Set whether this till asks a vision model."""
        self._change_here(has_model=has_model)

    def _change_here(self, **changes: Unpack[PreferenceChanges]) -> None:
        self._till.change(**changes)
        self._is_saved, self._saved_here = False, wording.SAVED_HERE
        self._show()

    def _load(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        services = self._around.services
        self._show()
        self._ticket = self._around.tasks.run(
            Lane.DATABASE, lambda: _read(services), self._loaded, self._failed
        )

    def _loaded(self, known: _Known) -> None:
        self._known = known
        self._show()

    def _change(self, **changes: Unpack[SettingChanges]) -> None:
        """Shown at once; the database has the last word."""
        if self._known is None:
            return
        settings, service = self._known.settings, self._around.services.shop_settings
        self._known = replace(self._known, settings=replace(settings, **changes))
        self._is_saved, self._trouble, self._saved_here = False, "", ""
        self._show()
        self._around.tasks.run(Lane.DATABASE, lambda: service.change(**changes), self._saved, self._failed)

    def _saved(self, settings: ShopSettings) -> None:
        if self._known is not None:
            self._known = replace(self._known, settings=settings)
        self._is_saved = True
        self._show()

    def _failed(self, error: KioskError) -> None:
        """What is set now is not known: nothing can be changed until it is."""
        self._known, self._is_saved, self._trouble = None, False, str(error)
        self._show()

    def _show(self) -> None:
        services, known = self._around.services, self._known
        view = replace(
            _view(known) if known is not None else SettingsView(trouble=self._trouble),
            pictures_text=wording.pictures_kept(services.teaching.keep_confirmed_days),
            labels_trouble="" if services.labels.is_installed else wording.LABELS_NOT_INSTALLED,
            saved_text=wording.SAVED_FOR_ALL if self._is_saved else self._saved_here,
            has_camera=self._till.preferences.has_camera,
            has_model=self._till.preferences.has_model,
            camera_text=self._status.camera_text,
            model_text=self._status.model_text,
        )
        self._around.display.show_settings(view)


def _read(services: KioskServices) -> _Known:
    return _Known(
        services.shop_settings.read(),
        services.auto_add.count_marked(),
        services.wrong_items.counts(COUNTED_DAYS),
    )


def _view(known: _Known) -> SettingsView:
    settings, wrong = known.settings, known.wrong_items
    return SettingsView(
        auto_add=settings.auto_add,
        marked_text=wording.marked_products(known.marked),
        add_from_text=wording.share(settings.add_from),
        add_from_detail=wording.add_from(settings.add_from),
        can_ask_less=settings.add_from > STEPS[0],
        can_ask_more=settings.add_from < STEPS[-1],
        asks_about_wrong_items=settings.asks_about_wrong_items,
        wrong_items_text=wording.wrong_items(wrong.asked, wrong.replaced, COUNTED_DAYS),
        reads_labels=settings.reads_labels,
        short_stock=settings.short_stock_at_till,
        sells_short_over_http=settings.short_stock_over_http is ShortStock.SELL,
        is_known=True,
    )


def _stepped(present: float, steps: int) -> float:
    """Return the next of the steps above or below, also from a value in between."""
    wanted = [step for step in STEPS if (step > present if steps > 0 else step < present)]
    if not wanted:
        return present
    return wanted[0] if steps > 0 else wanted[-1]
