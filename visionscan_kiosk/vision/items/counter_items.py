"""Where things lie on the counter: what differs from the learned picture of it when it was empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.vision.items.light import Colours, gain_towards, is_picture, lit, shrunk
from visionscan_kiosk.vision.items.upright import Outline, upright_crop

Mask = NDArray[np.uint8]
"""height x width, 0 or 255."""

_LONGER_SIDE = 480
_CHROMA_APART = 9.0
_LIGHTNESS_APART = 16.0
_EDGES_APART = 9.0
_SHADOW = (0.4, 1.0)
_SHADOW_TINT = 0.06
_SMALLEST_PART = 0.003
_LARGEST_PART = 0.85
_SOLID = 0.82
_FOLLOW = 0.1
_MOST_ITEMS = 12
_SMALLEST_SIDE = 16


@dataclass(frozen=True, slots=True)
class _EmptyCounter:
    full: Image
    small: Colours


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

        Raises InvalidInput for a picture without pixels.
        """
        if not is_picture(image) or min(image.shape[:2]) < _SMALLEST_SIDE:
            raise InvalidInput("The picture of the empty counter is too small. Check the camera.")
        with self._lock:
            known = self._empty
            full = image.copy()
            if known is not None and known.full.shape == image.shape:
                full = np.asarray(cv2.addWeighted(known.full, 1 - _FOLLOW, image, _FOLLOW, 0), np.uint8)
            self._empty = _EmptyCounter(full, _small(full))

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more, as after the camera was moved."""
        with self._lock:
            self._empty = None

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        """Return the items, left to right; the whole picture as one item when no counter was learned.

        No picture raises: one without pixels has no items.
        """
        empty = self._empty
        if image.size == 0 or image.ndim < 2:
            return ()
        if empty is None or not is_picture(image) or image.shape != empty.full.shape:
            return (_whole(image),)
        small = _small(image)
        gain = gain_towards(small, empty.small)
        outlines = _outlines(_apart(small, empty.small * gain), image.shape[0] / small.shape[0])
        bare = lit(empty.full, gain) if len(outlines) > 1 else empty.full
        return tuple(_item(outline, outlines, image, bare) for outline in outlines)


def _whole(image: Image) -> SeenItem:
    height, width = image.shape[:2]
    return SeenItem(Box(0, 0, width, height), image)


def _small(image: Image) -> Colours:
    height, width = image.shape[:2]
    scale = min(1.0, _LONGER_SIDE / max(height, width))
    small = shrunk(image, max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 1.0), np.float32)


def _apart(seen: Colours, bare: Colours) -> Mask:
    """Return where something lies: another colour, or lighter or darker in a way that no shadow is."""
    difference = _lab(seen) - _lab(bare)
    chroma = np.hypot(difference[:, :, 1], difference[:, :, 2])
    ratio = (seen + 1) / (bare + 1)
    brightness = ratio.mean(axis=2)
    tint = (ratio.max(axis=2) - ratio.min(axis=2)) / np.maximum(brightness, 0.05)
    is_shadow = (brightness > _SHADOW[0]) & (brightness < _SHADOW[1]) & (tint < _SHADOW_TINT)
    is_other = (chroma > _CHROMA_APART) | (np.abs(difference[:, :, 0]) > _LIGHTNESS_APART)
    has_edge = np.abs(_edges(seen) - _edges(bare)) > _EDGES_APART
    mask = np.where((is_other & ~is_shadow) | has_edge, 255, 0).astype(np.uint8)
    closed = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(7)), np.uint8)
    return np.asarray(cv2.morphologyEx(_filled(closed), cv2.MORPH_OPEN, _disc(11)), np.uint8)


def _edges(picture: Colours) -> NDArray[np.float32]:
    """Return how steep the brightness is; the edges of shadows are soft."""
    grey = picture.mean(axis=2)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, down) / 4, np.float32)


def _filled(mask: Mask) -> Mask:
    """Return the mask without holes."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), contours, -1, 255, cv2.FILLED), np.uint8)


def _lab(picture: Colours) -> Colours:
    return np.asarray(cv2.cvtColor(np.clip(picture, 0, 255) / np.float32(255), cv2.COLOR_BGR2LAB), np.float32)


def _disc(size: int) -> Mask:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _outlines(mask: Mask, scale: float) -> list[Outline]:
    """Return the outlines of what is large enough, in pixels of the full picture, left to right."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas = [(cv2.contourArea(contour), contour) for contour in contours]
    fitting = [pair for pair in areas if _SMALLEST_PART <= pair[0] / mask.size <= _LARGEST_PART]
    largest = sorted(fitting, key=lambda pair: -pair[0])[:_MOST_ITEMS]
    outlines = [np.asarray((contour + 0.5) * scale, np.float32) for _, contour in largest]
    return sorted(outlines, key=lambda outline: float(outline[:, 0, 0].min()))


def _item(outline: Outline, all_outlines: Sequence[Outline], image: Image, bare: Image) -> SeenItem:
    others = [other for other in all_outlines if other is not outline]
    left, top, width, height = cv2.boundingRect(outline)
    return SeenItem(
        box=Box(max(0, left), max(0, top), width, height),
        crop=upright_crop(image, outline, others, bare),
        is_touching=_is_ragged(outline),
    )


def _is_ragged(outline: Outline) -> bool:
    """One thing is mostly convex; two that touch leave a notch between them."""
    hull = cv2.contourArea(cv2.convexHull(outline))
    return bool(hull > 0 and cv2.contourArea(outline) / hull < _SOLID)
