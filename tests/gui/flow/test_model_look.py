"""What a model names first is asked about while it still writes; the whole answer has the last word."""

from __future__ import annotations

from collections.abc import Callable

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.detection import Box, Detection, DetectionSource
from visionscan_kiosk.domain.errors import DetectorTimeout
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.model_look import FIRST_PERIOD_MS
from visionscan_kiosk.gui.flow.ports import Sound
from visionscan_kiosk.gui.views import OutlineKind, TrayKind
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState


def named(name: str, confidence: float = 0.8) -> Detection:
    return Detection(name, confidence, 1, DetectionSource.OLLAMA)


APPLE, MILK = named("red apple"), named("oat milk", 0.9)


def look(till: Till, *answer: Detection, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Ask a model that names an apple first; `meanwhile` happens once that is on screen."""
    till.detector.first, till.detector.names = APPLE, answer

    def shown() -> None:
        till.time.pass_by(FIRST_PERIOD_MS)
        till.settle()
        meanwhile()

    till.detector.while_writing = shown
    till.look()


def tiles(till: Till) -> list[str]:
    tray = till.screens.tray
    assert tray is not None
    return [tile.name for tile in tray.tiles] if tray.kind is TrayKind.ASK else []


def basket(till: Till) -> list[str]:
    return [line.name for line in till.screens.basket.lines]


def test_tiles_stand_there_before_the_answer_is_whole(till: Till) -> None:
    seen: list[str] = []
    look(till, APPLE, meanwhile=lambda: seen.extend(tiles(till)))
    assert seen[0] == "Red apple"
    assert tiles(till) == seen
    assert basket(till) == [], "a model's word is never a charge"
    assert till.sounds.heard.count(Sound.QUESTION) == 1, "what agrees is not asked twice"


def test_what_was_answered_early_is_not_asked_again(till: Till) -> None:
    look(till, APPLE, meanwhile=lambda: till.flow.trays.choose(0))
    till.settle()
    assert basket(till) == ["Red apple"]
    assert not till.flow.trays.is_asking


def test_the_others_are_asked_after_it(till: Till) -> None:
    look(till, MILK, APPLE, meanwhile=lambda: till.flow.trays.choose(0))
    till.settle()
    assert basket(till) == ["Red apple"]
    assert tiles(till)[0] == "Oat milk 1 l"


def test_it_stays_in_front_when_others_are_named_surer(till: Till) -> None:
    look(till, MILK, APPLE)
    assert tiles(till)[0] == "Red apple"
    till.flow.trays.choose(0)
    till.settle()
    assert tiles(till)[0] == "Oat milk 1 l"


def test_the_whole_answer_takes_the_place_of_what_it_does_not_bear_out(till: Till) -> None:
    look(till, MILK)
    assert tiles(till)[0] == "Oat milk 1 l"
    till.flow.trays.choose(0)
    till.settle()
    assert not till.flow.trays.is_asking


def test_nothing_named_in_the_end_takes_the_question_back(till: Till) -> None:
    look(till)
    assert not till.flow.trays.is_asking
    assert till.note_text == wording.NOTHING_SEEN


def test_a_failure_takes_the_question_back(till: Till) -> None:
    till.detector.trouble = DetectorTimeout("The vision model took too long.")
    look(till, APPLE)
    assert not till.flow.trays.is_asking
    assert till.note_text == wording.MODEL_AWAY


def test_cancelling_takes_the_question_back(till: Till) -> None:
    look(till, APPLE, meanwhile=till.flow.sight.look)
    assert not till.flow.trays.is_asking
    assert not till.flow.sight.is_looking
    assert all(token.is_cancelled for token in till.detector.tokens)


def test_skipped_early_is_skipped(till: Till) -> None:
    look(till, APPLE, meanwhile=till.flow.trays.skip)
    assert not till.flow.trays.is_asking
    assert basket(till) == []


def test_a_name_without_a_product_waits_for_the_whole_answer(till: Till) -> None:
    till.detector.first = named("zzz quux")
    seen: list[str] = []

    def shown() -> None:
        till.time.pass_by(FIRST_PERIOD_MS)
        till.settle()
        seen.extend(tiles(till))

    till.detector.while_writing, till.detector.names = shown, (named("zzz quux"),)
    till.look()
    assert seen == []
    assert till.note_text == wording.NOT_KNOWN


def test_a_database_that_is_away_only_delays_the_tiles(till: Till) -> None:
    till.detector.first, till.detector.names = APPLE, (APPLE,)
    seen: list[bool] = []

    def shown() -> None:
        till.tasks.is_database_away = True
        till.time.pass_by(FIRST_PERIOD_MS)
        till.settle()
        till.tasks.is_database_away = False
        seen.append(till.flow.trays.is_asking)

    till.detector.while_writing = shown
    till.look()
    assert seen == [False]
    assert tiles(till)[0] == "Red apple"


def test_what_lies_there_and_was_answered_early_is_done(till: Till) -> None:
    till.teach("APL-R", picture_of((40, 40, 200)))
    till.lay((Box(20, 40, 64, 64), picture_of((10, 250, 10))))
    till.detector.first, till.detector.names = APPLE, (APPLE,)

    def answered() -> None:
        till.time.pass_by(FIRST_PERIOD_MS)
        till.settle()
        till.flow.trays.choose(0)

    till.detector.while_writing = answered
    till.flow.sight.look()
    till.settle()
    assert basket(till) == ["Red apple"]
    assert till.note_text == ""
    assert not till.flow.trays.is_asking


PLACE = Box(220, 120, 64, 64)


def answer_for(till: Till) -> None:
    """What lies there has not come to rest yet, and is asked about by the model's word alone."""
    till.lay()
    till.detector.names = (APPLE,)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.finder.boxes = (PLACE,)
    till.look()
    assert till.flow.goods.counter.pieces == []
    till.flow.trays.choose(0)
    till.settle()


def test_what_was_answered_before_it_came_to_rest_is_that_thing(till: Till) -> None:
    answer_for(till)
    till.lay((PLACE, picture_of((10, 250, 10), 3)))
    till.rest(6000)
    assert basket(till) == ["Red apple"]
    assert not till.flow.trays.is_asking
    assert [one.kind for one in till.screens.outlines] == [OutlineKind.SURE]


def test_what_was_named_in_a_whole_picture_is_the_only_thing_that_lies_there(till: Till) -> None:
    till.detector.names = (APPLE,)
    till.look()
    till.lay()
    till.lay((PLACE, picture_of((10, 250, 10), 3)))
    till.flow.trays.choose(0)
    till.settle()
    till.rest(6000)
    assert basket(till) == ["Red apple"]
    assert not till.flow.trays.is_asking


def test_what_was_named_in_a_whole_picture_is_the_next_thing_that_comes_to_rest(till: Till) -> None:
    till.lay()
    till.detector.names = (APPLE,)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.look()
    assert till.flow.goods.counter.pieces == []
    till.flow.trays.choose(0)
    till.settle()
    till.lay((PLACE, picture_of((10, 250, 10), 3)))
    till.rest(6000)
    assert basket(till) == ["Red apple"]
    assert not till.flow.trays.is_asking
    assert [one.kind for one in till.screens.outlines] == [OutlineKind.SURE]


def test_a_product_that_was_tapped_is_perhaps_what_is_put_down_next(till: Till) -> None:
    till.lay()
    apple = next(one for one in till.services.inventory.list_products() if one.sku == "APL-R")
    till.flow.basket.add_product(apple.id)
    till.settle()
    till.lay((PLACE, picture_of((10, 250, 10), 3)))
    till.rest(6000)
    tray = till.screens.tray
    assert tray is not None
    assert (tray.title, tray.skip_text) == ("One more Red apple?", "The same one")
    till.flow.trays.skip()
    till.rest(1000)
    assert basket(till) == ["Red apple"]
    assert not till.flow.trays.is_asking
