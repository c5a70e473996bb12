"""The drawn counter: what lies there is seen, nothing overlaps, every frame is new and cheap to make."""

from __future__ import annotations

from itertools import combinations
from threading import Thread

import cv2
import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image, SimulatedCounterPort
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.counter.layout import CAPACITY, pose_in
from visionscan_kiosk.vision.counter.packs import with_opacity
from visionscan_kiosk.vision.counter.scene import turned_size

SIZE = (640, 360)


def pack(shade: int, height: int = 300, width: int = 200) -> Image:
    return np.full((height, width, 3), (255, 255, shade), np.uint8)


@pytest.fixture
def counter() -> SimulatedCounter:
    return SimulatedCounter({"A": pack(0), "B": pack(0, 120, 400), "TALL": pack(0, 900, 150)}, size=SIZE)


def cyan(picture: Image) -> int:
    """Count the pixels of packs."""
    return int(((picture[:, :, 0].astype(int) - picture[:, :, 2]) > 90).sum())


def test_goods_appear_and_go(counter: SimulatedCounter) -> None:
    port: SimulatedCounterPort = counter
    assert cyan(counter.render_frame()) == 0
    port.place("A")
    port.place("B")
    assert port.on_counter == ("A", "B")
    both = cyan(counter.render_frame())
    port.take_away("A")
    assert 0 < cyan(counter.render_frame()) < both
    port.clear()
    assert port.on_counter == ()
    assert cyan(counter.render_frame()) == 0


def test_the_same_product_may_lie_there_twice(counter: SimulatedCounter) -> None:
    counter.place("A")
    counter.place("A")
    assert counter.on_counter == ("A", "A")
    counter.take_away("A")
    assert counter.on_counter == ("A",)


def test_taking_away_what_is_not_there_changes_nothing(counter: SimulatedCounter) -> None:
    counter.place("A")
    counter.take_away("B")
    assert counter.on_counter == ("A",)


def test_unknown_goods_and_a_full_counter_are_told(counter: SimulatedCounter) -> None:
    with pytest.raises(InvalidInput, match="no pack of X"):
        counter.place("X")
    for _ in range(6):
        counter.place("A")
    with pytest.raises(InvalidInput, match="full"):
        counter.place("A")
    assert len(counter.on_counter) == 6


@pytest.mark.parametrize("seed", range(20))
def test_no_two_packs_touch_and_none_leaves_the_picture(seed: int) -> None:
    shapes = [pack(0), pack(0, 120, 400), pack(0, 900, 150), pack(0, 40, 40), pack(0, 2000, 2000)]
    boxes = []
    for spot in range(CAPACITY):
        picture = with_opacity(shapes[(seed + spot) % len(shapes)])
        pose = pose_in(spot, size=SIZE, pack=picture, seed=seed * 10 + spot)
        width, height = (side * pose.scale for side in turned_size(picture, pose.turn))
        boxes.append((pose.x - width / 2, pose.y - height / 2, pose.x + width / 2, pose.y + height / 2))
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= SIZE[0]
        assert 0 <= top < bottom <= SIZE[1]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@pytest.mark.parametrize("count", range(1, 7))
def test_every_pack_is_drawn(counter: SimulatedCounter, count: int) -> None:
    frame = counter.render_still(["A"] * count, 3)
    packs = (frame[:, :, 0].astype(int) - frame[:, :, 2]) > 90
    parts, _ = cv2.connectedComponents(packs.astype(np.uint8))
    assert parts - 1 == count


def test_stills_are_the_same_for_the_same_seed(counter: SimulatedCounter) -> None:
    assert np.array_equal(counter.render_still(["A"], 7), counter.render_still(["A"], 7))
    assert not np.array_equal(counter.render_still(["A"], 7), counter.render_still(["A"], 8))
    assert counter.on_counter == ()


def test_frames_differ_by_noise_alone(counter: SimulatedCounter) -> None:
    counter.place("A")
    one, other = counter.render_frame().astype(int), counter.render_frame().astype(int)
    assert (one != other).any()
    assert abs(one - other).mean() < 6


def place_of_first(counter: SimulatedCounter) -> tuple[float, float, float]:
    """Return the middle and the pixels of what is drawn without any red."""
    down, across = np.nonzero(cv2.blur(counter.render_frame()[:, :, 2], (3, 3)) < 40)
    return float(across.mean()), float(down.mean()), float(across.size)


def test_no_pack_moves_for_another() -> None:
    counter = SimulatedCounter({"A": pack(0), "B": pack(120)}, size=SIZE)
    counter.place("A")
    first = place_of_first(counter)
    for _ in range(1, CAPACITY):
        counter.place("B")
        assert place_of_first(counter) == pytest.approx(first, rel=0.01)
    for _ in range(1, CAPACITY):
        counter.take_away("B")
        assert place_of_first(counter) == pytest.approx(first, rel=0.01)


def test_goods_may_come_and_go_while_the_camera_looks(counter: SimulatedCounter) -> None:
    def shuffle() -> None:
        for _ in range(30):
            counter.place("A")
            counter.take_away("A")

    helpers = [Thread(target=shuffle) for _ in range(3)]
    for helper in helpers:
        helper.start()
    for _ in range(10):
        assert counter.render_frame().shape == (360, 640, 3)
    for helper in helpers:
        helper.join()
    assert counter.on_counter == ()
