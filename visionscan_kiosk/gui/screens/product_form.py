"""The product form: every field of a product, each with its own message when it is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QWidget

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import ProductFormView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TARGET, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, label, named, row
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.option_row import Indicator, OptionRow
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture

_FIELDS: Final = (
    ("name", "Name", "As on the receipt"),
    ("sku", "Code (SKU)", ""),
    ("category", "Category", ""),
    ("price", "Price", "1.25"),
    ("stock", "Stock", ""),
    ("aliases", "Other names", "Separate with commas"),
    ("barcodes", "Barcodes", "Scan or type"),
)
_NARROW: Final = {
    "name": (0, 0, 2),
    "sku": (1, 0, 1),
    "category": (1, 1, 1),
    "price": (2, 0, 1),
    "stock": (2, 1, 1),
    "aliases": (3, 0, 2),
    "barcodes": (4, 0, 2),
}
_BROAD: Final = {
    "name": (0, 0, 2),
    "sku": (0, 2, 1),
    "category": (0, 3, 1),
    "price": (1, 0, 1),
    "stock": (1, 1, 1),
    "aliases": (1, 2, 2),
    "barcodes": (2, 0, 4),
}


class ProductFormPanel(QFrame):
    """Texts in, texts out: what they mean is decided by the flow."""

    field_changed = Signal(str, str)
    save_requested = Signal(object)
    """All texts by field name, as a `dict[str, str]`."""
    cancelled = Signal()
    restock_requested = Signal(object)
    picture_requested = Signal()
    adds_switched = Signal(bool)
    keyboard_requested = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName("product_form")
        self._theme = theme
        self._view: ProductFormView | None = None
        self._fields = {
            name: Field(theme, caption, name=f"field_{name}", placeholder=hint)
            for name, caption, hint in _FIELDS
        }
        self._picture = ProductPicture(pictures, theme, TARGET)
        self._title = named(label("New product", Role.TITLE), "form_title")
        self._trouble = named(Notice(theme, Tone.STOP), "form_trouble")
        self._make_buttons()
        self._connect_fields()
        self._grid = QGridLayout()
        self._area = DragArea("Fields of the product")
        self._footer = QWidget()
        self._lay_out()
        self.set_layout(is_broad=False, is_squeezed=False)

    @property
    def texts(self) -> dict[str, str]:
        """What stands in every field, by its name."""
        return {name: field.text for name, field in self._fields.items()}

    def show_view(self, view: ProductFormView) -> None:
        """Show texts and messages; the first wrong field gets the focus."""
        is_another = self._view is None or self._view.product_id != view.product_id
        self._view = view
        self._title.setText("Edit product" if view.product_id else "New product")
        messages, guesses = dict(view.messages), dict(view.guesses)
        for name, text in view.fields:
            self._fields[name].set_text(text)
            self._fields[name].set_message(messages.get(name, ""))
            self._fields[name].set_guess(guesses.get(name, ""))
        self._show_picture(view)
        self._trouble.set_text(view.trouble)
        self._restock.setVisible(view.product_id is not None)
        self._adds.setEnabled(view.adds_when_sure is not None)
        self._adds.show_state(is_on=bool(view.adds_when_sure), detail=view.adds_when_sure_text)
        self._save.setEnabled(not view.is_busy)
        self._place_focus(messages, is_another=is_another)

    def set_layout(self, *, is_broad: bool, is_squeezed: bool) -> None:
        """`is_broad` lays the fields out side by side; `is_squeezed` leaves them alone with the keyboard."""
        places = _BROAD if is_broad else _NARROW
        for name, (down, across, span) in places.items():
            self._grid.addWidget(self._fields[name], down, across, 1, span, Qt.AlignmentFlag.AlignTop)
        for across in range(4):
            self._grid.setColumnStretch(across, 1 if is_broad or across < 2 else 0)
        self._head.setVisible(not is_squeezed)
        self._footer.setVisible(not is_squeezed)

    def reveal_focus(self) -> None:
        """Bring the field that is typed in into sight."""
        focused = QApplication.focusWidget()
        if focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused.parentWidget() or focused, 0, SPACE_XL)

    def forget(self) -> None:
        """Start anew the next time a form is shown."""
        self._view = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves; Enter presses the focused button."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = QApplication.focusWidget()
            if isinstance(focused, Button):
                focused.click()
        else:
            super().keyPressEvent(event)

    def _make_buttons(self) -> None:
        self._keyboard = named(
            Button(self._theme, "", ButtonKind.PLAIN, Icon.KEYBOARD, name="Keyboard", icon_size=28),
            "form_keyboard",
        )
        self._restock = named(Button(self._theme, "Restock", icon=Icon.TRUCK), "form_restock")
        self._cancel = named(Button(self._theme, "Cancel", height=TARGET_KEY), "form_cancel")
        self._save = named(
            Button(
                self._theme,
                "Save product",
                ButtonKind.PRIMARY,
                Icon.CHECK,
                height=TARGET_KEY,
                role=Role.AMOUNT,
            ),
            "form_save",
        )
        self._change_picture = named(
            Button(self._theme, "", ButtonKind.PLAIN, Icon.IMAGE, name="Change the picture", icon_size=28),
            "form_picture",
        )
        self._adds = named(
            OptionRow(self._theme, Indicator.SWITCH, wording.ADD_WHEN_SURE), "form_adds_when_sure"
        )
        self._keyboard.clicked.connect(self._ask_for_keyboard)
        self._restock.clicked.connect(self._ask_for_restock)
        self._cancel.clicked.connect(self.cancelled)
        self._save.clicked.connect(self._ask_to_save)
        self._change_picture.clicked.connect(self.picture_requested)
        self._adds.clicked.connect(self.adds_switched)

    def _connect_fields(self) -> None:
        for name, field in self._fields.items():
            field.edited.connect(partial(self.field_changed.emit, name))
            field.submitted.connect(partial(self._go_on_from, name))
            field.line_edit.focus_changed.connect(self.reveal_focus)

    def _lay_out(self) -> None:
        parts = column(self, (SPACE_L, SPACE_M, SPACE_L, SPACE_L), SPACE_M)
        self._head = QWidget()
        self._fill_head(row(self._head, spacing=SPACE_S))
        parts.addWidget(self._head)
        holder = QWidget()
        inside = column(holder, spacing=SPACE_M)
        self._grid.setSpacing(SPACE_M)
        self._grid.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._grid)
        inside.addWidget(self._adds)
        inside.addWidget(self._restock)
        inside.addStretch(1)
        self._area.setWidget(holder)
        parts.addWidget(self._area, 1)
        parts.addWidget(self._trouble)
        footer = row(self._footer, spacing=SPACE_M)
        footer.addWidget(self._cancel)
        footer.addWidget(self._save, 1)
        parts.addWidget(self._footer)

    def _fill_head(self, head: QHBoxLayout) -> None:
        head.addWidget(self._picture)
        head.addWidget(self._title, 1)
        head.addWidget(self._change_picture)
        head.addWidget(self._keyboard)

    def _show_picture(self, view: ProductFormView) -> None:
        texts = dict(view.fields)
        self._picture.setVisible(view.product_id is not None)
        if view.product_id is not None:
            self._picture.show_product(view.product_id, texts.get("name", ""), texts.get("category", ""))
        self._change_picture.setVisible(view.product_id is not None)

    def _place_focus(self, messages: dict[str, str], *, is_another: bool) -> None:
        wrong = next(self._named_in(messages), None)
        if wrong is not None:
            self._fields[wrong].line_edit.setFocus()
        elif is_another:
            self._fields["name"].line_edit.setFocus()

    def _named_in(self, messages: dict[str, str]) -> Iterator[str]:
        return (name for name in self._fields if messages.get(name))

    def _go_on_from(self, name: str) -> None:
        """Enter goes to the next field and at last to Save: a scanned code ends with Enter too."""
        names = list(self._fields)
        following = names.index(name) + 1
        if following < len(names):
            self._fields[names[following]].line_edit.setFocus()
        else:
            self._save.setFocus()

    def _ask_for_keyboard(self) -> None:
        if not any(field.line_edit.hasFocus() for field in self._fields.values()):
            self._fields["name"].line_edit.setFocus()
        self.keyboard_requested.emit()

    def _ask_for_restock(self) -> None:
        if self._view is not None:
            self.restock_requested.emit(self._view.product_id)

    def _ask_to_save(self) -> None:
        self.save_requested.emit(self.texts)
