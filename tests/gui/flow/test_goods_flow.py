"""Goods recognised by their looks: one tap when sure, a question when not, and no second time."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.detection import Box, Detection, DetectionSource, Sighting
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.domain.recognition.piece import PieceState
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.confirmations import METER_AFTER_MS
from visionscan_kiosk.gui.flow.ports import Lane, Sound
from visionscan_kiosk.gui.flow.tray_contents import Question
from visionscan_kiosk.gui.views import LineSource, OutlineKind, TrayKind, TrayView
from visionscan_kiosk.services.shop_settings import AutoAdd

LEFT, MIDDLE, RIGHT = Box(20, 40, 64, 64), Box(200, 40, 64, 64), Box(420, 200, 64, 64)
APPLE, BUTTER, UNSALTED = picture_of((40, 40, 200)), picture_of((40, 200, 200)), picture_of((200, 60, 40))
NOT_QUITE_APPLE = (APPLE * 0.6 + BUTTER * 0.4).astype("uint8")
NOT_QUITE_BUTTER = (APPLE * 0.4 + BUTTER * 0.6).astype("uint8")


@pytest.fixture
def taught(till: Till) -> Till:
    """A till that was shown three products."""
    till.teach("APL-R", APPLE)
    till.teach("BUT-S", BUTTER)
    till.teach("BUT-U", UNSALTED)
    return till


def tray_of(till: Till) -> TrayView:
    assert till.screens.tray is not None
    return till.screens.tray


def photos(till: Till, sku: str) -> int:
    return len(till.services.teaching.list_photos(till.goods[sku].id))


class TestSure:
    def test_a_known_product_is_one_tap(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        tray = tray_of(taught)
        assert (tray.kind, tray.title, tray.add_all_text) == (TrayKind.SURE, "Recognised", "Add")
        assert [tile.name for tile in tray.tiles] == ["Red apple"]
        assert taught.screens.basket.item_count == 0

        taught.flow.trays.act()
        taught.settle()
        assert taught.screens.line("Red apple").source is LineSource.SEEN
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

    def test_enter_takes_the_offer_before_it_pays(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.enter()
        taught.settle()

        assert taught.screens.basket.item_count == 1

    def test_several_known_products_are_added_at_once_and_undone_at_once(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE), (MIDDLE, BUTTER), (RIGHT, UNSALTED))
        tray = tray_of(taught)
        assert tray.add_all_text == "Add all 3"
        assert tray.detail == "Together €6.23. Not right? Tap that one."
        assert [tile.name for tile in tray.tiles] == [
            "Red apple",
            "Salted butter 250 g",
            "Unsalted butter 250 g",
        ]

        taught.flow.trays.act()
        taught.settle()
        assert taught.screens.basket.item_count == 3
        assert taught.screens.basket.undo is not None
        assert taught.screens.basket.undo.text == wording.several_added(3)
        taught.flow.basket.undo()
        taught.settle()
        assert taught.screens.basket.lines == ()

    def test_a_tile_that_is_wrong_becomes_a_question(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE), (MIDDLE, BUTTER))
        taught.flow.trays.choose(0)
        assert tray_of(taught).kind is TrayKind.SURE
        assert [tile.name for tile in tray_of(taught).tiles] == ["Salted butter 250 g"]

        taught.flow.trays.act()
        taught.settle()
        tray = tray_of(taught)
        assert (tray.kind, tray.tiles[0].name, tray.tiles[0].key) == (TrayKind.ASK, "Red apple", "1")

    def test_an_open_offer_holds_payment(self, taught: Till) -> None:
        taught.add("OAT-1L")
        taught.lay((LEFT, APPLE))
        taught.pay()

        assert taught.screens.basket.hint == wording.OPEN_QUESTION

    def test_it_is_added_without_a_tap_from_the_moment_the_shop_wants_it(self, taught: Till) -> None:
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY)
        taught.lay((LEFT, APPLE))

        assert taught.screens.line("Red apple").quantity == 1
        assert photos(taught, "APL-R") == 1

    def test_a_marked_product_is_added_and_others_are_one_tap(self, taught: Till) -> None:
        taught.services.shop_settings.change(auto_add=AutoAdd.CHOSEN)
        taught.services.inventory.update_product(
            taught.goods["BUT-S"].id, ProductChanges(), adds_when_sure=True
        )
        taught.lay((LEFT, APPLE), (MIDDLE, BUTTER))

        assert [line.name for line in taught.screens.basket.lines] == ["Salted butter 250 g"]
        assert [tile.name for tile in tray_of(taught).tiles] == ["Red apple"]

    def test_what_was_added_by_itself_and_is_wrong_becomes_a_question(self, taught: Till) -> None:
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY)
        taught.lay((LEFT, APPLE))
        taught.flow.basket.undo()
        taught.settle()
        assert taught.screens.basket.lines == ()
        assert (tray_of(taught).kind, tray_of(taught).tiles[0].name) == (TrayKind.ASK, "Red apple")

        taught.lay((LEFT, APPLE), (MIDDLE, BUTTER))
        assert [line.name for line in taught.screens.basket.lines] == ["Salted butter 250 g"]
        assert tray_of(taught).kind is TrayKind.ASK

    def test_nothing_adds_itself_before_the_empty_counter_is_known(self, taught: Till) -> None:
        """One product fills the picture, but nobody can say that nothing else lies there."""
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY, add_from=0.9)
        taught.move_hands()
        taught.scene = np.tile(APPLE, (8, 10, 1))
        taught.rest(1000)
        tray = tray_of(taught)
        assert (taught.screens.basket.lines, tray.kind, tray.tiles[0].name) == ((), TrayKind.ASK, "Red apple")

        taught.flow.trays.choose(0)
        taught.settle()
        taught.move_hands()
        taught.rest(1000)
        assert (taught.screens.basket.item_count, tray_of(taught).kind) == (1, TrayKind.OFTEN_SOLD)

    def test_nothing_adds_itself_while_the_customer_pays(self, taught: Till) -> None:
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY)
        taught.add("OAT-1L")
        taught.tasks.held_lanes = {Lane.VISION}
        taught.lay((LEFT, APPLE))
        taught.pay()
        taught.tasks.held_lanes = set()
        taught.rest(1000)
        assert taught.screens.basket.item_count == 1

        taught.flow.escape()
        taught.settle()
        assert taught.screens.line("Red apple").quantity == 1

    def test_what_is_known_is_outlined_with_its_name_and_green_once_it_is_charged(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        (outline,) = taught.screens.outlines
        assert (outline.box, outline.kind, outline.label) == (LEFT, OutlineKind.ASK, "Red apple?")

        taught.flow.trays.act()
        taught.settle()
        (outline,) = taught.screens.outlines
        assert (outline.box, outline.kind, outline.label) == (LEFT, OutlineKind.SURE, "Red apple")


class TestUnsure:
    def test_it_is_asked_with_photos_and_keys(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        tray = tray_of(taught)
        assert (tray.kind, tray.title) == (TrayKind.ASK, wording.WHICH_ONE)
        assert [tile.key for tile in tray.tiles] == ["1", "2", "3"][: len(tray.tiles)]
        assert taught.screens.outlines[0].kind is OutlineKind.ASK
        assert taught.sounds.heard[-1] is Sound.QUESTION

        taught.flow.trays.choose(0)
        taught.settle()
        assert taught.screens.line("Red apple").quantity == 1

    def test_a_wrong_tap_is_undone_and_asked_again(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        asked = tray_of(taught)
        taught.flow.trays.choose(1)
        taught.settle()
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

        taught.flow.basket.undo()
        taught.settle()
        assert tray_of(taught) == asked
        assert taught.screens.basket.lines == ()

    def test_a_doubted_tile_stays_a_question_whatever_later_looks_say(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.choose(0)
        taught.lay((LEFT, APPLE))

        assert tray_of(taught).kind is TrayKind.ASK

    def test_a_question_in_sight_does_not_move_under_the_finger(self, taught: Till) -> None:
        taught.lay((MIDDLE, NOT_QUITE_APPLE))
        asked = tray_of(taught).tiles
        taught.lay((LEFT, BUTTER), (MIDDLE, NOT_QUITE_APPLE), (RIGHT, NOT_QUITE_BUTTER))
        assert tray_of(taught).tiles == asked

        taught.flow.trays.choose(0)
        taught.settle()
        assert (tray_of(taught).kind, tray_of(taught).tiles[0].name) == (TrayKind.SURE, "Salted butter 250 g")
        assert taught.screens.line("Red apple").quantity == 1

    def test_a_later_look_leaves_the_tiles_where_they_are(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        asked = [tile.name for tile in tray_of(taught).tiles]
        taught.lay((LEFT, NOT_QUITE_BUTTER))
        assert [tile.name for tile in tray_of(taught).tiles] == asked

    def test_none_of_these_is_answered_by_the_product_that_is_found(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        taught.flow.trays.search()
        taught.flow.tile_chosen(taught.goods["BUT-S"].id)
        taught.settle()

        assert taught.screens.line("Salted butter 250 g").quantity == 1
        assert photos(taught, "BUT-S") == 2

    def test_a_skipped_thing_is_not_asked_for_again(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        taught.flow.trays.skip()
        taught.lay((LEFT, NOT_QUITE_APPLE))

        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

    def test_an_unknown_thing_is_asked_about_when_it_stays(self, taught: Till) -> None:
        taught.lay((LEFT, picture_of((10, 250, 10), 3)))
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

        taught.rest(1500)
        assert (tray_of(taught).kind, tray_of(taught).title) == (TrayKind.ASK, goods_wording.WHAT_IS_THIS)
        assert taught.screens.outlines[0].label == goods_wording.UNKNOWN_THING
        taught.flow.trays.skip()
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD
        assert taught.screens.outlines[0].kind is OutlineKind.LEFT

    def test_an_unknown_thing_is_what_a_person_finds_for_it(self, taught: Till) -> None:
        taught.lay((LEFT, picture_of((10, 250, 10), 3)))
        taught.rest(1500)
        taught.flow.trays.search()
        taught.flow.tile_chosen(taught.goods["OAT-1L"].id)
        taught.settle()
        assert taught.screens.line("Oat milk 1 l").quantity == 1
        assert taught.screens.outlines[0].kind is OutlineKind.SURE
        assert photos(taught, "OAT-1L") == 1

    def test_touching_things_are_to_be_moved_apart(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE), touching=True)
        assert tray_of(taught).title == goods_wording.TOUCHING
        assert taught.screens.outlines[0].label == goods_wording.TOUCHING_LABEL

        taught.lay((MIDDLE, APPLE), (RIGHT, BUTTER))
        assert (tray_of(taught).kind, len(tray_of(taught).tiles)) == (TrayKind.SURE, 2)

    def test_a_thing_that_only_seems_to_be_two_can_still_be_chosen(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE), touching=True)

        assert (tray_of(taught).kind, tray_of(taught).tiles[0].name) == (TrayKind.ASK, "Red apple")


class TestOnlyOnce:
    def test_what_lingers_is_not_offered_again(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.linger()
        taught.lay((LEFT, APPLE), (MIDDLE, BUTTER))

        assert [tile.name for tile in tray_of(taught).tiles] == ["Salted butter 250 g"]

    def test_what_is_only_moved_is_not_offered_again(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.lay((RIGHT, APPLE))

        assert taught.screens.basket.item_count == 1
        assert tray_of(taught).title == goods_wording.moved("Red apple")

    def test_what_was_moved_can_be_one_more(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.lay((RIGHT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        assert taught.screens.line("Red apple").quantity == 2

    def test_what_was_moved_and_bagged_since_can_still_be_one_more(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.lay((RIGHT, APPLE))
        (piece,) = taught.flow.goods.counter.pieces
        taught.lay()
        taught.flow.goods._one_more(piece.id)
        taught.settle()
        assert taught.screens.line("Red apple").quantity == 2

    def test_nothing_is_learned_from_an_answer_that_comes_while_the_line_is_written(
        self, taught: Till
    ) -> None:
        taught.lay((LEFT, APPLE))
        (piece,) = taught.flow.goods.counter.pieces
        taught.tasks.is_database_away = True
        taught.flow.trays.act()
        assert piece.state is PieceState.ADDING
        before = photos(taught, "BUT-S")
        thing = taught.flow.goods._known.thing(piece.id)
        question = Question((), "Red apple", thing=thing, piece=piece.id)
        taught.flow.goods.answer(question, taught.goods["BUT-S"].id)
        taught.tasks.is_database_away = False
        taught.rest(5000)
        assert photos(taught, "BUT-S") == before
        assert [line.name for line in taught.screens.basket.lines] == ["Red apple"]

    def test_what_was_taken_away_and_put_back_is_offered_anew(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.lay()
        taught.lay((LEFT, APPLE))

        assert tray_of(taught).kind is TrayKind.SURE

    def test_a_question_outlives_its_thing_and_is_never_added_with_what_lies_there(
        self, taught: Till
    ) -> None:
        taught.lay((LEFT, APPLE))
        taught.lay()
        assert (tray_of(taught).kind, tray_of(taught).detail) == (TrayKind.ASK, goods_wording.TAKEN_ALREADY)
        taught.lay((RIGHT, APPLE))
        taught.flow.trays.skip()

        assert (tray_of(taught).kind, len(tray_of(taught).tiles)) == (TrayKind.SURE, 1)

    def test_a_thing_with_a_barcode_is_counted_by_it_alone(self, taught: Till) -> None:
        taught.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", Box(40, 60, 10, 10)),)
        taught.lay((LEFT, APPLE))
        taught.linger()

        assert [line.name for line in taught.screens.basket.lines] == ["Oat milk 1 l"]
        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

    def test_a_code_that_is_read_late_does_not_count_the_thing_twice(self, taught: Till) -> None:
        oat_milk = picture_of((220, 220, 60))
        taught.teach("OAT-1L", oat_milk)
        taught.lay((LEFT, oat_milk))
        taught.flow.trays.act()
        taught.settle()
        taught.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", Box(40, 60, 10, 10)),)
        taught.linger()

        assert taught.screens.line("Oat milk 1 l").quantity == 1

    def test_the_next_customer_is_not_asked_about_what_still_lies_there(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        taught.pay()
        taught.settle()
        taught.flow.payment.quick("5")
        taught.flow.payment.confirm()
        taught.settle()
        taught.flow.next_customer()
        taught.settle()

        assert tray_of(taught).kind is TrayKind.OFTEN_SOLD

    def test_a_look_that_ends_after_the_customer_left_asks_and_never_adds(self, taught: Till) -> None:
        """It was put down before the basket opened: whose it is, only a person knows."""
        taught.services.shop_settings.change(auto_add=AutoAdd.LIKELY)
        taught.tasks.held_lanes = {Lane.VISION}
        taught.lay((LEFT, APPLE))
        taught.flow.menu()
        taught.flow.menu_action("end")
        taught.flow.way_out.confirmation.go_on()
        taught.settle()
        taught.flow.trays.skip()  # that the basket was closed
        taught.tasks.held_lanes = set()
        taught.settle()
        taught.rest(1000)
        assert taught.screens.basket.lines == ()
        assert tray_of(taught).title == goods_wording.asked("still here", "Red apple")

    def test_a_thing_that_the_model_named_is_not_asked_about_again(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        taught.detector.names = (Detection("red apple", 0.9, 1, DetectionSource.OLLAMA),)
        taught.flow.sight.look()
        taught.settle()
        taught.flow.trays.choose(0)
        taught.settle()
        assert [line.quantity for line in taught.screens.basket.lines] == [1]
        assert not taught.flow.trays.is_asking

        taught.flow.basket.undo()
        taught.settle()
        assert tray_of(taught).kind is TrayKind.ASK


class TestLearning:
    def test_a_tap_teaches_a_further_photo_and_undo_unlearns_it(self, taught: Till) -> None:
        taught.lay((LEFT, NOT_QUITE_APPLE))
        taught.flow.trays.choose(0)
        taught.settle()
        assert photos(taught, "APL-R") == 2

        taught.flow.basket.undo()
        taught.settle()
        assert photos(taught, "APL-R") == 1

    def test_a_tap_that_nobody_took_back_counts_for_the_meter(self, taught: Till) -> None:
        taught.lay((LEFT, APPLE))
        taught.flow.trays.act()
        taught.settle()
        assert taught.services.accuracy.report().stages == ()

        taught.time.pass_by(METER_AFTER_MS)
        taught.settle()
        (stage,) = taught.services.accuracy.report().stages
        assert (stage.accuracy.seen, stage.accuracy.top_1) == (1, 1)

    def test_the_empty_counter_is_learned_by_and_by(self, taught: Till) -> None:
        taught.lay()
        taught.linger()

        assert taught.finder.learned >= 1

    def test_a_person_can_say_that_the_counter_is_empty(self, till: Till) -> None:
        till.take_picture()
        till.flow.menu()
        till.flow.menu_action("counter")
        till.settle()

        assert (till.finder.learned, till.gate.learned) == (1, 1)
        assert till.note_text == goods_wording.COUNTER_LEARNED
