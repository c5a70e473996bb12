"""The keyboard on the screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.basics import column
from visionscan_kiosk.gui.widgets.keyboard import Keyboard
from visionscan_kiosk.gui.widgets.keyboard_pages import PAGES, PageName, other_pages, shifted


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def line_edit(window: QWidget) -> QLineEdit:
    return QLineEdit()


@pytest.fixture
def keyboard(window: QWidget, line_edit: QLineEdit, theme: Theme) -> Keyboard:
    made = Keyboard(theme)
    parts = column(window)
    parts.addWidget(line_edit)
    parts.addWidget(made)
    show_at(window, (784, 400))
    line_edit.setFocus()
    made.attach(line_edit)
    return made


def press(keyboard: Keyboard, *names: str) -> None:
    for name in names:
        key = keyboard.findChild(QPushButton, f"key_{name}")
        assert isinstance(key, QPushButton), name
        key.click()


@pytest.mark.parametrize("page", list(PageName))
@pytest.mark.parametrize("size", [(612, 360), (784, 400), (1640, 400)], ids=str)
def test_every_page_fits_the_narrowest_place(
    window: QWidget, keyboard: Keyboard, page: PageName, size: tuple[int, int]
) -> None:
    if page is not PageName.LETTERS:
        press(keyboard, {PageName.ACCENTS: "Accents", PageName.SIGNS: "Signs"}[page])
    show_at(window, size)
    assert faults(keyboard) == []


def test_letters_go_where_the_focus_stays(keyboard: Keyboard, line_edit: QLineEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line_edit.textEdited):
        press(keyboard, *"oat", "Space", "1")
    assert line_edit.text() == "oat 1"
    assert line_edit.hasFocus()


def test_shift_is_for_one_letter(keyboard: Keyboard, line_edit: QLineEdit) -> None:
    press(keyboard, "Shift", *"oat")
    assert line_edit.text() == "Oat"


def test_umlauts_and_signs_have_pages(keyboard: Keyboard, line_edit: QLineEdit) -> None:
    press(keyboard, "Accents", "ä", "ß", "Letters")
    press(keyboard, "Signs", "%")
    assert line_edit.text() == "äß%"


def test_delete_takes_the_last_letter(keyboard: Keyboard, line_edit: QLineEdit, qtbot: QtBot) -> None:
    press(keyboard, *"oat")
    with qtbot.waitSignal(keyboard.backspace):
        press(keyboard, "Delete")
    assert line_edit.text() == "oa"


def test_search_and_hide_are_signals(keyboard: Keyboard, line_edit: QLineEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignals([keyboard.submitted, line_edit.returnPressed]):
        press(keyboard, "Search")
    with qtbot.waitSignal(keyboard.hide_requested):
        press(keyboard, "Hide keyboard")


def test_a_field_that_is_gone_is_no_longer_written_to(
    window: QWidget, keyboard: Keyboard, qtbot: QtBot
) -> None:
    short_lived = QLineEdit(window)
    keyboard.attach(short_lived)
    with qtbot.waitSignal(short_lived.destroyed):
        short_lived.deleteLater()
    with qtbot.waitSignal(keyboard.key_pressed) as pressed:
        press(keyboard, "a")
    assert pressed.args == ["a"]


def test_pages_have_at_most_ten_keys_a_row() -> None:
    for page in PAGES.values():
        assert all(len(row) <= 10 for row in page.rows)
        assert len(page.rows[3]) <= 8
        assert page.name not in other_pages(page.name)


def test_sharp_s_has_no_single_capital() -> None:
    assert (shifted("ä"), shifted("ß"), shifted("1")) == ("Ä", "ß", "1")
