"""The one window of the till: all screens in it, and which of them is in front. It decides nothing."""

from __future__ import annotations

from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLayout, QStackedWidget, QWidget

from visionscan_kiosk.gui import manager_views, views
from visionscan_kiosk.gui.accuracy_views import AccuracyView
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.screens.manager import ManagerPage, ManagerScreen
from visionscan_kiosk.gui.screens.payment import PaymentScreen
from visionscan_kiosk.gui.screens.picture_choice import PictureDialog
from visionscan_kiosk.gui.screens.receipt import ReceiptScreen
from visionscan_kiosk.gui.screens.restock import RestockDialog
from visionscan_kiosk.gui.screens.selling import SellingScreen
from visionscan_kiosk.gui.theme.metrics import SMALLEST, metrics_for
from visionscan_kiosk.gui.theme.palette import DARK, LIGHT
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.till_menu import MenuDialog
from visionscan_kiosk.gui.widgets.announcement import Announcement
from visionscan_kiosk.gui.widgets.basics import column
from visionscan_kiosk.gui.widgets.confirm_dialog import ConfirmDialog
from visionscan_kiosk.gui.widgets.dialog import Dialog
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.quantity_dialog import QuantityDialog
from visionscan_kiosk.gui.widgets.tab_order import tab_stops, walk
from visionscan_kiosk.gui.widgets.too_small import TooSmall
from visionscan_kiosk.gui.widgets.top_bar import TopBar

