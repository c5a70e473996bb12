"""Tells when something new has come to rest, from differences of small pictures and the time between them."""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.vision.items.light import gain_towards, is_picture, is_plain, lit, shows_nothing, shrunk

STILL_FOR_S = 0.35
COMPARED_OVER_S = 0.15
"""Movement is looked for over this time: from one of 60 pictures to the next a slow hand hardly moves."""
LONGEST_GAP_S = 1.0
"""After so long without a picture anything may have happened."""

_WIDTH, _HEIGHT = 160, 120
_MOVED_BY, _MOVED_PART = 14, 0.002
_CHANGED_BY, _CHANGED_PART = 18, 0.001
"""The smallest thing that the finder finds is twice this part of the picture."""
_FOLLOWED_IN_S = 0.65
_LIGHT_RANGE = (0.12, 8.0)
_BRIGHTEST = 230
_NEIGHBOURS = np.ones((3, 3), np.uint8)


class _Seen(NamedTuple):
    at: float
    small: Image


class StillSceneGate:
    """Implements the port SceneGate. For one thread.

    `is_new_still` says that the scene came to rest and differs from the last one that rested: something was
    put down, or one of several things was taken away. The states depend on the time of the pictures and not
    on how many there are.
    """

    def __init__(self) -> None:
        self._recent: deque[_Seen] = deque()
        self._moved_at = 0.0
        self._rested: _Followed | None = None
        self._empty: _Followed | None = None

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; nothing is EMPTY before. Pictures that show nothing are ignored."""
        if is_picture(image) and not shows_nothing(small := _small(image)):
            self._empty = _Followed(small)

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more."""
        self._empty = None

    def feed(self, image: Image, now_s: float) -> SceneState:
        """Return the state after this frame; one without pixels counts as moving."""
        if not is_picture(image):
            return self._lost(SceneKind.MOVING, now_s)
        small = _small(image)
        if self._is_blind(small):
            return self._lost(SceneKind.BLIND, now_s)
        is_moving = self._is_moving(small, now_s)
        passed_s = now_s - self._recent[-1].at if self._recent else 0.0
        self._remember(small, now_s)
        if is_moving or now_s - self._moved_at < STILL_FOR_S:
            return SceneState(SceneKind.MOVING, has_moved=is_moving)
        return self._at_rest(small, passed_s)

    def _lost(self, kind: SceneKind, now_s: float) -> SceneState:
        """Nothing can be told of this picture, nor of what happens until the next one."""
        self._recent.clear()
        self._moved_at = now_s
        return SceneState(kind, has_moved=True)

    def _is_blind(self, small: Image) -> bool:
        """Whether nothing can be told; a counter that is plain itself is known by how it was learned."""
        may_be_plain = self._empty is not None and self._empty.is_plain
        return shows_nothing(small) or (not may_be_plain and is_plain(small))

    def _is_moving(self, small: Image, now_s: float) -> bool:
        """Compare with the frame before, and with the one of a little earlier for what moves slowly."""
        last = self._recent[-1] if self._recent else None
        if last is None or now_s - last.at > LONGEST_GAP_S or _moved(small, last.small):
            self._moved_at = now_s
            return True
        while len(self._recent) > 1 and self._recent[1].at <= now_s - COMPARED_OVER_S:
            self._recent.popleft()
        earlier = self._recent[0]
        if earlier is last or not _moved(small, earlier.small):
            return False
        self._moved_at = max(self._moved_at, earlier.at)
        return True

    def _remember(self, small: Image, now_s: float) -> None:
        self._recent.append(_Seen(now_s, small))

    def _at_rest(self, small: Image, passed_s: float) -> SceneState:
        if self._empty is not None and not self._empty.differs_from(small):
            self._empty.follow(small, passed_s)
            self._rested = _Followed(small)
            return SceneState(SceneKind.EMPTY)
        if self._rested is None or self._rested.differs_from(small):
            self._rested = _Followed(small)
            return SceneState(SceneKind.STILL, is_new_still=True)
        self._rested.follow(small, passed_s)
        return SceneState(SceneKind.STILL)


class _Followed:
    """A scene whose light changes slowly; things come at once."""

    def __init__(self, small: Image) -> None:
        self._exact: NDArray[np.float32] = small.astype(np.float32)
        self._rounded = small
        self.is_plain = is_plain(small)

    def differs_from(self, small: Image) -> bool:
        """Whether something else lies there, whatever the light.

        What is no farther off than the next pixel is the same: a camera that trembles shows nothing new.
        """
        known = lit(self._rounded, gain_towards(small, self._rounded, _LIGHT_RANGE))
        lighter = cv2.subtract(small, cv2.dilate(known, _NEIGHBOURS))
        darker = cv2.subtract(cv2.erode(known, _NEIGHBOURS), small)
        # What was as bright as the camera tells may be brighter still when the light is less.
        lighter = cv2.bitwise_and(lighter, lighter, mask=_below(self._rounded, _BRIGHTEST))
        return _is_beyond(np.asarray(cv2.max(lighter, darker), np.uint8), _CHANGED_BY, _CHANGED_PART)

    def follow(self, small: Image, passed_s: float) -> None:
        """Come a little nearer to this picture, the more the longer ago the one before was."""
        cv2.accumulateWeighted(small, self._exact, 1 - math.exp(-passed_s / _FOLLOWED_IN_S))
        self._rounded = np.asarray(cv2.convertScaleAbs(self._exact), np.uint8)


def _small(image: Image) -> Image:
    return shrunk(image, _WIDTH, _HEIGHT)


def _moved(small: Image, before: Image) -> bool:
    return _is_beyond(np.asarray(cv2.absdiff(small, before), np.uint8), _MOVED_BY, _MOVED_PART)


def _is_beyond(apart: Image, by: int, part: float) -> bool:
    """Whether more than this part of the pixels differ by more than `by` in one of their colours."""
    alike = _below(apart, by + 1)
    return cv2.countNonZero(alike) < (1 - part) * alike.size


def _below(picture: Image, value: int) -> Image:
    """Return 255 where all colours are below this value, 0 elsewhere."""
    return np.asarray(cv2.inRange(picture, (0, 0, 0), (value - 1,) * 3), np.uint8)
