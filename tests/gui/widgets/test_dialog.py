"""The dialog inside the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, faults, show_at
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.basics import label
from visionscan_kiosk.gui.widgets.dialog import SCRIM, Dialog


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.setProperty("kind", "page")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    behind = QPushButton("Behind", made)
    behind.setObjectName("behind")
    show_at(made, (1280, 800))
    behind.setFocus()
    return made


@pytest.fixture
def dialog(window: QWidget, either_theme: Theme) -> Iterator[Dialog]:
    made = Dialog(either_theme, window, "Delete the product?", width=2000)
    made.body.addWidget(label("It will no longer be found."))
    made.primary.set_text("Delete Oat milk 1 l")
    made.open()
    yield made
    made.close_dialog()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_scrim_stays_in_sight_all_round(window: QWidget, dialog: Dialog, size: tuple[int, int]) -> None:
    dialog.prefer_height(5000)
    show_at(window, size)
    assert dialog.size() == window.size()
    assert dialog.rect().adjusted(SCRIM, SCRIM, -SCRIM, -SCRIM).contains(dialog.card.geometry())
    assert faults(dialog.card) == []


def test_escape_cross_and_cancel_cancel(dialog: Dialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.cancelled):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    for name in ("dialog_close", "dialog_cancel"):
        pressed = dialog.findChild(QPushButton, name)
        assert isinstance(pressed, QPushButton)
        with qtbot.waitSignal(dialog.cancelled):
            pressed.click()


def test_enter_presses_the_primary_button(dialog: Dialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_enter_on_cancel_cancels(dialog: Dialog, qtbot: QtBot) -> None:
    dialog.cancel_button.setFocus()
    with qtbot.assertNotEmitted(dialog.confirmed), qtbot.waitSignal(dialog.cancelled):
        qtbot.keyClick(dialog.cancel_button, Qt.Key.Key_Return)


def test_enter_does_nothing_while_the_primary_button_is_off(dialog: Dialog, qtbot: QtBot) -> None:
    dialog.primary.setEnabled(False)
    with qtbot.assertNotEmitted(dialog.confirmed), qtbot.assertNotEmitted(dialog.cancelled):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_tab_walks_round_inside(dialog: Dialog, qtbot: QtBot) -> None:
    seen = []
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert seen[:3] == seen[3:]
    assert set(seen) == {"dialog_primary", "dialog_close", "dialog_cancel"}


def test_the_focus_goes_back_to_what_had_it(window: QWidget, dialog: Dialog) -> None:
    dialog.close_dialog()
    behind = window.findChild(QPushButton, "behind")
    assert QApplication.focusWidget() is behind


def test_it_dims_what_lies_behind_and_casts_a_shadow(window: QWidget, dialog: Dialog) -> None:
    picture = window.grab().toImage()
    card = dialog.card.geometry()
    far, near = picture.pixelColor(4, 700), picture.pixelColor(card.center().x(), card.bottom() + 4)
    dialog.close_dialog()
    page = window.grab().toImage().pixelColor(4, 700)
    assert near.lightness() < far.lightness() < page.lightness()
