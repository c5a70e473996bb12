"""The manager area: the list, the form beside it, the keyboard below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, content_size, faults, show_at
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import (
    ConfusedNamesView,
    LearnedNameView,
    NamesView,
    ProductFormView,
    ProductListView,
    ProductRowView,
    SettingsView,
    ShownPictureState,
    ShownPictureView,
    TaughtPhotoView,
    TaughtRowView,
    TeachView,
)
from visionscan_kiosk.gui.screens.manager import ManagerPage, ManagerScreen
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.product_rows import ProductRows

LONG = "Unsalted butter 250 g, organic, from alpine hay milk of the upper valley"
ROWS = tuple(
    ProductRowView(UUID(int=number), f"SKU-{number}", name, "Dairy & eggs", "2.89", str(number), number < 5)
    for number, name in enumerate(("Oat milk 1 l", LONG, *(f"Cheese {age}" for age in range(40))))
)
LIST = ProductListView("", ROWS, "42 products", "Saved: Oat milk 1 l")
FORM = ProductFormView(
    ROWS[0].product_id,
    (
        ("sku", "OAT-1"),
        ("name", "Oat milk 1 l"),
        ("category", "Dairy & eggs"),
        ("price", "2.19"),
        ("stock", "24"),
        ("aliases", "oat drink"),
        ("barcodes", "4006381333931"),
    ),
)

NAMES = NamesView(
    tuple(LearnedNameView(ROWS[0].product_id, alias, LONG) for alias in ("crunchy one", LONG.lower())),
    tuple(
        ConfusedNamesView(
            ROWS[number].product_id,
            f"{LONG} · {ROWS[number].name}",
            "Only the size tells them apart, and SKU-1 does not give its size.",
            "Add the size to the name of SKU-1.",
        )
        for number in range(6)
    ),
    "Forgotten: “crunchy one” for Red Apple",
)

TILE = TileView(ROWS[1].product_id, "SKU-1", LONG, "Dairy & eggs", "2.89")
SHOWN = tuple(
    ShownPictureView(np.full((48, 64, 3), 40 * place, np.uint8), state)
    for place, state in enumerate([ShownPictureState.KEPT, ShownPictureState.REFUSED] * 2)
)
TEACH = TeachView(
    TILE,
    count_text="4 of 8 pictures",
    hint=wording.teach_hint(4, 5, 8, is_done=False),
    shown=SHOWN,
    photos=tuple(TaughtPhotoView(UUID(int=place), "shown") for place in range(9)),
    message=wording.taught(LONG, 4),
    trouble="Picture 2 was blurred and will not be used. Picture 4 was blurred and will not be used.",
    looks_like=wording.looks_like(LONG),
    can_take=True,
    can_finish=True,
)
SETTINGS = SettingsView(
    auto_add="likely",
    marked_text=wording.marked_products(1234),
    add_from_text=wording.share(0.995),
    add_from_detail=wording.add_from(0.995),
    can_ask_less=True,
    can_ask_more=True,
    asks_about_wrong_items=True,
    wrong_items_text=wording.wrong_items(1234, 123, 30),
    reads_labels=True,
    pictures_text=wording.pictures_kept(90),
    saved_text=wording.SAVED_FOR_ALL,
    is_known=True,
)
CHOICE = TeachView(
    None,
    taught=tuple(
        TaughtRowView(row.product_id, row.name, row.category, "8 pictures shown") for row in ROWS[:9]
    ),
)


def _open_names(screen: ManagerScreen) -> None:
    screen.show_names(NAMES)
    screen.open_page(ManagerPage.NAMES)


def _open_teaching(screen: ManagerScreen) -> None:
    screen.show_teach(TEACH)
    screen.show_frame(np.full((360, 640, 3), 180, np.uint8))
    screen.open_page(ManagerPage.TEACH)


def _open_settings(screen: ManagerScreen) -> None:
    screen.settings.show_view(SETTINGS)
    screen.open_page(ManagerPage.SETTINGS)


def _open_settings_in_trouble(screen: ManagerScreen) -> None:
    screen.settings.show_view(replace(SETTINGS, trouble="The database is not answering.", is_known=False))
    screen.open_page(ManagerPage.SETTINGS)


def _open_choice(screen: ManagerScreen) -> None:
    screen.show_teach(CHOICE)
    screen.open_page(ManagerPage.TEACH)


def _open_choice_and_keyboard(screen: ManagerScreen) -> None:
    _open_choice(screen)
    screen.show_keyboard()


PAGES: dict[str, Callable[[ManagerScreen], None]] = {
    "names": _open_names,
    "teaching": _open_teaching,
    "what to teach": _open_choice,
    "settings": _open_settings,
    "settings in trouble": _open_settings_in_trouble,
    "what to teach and keyboard": _open_choice_and_keyboard,
}


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme) -> ManagerScreen:
    made = ManagerScreen(theme, PictureStore(theme), PictureStore(theme))
    qtbot.addWidget(made)
    made.show_products(LIST)
    return made


def part(screen: ManagerScreen, name: str) -> QWidget:
    found = screen.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found


def click(screen: ManagerScreen, name: str) -> None:
    found = part(screen, name)
    assert isinstance(found, QPushButton)
    found.click()


def edit(screen: ManagerScreen, name: str) -> QLineEdit:
    found = screen.findChild(QLineEdit, f"{name}_edit")
    assert isinstance(found, QLineEdit)
    return found


def rows_of(screen: ManagerScreen) -> ProductRows:
    found = screen.findChild(ProductRows)
    assert isinstance(found, ProductRows)
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("state", ["list", "form", "form and keyboard", "search and keyboard", *PAGES])
def test_every_state_fits_every_size(screen: ManagerScreen, size: tuple[int, int], state: str) -> None:
    if state in PAGES:
        PAGES[state](screen)
    if state.startswith("form"):
        screen.open_form()
        screen.show_form(FORM)
    show_at(screen, content_size(size))
    if state.endswith("keyboard"):
        screen.show_keyboard()
        show_at(screen, content_size(size))
    assert faults(screen) == []


def test_a_tapped_row_is_its_product(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    rows = rows_of(screen)
    place = rows.visualRect(rows.model().index(1, 0)).center()
    with qtbot.waitSignal(screen.product_chosen) as chosen:
        qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [ROWS[1].product_id]


def test_rows_are_walked_with_arrows_and_chosen_with_enter(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    rows = rows_of(screen)
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 0))
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    with qtbot.waitSignal(screen.product_chosen) as chosen:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert chosen.args == [ROWS[1].product_id]


def test_a_row_is_read_out_with_price_and_stock(screen: ManagerScreen) -> None:
    index = rows_of(screen).model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == f"{LONG}, SKU-1, 2.89, 1 in stock"


def test_typing_searches_and_is_never_overwritten(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    search = edit(screen, "product_search")
    search.setFocus()
    with qtbot.waitSignal(screen.search_changed) as searched:
        qtbot.keyClick(search, "o")
    screen.show_products(ProductListView("", ROWS[:1], "1 product"))
    assert (searched.args, search.text()) == (["o"], "o")


def test_the_keyboard_on_screen_searches_too(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    edit(screen, "product_search").setFocus()
    screen.show_keyboard()
    with qtbot.waitSignal(screen.search_changed) as searched:
        click(screen, "key_b")
    assert searched.args == ["b"]
    assert QApplication.focusWidget() is edit(screen, "product_search")


def test_the_keyboard_follows_the_focus(screen: ManagerScreen) -> None:
    screen.open_form()
    screen.show_form(FORM)
    show_at(screen, (1280, 736))
    screen.show_keyboard()
    for name in ("field_category", "field_aliases"):
        edit(screen, name).setFocus()
        click(screen, "key_x")
    assert edit(screen, "field_category").text() == "Dairy & eggsx"
    assert edit(screen, "field_aliases").text() == "oat drinkx"


def test_on_short_screens_the_form_takes_the_place_of_the_list(screen: ManagerScreen) -> None:
    screen.open_form()
    screen.show_form(FORM)
    show_at(screen, content_size((1024, 600)))
    assert (part(screen, "product_list").isVisible(), part(screen, "product_form").isVisible()) == (
        False,
        True,
    )
    screen.close_form()
    assert (part(screen, "product_list").isVisible(), part(screen, "product_form").isVisible()) == (
        True,
        False,
    )


def test_only_one_button_is_the_next_step(screen: ManagerScreen) -> None:
    screen.open_form()
    screen.show_form(FORM)
    show_at(screen, (1280, 736))
    buttons = [button for button in screen.findChildren(QPushButton) if button.isVisible()]
    assert [button.objectName() for button in buttons if button.property("kind") == "primary"] == [
        "form_save"
    ]


def test_restock_starts_with_or_without_a_product(screen: ManagerScreen, qtbot: QtBot) -> None:
    screen.open_form()
    screen.show_form(FORM)
    with qtbot.waitSignal(screen.restock_requested) as nothing:
        click(screen, "side_restock")
    with qtbot.waitSignal(screen.restock_requested) as product:
        click(screen, "form_restock")
    assert (nothing.args, product.args) == ([None], [FORM.product_id])


def test_escape_and_the_side_lead_back_to_selling(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.closed):
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
    with qtbot.waitSignal(screen.closed):
        click(screen, "side_close")


def test_new_product_is_asked_for(screen: ManagerScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.new_requested):
        click(screen, "new_product")


def test_it_is_dressed_in_both_themes(qtbot: QtBot, either_theme: Theme) -> None:
    screen = ManagerScreen(either_theme, PictureStore(either_theme), PictureStore(either_theme))
    qtbot.addWidget(screen)
    screen.show_products(LIST)
    show_at(screen, (1280, 736))
    picture = screen.grab().toImage()
    assert picture.pixelColor(4, 4) == either_theme.color("page")
    list_place = part(screen, "product_list").geometry()
    assert picture.pixelColor(list_place.center().x(), list_place.bottom() - 5) == either_theme.color(
        "surface"
    )


def test_a_learned_name_is_removed_and_a_confused_product_opened(screen: ManagerScreen, qtbot: QtBot) -> None:
    screen.show_names(NAMES)
    screen.open_page(ManagerPage.NAMES)
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.name_forgotten) as forgotten:
        click(screen, "name_forget")
    with qtbot.waitSignal(screen.product_chosen) as chosen:
        click(screen, "name_open")
    assert forgotten.args == [ROWS[0].product_id, "crunchy one"]
    assert chosen.args == [ROWS[0].product_id]


def test_the_side_leads_from_the_names_to_the_products(screen: ManagerScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.names_requested):
        click(screen, "side_names")
    screen.open_page(ManagerPage.NAMES)
    with qtbot.waitSignal(screen.products_requested):
        click(screen, "side_products")


def test_teaching_tells_what_was_tapped(screen: ManagerScreen, qtbot: QtBot) -> None:
    _open_teaching(screen)
    show_at(screen, (1280, 736))
    for signal, name in (
        (screen.teach.take_requested, "teach_take"),
        (screen.teach.again_requested, "teach_again"),
        (screen.teach.done_requested, "teach_done"),
        (screen.teach.photo_removed, "teach_remove"),
    ):
        with qtbot.waitSignal(signal):
            click(screen, name)


def test_a_taught_product_is_chosen_again(screen: ManagerScreen, qtbot: QtBot) -> None:
    _open_choice(screen)
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.teach.product_chosen) as chosen:
        click(screen, "teach_choose")
    assert chosen.args == [ROWS[0].product_id]


def test_when_the_pictures_are_kept_the_next_product_is_the_next_step(screen: ManagerScreen) -> None:
    _open_teaching(screen)
    screen.show_teach(replace(TEACH, is_done=True, can_finish=False))
    show_at(screen, (1280, 736))
    buttons = [button for button in screen.findChildren(QPushButton) if button.isVisible()]
    assert [button.objectName() for button in buttons if button.property("kind") == "primary"] == [
        "teach_other"
    ]
