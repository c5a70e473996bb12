"""The product form: texts in, texts out, a message at every wrong field."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from visionscan_kiosk.gui.manager_views import ProductFormView
from visionscan_kiosk.gui.screens.product_form import ProductFormPanel
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.option_row import OptionRow
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

TEXTS = {
    "sku": "OAT-1",
    "name": "Oat milk 1 l",
    "category": "Dairy & eggs",
    "price": "2.19",
    "stock": "24",
    "aliases": "oat drink",
    "barcodes": "4006381333931",
}
NEW = ProductFormView(None, tuple((name, "") for name in TEXTS))
EDIT = ProductFormView(UUID(int=1), tuple(TEXTS.items()))
WRONG = replace(
    EDIT,
    messages=(("price", "The price must be 0 or more."), ("barcodes", "This barcode is not complete.")),
    trouble="The database is not answering. Nothing is lost; save again.",
)


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> ProductFormPanel:
    made = ProductFormPanel(theme, PictureStore(theme))
    qtbot.addWidget(made)
    show_at(made, (352, 704))
    made.show_view(EDIT)
    return made


def edit(form: ProductFormPanel, name: str) -> QLineEdit:
    found = form.findChild(QLineEdit, f"field_{name}_edit")
    assert isinstance(found, QLineEdit)
    return found


def message(form: ProductFormPanel, name: str) -> str:
    found = form.findChild(Field, f"field_{name}")
    assert isinstance(found, Field)
    return found.message


def button(form: ProductFormPanel, name: str) -> QPushButton:
    found = form.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


@pytest.mark.parametrize("view", [NEW, EDIT, WRONG], ids=["new", "edit", "wrong"])
@pytest.mark.parametrize(("size", "is_broad"), [((352, 672), False), ((916, 520), True)], ids=str)
def test_it_fits_beside_the_list_and_instead_of_it(
    form: ProductFormPanel, view: ProductFormView, size: tuple[int, int], is_broad: bool
) -> None:
    form.set_layout(is_broad=is_broad, is_squeezed=False)
    form.show_view(view)
    show_at(form, size)
    assert faults(form) == []


def test_saving_hands_over_every_text(form: ProductFormPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.save_requested) as saved:
        button(form, "form_save").click()
    assert saved.args == [TEXTS]


def test_typing_tells_the_field_and_takes_its_message_away(form: ProductFormPanel, qtbot: QtBot) -> None:
    form.show_view(WRONG)
    with qtbot.waitSignal(form.field_changed) as changed:
        qtbot.keyClick(edit(form, "price"), "5")
    assert changed.args == ["price", "2.195"]
    assert message(form, "price") == ""
    assert message(form, "barcodes") == "This barcode is not complete."


def test_the_first_wrong_field_gets_the_focus(form: ProductFormPanel) -> None:
    form.show_view(WRONG)
    assert QApplication.focusWidget() is edit(form, "price")
    assert edit(form, "price").accessibleDescription() == "The price must be 0 or more."


def test_enter_goes_on_and_never_saves_by_itself(form: ProductFormPanel, qtbot: QtBot) -> None:
    edit(form, "barcodes").setFocus()
    with qtbot.assertNotEmitted(form.save_requested):
        qtbot.keyClick(edit(form, "barcodes"), Qt.Key.Key_Return)
    assert QApplication.focusWidget() is button(form, "form_save")
    with qtbot.waitSignal(form.save_requested):
        qtbot.keyClick(button(form, "form_save"), Qt.Key.Key_Return)


def test_escape_and_cancel_leave(form: ProductFormPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.cancelled):
        qtbot.keyClick(edit(form, "name"), Qt.Key.Key_Escape)
    with qtbot.waitSignal(form.cancelled):
        button(form, "form_cancel").click()


def test_a_new_product_cannot_be_restocked_yet(form: ProductFormPanel) -> None:
    form.show_view(NEW)
    assert not button(form, "form_restock").isVisible()
    title = form.findChild(QLabel, "form_title")
    assert isinstance(title, QLabel)
    assert title.text() == "New product"


def test_a_picture_is_chosen_for_a_product_that_exists(form: ProductFormPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.picture_requested):
        button(form, "form_picture").click()
    form.show_view(replace(EDIT, product_id=None))
    assert not button(form, "form_picture").isVisible()


def test_adding_without_asking_is_switched_once_it_is_known(form: ProductFormPanel, qtbot: QtBot) -> None:
    switch = form.findChild(OptionRow, "form_adds_when_sure")
    assert isinstance(switch, OptionRow)
    assert not switch.isEnabled()
    form.show_view(replace(EDIT, adds_when_sure=True, adds_when_sure_text="Undo it within 5 seconds."))
    assert (switch.isEnabled(), switch.isChecked(), switch.detail) == (
        True,
        True,
        "Undo it within 5 seconds.",
    )
    with qtbot.waitSignal(form.adds_switched) as switched:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switched.args == [False]


def test_what_is_typed_survives_a_message_for_another_field(form: ProductFormPanel, qtbot: QtBot) -> None:
    edit(form, "name").setFocus()
    edit(form, "name").setCursorPosition(3)
    form.show_view(replace(EDIT, messages=()))
    assert edit(form, "name").cursorPosition() == 3
