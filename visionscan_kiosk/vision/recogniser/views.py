"""What is looked at in a picture: square cuts around its middle, as input of the net and as colours."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image

COLOUR_BINS = (4, 12, 12)

_COLOUR_RANGES = [0, 256, 64, 192, 64, 192]
_COLOUR_SIDE = 96
_LARGEST_SIDE = 1024


class View(NamedTuple):
    """A square cut: its side and its shift from the middle, as parts of the picture's shorter side.

    `is_upside_down`: a product on the counter may lie either way.
    """

    fraction: float
    right: float = 0.0
    down: float = 0.0
    is_upside_down: bool = False

    def of(self, image: Image) -> Image:
        """Return this view of a picture; it stays inside."""
        height, width = image.shape[:2]
        shorter = min(height, width)
        side = max(1, int(shorter * self.fraction))
        top = _inside(height, side, self.down * shorter)
        left = _inside(width, side, self.right * shorter)
        square = image[top : top + side, left : left + side]
        return square[::-1, ::-1] if self.is_upside_down else square


def _inside(length: int, side: int, shift: float) -> int:
    return max(0, min(length - side, int((length - side) / 2 + shift)))


def as_picture(image: Image) -> Image:
    """Return a BGR picture of a size that is quick to cut; raise InvalidInput for what is no picture."""
    if image.ndim not in (2, 3) or image.size == 0 or image.dtype != np.uint8:
        raise InvalidInput("The picture has no pixels.", field="image")
    return _shrunk(_with_three_colours(image))


def _with_three_colours(image: Image) -> Image:
    channels = 1 if image.ndim == 2 else image.shape[2]
    if channels == 1:
        return np.repeat(image.reshape(*image.shape[:2], 1), 3, axis=2)
    if channels in (3, 4):
        return image[:, :, :3]
    raise InvalidInput("The picture has neither grey nor colours.", field="image")


def _shrunk(image: Image) -> Image:
    """Only the shorter side matters: the views are squares."""
    height, width = image.shape[:2]
    shorter = min(height, width)
    square = View(1).of(image)
    if shorter <= _LARGEST_SIDE:
        return square
    size = (_LARGEST_SIDE, _LARGEST_SIDE)
    return np.asarray(cv2.resize(square, size, interpolation=cv2.INTER_AREA), np.uint8)


def network_input(view: Image, side: int) -> NDArray[np.float32]:
    """Return a view as the net wants it: 3 x side x side, RGB, (value - 127) / 128."""
    small = cv2.resize(view, (side, side), interpolation=cv2.INTER_AREA)
    colours = (small[:, :, ::-1].astype(np.float32) - 127) / 128
    return np.ascontiguousarray(colours.transpose(2, 0, 1))


def colour_histogram(view: Image) -> NDArray[np.float32]:
    """Return the square-rooted Lab histogram of a view, 576 numbers of unit length."""
    small = cv2.resize(view, (_COLOUR_SIDE, _COLOUR_SIDE), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    counts = cv2.calcHist([lab], [0, 1, 2], None, list(COLOUR_BINS), _COLOUR_RANGES).ravel()
    return unit_length(np.sqrt(counts))


def unit_length(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return rows of length 1; rows of nothing stay nothing."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)
