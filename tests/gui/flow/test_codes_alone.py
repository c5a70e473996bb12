"""A till that does not know its empty counter: codes are all there is, and it says what it cannot know."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.gui import goods_wording


def oat_milk(till: Till) -> int:
    return sum(line.quantity for line in till.screens.basket.lines)


def end(till: Till) -> None:
    till.flow.menu()
    till.flow.menu_action("end")
    till.flow.way_out.confirmation.go_on()
    till.settle()


def test_it_says_what_it_cannot_know_and_is_told(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    assert till.screens.banner is not None
    assert till.screens.banner.title == goods_wording.NO_COUNTER
    till.show_codes()
    till.rest(1000)
    till.flow.status.banner_action("learn_counter")
    till.settle()
    till.rest(500)
    assert till.screens.banner is None
    assert oat_milk(till) == 1


def test_it_does_not_believe_that_a_counter_is_empty_while_a_code_is_read_there(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    till.flow.status.banner_action("learn_counter")
    till.settle()
    assert till.finder.learned == 0
    assert till.note_text == goods_wording.not_empty("Oat milk 1 l")
    assert till.screens.banner is not None


THIN = Sighting(OAT_MILK_CODE, "EAN13", Box(32, 20, 8, 40))


def test_a_code_that_the_still_shows_in_another_box_is_the_same_pack(till: Till) -> None:
    till.detector.careful_codes = (THIN,)
    till.show_codes(OAT_MILK_CODE)
    till.linger()
    assert oat_milk(till) == 1
    assert len(till.screens.outlines) == 1


def test_a_code_that_only_the_still_shows_is_charged(till: Till) -> None:
    till.detector.careful_codes = (THIN,)
    till.move_hands()
    till.linger()
    assert oat_milk(till) == 1


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
