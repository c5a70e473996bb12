"""The number keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.keypad import KEY_SIZES, Keypad, KeypadKind


@pytest.mark.parametrize("height", KEY_SIZES)
def test_keys_have_the_asked_size_and_a_name(qtbot: QtBot, theme: Theme, height: int) -> None:
    keypad = Keypad(theme, KeypadKind.MONEY, height)
    qtbot.addWidget(keypad)
    show_at(keypad, (320, keypad.minimumSizeHint().height()))
    assert {key.height() for key in keypad.findChildren(QPushButton)} == {height}
    assert faults(keypad) == []


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (KeypadKind.MONEY, [*"789456123", "00", "0", DELETE]),
        (KeypadKind.PIECES, [*"789456123", CLEAR, "0", DELETE]),
    ],
    ids=["money", "pieces"],
)
def test_every_key_says_what_it_is(qtbot: QtBot, theme: Theme, kind: KeypadKind, keys: list[str]) -> None:
    keypad = Keypad(theme, kind)
    qtbot.addWidget(keypad)
    pressed: list[str] = []
    keypad.key_pressed.connect(pressed.append)
    for key in keypad.findChildren(QPushButton):
        key.click()
    assert pressed == keys


def test_digits_are_never_mirrored(qtbot: QtBot, right_to_left: Theme) -> None:
    keypad = Keypad(right_to_left, KeypadKind.MONEY)
    qtbot.addWidget(keypad)
    show_at(keypad, (320, 280))
    seven, nine = (keypad.findChild(QPushButton, f"key_{digit}") for digit in "79")
    assert isinstance(seven, QPushButton)
    assert isinstance(nine, QPushButton)
    assert seven.x() < nine.x()
    assert keypad.layoutDirection() is Qt.LayoutDirection.LeftToRight
