"""The basket column: header, lines, undo, total, Pay. Always in the same place, always the truth."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_L, SPACE_M, SPACE_S, SPACE_XS, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import BasketView, OfferView
from visionscan_kiosk.gui.widgets.basics import (
    ActionButton,
    Button,
    ButtonKind,
    column,
    label,
    named,
    row,
    rule,
)
from visionscan_kiosk.gui.widgets.empty_state import EmptyState
from visionscan_kiosk.gui.widgets.fitted import FittedAmount
from visionscan_kiosk.gui.widgets.line_list import LineList
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.toast import Toast

_TOTAL_HEIGHT = 52


class BasketPanel(QFrame):
    """Shows a `BasketView`. While an offer is open Pay turns soft: only one button is the next step."""

    quantity_changed = Signal(object, int)
    quantity_keyed = Signal(object)
    line_removed = Signal(object)
    line_chosen = Signal(object)
    undo_requested = Signal()
    remember_requested = Signal()
    pay_requested = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._shown = BasketView()
        self.setProperty("kind", "card")
        self._lines = LineList(theme, pictures)
        self._empty = EmptyState(
            theme, Icon.BAG_OPEN_LIGHT, "No goods yet", "Show, scan or tap the first product."
        )
        self._middle = QStackedWidget()
        self._middle.addWidget(self._lines)
        self._middle.addWidget(self._empty)
        self._undo = Toast(theme, "Undo")
        self._undo_slot = QWidget()
        column(self._undo_slot, (SPACE_M, SPACE_XS, SPACE_M, SPACE_S)).addWidget(self._undo)
        self._undo.expired.connect(self._undo_slot.hide)
        self._offer = Toast(theme, "Remember", Icon.TAG, "offer_action")
        self._offer_slot = QWidget()
        column(self._offer_slot, (SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)).addWidget(self._offer)
        self._offer_slot.hide()
        self._make_header()
        self._make_total()
        parts = column(self, spacing=0)
        parts.addWidget(self._header)
        parts.addWidget(rule())
        parts.addWidget(self._middle, 1)
        parts.addWidget(self._offer_slot)
        parts.addWidget(self._undo_slot)
        parts.addWidget(rule())
        parts.addLayout(self._foot())
        self._connect()
        self.set_metrics(BASE)
        self.show_view(self._shown)

    @property
    def lines(self) -> LineList:
        """The list of lines."""
        return self._lines

    def show_view(self, view: BasketView) -> None:
        """Show this basket."""
        self._shown = view
        self._middle.setCurrentWidget(self._lines if view.lines else self._empty)
        self._lines.show_lines(view.lines)
        self._count.setText(_pieces(view.item_count) if view.lines else "")
        self._total.setText(view.total_text)
        self._hint.setText(view.hint)
        self._hint.setVisible(bool(view.hint))
        self._pay.setEnabled(view.can_pay)
        self._show_undo(view)

    def show_offer(self, view: OfferView | None) -> None:
        """Show what the till could remember, beside everything else; None takes it away."""
        self._offer_slot.setVisible(view is not None)
        if view is None:
            self._offer.dismiss()
        else:
            self._offer.show_text(view.text, view.duration_ms)

    def set_calm(self, *, is_calm: bool) -> None:
        """Step back behind an open offer."""
        self._pay.set_kind(ButtonKind.SOFT if is_calm else ButtonKind.PRIMARY)

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self.setFixedWidth(metrics.basket_width)
        self._header.setFixedHeight(metrics.basket_header)
        self._lines.set_metrics(metrics)

    def _make_header(self) -> None:
        self._header = QWidget()
        self._count = named(label("", Role.BODY, "2"), "basket_count")
        self._above = named(Button(self._theme, "1 more", ButtonKind.SOFT, Icon.ARROW_UP), "lines_above")
        self._above.hide()
        parts = row(self._header, (SPACE_L, 0, SPACE_S, 0))
        parts.addWidget(label("Basket", Role.TITLE))
        parts.addWidget(self._count)
        parts.addStretch()
        parts.addWidget(self._above)

    def _make_total(self) -> None:
        self._total = named(FittedAmount((Role.TOTAL, Role.HEAD, Role.TITLE, Role.STRONG)), "basket_total")
        self._hint = named(label("", Role.LABEL, "ask", wrap=True), "basket_hint")
        self._pay = named(ActionButton(self._theme, "Pay"), "pay")

    def _foot(self) -> QVBoxLayout:
        words = column(spacing=0)
        words.addWidget(label("Total", Role.TITLE))
        words.addWidget(self._hint)
        amounts = row()
        amounts.addLayout(words, 1)
        amounts.addWidget(self._total)
        amounts.addStrut(_TOTAL_HEIGHT)
        foot = column(None, (SPACE_L, SPACE_M, SPACE_L, SPACE_L), SPACE_M)
        foot.addLayout(amounts)
        foot.addWidget(self._pay)
        return foot

    def _connect(self) -> None:
        self._lines.quantity_changed.connect(self.quantity_changed)
        self._lines.quantity_keyed.connect(self.quantity_keyed)
        self._lines.removed.connect(self.line_removed)
        self._lines.chosen.connect(self.line_chosen)
        self._lines.hidden_above.connect(self._show_hidden)
        self._above.clicked.connect(self._lines.page_up)
        self._undo.action_requested.connect(self.undo_requested)
        self._offer.action_requested.connect(self.remember_requested)
        self._offer.action_requested.connect(self._offer_slot.hide)
        self._offer.expired.connect(self._offer_slot.hide)
        self._pay.clicked.connect(self.pay_requested)

    def _show_undo(self, view: BasketView) -> None:
        if view.undo is None:
            self._undo.dismiss()
            self._undo_slot.hide()
        else:
            self._undo_slot.show()
            self._undo.show_text(view.undo.text, view.undo.duration_ms, view.undo.left_ms)

    def _show_hidden(self, count: int) -> None:
        self._above.setVisible(count > 0)
        self._above.set_text(f"{count} more")
        self._above.setAccessibleName(f"{count} more lines above")


def _pieces(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
