"""The empty counter between days: kept now and then, taken up again, forgotten when the camera was moved."""

from __future__ import annotations

import numpy as np

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import PROFILE
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.gui import goods_wording
from visionscan_kiosk.gui.flow.scene_watch import KEEP_EVERY_S, LEARN_EVERY_S, MOVED_AFTER_S
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState

PLACE, APPLE = Box(20, 40, 64, 64), picture_of((40, 40, 200))


def grey(level: int) -> Image:
    return np.full((480, 640, 3), level, np.uint8)


def stay_empty(till: Till, level: int, seconds: float) -> None:
    """The empty counter is looked at for a while."""
    till.gate.state = SceneState(SceneKind.EMPTY)
    for _ in range(round(seconds / LEARN_EVERY_S) + 1):
        till.show_picture(grey(level))
        till.time.pass_by(round(LEARN_EVERY_S * 1000))
        till.settle()


def kept_level(till: Till) -> int | None:
    picture = till.services.empty_counters.load(PROFILE.till_id)
    return None if picture is None else round(float(picture.mean()))


def test_the_empty_counter_is_kept_now_and_then(till: Till) -> None:
    assert kept_level(till) is None
    stay_empty(till, 100, 4)
    assert kept_level(till) == 100
    stay_empty(till, 130, KEEP_EVERY_S / 2)
    assert kept_level(till) == 100
    stay_empty(till, 160, KEEP_EVERY_S)
    assert kept_level(till) == 160


def test_a_restarted_till_goes_on_with_it(till: Till) -> None:
    stay_empty(till, 100, 4)
    again = till.restarted()
    assert again.finder.knows_empty_counter
    assert again.gate.learned == 1


def test_a_new_till_knows_no_counter(till: Till) -> None:
    assert not till.restarted().finder.knows_empty_counter


def test_what_was_learned_meanwhile_is_newer_than_what_is_kept(till: Till) -> None:
    stay_empty(till, 100, 4)
    again = Till(till.services, till.detector, till.goods)
    again.flow.start()
    again.finder.learn_empty_counter(grey(90))
    again.settle()
    assert again.finder.learned == 1


def test_a_camera_that_was_moved_makes_it_forget_and_say_so(till: Till) -> None:
    stay_empty(till, 100, 4)
    till.finder.sees_counter = False
    till.lay((PLACE, APPLE))
    assert till.finder.knows_empty_counter
    till.time.pass_by(round(MOVED_AFTER_S * 1000))
    till.lay((PLACE, APPLE))
    assert not till.finder.knows_empty_counter
    assert till.gate.learned == 0
    assert kept_level(till) is None
    assert till.note_text == goods_wording.COUNTER_LOST

    till.flow.trays.act()
    till.settle()
    assert till.finder.knows_empty_counter
    assert kept_level(till) is not None


def test_a_bag_before_the_camera_makes_it_forget_nothing(till: Till) -> None:
    stay_empty(till, 100, 4)
    for _ in range(3):
        till.finder.sees_counter = False
        till.lay((PLACE, APPLE))
        till.finder.sees_counter = True
        till.time.pass_by(round(MOVED_AFTER_S * 1000))
        till.lay((PLACE, APPLE))
    assert till.finder.knows_empty_counter
    assert kept_level(till) == 100


def test_without_a_database_the_till_starts_all_the_same(till: Till) -> None:
    stay_empty(till, 100, 4)
    again = till.restarted(is_database_away=True)
    again.take_picture()
    assert again.flow.sight.has_picture
