"""Tab goes the way of use on every page and dialog, round and round; Enter presses what has the focus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import show_at
from tests.gui.screens.test_payment import BASKET, CARD, CASH
from tests.gui.widgets import examples
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.manager_views import ProductFormView, ProductListView, RestockView, SettingsView
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import (
    CatalogueView,
    ConfirmView,
    MenuView,
    QuantityView,
    ReceiptView,
    UndoView,
)
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tab_order import tab_stops

SIZES = ((1024, 600), (1280, 800), (1920, 1080))
FIELDS = ("name", "sku", "category", "price", "stock", "aliases", "barcodes")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> TillWindow:
    made = TillWindow(theme, PictureStore(theme), PictureStore(theme))
    qtbot.addWidget(made)
    made.show_top_bar(examples.top_bar())
    return made


def selling(window: TillWindow) -> None:
    window.go_to(Place.SELLING)
    window.show_tray(examples.question())
    window.show_basket(examples.basket(2))
    window.show_basket(examples.basket(3, undo=UndoView("Added")))


def browsing(window: TillWindow) -> None:
    selling(window)
    tiles = examples.often_sold().tiles
    window.show_catalogue(CatalogueView(is_open=True, categories=("Dairy",), tiles=tiles))


def cash(window: TillWindow) -> None:
    window.go_to(Place.PAYMENT)
    window.show_payment(CASH, BASKET)


def card(window: TillWindow) -> None:
    window.go_to(Place.PAYMENT)
    window.show_payment(CARD, BASKET)


def receipt(window: TillWindow) -> None:
    window.go_to(Place.RECEIPT)
    window.show_receipt(ReceiptView("Paid", "€3.76", "€16.24", "", "paper", "No. 1"))


def products(window: TillWindow) -> None:
    window.go_to(Place.PRODUCTS)
    window.show_products(ProductListView())


def form(window: TillWindow) -> None:
    window.go_to(Place.FORM)
    window.show_form(ProductFormView(None, tuple((name, "") for name in FIELDS), adds_when_sure=False))


def settings(window: TillWindow) -> None:
    window.go_to(Place.SETTINGS)
    window.show_settings(SettingsView(auto_add="likely", is_known=True, can_ask_less=True, can_ask_more=True))


def restock(window: TillWindow) -> None:
    window.go_to(Place.RESTOCK)
    window.show_restock(RestockView(examples.tile("Red Apple"), can_confirm=True))


def menu(window: TillWindow) -> None:
    selling(window)
    window.show_menu(MenuView("Till", actions=(("manager", "Manager"),), endings=(("close", "Close till"),)))


def quantity(window: TillWindow) -> None:
    selling(window)
    window.show_quantity(QuantityView("Red Apple", "1", "", "Set 1"))


def confirm(window: TillWindow) -> None:
    selling(window)
    window.show_confirm(ConfirmView("End?", "3 items", "Stay", "End it"))


PAGES = (selling, browsing, cash, card, receipt, products, form, settings, restock, menu, quantity, confirm)


def walked(window: TillWindow, qtbot: QtBot, *, forward: bool = True) -> list[QWidget]:
    """Press Tab until the focus is where it was first."""
    seen: list[QWidget] = []
    key = Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab
    while True:
        qtbot.keyClick(QApplication.focusWidget() or window, key)
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            assert focused is seen[0]
            return seen
        seen.append(focused)


def reached(window: TillWindow) -> set[QWidget]:
    """Return all that is in sight and can have the focus, however it came there."""
    root = window.open_dialog or window
    return {
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    } - {root}


def names(stops: list[QWidget]) -> list[str]:
    return [stop.objectName() for stop in stops]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_tab_reaches_everything_once_and_comes_round(
    window: TillWindow, qtbot: QtBot, page: Callable[[TillWindow], None], size: tuple[int, int]
) -> None:
    show_at(window, size)
    page(window)
    QApplication.processEvents()
    there = walked(window, qtbot)
    screens = {
        window.selling,
        window.payment,
        window.receipt,
        window.manager,
        window.restock,
        window.quantity,
    }
    assert set(there) - screens == reached(window) - screens
    back = walked(window, qtbot, forward=False)
    assert set(back) == set(there)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_inside_a_row_or_column_the_order_is_that_of_reading(
    window: TillWindow, qtbot: QtBot, page: Callable[[TillWindow], None]
) -> None:
    show_at(window, (1280, 800))
    page(window)
    QApplication.processEvents()
    stops = tab_stops(window.open_dialog or window)
    for stop, following in pairwise(stops):
        if stop.parentWidget() is following.parentWidget() and stop.objectName() != "dialog_close":
            before, after = (one.mapTo(window, QPoint(0, 0)) for one in (stop, following))
            assert (after.y() >= before.y() + stop.height()) or after.x() > before.x(), names(
                [stop, following]
            )


def test_the_selling_page_ends_with_pay(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1280, 800))
    selling(window)
    QApplication.processEvents()
    order = names(walked(window, qtbot))
    wanted = [
        "search",
        "catalogue_open",
        "look",
        "tray_search",
        "less",
        "number",
        "more",
        "toast_action",
        "pay",
    ]
    assert [name for name in dict.fromkeys(order) if name in wanted] == wanted
    assert order[order.index("pay") - 1] == "toast_action"


def test_the_form_goes_from_name_to_save(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1280, 800))
    form(window)
    QApplication.processEvents()
    order = [name for name in names(walked(window, qtbot)) if name.startswith(("field_", "form_"))]
    fields = [f"field_{name}_edit" for name in FIELDS]
    start = order.index(fields[0])
    rest = order[start:] + order[:start]
    assert rest[: len(fields)] == fields
    assert rest.index("form_cancel") + 1 == rest.index("form_save")


def test_enter_presses_what_has_the_focus(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1280, 800))
    products(window)
    new = window.findChild(QPushButton, "new_product")
    assert new is not None
    new.setFocus()
    with qtbot.waitSignal(window.manager.new_requested):
        qtbot.keyClick(new, Qt.Key.Key_Return)
    settings(window)
    switch = window.findChild(QWidget, "settings_wrong_items")
    assert switch is not None
    switch.setFocus()
    with qtbot.waitSignal(window.manager.settings.wrong_items_switched):
        qtbot.keyClick(switch, Qt.Key.Key_Enter)


def test_enter_in_a_question_stays(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1280, 800))
    confirm(window)
    with qtbot.waitSignal(window.confirm.cancelled), qtbot.assertNotEmitted(window.confirm.confirmed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    window.show_confirm(None)
    window.show_quantity(replace(QuantityView("Red Apple", "1", "", "Set 1"), quantity_text="12"))
    with qtbot.waitSignal(window.quantity.confirmed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
