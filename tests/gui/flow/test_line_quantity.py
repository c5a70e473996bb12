"""A line's pieces, keyed: one operation, one undo, and limits that are said."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.flow.ports import Place, Sound
from visionscan_kiosk.gui.views import QuantityView

OATS = "Oat milk 1 l"


def item(till: Till) -> UUID:
    return till.screens.line(OATS).item_id


def key(till: Till, *keys: str) -> QuantityView:
    till.flow.quantity.open(item(till))
    for one in keys:
        till.flow.quantity.press(one)
    assert till.screens.quantity is not None
    return till.screens.quantity


def confirm(till: Till) -> None:
    till.flow.quantity.confirm()
    till.settle()


@pytest.fixture
def selling(till: Till) -> Till:
    till.add("OAT-1L")
    return till


def test_twelve_is_one_two_enter(selling: Till) -> None:
    view = key(selling, "1", "2")
    assert view == QuantityView(OATS, "12", "× 2.19 = 26.28", "Set 12")
    confirm(selling)
    assert selling.screens.line(OATS).quantity == 12
    assert selling.screens.quantity is None


def test_the_present_number_stands_there_and_the_first_digit_replaces_it(selling: Till) -> None:
    selling.flow.basket.set_quantity(item(selling), 5)
    selling.settle()
    assert key(selling).quantity_text == "5"
    assert key(selling, "3").quantity_text == "3"
    assert key(selling, "3", "4", DELETE).quantity_text == "3"
    assert key(selling, "3", CLEAR, "7").quantity_text == "7"


@pytest.mark.parametrize(("before", "keyed"), [(1, "12"), (12, "3")])
def test_one_undo_takes_it_back(selling: Till, before: int, keyed: str) -> None:
    selling.flow.basket.set_quantity(item(selling), before)
    selling.settle()
    key(selling, *keyed)
    confirm(selling)
    assert selling.screens.basket.undo is not None
    assert selling.screens.basket.undo.text == f"{keyed} × {OATS}"
    selling.flow.basket.undo()
    selling.settle()
    assert selling.screens.line(OATS).quantity == before
    assert selling.screens.basket.undo is None


def test_what_came_meanwhile_survives_the_undo(selling: Till) -> None:
    key(selling, "1", "2")
    confirm(selling)
    session = selling.flow.basket.basket
    assert session is not None
    selling.services.sessions.add_product(session.session.id, selling.goods["OAT-1L"].id)
    selling.flow.basket.undo()
    selling.settle()
    assert selling.screens.line(OATS).quantity == 2


def test_an_answer_that_was_lost_sets_it_once(selling: Till) -> None:
    key(selling, "1", "2")
    selling.tasks.loses_next_answer = True
    confirm(selling)
    selling.time.pass_by(5000)
    selling.settle()
    assert selling.screens.line(OATS).quantity == 12


def test_too_many_says_so_and_keeps_what_was_keyed(selling: Till) -> None:
    view = key(selling, *"99999")
    assert view.quantity_text == "9,999"
    assert view.message == wording.most_pieces(9999)
    assert Sound.REFUSED in selling.sounds.heard
    selling.flow.quantity.press(DELETE)
    assert selling.screens.quantity is not None
    assert selling.screens.quantity.message == ""


def test_none_takes_the_line_out_and_can_be_undone(selling: Till) -> None:
    view = key(selling, "0")
    assert (view.takes_out, view.confirm_text) == (True, "Take it out")
    confirm(selling)
    assert selling.screens.basket.lines == ()
    selling.flow.basket.undo()
    selling.settle()
    assert selling.screens.line(OATS).quantity == 1


def test_escape_changes_nothing(selling: Till) -> None:
    key(selling, "1", "2")
    selling.flow.escape()
    assert selling.screens.quantity is None
    assert selling.screens.place is Place.SELLING
    assert selling.screens.line(OATS).quantity == 1


def test_the_same_number_is_no_change(selling: Till) -> None:
    selling.time.pass_by(6000)
    key(selling, "1")
    confirm(selling)
    assert selling.screens.basket.undo is None


def test_a_line_that_is_gone_meanwhile_closes_it(selling: Till) -> None:
    key(selling, "1")
    selling.flow.basket.remove(item(selling))
    selling.settle()
    selling.flow.quantity.press("2")
    assert selling.screens.quantity is None
    confirm(selling)
    assert selling.screens.basket.lines == ()


def test_pieces_put_down_after_it_are_the_ones_that_were_keyed(selling: Till) -> None:
    key(selling, "2")
    confirm(selling)
    selling.show_codes(OAT_MILK_CODE)
    selling.rest(3000)
    assert selling.screens.line(OATS).quantity == 2


def test_the_undo_tells_how_long_it_still_lives(selling: Till) -> None:
    for passed, left in ((0, 5000), (1200, 3800), (3000, 800)):
        selling.time.pass_by(passed)
        selling.flow.basket.remark("one line")
        undo = selling.screens.basket.undo
        assert undo is not None
        assert undo.left_ms == left
