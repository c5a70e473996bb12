"""The capture loop: newest picture, states, back-off, and a stop that nothing can hold up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread

import numpy as np
import pytest

from tests.waiting import PATIENCE_S
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.errors import CameraUnavailable
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind, Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.camera import CaptureLoop, FrameSource

PICTURE: Image = np.zeros((4, 6, 3), np.uint8)
LIVE, LOST, CONNECTING = CameraStateKind.LIVE, CameraStateKind.LOST, CameraStateKind.CONNECTING


class ScriptedSource:
    """Gives pictures (or None) as scripted, then does `at_end`."""

    def __init__(self, pictures: int, at_end: Callable[[], Image | None]) -> None:
        self._left = pictures
        self._at_end = at_end
        self.closed = Event()

    @property
    def description(self) -> str:
        return "scripted camera"

    def read(self) -> Image | None:
        if self._left == 0:
            return self._at_end()
        self._left -= 1
        return PICTURE

    def close(self) -> None:
        self.closed.set()


def unplugged() -> Image | None:
    raise CameraUnavailable("Check its cable.")


class Watcher:
    """Runs a loop in a thread of its own and notes what it says. Its time stands still unless told."""

    def __init__(
        self, open_source: Callable[[], FrameSource], clock: Callable[[], float] = lambda: 0.0
    ) -> None:
        self.slot: LatestSlot[Frame] = LatestSlot()
        self.states: list[CameraState] = []
        self.wake_ups = 0
        self._seen = Event()
        self._wanted: Callable[[], bool] = lambda: False
        self.loop = CaptureLoop(
            open_source,
            self.slot,
            self._on_frame,
            self._on_state,
            back_off_s=(0.01, 0.02, 0.03),
            clock=clock,
        )
        self.thread = Thread(target=self.loop.run)

    def _on_frame(self) -> None:
        self.wake_ups += 1
        self._look()

    def _on_state(self, state: CameraState) -> None:
        self.states.append(state)
        self._look()

    def _look(self) -> None:
        if self._wanted():
            self._seen.set()

    def wait_until(self, wanted: Callable[[], bool]) -> None:
        self._seen.clear()
        self._wanted = wanted
        self._look()
        assert self._seen.wait(PATIENCE_S)

    def kinds(self) -> list[CameraStateKind]:
        return [state.kind for state in self.states]


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    watchers: list[Watcher] = []

    def start(open_source: Callable[[], FrameSource], *clock: Callable[[], float]) -> Watcher:
        watchers.append(Watcher(open_source, *clock))
        watchers[-1].thread.start()
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.loop.stop()
        watcher.thread.join(PATIENCE_S)
        assert not watcher.thread.is_alive()


Watch = Callable[..., Watcher]


def quiet() -> Image | None:
    return None


def test_live_after_the_first_picture(watch: Watch) -> None:
    watcher = watch(lambda: ScriptedSource(3, quiet))
    watcher.wait_until(lambda: LIVE in watcher.kinds())
    assert watcher.kinds() == [CONNECTING, LIVE]
    assert watcher.states[-1].message == "scripted camera"


def test_only_the_newest_picture_waits_and_one_wake_up_suffices(watch: Watch) -> None:
    drained = Event()

    def at_end() -> Image | None:
        drained.set()
        return None

    watcher = watch(lambda: ScriptedSource(50, at_end))
    assert drained.wait(PATIENCE_S)
    frame = watcher.slot.take()
    assert frame is not None
    assert frame.number == 50
    assert watcher.wake_ups == 1


def test_unplugged_camera_is_told_and_tried_again_with_back_off(watch: Watch) -> None:
    def open_source() -> FrameSource:
        raise CameraUnavailable("There is no camera 0.")

    watcher = watch(open_source)
    watcher.wait_until(lambda: watcher.kinds().count(LOST) >= 5)
    lost = [state for state in watcher.states if state.kind is LOST][:5]
    assert [state.retry_in_s for state in lost] == [0.01, 0.02, 0.03, 0.03, 0.03]
    assert {state.message for state in lost} == {"There is no camera 0."}


def test_camera_lost_in_mid_run_comes_back(watch: Watch) -> None:
    sources = [ScriptedSource(2, unplugged), ScriptedSource(1, quiet)]
    opened = iter(sources)
    watcher = watch(lambda: next(opened))
    watcher.wait_until(lambda: watcher.kinds().count(LIVE) == 2)
    assert watcher.kinds() == [CONNECTING, LIVE, LOST, CONNECTING, LIVE]
    assert sources[0].closed.is_set()


def test_back_off_starts_anew_after_a_picture(watch: Watch) -> None:
    watcher = watch(lambda: ScriptedSource(1, unplugged))
    watcher.wait_until(lambda: watcher.kinds().count(LOST) >= 3)
    assert {state.retry_in_s for state in watcher.states if state.kind is LOST} == {0.01}


def test_a_camera_without_pictures_is_lost(watch: Watch) -> None:
    ticks = iter(range(0, 10_000, 2))
    watcher = watch(lambda: ScriptedSource(0, quiet), lambda: float(next(ticks)))
    watcher.wait_until(lambda: LOST in watcher.kinds())
    assert "sends no pictures" in next(state.message for state in watcher.states if state.kind is LOST)


def test_stop_closes_the_source() -> None:
    source = ScriptedSource(1, quiet)
    watcher = Watcher(lambda: source)
    watcher.thread.start()
    watcher.wait_until(lambda: LIVE in watcher.kinds())
    watcher.loop.stop()
    watcher.thread.join(PATIENCE_S)
    assert source.closed.is_set()


def test_stop_does_not_wait_for_a_hanging_driver_and_closes_the_camera_later() -> None:
    driver_returns = Event()
    source = ScriptedSource(0, quiet)

    def hang() -> FrameSource:
        driver_returns.wait(PATIENCE_S)
        return source

    watcher = Watcher(hang)
    watcher.thread.start()
    watcher.wait_until(lambda: CONNECTING in watcher.kinds())
    watcher.loop.stop()
    watcher.thread.join(PATIENCE_S)
    assert not watcher.thread.is_alive()
    assert not source.closed.is_set()
    driver_returns.set()
    assert source.closed.wait(PATIENCE_S)


def test_a_driver_that_does_not_answer_is_told(watch: Watch) -> None:
    driver_returns = Event()
    ticks = iter(range(0, 100_000, 3))

    def hang() -> FrameSource:
        driver_returns.wait(PATIENCE_S)
        return ScriptedSource(1, quiet)

    watcher = watch(hang, lambda: float(next(ticks)))
    watcher.wait_until(lambda: LOST in watcher.kinds())
    assert "does not answer" in watcher.states[-1].message
    driver_returns.set()
    watcher.wait_until(lambda: LIVE in watcher.kinds())


def test_a_mistake_in_a_source_is_not_swallowed() -> None:
    def broken() -> FrameSource:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        CaptureLoop(broken, LatestSlot(), lambda: None, lambda _: None).run()
