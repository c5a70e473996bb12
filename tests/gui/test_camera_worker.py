"""The camera's thread: newest picture wins, one signal while it is unread, and it always stops."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.gui.camera_worker import CameraWorker
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind, Frame


class ScriptedCapture:
    """Puts frames when told; behaves like the real loop towards slot and callbacks."""

    def __init__(
        self,
        slot: LatestSlot[Frame],
        on_first_unread_frame: Callable[[], None],
        on_state: Callable[[CameraState], None],
    ) -> None:
        self.slot = slot
        self.on_first_unread_frame = on_first_unread_frame
        self.on_state = on_state
        self.stopped = threading.Event()
        self.running = threading.Event()
        self.breaks = False

    def run(self) -> None:
        self.running.set()
        if self.breaks:
            raise OSError("the driver fell over")
        self.stopped.wait()

    def stop(self) -> None:
        self.stopped.set()

    def put(self, number: int) -> None:
        if self.slot.put(Frame(np.zeros((2, 2, 3), np.uint8), number, 0.0)):
            self.on_first_unread_frame()


class Camera:
    def __init__(self) -> None:
        self.captures: list[ScriptedCapture] = []
        self.worker = CameraWorker(self._open)

    @property
    def capture(self) -> ScriptedCapture:
        return self.captures[0]

    def _open(
        self,
        slot: LatestSlot[Frame],
        on_first_unread_frame: Callable[[], None],
        on_state: Callable[[CameraState], None],
    ) -> ScriptedCapture:
        self.captures.append(ScriptedCapture(slot, on_first_unread_frame, on_state))
        return self.captures[0]


@pytest.fixture
def camera(qtbot: QtBot) -> Iterator[Camera]:
    made = Camera()
    yield made
    made.worker.stop()


def test_a_burst_is_one_signal_and_its_newest_picture(qtbot: QtBot, camera: Camera) -> None:
    signals: list[None] = []
    camera.worker.frame_waiting.connect(lambda: signals.append(None))
    camera.worker.start()
    for number in range(20):
        camera.capture.put(number)
    qtbot.waitUntil(lambda: bool(signals))

    frame = camera.worker.take()
    assert frame is not None
    assert frame.number == 19
    assert len(signals) == 1
    assert camera.worker.take() is None


def test_the_next_picture_after_a_read_one_signals_again(qtbot: QtBot, camera: Camera) -> None:
    camera.worker.start()
    with qtbot.waitSignal(camera.worker.frame_waiting):
        camera.capture.put(1)
    camera.worker.take()
    with qtbot.waitSignal(camera.worker.frame_waiting):
        camera.capture.put(2)


def test_stop_ends_the_loop_from_outside(qtbot: QtBot, camera: Camera) -> None:
    camera.worker.start()
    camera.capture.running.wait()

    assert camera.worker.stop()


def test_stop_before_start_is_harmless(camera: Camera) -> None:
    assert camera.worker.stop()


def test_a_broken_loop_is_a_lost_camera(
    qtbot: QtBot, camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    camera.capture.breaks = True
    with qtbot.waitSignal(camera.worker.state_changed) as seen:
        camera.worker.start()

    assert seen.args is not None
    assert seen.args[0].kind is CameraStateKind.LOST
    assert "the driver fell over" in caplog.text
