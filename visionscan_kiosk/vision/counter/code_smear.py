"""Packs whose code cannot be read at the moment, as when light falls on it or the hand moves a little."""

from __future__ import annotations

import cv2
import numpy as np

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.counter.packs import PackPicture

_GROUND = 235
_SMEAR = 9.0
"""Pixels of the pack's picture; its bars are 2 to 8 wide, and what a till sees of the pack stays the same."""
_BESIDE = 0.1


def with_smeared_code(pack: PackPicture) -> PackPicture:
    """Return the pack, BGRA, with its codes blurred beyond reading; one without codes as it is."""
    smeared = pack.copy()
    soft = cv2.GaussianBlur(pack[:, :, :3], (0, 0), _SMEAR)
    for sighting in BarcodeReader().read(_on_ground(pack)):
        there = _around(sighting.box)
        smeared[there][:, :, :3] = soft[there]
    return smeared


def _on_ground(pack: PackPicture) -> Image:
    opacity = pack[:, :, 3:].astype(np.float32) / 255
    return np.asarray(pack[:, :, :3] * opacity + _GROUND * (1 - opacity), np.uint8)


def _around(box: Box) -> tuple[slice, slice]:
    across, down = (round(max(box.width, box.height) * _BESIDE) for _ in range(2))
    left, top = max(0, box.x - across), max(0, box.y - down)
    return slice(top, box.y + box.height + down), slice(left, box.x + box.width + across)
