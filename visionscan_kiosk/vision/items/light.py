"""Pictures of the same counter under changing light."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image

Colours = NDArray[np.float32]
"""height x width x 3, BGR, 0..255, before rounding."""

_GAIN_RANGE = (0.4, 2.5)
_EVERY = 4


def is_picture(image: NDArray[Any]) -> bool:
    """Whether this is a BGR picture with pixels."""
    return image.ndim == 3 and image.shape[2] == 3 and image.size > 0 and image.dtype == np.uint8


def gain_towards(picture: Image | Colours, reference: Colours) -> Colours:
    """Return by what each colour of `reference` is multiplied to have the light of `picture`: 3 numbers.

    The median over the picture: what lies on less than half of the counter does not count.
    """
    seen = picture[::_EVERY, ::_EVERY].reshape(-1, 3).astype(np.float32) + 1
    known = reference[::_EVERY, ::_EVERY].reshape(-1, 3) + 1
    return np.asarray(np.clip(np.median(seen / known, axis=0), *_GAIN_RANGE), np.float32)


def shrunk(image: Image, width: int, height: int) -> Image:
    """Return the picture at this size, averaged."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def lit(image: Image, gain: Colours) -> Image:
    """Return the picture with its colours multiplied by `gain`."""
    table = np.clip(np.arange(256)[:, None] * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table.reshape(1, 256, 3)), np.uint8)
