"""Where things lie on the counter: what differs from the learned picture of it when it was empty."""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock

import cv2
import numpy as np

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.vision.items.belongings import Ground, looks_like_belonging
from visionscan_kiosk.vision.items.difference import COVER, Mask, difference
from visionscan_kiosk.vision.items.light import gain_towards, is_picture, is_plain, shows_nothing, shrunk
from visionscan_kiosk.vision.items.touching import Outline, looks_like_several
from visionscan_kiosk.vision.items.upright import Cutter

_LONGER_SIDE = 640
_SMALLEST_PART = 0.002
_FOLLOW = 0.1
_MOST_ITEMS = 12
_SMALLEST_SIDE = 16
_MOST_COVERED = 0.65
_RIM = 1 / 40
_MOST_RIM_COVERED = 0.6


_COVERED_LONGER_SIDE = 320
_SMALLEST_COVER = 0.0004


@dataclass(frozen=True, slots=True)
class _EmptyCounter:
    full: Image
    small: Image
    smaller: Image
    is_plain: bool

    @classmethod
    def of(cls, full: Image) -> _EmptyCounter:
        smaller = _small(full, _COVERED_LONGER_SIDE)
        return cls(full, _small(full), smaller, is_plain(smaller))


class CounterItemFinder:
    """Implements the port ItemFinder. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._empty: _EmptyCounter | None = None

    @property
    def knows_empty_counter(self) -> bool:
        """Whether the empty counter was learned; otherwise the whole picture is one item."""
        return self._empty is not None

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; learned again at the same size, it is followed slowly.

        Raises InvalidInput for a picture without pixels or light.
        """
        if not is_picture(image) or min(image.shape[:2]) < _SMALLEST_SIDE:
            raise InvalidInput("The picture of the empty counter is too small. Check the camera.")
        if shows_nothing(image):
            raise InvalidInput("The picture of the empty counter is too dark or too bright. Check the light.")
        with self._lock:
            known = self._empty
            full = image.copy()
            if known is not None and known.full.shape == image.shape:
                full = np.asarray(cv2.addWeighted(known.full, 1 - _FOLLOW, image, _FOLLOW, 0), np.uint8)
            self._empty = _EmptyCounter.of(full)

    def fits(self, image: Image) -> bool:
        """Whether this picture shows the learned counter, with or without goods on it; 2 ms of work.

        It does not when the size is another one, or when nearly all of it or of its rim is something else:
        the camera was moved, or something stands before it.
        """
        return self.covered(image) is not None

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more, as after the camera was moved."""
        with self._lock:
            self._empty = None

    def covered(self, image: Image) -> tuple[Box, ...] | None:
        """Return what hides the counter, one box for all that hangs together; 2 ms of work at 1280 x 720.

        None when it cannot be told: nothing was learned, or the picture does not show that counter. Hands,
        arms and fingers are in it; shadows are not.
        """
        empty = self._empty_like(image)
        if empty is None:
            return None
        smaller = _small(image, _COVERED_LONGER_SIDE)
        if shows_nothing(smaller) or (is_plain(smaller) and not empty.is_plain):
            return None
        mask = difference(smaller, empty.smaller, COVER)
        return _blobs(mask, image.shape[1], image.shape[0]) if _shows_counter(mask) else None

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        """Return the items, left to right; the whole picture as one item when it does not fit.

        No picture raises: one without pixels has no items.
        """
        empty = self._empty_like(image)
        if image.size == 0 or image.ndim < 2:
            return ()
        if empty is None:
            return (_whole(image),)
        small = _small(image)
        mask = difference(small, empty.small)
        if not _shows_counter(mask):
            return (_whole(image),)
        outlines = _outlines(mask)
        scale = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
        full = [np.asarray((outline + 0.5) * scale, np.float32) for outline in outlines]
        gain = gain_towards(small, empty.small)
        cutter, ground = Cutter(image, full, empty.full, gain), Ground.of(small, empty.small, gain)
        return tuple(
            _seen(at, cutter.cut_out(at), outline, ground) for outline, at in zip(outlines, full, strict=True)
        )

    def _empty_like(self, image: Image) -> _EmptyCounter | None:
        empty = self._empty
        is_like = empty is not None and is_picture(image) and image.shape == empty.full.shape
        return empty if is_like else None


def _seen(at: Outline, crop: Image, outline: Outline, ground: Ground) -> SeenItem:
    is_touching = looks_like_several(outline, ground.seen)
    is_belonging = not is_touching and looks_like_belonging(outline, ground)
    return SeenItem(_box(at), crop, is_touching=is_touching, is_belonging=is_belonging)


def _whole(image: Image) -> SeenItem:
    height, width = image.shape[:2]
    return SeenItem(Box(0, 0, width, height), image, is_whole_picture=True)


def _small(image: Image, longer_side: int = _LONGER_SIDE) -> Image:
    """Return the picture halved until it is small: that is cheap, and two pictures of a size stay alike."""
    height, width = image.shape[:2]
    while max(width, height) > longer_side:
        width, height = max(1, width // 2), max(1, height // 2)
    return shrunk(image, width, height)


def _shows_counter(mask: Mask) -> bool:
    """Whether enough is as it was: goods cover a part of the counter, and hardly all its rim."""
    if cv2.countNonZero(mask) > _MOST_COVERED * mask.size:
        return False
    edge = max(1, round(max(mask.shape) * _RIM))
    inner = cv2.countNonZero(np.ascontiguousarray(mask[edge:-edge, edge:-edge]))
    rim_size = mask.size - mask[edge:-edge, edge:-edge].size
    return cv2.countNonZero(mask) - inner <= _MOST_RIM_COVERED * rim_size


def _blobs(mask: Mask, width: int, height: int) -> tuple[Box, ...]:
    """Return the boxes of what hangs together in a mask, in pixels of a picture of this size."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    across, down = width / mask.shape[1], height / mask.shape[0]
    large = [row for row in stats[1:count].tolist() if row[cv2.CC_STAT_AREA] >= _SMALLEST_COVER * mask.size]
    return tuple(
        Box(int(left * across), int(top * down), math.ceil(wide * across), math.ceil(high * down))
        for left, top, wide, high, _ in large
    )


def _outlines(mask: Mask) -> list[Outline]:
    """Return the outlines of what is large enough, left to right."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas = [(cv2.contourArea(contour), contour) for contour in contours]
    fitting = [pair for pair in areas if pair[0] >= _SMALLEST_PART * mask.size]
    largest = sorted(fitting, key=lambda pair: -pair[0])[:_MOST_ITEMS]
    outlines = [np.asarray(contour, np.float32) for _, contour in largest]
    return sorted(outlines, key=lambda outline: float(outline[:, 0, 0].min()))


def _box(outline: Outline) -> Box:
    left, top, width, height = cv2.boundingRect(outline)
    return Box(max(0, left), max(0, top), width, height)
