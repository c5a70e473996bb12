"""Tells when something new has come to rest, from two differences of small pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.vision.items.light import gain_towards, is_picture, lit, shrunk

STILL_FOR_S = 0.35

_WIDTH, _HEIGHT = 160, 120
_MOVED_BY = 14
_CHANGED_BY = 18
_CHANGED_PART = 0.004
_FOLLOW = 0.05


class StillSceneGate:
    """Implements the port SceneGate. For one thread.

    `is_new_still` says that the scene came to rest and differs from the last one that rested: something was
    put down, or one of several things was taken away.
    """

    def __init__(self) -> None:
        self._last: Image | None = None
        self._still_since = 0.0
        self._rested: _Followed | None = None
        self._empty: _Followed | None = None

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; nothing is EMPTY before. Pictures without pixels are ignored."""
        if is_picture(image):
            self._empty = _Followed(_small(image))

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more."""
        self._empty = None

    def feed(self, image: Image, now_s: float) -> SceneState:
        """Return the state after this frame; one without pixels counts as moving."""
        if not is_picture(image):
            self._last = None
            return SceneState(SceneKind.MOVING)
        small, last = _small(image), self._last
        self._last = small
        if last is None or _differ(small, last, _MOVED_BY):
            self._still_since = now_s
            return SceneState(SceneKind.MOVING)
        if now_s - self._still_since < STILL_FOR_S:
            return SceneState(SceneKind.MOVING)
        return self._at_rest(small)

    def _at_rest(self, small: Image) -> SceneState:
        if self._empty is not None and not self._empty.differs_from(small):
            self._empty.follow(small)
            self._rested = _Followed(small)
            return SceneState(SceneKind.EMPTY)
        if self._rested is None or self._rested.differs_from(small):
            self._rested = _Followed(small)
            return SceneState(SceneKind.STILL, is_new_still=True)
        self._rested.follow(small)
        return SceneState(SceneKind.STILL)


class _Followed:
    """A scene whose light changes slowly; things come at once."""

    def __init__(self, small: Image) -> None:
        self._exact: NDArray[np.float32] = small.astype(np.float32)
        self._rounded = small

    def differs_from(self, small: Image) -> bool:
        """Whether something else lies there, whatever the light."""
        return _differ(small, lit(self._rounded, gain_towards(small, self._rounded)), _CHANGED_BY)

    def follow(self, small: Image) -> None:
        """Come a little nearer to this picture."""
        cv2.accumulateWeighted(small, self._exact, _FOLLOW)
        self._rounded = np.asarray(cv2.convertScaleAbs(self._exact), np.uint8)


def _small(image: Image) -> Image:
    return shrunk(image, _WIDTH, _HEIGHT)


def _differ(one: Image, other: Image, by: int) -> bool:
    """Whether more than a few pixels differ by more than this in one of their colours."""
    alike = cv2.inRange(cv2.absdiff(one, other), (0, 0, 0), (by, by, by))
    return cv2.countNonZero(alike) < (1 - _CHANGED_PART) * alike.size
