"""A sentence over whatever is in front: whole, in sight, and in nobody's way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from visionscan_kiosk.gui import scan_wording
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.announcement import Announcement

CODE = "4006381333931"
LONGEST = scan_wording.pieces_not_added(1200, "Unsalted butter 250 g, organic, from alpine hay milk")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1024, 600)
    made.show()
    return made


@pytest.mark.parametrize(
    "sentence", [scan_wording.not_taken(CODE), scan_wording.not_while_paying(CODE), LONGEST]
)
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (400, 600)])
def test_it_is_as_high_as_its_lines(
    theme: Theme, window: QWidget, sentence: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    said = Announcement(theme, window)
    said.show_text(sentence)
    QApplication.processEvents()
    said.show_text("")
    said.show_text(sentence)
    text = said.findChildren(QLabel)[-1]
    said.grab()

    needed = text.heightForWidth(text.width())
    assert needed <= text.height() <= needed + 40
    assert window.rect().contains(said.geometry())


def test_it_takes_neither_taps_nor_the_cursor_and_goes_when_there_is_nothing_to_say(
    theme: Theme, window: QWidget
) -> None:
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    said = Announcement(theme, window)
    said.show_text(scan_wording.not_taken(CODE))

    assert said.text == scan_wording.not_taken(CODE)
    assert said.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert window.focusWidget() is field
    said.show_text("")
    assert said.text == ""


def test_it_follows_the_window(theme: Theme, window: QWidget) -> None:
    said = Announcement(theme, window)
    said.show_text(scan_wording.not_taken(CODE))
    window.resize(600, 700)
    QApplication.processEvents()

    assert abs(said.geometry().center().x() - window.rect().center().x()) <= 1
