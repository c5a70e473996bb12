"""The photographs of a folder, for every benchmark that shows them to the recogniser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from visionscan_kiosk.services.ports import Image


def photographs(folder: Path) -> Iterator[Image]:
    """Yield the pictures of a folder by their names; one that cannot be read is named and skipped."""
    for path in sorted(folder.glob("*")):
        picture = cv2.imread(str(path))
        if picture is None:
            print(f"  {path}: cannot be read, skipped")
            continue
        yield np.asarray(picture, np.uint8)
