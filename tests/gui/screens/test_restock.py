"""The restock dialog: find, count, note; on every size, by hand, keyboard and scanner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, faults, show_at
from visionscan_kiosk.gui.manager_views import MovementRowView, RestockView
from visionscan_kiosk.gui.screens.restock import RestockDialog
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.dialog import SCRIM
from visionscan_kiosk.gui.widgets.keyboard import Keyboard
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.product_tile import ProductTile

COFFEE = TileView(UUID(int=1), "COF-250", "Ground coffee 250 g", "Pantry", "4.95")
LONG = replace(COFFEE, name="Unsalted butter 250 g, organic, from alpine hay milk of the upper valley")
MOVEMENTS = (
    MovementRowView("Today 11:05", "−1", "Sale"),
    MovementRowView("Fri 20 Nov", "+12", "Delivery · from the wholesale market"),
    MovementRowView("Thu 19 Nov", "−2", "Sale"),
    MovementRowView("Wed 18 Nov", "+24", "Delivery"),
)
COUNT = RestockView(
    COFFEE,
    "24",
    "10",
    "34",
    "Delivery",
    MOVEMENTS,
    can_confirm=True,
    confirm_text="Add 24 to stock",
)
EMPTY = replace(COUNT, tile=LONG, quantity_text="", after_text="10", note="", can_confirm=False)
TROUBLE = replace(EMPTY, trouble="The database is not answering. Nothing is lost. Try again.")
FIND = RestockView(
    None,
    results=tuple(replace(COFFEE, product_id=UUID(int=n), sku=f"S{n}", name=f"Coffee {n}") for n in range(6)),
)
NOT_FOUND = RestockView(None, trouble="No product is called that. Scan it, or type another word.")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    show_at(made, (1280, 800))
    return made


@pytest.fixture
def dialog(window: QWidget, theme: Theme) -> Iterator[RestockDialog]:
    made = RestockDialog(theme, PictureStore(theme), window)
    made.open()
    yield made
    made.close_dialog()


def button(dialog: RestockDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def edit(dialog: RestockDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, f"{name}_edit")
    assert isinstance(found, QLineEdit)
    return found


def text_of(dialog: RestockDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def keyboard_button(dialog: RestockDialog, field: str) -> QPushButton:
    holder = dialog.findChild(QWidget, field)
    assert isinstance(holder, QWidget)
    return next(made for made in holder.findChildren(QPushButton) if made.accessibleName() == "Keyboard")


@pytest.mark.parametrize("size", [*SIZES, (1280, 720)], ids=str)
@pytest.mark.parametrize(
    ("view", "keyboard_of"),
    [
        (COUNT, ""),
        (EMPTY, ""),
        (TROUBLE, ""),
        (FIND, ""),
        (NOT_FOUND, ""),
        (FIND, "restock_search"),
        (COUNT, "restock_note"),
    ],
    ids=["count", "nothing keyed", "trouble", "find", "not found", "find by keyboard", "note by keyboard"],
)
def test_every_page_fits_every_size(
    window: QWidget, dialog: RestockDialog, size: tuple[int, int], view: RestockView, keyboard_of: str
) -> None:
    dialog.show_view(view)
    show_at(window, size)
    if keyboard_of:
        keyboard_button(dialog, keyboard_of).click()
    QApplication.processEvents()
    card = dialog.card.geometry()
    assert faults(dialog.card) == []
    assert dialog.rect().adjusted(SCRIM, SCRIM, -SCRIM, -SCRIM).contains(card)
    assert not [tile.accessibleName() for tile in dialog.findChildren(ProductTile) if tile.has_cut_text]


def test_the_figures_before_and_after(dialog: RestockDialog) -> None:
    dialog.show_view(COUNT)
    names = ("stock_now", "stock_coming", "stock_after", "pieces", "restock_name")
    assert [text_of(dialog, name) for name in names] == ["10", "+24", "34", "24", "Ground coffee 250 g"]
    assert dialog.primary.text() == "Add 24 to stock"


def test_a_result_is_tapped(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(FIND)
    tile = dialog.findChild(ProductTile, "tile_S2")
    assert isinstance(tile, ProductTile)
    with qtbot.waitSignal(dialog.product_chosen) as chosen:
        tile.click()
    assert chosen.args == [UUID(int=2)]


def test_a_scanned_code_is_looked_up(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(FIND)
    search = edit(dialog, "restock_search")
    dialog.place_focus()
    assert search.hasFocus()
    with qtbot.waitSignal(dialog.code_submitted) as submitted, qtbot.assertNotEmitted(dialog.confirmed):
        qtbot.keyClicks(search, "4006381333931")
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert submitted.args == ["4006381333931"]


def test_pieces_are_keyed_with_a_keyboard(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(COUNT)
    with qtbot.waitSignal(dialog.key_pressed) as pressed:
        qtbot.keyClick(dialog, "7")
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert pressed.args == ["7"]


def test_nothing_keyed_cannot_be_confirmed(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(EMPTY)
    with qtbot.assertNotEmitted(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        dialog.primary.click()


def test_a_usual_note_is_a_pill_and_any_other_is_typed(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(COUNT)
    assert button(dialog, "pill_Delivery").property("kind") == "pillon"
    with qtbot.waitSignal(dialog.note_changed) as changed:
        qtbot.keyClick(edit(dialog, "restock_note"), "F")
    assert changed.args == ["F"]
    assert button(dialog, "pill_Delivery").property("kind") == "pill"


def test_the_note_is_typed_on_the_screen(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(EMPTY)
    keyboard_button(dialog, "restock_note").click()
    with qtbot.waitSignal(dialog.note_changed) as changed:
        button(dialog, "key_f").click()
    button(dialog, "key_Done").click()
    assert changed.args == ["f"]
    assert edit(dialog, "restock_note").text() == "f"
    keyboard = dialog.findChild(Keyboard)
    assert isinstance(keyboard, Keyboard)
    assert not keyboard.isVisible()


def test_escape_hides_the_keyboard_before_it_cancels(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(FIND)
    keyboard_button(dialog, "restock_search").click()
    with qtbot.assertNotEmitted(dialog.cancelled):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    with qtbot.waitSignal(dialog.cancelled):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_movements_give_way_on_short_screens(window: QWidget, dialog: RestockDialog) -> None:
    dialog.show_view(COUNT)
    shown = dialog.findChild(QLabel, "movement_0")
    assert isinstance(shown, QLabel)
    assert shown.isVisible()
    show_at(window, (1024, 600))
    assert not shown.isVisible()


def test_quick_pieces_and_change_are_signals(dialog: RestockDialog, qtbot: QtBot) -> None:
    dialog.show_view(COUNT)
    with qtbot.waitSignal(dialog.pieces_added) as added:
        button(dialog, "plus_12").click()
    with qtbot.waitSignal(dialog.change_requested):
        button(dialog, "restock_change").click()
    assert added.args == [12]
