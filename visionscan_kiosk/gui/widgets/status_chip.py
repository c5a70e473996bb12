"""A part's health in the top bar: quiet when fine, tinted with another icon and word when not."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import ChipView, Tone
from visionscan_kiosk.gui.widgets.painting import mirrored

_HEIGHT = 40
_ICON = 20
_FINE = {"camera": Icon.CAMERA, "model": Icon.MODEL, "database": Icon.DATABASE}
_TROUBLE = {"camera": Icon.CAMERA_OFF, "model": Icon.MODEL, "database": Icon.DATABASE}


class StatusChip(QWidget):
    """Says nothing by colour alone. Without room a fine chip keeps only its icon."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: ChipView | None = None
        self._has_words = True
        theme.changed.connect(self.update)

    def show_view(self, view: ChipView, *, has_room: bool) -> None:
        """Show this state, with its word when there is room or trouble."""
        self._view = view
        self._has_words = has_room or view.tone is not Tone.FINE
        self.setObjectName(f"chip_{view.name}")
        self.setAccessibleName(view.text)
        self.setToolTip(view.text)
        words = QFontMetrics(font(Role.LABEL)).horizontalAdvance(view.text) + 8 if self._has_words else 0
        self.setFixedSize(2 * self._edge() + _ICON + words, _HEIGHT)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint pill, icon and word."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._ink()
        if self._view.tone is not Tone.FINE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(f"{self._view.tone}_soft"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 2, 0, -2), 18, 18)
        icons = _FINE if self._view.tone is Tone.FINE else _TROUBLE
        self._paint_icon(painter, icons.get(self._view.name, Icon.INFO), ink, QRect(self._edge(), 10, 20, 20))
        if self._view.tone is Tone.FINE:
            self._paint_check(painter)
        if self._has_words:
            self._paint_words(painter, self._view.text, ink)
        painter.end()

    def _edge(self) -> int:
        return 8 if self._view is None or self._view.tone is Tone.FINE else 14

    def _ink(self) -> str:
        is_fine = self._view is None or self._view.tone is Tone.FINE
        return "text2" if is_fine or self._view is None else f"{self._view.tone}_text"

    def _paint_icon(self, painter: QPainter, icon: Icon, ink: str, place: QRect) -> None:
        drawn = self._theme.pixmap(icon, ink, place.width(), self.devicePixelRatioF())
        painter.drawPixmap(mirrored(self, place), drawn)

    def _paint_check(self, painter: QPainter) -> None:
        place = QRect(self._edge() + 11, 20, 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(mirrored(self, place.adjusted(-1, -1, 1, 1)))
        self._paint_icon(painter, Icon.CHECK_CIRCLE, "sure", place)

    def _paint_words(self, painter: QPainter, text: str, ink: str) -> None:
        start = self._edge() + _ICON + 6
        painter.setFont(font(Role.LABEL))
        painter.setPen(self._theme.color(ink))
        leading = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(mirrored(self, QRect(start, 0, self.width() - start, _HEIGHT)), leading, text)
