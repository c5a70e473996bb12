"""Hands and eyes for a till that is driven by script: find, tap, type, wait and take pictures. No story.

They do what a person could: real events on what is on screen, and waiting for what it shows. Nothing here
counts frames or lets time pass; a limit of minutes only ends what hangs.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QScroller, QWidget

from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.views import OutlineKind
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid

if TYPE_CHECKING:
    from visionscan_kiosk.gui.till_app import TillApp

_PATIENCE_S = 300.0
_PERSON_MS = 120
"""Between two keys of a person, by the events' own times: no time passes here."""
_LOOK_MS = 10
_ANSWERED = (Lane.DATABASE, Lane.PICTURES, Lane.LEARNING, Lane.LABELS, Lane.REPORTS)
"""Lanes that work only when they were asked; the camera's and the model's are never done."""


_Layout = tuple[tuple[int, QRect], ...]


class StepMissed(Exception):
    """A step of the script did not happen."""


class TourHands:
    """Tap, type and look at one till; `snap` writes `NN-name.png` into a folder."""

    def __init__(self, till: TillApp, folder: Path) -> None:
        self._till = till
        self._folder = folder
        self._number = 0
        self._layout: _Layout = ()

    # ---- hands ---------------------------------------------------------------------------------

    def tap(self, name: str, *, within: str = "") -> None:
        """Tap what has this name, as soon as it is on screen, at rest, and can be tapped."""
        widget = self._find(name, within)
        _bring_into_sight(widget)
        self.wait(lambda: not _is_moving(widget), f"the list around {name} does not come to rest")
        self.wait(widget.isEnabled, f"{name} cannot be tapped")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def type(self, name: str, text: str) -> None:
        """Tap a field and type into it."""
        field = self._find(name, "")
        if not isinstance(field, QLineEdit):
            raise StepMissed(f"{name} is no field")
        _bring_into_sight(field)
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        field.setFocus()  # in a list that can be dragged a tap without a real display arrives nowhere
        for place, character in enumerate(text):
            event = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character
            )
            event.setTimestamp((place + 1) * _PERSON_MS)
            QApplication.sendEvent(field, event)
        self.wait(lambda: field.text() == text, f"{name} does not show what was typed")

    # ---- eyes ----------------------------------------------------------------------------------

    def is_shown(self, name: str, within: str = "") -> bool:
        """Whether something with this name is on screen."""
        return bool(self._shown(name, within))

    def count(self, name: str) -> int:
        """Return how often it is on screen."""
        return len(self._shown(name, ""))

    def text(self, name: str, within: str = "") -> str:
        """Return what it says there."""
        return " ".join(
            widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
            for widget in self._shown(name, within)
        )

    def names_like(self, beginning: str) -> list[str]:
        """Return the names on screen that begin like this, in the order of the screen."""
        names = (widget.objectName() for widget in self._till.window.findChildren(QWidget))
        return [name for name in names if name.startswith(beginning) and self.is_shown(name)]

    def items(self) -> tuple[ScanItem, ...]:
        """Return the basket's lines as the database told them."""
        basket = self._till.flow.basket.basket
        return basket.items if basket else ()

    def item(self, sku: str) -> ScanItem:
        """Return the line of this product; raise StepMissed without one."""
        for item in self.items():
            if item.sku == sku:
                return item
        raise StepMissed(f"{sku} is not in the basket")

    def green(self) -> Counter[str]:
        """Return how many green outlines each product has on screen, by the words on them."""
        pictures = [picture for picture in self._till.window.findChildren(PictureView) if picture.isVisible()]
        outlines = (outline for picture in pictures for outline in picture.outlines)
        return Counter(outline.label for outline in outlines if outline.kind is OutlineKind.SURE)

    # ---- waiting -------------------------------------------------------------------------------

    def wait(self, happened: Callable[[], bool], otherwise: str) -> None:
        """Return as soon as it happened; raise StepMissed with this sentence when it never does."""
        deadline = time.monotonic() + _PATIENCE_S
        while not happened():
            if time.monotonic() > deadline:
                raise StepMissed(otherwise)
            QTest.qWait(_LOOK_MS)

    def wait_for_place(self, place: Place) -> None:
        """Wait until this screen is open."""
        self.wait(lambda: self._till.flow.place is place, f"the {place} screen did not open")

    def wait_for_line(self, sku: str) -> None:
        """Wait until the database has this product in the basket."""
        self.wait(
            lambda: self._till.flow.basket.is_settled and any(item.sku == sku for item in self.items()),
            f"{sku} did not come into the basket",
        )

    # ---- pictures ------------------------------------------------------------------------------

    def snap(self, name: str) -> None:
        """Save a picture once everything on it has come; a green outline outside the basket is a fault."""
        picture = self._complete_picture(name)
        self._check_outlines()
        self._number += 1
        path = self._folder / f"{self._number:02}-{name}.png"
        if not picture.save(str(path)):
            raise StepMissed(f"{path} cannot be written. Is the disk full?")

    def snap_fault(self) -> None:
        """Save what is on screen now, whatever it is."""
        self._till.window.grab().save(str(self._folder / f"{self._number + 1:02}-missed.png"))

    def _complete_picture(self, name: str) -> QPixmap:
        """Painting is what asks for the pictures of products: paint until nothing more is on its way."""
        while True:
            self.wait(self._is_complete, f"not everything of the picture {name} came")
            picture = self._till.window.grab()
            if self._is_complete():
                return picture

    def _is_complete(self) -> bool:
        window = self._till.window
        return (
            self._till.lanes.is_idle(*_ANSWERED)
            and self._till.flow.basket.is_settled
            and all(grid.is_whole for grid in window.findChildren(TileGrid))
            and not any(_is_gliding(area) for area in window.findChildren(QScrollArea))
            and self._is_laid_out()
        )

    def _is_laid_out(self) -> bool:
        """Whether everything lies where it lay at the last look: what moves things came between."""
        shown = (widget for widget in self._till.window.findChildren(QWidget) if widget.isVisible())
        before, self._layout = self._layout, tuple((id(widget), widget.geometry()) for widget in shown)
        return before == self._layout

    def _check_outlines(self) -> None:
        """Green means: in the basket."""
        charged: Counter[str] = Counter()
        for item in self.items():
            charged[item.display_name] += item.quantity
        for name, shown in self.green().items():
            if shown > charged[name]:
                raise StepMissed(f"{shown} green around {name}, but {charged[name]} in the basket")

    # ---- finding -------------------------------------------------------------------------------

    def _find(self, name: str, within: str) -> QWidget:
        self.wait(lambda: self.is_shown(name, within), f"{name} is not on screen")
        return self._shown(name, within)[0]

    def _shown(self, name: str, within: str) -> list[QWidget]:
        window: QWidget = self._till.window
        root = window.findChild(QWidget, within) if within else window
        found = root.findChildren(QWidget, name) if isinstance(root, QWidget) else []
        return [widget for widget in found if widget.isVisible()]


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll to it, as a person would drag to it."""
    for area in _areas_around(widget):
        area.ensureWidgetVisible(widget)


def _is_moving(widget: QWidget) -> bool:
    """Whether a list around it still glides: a tap would only stop it."""
    return any(_is_gliding(area) for area in _areas_around(widget))


def _is_gliding(area: QScrollArea) -> bool:
    viewport = area.viewport()
    return (
        QScroller.hasScroller(viewport) and QScroller.scroller(viewport).state() != QScroller.State.Inactive
    )


def _areas_around(widget: QWidget) -> Iterator[QScrollArea]:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            yield parent
        parent = parent.parentWidget()
