"""A barcode says what a thing is: its looks feed the meter, and may quietly ask whether the code is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.confirmations import METER_AFTER_MS
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound
from visionscan_kiosk.gui.flow.trays import DOUBT_MS
from visionscan_kiosk.gui.views import OutlineKind, TrayKind, TrayView
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.services.shop_settings import AutoAdd
from visionscan_kiosk.services.wrong_items import WrongItemCounts

LEFT, RIGHT = Box(20, 40, 64, 64), Box(420, 200, 64, 64)
ON_LEFT, ON_RIGHT = Box(40, 60, 10, 10), Box(440, 220, 10, 10)
OAT_MILK, BUTTER = picture_of((220, 220, 60)), picture_of((40, 200, 200))
UNKNOWN = picture_of((10, 250, 10))
OTHER_OAT_MILK = picture_of((220, 220, 60), 1)
DOUBT = "The code says Oat milk 1 l, it looks like Salted butter 250 g"


@pytest.fixture
def taught(till: Till) -> Till:
    """A till that was shown oat milk, which has a barcode, and butter."""
    till.teach("OAT-1L", OAT_MILK)
    till.teach("BUT-S", BUTTER)
    return till


@pytest.fixture
def asking(taught: Till) -> Till:
    """One that asks when code and looks do not agree."""
    taught.services.shop_settings.change(asks_about_wrong_items=True)
    return taught


def lay_coded(till: Till, *things: tuple[Box, object], code_at: Box = ON_LEFT) -> None:
    """Things lie there, one of them with the code of oat milk in sight."""
    till.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", code_at),)
    till.lay(*things)  # type: ignore[arg-type]
    till.linger()


def tray_of(till: Till) -> TrayView:
    assert till.screens.tray is not None
    return till.screens.tray


def names(till: Till) -> list[tuple[str, int]]:
    return [(line.name, line.quantity) for line in till.screens.basket.lines]


def photos(till: Till, sku: str) -> int:
    return len(till.services.teaching.list_photos(till.goods[sku].id))


def measured(till: Till) -> list[tuple[int, int]]:
    till.time.pass_by(METER_AFTER_MS)
    till.settle()
    return [(row.accuracy.seen, row.accuracy.top_1) for row in till.services.accuracy.report().stages]


def counts(till: Till) -> WrongItemCounts:
    return till.services.wrong_items.counts(days=1)


class TestOutline:
    def test_the_whole_pack_is_outlined_where_its_place_is_known(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OAT_MILK))
        (outline,) = taught.screens.outlines
        assert (outline.box, outline.kind, outline.label) == (LEFT, OutlineKind.SURE, "Oat milk 1 l")

    def test_a_code_that_is_read_late_names_what_nobody_knew(self, taught: Till) -> None:
        taught.lay((LEFT, UNKNOWN))
        taught.rest(1500)
        assert [outline.label for outline in taught.screens.outlines] == [goods_wording.UNKNOWN_THING]

        lay_coded(taught, (LEFT, UNKNOWN))
        assert [outline.label for outline in taught.screens.outlines] == ["Oat milk 1 l"]
        assert names(taught) == [("Oat milk 1 l", 1)]


class TestMeter:
    def test_a_counted_code_tells_the_meter_what_its_looks_said(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OAT_MILK))
        assert names(taught) == [("Oat milk 1 l", 1)]
        assert measured(taught) == [(1, 1)]

    def test_a_wrong_look_is_measured_as_wrong_whether_it_is_asked_about_or_not(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, BUTTER))
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD
        assert measured(taught) == [(1, 0)]
        assert counts(taught).asked == 0

    def test_one_look_is_enough_however_long_it_lies_there(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OAT_MILK))
        lay_coded(taught, (LEFT, OAT_MILK), (RIGHT, BUTTER))
        assert measured(taught) == [(1, 1)]

    def test_what_comes_while_hands_move_is_not_compared_with_what_lay_there_before(
        self, taught: Till
    ) -> None:
        lay_coded(taught, (LEFT, OAT_MILK))
        taught.detector.codes = tuple(Sighting(OAT_MILK_CODE, "EAN13", at) for at in (ON_LEFT, ON_RIGHT))
        taught.finder.boxes = (LEFT, RIGHT)
        taught.gate.state = SceneState(SceneKind.MOVING)
        taught.rest(500)
        assert names(taught) == [("Oat milk 1 l", 2)]
        assert measured(taught) == [(1, 1)]

        taught.lay((LEFT, OAT_MILK), (RIGHT, OAT_MILK))
        taught.linger()
        assert measured(taught) == [(2, 2)]

    def test_what_is_undone_is_not_measured(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OAT_MILK))
        taught.flow.basket.undo()
        taught.settle()
        assert measured(taught) == []

    def test_nothing_is_compared_while_nothing_is_taught(self, till: Till) -> None:
        lay_coded(till, (LEFT, OAT_MILK))
        assert names(till) == [("Oat milk 1 l", 1)]
        assert measured(till) == []

    def test_the_line_does_not_wait_for_it(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, picture_of((10, 250, 10), 3)))
        assert names(asking) == [("Oat milk 1 l", 1)]
        assert asking.tasks.count(Lane.LEARNING) == 0


class TestLearning:
    def test_one_thing_with_one_code_gives_a_further_photo(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OTHER_OAT_MILK))
        assert photos(taught, "OAT-1L") == 2

    def test_undo_takes_the_photo_back(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OTHER_OAT_MILK))
        taught.flow.basket.undo()
        taught.settle()
        assert photos(taught, "OAT-1L") == 1

    def test_beside_other_things_nothing_is_learned(self, taught: Till) -> None:
        lay_coded(taught, (LEFT, OTHER_OAT_MILK), (RIGHT, BUTTER))
        assert photos(taught, "OAT-1L") == 1
        assert measured(taught) == [(1, 1)]

    def test_of_things_that_touch_nothing_is_learned(self, taught: Till) -> None:
        taught.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        taught.lay((LEFT, OTHER_OAT_MILK), touching=True)
        taught.linger()
        assert photos(taught, "OAT-1L") == 1


class TestWrongItem:
    def test_it_is_asked_quietly_and_holds_up_nothing(self, asking: Till) -> None:
        asking.sounds.heard.clear()
        lay_coded(asking, (LEFT, BUTTER))
        tray = tray_of(asking)
        assert (tray.title, tray.skip_text) == (DOUBT, wording.KEEP)
        assert tray.add_all_text == "It is Salted butter 250 g"
        assert Sound.QUESTION not in asking.sounds.heard
        assert names(asking) == [("Oat milk 1 l", 1)]

        asking.pay()
        assert asking.screens.place is Place.PAYMENT

    def test_it_is_the_other_one(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.trays.act()
        asking.settle()
        assert names(asking) == [("Salted butter 250 g", 1)]
        assert asking.screens.basket.undo is not None
        assert asking.screens.basket.undo.text == "Changed to Salted butter 250 g"
        assert tray_of(asking).kind is TrayKind.OFTEN_SOLD
        assert counts(asking) == WrongItemCounts(asked=1, kept=0, replaced=1)
        assert measured(asking) == [(1, 1)]

    def test_changing_it_can_be_undone(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.add("OAT-1L")
        asking.flow.trays.act()
        asking.settle()
        assert names(asking) == [("Oat milk 1 l", 1), ("Salted butter 250 g", 1)]
        asking.flow.basket.undo()
        asking.settle()
        assert names(asking) == [("Oat milk 1 l", 2)]
        assert measured(asking) == []

    def test_the_code_is_kept(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.trays.skip()
        asking.settle()
        assert names(asking) == [("Oat milk 1 l", 1)]
        assert counts(asking) == WrongItemCounts(asked=1, kept=1, replaced=0)
        assert measured(asking) == [(1, 0)]

    def test_it_goes_by_itself(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.time.pass_by(DOUBT_MS)
        asking.settle()
        assert tray_of(asking).kind is TrayKind.OFTEN_SOLD
        assert counts(asking) == WrongItemCounts(asked=1, kept=0, replaced=0)
        assert photos(asking, "OAT-1L") == 1
        assert measured(asking) == [(1, 0)]

    def test_it_is_asked_once_for_a_customer(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.trays.skip()
        asking.settle()
        asking.detector.codes = ()
        asking.lay()
        asking.clear_counter()
        lay_coded(asking, (LEFT, BUTTER))
        assert names(asking) == [("Oat milk 1 l", 2)]
        assert tray_of(asking).kind is TrayKind.OFTEN_SOLD
        assert counts(asking).asked == 1

    def test_undoing_the_line_takes_the_question_away(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.basket.undo()
        asking.settle()
        assert tray_of(asking).kind is TrayKind.OFTEN_SOLD

    def test_the_next_customer_is_not_asked(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.menu()
        asking.flow.menu_action("end")
        asking.flow.way_out.confirmation.go_on()
        asking.settle()
        asking.flow.trays.skip()  # that the basket was closed
        asking.linger()
        assert tray_of(asking).title == goods_wording.asked("still here", "Oat milk 1 l")

    def test_looks_that_are_compared_after_the_customer_left_ask_nobody(
        self, asking: Till, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compare = asking.services.detection.recognise_coded

        def while_the_customer_leaves(*arguments: Any, **further: Any) -> Any:
            asking.flow.menu()
            asking.flow.menu_action("end")
            asking.flow.way_out.confirmation.go_on()
            asking.settle()
            return compare(*arguments, **further)

        monkeypatch.setattr(asking.services.detection, "recognise_coded", while_the_customer_leaves)
        asking.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        asking.lay((LEFT, BUTTER))
        assert names(asking) == []
        asking.flow.trays.skip()  # that the basket was closed
        assert tray_of(asking).title != DOUBT
        assert measured(asking) == [(1, 0)]

    def test_a_question_about_other_goods_comes_first(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER), (RIGHT, (OAT_MILK * 0.7 + BUTTER * 0.3).astype("uint8")))
        assert tray_of(asking).kind in (TrayKind.ASK, TrayKind.SURE)
        asking.flow.trays.skip()
        assert tray_of(asking).title == DOUBT

    def test_things_that_touch_are_not_held_against_a_code(self, asking: Till) -> None:
        asking.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        asking.lay((LEFT, BUTTER), touching=True)
        asking.linger()
        assert counts(asking).asked == 0

    def test_where_the_line_is_gone_the_other_one_is_added(self, asking: Till) -> None:
        lay_coded(asking, (LEFT, BUTTER))
        asking.flow.basket.remove(asking.screens.line("Oat milk 1 l").item_id)
        asking.settle()
        asking.flow.trays.act()
        asking.settle()
        assert names(asking) == [("Salted butter 250 g", 1)]


class TestLateCode:
    """The code is read after the looks were counted."""

    @pytest.fixture
    def bold(self, taught: Till) -> Till:
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY)
        return taught

    def test_it_corrects_what_the_looks_said(self, bold: Till) -> None:
        bold.lay((LEFT, BUTTER))
        assert names(bold) == [("Salted butter 250 g", 1)]
        bold.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        bold.linger()
        assert names(bold) == [("Oat milk 1 l", 1)]

        bold.flow.basket.undo()
        bold.settle()
        assert names(bold) == [("Salted butter 250 g", 1)]

    def test_it_corrects_also_what_the_database_has_not_heard_of_yet(self, bold: Till) -> None:
        bold.tasks.held_lanes = {Lane.DATABASE}
        bold.lay((LEFT, BUTTER))
        bold.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        bold.linger()
        bold.tasks.held_lanes = set()
        bold.settle()
        assert names(bold) == [("Oat milk 1 l", 1)]

    def test_it_takes_nothing_away_when_hands_moved_in_between(self, bold: Till) -> None:
        """It may have been swapped: whether it is one more or instead, a person says."""
        self.reach_for(bold)
        assert names(bold) == [("Salted butter 250 g", 1)]
        assert tray_of(bold).kind is TrayKind.ASK
        assert tray_of(bold).tiles[0].name == "Oat milk 1 l"
        bold.flow.trays.choose(0)
        bold.settle()
        assert names(bold) == [("Salted butter 250 g", 1), ("Oat milk 1 l", 1)]

    def test_the_person_may_say_that_it_is_the_same_thing(self, bold: Till) -> None:
        self.reach_for(bold)
        tray = tray_of(bold)
        assert (tray.title, tray.add_all_text) == ("One more, or instead of Salted butter 250 g?", "Instead")
        bold.flow.trays.act()
        bold.settle()
        assert names(bold) == [("Oat milk 1 l", 1)]
        assert not bold.flow.trays.is_asking

    def test_or_that_nothing_is_to_be_changed(self, bold: Till) -> None:
        self.reach_for(bold)
        bold.flow.trays.skip()
        bold.linger()
        assert names(bold) == [("Salted butter 250 g", 1)]
        assert not bold.flow.trays.is_asking

    def reach_for(self, till: Till) -> None:
        """What lies there was charged by its looks; a hand was at it, and now its code is read."""
        till.lay((LEFT, BUTTER))
        till.finder.boxes = (Box(0, 0, LEFT.x + LEFT.width, LEFT.y + LEFT.height),)
        till.gate.state = SceneState(SceneKind.MOVING)
        till.rest(500)
        till.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        till.lay((LEFT, BUTTER))
        till.linger()

    def test_of_a_line_that_was_taken_out_it_asks(self, bold: Till) -> None:
        bold.lay((LEFT, BUTTER))
        bold.flow.basket.remove(bold.screens.line("Salted butter 250 g").item_id)
        bold.settle()
        bold.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        bold.linger()
        assert names(bold) == []
        assert (tray_of(bold).kind, tray_of(bold).tiles[0].name) == (TrayKind.ASK, "Oat milk 1 l")


class TestSeveralPacks:
    """Each of several packs of one product counts."""

    BOTH = (Sighting(OAT_MILK_CODE, "EAN13", ON_RIGHT), Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT))

    @pytest.mark.parametrize("codes", [BOTH, BOTH[::-1]])
    def test_a_second_one_counts_wherever_its_code_is_found(
        self, till: Till, codes: tuple[Sighting, ...]
    ) -> None:
        till.lay((LEFT, OAT_MILK))
        till.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        till.linger()
        till.detector.codes = ()
        till.lay((LEFT, OAT_MILK), (RIGHT, OAT_MILK))
        till.detector.codes = codes
        till.linger()
        assert names(till) == [("Oat milk 1 l", 2)]

    def test_two_that_are_read_late_are_two(self, till: Till) -> None:
        till.lay((LEFT, OAT_MILK), (RIGHT, OAT_MILK))
        till.detector.codes = self.BOTH
        till.linger()
        assert names(till) == [("Oat milk 1 l", 2)]


class TestSearchedFor:
    """The code is read while a person searches for what the thing is."""

    @pytest.fixture
    def searching(self, taught: Till) -> Till:
        taught.lay((LEFT, (OAT_MILK * 0.6 + BUTTER * 0.4).astype("uint8")))
        taught.flow.trays.search()
        taught.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", ON_LEFT),)
        taught.linger()
        assert names(taught) == [("Oat milk 1 l", 1)]
        return taught

    def test_the_same_product_is_not_added_again(self, searching: Till) -> None:
        searching.flow.tile_chosen(searching.goods["OAT-1L"].id)
        searching.settle()
        assert names(searching) == [("Oat milk 1 l", 1)]

    def test_another_one_takes_its_place(self, searching: Till) -> None:
        searching.flow.tile_chosen(searching.goods["BUT-S"].id)
        searching.settle()
        assert names(searching) == [("Salted butter 250 g", 1)]
