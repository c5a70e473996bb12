"""A large row that is tapped as a whole: one of several choices, or a switch, with what it does in words."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    RADIUS_CONTROL,
    SPACE_L,
    SPACE_M,
    SPACE_XS,
    TARGET_KEY,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.widgets.painting import TextBlock, draw_block, fit_text, mirrored, rounded

_MOST_TITLE_ROWS = 3
_MOST_DETAIL_ROWS = 6
_SWITCH = QSize(52, 32)
_CIRCLE = QSize(24, 24)
_KNOB_GAP = 4
_LEAST_WIDTH = 200


class Indicator(StrEnum):
    """What shows whether the row is on: a circle before the words, or a switch after them."""

    CHOICE = "choice"
    SWITCH = "switch"


class OptionRow(QAbstractButton):
    """Checkable. A tap emits `clicked(bool)`; `show_state` sets it without a signal."""

    def __init__(self, theme: Theme, indicator: Indicator, title: str) -> None:
        super().__init__()
        self._theme = theme
        self._indicator = indicator
        self._title = title
        self._detail = ""
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def show_state(self, *, is_on: bool, detail: str) -> None:
        """Show whether it is on, and the sentence below its title."""
        self.setChecked(is_on)
        if detail != self._detail:
            self._detail = detail
            self.setAccessibleDescription(detail)
            self.updateGeometry()
        self.update()

    @property
    def detail(self) -> str:
        """The sentence below its title."""
        return self._detail

    def heightForWidth(self, width: int) -> int:
        """Return the height that all words need at this width."""
        title, detail = self._words(width)
        return max(TARGET_KEY, title.height + (SPACE_XS + detail.height if self._detail else 0) + 2 * SPACE_M)

    def sizeHint(self) -> QSize:
        """Return a modest width and the height it needs there."""
        return QSize(_LEAST_WIDTH * 2, self.heightForWidth(_LEAST_WIDTH * 2))

    def minimumSizeHint(self) -> QSize:
        """Return the least width; the height follows from the width it gets."""
        return QSize(_LEAST_WIDTH, TARGET_KEY)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint ground, words and indicator."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        title, detail = self._words(self.width())
        height = title.height + (SPACE_XS + detail.height if self._detail else 0)
        top = (self.height() - height) // 2
        place = mirrored(self, QRect(self._words_start(), top, self._words_width(self.width()), height))
        ink = "text" if self.isEnabled() else "text2"
        draw_block(painter, title, QRectF(place), self._theme.color(ink))
        below = QRectF(place).adjusted(0, title.height + SPACE_XS, 0, 0)
        if self._detail:
            draw_block(painter, detail, below, self._theme.color("text2"))
        if self._indicator is Indicator.CHOICE:
            self._paint_circle(painter, top + title.row_height // 2)
        else:
            self._paint_switch(painter)
        painter.end()

    def _words(self, width: int) -> tuple[TextBlock, TextBlock]:
        room = self._words_width(width)
        title = fit_text(self._title, room, _MOST_TITLE_ROWS, (font(Role.STRONG),))
        return title, fit_text(self._detail, room, _MOST_DETAIL_ROWS, (font(Role.DETAIL),))

    def _words_start(self) -> int:
        return SPACE_L + (_CIRCLE.width() + SPACE_M if self._indicator is Indicator.CHOICE else 0)

    def _words_width(self, width: int) -> int:
        after = SPACE_M + _SWITCH.width() if self._indicator is Indicator.SWITCH else 0
        return width - self._words_start() - after - SPACE_L

    def _paint_ground(self, painter: QPainter) -> None:
        is_chosen = self._indicator is Indicator.CHOICE and self.isChecked()
        ground = "raised" if self.isDown() else "accent_soft" if is_chosen else "surface"
        is_marked = is_chosen or self.hasFocus()
        line = 3.0 if self.hasFocus() else 2.0 if is_chosen else 1.0
        place = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.fillPath(rounded(place, RADIUS_CONTROL), self._theme.color(ground))
        painter.setPen(QPen(self._theme.color("accent" if is_marked else "line"), line))
        painter.drawPath(rounded(place, RADIUS_CONTROL))

    def _paint_circle(self, painter: QPainter, middle: int) -> None:
        place = QRect(SPACE_L, middle - _CIRCLE.height() // 2, _CIRCLE.width(), _CIRCLE.height())
        circle = QRectF(mirrored(self, place)).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(self._ink(), 2))
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(circle)
        if self.isChecked():
            painter.setBrush(self._ink())
            painter.drawEllipse(circle.adjusted(5, 5, -5, -5))

    def _paint_switch(self, painter: QPainter) -> None:
        left, top = self.width() - SPACE_L - _SWITCH.width(), (self.height() - _SWITCH.height()) // 2
        track = mirrored(self, QRect(left, top, _SWITCH.width(), _SWITCH.height()))
        radius, is_on = _SWITCH.height() / 2, self.isChecked()
        painter.setPen(QPen(self._ink(), 2))
        painter.setBrush(self._ink() if is_on else self._theme.color("sunken"))
        painter.drawRoundedRect(QRectF(track).adjusted(1, 1, -1, -1), radius - 1, radius - 1)
        side = _SWITCH.height() - 2 * _KNOB_GAP
        is_at_right = is_on is (self.layoutDirection() == Qt.LayoutDirection.LeftToRight)
        start = track.right() + 1 - _KNOB_GAP - side if is_at_right else track.left() + _KNOB_GAP
        knob = QRect(start, track.top() + _KNOB_GAP, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("on_accent") if is_on else self._ink())
        painter.drawEllipse(knob)
        if is_on:
            drawn = self._theme.pixmap(Icon.CHECK, self._ink().name(), 16, self.devicePixelRatioF())
            painter.drawPixmap(knob.adjusted(4, 4, -4, -4), drawn)

    def _ink(self) -> QColor:
        return self._theme.color("accent" if self.isChecked() and self.isEnabled() else "control")
