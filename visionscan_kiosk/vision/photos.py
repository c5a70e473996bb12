"""Photos for teaching: kept as small JPEGs, and judged by how sharp they are."""

from __future__ import annotations

import cv2
import numpy as np

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.pictures import decode_picture

LONGEST_SIDE = 512
"""The recogniser looks at halves of 224 pixels: more is never seen."""

_QUALITY = 92
_MOST_BYTES = 10_000_000
_MOST_PIXELS = 4 * LONGEST_SIDE**2
_JUDGED_SIDE = 256
_LEAST_CONTRAST = 3.0


class JpegPhotos:
    """Implements services.recognition_storage.PhotoCodec. Safe to use from several threads."""

    def encode(self, image: Image) -> bytes:
        """Return a JPEG of at most 512 pixels a side; raise InvalidInput for a picture without pixels."""
        _check(image)
        done, data = cv2.imencode(".jpg", _shrunk(image, LONGEST_SIDE), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not done:
            raise InvalidInput("The picture cannot be kept as a photo. Take another one.")
        return data.tobytes()

    def decode(self, data: bytes) -> Image:
        """Return the picture; raise InvalidInput when it is damaged."""
        return decode_picture(data, max_bytes=_MOST_BYTES, max_pixels=_MOST_PIXELS)

    def sharpness(self, image: Image) -> float:
        """Return how much of the contrast lies in fine detail; 0 for a picture that shows nothing.

        The spread of the Laplacian over the spread of the brightness, at one size for all pictures.
        """
        _check(image)
        grey = cv2.cvtColor(_shrunk(image, _JUDGED_SIDE), cv2.COLOR_BGR2GRAY)
        contrast = float(grey.std())
        if contrast < _LEAST_CONTRAST:
            return 0.0
        return float(cv2.Laplacian(grey, cv2.CV_64F).std()) / contrast


def _check(image: Image) -> None:
    if image.size == 0:
        raise InvalidInput("The picture has no pixels.")


def _shrunk(image: Image, longest_side: int) -> Image:
    height, width = image.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return image
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
