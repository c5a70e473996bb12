"""One complete sale by script: real mouse clicks on the real screens, a picture of every step.

What a headless `demo` runs, and where the README's pictures come from. It waits for what it did to happen,
each time with a deadline; a step that does not happen ends the tour with a sentence.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QScroller, QWidget

from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.views import Tone

if TYPE_CHECKING:
    from visionscan_kiosk.gui.till_app import TillApp

_PATIENCE_S = 30.0
_MODEL_PATIENCE_S = 90.0
_LAYOUT_MS = 100
_ROUND_AMOUNT = 3
_TAUGHT = (("APPLE001", "Red Apple"), ("LEMON001", "Lemon"))
_PICTURES = 5
_FEWER_PICTURES = 3
_FRESH_FRAMES = 3
_FRAMES_TO_REST = 20
_PACKS = ("OATMILK001", "PASTA001", "CHOCOLATE001")


class StepMissed(Exception):
    """A step of the tour did not happen in time."""


class SnapshotTour:
    """Drives a started till. `run` returns the exit code."""

    def __init__(self, till: TillApp, folder: Path) -> None:
        self._till = till
        self._folder = folder
        self._number = 0

    def run(self) -> int:
        """Sell, manage, teach, recognise, darken, measure; write `NN-name.png` of each and `receipt.txt`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            for step in (
                self._open,
                self._sell,
                self._pay,
                self._manage,
                self._recognise,
                self._darken,
                self._measure,
            ):
                step()
        except StepMissed as missed:
            self._snap("missed")
            sys.stderr.write(f"The demo stopped: {missed}\n")
            return 1
        return 0

    def _open(self) -> None:
        self._wait(lambda: self._till.flow.basket.is_settled, "the basket did not open")
        self._wait(lambda: self._till.flow.sight.has_picture, "the camera shows no picture")
        self._wait(lambda: self._exists(f"pack_{_PACKS[0]}"), "the demo's packs are missing")
        if self._items():
            self._end_without_sale()
        self._snap("start")

    def _sell(self) -> None:
        self._show_packs()
        self._tap_produce()
        self._step_and_undo()
        self._look()
        self._search_by_keyboard()

    def _show_packs(self) -> None:
        for sku in _PACKS:
            self._click(f"pack_{sku}")
        for sku in _PACKS:
            self._wait_for_line(sku)
        self._snap("seen-by-the-camera")

    def _tap_produce(self) -> None:
        self._click("catalogue_open")
        self._click("pill_Fruit & veg")
        self._wait(lambda: not self._is_shown("tile_MILK001"), "other goods are shown among the fruit")
        self._snap("all-products")
        self._click("tile_APPLE001")
        self._wait_for_line("APPLE001")
        self._click("catalogue_close")
        self._snap("tapped")

    def _step_and_undo(self) -> None:
        self._click("more", within=f"line_{self._item('APPLE001').id}")
        self._wait(lambda: self._item("APPLE001").quantity == 2, "the quantity did not change")
        self._snap("two-apples")
        self._click(f"pack_{_PACKS[0]}")  # takes it off the counter: the basket keeps it
        sold_before = len(self._items())
        self._click("pack_BUTTER001")
        self._wait_for_line("BUTTER001")
        self._click("toast_action")
        self._wait(lambda: len(self._items()) == sold_before, "undo did not take the butter back")
        self._click("pack_BUTTER001")
        self._snap("undone")

    def _look(self) -> None:
        """Only with a model that answers: without one the till sells all the same."""
        for sku in _PACKS[1:]:
            self._click(f"pack_{sku}")
        self._click("pack_BANANA001")
        if self._till.flow.status.model_tone is not Tone.FINE:
            return
        self._click("look")
        self._wait(lambda: not self._till.flow.sight.is_looking, "the look did not end", _MODEL_PATIENCE_S)
        self._snap("looked")
        if self._till.flow.trays.is_asking:
            self._click("tray_skip")

    def _search_by_keyboard(self) -> None:
        self._click("keyboard")
        for key in "coff":
            self._click(f"key_{key}")
        self._wait(lambda: self._is_shown("catalogue_close"), "the search did not open")
        self._wait(lambda: self._is_shown("tile_COFFEE001"), "the coffee was not found")
        self._snap("searched")
        self._click("tile_COFFEE001")
        self._wait_for_line("COFFEE001")
        self._click("catalogue_close")
        self._snap("basket")

    def _pay(self) -> None:
        self._click("pay")
        self._wait_for_place(Place.PAYMENT)
        self._snap("pay")
        self._click(self._quick_amount())
        self._snap("cash-given")
        self._click("confirm")
        self._wait_for_place(Place.RECEIPT)
        self._snap("receipt")
        (self._folder / "receipt.txt").write_text(self._till.window.receipt_text, encoding="utf-8")
        self._click("next_customer")
        self._wait_for_place(Place.SELLING)
        self._wait(lambda: self._till.flow.basket.is_settled and not self._items(), "no new basket opened")
        self._snap("next-customer")

    def _manage(self) -> None:
        self._click("menu")
        self._snap("menu")
        self._click("menu_manager")
        self._wait_for_place(Place.PRODUCTS)
        self._wait(lambda: "27" in self._text("product_count"), "the products are not listed")
        self._snap("products")
        self._refuse_a_product()
        self._restock()
        self._click("side_close")
        self._wait_for_place(Place.SELLING)

    def _refuse_a_product(self) -> None:
        self._click("new_product")
        self._wait_for_place(Place.FORM)
        self._type("field_name_edit", "Pear")
        self._type("field_price_edit", "-1")
        self._click("form_save")
        self._snap("product-form")
        self._click("form_cancel")
        self._wait_for_place(Place.PRODUCTS)

    def _restock(self) -> None:
        self._click("side_restock")
        self._wait_for_place(Place.RESTOCK)
        self._type("restock_search_edit", "coffee")
        self._wait(lambda: self._is_shown("tile_COFFEE001", "restock_dialog"), "the coffee was not found")
        self._click("tile_COFFEE001", within="restock_dialog")
        self._wait(lambda: self._is_shown("key_2", "restock_dialog"), "the coffee was not chosen")
        for key in "24":
            self._click(f"key_{key}", within="restock_dialog")
        self._wait(lambda: "24" in self._text("dialog_primary", "restock_dialog"), "24 was not keyed")
        self._snap("restock")
        self._click("dialog_primary", within="restock_dialog")
        self._wait(lambda: "24 added" in self._text("list_message"), "the delivery was not added")
        self._snap("restocked")

    def _recognise(self) -> None:
        """Show two kinds of fruit to the till, then sell them by their looks; not where none looks."""
        if False:
            return
        self._clear_counter()
        self._wait(lambda: self._till.flow.scene.knows_counter, "the empty counter was not learned")
        self._click("menu")
        self._click("menu_manager")
        self._wait_for_place(Place.PRODUCTS)
        self._click("side_teach")
        self._wait_for_place(Place.TEACH)
        for place, (sku, name) in enumerate(_TAUGHT):
            self._teach(sku, name, by_itself=place == 0)
        self._click("side_names")
        self._wait_for_place(Place.NAMES)
        self._wait(lambda: not self._till.flow.naming.is_loading, "the names were not listed")
        self._snap("names")
        self._click("side_model")
        self._wait_for_place(Place.MODEL)
        self._wait(lambda: not self._till.flow.models.is_loading, "nobody said which vision models there are")
        self._snap("vision-models")
        self._click("side_settings")
        self._wait_for_place(Place.SETTINGS)
        self._wait(lambda: not self._till.flow.settings.is_loading, "the settings were not read")
        self._snap("settings")
        self._click("side_close")
        self._wait_for_place(Place.SELLING)
        self._sell_one_by_its_looks()
        self._sell_a_tray()
        self._clear_counter()
        self._end_without_sale()

    def _teach(self, sku: str, name: str, *, by_itself: bool) -> None:
        """Turn it by putting it down anew; pictures are taken by themselves, or by the button."""
        self._type("teach_search_edit", name)
        found = f"Show {name} to the camera"
        self._wait(lambda: found in self._text("teach_choose"), f"{name} was not found to be taught")
        self._wait(lambda: self._count("teach_choose") == 1, f"more than {name} was found to be taught")
        self._click("teach_choose")
        pictures = _PICTURES if by_itself else _FEWER_PICTURES
        for count in range(pictures):
            self._till.flow.counter_toggled(sku)
            if not by_itself:
                self._wait_for_frames(_FRESH_FRAMES)
                self._click("teach_take")
            self._wait(lambda: self._pictures_taken() > count, f"picture {count + 1} was not taken")  # noqa: B023 - waited for at once
            if by_itself and count == pictures - 1:
                self._snap("teach")
            self._till.flow.counter_toggled(sku)
            self._wait_for_frames(_FRESH_FRAMES)
        self._click("teach_done")
        self._wait(lambda: self._is_shown("teach_other"), f"{name} was not learned")
        if by_itself:
            self._wait(lambda: self._is_shown("teach_remove"), "the kept pictures are not listed")
            self._snap("taught")
        self._click("teach_other")
        self._wait(lambda: self._is_shown("teach_choice"), "no other product can be taught")

    def _sell_one_by_its_looks(self) -> None:
        """Known for sure it is one tap; here it is doubted, and the till learns from the answer."""
        sku = _TAUGHT[0][0]
        self._till.flow.counter_toggled(sku)
        self._wait(lambda: self._till.flow.trays.is_asking, f"{sku} was not recognised")
        self._snap("recognised")
        if self._till.flow.trays.is_offering:
            self._click(f"tile_{sku}")
            self._snap("doubted")
        self._click(f"tile_{sku}")
        self._wait_for_line(sku)
        self._clear_counter()

    def _sell_a_tray(self) -> None:
        tray = [sku for sku, _ in _TAUGHT]
        for sku in (*tray, *_PACKS[:2]):
            self._till.flow.counter_toggled(sku)
        for sku in _PACKS[:2]:
            self._wait_for_line(sku)
        self._wait(lambda: self._till.flow.trays.is_asking, "the tray was not recognised")
        self._snap("tray")
        while self._till.flow.trays.is_offering:
            self._till.flow.trays.act()
        self._wait(lambda: self._till.flow.basket.is_settled, "the tray did not come into the basket")
        self._snap("tray-added")

    def _clear_counter(self) -> None:
        for sku in (*_PACKS, *(sku for sku, _ in _TAUGHT), "BANANA001"):
            self._take_away(sku)
        self._wait(lambda: not self._till.flow.goods.outlines, "the counter did not become empty")
        self._wait_for_frames(_FRAMES_TO_REST)

    def _take_away(self, sku: str) -> None:
        if sku in self._till.flow.counter.lying:
            self._till.flow.counter_toggled(sku)

    def _wait_for_frames(self, count: int) -> None:
        last = self._till.flow.sight.frames_seen + count
        self._wait(lambda: self._till.flow.sight.frames_seen >= last, "the camera stands still")

    def _pictures_taken(self) -> int:
        return self._till.flow.teach.pictures_taken

    def _count(self, name: str) -> int:
        return sum(widget.isVisible() for widget in self._named(name, ""))

    def _darken(self) -> None:
        self._click("menu")
        self._click("menu_theme")
        for sku in _PACKS[:2]:
            self._click(f"pack_{sku}")
        for sku in _PACKS[:2]:
            self._wait_for_line(sku)
        self._snap("dark-selling")
        self._click("pay")
        self._wait_for_place(Place.PAYMENT)
        self._click("segment_card")
        self._snap("dark-card")
        self._click("back" if self._is_shown("back") else "short_back")
        self._wait_for_place(Place.SELLING)
        self._end_without_sale()

    def _measure(self) -> None:
        """What people tapped counts when they can no longer undo it; only where things were recognised."""
        if False:
            return
        self._click("menu")
        self._click("menu_manager")
        self._wait_for_place(Place.PRODUCTS)
        self._click("side_accuracy")
        self._wait(self._has_figures, "nothing was measured")
        self._snap("dark-accuracy")
        self._click("side_close")
        self._wait_for_place(Place.SELLING)

    def _has_figures(self) -> bool:
        """Whether the page shows figures; while it is empty it is asked again."""
        if not (self._till.flow.accuracy.is_loading or self._is_shown("figure_first")):
            self._click("pill_7")
        return self._is_shown("figure_first")

    def _end_without_sale(self) -> None:
        self._click("menu")
        self._click("menu_end")
        self._wait(
            lambda: self._till.flow.basket.is_settled and not self._items(), "the basket did not close"
        )

    def _snap(self, name: str) -> None:
        """Save a picture when everything is laid out and all product pictures are there."""
        QTest.qWait(_LAYOUT_MS)
        self._till.window.grab()  # painting is what asks for the pictures
        self._wait(lambda: not self._till.pictures_on_their_way, "product pictures did not arrive")
        QTest.qWait(_LAYOUT_MS)
        self._number += 1
        path = self._folder / f"{self._number:02}-{name}.png"
        if not self._till.window.grab().save(str(path)):
            raise StepMissed(f"{path} cannot be written. Is the disk full?")

    def _click(self, name: str, within: str = "") -> None:
        widget = self._find(name, within)
        _bring_into_sight(widget)
        self._wait(lambda: not _is_moving(widget), f"the list around {name} does not come to rest")
        self._wait(widget.isEnabled, f"{name} cannot be tapped")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def _type(self, name: str, text: str) -> None:
        field = self._find(name, "")
        if not isinstance(field, QLineEdit):
            raise StepMissed(f"{name} is no field")
        _bring_into_sight(field)
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        for character in text:
            event = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character
            )
            QApplication.sendEvent(field, event)

    def _find(self, name: str, within: str) -> QWidget:
        self._wait(lambda: self._is_shown(name, within), f"{name} is not on screen")
        return next(widget for widget in self._named(name, within) if widget.isVisible())

    def _is_shown(self, name: str, within: str = "") -> bool:
        return any(widget.isVisible() for widget in self._named(name, within))

    def _exists(self, name: str) -> bool:
        return bool(self._named(name, ""))

    def _named(self, name: str, within: str) -> list[QWidget]:
        window: QWidget = self._till.window
        root = window.findChild(QWidget, within) if within else window
        return root.findChildren(QWidget, name) if isinstance(root, QWidget) else []

    def _text(self, name: str, within: str = "") -> str:
        texts = [widget for widget in self._named(name, within) if widget.isVisible()]
        return " ".join(
            widget.text() if isinstance(widget, QLabel) else widget.accessibleName() for widget in texts
        )

    def _quick_amount(self) -> str:
        buttons = [
            widget.objectName()
            for widget in self._till.window.payment.findChildren(QWidget)
            if widget.objectName().startswith("quick_")
        ]
        return buttons[_ROUND_AMOUNT]

    def _items(self) -> tuple[ScanItem, ...]:
        basket = self._till.flow.basket.basket
        return basket.items if basket else ()

    def _item(self, sku: str) -> ScanItem:
        return next(item for item in self._items() if item.sku == sku)

    def _wait_for_line(self, sku: str) -> None:
        self._wait(
            lambda: self._till.flow.basket.is_settled and any(item.sku == sku for item in self._items()),
            f"{sku} did not come into the basket",
        )

    def _wait_for_place(self, place: Place) -> None:
        self._wait(lambda: self._till.flow.place is place, f"the {place} screen did not open")

    def _wait(self, happened: Callable[[], bool], otherwise: str, patience_s: float = _PATIENCE_S) -> None:
        deadline = time.monotonic() + patience_s
        while not happened():
            if time.monotonic() > deadline:
                raise StepMissed(otherwise)
            QTest.qWait(10)


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll to it, as a person would drag to it."""
    for area in _areas_around(widget):
        area.ensureWidgetVisible(widget)


def _is_moving(widget: QWidget) -> bool:
    """Whether a list around it still glides: a tap would only stop it."""
    return any(
        QScroller.scroller(area.viewport()).state() != QScroller.State.Inactive
        for area in _areas_around(widget)
        if QScroller.hasScroller(area.viewport())
    )


def _areas_around(widget: QWidget) -> Iterator[QScrollArea]:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            yield parent
        parent = parent.parentWidget()
