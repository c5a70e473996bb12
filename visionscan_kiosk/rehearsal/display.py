"""The till's screens without a screen: what each of them shows now."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from visionscan_kiosk.gui import manager_views, views
from visionscan_kiosk.gui.accuracy_views import AccuracyView
from visionscan_kiosk.gui.flow.ports import Place, Sound

_OF_PLACE: Final = {
    Place.SELLING: ("basket", "tray", "catalogue", "banner", "look", "offer", "quantity"),
    Place.PAYMENT: ("payment", "paid_basket"),
    Place.RECEIPT: ("receipt",),
    Place.PRODUCTS: ("products",),
    Place.FORM: ("form", "picture_choice"),
    Place.RESTOCK: ("restock",),
    Place.NAMES: ("names",),
    Place.ACCURACY: ("accuracy",),
    Place.TEACH: ("teach",),
    Place.MODEL: ("vision_model",),
    Place.SETTINGS: ("settings",),
}


class RememberedScreens:
    """Implements the flow's Display: remembers the newest view of every screen."""

    def __init__(self) -> None:
        self.place = Place.SELLING
        self.outlines: tuple[views.OutlineView, ...] = ()
        self.basket = views.BasketView()
        self.tray: views.TrayView | None = None
        self.catalogue = views.CatalogueView()
        self.menu: views.MenuView | None = None
        self.payment: views.PayView | None = None
        self.restock: manager_views.RestockView | None = None
        self.form: manager_views.ProductFormView | None = None
        self.picture_state = ""
        self.announced = ""
        self.is_closed = False
        self._others: dict[str, object] = {}

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text that a person can read now."""
        names = ("top_bar", *_OF_PLACE[self.place])
        shown = [self._others.get(name, getattr(self, name, None)) for name in names]
        selling: tuple[object, ...] = (
            (self.picture_state, self.outlines) if self.place is Place.SELLING else ()
        )
        others = (self.menu, self.announced, self._others.get("confirm"))
        return tuple(_texts_in((*shown, *selling, *others)))

    def go_to(self, place: Place) -> None:
        """Bring a screen to the front."""
        self.place = place
        self.announced = ""

    def show_top_bar(self, view: views.TopBarView) -> None:
        """Chips and clock."""
        self._others["top_bar"] = view

    def show_basket(self, view: views.BasketView) -> None:
        """The basket column."""
        self.basket = view

    def show_quantity(self, view: views.QuantityView | None) -> None:
        """The keypad for a line's pieces."""
        self._others["quantity"] = view

    def show_tray(self, view: views.TrayView | None) -> None:
        """The tray under the picture."""
        self.tray = view

    def show_catalogue(self, view: views.CatalogueView) -> None:
        """The grid beside the picture."""
        self.catalogue = view

    def show_banner(self, view: views.BannerView | None) -> None:
        """The banner."""
        self._others["banner"] = view

    def show_look(self, view: views.LookView) -> None:
        """The button on the picture."""
        self._others["look"] = view

    def show_outlines(self, outlines: tuple[views.OutlineView, ...]) -> None:
        """Boxes over the picture."""
        self.outlines = outlines

    def show_picture_state(self, text: str) -> None:
        """A sentence instead of the picture."""
        self.picture_state = text

    def show_camera_place(self, *, has_camera: bool) -> None:
        """Rehearsed tills have a camera."""

    def show_counter(self, packs: tuple[views.CounterPackView, ...] | None) -> None:
        """The demo's strip: nobody taps it here."""

    def focus_search(self) -> None:
        """The cursor is in the search field: typed text goes there anyway."""

    def show_payment(self, view: views.PayView, basket: views.BasketView) -> None:
        """The payment screen."""
        self.payment = view
        self._others["paid_basket"] = basket

    def show_receipt(self, view: views.ReceiptView) -> None:
        """The done screen."""
        self._others["receipt"] = view

    def show_products(self, view: manager_views.ProductListView) -> None:
        """The manager's list."""
        self._others["products"] = view

    def show_form(self, view: manager_views.ProductFormView) -> None:
        """The product form."""
        self.form = view

    def show_picture_choice(self, view: manager_views.PictureChoiceView | None) -> None:
        """The dialog in which a product gets its picture."""
        self._others["picture_choice"] = view

    def forget_picture(self, product_id: UUID) -> None:
        """No pictures are kept here."""

    def show_restock(self, view: manager_views.RestockView) -> None:
        """The restock dialog."""
        self.restock = view

    def show_offer(self, view: views.OfferView | None) -> None:
        """What the till could remember."""
        self._others["offer"] = view

    def show_accuracy(self, view: AccuracyView) -> None:
        """The page of accuracy."""
        self._others["accuracy"] = view

    def show_names(self, view: manager_views.NamesView) -> None:
        """The manager's page of names."""
        self._others["names"] = view

    def show_settings(self, view: manager_views.SettingsView) -> None:
        """The page of settings."""
        self._others["settings"] = view

    def show_teach(self, view: manager_views.TeachView) -> None:
        """The page of teaching."""
        self._others["teach"] = view

    def show_vision_model(self, view: manager_views.VisionModelView) -> None:
        """The page of vision models."""
        self._others["vision_model"] = view

    def show_menu(self, view: views.MenuView | None) -> None:
        """The menu."""
        self.menu = view

    def announce(self, sentence: str, tone: views.Tone = views.Tone.ASK) -> None:
        """A sentence over whatever is in front."""
        del tone
        self.announced = sentence

    def show_confirm(self, view: views.ConfirmView | None) -> None:
        """The question before something is lost."""
        self._others["confirm"] = view

    def set_theme(self, theme: str) -> None:
        """Nothing is painted."""

    def close_till(self) -> None:
        """Remember that the person wants the till closed."""
        self.is_closed = True


class Silence:
    """Implements the flow's Sounds."""

    def play(self, sound: Sound) -> None:
        """Nobody listens."""


def _texts_in(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts_in(value)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            yield from _texts_in(_fields_of(value))


def _fields_of(value: Any) -> tuple[object, ...]:
    return tuple(getattr(value, field.name) for field in dataclasses.fields(value))
