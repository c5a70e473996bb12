"""A row of pills of which one is on; more than fit are reached by dragging."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QScroller, QWidget

from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, named, row


class Pills(QScrollArea):
    """Options as (value, text). Tapping emits `chosen`; `select` shows which one is on."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._options: tuple[tuple[str, str], ...] = ()
        self._pills: dict[str, Button] = {}
        self.setAccessibleName(name)
        self.setFixedHeight(TARGET)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)

    def set_options(self, options: tuple[tuple[str, str], ...]) -> None:
        """Show these pills; the same ones again change nothing."""
        if options == self._options:
            return
        self._options = options
        holder = QWidget()
        pills = row(holder)
        self._pills = {value: self._make_pill(value, text) for value, text in options}
        for pill in self._pills.values():
            pills.addWidget(pill)
        pills.addStretch()
        self.setWidget(holder)

    def fit(self) -> None:
        """Take exactly the width of all pills, where there is room for them."""
        widths = [pill.sizeHint().width() for pill in self._pills.values()]
        self.setFixedWidth(sum(widths) + SPACE_S * (len(widths) - 1))

    def select(self, value: str) -> None:
        """Show `value` as chosen, without a signal; an unknown value shows none."""
        for name, pill in self._pills.items():
            pill.setChecked(name == value)
            pill.set_kind(ButtonKind.PILL_ON if name == value else ButtonKind.PILL)

    def _make_pill(self, value: str, text: str) -> Button:
        pill = Button(self._theme, text, ButtonKind.PILL)
        pill.setCheckable(True)
        pill.clicked.connect(partial(self._choose, value))
        return named(pill, f"pill_{value}")

    def _choose(self, value: str) -> None:
        self.select(value)
        self.chosen.emit(value)
