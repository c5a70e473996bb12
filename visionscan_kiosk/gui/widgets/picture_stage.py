"""The picture with what belongs to it: the button that asks for another look, and the demo's packs."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_L, TARGET, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import LookView
from visionscan_kiosk.gui.widgets.basics import Button, named
from visionscan_kiosk.gui.widgets.picture_view import PictureView

_ROOM_FOR_ICON = 64


class PictureStage(QWidget):
    """Keeps the look button at the picture's trailing foot."""

    look_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._metrics = BASE
        self._look = LookView("Look")
        self.picture = PictureView(theme)
        self.picture.setParent(self)
        self._button = named(Button(theme, "Look", icon=Icon.EYE), "look")
        self._button.setParent(self)
        self._button.clicked.connect(self.look_requested)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_look(self._look)

    def show_look(self, view: LookView) -> None:
        """Show what the button does now."""
        self._look = view
        self._button.set_icon(Icon.CLOSE if view.is_busy else Icon.EYE)
        self._button.setEnabled(view.is_enabled)
        self._button.setVisible(view.is_offered)
        self._place()

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self._metrics = metrics
        self.setMinimumHeight(metrics.picture_minimum)
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Return the least that is still of use."""
        return QSize(240, self._metrics.picture_minimum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the place and move the button along."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self.picture.setGeometry(self.rect())
        words = QFontMetrics(font(Role.STRONG)).horizontalAdvance(self._look.text)
        # While it is busy the word stays in sight: "Cancel" is not to be guessed from a cross.
        icon_only = self._metrics.is_compact and not self._look.is_busy
        width = TARGET if icon_only else words + _ROOM_FOR_ICON
        self._button.set_icon_only(icon_only=icon_only, text=self._look.text, width=TARGET)
        self._button.resize(width, TARGET)
        edge = SPACE_L if not self._metrics.is_compact else 12
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = edge if right_to_left else self.width() - width - edge
        self._button.move(QPoint(left, self.height() - TARGET - edge))
        self.picture.reserve(self._button.geometry() if self._look.is_offered else QRect())
