"""Pictures of the same counter under changing light."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image

Gain = NDArray[np.float32]
"""By what blue, green and red are multiplied: 3 numbers."""

_GAIN_RANGE = (0.2, 5.0)
_DARK, _BRIGHT_PART = 24, 0.98
"""When even the bright places are darker than this, of 255, nothing can be told."""
_WHITE, _WHITE_PART = 250, 0.85
_LEAST_TOLD = 0.02
_PLAIN_WITHIN, _PLAIN_PART = 3, 0.04
"""How far a plain picture's brightness may range: for noise, and as a part of it for the light's fall."""
_SAMPLES = 40
"""Light is compared at so many places along each side."""


def is_picture(image: NDArray[Any]) -> bool:
    """Whether this is a BGR picture with pixels."""
    return image.ndim == 3 and image.shape[2] == 3 and image.size > 0 and image.dtype == np.uint8


def shows_nothing(picture: Image) -> bool:
    """Whether it is too dark, or so bright that nearly all of it is as bright as the camera tells."""
    samples = np.sort(_brightest(_sampled(picture)), axis=None)
    bright, usual = (samples[int(part * (samples.size - 1))] for part in (_BRIGHT_PART, 1 - _WHITE_PART))
    return bool(bright < _DARK or usual >= _WHITE)


def is_plain(picture: Image) -> bool:
    """Whether all is of one colour, as when the lens is covered; the picture is a small one."""
    soft = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (3, 3))
    least, most, _, _ = cv2.minMaxLoc(soft)
    return most - least < _PLAIN_WITHIN + _PLAIN_PART * most


def gain_towards(picture: Image, reference: Image, limits: tuple[float, float] = _GAIN_RANGE) -> Gain:
    """Return by what each colour of `reference` is multiplied to have the light of `picture`, in `limits`.

    The median over the picture: what lies on less than half of the counter does not count, nor do places
    that are as bright as the camera tells.
    """
    seen, known = _sampled(picture), _sampled(reference)
    told = _brightest(np.maximum(seen, known)) < _WHITE - 1
    if np.count_nonzero(told) < _LEAST_TOLD * told.size:
        told[:] = True
    ratios = (seen[told].astype(np.float32) + 1) / (known[told].astype(np.float32) + 1)
    return np.asarray(np.clip(np.median(ratios.T.copy(), axis=1), *limits), np.float32)


def _sampled(picture: Image) -> Image:
    """Return the picture's colours at some places spread over it."""
    down, across = (max(1, side // _SAMPLES) for side in picture.shape[:2])
    return np.ascontiguousarray(picture[::down, ::across])


def _brightest(picture: Image) -> NDArray[np.uint8]:
    """Return the brightest of the colours at each place, faster than `max` along the last axis."""
    blue, green, red = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def shrunk(image: Image, width: int, height: int) -> Image:
    """Return the picture at this size, averaged.

    Halving is several times cheaper than any other averaging: it is done as often as it fits.
    """
    while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
        half = max(1, image.shape[1] // 2), max(1, image.shape[0] // 2)
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def lit(image: Image, gain: Gain) -> Image:
    """Return the picture with its colours multiplied by `gain`."""
    table = np.clip(np.arange(256)[:, None] * gain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table.reshape(1, 256, 3)), np.uint8)
