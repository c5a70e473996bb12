"""A window for which there is no layout says so, and takes no keys that nobody sees."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from tests.gui.widgets import examples
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import ConfirmView
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.too_small import TooSmall


@pytest.fixture
def window(qtbot: QtBot, either_theme: Theme) -> TillWindow:
    made = TillWindow(either_theme, PictureStore(either_theme), PictureStore(either_theme))
    qtbot.addWidget(made)
    made.show_basket(examples.basket(3))
    made.go_to(Place.SELLING)
    return made


def cover(window: TillWindow) -> TooSmall:
    found = window.findChild(TooSmall)
    assert found is not None
    return found


@pytest.mark.parametrize("size", [(1023, 600), (1024, 599), (800, 480), (640, 360)], ids=str)
def test_below_the_smallest_layout_it_says_so(window: TillWindow, size: tuple[int, int]) -> None:
    show_at(window, size)
    assert cover(window).isVisible()
    assert cover(window).size().toTuple() == size
    assert f"{size[0]} × {size[1]}" in cover(window).findChild(QLabel, "too_small_text").text()
    assert faults(cover(window)) == []


def test_the_smallest_layout_is_shown(window: TillWindow) -> None:
    show_at(window, (1024, 600))
    assert not cover(window).isVisible()


def test_keys_end_there_and_the_screen_gets_them_back(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1024, 600))
    show_at(window, (800, 600))
    assert window.open_dialog is cover(window)
    assert QApplication.focusWidget() is cover(window)
    with qtbot.assertNotEmitted(window.selling.pay_requested):
        qtbot.keyClick(cover(window), Qt.Key.Key_Return)
    show_at(window, (1280, 800))
    assert window.open_dialog is None
    assert QApplication.focusWidget() is window.selling


def test_an_open_question_is_there_again(window: TillWindow) -> None:
    show_at(window, (1024, 600))
    window.show_confirm(ConfirmView("End the basket?", "3 items.", "Stay", "End it"))
    show_at(window, (800, 600))
    show_at(window, (1024, 600))
    assert window.open_dialog is window.confirm
    assert window.isAncestorOf(QApplication.focusWidget())
    window.show_confirm(None)
