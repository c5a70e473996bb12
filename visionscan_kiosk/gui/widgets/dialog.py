"""A dialog inside the window: scrim, shadow, card. Never a window of its own that could slip behind."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XXL,
    TARGET_KEY,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, frame, label, named, row
from visionscan_kiosk.gui.widgets.nine_patch import paint_shadow
from visionscan_kiosk.gui.widgets.tab_order import tab_stops, walk

SCRIM: Final = 48
WIDEST: Final = 1072
_SHORT: Final = 700
_MARGINS: Final = (SPACE_XXL, SPACE_L, SPACE_XXL, SPACE_XL)
_SHORT_MARGINS: Final = (SPACE_XL, SPACE_M, SPACE_XL, SPACE_L)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Dialog(QWidget):
    """Covers its parent. Esc and the cross cancel, Enter confirms while the primary button is on.

    Put the content into `body`; the footer has Cancel leading and the primary button trailing, named by
    its effect. The focus stays inside while the dialog is open.
    """

    confirmed = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget, title: str, *, width: int = 560) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = min(width, WIDEST)
        self._preferred = 0
        self._before: QWidget | None = None
        self.hide()
        self.card = frame("card")
        self.card.setParent(self)
        self.setAccessibleName(title)
        self.title = label(title, Role.HEAD)
        self.cancel_button = named(Button(theme, "Cancel", height=TARGET_KEY), "dialog_cancel")
        self.primary = named(
            Button(theme, "Close", ButtonKind.PRIMARY, Icon.CHECK, height=TARGET_KEY, role=Role.TITLE),
            "dialog_primary",
        )
        self.body = column(spacing=SPACE_L)
        self._parts = self._lay_out_card()
        parent.installEventFilter(self)
        self.card.installEventFilter(self)
        theme.changed.connect(self.update)

    @property
    def is_short(self) -> bool:
        """Whether the window is so low that content must be left out."""
        return self.height() < _SHORT

    @property
    def room(self) -> QSize:
        """The largest size the card may have: the scrim stays in sight all round."""
        return QSize(self.width() - 2 * SCRIM, self.height() - 2 * SCRIM)

    def prefer_height(self, height: int) -> None:
        """Keep the card this high whatever it shows, as far as there is room, so that nothing jumps."""
        self._preferred = height
        self._place_card()

    def open(self) -> None:
        """Show it over its parent and take the focus."""
        focused = QApplication.focusWidget()
        self._before = focused if focused is not None and not self.isAncestorOf(focused) else None
        self._cover_parent()
        self.show()
        self.raise_()
        self.place_focus()

    def close_dialog(self) -> None:
        """Hide it and give the focus back to what had it."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    def place_focus(self) -> None:
        """Give the focus to what is used first: the primary button, unless a dialog knows better."""
        self.primary.setFocus()

    def set_footer_visible(self, *, visible: bool) -> None:
        """Hide Cancel and the primary button while a part of the body has its own way out."""
        self._footer.setVisible(visible)
        self._place_card()

    def share_footer(self) -> None:
        """Give Cancel and the primary button halves of the footer."""
        for place, stretch in enumerate((1, 0, 1)):
            self._foot.setStretch(place, stretch)

    def set_head_visible(self, *, visible: bool) -> None:
        """Hide title and cross where a keyboard needs the room; Esc still cancels."""
        self._head.setVisible(visible)
        self._place_card()

    def _lay_out_card(self) -> QVBoxLayout:
        parts = column(self.card, _MARGINS, SPACE_L)
        self._head = QWidget()
        self._fill_head(row(self._head, spacing=SPACE_M))
        parts.addWidget(self._head)
        parts.addLayout(self.body, 1)
        self._footer = QWidget()
        self._foot = row(self._footer, spacing=SPACE_M)
        self._fill_footer(self._foot)
        parts.addWidget(self._footer)
        return parts

    def _fill_head(self, head: QHBoxLayout) -> None:
        head.addWidget(self.title, 1)
        cross = named(Button(self._theme, "", ButtonKind.PLAIN, Icon.CLOSE, name="Close"), "dialog_close")
        cross.clicked.connect(self.cancelled)
        head.addWidget(cross)

    def _fill_footer(self, footer: QHBoxLayout) -> None:
        footer.addWidget(self.cancel_button)
        footer.addStretch(1)
        self.primary.setMinimumWidth(264)
        footer.addWidget(self.primary)
        self.cancel_button.clicked.connect(self.cancelled)
        self.primary.clicked.connect(self.confirmed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the parent, and give the card the height its changed content needs."""
        if watched is self.parentWidget() and event.type() is QEvent.Type.Resize and self.isVisible():
            self._cover_parent()
        if watched is self.card and event.type() is QEvent.Type.LayoutRequest:
            self._measure_again()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the card into the middle."""
        super().resizeEvent(event)
        self._place_card()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Dim what lies behind and paint the card's shadow."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(*self._theme.palette.scrim))
        paint_shadow(painter, self.card.geometry())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Enter confirms; nothing reaches what lies behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in _ENTER:
            self.press_enter()
        event.accept()

    def press_enter(self) -> None:
        """Press the button that has the focus, else the primary one: Enter on Cancel must not confirm."""
        focused = QApplication.focusWidget()
        is_inside = isinstance(focused, QAbstractButton) and self.isAncestorOf(focused)
        pressed = focused if is_inside and isinstance(focused, QAbstractButton) else self.primary
        if pressed.isVisible():
            pressed.click()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep taps on the scrim from reaching what lies behind."""
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Walk round inside the dialog."""
        focused = QApplication.focusWidget()
        if focused is self.primary and not self.primary.isEnabled():
            # Qt passes the focus on from a button that is switched off: Enter must not cancel then.
            self.setFocus()
        elif not walk(self._focus_stops(), forward=forward):
            self.setFocus()
        return True

    def _focus_stops(self) -> list[QWidget]:
        """Return what Tab reaches: the cross comes last, for closing is the way out and not the way on."""
        rest = tab_stops(self.card)
        crosses = [stop for stop in rest if stop.objectName() == "dialog_close"]
        return [stop for stop in rest if stop not in crosses] + crosses

    def _cover_parent(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self._place_card()

    def _measure_again(self) -> None:
        """A nested layout keeps its measures unless it is told; being told, it asks for this once more."""
        self.body.invalidate()
        self._place_card()
        self._parts.activate()
        QCoreApplication.removePostedEvents(self.card, QEvent.Type.LayoutRequest)

    def _place_card(self) -> None:
        self._set_gaps()
        size = self._card_size(self.room)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        place = QRect(left, top, size.width(), size.height())
        if place != self.card.geometry():
            self.card.setGeometry(place)
            self.update()  # its shadow

    def _set_gaps(self) -> None:
        """Only where they change: setting them lays the card out anew, and that places it."""
        gap = SPACE_S if self.is_short else SPACE_L
        if self._parts.spacing() == gap:
            return
        margins = _SHORT_MARGINS if self.is_short else _MARGINS
        self._parts.setSpacing(gap)
        self.body.setSpacing(gap)
        self._parts.setContentsMargins(*margins)

    def _card_size(self, room: QSize) -> QSize:
        width = min(self._width, room.width())
        needed = self._parts.totalHeightForWidth(width) if self._parts.hasHeightForWidth() else -1
        height = max(needed, self._parts.totalMinimumSize().height(), self._preferred)
        return QSize(width, min(height, room.height()))
