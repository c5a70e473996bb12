"""What stays is counted once, what comes back once more: drawn goods under real eyes, from frame to piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.detection import DetectedCandidate, DetectedProduct, DetectionSource
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.gui.flow.lying_goods import LyingGoods, PieceState
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.services.sight import SeenThing
from visionscan_kiosk.vision.counter import load_packs
from visionscan_kiosk.vision.counter.scene import Pose, bare_counter, lay, light
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

SIZE = 640, 360
TWO_CENTIMETRES = 21
"""On a counter of 60 cm."""
PRODUCTS = {"APPLE001": (60, 60, 200), "LEMON001": (60, 210, 230), "APPLE002": (60, 190, 120)}
IDS = {sku: uuid4() for sku in PRODUCTS}
LIGHT = light(*SIZE)
BARE = bare_counter(LIGHT, 1)
NOISE = np.clip(np.random.default_rng(1).normal(5, 2, (3, SIZE[1], SIZE[0], 3)), 0, 255).astype(np.uint8)
PACKS = load_packs(bundled("resources/sample_shop/packs"))

Recognise = Callable[[SeenItem], DetectedProduct]


def by_colour(item: SeenItem) -> DetectedProduct:
    """A sure recogniser of three fruits."""
    middle = item.crop[tuple(slice(side // 3, -side // 3) for side in item.crop.shape[:2])]
    colour = middle.reshape(-1, 3).mean(axis=0)
    sku = min(PRODUCTS, key=lambda name: float(np.linalg.norm(colour - PRODUCTS[name])))
    is_known = float(np.linalg.norm(colour - PRODUCTS[sku])) < 75 and not item.is_touching
    return seen(item, [sku], Decision.MATCHED if is_known else Decision.ASK)


def never_sure(item: SeenItem) -> DetectedProduct:
    """A recogniser that takes everything for any of three fruits, the first by chance."""
    order = np.random.default_rng(item.box.x * 7 + item.box.y).permutation(list(PRODUCTS))
    return seen(item, [str(sku) for sku in order], Decision.ASK)


def knows_nothing(item: SeenItem) -> DetectedProduct:
    return seen(item, [], Decision.UNMATCHED)


def seen(item: SeenItem, skus: Sequence[str], decision: Decision) -> DetectedProduct:
    candidates = tuple(DetectedCandidate(IDS[sku], sku, sku, confidence=0.9) for sku in skus)
    return DetectedProduct(
        product_id=candidates[0].product_id if candidates else None,
        sku=skus[0] if skus else None,
        name=skus[0] if skus else None,
        confidence=0.9,
        decision=decision,
        quantity=1,
        matched_from="",
        source=DetectionSource.TAUGHT,
        box=item.box,
        candidates=candidates,
        is_touching=item.is_touching,
    )


@dataclass
class Table:
    """A counter that is looked at as the till does; what is new on it is counted at once."""

    recognise: Recognise
    goods: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    counted: list[UUID | None] = field(default_factory=list)
    gate: StillSceneGate = field(default_factory=StillSceneGate)
    finder: CounterItemFinder = field(default_factory=CounterItemFinder)
    lying: LyingGoods = field(default_factory=LyingGoods)
    brightness: float = 1.0
    hand_at: tuple[int, int] | None = None
    now_s: float = 0.0
    frames: int = 0

    def __post_init__(self) -> None:
        self.gate.learn_empty_counter(self.frame())
        self.finder.learn_empty_counter(self.frame())
        self.watch()

    def put(self, name: str, x: int, y: int, sku: str = "APPLE001") -> None:
        self.goods[name] = (sku, x, y)
        self.watch()

    def take(self, name: str) -> None:
        del self.goods[name]
        self.watch()

    def nudge(self, name: str, across: int, down: int) -> None:
        sku, x, y = self.goods[name]
        self.put(name, x + across, y + down, sku)

    def hand(self, at: tuple[int, int] | None) -> None:
        self.hand_at = at
        self.watch()

    def watch(self) -> None:
        """Second after second until nothing moves; every rest is looked at."""
        for _ in range(8):
            frame = self.frame()
            self.now_s += 0.1
            before = self.frames
            state = self.gate.feed(frame, self.now_s)
            is_still = state.kind.value == "still"
            self.frames = before + 1 if is_still else 0
            if state.kind.value == "empty":
                self.lying.observe(())
            elif is_still and (state.is_new_still or before == 0):
                self.look(frame)

    def look(self, frame: Image) -> None:
        things = [SeenThing(self.recognise(item), item.crop) for item in self.finder.find(frame)]
        for piece in self.lying.observe(things):
            if piece.state is not PieceState.UNKNOWN:
                piece.state, piece.product_id = PieceState.SETTLED, piece.looks_like
            self.counted.append(piece.looks_like)

    def frame(self) -> Image:
        noise = NOISE[round(self.now_s * 10) % len(NOISE)]
        return np.asarray(cv2.add(draw(tuple(self.goods.values()), self.hand_at, self.brightness), noise))


@cache
def draw(
    goods: tuple[tuple[str, int, int], ...], hand_at: tuple[int, int] | None, brightness: float
) -> Image:
    scene = BARE.copy()
    for sku, x, y in goods:
        lay(scene, LIGHT, PACKS[sku], Pose(x, y, 0.0, 0.28, 3))
    if hand_at is not None:
        skin = (140, 170, 220)
        cv2.line(scene, hand_at, (hand_at[0] + 30, SIZE[1]), skin, 46)
        cv2.circle(scene, hand_at, 44, skin, cv2.FILLED)
    return np.clip(scene * brightness - 5, 0, 255).astype(np.uint8)


@pytest.fixture(params=[by_colour, never_sure, knows_nothing])
def table(request: pytest.FixtureRequest) -> Table:
    """The same must hold whether the goods are known, unsure or unknown."""
    return Table(request.param)


def test_what_stays_is_counted_once(table: Table) -> None:
    table.put("a", 200, 150)
    for _ in range(5):
        table.watch()
    assert len(table.counted) == 1


def test_taken_away_and_put_back_is_counted_again(table: Table) -> None:
    table.put("a", 200, 150)
    table.take("a")
    table.put("a", 200, 150)
    assert len(table.counted) == 2


def test_two_equal_things_side_by_side_are_two(table: Table) -> None:
    table.put("a", 200, 150)
    table.put("b", 320, 150)
    assert len(table.counted) == 2


def test_of_two_equal_things_the_one_put_back_counts_once_more(table: Table) -> None:
    table.put("a", 200, 150)
    table.put("b", 320, 150)
    table.take("a")
    assert len(table.counted) == 2
    table.put("a", 200, 150)
    assert len(table.counted) == 3


@pytest.mark.parametrize(("across", "down"), [(TWO_CENTIMETRES, 0), (0, -TWO_CENTIMETRES), (-15, 15)])
def test_a_nudge_counts_nothing(table: Table, across: int, down: int) -> None:
    table.put("a", 200, 150)
    table.put("b", 480, 150)
    for _ in range(3):
        table.nudge("a", across, down)
    assert len(table.counted) == 2


@pytest.mark.parametrize("way", [(400, 300), (300, 240), (200, 200)])
def test_a_hand_that_passes_counts_no_thing_again(table: Table, way: tuple[int, int]) -> None:
    table.put("a", 200, 150)
    table.put("b", 480, 120)
    for at in ((460, 330), way, None):
        table.hand(at)
    things_and_hands = len(table.counted)
    for at in ((460, 330), way, None):
        table.hand(at)
    hands = (things_and_hands - 2) * 2
    assert len(table.counted) == 2 + hands


def test_a_hand_that_rests_on_a_thing_counts_it_once() -> None:
    table = Table(by_colour)
    table.put("a", 200, 150)
    table.hand((200, 190))
    table.hand(None)
    table.watch()
    assert table.counted.count(IDS["APPLE001"]) == 1
    assert [piece.product_id for piece in table.lying.pieces if piece.is_there] == [IDS["APPLE001"]]


@pytest.mark.parametrize("brightness", [0.75, 0.9, 1.1])
def test_another_light_counts_nothing(table: Table, brightness: float) -> None:
    table.put("a", 200, 150)
    table.put("b", 340, 150)
    table.brightness = brightness
    for _ in range(3):
        table.watch()
    table.brightness = 1.0
    table.watch()
    assert len(table.counted) == 2


def test_another_product_in_its_place_is_counted() -> None:
    table = Table(by_colour)
    table.put("a", 200, 150)
    table.put("a", 200, 150, "LEMON001")
    assert table.counted == [IDS["APPLE001"], IDS["LEMON001"]]


def test_what_is_pushed_against_a_counted_thing_is_said_and_counted_alone() -> None:
    table = Table(by_colour)
    table.put("a", 200, 150)
    table.put("b", 262, 190, "LEMON001")
    assert any(piece.was_several for piece in table.lying.pieces)
    table.put("b", 400, 150, "LEMON001")
    assert table.counted.count(IDS["LEMON001"]) == 1
