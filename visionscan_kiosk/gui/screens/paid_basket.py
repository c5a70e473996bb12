"""The basket beside the payment: what is being paid for, to look at and not to change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import BasketView, LineView
from visionscan_kiosk.gui.widgets.basics import Button, column, label, named, row, rule
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.fitted import FittedAmount, FittedName
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture

_ROW_HEIGHT = 56
_PICTURE = 40
_WIDEST_BESIDE_PICTURE = 88


class PaidBasket(QFrame):
    """Lines and total in one card, with the way back in its head."""

    def __init__(self, theme: Theme, pictures: PictureStore, back: Button) -> None:
        super().__init__()
        self._pictures = pictures
        self.setProperty("kind", "card")
        self._theme = theme
        self._count = named(label("", Role.BODY, "2"), "paid_count")
        self._total = named(FittedAmount((Role.TITLE, Role.STRONG)), "paid_total")
        self._lines: tuple[LineView, ...] = ()
        self._list = DragArea("Goods to pay")
        parts = column(self, spacing=0)
        parts.addLayout(self._make_head(back))
        parts.addWidget(rule())
        parts.addWidget(self._list, 1)
        parts.addWidget(rule())
        parts.addLayout(self._make_foot())

    def show_view(self, view: BasketView) -> None:
        """Show the lines of the basket that is paid."""
        self._count.setText("1 item" if view.item_count == 1 else f"{view.item_count} items")
        self._total.setText(view.total_text)
        if view.lines != self._lines:
            self._lines = view.lines
            self._list.setWidget(self._make_lines())

    def _make_head(self, back: Button) -> QHBoxLayout:
        head = row(margins=(SPACE_S, SPACE_S, SPACE_L, SPACE_S))
        head.addWidget(back)
        head.addStretch(1)
        head.addWidget(self._count)
        return head

    def _make_foot(self) -> QHBoxLayout:
        foot = row(margins=(SPACE_L, SPACE_L, SPACE_L, SPACE_L))
        foot.addWidget(label("Total", Role.TITLE))
        foot.addStretch(1)
        foot.addWidget(self._total)
        return foot

    def _make_lines(self) -> QWidget:
        holder = QWidget()
        parts: QVBoxLayout = column(holder, (0, SPACE_S, 0, SPACE_S), 0)
        for line in self._lines:
            parts.addWidget(self._make_line(line))
        parts.addStretch(1)
        return holder

    def _make_line(self, line: LineView) -> QWidget:
        holder = QWidget()
        holder.setMinimumHeight(_ROW_HEIGHT)
        holder.setAccessibleName(f"{line.quantity} × {line.name}, {line.total_text}")
        parts = row(holder, (SPACE_L, SPACE_S, SPACE_L, SPACE_S), SPACE_M)
        count = label(f"{line.quantity} ×", Role.STRONG, "2", align=Qt.AlignmentFlag.AlignRight)
        count.setMinimumWidth(max(36, count.sizeHint().width()))
        parts.addWidget(count)
        amount = named(FittedAmount((Role.AMOUNT, Role.STRONG_SMALL)), "paid_amount")
        amount.setText(line.total_text)
        if line.product_id is not None and amount.sizeHint().width() <= _WIDEST_BESIDE_PICTURE:
            picture = ProductPicture(self._pictures, self._theme, _PICTURE)
            picture.show_product(line.product_id, line.name, line.category)
            parts.addWidget(picture)
        parts.addWidget(FittedName(self._theme, line.name), 1)
        parts.addWidget(amount)
        return holder
