"""Tells when something new has come to rest, from two differences of small pictures."""

from __future__ import annotations

import numpy as np

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.vision.items.light import Colours, gain_towards, is_picture, shrunk

STILL_FOR_S = 0.35

_WIDTH, _HEIGHT = 160, 120
_MOVED_BY = 14.0
_CHANGED_BY = 18.0
_CHANGED_PART = 0.004
_FOLLOW = 0.05


class StillSceneGate:
    """Implements the port SceneGate. For one thread.

    `is_new_still` says that the scene came to rest and differs from the last one that rested: something was
    put down, or one of several things was taken away.
    """

    def __init__(self) -> None:
        self._last: Colours | None = None
        self._still_since = 0.0
        self._rested: Colours | None = None
        self._empty: Colours | None = None

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; nothing is EMPTY before. Pictures without pixels are ignored."""
        if is_picture(image):
            self._empty = _small(image)

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

    def _at_rest(self, small: Colours) -> SceneState:
        if self._empty is not None and not _differs_from(small, self._empty):
            self._empty = _followed(self._empty, small)
            self._rested = small
            return SceneState(SceneKind.EMPTY)
        is_new = self._rested is None or _differs_from(small, self._rested)
        self._rested = small if is_new or self._rested is None else _followed(self._rested, small)
        return SceneState(SceneKind.STILL, is_new_still=is_new)


def _small(image: Image) -> Colours:
    return shrunk(image, _WIDTH, _HEIGHT).astype(np.float32)


def _differs_from(small: Colours, reference: Colours) -> bool:
    return _differ(small, reference * gain_towards(small, reference), _CHANGED_BY)


def _differ(one: Colours, other: Colours, by: float) -> bool:
    return bool((np.abs(one - other).max(axis=2) > by).mean() > _CHANGED_PART)


def _followed(reference: Colours, small: Colours) -> Colours:
    """Light changes slowly, things come at once."""
    return reference + _FOLLOW * (small - reference)
