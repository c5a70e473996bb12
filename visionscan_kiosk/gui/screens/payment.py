"""The payment screen: how the customer pays, what is given, what goes back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from visionscan_kiosk.domain.checkout import TenderMethod
from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.screens.paid_basket import PaidBasket
from visionscan_kiosk.gui.screens.payment_parts import CardPart, CashPart
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    BASE,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    TARGET,
    TARGET_PAY,
    metrics_for,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import BasketView, PayView
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, frame, label, named, row, rule
from visionscan_kiosk.gui.widgets.fitted import FittedAmount
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.segmented import Segmented

_BACK: Final = "Back to basket"
_BASKET_WIDTH: Final = 384
_TOTAL_ROLES: Final = (Role.HERO, Role.TOTAL, Role.HEAD, Role.TITLE)
_ROOMY_HEIGHT: Final = 726
_KEY_HEIGHTS: Final = ((900, 112), (_ROOMY_HEIGHT, 88), (620, 72), (0, 64))
_KEYS: Final = {
    Qt.Key.Key_Backspace: DELETE,
    Qt.Key.Key_Delete: CLEAR,
    Qt.Key.Key_C: CLEAR,
}


class PaymentScreen(QWidget):
    """Cash or card. It decides nothing: every tap and key is a signal, `show_view` shows what follows."""

    method_chosen = Signal(str)
    key_pressed = Signal(str)
    quick_chosen = Signal(str)
    confirmed = Signal()
    tap_wanted = Signal()
    declined = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._view: PayView | None = None
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("payment_screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_parts()
        self._connect_parts()
        self._body = row(self)
        self._body.addWidget(self._basket)
        self._body.addWidget(self._make_card(), 1)

    def show_view(self, view: PayView) -> None:
        """Show what is to be paid and what was keyed."""
        self._view = view
        self._total.setText(view.total_text)
        self._methods.select(view.method)
        self._parts.setCurrentWidget(self._part_of(view.method))
        self._cash.show_view(view)
        self._card.show_view(view)
        self._show_actions(view)

    def show_basket(self, view: BasketView) -> None:
        """Show what is being paid for."""
        self._basket.show_view(view)
        self._caption.setText(f"To pay · {view.item_count} {'item' if view.item_count == 1 else 'items'}")

    def showEvent(self, event: QShowEvent) -> None:
        """Take the keys of the keyboard without marking a button."""
        super().showEvent(event)
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout by the size."""
        super().resizeEvent(event)
        metrics = metrics_for(self.width(), self.height() + BASE.top_bar)
        is_roomy = self.height() >= _ROOMY_HEIGHT
        self._basket.setVisible(not metrics.is_compact)
        self._basket.setFixedWidth(metrics.basket_width if metrics.is_wide else _BASKET_WIDTH)
        self._short_back.setVisible(metrics.is_compact)
        self._body.setContentsMargins(*(metrics.margin,) * 4)
        self._body.setSpacing(metrics.margin)
        self._total.set_roles(_TOTAL_ROLES if is_roomy else _TOTAL_ROLES[1:])
        self._cash.set_key_height(_key_height(self.height()))
        self._set_tight(tight=not is_roomy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, delete, Enter and Esc from a keyboard."""
        if self._view is None or self._view.is_busy:
            event.accept()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._press_enter()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif self._view.method == TenderMethod.CASH and (key := _pay_key(event)):
            self.key_pressed.emit(key)
        else:
            super().keyPressEvent(event)

    def _press_enter(self) -> None:
        """Press the button that has the focus, else confirm: Enter on Declined must not approve.

        What needs a tap is never confirmed by Enter.
        """
        focused = QApplication.focusWidget()
        pressed = focused if isinstance(focused, Button) and self.isAncestorOf(focused) else self._confirm
        if pressed is self._confirm and self._view is not None and self._view.needs_tap:
            self.tap_wanted.emit()
        else:
            pressed.click()

    def _make_parts(self) -> None:
        theme = self._theme
        back = Button(theme, _BACK, ButtonKind.PLAIN, Icon.ARROW_BACK, height=TARGET, role=Role.TITLE)
        self._back = named(back, "back")
        self._short_back = named(
            Button(theme, "", ButtonKind.PLAIN, Icon.ARROW_BACK, height=56, name=_BACK), "short_back"
        )
        self._basket = PaidBasket(theme, self._pictures, self._back)
        self._caption = label("To pay", Role.BODY, "2")
        self._total = named(FittedAmount(_TOTAL_ROLES, align=Qt.AlignmentFlag.AlignLeft), "to_pay")
        options = ((TenderMethod.CASH.value, "Cash", Icon.CASH), (TenderMethod.CARD.value, "Card", Icon.CARD))
        self._methods = Segmented(theme, options, "How the customer pays")
        self._cash = CashPart(theme)
        self._card = CardPart(theme)
        self._parts = QStackedWidget()
        self._declined = named(
            Button(theme, "Declined", ButtonKind.DANGER, Icon.CLOSE, height=TARGET_PAY, role=Role.TITLE),
            "declined",
        )
        self._confirm = named(
            Button(theme, "Pay", ButtonKind.PRIMARY, Icon.CHECK, height=TARGET_PAY, role=Role.HEAD), "confirm"
        )

    def _connect_parts(self) -> None:
        self._methods.chosen.connect(self.method_chosen)
        self._cash.key_pressed.connect(self.key_pressed)
        self._cash.quick_chosen.connect(self.quick_chosen)
        self._confirm.clicked.connect(self.confirmed)
        self._declined.clicked.connect(self.declined)
        self._back.clicked.connect(self.cancelled)
        self._short_back.clicked.connect(self.cancelled)

    def _make_card(self) -> QWidget:
        card = frame("card")
        self._column: QVBoxLayout = column(card)
        self._column.addLayout(self._make_head())
        self._column.addWidget(rule())
        self._parts.addWidget(self._cash)
        self._parts.addWidget(self._card)
        self._column.addWidget(self._parts, 1)
        self._column.addLayout(self._make_actions())
        return card

    def _make_head(self) -> QHBoxLayout:
        head = row(spacing=SPACE_M)
        head.addWidget(self._short_back)
        words = column(spacing=0)
        words.addWidget(self._caption)
        words.addWidget(self._total)
        head.addLayout(words)
        head.addStretch(1)
        self._methods.setFixedWidth(344)
        head.addWidget(self._methods, 0, Qt.AlignmentFlag.AlignVCenter)
        return head

    def _make_actions(self) -> QHBoxLayout:
        actions = row(spacing=SPACE_M)
        actions.addWidget(self._declined)
        actions.addWidget(self._confirm, 1)
        return actions

    def _set_tight(self, *, tight: bool) -> None:
        self._column.setSpacing(10 if tight else SPACE_L)
        sides = (SPACE_L, SPACE_S + 2, SPACE_L, SPACE_M) if tight else (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)
        self._column.setContentsMargins(*sides)

    def _part_of(self, method: str) -> QWidget:
        return self._card if method == TenderMethod.CARD else self._cash

    def _show_actions(self, view: PayView) -> None:
        is_card = view.method == TenderMethod.CARD
        self._declined.setVisible(is_card)
        self._declined.setEnabled(not view.is_busy)
        self._confirm.set_text("Finishing the sale" if view.is_busy else view.confirm_text or "Pay")
        self._confirm.set_icon(Icon.HOURGLASS if view.is_busy else Icon.CHECK)
        self._confirm.setEnabled(view.can_confirm and not view.is_busy)
        for part in (self._methods, self._parts, self._back, self._short_back):
            part.setEnabled(not view.is_busy)


def _key_height(height: int) -> int:
    return next(key for least, key in _KEY_HEIGHTS if height >= least)


def _pay_key(event: QKeyEvent) -> str:
    """Return what a key of a keyboard means for the amount, empty when nothing."""
    if event.text() and event.text() in "0123456789":
        return event.text()
    return _KEYS.get(Qt.Key(event.key()), "")
