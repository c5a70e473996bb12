"""Pictures of packs, cut out on transparency, by SKU."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.errors import InvalidInput

PackPicture = NDArray[np.uint8]
"""height x width x 4, BGRA; or x 3, BGR, which then covers its whole rectangle."""


def load_packs(folder: Path) -> Mapping[str, PackPicture]:
    """Return the pictures of a folder, named by their SKU; raise InvalidInput when one cannot be read."""
    packs = {path.stem: _read(path) for path in sorted(folder.glob("*.png"))}
    if not packs:
        raise InvalidInput(f"There are no pictures of packs (SKU.png) in {folder}.")
    return packs


def _read(path: Path) -> PackPicture:
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise InvalidInput(f"The picture {path} cannot be read.")
    return with_opacity(np.asarray(picture, np.uint8))


def with_opacity(picture: PackPicture) -> PackPicture:
    """Return the picture as BGRA."""
    if picture.ndim == 2:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA), np.uint8)
    elif picture.shape[2] == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8)
    return picture
