"""Barcodes in a picture, at any rotation. Which product a code belongs to is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from visionscan_kiosk.domain.barcode import expand_upc_e, normalise_barcode
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image

GreyImage = NDArray[np.uint8]

_RETAIL_GTINS = {
    zxingcpp.BarcodeFormat.EAN13: "EAN-13",
    zxingcpp.BarcodeFormat.EAN8: "EAN-8",
    zxingcpp.BarcodeFormat.UPCA: "UPC-A",
    zxingcpp.BarcodeFormat.UPCE: "UPC-E",
    zxingcpp.BarcodeFormat.ITF: "ITF-14",
    zxingcpp.BarcodeFormat.DataBar: "DataBar",
    zxingcpp.BarcodeFormat.DataBarExp: "DataBar Expanded",
}
_FREE_TEXTS = {
    zxingcpp.BarcodeFormat.Code128: "Code 128",
    zxingcpp.BarcodeFormat.Code39: "Code 39",
    zxingcpp.BarcodeFormat.QRCode: "QR",
}
_SYMBOLOGIES = _RETAIL_GTINS | _FREE_TEXTS
_SHORTEST_FREE_TEXT = 4
_GTIN_ELEMENT = re.compile(r"^\(?01\)?(\d{14})")
_WEB_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)

# A scan line must cross all bars, so a label twice as long as high is read up to about 13 degrees off; the
# reader turns by 90 degrees itself.
_QUICK_ANGLES = (0.0, 45.0)
_ALL_ANGLES = (0.0, 22.5, 45.0, 67.5)
_FINE_ANGLES = (11.25, 33.75, 56.25, 78.75)
_QUICK_WIDTH = 1280
_LARGEST_SIDE = 2400
_SMALL_SIDE = 1000


class BarcodeReader:
    """Reads the codes shops use: EAN, UPC, ITF-14, DataBar, Code 128, Code 39, and QR with plain text.

    A code whose check digit is wrong, a web address and a very short free text are not reported.
    """

    def read(self, image: Image) -> list[Sighting]:
        """Return all codes of a still picture, trying eight rotations and twice the size if need be."""
        grey = _fit(_grey(image), _LARGEST_SIDE)
        scale = image.shape[1] / grey.shape[1]
        found = _distinct(_read_turned(grey, _ALL_ANGLES))
        if not found:
            found = _distinct(_read_turned(grey, _FINE_ANGLES))
        if not found and max(grey.shape) <= _SMALL_SIDE:
            found = _distinct(_read_turned(_doubled(grey), (*_ALL_ANGLES, *_FINE_ANGLES)))
            scale /= 2
        return [_scaled(sighting, scale, image) for sighting in found]

    def read_quickly(self, image: Image) -> list[Sighting]:
        """Return the codes of a live frame within a few milliseconds; strongly tilted ones may be missed."""
        grey = _fit(_grey(image), _QUICK_WIDTH)
        scale = image.shape[1] / grey.shape[1]
        return [_scaled(seen, scale, image) for seen in _distinct(_read_turned(grey, _QUICK_ANGLES))]


def _grey(image: Image) -> GreyImage:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _fit(grey: GreyImage, longest: int) -> GreyImage:
    scale = longest / max(grey.shape)
    if scale >= 1:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _doubled(grey: GreyImage) -> GreyImage:
    return np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _read_turned(grey: GreyImage, angles: Iterable[float]) -> Iterator[Sighting]:
    formats = zxingcpp.BarcodeFormats(list(_SYMBOLOGIES))
    for angle in angles:
        turned, back = _turn(grey, angle)
        for barcode in zxingcpp.read_barcodes(turned, formats=formats):
            text = _text_of(barcode)
            if text:
                yield Sighting(text, _SYMBOLOGIES[_family(barcode)], _box_of(barcode.position, back))


def _turn(grey: GreyImage, angle: float) -> tuple[GreyImage, NDArray[np.float64]]:
    """Return the picture turned with nothing cut off, and the 2x3 matrix that leads back."""
    height, width = grey.shape
    if angle == 0:
        return grey, np.eye(2, 3)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    full = round(width * cosine + height * sine), round(width * sine + height * cosine)
    matrix[:, 2] += (full[0] - width) / 2, (full[1] - height) / 2
    turned = cv2.warpAffine(grey, matrix, full, flags=cv2.INTER_LINEAR, borderValue=(255,))
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def _family(barcode: zxingcpp.Barcode) -> zxingcpp.BarcodeFormat:
    """Newer readers name sub-kinds; the symbology tells them apart from their family."""
    return barcode.format if barcode.format in _SYMBOLOGIES else barcode.symbology


def _text_of(barcode: zxingcpp.Barcode) -> str:
    """Return the code as printed, empty when it is not one that a shop would use."""
    kind, text = _family(barcode), barcode.text.strip()
    if kind not in _SYMBOLOGIES:
        return ""
    element = _GTIN_ELEMENT.match(text) if barcode.content_type == zxingcpp.ContentType.GS1 else None
    if element:
        text = element.group(1)
    elif kind in _FREE_TEXTS and (len(text) < _SHORTEST_FREE_TEXT or _WEB_ADDRESS.match(text)):
        return ""
    return _checked(_expanded(kind, text), must_be_gtin=kind in _RETAIL_GTINS)


def _expanded(kind: zxingcpp.BarcodeFormat, text: str) -> str:
    """Return a UPC-E as the UPC-A it stands for, any other text as it is.

    The left half of an EAN-13 is built like a UPC-E of number system 1, which shops do not use: one in ten
    would pass with a right check digit when a hand covers the rest. So only number system 0 is taken.
    """
    if kind != zxingcpp.BarcodeFormat.UPCE:
        return text
    whole = expand_upc_e(text) if len(text) == 8 else text[-12:]
    return whole if whole.startswith("0") else ""


def _checked(text: str, *, must_be_gtin: bool) -> str:
    """Return a text whose check digit holds, else an empty one."""
    try:
        normalised = normalise_barcode(text)
    except InvalidInput:
        return ""
    return text if len(normalised) == 14 or not must_be_gtin else ""


def _box_of(position: zxingcpp.Position, back: NDArray[np.float64]) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    points = np.array([(corner.x, corner.y) for corner in corners], np.float64) @ back[:, :2].T + back[:, 2]
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def _scaled(sighting: Sighting, scale: float, image: Image) -> Sighting:
    """Return the sighting in pixels of `image`, its box cut at the edges."""
    box = sighting.box
    left, right = (np.clip((box.x * scale, (box.x + box.width) * scale), 0, image.shape[1])).round()
    top, bottom = (np.clip((box.y * scale, (box.y + box.height) * scale), 0, image.shape[0])).round()
    shown = Box(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))
    return Sighting(sighting.text, sighting.symbology, shown)


def _distinct(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Keep one of those that several rotations found at the same place."""
    kept: list[Sighting] = []
    for seen in sightings:
        if not any(seen.text == other.text and _are_near(seen.box, other.box) for other in kept):
            kept.append(seen)
    return kept


def _are_near(one: Box, other: Box) -> bool:
    across = abs(one.x + one.width / 2 - other.x - other.width / 2)
    down = abs(one.y + one.height / 2 - other.y - other.height / 2)
    return max(across, down) < max(one.width, one.height, other.width, other.height) / 2
