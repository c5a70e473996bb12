"""An entry of the list at the side: icon and words in a row, or words below the icon where room is short."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.widgets.basics import INK, Button, ButtonKind

_RAIL_ICON = 24
_RAIL_WORDS = 20
_TEXT_FLAGS = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class SideEntry(Button):
    """`short` are the words below the icon; the accessible name is always the whole."""

    def __init__(self, theme: Theme, text: str, kind: ButtonKind, icon: Icon, short: str = "") -> None:
        self._is_rail = False
        self._short = short or text
        self._drawing = icon
        super().__init__(theme, text, kind, icon, height=TARGET_FIELD)
        self.setProperty("leading", "true")

    def set_rail(self, *, is_rail: bool, width: int) -> None:
        """Put the words below the icon in a button this wide, or beside it."""
        self._is_rail = is_rail
        self.set_icon_only(icon_only=is_rail, text=self.accessibleName(), width=width)
        self._paint_icon()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then what Qt can only place side by side."""
        super().paintEvent(event)
        if not self._is_rail:
            return
        painter = QPainter(self)
        ink = INK.get(self.kind, "text")
        top = (self.height() - _RAIL_ICON - _RAIL_WORDS) // 2
        drawn = self._theme.pixmap(
            self._drawing, ink, _RAIL_ICON, self.devicePixelRatioF(), follows_reading=True
        )
        painter.drawPixmap((self.width() - _RAIL_ICON) // 2, top, drawn)
        painter.setFont(font(Role.LABEL))
        painter.setPen(self._theme.color(ink))
        below = QRect(0, top + _RAIL_ICON, self.width(), self.height() - top - _RAIL_ICON - SPACE_S // 2)
        painter.drawText(below, _TEXT_FLAGS, self._short)
        painter.end()

    def _paint_icon(self) -> None:
        if self._is_rail:
            self.setIcon(QIcon())
            self.update()
        else:
            super()._paint_icon()
