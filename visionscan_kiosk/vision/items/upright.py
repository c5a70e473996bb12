"""A thing cut out of the picture and turned upright, alone on its counter."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.items.difference import Mask
from visionscan_kiosk.vision.items.light import Gain, lit
from visionscan_kiosk.vision.items.touching import Outline

_MARGIN = 1.25
"""Side of the cut by the longer side of the thing: the recogniser's view of 0.8 holds all of it."""
_LARGEST_SIDE = 480
_LONG_FROM = 1.2
_GROWN = 9


class Cutter:
    """Cuts the things of one picture out, each as if the others were not there.

    `outlines` are those of all things in pixels of `image`; the others are covered by the `bare` counter,
    whose light is multiplied by `gain`.
    """

    def __init__(self, image: Image, outlines: Sequence[Outline], bare: Image, gain: Gain) -> None:
        self._image = image
        self._outlines = outlines
        self._bare = bare
        self._gain = gain

    def cut_out(self, outline: Outline) -> Image:
        """Return a square around the thing, longer side upright."""
        (x, y), size, angle = cv2.minAreaRect(outline)
        side = max(8.0, max(size) * _MARGIN)
        pixels = int(min(side, _LARGEST_SIDE))
        matrix = np.asarray(cv2.getRotationMatrix2D((x, y), _turn(size, angle), pixels / side), np.float64)
        matrix[:, 2] += np.array([pixels / 2 - x, pixels / 2 - y])
        crop = _warped(self._image, matrix, pixels, pixels)
        self._cover(crop, [other for other in self._outlines if other is not outline], matrix)
        return crop

    def _cover(self, crop: Image, others: Sequence[Outline], matrix: NDArray[np.float64]) -> None:
        """Lay the bare counter over the other things; only where they reach into the crop."""
        mask = _covered(others, matrix, crop.shape[0])
        left, top, width, height = cv2.boundingRect(mask)
        if width == 0:
            return
        there = slice(top, top + height), slice(left, left + width)
        shifted = matrix - np.array([[0, 0, left], [0, 0, top]])
        bare = lit(_warped(self._bare, shifted, width, height), self._gain)
        cv2.copyTo(bare, mask[there], crop[there])


def _turn(size: Sequence[float], angle: float) -> float:
    """Return the degrees that put the longer side upright; a near-square thing is only straightened."""
    width, height = size
    turn = angle if height >= width else angle + 90
    if max(width, height) < _LONG_FROM * min(width, height):
        return (turn + 45) % 90 - 45
    return (turn + 90) % 180 - 90


def _warped(image: Image, matrix: NDArray[np.float64], width: int, height: int) -> Image:
    warped = cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def _covered(others: Sequence[Outline], matrix: NDArray[np.float64], pixels: int) -> Mask:
    mask = np.zeros((pixels, pixels), np.uint8)
    for other in others:
        cv2.fillPoly(mask, [np.asarray(cv2.transform(other, matrix)).round().astype(np.int32)], (255,))
    return np.asarray(cv2.dilate(mask, np.ones((_GROWN, _GROWN), np.uint8)), np.uint8)
