"""A folder of pictures as a camera: each is shown for a while, then the next, for ever."""

from __future__ import annotations

import itertools
import logging
from pathlib import Path

import cv2
import numpy as np

from visionscan_kiosk.domain.errors import CameraUnavailable, InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.pace import Pace
from visionscan_kiosk.vision.pictures import decode_picture

_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_LARGEST_BYTES = 25_000_000
_LARGEST_PIXELS = 50_000_000
_LONGEST_SIDE = 1920
_log = logging.getLogger(__name__)


class FolderSource:
    """Shows every picture of a folder, ordered by name, `frames_per_picture` times each."""

    def __init__(
        self, folder: Path, *, frames_per_second: float = 30.0, frames_per_picture: int = 60
    ) -> None:
        self._folder = folder
        self._paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in _SUFFIXES]
        self._frames_per_picture = frames_per_picture
        self._pace = Pace(frames_per_second)
        self._turn = itertools.cycle(self._paths)
        self._current = self._next_readable()
        self._shown = 0

    @property
    def description(self) -> str:
        """The folder's name."""
        return f"pictures in {self._folder.name}"

    def read(self) -> Image | None:
        """Return the present picture when it is due."""
        self._pace.wait()
        if self._shown >= self._frames_per_picture:
            self._current, self._shown = self._next_readable(), 0
        self._shown += 1
        return self._current.copy()

    def close(self) -> None:
        """Nothing to let go."""

    def _next_readable(self) -> Image:
        """Return the next picture that can be read; a round without any makes the folder useless."""
        for path in itertools.islice(self._turn, len(self._paths)):
            try:
                return _fitted(path)
            except (InvalidInput, OSError) as error:
                _log.warning("%s is passed over: %s", path.name, error)
        raise CameraUnavailable(f"There is no readable PNG, JPEG or WebP picture in {self._folder}.")


def _fitted(path: Path) -> Image:
    picture = decode_picture(path.read_bytes(), max_bytes=_LARGEST_BYTES, max_pixels=_LARGEST_PIXELS)
    scale = _LONGEST_SIDE / max(picture.shape)
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
