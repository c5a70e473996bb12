"""What every camera can do."""

from __future__ import annotations

from typing import Protocol

from visionscan_kiosk.services.ports import Image


class FrameSource(Protocol):
    """An open camera. Used by one thread at a time."""

    @property
    def description(self) -> str:
        """What this source is, for people; without passwords."""

    def read(self) -> Image | None:
        """Return the next picture (height x width x 3 BGR), None when there is none now.

        Raises CameraUnavailable when the camera is lost; the source is of no further use then.
        """

    def close(self) -> None:
        """Let the camera go."""
