"""What a camera makes of a drawn scene: a little softness, and noise that is cheap to make anew."""

from __future__ import annotations

import cv2
import numpy as np

from visionscan_kiosk.services.ports import Image

_SPREAD = 2.2
_MIDDLE = 8
_SPARE = 64
_DARKER = np.maximum(np.arange(256) - _MIDDLE, 0).astype(np.uint8)


def as_seen(scene: Image) -> Image:
    """Blur a little; and darken by the noise's mean, so that a frame costs one saturating addition."""
    soft = cv2.GaussianBlur(scene, (0, 0), 0.5)
    return np.asarray(cv2.LUT(soft, _DARKER), np.uint8)


class SensorNoise:
    """A cheap new noise for every frame: another window of one drawn field, always positive."""

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        self._seed = seed
        self._random = np.random.default_rng(seed)
        shape = size[1] + _SPARE, size[0] + _SPARE, 3
        field = self._random.standard_normal(shape, np.float32) * _SPREAD + _MIDDLE
        self._field = np.clip(field.round(), 0, 255).astype(np.uint8)

    def over(self, scene: Image, number: int | None = None) -> Image:
        """Return the scene with noise; the same one for the same frame number, else always another."""
        random = self._random if number is None else np.random.default_rng((self._seed, number))
        height, width = scene.shape[:2]
        down, across = random.integers(0, _SPARE, 2)
        return np.asarray(
            cv2.add(scene, self._field[down : down + height, across : across + width]), np.uint8
        )
