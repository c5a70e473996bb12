"""The gate says the same at every number of pictures a second: of slow hands, the dark, a shaken camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.vision.counter import Stage, load_packs
from visionscan_kiosk.vision.counter.stage import Hand
from visionscan_kiosk.vision.items import StillSceneGate

SIZE = (640, 360)
RATES = (2, 5, 10, 30, 60)
PACKS = {
    sku: pack
    for sku, pack in load_packs(bundled("resources/sample_shop/packs")).items()
    if sku == "OATMILK001"
}

at_every_rate = pytest.mark.parametrize("rate", RATES)


def stage() -> Stage:
    return Stage(PACKS, size=SIZE)


@dataclass
class Watch:
    """Shows a stage to a gate as virtual time goes by."""

    rate: float
    stage: Stage = field(default_factory=stage)
    gate: StillSceneGate = field(default_factory=StillSceneGate)
    frames: int = 0

    def __post_init__(self) -> None:
        self.gate.learn_empty_counter(self.stage.render(0))
        self.pass_by(1.0)

    def pass_by(self, seconds: float, act: Callable[[float], None] = lambda _: None) -> list[SceneState]:
        """Show every picture of this time; `act` is told how much of it has passed, 0..1."""
        states = []
        count = round(seconds * self.rate)
        for number in range(1, count + 1):
            act(number / count)
            self.frames += 1
            states.append(self.gate.feed(self.stage.render(self.frames), self.frames / self.rate))
        return states

    def put(self) -> None:
        self.stage.put("a", "OATMILK001", 250, 180)


@pytest.fixture
def watch(rate: float) -> Watch:
    return Watch(rate)


def kinds(states: list[SceneState]) -> set[SceneKind]:
    return {state.kind for state in states}


def news(states: list[SceneState]) -> int:
    return sum(state.is_new_still for state in states)


@at_every_rate
def test_what_is_put_down_is_news_within_half_a_second(watch: Watch) -> None:
    watch.put()
    states = watch.pass_by(2.0)
    at_rest = next(number for number, state in enumerate(states) if state.kind is SceneKind.STILL)
    assert at_rest / watch.rate <= max(0.5, 1 / watch.rate)
    assert states[0].has_moved
    assert news(states) == 1


@at_every_rate
def test_a_pack_that_is_pushed_slowly_moves_all_the_time(watch: Watch) -> None:
    watch.put()
    watch.pass_by(2.0)
    states = watch.pass_by(2.0, lambda passed: watch.stage.move_to("a", 250 + 60 * passed, 180))
    assert kinds(states[1:]) == {SceneKind.MOVING}
    moving = [state.has_moved for state in states[max(1, round(0.3 * watch.rate)) :]]
    assert all(moving)
    assert watch.pass_by(1.0)[-1] == SceneState(SceneKind.STILL)


@at_every_rate
def test_a_slow_hand_moves(watch: Watch) -> None:
    def reach(passed: float) -> None:
        watch.stage.hands = [Hand(500 - 100 * passed, 250, "right")]

    reach(0)
    watch.pass_by(2.0)
    states = watch.pass_by(3.0, reach)
    assert kinds(states[round(0.3 * watch.rate) + 1 :]) == {SceneKind.MOVING}


@at_every_rate
def test_in_the_dark_nothing_can_be_told_and_nothing_is_learned(watch: Watch) -> None:
    watch.put()
    watch.pass_by(2.0)
    watch.stage.light = 0.03
    states = watch.pass_by(3.0)
    assert kinds(states) == {SceneKind.BLIND}
    assert all(state.has_moved for state in states)
    watch.gate.learn_empty_counter(watch.stage.render(0))
    watch.stage.light = 1.0
    again = watch.pass_by(2.0)
    assert again[0] == SceneState(SceneKind.MOVING, has_moved=True)
    assert again[-1].kind is SceneKind.STILL
    assert news(again) == 0
    watch.stage.take("a")
    assert watch.pass_by(1.0)[-1].kind is SceneKind.EMPTY


@at_every_rate
@pytest.mark.parametrize("level", [0.2, 0.5, 1.3])
def test_another_light_settles_again(watch: Watch, level: float) -> None:
    watch.put()
    watch.pass_by(2.0)
    watch.stage.light = level
    dimmed = watch.pass_by(2.0)
    watch.stage.light = 1.0
    for states in (dimmed, watch.pass_by(2.0)):
        assert states[0].has_moved
        assert states[-1] == SceneState(SceneKind.STILL)
        assert news(states) == 0
    watch.stage.take("a")
    watch.stage.light = level
    assert watch.pass_by(2.0)[-1].kind is SceneKind.EMPTY


@at_every_rate
@pytest.mark.parametrize("pixels", [1, 2, 4])
def test_a_trembling_camera_shows_nothing_new(watch: Watch, pixels: float) -> None:
    watch.put()
    watch.pass_by(2.0)
    watch.stage.shake = pixels
    assert news(watch.pass_by(6.0)) == 0
    watch.stage.shake = 0
    states = watch.pass_by(2.0)
    assert states[-1] == SceneState(SceneKind.STILL)
    assert news(states) == 0


@pytest.mark.parametrize(("gap", "moved"), [(0.9, False), (1.1, True), (600.0, True)])
def test_a_time_without_pictures_counts_as_movement(gap: float, moved: bool) -> None:
    watch = Watch(10)
    state = watch.gate.feed(watch.stage.render(99), watch.frames / 10 + gap)
    assert state.has_moved == moved
    assert (state.kind is SceneKind.MOVING) == moved


@pytest.mark.parametrize("shade", [30, 128, 255])
def test_a_picture_without_content_tells_nothing(shade: int) -> None:
    watch = Watch(10)
    noise = np.random.default_rng(shade).integers(0, 5, (SIZE[1], SIZE[0], 3), np.uint8)
    covered = np.clip(noise.astype(np.int16) + shade, 0, 255).astype(np.uint8)
    for number in range(10):
        state = watch.gate.feed(covered, 2 + number / 10)
        assert state == SceneState(SceneKind.BLIND, has_moved=True)


def test_a_plain_counter_is_known_by_how_it_was_learned() -> None:
    gate = StillSceneGate()
    plain = np.full((360, 640, 3), 150, np.uint8)
    assert gate.feed(plain, 0.0).kind is SceneKind.BLIND
    gate.learn_empty_counter(plain)
    for number in range(1, 9):
        state = gate.feed(plain, number / 10)
    assert state.kind is SceneKind.EMPTY
    assert gate.feed(plain // 20, 1.0).kind is SceneKind.BLIND