_PAGES = {
    Place.NAMES: ManagerPage.NAMES,
    Place.TEACH: ManagerPage.TEACH,
    Place.ACCURACY: ManagerPage.ACCURACY,
    Place.MODEL: ManagerPage.MODEL,
    Place.SETTINGS: ManagerPage.SETTINGS,
}

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TillWindow(QWidget):
    """The flow's Display. The selling screen has a bar of its own; the other screens share the window's."""

    close_requested = Signal()
    close_asked = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore, photos: PictureStore) -> None:
        """`pictures` are those of products, `photos` what the till was taught with."""
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self.setObjectName("till_window")
        self.setWindowTitle("VisionScan Kiosk")
        self.setProperty("kind", "page")
        self.selling = SellingScreen(theme, pictures)
        self.payment = PaymentScreen(theme, pictures)
        self.receipt = ReceiptScreen(theme)
        self.manager = ManagerScreen(theme, pictures, photos)
        self.top_bar = TopBar(theme)
        self.receipt_text = ""
        self._stack = QStackedWidget()
        for screen in (self.selling, self.payment, self.receipt, self.manager):
            self._stack.addWidget(screen)
        whole = column(self, spacing=0)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.addWidget(self.top_bar)
        whole.addWidget(self._stack, 1)
        self.restock = RestockDialog(theme, pictures, self)
        self.picture = PictureDialog(theme, pictures, photos, self)
        self.menu = MenuDialog(theme, self)
        self.announcement = Announcement(theme, self)
        self.quantity = QuantityDialog(theme, self)
        self.confirm = ConfirmDialog(theme, self)
        self._too_small = TooSmall(theme, self)

    @property
    def open_dialog(self) -> QWidget | None:
        """The dialog in front, if any, or what covers a window that is too small."""
        dialogs = (self._too_small, self.confirm, self.menu, self.quantity, self.picture, self.restock)
        return next((dialog for dialog in dialogs if not dialog.isHidden()), None)

    @property
    def is_too_small(self) -> bool:
        """Whether nothing of the till can be seen."""
        return not self._too_small.isHidden()

    def go_to(self, place: Place) -> None:
        """Bring a screen to the front and give it the keys."""
        screen = self._screen_of(place)
        self.top_bar.setVisible(screen is not self.selling)
        self._stack.setCurrentWidget(screen)
        self._arrange_manager(place)
        if self.open_dialog is None and place is not Place.FORM:
            screen.setFocus()

    def show_frame(self, pixels: NDArray[np.uint8]) -> None:
        """Show a picture of the camera, where there is a place for it."""
        if self.selling.isVisible():
            self.selling.show_frame(pixels)
        else:
            self.manager.show_frame(pixels)

    def show_top_bar(self, view: views.TopBarView) -> None:
        """Show chips and clock on every screen."""
        self.selling.show_top_bar(view)
        self.top_bar.show_view(view)

    def show_basket(self, view: views.BasketView) -> None:
        """Show the basket column."""
        self.selling.show_basket(view)

    def show_quantity(self, view: views.QuantityView | None) -> None:
        """Show the keypad for a line's pieces, or close it."""
        if view is not None:
            self.quantity.show_view(view)
        else:
            self._close(self.quantity)

    def show_tray(self, view: views.TrayView | None) -> None:
        """Show the tray under the picture."""
        self.selling.show_tray(view)

    def show_catalogue(self, view: views.CatalogueView) -> None:
        """Show or leave the product grid."""
        self.selling.show_catalogue(view)

    def show_banner(self, view: views.BannerView | None) -> None:
        """Show trouble that stays."""
        self.selling.show_banner(view)

    def show_look(self, view: views.LookView) -> None:
        """Show what the button on the picture does."""
        self.selling.show_look(view)

    def show_outlines(self, outlines: tuple[views.OutlineView, ...]) -> None:
        """Outline what was found."""
        self.selling.show_outlines(outlines)

    def show_picture_state(self, text: str) -> None:
        """Say why there is no picture."""
        self.selling.show_picture_state(text)
        self.manager.show_picture_state(text)

    def show_camera_place(self, *, has_camera: bool) -> None:
        """Keep a place for the picture, or give it to the tiles."""
        self.selling.show_camera_place(has_camera=has_camera)

    def show_counter(self, packs: tuple[views.CounterPackView, ...] | None) -> None:
        """Show the demo's packs."""
        self.selling.show_counter(packs)

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.selling.focus_search()

    def show_payment(self, view: views.PayView, basket: views.BasketView) -> None:
        """Show what is to be paid and for what."""
        self.payment.show_basket(basket)
        self.payment.show_view(view)

    def show_receipt(self, view: views.ReceiptView) -> None:
        """Show the done screen."""
        self.receipt_text = view.receipt_text
        self.receipt.show_view(view)

    def show_products(self, view: manager_views.ProductListView) -> None:
        """Show the product list."""
        self.manager.show_products(view)

    def show_form(self, view: manager_views.ProductFormView) -> None:
        """Show the product form."""
        self.manager.show_form(view)

    def show_offer(self, view: views.OfferView | None) -> None:
        """Show what the till could remember."""
        self.selling.show_offer(view)

    def show_accuracy(self, view: AccuracyView) -> None:
        """Show the page of accuracy."""
        self.manager.accuracy.show_view(view)

    def show_names(self, view: manager_views.NamesView) -> None:
        """Show the page of names."""
        self.manager.show_names(view)

    def show_settings(self, view: manager_views.SettingsView) -> None:
        """Show the page of settings."""
        self.manager.settings.show_view(view)

    def show_teach(self, view: manager_views.TeachView) -> None:
        """Show the page of teaching."""
        self.manager.show_teach(view)

    def show_vision_model(self, view: manager_views.VisionModelView) -> None:
        """Show the page of vision models."""
        self.manager.model.show_view(view)

    def show_picture_choice(self, view: manager_views.PictureChoiceView | None) -> None:
        """Open the dialog in which a product gets its picture, or close it."""
        if view is None:
            self._close(self.picture)
            return
        self.picture.show_view(view)
        if self.picture.isHidden():
            self.picture.open()

    def forget_picture(self, product_id: UUID) -> None:
        """Fetch a product's picture anew where it is shown."""
        self._pictures.forget(product_id)

    def show_restock(self, view: manager_views.RestockView) -> None:
        """Show the restock dialog."""
        self.restock.show_view(view)

    def show_menu(self, view: views.MenuView | None) -> None:
        """Open the menu, or close it."""
        if view is None:
            self._close(self.menu)
        else:
            self.menu.show_view(view)

    def announce(self, sentence: str, tone: views.Tone = views.Tone.ASK) -> None:
        """Say something over whatever is in front."""
        self.announcement.show_text(sentence, tone)

    def show_confirm(self, view: views.ConfirmView | None) -> None:
        """Ask before something is lost, or close the question."""
        if view is not None:
            self.confirm.show_view(view)
        else:
            self._close(self.confirm)

    def _close(self, dialog: Dialog) -> None:
        """What was refused because of a dialog means nothing without it."""
        if not dialog.isHidden():
            self.announce("")
            dialog.close_dialog()

    def set_theme(self, theme: str) -> None:
        """Switch between light and dark."""
        self._theme.set_palette(DARK if theme == "dark" else LIGHT)

    def close_till(self) -> None:
        """Ask the program to end."""
        self.close()

    def minimumSizeHint(self) -> QSize:
        """Return the smallest window there is a layout for."""
        return QSize(*SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the shared bar the measures of the new size."""
        super().resizeEvent(event)
        self.top_bar.set_metrics(metrics_for(self.width(), self.height()))
        was_small = not self._too_small.isHidden()
        self._too_small.follow(self.width(), self.height())
        if was_small and self._too_small.isHidden():
            self._give_back_focus()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's signature
        """Walk round the page in the order of use."""
        screen = self._stack.currentWidget()
        bar = tab_stops(self.top_bar)
        return walk([*(tab_stops(screen) if screen is not None else []), *bar], forward=forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter that nobody took presses the button that has the focus."""
        focused = QApplication.focusWidget()
        is_button = isinstance(focused, QAbstractButton) and self.isAncestorOf(focused)
        if event.key() in _ENTER and is_button and isinstance(focused, QAbstractButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A person who closes it is asked as by *Close till*, where the question can be seen."""
        if event.spontaneous() and not self.is_too_small:
            event.ignore()
            self.close_asked.emit()
            return
        super().closeEvent(event)
        self.close_requested.emit()

    def _give_back_focus(self) -> None:
        dialog, screen = self.open_dialog, self._stack.currentWidget()
        if isinstance(dialog, Dialog):
            dialog.place_focus()
        elif screen is not None:
            screen.setFocus()

    def _screen_of(self, place: Place) -> QWidget:
        screens = {Place.SELLING: self.selling, Place.PAYMENT: self.payment, Place.RECEIPT: self.receipt}
        return screens.get(place, self.manager)

    def _arrange_manager(self, place: Place) -> None:
        if place is Place.FORM:
            self.manager.open_form()
        elif place in _PAGES:
            self.manager.open_page(_PAGES[place])
        elif place is not Place.RESTOCK:
            self.manager.close_form()
            self.manager.open_page(ManagerPage.PRODUCTS)
        if place is Place.RESTOCK:
            self.restock.open()
        elif not self.restock.isHidden():
            self.restock.close_dialog()
