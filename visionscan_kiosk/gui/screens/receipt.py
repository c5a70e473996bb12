"""The done screen: the sale is paid, this goes back, here is the receipt, on to the next customer."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    BASE,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XXL,
    metrics_for,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import ReceiptView
from visionscan_kiosk.gui.widgets.basics import (
    ActionButton,
    IconLabel,
    column,
    frame,
    label,
    named,
    row,
    set_tone,
)
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.fitted import FittedAmount
from visionscan_kiosk.gui.widgets.paper import Paper

_NEXT_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
_WIDEST: Final = 800
_FIGURE: Final = (Role.GIANT, Role.HERO, Role.TOTAL, Role.HEAD)
_CENTRE: Final = Qt.AlignmentFlag.AlignHCenter


class ReceiptScreen(QWidget):
    """Give back in the largest figures there are; Enter goes on to the next customer."""

    next_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("receipt_screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = named(label("", Role.TOTAL, wrap=True, align=_CENTRE), "done_title")
        self._caption = label("", Role.TITLE, "sure", align=_CENTRE)
        self._figure = named(FittedAmount(_FIGURE, align=_CENTRE), "give_back")
        set_tone(self._figure, "sure")
        self._paid = label("", Role.BODY, "sure", wrap=True, align=_CENTRE)
        self._number = label("", Role.BODY, "2")
        self._paper = Paper(theme)
        self._next = named(ActionButton(theme, "Next customer"), "next_customer")
        self._next.clicked.connect(self.next_requested)
        self._sheet = self._make_sheet()
        self._body = row(self)
        self._body.addWidget(self._make_done(theme), 1)
        self._body.addWidget(self._sheet)

    def show_view(self, view: ReceiptView) -> None:
        """Show what goes back, or what was paid when nothing does."""
        self._title.setText(view.title)
        self._caption.setText("Give back" if view.give_back_text else "Total")
        self._figure.setText(view.give_back_text or view.total_text)
        self._paid.setText(view.paid_text)
        self._paid.setVisible(bool(view.paid_text))
        self._number.setText(view.number_text)
        self._paper.set_text(view.receipt_text)

    def showEvent(self, event: QShowEvent) -> None:
        """Take Enter without marking the button."""
        super().showEvent(event)
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout by the size; short screens show no paper."""
        super().resizeEvent(event)
        metrics = metrics_for(self.width(), self.height() + BASE.top_bar)
        self._sheet.setVisible(not metrics.is_compact)
        self._sheet.setFixedWidth(metrics.basket_width)
        self._body.setContentsMargins(*(metrics.margin,) * 4)
        self._body.setSpacing(metrics.margin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter or Esc."""
        if event.key() in _NEXT_KEYS:
            self.next_requested.emit()
        else:
            super().keyPressEvent(event)

    def _make_done(self, theme: Theme) -> QFrame:
        card = frame("card")
        across = row(card, (SPACE_XXL, SPACE_XL, SPACE_XXL, SPACE_XXL))
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST)
        across.addStretch(1)
        across.addWidget(inside, 20)
        across.addStretch(1)
        parts = column(inside, spacing=SPACE_L)
        parts.addStretch(2)
        parts.addWidget(IconLabel(theme, Icon.CHECK_CIRCLE, "sure", 96), 0, _CENTRE)
        parts.addWidget(self._title)
        parts.addWidget(self._make_figure())
        parts.addStretch(3)
        parts.addWidget(self._next)
        return card

    def _make_figure(self) -> QFrame:
        box = frame("surebox")
        parts = column(box, (SPACE_XL, SPACE_L, SPACE_XL, SPACE_L), 0)
        for part in (self._caption, self._figure, self._paid):
            parts.addWidget(part)
        return box

    def _make_sheet(self) -> QFrame:
        card = frame("card")
        parts = column(card, (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL), SPACE_M)
        parts.addLayout(self._make_sheet_head())
        area = DragArea("Receipt")
        holder = QWidget()
        inside = column(holder, (0, 0, 0, SPACE_S))
        inside.addWidget(self._paper)
        inside.addStretch(1)
        area.setWidget(holder)
        parts.addWidget(area, 1)
        return card

    def _make_sheet_head(self) -> QHBoxLayout:
        head = row()
        head.addWidget(label("Receipt", Role.TITLE), 1)
        head.addWidget(self._number)
        return head
