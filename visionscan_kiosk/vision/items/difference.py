"""Where a picture shows something that is neither the empty counter nor a shadow on it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.items.light import gain_towards, lit

Mask = NDArray[np.uint8]
"""height x width, 0 or 255."""

_CHROMA_APART = 9
_LIGHTNESS_APART = 41
"""Of 255, as OpenCV counts lightness; 16 of 100."""
_ONE = 160
"""What a ratio of 1 is in pictures of ratios; 255 is 1.6."""
_SHADOW = (0.4, 1.03)
_SHADOW_TINT = 0.07
_EDGE = 20
"""Difference of ratios across two pixels; shadows are softer, and noise is less."""
_CLOSED_PART, _OPENED_PART = 1 / 110, 1 / 58
"""Gaps narrower than the first are closed, things narrower than the second are none: of the longer side."""


def difference(seen: Image, bare: Image) -> Mask:
    """Return where something lies: another colour, or lighter or darker in a way that no shadow is.

    Both are small pictures of one size; the light may have changed between them.
    """
    evened = _evened(seen, bare)
    ratio = np.asarray(cv2.divide(evened, bare, scale=_ONE), np.uint8)
    is_thing = _other_colour(evened, bare) & ~_shadow(ratio) | _new_edges(ratio)
    longer = max(seen.shape[:2])
    closed = np.asarray(cv2.morphologyEx(is_thing, cv2.MORPH_CLOSE, _disc(longer * _CLOSED_PART)), np.uint8)
    opened = cv2.morphologyEx(_filled(closed), cv2.MORPH_OPEN, _disc(longer * _OPENED_PART))
    return np.asarray(opened, np.uint8)


def _evened(seen: Image, bare: Image) -> Image:
    """Return the picture in the light of the other, a little blurred: noise is no thing."""
    gain = np.asarray(1 / gain_towards(seen, bare), np.float32)
    return np.asarray(cv2.GaussianBlur(lit(seen, gain), (5, 5), 1.0), np.uint8)


def _other_colour(seen: Image, bare: Image) -> Mask:
    apart = cv2.absdiff(cv2.cvtColor(seen, cv2.COLOR_BGR2LAB), cv2.cvtColor(bare, cv2.COLOR_BGR2LAB))
    lightness, green_red, blue_yellow = cv2.split(np.asarray(apart, np.uint8))
    chroma = np.asarray(cv2.add(green_red, blue_yellow), np.uint8)
    return _above(np.asarray(lightness, np.uint8), _LIGHTNESS_APART) | _above(chroma, _CHROMA_APART)


def _shadow(ratio: Image) -> Mask:
    """Return what is darker in all colours alike."""
    blue, green, red = cv2.split(ratio)
    most, least = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    tint = cv2.subtract(most, least)
    allowed = cv2.convertScaleAbs(green, alpha=_SHADOW_TINT, beta=1)
    is_darker = cv2.inRange(green, np.array(_SHADOW[0] * _ONE), np.array(_SHADOW[1] * _ONE))
    return np.asarray(cv2.bitwise_and(is_darker, cv2.compare(tint, allowed, cv2.CMP_LE)), np.uint8)


def _new_edges(ratio: Image) -> Mask:
    """Return where the ratio jumps; the counter's own pattern is not in it, and shadows are soft."""
    green = np.asarray(cv2.split(ratio)[1], np.uint8)
    return _above(np.asarray(cv2.morphologyEx(green, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))), _EDGE)


def _above(values: Image, limit: int) -> Mask:
    return np.asarray(cv2.threshold(values, limit, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _filled(mask: Mask) -> Mask:
    """Return the mask without holes."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), contours, -1, 255, cv2.FILLED), np.uint8)


def _disc(size: float) -> Mask:
    odd = max(3, round(size) | 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (odd, odd)), np.uint8)
