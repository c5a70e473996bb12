"""A bar that says what was done and offers one way back while it lives."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QStyle, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    NOTE_MS,
    RADIUS_CONTROL,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XS,
    TARGET_FIELD,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, IconLabel, label, named, row

_FRAME_MS = 50
_LIFE_LINE = 4


class Toast(QWidget):
    """One bar 56 high; a second text replaces the first. Its line shrinks with the time left."""

    action_requested = Signal()
    expired = Signal()

    def __init__(
        self,
        theme: Theme,
        action_text: str = "",
        action_icon: Icon = Icon.UNDO,
        action_name: str = "toast_action",
    ) -> None:
        super().__init__()
        self._theme = theme
        self._duration_ms = NOTE_MS
        self._spent_ms = 0
        self._age = QElapsedTimer()
        self._ticks = QTimer(self)
        self._ticks.setInterval(_FRAME_MS)
        self._ticks.timeout.connect(self._tick)
        self._text = label("", Role.STRONG, "inverse", wrap=True)
        self.setMinimumHeight(TARGET_FIELD)
        parts = row(self, (SPACE_L, SPACE_XS, SPACE_XS, SPACE_S), SPACE_M)
        parts.addWidget(IconLabel(theme, Icon.CHECK_CIRCLE, "inverse_sure"))
        parts.addWidget(self._text, 1)
        if action_text:
            parts.addWidget(self._make_action(action_text, action_icon, action_name))
        theme.changed.connect(self.update)
        self.hide()

    def show_text(self, text: str, duration_ms: int = NOTE_MS, left_ms: int | None = None) -> None:
        """Show `text`, which lives `duration_ms` milliseconds, for what is left; then emit `expired`."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._duration_ms = max(1, duration_ms)
        self._spent_ms = 0 if left_ms is None else max(0, duration_ms - left_ms)
        self._age.start()
        self._ticks.start()
        self.show()

    def dismiss(self) -> None:
        """Hide it at once, without `expired`."""
        self._ticks.stop()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the ground and the line of life."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), RADIUS_CONTROL, RADIUS_CONTROL)
        painter.fillPath(ground, self._theme.color("inverse"))
        painter.setClipPath(ground)
        line = QRectF(0, self.height() - _LIFE_LINE, self.width() * self._left(), _LIFE_LINE).toRect()
        painter.fillRect(
            QStyle.visualRect(self.layoutDirection(), self.rect(), line), self._theme.color("inverse_link")
        )
        painter.end()

    def _make_action(self, text: str, icon: Icon, name: str) -> Button:
        made = named(Button(self._theme, text, ButtonKind.UNDO, icon), name)
        made.clicked.connect(self._act)
        return made

    def _act(self) -> None:
        self.dismiss()
        self.action_requested.emit()

    def _left(self) -> float:
        if not self._age.isValid():
            return 1.0
        return max(0.0, 1.0 - (self._spent_ms + self._age.elapsed()) / self._duration_ms)

    def _tick(self) -> None:
        self.update()
        if self._spent_ms + self._age.elapsed() >= self._duration_ms:
            self.dismiss()
            self.expired.emit()
