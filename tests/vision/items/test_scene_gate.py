"""The gate opens once for everything new that lies still, on the drawn counter with its noise."""

from __future__ import annotations

import numpy as np
import pytest

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneGate, SceneKind, SceneState
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.items import StillSceneGate

FRAMES_PER_SECOND = 10


class Watcher:
    """Feeds frames of a counter to a gate as time goes by."""

    def __init__(self, counter: SimulatedCounter) -> None:
        self.counter = counter
        self.gate = StillSceneGate()
        self.now_s = 100.0
        self.light = 1.0

    def watch(self, frames: int = 10) -> list[SceneState]:
        port: SceneGate = self.gate
        states = []
        for _ in range(frames):
            self.now_s += 1 / FRAMES_PER_SECOND
            frame = self.counter.render_frame()
            lit = np.clip(frame * self.light, 0, 255).astype(np.uint8) if self.light != 1 else frame
            states.append(port.feed(lit, self.now_s))
        return states


@pytest.fixture
def watcher() -> Watcher:
    watcher = Watcher(sample_counter())
    watcher.gate.learn_empty_counter(watcher.counter.render_frame())
    return watcher


def news(states: list[SceneState]) -> int:
    return sum(state.is_new_still for state in states)


def test_an_empty_counter_is_empty(watcher: Watcher) -> None:
    states = watcher.watch()
    assert states[0].kind is SceneKind.MOVING
    assert states[-1].kind is SceneKind.EMPTY
    assert news(states) == 0


def test_what_is_put_down_is_new_once(watcher: Watcher) -> None:
    watcher.watch()
    watcher.counter.place("MILK001")
    states = watcher.watch(30)
    assert states[0].kind is SceneKind.MOVING
    assert states[-1].kind is SceneKind.STILL
    assert news(states) == 1


def test_a_second_thing_and_one_taken_away_are_news(watcher: Watcher) -> None:
    watcher.counter.place("MILK001")
    watcher.watch()
    watcher.counter.place("APPLE001")
    assert news(watcher.watch()) == 1
    watcher.counter.take_away("APPLE001")
    assert news(watcher.watch()) == 1


def test_taken_away_and_put_back_is_new_again(watcher: Watcher) -> None:
    watcher.counter.place("MILK001")
    watcher.watch()
    watcher.counter.clear()
    assert watcher.watch()[-1].kind is SceneKind.EMPTY
    watcher.counter.place("MILK001")
    assert news(watcher.watch()) == 1


def test_light_that_goes_down_is_no_news(watcher: Watcher) -> None:
    watcher.counter.place("MILK001")
    watcher.watch()
    for _ in range(12):
        watcher.light *= 0.98
        assert news(watcher.watch(5)) == 0


def test_a_lamp_that_goes_out_is_no_news(watcher: Watcher) -> None:
    watcher.counter.place("COFFEE001")
    watcher.watch()
    watcher.light = 0.75
    states = watcher.watch()
    assert states[0].kind is SceneKind.MOVING
    assert news(states) == 0


def test_nothing_is_empty_before_it_was_learned() -> None:
    watcher = Watcher(sample_counter())
    states = watcher.watch()
    assert states[-1].kind is SceneKind.STILL
    watcher.gate.learn_empty_counter(watcher.counter.render_frame())
    assert watcher.watch()[-1].kind is SceneKind.EMPTY
    watcher.gate.forget_empty_counter()
    assert watcher.watch()[-1].kind is SceneKind.STILL


@pytest.mark.parametrize("shape", [(0, 0, 3), (1, 1, 3), (5, 5), (3, 4000, 3), (0,)])
def test_no_picture_is_too_odd(watcher: Watcher, shape: tuple[int, ...]) -> None:
    odd: Image = np.zeros(shape, np.uint8)
    watcher.watch()
    watcher.gate.learn_empty_counter(odd)
    assert watcher.gate.feed(odd, watcher.now_s + 1).kind in (SceneKind.MOVING, SceneKind.BLIND)
    assert watcher.watch()[0].kind is SceneKind.MOVING
    assert watcher.watch()[-1].kind is SceneKind.EMPTY
