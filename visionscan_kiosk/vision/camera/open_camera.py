"""From the words of a setting to an open camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.errors import CameraUnavailable, InvalidInput
from visionscan_kiosk.services.camera_feed import CameraState, Capture, Frame, OpenCapture
from visionscan_kiosk.vision.camera.capture_loop import CaptureLoop
from visionscan_kiosk.vision.camera.folder_source import FolderSource
from visionscan_kiosk.vision.camera.source import FrameSource
from visionscan_kiosk.vision.camera.video_source import NetworkSource, VideoFileSource, WebcamSource
from visionscan_kiosk.vision.counter import CounterSource, SimulatedCounter, load_packs

_COUNTER = "counter:"
_NETWORK = ("rtsp://", "rtsps://", "http://", "https://")


def open_camera(source: str, counter: SimulatedCounter | None = None) -> FrameSource:
    """Open a camera by what the setting says; raise CameraUnavailable with what to do.

    `0` is a webcam, `/dev/video2` a device, `rtsp://...` or `http://...` a network camera, any other path a
    video file or a folder of pictures. `counter:` is `counter`, or without one the sample shop's counter;
    `counter:SKU,SKU` puts goods on it.
    """
    text = source.strip()
    if text.startswith(_COUNTER):
        return CounterSource(_laid(counter or sample_counter(), text.removeprefix(_COUNTER)))
    if text.lower().startswith(_NETWORK):
        return NetworkSource(text)
    if text.isascii() and text.isdigit():
        return WebcamSource(int(text))
    return _open_path(Path(text).expanduser())


def capture_opener(source: str, counter: SimulatedCounter | None = None) -> OpenCapture:
    """Return what builds a capture loop on this source, for whoever has a thread for it."""

    def open_capture(
        slot: LatestSlot[Frame], on_frame: Callable[[], None], on_state: Callable[[CameraState], None]
    ) -> Capture:
        return CaptureLoop(lambda: open_camera(source, counter), slot, on_frame, on_state)

    return open_capture


def sample_counter() -> SimulatedCounter:
    """Return an empty counter for the packs of the sample shop."""
    return SimulatedCounter(load_packs(bundled("resources/sample_shop/packs")))


def _open_path(path: Path) -> FrameSource:
    if path.is_dir():
        return FolderSource(path)
    if path.is_char_device():
        return WebcamSource(str(path))
    if path.is_file():
        return VideoFileSource(path)
    raise CameraUnavailable(
        f"There is no camera source {path}. Name a webcam number, a device, an rtsp:// or http:// address, "
        "a video file, a folder of pictures, or counter:"
    )


def _laid(counter: SimulatedCounter, skus: str) -> SimulatedCounter:
    missing = [sku for sku in skus.split(",") if sku.strip() and sku.strip() not in counter.on_counter]
    try:
        for sku in missing:
            counter.place(sku.strip())
    except InvalidInput as error:
        raise CameraUnavailable(str(error)) from error
    return counter
