"""The product list of the manager area: search, news, rows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import ProductListView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, label, named, row, rule
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.product_rows import PRICE_WIDTH, STOCK_WIDTH, ProductRows

_NOTHING: Final = "No product here. Try another word, or add a new product."
_NO_PRODUCTS: Final = f"{wording.EMPTY_SHOP} {wording.EMPTY_SHOP_WAYS}"


class ProductListPanel(QFrame):
    """Search, "New product", and one row for each product."""

    search_changed = Signal(str)
    product_chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName("product_list")
        self.search = Field(
            theme,
            "",
            name="product_search",
            placeholder="Search name, code or barcode",
            icon=Icon.SEARCH,
            has_keyboard_button=True,
        )
        self._new = named(
            Button(theme, "New product", ButtonKind.PRIMARY, Icon.ADD, height=TARGET_FIELD), "new_product"
        )
        self._message = named(Notice(theme, Tone.FINE), "list_message")
        self._rows = ProductRows(theme, pictures)
        self._empty = label(_NOTHING, Role.BODY, "2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self._count = named(label("", Role.LABEL, "2"), "product_count")
        self.search.edited.connect(self.search_changed)
        self._new.clicked.connect(self.new_requested)
        self._rows.product_chosen.connect(self.product_chosen)
        self._lay_out()

    def show_view(self, view: ProductListView) -> None:
        """Show what was found. What is being typed is never overwritten."""
        if not self.search.line_edit.hasFocus():
            self.search.set_text(view.query)
        self._message.set_text(view.message)
        self._count.setText(view.count_text)
        self._rows.show_rows(view.rows)
        self._rows.setVisible(bool(view.rows))
        self._empty.setText(_NOTHING if view.query else _NO_PRODUCTS)
        self._empty.setVisible(not view.rows)

    def set_layout(self, *, is_beside_form: bool, is_narrow: bool, row_height: int) -> None:
        """Give way beside the form, whose Save is the next step then; rows get lower on short screens."""
        self._new.set_kind(ButtonKind.NORMAL if is_beside_form else ButtonKind.PRIMARY)
        self._new.set_icon_only(icon_only=is_narrow, text="New product", width=TARGET_FIELD)
        self._rows.set_row_height(row_height)

    def _lay_out(self) -> None:
        parts = column(self, (SPACE_L, SPACE_L, SPACE_L, SPACE_M), SPACE_M)
        head = row(spacing=SPACE_M)
        head.addWidget(self.search, 1)
        head.addWidget(self._new, 0, Qt.AlignmentFlag.AlignTop)
        parts.addLayout(head)
        parts.addWidget(self._message)
        rows = column(spacing=0)
        rows.addLayout(self._make_captions())
        rows.addWidget(rule())
        rows.addWidget(self._rows, 1)
        rows.addWidget(self._make_empty(), 1)
        parts.addLayout(rows, 1)

    def _make_captions(self) -> QHBoxLayout:
        captions = row(margins=(SPACE_S, 0, 0, SPACE_S), spacing=0)
        captions.addWidget(self._count, 1)
        for text, width, end in (("Price", PRICE_WIDTH, 0), ("Stock", STOCK_WIDTH, SPACE_M)):
            caption = label(text, Role.LABEL, "2", align=Qt.AlignmentFlag.AlignRight)
            caption.setFixedWidth(width - end)
            captions.addWidget(caption)
            captions.addSpacing(end)
        return captions

    def _make_empty(self) -> QWidget:
        self._empty.setMinimumHeight(120)
        return self._empty
