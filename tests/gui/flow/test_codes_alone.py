"""A till that does not know its empty counter: codes are all there is, and it says what it cannot know."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.gui import goods_wording


def oat_milk(till: Till) -> int:
    return sum(line.quantity for line in till.screens.basket.lines)


def end(till: Till) -> None:
    till.flow.menu()
    till.flow.menu_action("end")
    till.settle()


def test_it_says_what_it_cannot_know_and_is_told(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    assert till.screens.banner is not None
    assert till.screens.banner.title == goods_wording.NO_COUNTER
    till.flow.status.banner_action("learn_counter")
    till.settle()
    till.rest(500)
    assert till.screens.banner is None


def test_what_it_says_can_be_closed(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    till.flow.status.banner_action("forgo_counter")
    assert till.screens.banner is None
    end(till)
    till.show_codes()
    till.show_codes(OAT_MILK_CODE)
    assert till.screens.banner is None


def test_a_hand_over_the_code_charges_once(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    for _ in range(4):
        till.show_codes()
    till.show_codes(OAT_MILK_CODE)
    assert oat_milk(till) == 1


def test_the_next_customer_is_charged(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    till.show_codes()
    end(till)
    till.show_codes(OAT_MILK_CODE)
    assert oat_milk(till) == 1


def test_what_stays_is_asked_about_and_never_green_unasked(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    end(till)
    till.show_codes(OAT_MILK_CODE)
    assert oat_milk(till) == 0
    assert [outline.label for outline in till.screens.outlines] == [goods_wording.asked_label("still here")]
