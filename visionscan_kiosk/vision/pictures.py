"""Pictures from outside: looked at before they are decoded, refused with a sentence, returned upright."""

from __future__ import annotations

import struct
from collections.abc import Callable

import cv2
import numpy as np

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image

Size = tuple[int, int]

_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TRUNCATED = "The picture is incomplete. Take or send it again."


def decode_picture(data: bytes, *, max_bytes: int, max_pixels: int) -> Image:
    """Return a PNG, JPEG or WebP as height x width x 3 BGR, turned upright as its EXIF data says.

    Kind, size in bytes and in pixels and completeness are checked before anything is decoded. Raises
    InvalidInput with a sentence that says what is wrong.
    """
    if not data:
        raise InvalidInput("The picture is empty.", field="image")
    if len(data) > max_bytes:
        raise InvalidInput(f"The picture is larger than {max_bytes // 1_000_000} MB.", field="image")
    width, height = _size(data)
    if width < 1 or height < 1:
        raise InvalidInput("The picture has no pixels.", field="image")
    if width * height > max_pixels:
        raise InvalidInput(
            f"The picture has {width} x {height} pixels; {max_pixels // 1_000_000} million are allowed.",
            field="image",
        )
    return _decoded(data)


def _decoded(data: bytes) -> Image:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise InvalidInput("The picture is damaged and cannot be read.", field="image") from error
    if picture is None:
        raise InvalidInput("The picture is damaged and cannot be read.", field="image")
    return np.asarray(picture, np.uint8)


def _size(data: bytes) -> Size:
    read_size = _kind_reader(data)
    try:
        return read_size(data)
    except (struct.error, IndexError) as error:
        raise InvalidInput(_TRUNCATED, field="image") from error


def _kind_reader(data: bytes) -> Callable[[bytes], Size]:
    if data.startswith(_PNG_MAGIC):
        return _png_size
    if data.startswith(_JPEG_MAGIC):
        return _jpeg_size
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp_size
    raise InvalidInput("This is not a PNG, JPEG or WebP picture.", field="image")


def _png_size(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    if b"IEND" not in data:
        raise InvalidInput(_TRUNCATED, field="image")
    return width, height


def _jpeg_size(data: bytes) -> Size:
    frame = _jpeg_frame(data)
    # Decoders fill what is missing with grey and say nothing, so the end marker is asked for here. It cannot
    # stand inside the coded picture, where every 0xFF is escaped.
    if data.find(b"\xff\xd9", frame) < 0:
        raise InvalidInput(_TRUNCATED, field="image")
    height, width = struct.unpack_from(">HH", data, frame + 5)
    return width, height


def _jpeg_frame(data: bytes) -> int:
    """Return the place of the frame header, walking the segments past thumbnails inside EXIF."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise InvalidInput("The picture is damaged and cannot be read.", field="image")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_FRAMES:
            return place
        elif marker in _WITHOUT_LENGTH:
            place += 2
        else:
            place += 2 + struct.unpack_from(">H", data, place + 2)[0]


def _webp_size(data: bytes) -> Size:
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise InvalidInput(_TRUNCATED, field="image")
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        if data[20] & 0x02:
            raise InvalidInput("Moving pictures are not taken. Send a still one.", field="image")
        return _three_bytes(data, 24) + 1, _three_bytes(data, 27) + 1
    raise InvalidInput("The picture is damaged and cannot be read.", field="image")


def _three_bytes(data: bytes, place: int) -> int:
    return data[place] | data[place + 1] << 8 | data[place + 2] << 16
