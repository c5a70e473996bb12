"""The drawn counter: what lies there is seen, nothing overlaps, every frame is new and cheap to make."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image, SimulatedCounterPort
from visionscan_kiosk.vision.counter import SimulatedCounter

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


@pytest.mark.parametrize(
    "skus", [["A"], ["A", "B", "TALL"], ["A", "B", "TALL", "A"], ["TALL"] * 6, ["B"] * 6]
)
@pytest.mark.parametrize("seed", range(4))
def test_nothing_overlaps_or_leaves_the_picture(
    counter: SimulatedCounter, skus: list[str], seed: int
) -> None:
    together = counter.render_still(skus, seed)
    height, width = together.shape[:2]
    packs = (together[:, :, 0].astype(int) - together[:, :, 2]) > 90
    assert not packs[[0, height - 1], :].any()
    assert not packs[:, [0, width - 1]].any()
    third = width // 3
    columns = [packs[:, start : start + third].any() for start in range(0, width - 2, third)]
    assert sum(columns) == min(len(skus), 3)


def test_stills_are_the_same_for_the_same_seed(counter: SimulatedCounter) -> None:
    assert np.array_equal(counter.render_still(["A"], 7), counter.render_still(["A"], 7))
    assert not np.array_equal(counter.render_still(["A"], 7), counter.render_still(["A"], 8))
    assert counter.on_counter == ()


def test_frames_differ_by_noise_alone(counter: SimulatedCounter) -> None:
    counter.place("A")
    one, other = counter.render_frame().astype(int), counter.render_frame().astype(int)
    assert (one != other).any()
    assert abs(one - other).mean() < 6


def test_packs_on_the_counter_stay_where_they_are_while_there_is_room(counter: SimulatedCounter) -> None:
    counter.place("A")
    before = counter.render_frame()[:, 220:420].astype(int)
    counter.place("B")
    after = counter.render_frame()[:, 220:420].astype(int)
    assert abs(before - after).mean() < 6


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
