"""What hides the counter: every pack where it lies, counter where it was, whatever the light."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.vision.counter import Stage, load_packs
from visionscan_kiosk.vision.counter.stage import Edge, Hand
from visionscan_kiosk.vision.items import CounterItemFinder

PACKS = load_packs(bundled("resources/sample_shop/packs"))
TURNS = (0, 30, 75, 120, 200, 290)
COVERED_FROM = 0.9
BARE_TO = 0.05
EXTRA = 20
"""Pixels by which a blob may be larger than its pack on each side: it is looked at coarsely."""

OVEREXPOSED_FROM = 1.2
"""A white cap may be a blob of its own where most of the picture is white."""

NOISE = np.random.default_rng(1).normal(0, 6, (720, 1280, 3)).round().astype(np.int16)

every_pack = pytest.mark.parametrize("sku", sorted(PACKS))


@pytest.fixture(scope="module")
def finder() -> CounterItemFinder:
    finder = CounterItemFinder()
    finder.learn_empty_counter(Stage(PACKS).render(0))
    return finder


@pytest.fixture(scope="module")
def one_stage() -> Stage:
    return Stage(PACKS)


@pytest.fixture
def stage(one_stage: Stage) -> Stage:
    """Return the stage with nothing on it: its packs are turned only once for all tests."""
    for name in one_stage.names:
        one_stage.take(name)
    one_stage.hands, one_stage.bags, one_stage.light = [], [], 1.0
    return one_stage


def share(box: Box, blobs: tuple[Box, ...]) -> float:
    """Return which part of a box lies under the blobs, 0..1."""
    hidden = np.zeros((720, 1280), bool)
    for blob in blobs:
        hidden[blob.y : blob.y + blob.height, blob.x : blob.x + blob.width] = True
    return float(hidden[box.y : box.y + box.height, box.x : box.x + box.width].mean())


def grown(box: Box) -> Box:
    return Box(box.x - EXTRA, box.y - EXTRA, box.width + 2 * EXTRA, box.height + 2 * EXTRA)


def seen(finder: ItemFinder, picture: Image) -> tuple[Box, ...]:
    blobs = finder.covered(picture)
    assert blobs is not None
    return blobs


def noisier(picture: Image, number: int) -> Image:
    """Add the noise of a small sensor in the evening."""
    return np.clip(picture + np.roll(NOISE, 31 * number, axis=(0, 1)), 0, 255).astype(np.uint8)


@every_pack
def test_a_pack_hides_its_place_and_one_taken_away_does_not(
    finder: CounterItemFinder, stage: Stage, sku: str
) -> None:
    random = np.random.default_rng(zlib.crc32(sku.encode()))
    lights = random.permutation([0.5, 0.65, 0.8, 1.0, 1.15, 1.3])
    for number, (turn, light) in enumerate(zip(TURNS, lights, strict=True)):
        stage.light = float(light)
        stage.put("pack", sku, random.uniform(560, 720), random.uniform(300, 420), turn)
        place = stage.box_of("pack")
        blobs = seen(finder, stage.render(number))
        assert share(place, blobs) >= COVERED_FROM
        assert len(blobs) == 1 or light > OVEREXPOSED_FROM
        assert all(blob.common_area(grown(place)) == blob.area for blob in blobs)
        stage.hands, stage.bags = [Hand(1100, 300, "right")], [Box(20, 40, 260, 400)]
        assert share(place, seen(finder, noisier(stage.render(number), number))) >= COVERED_FROM
        stage.take("pack")
        assert share(place, seen(finder, noisier(stage.render(number), number))) <= BARE_TO
        stage.hands, stage.bags = [], []
        assert seen(finder, stage.render(number)) == ()


@every_pack
def test_every_pack_is_one_thing_however_it_lies(finder: CounterItemFinder, stage: Stage, sku: str) -> None:
    for number, turn in enumerate(TURNS):
        stage.put("pack", sku, 640, 360, turn)
        (item,) = finder.find(stage.render(number))
        assert item.box.overlap(stage.box_of("pack")) >= 0.8
        stage.take("pack")


@pytest.mark.parametrize("gap", [20, 28])
@pytest.mark.parametrize(
    ("left", "right"), [("OATMILK001", "MILK001"), ("COLA001", "JAM001"), ("RICE001", "RICE001")]
)
def test_packs_close_to_each_other_are_two(
    finder: CounterItemFinder, stage: Stage, gap: int, left: str, right: str
) -> None:
    stage.put("left", left, 400, 360)
    stage.put("right", right, 800, 360)
    ends, starts = stage.box_of("left"), stage.box_of("right")
    stage.move_to("right", 800 - (starts.x - ends.x - ends.width) + gap, 360)
    picture = stage.render(1)
    assert len(seen(finder, picture)) == 2
    assert len(finder.find(picture)) == 2


def test_a_hand_over_a_pack_is_one_with_it(finder: CounterItemFinder, stage: Stage) -> None:
    stage.put("pack", "COLA001", 640, 300)
    stage.hands = [Hand(640, 340, "bottom")]
    (blob,) = seen(finder, stage.render(1))
    assert blob.y + blob.height == 720
    assert share(stage.box_of("pack"), (blob,)) >= COVERED_FROM


def test_the_tip_of_a_finger_hides_the_counter(finder: CounterItemFinder, stage: Stage) -> None:
    stage.hands = [Hand(640, 825, "bottom")]
    blobs = seen(finder, stage.render(1))
    assert blobs
    assert all(blob.y + blob.height == 720 and blob.height <= 30 for blob in blobs)


def test_nothing_can_be_told_without_a_counter_that_fits(finder: CounterItemFinder, stage: Stage) -> None:
    picture = stage.render(1)
    assert CounterItemFinder().covered(picture) is None
    assert finder.covered(picture[:360, :640]) is None
    assert finder.covered(np.zeros((0, 0, 3), np.uint8)) is None
    assert finder.covered(np.full_like(picture, 128)) is None
    for stage.light in (0.03, 2.0):
        assert finder.covered(stage.render(1)) is None


@pytest.mark.parametrize("light", [0.25, 0.5, 1.3])
def test_a_shadow_hides_nothing(finder: CounterItemFinder, stage: Stage, light: float) -> None:
    stage.light = light
    across, down = np.meshgrid(np.arange(1280), np.arange(720))
    shade = 1 - 0.4 * np.exp(-(((across - 500) / 180) ** 2) - ((down - 300) / 120) ** 2)
    assert seen(finder, (stage.render(1) * shade[:, :, None]).astype(np.uint8)) == ()


@pytest.mark.parametrize("edge", ["left", "right", "top", "bottom"])
def test_nothing_appears_beside_a_hand(finder: CounterItemFinder, stage: Stage, edge: Edge) -> None:
    random = np.random.default_rng(len(edge))
    for number in range(6):
        stage.hands = [Hand(random.uniform(200, 1080), random.uniform(150, 570), edge)]
        assert len(seen(finder, stage.render(number))) == 1
