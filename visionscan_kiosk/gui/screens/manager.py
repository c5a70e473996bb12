"""The manager area: its places at the side, the product list, the form, and the keyboard below both."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QWidget

from visionscan_kiosk.gui.manager_views import NamesView, ProductFormView, ProductListView, TeachView
from visionscan_kiosk.gui.screens.accuracy import AccuracyPanel
from visionscan_kiosk.gui.screens.names import NamesPanel
from visionscan_kiosk.gui.screens.product_form import ProductFormPanel
from visionscan_kiosk.gui.screens.product_list import ProductListPanel
from visionscan_kiosk.gui.screens.settings import SettingsPanel
from visionscan_kiosk.gui.screens.teach import TeachPanel
from visionscan_kiosk.gui.screens.vision_model import VisionModelPanel
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    BASE,
    SPACE_S,
    SPACE_XS,
    TARGET,
    TARGET_FIELD,
    ScreenMetrics,
    metrics_for,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.basics import ButtonKind, column, named, row
from visionscan_kiosk.gui.widgets.keyboard import Keyboard
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.side_entry import SideEntry

_SIDE_WIDTH: Final = 232
_RAIL_WIDTH: Final = 104
_FORM_WIDTH: Final = 352
_WIDE_FORM_WIDTH: Final = 456
_LOW: Final = 740 - BASE.top_bar


class ManagerPage(StrEnum):
    """The pages of the manager area, by the names of their entries at the side."""

    PRODUCTS = "side_products"
    TEACH = "side_teach"
    NAMES = "side_names"
    ACCURACY = "side_accuracy"
    MODEL = "side_model"
    SETTINGS = "side_settings"


class SideList(QFrame):
    """The places of the manager area; a rail with the words below the icons where room is short."""

    restock_requested = Signal()
    products_requested = Signal()
    teach_requested = Signal()
    names_requested = Signal()
    accuracy_requested = Signal()
    model_requested = Signal()
    settings_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._entries = (
            _entry(theme, "Products", ButtonKind.PLAIN, Icon.PACKAGE_FILL, ManagerPage.PRODUCTS),
            _entry(theme, "Restock", ButtonKind.PLAIN, Icon.TRUCK, "side_restock"),
            _entry(theme, "Teach", ButtonKind.PLAIN, Icon.TEACH, ManagerPage.TEACH),
            _entry(theme, "Names", ButtonKind.PLAIN, Icon.TAG, ManagerPage.NAMES),
            _entry(theme, "Accuracy", ButtonKind.PLAIN, Icon.ACCURACY, ManagerPage.ACCURACY),
            _entry(theme, "Vision model", ButtonKind.PLAIN, Icon.MODEL, ManagerPage.MODEL),
            _entry(theme, "Settings", ButtonKind.PLAIN, Icon.SETTINGS, ManagerPage.SETTINGS),
            _entry(theme, "Back to selling", ButtonKind.NORMAL, Icon.ARROW_BACK, "side_close", "Selling"),
        )
        asked = (
            self.products_requested,
            self.restock_requested,
            self.teach_requested,
            self.names_requested,
            self.accuracy_requested,
            self.model_requested,
            self.settings_requested,
            self.closed,
        )
        for entry, signal in zip(self._entries, asked, strict=True):
            entry.clicked.connect(signal)
        parts = column(self, (SPACE_S,) * 4, SPACE_XS)
        *places, close = self._entries
        for place in places:
            parts.addWidget(place)
        parts.addStretch(1)
        parts.addWidget(close)
        self.show_page(ManagerPage.PRODUCTS)

    def show_page(self, page: ManagerPage) -> None:
        """Mark the page that is open."""
        for entry in self._entries[:-1]:
            entry.set_kind(ButtonKind.SOFT if entry.objectName() == page else ButtonKind.PLAIN)

    def set_rail(self, *, is_rail: bool) -> None:
        """Show the words below the icons, or beside them."""
        self.setFixedWidth(_RAIL_WIDTH if is_rail else _SIDE_WIDTH)
        for entry in self._entries:
            entry.set_rail(is_rail=is_rail, width=_RAIL_WIDTH - 2 * SPACE_S)


class ManagerScreen(QWidget):
    """Products and restock. All signals of its parts pass through; it decides nothing."""

    search_changed = Signal(str)
    product_chosen = Signal(object)
    new_requested = Signal()
    restock_requested = Signal(object)
    """The `UUID` to restock, or None to find one."""
    field_changed = Signal(str, str)
    save_requested = Signal(object)
    form_cancelled = Signal()
    picture_requested = Signal()
    adds_switched = Signal(bool)
    products_requested = Signal()
    teach_requested = Signal()
    names_requested = Signal()
    accuracy_requested = Signal()
    model_requested = Signal()
    settings_requested = Signal()
    name_forgotten = Signal(object, str)
    closed = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore, photos: PictureStore) -> None:
        """`pictures` are those of products, `photos` what the till was taught with."""
        super().__init__()
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("manager_screen")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._is_form_open = False
        self._is_following_focus = False
        self._page = ManagerPage.PRODUCTS
        self._side = SideList(theme)
        self._list = ProductListPanel(theme, pictures)
        self._form = ProductFormPanel(theme, pictures)
        self._names = NamesPanel(theme)
        self.settings = SettingsPanel(theme)
        self.teach = TeachPanel(theme, pictures, photos)
        self.accuracy = AccuracyPanel(theme, pictures)
        self.model = VisionModelPanel(theme)
        self._keyboard = Keyboard(theme, "Next")
        self._keyboard.hide()
        self._connect_parts()
        self._body = row(self)
        self._body.addWidget(self._side)
        self._content = column()
        self._panels = row()
        self._panels.addWidget(self._list, 1)
        self._panels.addWidget(self._form)
        self._panels.addWidget(self._names, 1)
        self._panels.addWidget(self.teach, 1)
        self._panels.addWidget(self.accuracy, 1)
        self._panels.addWidget(self.model, 1)
        self._panels.addWidget(self.settings, 1)
        self._content.addLayout(self._panels, 1)
        self._content.addWidget(self._keyboard)
        self._body.addLayout(self._content, 1)
        self._form.hide()
        self._names.hide()
        self.teach.hide()
        self.accuracy.hide()
        self.model.hide()
        self.settings.hide()

    def show_products(self, view: ProductListView) -> None:
        """Show what the list found."""
        self._list.show_view(view)

    def show_form(self, view: ProductFormView) -> None:
        """Fill the form."""
        self._form.show_view(view)

    def show_names(self, view: NamesView) -> None:
        """Show what the page of names has."""
        self._names.show_view(view)

    def show_teach(self, view: TeachView) -> None:
        """Show what the page of teaching has."""
        self.teach.show_view(view)
        if view.product is not None and not self._keyboard.isHidden():
            self.hide_keyboard()

    def show_frame(self, pixels: NDArray[np.uint8]) -> None:
        """Show the camera's picture where it is taught."""
        self.teach.show_frame(pixels)

    def show_picture_state(self, text: str) -> None:
        """Say why there is no picture."""
        self.teach.show_picture_state(text)

    def open_page(self, page: ManagerPage) -> None:
        """Bring a page to the front; the form is part of the products."""
        if page is not ManagerPage.PRODUCTS:
            self._is_form_open = False
            self.hide_keyboard()
        self._page = page
        self._side.show_page(page)
        self._arrange()

    def open_form(self) -> None:
        """Show the form beside the list, or instead of it where room is short."""
        self.open_page(ManagerPage.PRODUCTS)
        self._is_form_open = True
        self._arrange()

    def close_form(self) -> None:
        """Show the list alone."""
        self._is_form_open = False
        self._form.forget()
        self.hide_keyboard()
        self._arrange()

    def show_keyboard(self) -> None:
        """Show the on-screen keyboard below; it writes where the focus is."""
        self._keyboard.show()
        self._follow_focus(None, QApplication.focusWidget())
        self._arrange()

    def hide_keyboard(self) -> None:
        """Give its place back."""
        self._keyboard.hide()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the focus while in sight."""
        super().showEvent(event)
        if not self._is_following_focus:
            _application().focusChanged.connect(self._follow_focus)
            self._is_following_focus = True
        self.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the focus go."""
        super().hideEvent(event)
        if self._is_following_focus:  # a stack hides a screen that was never shown
            _application().focusChanged.disconnect(self._follow_focus)
            self._is_following_focus = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout by the size."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to selling."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _connect_parts(self) -> None:
        self._side.closed.connect(self.closed)
        self._side.restock_requested.connect(lambda: self.restock_requested.emit(None))
        self._side.products_requested.connect(self._show_products)
        self._side.names_requested.connect(self.names_requested)
        self._side.teach_requested.connect(self.teach_requested)
        self._side.accuracy_requested.connect(self.accuracy_requested)
        self._side.model_requested.connect(self.model_requested)
        self._side.settings_requested.connect(self.settings_requested)
        self.teach.choice.search.keyboard_requested.connect(self.show_keyboard)
        self._names.forgotten.connect(self.name_forgotten)
        self._names.product_chosen.connect(self.product_chosen)
        self._list.search_changed.connect(self.search_changed)
        self._list.product_chosen.connect(self.product_chosen)
        self._list.new_requested.connect(self.new_requested)
        self._list.search.keyboard_requested.connect(self.show_keyboard)
        self._form.field_changed.connect(self.field_changed)
        self._form.save_requested.connect(self.save_requested)
        self._form.cancelled.connect(self.form_cancelled)
        self._form.restock_requested.connect(self.restock_requested)
        self._form.picture_requested.connect(self.picture_requested)
        self._form.adds_switched.connect(self.adds_switched)
        self._form.keyboard_requested.connect(self.show_keyboard)
        self._keyboard.hide_requested.connect(self.hide_keyboard)

    def _show_products(self) -> None:
        if self._is_form_open:
            self.form_cancelled.emit()
        elif self._page is not ManagerPage.PRODUCTS:
            self.products_requested.emit()

    def _arrange(self) -> None:
        metrics = metrics_for(self.width(), self.height() + BASE.top_bar)
        is_typing = not self._keyboard.isHidden()
        self._body.setContentsMargins(*(metrics.margin,) * 4)
        for layout in (self._body, self._content, self._panels):
            layout.setSpacing(metrics.margin)
        self._side.set_rail(is_rail=metrics.is_compact)
        self._keyboard.set_key_height(TARGET if self.height() < _LOW else TARGET_FIELD)
        has_products = self._page is ManagerPage.PRODUCTS
        self._names.setVisible(self._page is ManagerPage.NAMES)
        self.teach.setVisible(self._page is ManagerPage.TEACH)
        self.accuracy.setVisible(self._page is ManagerPage.ACCURACY)
        self.accuracy.set_metrics(metrics)
        self.model.setVisible(self._page is ManagerPage.MODEL)
        self.model.set_compact(is_compact=metrics.is_compact)
        self.settings.setVisible(self._page is ManagerPage.SETTINGS)
        self.teach.set_compact(is_compact=metrics.is_compact, spacing=metrics.margin)
        self._list.setVisible(has_products and not (self._is_form_open and metrics.is_compact))
        self._list.set_layout(
            is_beside_form=self._is_form_open,
            is_narrow=self._is_form_open and not metrics.is_wide,
            row_height=64 if metrics.is_compact else 72,
        )
        self._form.setVisible(has_products and self._is_form_open)
        self._form.set_layout(is_broad=metrics.is_compact, is_squeezed=is_typing and metrics.is_compact)
        self._form.setMinimumWidth(0 if metrics.is_compact else _form_width(metrics))
        self._form.setMaximumWidth(16777215 if metrics.is_compact else _form_width(metrics))

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._keyboard.isVisible() and isinstance(now, QLineEdit) and self.isAncestorOf(now):
            self._keyboard.attach(now)


def _entry(theme: Theme, text: str, kind: ButtonKind, icon: Icon, name: str, short: str = "") -> SideEntry:
    return named(SideEntry(theme, text, kind, icon, short), name)


def _form_width(metrics: ScreenMetrics) -> int:
    return _WIDE_FORM_WIDTH if metrics.is_wide else _FORM_WIDTH


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("a screen needs a running QApplication")
    return application
