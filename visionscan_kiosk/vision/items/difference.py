"""Where a picture shows something that is neither the empty counter nor a shadow on it."""

from __future__ import annotations

from typing import NamedTuple

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
_LIGHTER = 11
"""Ratios: by how much a part of a thing that is of the counter's colour is lighter than what is around it."""
_EDGED = 0.6
"""So much of the rim of such a part is an edge; where light only falls otherwise there is none."""
_CELL, _AROUND = 8, 0.4
_NEIGHBOURS = np.ones((3, 3), np.uint8)


class Fineness(NamedTuple):
    """How finely is looked.

    `edge`, `soft_edge`: difference of ratios across two pixels from which on it is an edge, and one that may
    bound a pale part; shadows are softer, and noise is less. `closed`: gaps narrower than this are closed;
    `thinnest`: things narrower than this are none; both are parts of the longer side.
    """

    edge: int
    soft_edge: int
    closed: float
    thinnest: float


THINGS = Fineness(edge=20, soft_edge=8, closed=1 / 110, thinnest=1 / 58)
"""For pictures of 640 pixels: things that are cut out."""
COVER = Fineness(edge=36, soft_edge=12, closed=0, thinnest=1 / 110)
"""For pictures of 320 pixels, on which shadows are twice as steep: all that hides something, fingers too."""


def difference(seen: Image, bare: Image, fineness: Fineness = THINGS) -> Mask:
    """Return where something lies: another colour, or lighter or darker in a way that no shadow is.

    Both are small pictures of one size; the light may have changed between them.
    """
    evened, bare = _evened(seen, bare)
    ratio = np.asarray(cv2.divide(evened, bare, scale=_ONE), np.uint8)
    green = np.asarray(cv2.split(ratio)[1], np.uint8)
    steps = np.asarray(cv2.morphologyEx(green, cv2.MORPH_GRADIENT, _NEIGHBOURS), np.uint8)
    edges = _above(steps, fineness.edge)
    is_thing = np.asarray(_other_colour(evened, bare) & ~_shadow(ratio) | edges, np.uint8)
    is_thing |= _pale_parts(green, _above(steps, fineness.soft_edge), is_thing)
    longer = max(seen.shape[:2])
    if fineness.closed:
        disc = _disc(longer * fineness.closed)
        is_thing = np.asarray(cv2.morphologyEx(is_thing, cv2.MORPH_CLOSE, disc), np.uint8)
    opened = cv2.morphologyEx(_filled(is_thing), cv2.MORPH_OPEN, _disc(longer * fineness.thinnest))
    return np.asarray(opened, np.uint8)


def _evened(seen: Image, bare: Image) -> tuple[Image, Image]:
    """Return both in the brighter light of the two: what is white in the one is then white in the other.

    The first one is a little blurred: noise is no thing.
    """
    gain = gain_towards(seen, bare)
    if gain.mean() > 1:
        bare = lit(bare, gain)
    else:
        seen = lit(seen, np.asarray(1 / gain, np.float32))
    return np.asarray(cv2.GaussianBlur(seen, (3, 3), 0.6), np.uint8), bare


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


def _pale_parts(ratio: Image, edges: Mask, is_thing: Mask) -> Mask:
    """Return what is a little lighter than the counter around it, bounded by edges, beside something.

    A cream carton on light wood has hardly another colour, and is lighter by less than a lamp may change.
    """
    lighter = _above(np.asarray(cv2.subtract(ratio, _light_around(ratio, is_thing)), np.uint8), _LIGHTER)
    solid = np.asarray(cv2.morphologyEx(lighter, cv2.MORPH_OPEN, _NEIGHBOURS), np.uint8)
    count, parts = cv2.connectedComponents(solid, ltype=cv2.CV_16U)
    rim = solid & ~np.asarray(cv2.erode(solid, _NEIGHBOURS), np.uint8)
    rims, edged, beside = (
        cv2.calcHist([parts], [0], np.asarray(where, np.uint8), [count], [0, count]).ravel()
        for where in (rim, rim & edges, solid & np.asarray(cv2.dilate(is_thing, _NEIGHBOURS), np.uint8))
    )
    is_part = (beside > 0) & (edged >= _EDGED * rims)
    return np.asarray((is_part * np.uint8(255))[parts], np.uint8)


def _light_around(ratio: Image, is_thing: Mask) -> Image:
    """Return by how much the light has changed at every place, as a ratio like the others."""
    height, width = ratio.shape
    size = max(1, round(width / _CELL)), max(1, round(height / _CELL))
    bare = np.where(is_thing > 0, np.uint8(_ONE), ratio)
    coarse = cv2.resize(bare, size, interpolation=cv2.INTER_AREA)
    around = cv2.medianBlur(coarse, round(max(size) * _AROUND) | 1)
    return np.asarray(cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _above(values: Image, limit: int) -> Mask:
    return np.asarray(cv2.threshold(values, limit, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _filled(mask: Mask) -> Mask:
    """Return the mask without holes."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), contours, -1, 255, cv2.FILLED), np.uint8)


def _disc(size: float) -> Mask:
    odd = max(3, round(size) | 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (odd, odd)), np.uint8)
