"""The payment screen: what it shows, what it says, and what keys and taps mean."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, content_size, faults, show_at
from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.screens.payment import PaymentScreen
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import BasketView, LineSource, LineView, PayView
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.wording import CHARGE_THEN, charge, put_down_meanwhile

QUICK = (
    ("16.24", "Exact"),
    ("17", "€17"),
    ("18", "€18"),
    ("20", "€20"),
    ("50", "€50"),
    ("100", "€100"),
)
CASH = PayView(
    "€16.24",
    "cash",
    "20.00",
    QUICK,
    change_text="€3.76",
    can_confirm=True,
    confirm_text="Take €20.00, give €3.76 back",
)
MISSING = replace(
    CASH, given_text="10.00", change_text="", missing_text="€6.24 is still missing", can_confirm=False
)
CARD = replace(
    CASH,
    method="card",
    change_text="",
    confirm_text="Approved: €16.24 charged",
    card_text=charge("€16.24"),
    card_then=CHARGE_THEN,
    needs_tap=True,
)
TROUBLE = "The sale was not finished and nothing was charged here. Try again, or go back."
PUT_DOWN = put_down_meanwhile(("Unsalted butter 250 g, organic, from alpine hay milk",), was_confirmed=True)
LONG_NAME = "Unsalted butter 250 g, organic, from alpine hay milk"
BASKET = BasketView(
    lines=tuple(
        LineView(uuid4(), UUID(int=number), "Pantry", name, "", LineSource.BARCODE, 1, "2.89")
        for number, name in enumerate(("Spaghetti 500 g", LONG_NAME))
    ),
    item_count=2,
    total_text="€16.24",
)


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme) -> PaymentScreen:
    made = PaymentScreen(theme, PictureStore(theme))
    qtbot.addWidget(made)
    made.show_basket(BASKET)
    made.show_view(CASH)
    return made


def text_of(screen: PaymentScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def button(screen: PaymentScreen, name: str) -> QPushButton:
    found = screen.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    "view",
    [
        CASH,
        MISSING,
        CARD,
        replace(CASH, trouble=TROUBLE),
        replace(CARD, trouble=TROUBLE),
        replace(CASH, trouble=PUT_DOWN),
        replace(MISSING, trouble=PUT_DOWN),
        replace(CARD, trouble=PUT_DOWN),
        replace(CASH, is_busy=True),
    ],
    ids=[
        *("cash", "missing", "card", "cash trouble", "card trouble"),
        *("cash put down", "missing put down", "card put down", "busy"),
    ],
)
def test_every_state_fits_every_size(screen: PaymentScreen, size: tuple[int, int], view: PayView) -> None:
    screen.show_view(view)
    show_at(screen, content_size(size))
    assert faults(screen) == []
    assert (screen.width(), screen.height()) == content_size(size)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("view", [CASH, CARD], ids=["cash", "card"])
def test_a_long_trouble_is_shown_whole(screen: PaymentScreen, size: tuple[int, int], view: PayView) -> None:
    show_at(screen, content_size(size))
    screen.show_view(replace(view, trouble=PUT_DOWN))
    QApplication.processEvents()
    words = [label for label in screen.findChildren(QLabel) if label.text() == PUT_DOWN and label.isVisible()]
    assert [label.height() >= label.heightForWidth(label.width()) for label in words] == [True]
    assert (screen.width(), screen.height()) == content_size(size)


def test_the_change_and_the_effect_of_the_button_are_told(screen: PaymentScreen) -> None:
    assert text_of(screen, "to_pay") == "€16.24"
    assert text_of(screen, "change_figure") == "€3.76"
    assert button(screen, "confirm").text() == "Take €20.00, give €3.76 back"


def test_what_is_missing_keeps_the_sale_from_ending(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(MISSING)
    assert text_of(screen, "change_words") == "€6.24 is still missing"
    show_at(screen, (1280, 736))
    with qtbot.assertNotEmitted(screen.confirmed):
        qtbot.keyClick(screen, Qt.Key.Key_Return)


def test_the_given_quick_amount_is_marked(screen: PaymentScreen) -> None:
    kinds = {value: button(screen, f"quick_{value}").property("kind") for value, _ in QUICK}
    assert kinds.pop("20") == "soft"
    assert set(kinds.values()) == {"normal"}


def test_the_card_has_two_ends(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(CARD)
    show_at(screen, (1280, 736))
    assert text_of(screen, "charge") == "Charge €16.24 on the card machine."
    with qtbot.waitSignal(screen.declined):
        button(screen, "declined").click()
    with qtbot.waitSignal(screen.confirmed):
        button(screen, "confirm").click()


def test_declined_is_no_word_for_cash(screen: PaymentScreen) -> None:
    show_at(screen, (1280, 736))
    assert not button(screen, "declined").isVisible()


@pytest.mark.parametrize(
    ("key", "meaning"),
    [(Qt.Key.Key_5, "5"), (Qt.Key.Key_Backspace, DELETE), (Qt.Key.Key_Delete, CLEAR)],
)
def test_a_keyboard_keys_the_amount(screen: PaymentScreen, qtbot: QtBot, key: Qt.Key, meaning: str) -> None:
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.key_pressed) as pressed:
        qtbot.keyClick(screen, key)
    assert pressed.args == [meaning]


def test_digits_mean_nothing_to_a_card(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(CARD)
    show_at(screen, (1280, 736))
    with qtbot.assertNotEmitted(screen.key_pressed):
        qtbot.keyClick(screen, Qt.Key.Key_5)


def test_enter_confirms_and_escape_goes_back(screen: PaymentScreen, qtbot: QtBot) -> None:
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.confirmed):
        qtbot.keyClick(screen, Qt.Key.Key_Return)
    with qtbot.waitSignal(screen.cancelled):
        qtbot.keyClick(screen, Qt.Key.Key_Escape)


def test_enter_on_declined_does_not_approve(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(CARD)
    show_at(screen, (1280, 736))
    button(screen, "declined").setFocus()
    with qtbot.assertNotEmitted(screen.confirmed), qtbot.waitSignal(screen.declined):
        qtbot.keyClick(button(screen, "declined"), Qt.Key.Key_Return)


@pytest.mark.parametrize("focused", ["", "confirm"])
def test_enter_never_confirms_a_card(screen: PaymentScreen, qtbot: QtBot, focused: str) -> None:
    """A hand scanner ends its codes with Enter; a tap or the space bar on the button is meant."""
    screen.show_view(CARD)
    show_at(screen, (1280, 736))
    target = button(screen, focused) if focused else screen
    target.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.assertNotEmitted(screen.confirmed), qtbot.waitSignal(screen.tap_wanted):
            qtbot.keyClick(target, key)
    with qtbot.waitSignal(screen.confirmed):
        qtbot.keyClick(button(screen, "confirm"), Qt.Key.Key_Space)


def test_enter_never_confirms_an_amount_that_is_asked_about(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(replace(CASH, needs_tap=True))
    show_at(screen, (1280, 736))
    with qtbot.assertNotEmitted(screen.confirmed), qtbot.waitSignal(screen.tap_wanted):
        qtbot.keyClick(screen, Qt.Key.Key_Return)


def test_the_card_part_says_when_not_to_charge(screen: PaymentScreen) -> None:
    screen.show_view(replace(CARD, card_text="Do not charge the card", can_confirm=False))
    assert text_of(screen, "charge") == "Do not charge the card"
    assert not button(screen, "confirm").isEnabled()


def test_while_busy_nothing_can_be_done_twice(screen: PaymentScreen, qtbot: QtBot) -> None:
    screen.show_view(replace(CASH, is_busy=True))
    show_at(screen, (1280, 736))
    with qtbot.assertNotEmitted(screen.confirmed), qtbot.assertNotEmitted(screen.cancelled):
        qtbot.keyClick(screen, Qt.Key.Key_Return)
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
        button(screen, "confirm").click()


def test_choosing_is_a_signal(screen: PaymentScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.method_chosen) as method:
        button(screen, "segment_card").click()
    with qtbot.waitSignal(screen.quick_chosen) as quick:
        button(screen, "quick_50").click()
    assert (method.args, quick.args) == (["card"], ["50"])


def test_it_is_dressed_in_both_themes(qtbot: QtBot, either_theme: Theme) -> None:
    screen = PaymentScreen(either_theme, PictureStore(either_theme))
    qtbot.addWidget(screen)
    screen.show_basket(BASKET)
    screen.show_view(CASH)
    show_at(screen, (1280, 736))
    corner = screen.grab().toImage().pixelColor(4, 4)
    assert corner == either_theme.color("page")
