"""A window for which there is no layout says so, and takes no keys that nobody sees."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from tests.gui.widgets import examples
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import ConfirmView, MenuView, QuantityView
from visionscan_kiosk.gui.widgets.dialog import Dialog
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


def test_who_closes_the_window_is_asked_where_the_question_can_be_seen(
    window: TillWindow, qtbot: QtBot
) -> None:
    show_at(window, (1280, 800))
    with qtbot.assertNotEmitted(window.close_requested), qtbot.waitSignal(window.close_asked):
        QApplication.sendEvent(window.windowHandle(), QCloseEvent())
    assert window.isVisible()

    show_at(window, (800, 480))
    with qtbot.assertNotEmitted(window.close_asked), qtbot.waitSignal(window.close_requested):
        QApplication.sendEvent(window.windowHandle(), QCloseEvent())


def test_the_till_itself_closes_without_a_question(window: TillWindow, qtbot: QtBot) -> None:
    show_at(window, (1280, 800))
    with qtbot.assertNotEmitted(window.close_asked), qtbot.waitSignal(window.close_requested):
        window.close_till()


def test_what_was_refused_because_of_a_dialog_goes_with_it(window: TillWindow) -> None:
    show_at(window, (1280, 800))
    window.show_confirm(ConfirmView("End?", "Two lines.", "Stay", "End"))
    window.announce("Code 1 was not taken. Close the dialog in front, then scan it again.")
    assert window.announcement.text
    window.show_confirm(None)
    assert window.announcement.text == ""

    window.announce("Code 2 was not taken.")
    window.show_confirm(None)  # there is none
    assert window.announcement.text == "Code 2 was not taken."


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)], ids=str)
def test_a_word_longer_than_any_row_is_broken_and_not_cut(window: TillWindow, size: tuple[int, int]) -> None:
    word = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamte"
    show_at(window, size)
    window.show_quantity(QuantityView(word, "12", "× 2.19 = 26.28", "Set 12"))
    window.announce(f"Code 1 is of {word} and was not added here.")
    QApplication.processEvents()
    assert faults(window.quantity) == []
    assert faults(window.announcement) == []
    assert word in window.announcement.text
    window.show_quantity(None)
    window.show_confirm(ConfirmView("End?", f"{word} is lost.", "Stay", "End"))
    QApplication.processEvents()
    assert [fault for fault in faults(window.confirm) if word in fault] == []


class LayoutRequests(QObject):
    """Counts how often something is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return False


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)], ids=str)
def test_an_open_dialog_comes_to_rest(window: TillWindow, size: tuple[int, int]) -> None:
    """One that lays itself out again and again keeps the till busy for as long as it is open."""
    show_at(window, size)
    openings = (
        lambda: window.show_quantity(
            QuantityView("Red Apple", "12", "× 2.19 = 26.28", "Set 12", "Too many.")
        ),
        lambda: window.show_confirm(ConfirmView("End?", "Two lines are lost. " * 9, "Stay", "End")),
        lambda: window.show_menu(MenuView("Menu", actions=(("manager", "Manager"),), endings=())),
    )
    for open_one in openings:
        open_one()
        for _ in range(20):
            QApplication.processEvents()
        dialog = window.open_dialog
        assert isinstance(dialog, Dialog)
        counted = LayoutRequests()
        dialog.card.installEventFilter(counted)
        for _ in range(20):
            QApplication.processEvents()
        dialog.card.removeEventFilter(counted)
        dialog.close_dialog()
        assert counted.count == 0, dialog.objectName()
