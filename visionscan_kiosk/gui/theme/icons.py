"""The till's icons: Phosphor drawings by what they mean here, coloured by the palette."""

from __future__ import annotations

import os
from enum import StrEnum

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap, QTransform

os.environ["QT_API"] = "pyside6"
import qtawesome


class Icon(StrEnum):
    """Every drawing in use: bold up to 24 px, light from 88 px, filled for states."""

    ACCURACY = "gauge-bold"
    ACCURACY_LIGHT = "gauge-light"
    ADD = "plus-bold"
    ARROW_BACK = "arrow-left-bold"
    ARROW_DOWN = "arrow-down-bold"
    ARROW_FORWARD = "arrow-right-bold"
    ARROW_UP = "arrow-up-bold"
    BACKSPACE = "backspace-bold"
    BAG = "shopping-bag-bold"
    BAG_OPEN_LIGHT = "shopping-bag-open-light"
    BARCODE = "barcode-bold"
    CALENDAR = "calendar-blank"
    CAMERA = "camera-bold"
    CAMERA_LIGHT = "camera-light"
    CAMERA_OFF = "camera-slash-bold"
    CAMERA_OFF_FILL = "camera-slash-fill"
    CAMERA_OFF_LIGHT = "camera-slash-light"
    CARD = "credit-card"
    CARD_LIGHT = "credit-card-light"
    CASH = "money"
    CHECK = "check-bold"
    CHECK_CIRCLE = "check-circle-fill"
    CLEAR = "x-circle-fill"
    CLOCK = "clock-bold"
    CLOSE = "x-bold"
    CLOUD = "cloud-check-bold"
    CLOUD_OFF = "cloud-slash-bold"
    CLOUD_OFF_FILL = "cloud-slash-fill"
    COIN = "coin"
    CUBE = "cube-bold"
    DATABASE = "database-bold"
    DATABASE_FILL = "database-fill"
    DELETE = "trash"
    EDIT = "pencil-simple-bold"
    EYE = "eye-bold"
    EYE_OFF = "eye-slash-bold"
    GLOBE = "globe"
    GRID = "squares-four-bold"
    HAND = "hand-pointing-bold"
    HOURGLASS = "hourglass-medium-bold"
    IMAGE = "image"
    INFO = "info-bold"
    KEYBOARD = "keyboard"
    LOOK_AGAIN = "arrow-clockwise-bold"
    MENU = "list-bold"
    MINUS = "minus-bold"
    MODEL = "cpu-bold"
    MODEL_FILL = "cpu-fill"
    MODEL_THIN = "cpu"
    MOON = "moon-bold"
    MORE = "dots-three-vertical-bold"
    NOTE = "note-pencil"
    PACKAGE = "package"
    PACKAGE_FILL = "package-fill"
    PACKAGE_LIGHT = "package-light"
    PRINTER = "printer"
    QUESTION = "question-bold"
    QUESTION_FILL = "question-fill"
    RECEIPT = "receipt"
    SEARCH = "magnifying-glass-bold"
    SEARCH_LIGHT = "magnifying-glass-light"
    SETTINGS = "gear-six-bold"
    SHIFT = "arrow-fat-up-bold"
    SHIFT_FILL = "arrow-fat-up-fill"
    SIGN_OUT = "sign-out-bold"
    SUN = "sun-bold"
    TAG = "tag-bold"
    TEACH = "graduation-cap-bold"
    TRUCK = "truck"
    TRUCK_FILL = "truck-fill"
    UNDO = "arrow-counter-clockwise"
    WARNING = "warning-fill"
    WARNING_CIRCLE = "warning-circle-fill"


class IconStore:
    """Draws icons and remembers them by drawing, colour, size and side. Needs a running application."""

    def __init__(self) -> None:
        self._icons: dict[tuple[Icon, str, str], QIcon] = {}
        self._pixmaps: dict[tuple[Icon, str, int, float, bool], QPixmap] = {}

    def icon(self, icon: Icon, color: str, disabled_color: str) -> QIcon:
        """Return an icon for a button; `color` and `disabled_color` are `#RRGGBB`."""
        key = (icon, color, disabled_color)
        if key not in self._icons:
            self._icons[key] = qtawesome.icon(f"ph.{icon}", color=color, color_disabled=disabled_color)
        return self._icons[key]

    def pixmap(self, icon: Icon, color: str, size: int, ratio: float, *, mirrored: bool = False) -> QPixmap:
        """Return a square drawing of `size` logical pixels for a device with this pixel ratio."""
        key = (icon, color, size, ratio, mirrored)
        if key not in self._pixmaps:
            drawn = self.icon(icon, color, color).pixmap(QSize(size, size), ratio)
            # Mirrored as pixmap: the icon library's own flip paints outside its rectangle.
            self._pixmaps[key] = drawn.transformed(QTransform.fromScale(-1, 1)) if mirrored else drawn
        return self._pixmaps[key]
