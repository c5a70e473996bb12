"""Watches one camera until told to stop: hands over the newest picture, tells its state, comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread

from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.errors import CameraUnavailable
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind, Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.camera.source import FrameSource

BACK_OFF_S = (1.0, 2.0, 4.0, 8.0)
_LOOK_FOR_STOP_S = 0.05
_SLOW_OPENING_S = 10.0
_NO_PICTURE_S = 5.0
_BETWEEN_EMPTY_READS_S = 0.01


class CaptureLoop:
    """Runs in the caller's thread. `on_frame` is called only when the slot was empty: one wake-up suffices.

    Opening a camera may hang in a driver for as long as it likes. It therefore happens in a daemon thread of
    its own: `stop` ends `run` within a tenth of a second even then, and the late camera is closed as soon as
    the driver lets go of it. A read blocks for as long as the source's own time limit (2 s for a webcam on
    Linux, 4 s for a network camera), and `stop` waits for it.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        slot: LatestSlot[Frame],
        on_frame: Callable[[], None],
        on_state: Callable[[CameraState], None],
        *,
        back_off_s: tuple[float, ...] = BACK_OFF_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_source = open_source
        self._slot = slot
        self._on_frame = on_frame
        self._on_state = on_state
        self._back_off_s = back_off_s
        self._clock = clock
        self._stopped = Event()
        self._number = 0
        self._failures = 0

    def run(self) -> None:
        """Read frames into the slot until `stop`; a lost camera is tried again after 1, 2, 4, 8, 8 ... s."""
        while not self._stopped.is_set():
            self._say(CameraStateKind.CONNECTING, "Connecting to the camera")
            try:
                self._watch_once()
            except CameraUnavailable as error:
                self._rest(str(error))

    def stop(self) -> None:
        """Ask `run` to return soon; callable from any thread, any number of times."""
        self._stopped.set()

    def _watch_once(self) -> None:
        source = self._open()
        if source is None:
            return
        try:
            self._read_until_stopped(source)
        finally:
            source.close()

    def _open(self) -> FrameSource | None:
        """Return the open source, None when stopped meanwhile."""
        opening = _Opening(self._open_source)
        slow_at = self._clock() + _SLOW_OPENING_S
        while not self._stopped.is_set():
            source = opening.result(_LOOK_FOR_STOP_S)
            if source is not None:
                return source
            if self._clock() > slow_at:
                slow_at = float("inf")
                self._say(CameraStateKind.LOST, "The camera does not answer. Unplug it and plug it in again.")
        opening.abandon()
        return None

    def _read_until_stopped(self, source: FrameSource) -> None:
        is_live, last_picture_at = False, self._clock()
        while not self._stopped.is_set():
            picture = source.read()
            now = self._clock()
            if picture is not None:
                self._hand_over(picture, now)
                last_picture_at = now
                if not is_live:
                    is_live, self._failures = True, 0
                    self._say(CameraStateKind.LIVE, source.description)
            elif now - last_picture_at > _NO_PICTURE_S:
                raise CameraUnavailable(f"The {source.description} sends no pictures. Check its cable.")
            else:
                self._stopped.wait(_BETWEEN_EMPTY_READS_S)

    def _hand_over(self, picture: Image, now: float) -> None:
        self._number += 1
        if self._slot.put(Frame(picture, self._number, now)):
            self._on_frame()

    def _rest(self, message: str) -> None:
        pause_s = self._back_off_s[min(self._failures, len(self._back_off_s) - 1)]
        self._failures += 1
        if not self._stopped.is_set():
            self._say(CameraStateKind.LOST, message, pause_s)
            self._stopped.wait(pause_s)

    def _say(self, kind: CameraStateKind, message: str, retry_in_s: float | None = None) -> None:
        self._on_state(CameraState(kind, message, retry_in_s))


class _Opening:
    """One attempt to open a source, in a thread that nobody has to wait for."""

    def __init__(self, open_source: Callable[[], FrameSource]) -> None:
        self._open_source = open_source
        self._outcome: SimpleQueue[FrameSource | Exception] = SimpleQueue()
        self._abandoned = Event()
        Thread(target=self._run, name="camera-opening", daemon=True).start()

    def result(self, timeout_s: float) -> FrameSource | None:
        """Return the source, None while it is not open yet; raise what opening it raised."""
        try:
            outcome = self._outcome.get(timeout=timeout_s)
        except Empty:
            return None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def abandon(self) -> None:
        """Close the source as soon as it is there."""
        self._abandoned.set()
        self._close_late_source()

    def _run(self) -> None:
        try:
            self._outcome.put(self._open_source())
        except Exception as error:  # noqa: BLE001 # handed to the waiting thread, which raises it
            self._outcome.put(error)
        if self._abandoned.is_set():
            self._close_late_source()

    def _close_late_source(self) -> None:
        try:
            outcome = self._outcome.get_nowait()
        except Empty:
            return
        if not isinstance(outcome, Exception):
            outcome.close()
