"""Tells what people lay down that is not for sale: a telephone with its screen off, a bag.

By shape and by what goods nearly always have and these have not: print, or the colours and the roundness of
what grew or was baked. What is not plainly one of these is goods: to be asked needlessly costs a tap.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.items.difference import Mask
from visionscan_kiosk.vision.items.light import Gain, lit
from visionscan_kiosk.vision.items.touching import Outline

_TELEPHONE_SHAPE, _TELEPHONE_PART = (1.85, 2.25), (0.015, 0.12)
"""Longer by shorter side, and part of the picture; a bar of chocolate is as large, but printed."""
_TELEPHONE_FILLS = 0.92
"""Of the smallest rectangle around it; what is round at its ends fills less."""
_BAG_PART, _BAG_PART_AT_EDGE = 0.15, 0.08
"""Of the picture; at its edge only a part of a bag is seen."""
_ROUND_FILLS, _ROUND_SOLID = (0.74, 0.83), 0.97
"""A melon or a pumpkin is large and without print too."""
_RIM = 0.16
"""Of the shorter side, which is not looked at: edges of the thing itself, light on its rim."""
_PRINT_STEP, _PRINT_PART = 40, 0.1
"""A change of lightness or colour that may be print, and how much of it a plain thing has at most."""
_OTHER_COLOUR, _LIGHTNESS_WEIGHT = 24, 0.5
_SPOT_PART, _SPOT_THICK = 0.004, 11
"""Of the picture, and in pixels: a spot of another colour from which on something lies there as well."""
_BARE_APART = 12
_SMALLEST = 60

LabImage = NDArray[np.float32]
"""height x width x 3."""


class Ground(NamedTuple):
    """The picture in which things were found, and the empty counter in its light; both of one size."""

    seen: Image
    bare: Image

    @classmethod
    def of(cls, seen: Image, bare: Image, gain: Gain) -> Ground:
        """Return both; `gain` is from the empty counter's light to the picture's."""
        return cls(seen, lit(bare, gain))


def looks_like_belonging(outline: Outline, ground: Ground) -> bool:
    """Whether this is plainly a telephone or a bag; goods that are taken for one are not asked about."""
    return (_has_telephone_shape(outline, ground.seen) or _is_bag_sized(outline, ground.seen)) and _is_plain(
        outline, ground
    )


def _has_telephone_shape(outline: Outline, picture: Image) -> bool:
    shorter, longer = sorted(cv2.minAreaRect(outline)[1])
    area = cv2.contourArea(outline)
    fills, part = area / max(1.0, shorter * longer), area / _pixels(picture)
    has_size = _TELEPHONE_PART[0] <= part <= _TELEPHONE_PART[1]
    is_slab = _TELEPHONE_SHAPE[0] <= longer / max(1.0, shorter) <= _TELEPHONE_SHAPE[1]
    return has_size and is_slab and fills >= _TELEPHONE_FILLS


def _is_bag_sized(outline: Outline, picture: Image) -> bool:
    area = cv2.contourArea(outline)
    if area < (_BAG_PART_AT_EDGE if _is_cut_off(outline, picture) else _BAG_PART) * _pixels(picture):
        return False
    width, height = cv2.minAreaRect(outline)[1]
    fills, hull = area / max(1.0, width * height), cv2.contourArea(cv2.convexHull(outline))
    is_round = _ROUND_FILLS[0] <= fills <= _ROUND_FILLS[1] and area >= _ROUND_SOLID * hull
    return not is_round


def _is_cut_off(outline: Outline, picture: Image) -> bool:
    """Whether it goes on outside of the picture."""
    height, width = picture.shape[:2]
    return Box(*cv2.boundingRect(outline.astype(np.int32))).is_at_rim(width, height)


def _is_plain(outline: Outline, ground: Ground) -> bool:
    """Whether it is of one colour without print, apart from where the counter shows through a strap."""
    there, inner = _inner(outline)
    seen, bare = (_lab(picture[there]) for picture in ground)
    inner &= _apart(seen, bare) > _BARE_APART
    if np.count_nonzero(inner) < _SMALLEST:
        return False
    has_print = np.count_nonzero(_steps(seen)[inner] > _PRINT_STEP) > _PRINT_PART * np.count_nonzero(inner)
    return not has_print and _largest_spot(seen, inner) < _SPOT_PART * _pixels(ground.seen)


def _inner(outline: Outline) -> tuple[tuple[slice, slice], NDArray[np.bool_]]:
    """Return where the thing is in the picture, and which pixels of there are it without its rim."""
    x, y, width, height = cv2.boundingRect(outline.astype(np.int32))
    mask = np.zeros((height + 2, width + 2), np.uint8)
    cv2.fillPoly(mask, [(outline - (x - 1, y - 1)).round().astype(np.int32)], (255,))
    rim = max(3, round(_RIM * min(cv2.minAreaRect(outline)[1])))
    inner = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim)))
    return (slice(y, y + height), slice(x, x + width)), np.asarray(inner[1:-1, 1:-1] > 0)


def _lab(picture: Image) -> LabImage:
    soft = cv2.GaussianBlur(picture, (5, 5), 1.0)
    return np.asarray(cv2.cvtColor(soft, cv2.COLOR_BGR2LAB), np.float32)


def _apart(one: LabImage, other: LabImage | NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far colours are apart; light that falls otherwise counts less."""
    weights = np.array((_LIGHTNESS_WEIGHT, 1, 1), np.float32)
    return np.asarray(np.linalg.norm((one - other) * weights, axis=2), np.float32)


def _steps(lab: LabImage) -> NDArray[np.float32]:
    across, down = (cv2.Sobel(lab, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    return np.asarray(cv2.magnitude(across, down).max(axis=2), np.float32)


def _largest_spot(lab: LabImage, inner: NDArray[np.bool_]) -> int:
    """Return the pixels of the largest part that is of another colour than most; straps are too thin."""
    usual = np.median(lab[inner], axis=0).astype(np.float32)
    other: Mask = np.asarray((inner & (_apart(lab, usual) > _OTHER_COLOUR)) * np.uint8(255), np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SPOT_THICK, _SPOT_THICK))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(other, cv2.MORPH_OPEN, disc))
    areas: list[int] = stats[1:, cv2.CC_STAT_AREA].tolist()
    return max(areas) if areas else 0


def _pixels(picture: Image) -> int:
    return int(picture.shape[0]) * int(picture.shape[1])
