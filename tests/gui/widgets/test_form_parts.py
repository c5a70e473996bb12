"""Field, segments, pills, notice and toast."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import faults, show_at
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.pills import Pills
from visionscan_kiosk.gui.widgets.segmented import Segmented
from visionscan_kiosk.gui.widgets.toast import Toast


def press(widget: QWidget, name: str) -> None:
    found = widget.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    found.click()


def kinds(widget: QWidget) -> list[str]:
    return [str(button.property("kind")) for button in widget.findChildren(QPushButton)]


def test_a_field_tells_what_a_person_typed_and_not_what_was_shown(qtbot: QtBot, theme: Theme) -> None:
    field = Field(theme, "Price", name="price", has_keyboard_button=True)
    qtbot.addWidget(field)
    show_at(field, (320, 110))
    with qtbot.assertNotEmitted(field.edited):
        field.set_text("2.19")
    with qtbot.waitSignal(field.edited) as edited:
        qtbot.keyClick(field.line_edit, "5")
    assert edited.args == ["2.195"]
    assert faults(field) == []


def test_a_message_is_shown_read_out_and_taken_away(qtbot: QtBot, theme: Theme) -> None:
    field = Field(theme, "Price", name="price")
    qtbot.addWidget(field)
    field.set_message("The price is missing.")
    show_at(field, (320, 130))
    assert field.line_edit.accessibleDescription() == "The price is missing."
    qtbot.keyClick(field.line_edit, "5")
    assert (field.message, field.line_edit.accessibleDescription()) == ("", "")


def test_a_field_without_caption_is_read_out_by_its_placeholder(qtbot: QtBot, theme: Theme) -> None:
    field = Field(theme, "", name="search", placeholder="Search name, code or barcode")
    qtbot.addWidget(field)
    assert field.line_edit.accessibleName() == "Search name, code or barcode"


def test_segments_exclude_each_other(qtbot: QtBot, theme: Theme) -> None:
    options = (("cash", "Cash", Icon.CASH), ("card", "Card", Icon.CARD))
    segmented = Segmented(theme, options, "How the customer pays")
    qtbot.addWidget(segmented)
    segmented.select("cash")
    with qtbot.waitSignal(segmented.chosen) as chosen:
        press(segmented, "segment_card")
    assert chosen.args == ["card"]
    assert kinds(segmented) == ["segment", "segmenton"]
    show_at(segmented, (344, 64))
    assert faults(segmented) == []


def test_pills_show_which_one_is_on(qtbot: QtBot, theme: Theme) -> None:
    pills = Pills(theme, "Usual notes")
    qtbot.addWidget(pills)
    pills.set_options((("delivery", "Delivery"), ("return", "Return")))
    with qtbot.waitSignal(pills.chosen) as chosen:
        press(pills, "pill_return")
    assert (chosen.args, kinds(pills)) == (["return"], ["pill", "pillon"])
    pills.select("")
    assert kinds(pills) == ["pill", "pill"]


@pytest.mark.parametrize("tone", list(Tone))
def test_a_notice_is_in_sight_while_it_says_something(qtbot: QtBot, either_theme: Theme, tone: Tone) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    notice = Notice(either_theme, tone)
    notice.setParent(holder)
    show_at(holder, (400, 100))
    notice.set_text("Nothing is lost.")
    assert (notice.isVisible(), notice.accessibleName()) == (True, "Nothing is lost.")
    notice.set_text("")
    assert not notice.isVisible()


def test_a_toast_lives_for_its_time(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    toast = Toast(theme, "Undo")
    toast.setParent(holder)
    show_at(holder, (448, 100))
    with qtbot.waitSignal(toast.expired):
        toast.show_text("Added Oat milk 1 l", duration_ms=60)
    assert not toast.isVisible()


def test_the_action_of_a_toast_ends_it(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    toast = Toast(theme, "Undo")
    toast.setParent(holder)
    show_at(holder, (448, 100))
    toast.show_text("Added Oat milk 1 l")
    with qtbot.waitSignal(toast.action_requested), qtbot.assertNotEmitted(toast.expired):
        press(toast, "toast_action")
    assert not toast.isVisible()


def test_a_guess_says_where_it_is_from_and_gives_way_to_who_types(qtbot: QtBot, theme: Theme) -> None:
    field = Field(theme, "Name", name="name")
    qtbot.addWidget(field)
    show_at(field, (320, 130))
    field.line_edit.setFocus()
    field.set_text("Golden Oats 500 g")
    field.set_guess("Read from the label.")
    assert field.line_edit.accessibleDescription() == "Read from the label."
    assert faults(field) == []

    field.set_text("Golden Oats 1 kg")
    field.set_guess("Read from the label.")
    qtbot.keyClick(field.line_edit, "R")
    assert (field.text, field.guessed_from, field.line_edit.accessibleDescription()) == ("R", "", "")


def test_what_is_wrong_with_a_guess_goes_before_where_it_is_from(qtbot: QtBot, theme: Theme) -> None:
    field = Field(theme, "Name", name="name")
    qtbot.addWidget(field)
    field.set_guess("Read from the label.")
    field.set_message("The name is too long.")
    show_at(field, (320, 130))
    assert field.line_edit.accessibleDescription() == "The name is too long."
    field.set_message("")
    assert field.line_edit.accessibleDescription() == "Read from the label."
