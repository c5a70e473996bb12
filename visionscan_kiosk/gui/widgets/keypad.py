"""The number keys of payment and restock. What they write is decided by `gui.entry`."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, named

KEY_SIZES: Final = (64, 72, 88)


class KeypadKind(StrEnum):
    """What is keyed: money has `00`, pieces have `C`."""

    MONEY = "00"
    PIECES = "C"


class Keypad(QWidget):
    """Three by four keys, 7-8-9 on top, left to right in every language."""

    key_pressed = Signal(str)
    """A digit, `00`, `entry.DELETE` or `entry.CLEAR`."""

    def __init__(self, theme: Theme, kind: KeypadKind, key_height: int = TARGET_KEY) -> None:
        super().__init__()
        self._theme = theme
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_S)
        self._keys = [self._make_key(text) for text in (*"789456123", kind.value, "0", DELETE)]
        for place, key in enumerate(self._keys):
            self._grid.addWidget(key, place // 3, place % 3)
        self.set_key_height(key_height)

    def set_key_height(self, height: int) -> None:
        """Make all keys `height` pixels high: 64, 72 or 88."""
        for key in self._keys:
            key.setFixedHeight(height)

    def _make_key(self, text: str) -> Button:
        value = CLEAR if text == KeypadKind.PIECES else text
        key = Button(self._theme, "" if text == DELETE else text, _kind(value), _icon(value), role=Role.KEY)
        key.setAccessibleName({DELETE: "Delete", CLEAR: "Clear"}.get(value, text))
        key.setMinimumWidth(TARGET_KEY)
        key.setMaximumWidth(16777215)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        key.setAutoRepeat(value == DELETE)
        key.clicked.connect(partial(self.key_pressed.emit, value))
        return named(key, f"key_{value}")


def _kind(value: str) -> ButtonKind:
    return ButtonKind.KEY_SPECIAL if value in {DELETE, CLEAR} else ButtonKind.KEY


def _icon(value: str) -> Icon | None:
    return Icon.BACKSPACE if value == DELETE else None
