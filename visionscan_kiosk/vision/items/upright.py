"""A thing cut out of the picture and turned upright, alone on its counter."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image

Outline = NDArray[np.float32]
"""points x 1 x 2, in pixels."""

_MARGIN = 1.25
"""Side of the cut by the longer side of the thing: the recogniser's view of 0.8 holds all of it."""
_LARGEST_SIDE = 480
_LONG_FROM = 1.2
_GROWN = 9


def upright_crop(image: Image, outline: Outline, others: Sequence[Outline], bare: Image) -> Image:
    """Return a square around the thing, longer side upright; other things are covered by `bare` counter."""
    (x, y), size, angle = cv2.minAreaRect(outline)
    side = max(8.0, max(size) * _MARGIN)
    pixels = int(min(side, _LARGEST_SIDE))
    matrix = np.asarray(cv2.getRotationMatrix2D((x, y), _turn(size, angle), pixels / side), np.float64)
    matrix[:, 2] += np.array([pixels / 2 - x, pixels / 2 - y])
    crop = _warped(image, matrix, pixels)
    if others:
        covered = _covered(others, matrix, pixels)
        crop[covered] = _warped(bare, matrix, pixels)[covered]
    return crop


def _turn(size: Sequence[float], angle: float) -> float:
    """Return the degrees that put the longer side upright; a near-square thing is only straightened."""
    width, height = size
    turn = angle if height >= width else angle + 90
    if max(width, height) < _LONG_FROM * min(width, height):
        return (turn + 45) % 90 - 45
    return (turn + 90) % 180 - 90


def _warped(image: Image, matrix: NDArray[np.float64], pixels: int) -> Image:
    warped = cv2.warpAffine(
        image, matrix, (pixels, pixels), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def _covered(others: Sequence[Outline], matrix: NDArray[np.float64], pixels: int) -> NDArray[np.bool_]:
    mask = np.zeros((pixels, pixels), np.uint8)
    for other in others:
        cv2.fillPoly(mask, [np.asarray(cv2.transform(other, matrix)).round().astype(np.int32)], 255)
    grown = cv2.dilate(mask, np.ones((_GROWN, _GROWN), np.uint8))
    return np.asarray(grown > 0)
