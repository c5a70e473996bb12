"""Items on the drawn counter: counted, boxed, turned upright, alone in their picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.items import CounterItemFinder


@pytest.fixture(scope="module")
def counter() -> SimulatedCounter:
    return sample_counter()


@pytest.fixture(scope="module")
def finder(counter: SimulatedCounter) -> CounterItemFinder:
    finder = CounterItemFinder()
    finder.learn_empty_counter(counter.render_still([], 0))
    return finder


def board(width: int = 640, height: int = 360) -> Image:
    return np.full((height, width, 3), (150, 170, 180), np.uint8)


def with_boxes(*boxes: tuple[int, int, int, int], colour: tuple[int, int, int] = (40, 40, 200)) -> Image:
    picture = board()
    for x, y, width, height in boxes:
        cv2.rectangle(picture, (x, y), (x + width, y + height), colour, cv2.FILLED)
    return picture


def on_board() -> CounterItemFinder:
    finder = CounterItemFinder()
    finder.learn_empty_counter(board())
    return finder


@pytest.mark.parametrize(
    "skus",
    [
        ["MILK001"],
        ["COLA001", "APPLE001"],
        ["RICE001", "LEMON001", "CHEESE001"],
        ["PASTA001", "EGGS001", "WATER002", "BUTTER002"],
    ],
)
@pytest.mark.parametrize("light", [0.8, 1.0, 1.1])
def test_every_pack_is_one_item(
    counter: SimulatedCounter, finder: CounterItemFinder, skus: list[str], light: float
) -> None:
    port: ItemFinder = finder
    frame = np.clip(counter.render_still(skus, 3) * light, 0, 255).astype(np.uint8)
    items = port.find(frame)
    assert len(items) == len(skus)
    assert [item.box.x for item in items] == sorted(item.box.x for item in items)
    for item in items:
        assert item.crop.shape[0] == item.crop.shape[1] >= 100
        assert not item.is_touching


def test_an_empty_counter_has_no_items(counter: SimulatedCounter, finder: CounterItemFinder) -> None:
    assert finder.find(counter.render_still([], 8)) == ()
    assert finder.find((counter.render_still([], 9) * 0.75).astype(np.uint8)) == ()


def test_without_an_empty_counter_the_picture_is_the_item() -> None:
    finder = CounterItemFinder()
    assert not finder.knows_empty_counter
    picture = board()
    (item,) = finder.find(picture)
    assert item.box == (0, 0, 640, 360)
    assert item.crop is picture


def test_a_camera_of_another_size_is_a_new_camera() -> None:
    (item,) = on_board().find(board(320, 240))
    assert item.box == (0, 0, 320, 240)


def test_boxes_lie_where_things_lie() -> None:
    (left, right) = on_board().find(with_boxes((100, 100, 80, 120), (400, 60, 60, 200)))
    assert left.box == pytest.approx((100, 100, 80, 120), abs=8)
    assert right.box == pytest.approx((400, 60, 60, 200), abs=8)


def test_a_turned_thing_stands_upright() -> None:
    picture = board()
    corners = cv2.boxPoints(((320, 180), (60, 180), 50))
    cv2.fillPoly(picture, [corners.astype(np.int32)], (30, 30, 190))
    (item,) = on_board().find(picture)
    red = item.crop[:, :, 2].astype(int) - item.crop[:, :, 0] > 80
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert len(rows) > 2.2 * len(columns)
    assert red.any(axis=0).sum() * red.any(axis=1).sum() < 1.2 * red.sum()


def test_neighbours_are_not_in_the_picture() -> None:
    items = on_board().find(with_boxes((100, 50, 60, 260), (190, 120, 60, 60)))
    tall = max(items, key=lambda item: item.box.height)
    red = (tall.crop[:, :, 2].astype(int) - tall.crop[:, :, 0] > 80).astype(np.uint8)
    parts, _ = cv2.connectedComponents(red)
    assert parts - 1 == 1


def test_touching_things_are_said_to_touch() -> None:
    (item,) = on_board().find(with_boxes((100, 50, 60, 200), (160, 190, 180, 60)))
    assert item.is_touching


def test_a_shadow_is_no_thing() -> None:
    picture = board().astype(np.float32)
    shadow = np.zeros((360, 640), np.float32)
    cv2.ellipse(shadow, (320, 180), (110, 60), 0, 0, 360, 0.45, cv2.FILLED)
    picture *= 1 - cv2.GaussianBlur(shadow, (0, 0), 9)[:, :, None]
    assert on_board().find(picture.astype(np.uint8)) == ()


def test_the_empty_counter_follows_the_light_slowly() -> None:
    finder = on_board()
    stained = with_boxes((300, 150, 60, 60), colour=(120, 140, 150))
    assert len(finder.find(with_boxes((300, 150, 60, 60), colour=(60, 60, 190)))) == 1
    for _ in range(40):
        finder.learn_empty_counter(stained)
    assert finder.find(stained) == ()
    finder.forget_empty_counter()
    assert not finder.knows_empty_counter


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 640, 3), (360, 640), (360, 640, 4), (0, 5, 3), (0,), (5,)])
def test_no_picture_is_too_odd(shape: tuple[int, ...]) -> None:
    assert len(on_board().find(np.zeros(shape, np.uint8))) <= 1
    assert len(CounterItemFinder().find(np.zeros(shape, np.uint8))) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_noise_crashes_nothing(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (360, 640, 3), np.uint8)
    for item in on_board().find(noise):
        assert item.crop.size


@pytest.mark.parametrize("shape", [(4, 4, 3), (0, 0, 3), (100, 100)])
def test_an_empty_counter_needs_a_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="camera"):
        CounterItemFinder().learn_empty_counter(np.zeros(shape, np.uint8))


def test_goods_do_not_hide_the_counter(counter: SimulatedCounter, finder: CounterItemFinder) -> None:
    full = ["MILK001", "BREAD001", "BUTTER001", "YOGHURT001", "EGGS001", "CHEESE001"]
    assert finder.fits(counter.render_still([], 1))
    assert finder.fits(counter.render_still(full, 1))


def another_place() -> Image:
    coarse = np.random.default_rng(1).integers(0, 255, (9, 16, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_NEAREST), np.uint8)


def test_a_camera_that_sees_another_place_finds_no_nonsense(finder: CounterItemFinder) -> None:
    assert not finder.fits(another_place())
    (item,) = finder.find(another_place())
    assert item.is_whole_picture


def test_a_counter_of_another_size_does_not_fit(counter: SimulatedCounter, finder: CounterItemFinder) -> None:
    small = cv2.resize(counter.render_still([], 1), (640, 360))
    assert not finder.fits(np.asarray(small, np.uint8))
    assert not CounterItemFinder().fits(counter.render_still([], 1))


@pytest.mark.parametrize("sku", ["BANANA001", "CROISSANT001", "OIL001", "TOMATO001", "EGGS001", "MILK002"])
@pytest.mark.parametrize("seed", range(3))
def test_a_thing_with_a_notch_is_one_thing(
    counter: SimulatedCounter, finder: CounterItemFinder, sku: str, seed: int
) -> None:
    (item,) = finder.find(counter.render_still([sku], seed))
    assert not item.is_touching


@pytest.mark.parametrize("colour", [(40, 40, 200), (200, 160, 60)])
def test_things_that_touch_at_a_corner_are_said_to_touch(colour: tuple[int, int, int]) -> None:
    picture = with_boxes((100, 50, 100, 100), (190, 140, 100, 100), colour=colour)
    (item,) = on_board().find(picture)
    assert item.is_touching


def test_the_box_covers_the_pack_and_not_its_shadow(
    counter: SimulatedCounter, finder: CounterItemFinder
) -> None:
    picture = board()
    cv2.rectangle(picture, (200, 100), (320, 260), (40, 40, 200), cv2.FILLED)
    shadow = np.zeros((360, 640), np.float32)
    cv2.rectangle(shadow, (210, 112), (330, 272), 0.5, cv2.FILLED)
    shade = 1 - cv2.GaussianBlur(shadow, (0, 0), 8)[:, :, None]
    shade[100:261, 200:321] = 1
    (item,) = on_board().find((picture * shade).astype(np.uint8))
    assert item.box == pytest.approx((200, 100, 121, 161), abs=8)
