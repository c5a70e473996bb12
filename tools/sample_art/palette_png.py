"""Small PNG files: one byte a pixel, a palette of up to 256 colours with opacity."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

_COLOURS = 255
_SAMPLE = 16_000


def write_palette_png(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write a height x width x 4 RGBA picture with its 255 best colours and full transparency."""
    indices, palette = _quantise(pixels)
    height, width = indices.shape
    rows = b"".join(b"\0" + row.tobytes() for row in indices)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _quantise(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    flat = pixels.reshape(-1, 4)
    visible = flat[:, 3] > 0
    colours, inverse = np.unique(flat[visible], axis=0, return_inverse=True)
    centres = _centres(flat[visible]) if len(colours) > _COLOURS else colours.astype(np.float32)
    nearest = cv2.BFMatcher(cv2.NORM_L2).match(colours.astype(np.float32), centres)
    lookup = np.array([match.trainIdx + 1 for match in nearest], np.uint8)
    indices = np.zeros(len(flat), np.uint8)
    indices[visible] = lookup[inverse.reshape(-1)]
    palette = np.vstack([np.zeros((1, 4)), centres]).round().astype(np.uint8)
    return indices.reshape(pixels.shape[:2]), palette


def _centres(visible: NDArray[np.uint8]) -> NDArray[np.float32]:
    cv2.setRNGSeed(1)
    step = max(1, len(visible) // _SAMPLE)
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 0.5)
    sample = visible[::step].astype(np.float32)
    _, _, centres = cv2.kmeans(sample, _COLOURS, None, criteria, 1, cv2.KMEANS_PP_CENTERS)
    return centres
