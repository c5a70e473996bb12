"""A plain counter made of photographs: what is in the middle of each is cut out and laid on a drawn one.

Honest about what it is: nobody photographed these goods on a counter. The cut is made by GrabCut from the
middle outwards; of a heap it takes a piece, of a carton in a hand some of the hand, and now and then a price
tag instead. Light, pose, perspective, shadow and noise are drawn. The till then finds and cuts as it does.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.items import CounterItemFinder

_SIZE = (960, 540)
_SIDE = 96
_ROUNDS = 2
_LEAST_PART, _MOST_PART = 0.08, 0.62
_LIGHT = (0.8, 1.15)

Mask = NDArray[np.uint8]


class PlainCounter:
    """A counter for cut-outs of photographs, and the finder that knows it when it is empty."""

    def __init__(self, photos: Sequence[Image]) -> None:
        self._counter = SimulatedCounter(
            {str(number): cut_out(photo) for number, photo in enumerate(photos)}, size=_SIZE
        )
        self._finder = CounterItemFinder()
        self._finder.learn_empty_counter(self._counter.render_still([], 0))

    def crop(self, number: int, seed: int) -> Image:
        """Return what the till cuts from a picture of this thing; the seed turns and lights it."""
        light = np.random.default_rng(seed).uniform(*_LIGHT)
        still = self._counter.render_still([str(number)], seed)
        items = self._finder.find(np.clip(still * light, 0, 255).astype(np.uint8))
        return max(items, key=lambda item: item.box.width * item.box.height).crop


def cut_out(photo: Image) -> Image:
    """Return what is in the middle of a photograph as BGRA, transparent around it."""
    height, width = photo.shape[:2]
    small = np.asarray(cv2.resize(photo, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    mask = np.asarray(cv2.resize(_middle(small), (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    left, top, across, down = cv2.boundingRect((mask > 127).astype(np.uint8))
    return np.dstack([photo, mask])[top : top + down, left : left + across]


def _middle(small: Image) -> Mask:
    """Return where the thing is, 0 or 255; a disc where nothing stands out."""
    marks = np.full((_SIDE, _SIDE), cv2.GC_BGD, np.uint8)
    for radius, mark in ((0.46, cv2.GC_PR_BGD), (0.3, cv2.GC_PR_FGD), (0.08, cv2.GC_FGD)):
        marks[_disc(radius) > 0] = mark
    cv2.grabCut(small, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8) * 255
    found = np.asarray(cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
    _, parts = cv2.connectedComponents(found)
    thing = np.where(parts == parts[_SIDE // 2, _SIDE // 2], found, 0).astype(np.uint8)
    part = np.count_nonzero(thing) / thing.size
    return thing if _LEAST_PART <= part <= _MOST_PART else _disc(0.3)


def _disc(radius: float) -> Mask:
    canvas, middle = np.zeros((_SIDE, _SIDE), np.uint8), (_SIDE // 2, _SIDE // 2)
    return np.asarray(cv2.circle(canvas, middle, int(radius * _SIDE), 255, cv2.FILLED), np.uint8)
