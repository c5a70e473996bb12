"""The page of settings: choices, switches, and nothing to tap while nothing is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import SettingsView
from visionscan_kiosk.gui.screens.settings import SettingsPanel
from visionscan_kiosk.gui.theme.theme import Theme

SIZE = (900, 520)
VIEW = SettingsView(
    auto_add="off",
    add_from_text="99 %",
    add_from_detail=wording.add_from(0.99),
    can_ask_less=True,
    is_known=True,
)


@pytest.fixture
def panel(qtbot: QtBot, either_theme: Theme) -> SettingsPanel:
    made = SettingsPanel(either_theme)
    qtbot.addWidget(made)
    made.show_view(VIEW)
    show_at(made, SIZE)
    return made


def button(panel: SettingsPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def is_shown(panel: SettingsPanel, name: str) -> bool:
    found = panel.findChild(QWidget, name)
    assert isinstance(found, QWidget)
    return found.isVisible()


def test_a_choice_is_tapped_anywhere_on_its_row(panel: SettingsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.auto_add_chosen) as chosen:
        qtbot.mouseClick(button(panel, "auto_add_likely"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["likely"]
    assert [button(panel, f"auto_add_{name}").isChecked() for name in ("off", "chosen", "likely")] == [
        False,
        False,
        True,
    ]


def test_what_happens_with_short_stock_is_chosen_on_its_rows(panel: SettingsPanel, qtbot: QtBot) -> None:
    panel.show_view(replace(VIEW, short_stock="sell"))
    assert button(panel, "short_stock_sell").isChecked()
    with qtbot.waitSignal(panel.short_stock_chosen) as chosen:
        button(panel, "short_stock_refuse").click()
    assert chosen.args == ["refuse"]
    with qtbot.waitSignal(panel.http_stock_switched) as switched:
        button(panel, "settings_http_stock").click()
    assert switched.args == [True]


def test_a_choice_that_is_tapped_again_stays(panel: SettingsPanel, qtbot: QtBot) -> None:
    qtbot.mouseClick(button(panel, "auto_add_off"), Qt.MouseButton.LeftButton)
    assert button(panel, "auto_add_off").isChecked()


def test_certainty_is_asked_for_only_where_it_counts(panel: SettingsPanel, qtbot: QtBot) -> None:
    assert not is_shown(panel, "settings_add_from")
    panel.show_view(replace(VIEW, auto_add="likely"))
    assert is_shown(panel, "settings_add_from")
    assert not button(panel, "add_from_1").isEnabled()
    with qtbot.waitSignal(panel.add_from_stepped) as stepped:
        qtbot.mouseClick(button(panel, "add_from_-1"), Qt.MouseButton.LeftButton)
    assert stepped.args == [-1]
    assert faults(panel) == []


def test_a_switch_tells_its_new_state(panel: SettingsPanel, qtbot: QtBot) -> None:
    for name, signal in (
        ("settings_wrong_items", panel.wrong_items_switched),
        ("settings_labels", panel.labels_switched),
    ):
        for is_on in (True, False):
            with qtbot.waitSignal(signal) as switched:
                qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)
            assert switched.args == [is_on]


def test_switched_on_looks_different(panel: SettingsPanel) -> None:
    def looks() -> QImage:
        return button(panel, "settings_wrong_items").grab().toImage()

    off = looks()
    panel.show_view(replace(VIEW, asks_about_wrong_items=True))
    assert looks() != off


def test_labels_that_cannot_be_read_say_why(panel: SettingsPanel) -> None:
    panel.show_view(replace(VIEW, reads_labels=True, labels_trouble="Not installed on this till."))
    labels = button(panel, "settings_labels")
    assert (labels.isEnabled(), labels.isChecked()) == (False, False)
    assert labels.accessibleDescription() == "Not installed on this till."


def test_what_is_not_known_cannot_be_changed(panel: SettingsPanel, qtbot: QtBot) -> None:
    panel.show_view(SettingsView(trouble="The database does not answer."))
    names = ("auto_add_off", "auto_add_chosen", "auto_add_likely", "settings_wrong_items", "settings_labels")
    assert not any(button(panel, name).isEnabled() for name in names)
    with qtbot.waitSignal(panel.retry_requested):
        qtbot.mouseClick(button(panel, "settings_retry"), Qt.MouseButton.LeftButton)
    assert faults(panel) == []


def test_it_says_that_it_saved(panel: SettingsPanel) -> None:
    assert not is_shown(panel, "settings_saved")
    panel.show_view(replace(VIEW, saved_text=wording.SAVED_FOR_ALL))
    texts = [text.text() for text in panel.findChildren(QLabel) if text.isVisible()]
    assert wording.SAVED_FOR_ALL in texts


def test_what_this_till_has_can_be_changed_at_any_time(panel: SettingsPanel, qtbot: QtBot) -> None:
    panel.show_view(SettingsView(has_camera=True, camera_text="Unplugged.", trouble="Away"))
    assert button(panel, "settings_camera").accessibleDescription().startswith("Unplugged.")
    for name, signal in (("camera", panel.camera_switched), ("model", panel.model_switched)):
        with qtbot.waitSignal(signal) as switched:
            button(panel, f"settings_{name}").click()
        assert switched.args == [False]
