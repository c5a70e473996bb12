"""Pictures of the empty counter as files that are kept."""

from __future__ import annotations

import cv2

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.items.light import is_picture
from visionscan_kiosk.vision.pictures import decode_picture

_QUALITIES = (92, 80, 65, 50, 35)
_MOST_BYTES = 200_000
_LARGEST_FILE = 25_000_000
_MOST_PIXELS = 50_000_000


class JpegCounterPictures:
    """Implements services.empty_counter.CounterPictureCodec. Safe to use from several threads."""

    def encode(self, image: Image) -> bytes:
        """Return a JPEG, the coarser the more pixels and noise there are; raise InvalidInput without pixels.

        It is looked at only at half its size and less, where none of this is seen.
        """
        if not is_picture(image):
            raise InvalidInput("The picture of the empty counter has no pixels. Check the camera.")
        for quality in _QUALITIES:
            done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if done and data.size <= _MOST_BYTES:
                break
        if not done:
            raise InvalidInput("The picture of the empty counter cannot be kept. Check the camera.")
        return data.tobytes()

    def decode(self, data: bytes) -> Image:
        """Return the picture; raise InvalidInput when it is damaged."""
        return decode_picture(data, max_bytes=_LARGEST_FILE, max_pixels=_MOST_PIXELS)
