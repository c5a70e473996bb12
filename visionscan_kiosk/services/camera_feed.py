"""Frames and states that a camera hands to whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.services.ports import Image


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the camera: BGR image, running number, monotonic time in seconds."""

    image: Image
    number: int
    captured_at: float


class CameraStateKind(StrEnum):
    """Whether pictures are coming."""

    CONNECTING = "connecting"
    LIVE = "live"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class CameraState:
    """How the camera is, in words for the cashier; `retry_in_s` while it is lost."""

    kind: CameraStateKind
    message: str
    retry_in_s: float | None = None


class Capture(Protocol):
    """A running camera loop, free of any toolkit."""

    def run(self) -> None:
        """Read frames into the slot until `stop`; blocks the calling thread."""

    def stop(self) -> None:
        """Ask `run` to return soon; callable from any thread."""


OpenCapture = Callable[[LatestSlot[Frame], Callable[[], None], Callable[[CameraState], None]], Capture]
"""(slot, on_first_unread_frame, on_state) -> a capture loop that has not started yet."""
