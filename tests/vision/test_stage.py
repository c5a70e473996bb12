"""The stage of rehearsals: everything lies where it was put, and the same state gives the same picture."""

from __future__ import annotations

import csv
import zlib

import numpy as np
import pytest

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.counter import Stage, load_packs
from visionscan_kiosk.vision.counter.hands import Edge
from visionscan_kiosk.vision.counter.stage import Hand
from visionscan_kiosk.vision.items import CounterItemFinder

PACKS = load_packs(bundled("resources/sample_shop/packs"))


def codes_of_sample_shop() -> dict[str, str]:
    with bundled("resources/sample_shop/products.csv").open(encoding="utf-8", newline="") as file:
        return {row["sku"]: row["barcodes"] for row in csv.DictReader(file) if row["barcodes"]}


CODES = codes_of_sample_shop()


@pytest.fixture
def stage() -> Stage:
    return Stage({sku: PACKS[sku] for sku in ("OATMILK001", "APPLE001", "COLA001")})


@pytest.fixture(scope="module")
def whole_shop() -> Stage:
    return Stage(PACKS)


def differs(one: Image, other: Image) -> Box:
    """Return the rectangle in which two pictures differ by more than noise; without pixels when nowhere."""
    rows, columns = np.nonzero((np.abs(one.astype(int) - other) > 40).any(axis=2))
    if not rows.size:
        return Box(0, 0, 0, 0)
    return Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)


def test_the_same_state_seed_and_number_give_the_same_picture(stage: Stage) -> None:
    other = Stage({"OATMILK001": PACKS["OATMILK001"]})
    for drawn in (stage, other):
        drawn.put("a", "OATMILK001", 500, 300, 20)
        drawn.shake = 3
    assert np.array_equal(stage.render(7), other.render(7))
    stage.put("b", "COLA001", 900, 300)
    stage.take("b")
    assert np.array_equal(stage.render(7), other.render(7))
    assert not np.array_equal(stage.render(7), stage.render(8))


def test_a_pack_lies_where_it_was_put_and_pushed(stage: Stage) -> None:
    bare = stage.render(0)
    stage.put("a", "OATMILK001", 500, 300)
    assert differs(stage.render(0), bare) == pytest.approx(stage.box_of("a"), abs=40)
    stage.move_to("a", 800, 400)
    assert stage.middle_of("a") == (800, 400)
    assert stage.box_of("a").holds(Box(800, 400, 0, 0))
    assert differs(stage.render(0), bare) == pytest.approx(stage.box_of("a"), abs=40)
    stage.take("a")
    assert np.array_equal(stage.render(0), bare)


def test_what_is_put_later_lies_on_top(stage: Stage) -> None:
    stage.put("under", "OATMILK001", 500, 300)
    stage.put("over", "COLA001", 500, 300)
    before = stage.render(0)
    stage.move_to("under", 500, 300)
    assert np.array_equal(stage.render(0), before)
    assert stage.names == ("under", "over")


def test_mistakes_of_a_script_are_told(stage: Stage) -> None:
    stage.put("a", "APPLE001", 500, 300)
    with pytest.raises(InvalidInput, match="a lies on the counter already"):
        stage.put("a", "COLA001", 700, 300)
    with pytest.raises(InvalidInput, match="no pack of NUTS001"):
        stage.put("b", "NUTS001", 700, 300)
    for act in (stage.take, stage.box_of, stage.middle_of, lambda name: stage.move_to(name, 1, 1)):
        with pytest.raises(InvalidInput, match="no b on the counter"):
            act("b")


def test_free_places_touch_nothing_until_the_counter_is_full(stage: Stage) -> None:
    for number in range(6):
        stage.put(str(number), "OATMILK001", *stage.free_place("OATMILK001", 90), 90)
    boxes = [stage.box_of(name) for name in stage.names]
    for place, box in enumerate(boxes):
        assert box.x >= 0
        assert box.x + box.width <= 1280
        assert box.y >= 0
        assert box.y + box.height <= 720
        assert not any(box.common_area(other) for other in boxes[:place])


def test_a_full_counter_is_told() -> None:
    stage = Stage({"OATMILK001": PACKS["OATMILK001"]}, size=(320, 180))
    for number in range(4):
        stage.put(str(number), "OATMILK001", 40 + 80 * number, 90)
    with pytest.raises(InvalidInput, match="no free place"):
        stage.free_place("OATMILK001")


@pytest.mark.parametrize(
    ("edge", "where"),
    [
        ("bottom", lambda box: box.y + box.height == 720 and box.y > 150),
        ("top", lambda box: box.y == 0 and box.y + box.height < 570),
        ("left", lambda box: box.x == 0 and box.x + box.width < 840),
        ("right", lambda box: box.x + box.width == 1280 and box.x > 440),
    ],
)
def test_an_arm_reaches_in_from_its_edge(stage: Stage, edge: Edge, where: object) -> None:
    finder = CounterItemFinder()
    finder.learn_empty_counter(stage.render(0))
    stage.hands = [Hand(640, 360, edge)]
    (blob,) = finder.covered(stage.render(1)) or ()
    assert callable(where)
    assert where(blob)
    assert blob.holds(Box(640, 360, 0, 0))


def test_a_bag_hides_what_lies_under_it(stage: Stage) -> None:
    stage.bags = [Box(300, 100, 400, 420)]
    before = stage.render(0)
    stage.put("a", "OATMILK001", 500, 300)
    assert np.array_equal(stage.render(0), before)


def test_light_and_trembling_change_the_whole_picture(stage: Stage) -> None:
    usual = stage.render(0)
    stage.light = 0.5
    assert stage.render(0).mean() == pytest.approx(usual.mean() / 2, rel=0.05)
    stage.light = 1.0
    stage.put("a", "COLA001", 500, 300)
    still = stage.render(1)
    stage.shake = 4
    shifts = {tuple(differs(stage.render(number), still)) for number in range(1, 6)}
    assert len(shifts) > 2
    assert max(max(box[2:]) for box in shifts) < 320


@pytest.mark.parametrize("sku", sorted(CODES))
def test_codes_are_read_at_every_angle_or_not_at_all(whole_shop: Stage, sku: str) -> None:
    reader, random = BarcodeReader(), np.random.default_rng(zlib.crc32(sku.encode()))
    for turn in random.choice(np.arange(0, 360, 30), 3, replace=False):
        whole_shop.put("pack", sku, random.uniform(300, 980), random.uniform(220, 500), float(turn))
        whole_shop.is_readable = True
        assert [seen.text for seen in reader.read_quickly(whole_shop.render(1))] == [CODES[sku]]
        whole_shop.is_readable = False
        assert reader.read_quickly(whole_shop.render(1)) == []
        whole_shop.take("pack")


def test_the_finder_sees_no_difference_when_a_code_cannot_be_read(stage: Stage) -> None:
    finder = CounterItemFinder()
    finder.learn_empty_counter(stage.render(0))
    stage.put("a", "OATMILK001", 500, 300, 40)
    seen = []
    for stage.is_readable in (True, False):
        (blob,) = finder.covered(stage.render(1)) or ()
        seen.append(blob)
    assert seen[0].overlap(seen[1]) > 0.95
