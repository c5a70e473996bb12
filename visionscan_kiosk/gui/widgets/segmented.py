"""A choice of two or three that excludes each other, side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_XS, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, named, row


class Segmented(QFrame):
    """Options as (value, text, icon). Tapping emits `chosen`; `select` shows which one is on."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, options: tuple[tuple[str, str, Icon], ...], name: str) -> None:
        super().__init__()
        self.setProperty("kind", "segments")
        self.setAccessibleName(name)
        self._buttons: dict[str, Button] = {}
        segments = row(self, (SPACE_XS,) * 4, SPACE_XS)
        for value, text, icon in options:
            made = Button(theme, text, ButtonKind.SEGMENT, icon, height=TARGET_FIELD)
            made.setCheckable(True)
            made.clicked.connect(partial(self._choose, value))
            self._buttons[value] = named(made, f"segment_{value}")
            segments.addWidget(made, 1)

    def select(self, value: str) -> None:
        """Show `value` as chosen, without a signal."""
        for name, made in self._buttons.items():
            made.setChecked(name == value)
            made.set_kind(ButtonKind.SEGMENT_ON if name == value else ButtonKind.SEGMENT)

    def _choose(self, value: str) -> None:
        self.select(value)
        self.chosen.emit(value)
