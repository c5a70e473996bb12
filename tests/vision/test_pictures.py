"""Pictures from outside, honest and hostile."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.pictures import decode_picture


def decode(data: bytes, max_pixels: int = 1_000_000) -> Image:
    return decode_picture(data, max_bytes=1_000_000, max_pixels=max_pixels)


def encoded(kind: str, *, height: int = 60, width: int = 90) -> bytes:
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, : width // 2] = 255
    noise = np.random.default_rng(1).integers(0, 40, picture.shape, np.uint8)
    return cv2.imencode(kind, cv2.add(picture, noise))[1].tobytes()


KINDS = [".png", ".jpg", ".webp"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_decoded(kind: str) -> None:
    picture = decode(encoded(kind))
    assert picture.shape == (60, 90, 3)
    assert picture[:, :40].mean() > 200
    assert picture[:, 50:].mean() < 60


def test_lossless_webp_and_progressive_jpeg_are_decoded() -> None:
    picture = np.full((33, 77, 3), 99, np.uint8)
    webp = cv2.imencode(".webp", picture, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    assert decode(webp).shape == decode(jpeg).shape == (33, 77, 3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.15, 0.5, 0.9])
def test_cut_files_are_refused(kind: str, kept: float) -> None:
    data = encoded(kind)
    with pytest.raises(InvalidInput):
        decode(data[: int(len(data) * kept)])


@pytest.mark.parametrize("kind", KINDS)
def test_too_many_pixels_are_refused_by_the_header(kind: str) -> None:
    with pytest.raises(InvalidInput, match="90 x 60"):
        decode(encoded(kind), max_pixels=5000)


def test_a_picture_that_would_fill_the_memory_is_refused_undecoded() -> None:
    header = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(InvalidInput, match="200000 x 200000"):
        decode(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND")


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        decode(encoded(".png") + bytes(1_000_000))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a....",
        b"<svg/>",
        b"hello",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
        bytes(5000),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(data)


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """Put an EXIF segment in front, with a thumbnail that pretends to be the end of the file."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff + encoded(".jpg", height=8, width=8)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def test_phone_pictures_are_turned_upright() -> None:
    picture = decode(with_orientation(encoded(".jpg"), 6))
    assert picture.shape == (90, 60, 3)
    assert picture[:40].mean() > 200


def test_the_thumbnail_does_not_pass_for_the_end_of_a_cut_picture() -> None:
    data = with_orientation(encoded(".jpg"), 1)
    with pytest.raises(InvalidInput, match="incomplete"):
        decode(data[:-40])


@pytest.mark.parametrize("kind", KINDS)
@given(place=st.integers(0, 400), value=st.integers(0, 255), kept=st.integers(0, 2000))
def test_damage_anywhere_is_a_picture_or_a_sentence(kind: str, place: int, value: int, kept: int) -> None:
    data = bytearray(encoded(kind))
    data[place % len(data)] = value
    try:
        picture = decode(bytes(data[: max(kept, 1)]))
    except InvalidInput:
        return
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
