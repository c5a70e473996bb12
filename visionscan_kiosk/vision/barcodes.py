"""Barcodes in a picture, at any rotation. Which product a code belongs to is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import zxingcpp

from visionscan_kiosk.domain.barcode import expand_upc_e, normalise_barcode
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcode_places import (
    GreyImage,
    Matrix,
    Rendering,
    Stripes,
    StripeSearch,
    count_edges,
    draw_upright,
    shrunk,
)

_Kinds = Sequence[zxingcpp.BarcodeFormat]


class _Vote(NamedTuple):
    sighting: Sighting
    times: int


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
_MATRIX = (zxingcpp.BarcodeFormat.QRCode,)
_LINEAR = tuple(kind for kind in _SYMBOLOGIES if kind not in _MATRIX)
_SHORTEST_FREE_TEXT = 4
_GTIN_ELEMENT = re.compile(r"^\(?01\)?(\d{14})")
_WEB_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)

_WAYS = (
    Rendering(zoom=1),
    Rendering(zoom=2, along=9, sharpen=1.5, blur=3),
    Rendering(zoom=3, along=15, sharpen=2, blur=5),
    Rendering(zoom=2),
    Rendering(zoom=1.5, along=15, sharpen=3, blur=3),
)
_QUICK_WAYS = _WAYS[:3]
_AGREEING = 2
"""So many ways must read a text, and so many more than any other at its place: single ways misread."""
_FEWEST_EDGES = 20
"""The shortest code, a UPC-E, has 34: a place with fewer is no code or too blurred to be read."""
_MOST_PLACES = 8
_LARGEST_SIDE = 2400
_LARGEST_SIDE_LIVE = 1280


class BarcodeReader:
    """Reads the codes shops use: EAN, UPC, ITF-14, DataBar, Code 128, Code 39, and QR with plain text.

    A code whose check digit is wrong, a web address and a very short free text are not reported, nor is a
    linear code that was not read twice.
    """

    def read(self, image: Image) -> list[Sighting]:
        """Return all codes of a still picture, looking a second time for small ones if there are none."""
        grey = _grey(image, _LARGEST_SIDE)
        found = _linear_codes(grey, _WAYS) + _matrix_codes(grey)
        return _scaled_all(found or _linear_codes(grey, _WAYS, finely=True), grey, image)

    def read_quickly(self, image: Image) -> list[Sighting]:
        """Return the codes of a live frame; much blurred ones may be missed."""
        grey = _grey(image, _LARGEST_SIDE_LIVE)
        return _scaled_all(_linear_codes(grey, _QUICK_WAYS) + _matrix_codes(grey), grey, image)


def _grey(image: Image, longest: int) -> GreyImage:
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    return shrunk(grey, longest / max(grey.shape))


def _linear_codes(grey: GreyImage, ways: Sequence[Rendering], *, finely: bool = False) -> list[Sighting]:
    """Once a code is found, other places are given up sooner: others lie as sharp, or are no codes."""
    found: list[Sighting] = []
    search = StripeSearch(grey, finely=finely)
    for stripes in search.places(_MOST_PLACES):
        is_read = any(_lies_on(stripes, seen.box) for seen in found)
        codes = [] if is_read else _agreed(grey, stripes, _QUICK_WAYS if found else ways)
        found += codes
        if codes:
            search.read()
    return _distinct(found)


def _agreed(grey: GreyImage, stripes: Stripes, ways: Sequence[Rendering]) -> list[Sighting]:
    """Return what several ways of drawing the stripes read alike."""
    votes: list[_Vote] = []
    for way in ways:
        upright, back = draw_upright(grey, stripes, way)
        if way is ways[0] and count_edges(upright) < _FEWEST_EDGES:
            return []
        for seen in _distinct(_codes(upright, _LINEAR, back)):
            _count(votes, seen)
        if votes and all(_has_won(vote, votes) for vote in votes):
            break
    return [vote.sighting for vote in votes if _has_won(vote, votes)]


def _count(votes: list[_Vote], seen: Sighting) -> None:
    for place, vote in enumerate(votes):
        if _are_same(vote.sighting, seen):
            votes[place] = _Vote(vote.sighting, vote.times + 1)
            return
    votes.append(_Vote(seen, 1))


def _has_won(vote: _Vote, votes: Sequence[_Vote]) -> bool:
    others = (
        other.times
        for other in votes
        if other is not vote and _are_near(other.sighting.box, vote.sighting.box)
    )
    return vote.times >= _AGREEING + max(others, default=0)


def _matrix_codes(grey: GreyImage) -> list[Sighting]:
    return _distinct(_codes(grey, _MATRIX, np.eye(2, 3)))


def _codes(grey: GreyImage, kinds: _Kinds, back: Matrix) -> Iterator[Sighting]:
    formats = zxingcpp.BarcodeFormats(list(kinds))
    for barcode in zxingcpp.read_barcodes(
        grey, formats=formats, try_rotate=False, try_invert=False, try_downscale=False
    ):
        text = _text_of(barcode)
        if text:
            yield Sighting(text, _SYMBOLOGIES[_family(barcode)], _box_of(barcode.position, back))


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


def _box_of(position: zxingcpp.Position, back: Matrix) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    points = np.array([(corner.x, corner.y) for corner in corners], np.float64) @ back[:, :2].T + back[:, 2]
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return Box(round(left), round(top), round(right - left), round(bottom - top))


def _scaled_all(sightings: Iterable[Sighting], grey: GreyImage, image: Image) -> list[Sighting]:
    scale = image.shape[1] / grey.shape[1]
    return [_scaled(seen, scale, image) for seen in sightings]


def _scaled(sighting: Sighting, scale: float, image: Image) -> Sighting:
    """Return the sighting in pixels of `image`, its box cut at the edges."""
    box = sighting.box
    left, right = (np.clip((box.x * scale, (box.x + box.width) * scale), 0, image.shape[1])).round()
    top, bottom = (np.clip((box.y * scale, (box.y + box.height) * scale), 0, image.shape[0])).round()
    shown = Box(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))
    return Sighting(sighting.text, sighting.symbology, shown)


def _distinct(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Keep one of those that were found at the same place."""
    kept: list[Sighting] = []
    for seen in sightings:
        if not any(_are_same(seen, other) for other in kept):
            kept.append(seen)
    return kept


def _lies_on(stripes: Stripes, box: Box) -> bool:
    return 0 <= stripes.x - box.x <= box.width and 0 <= stripes.y - box.y <= box.height


def _are_same(one: Sighting, other: Sighting) -> bool:
    return one.text == other.text and _are_near(one.box, other.box)


def _are_near(one: Box, other: Box) -> bool:
    across = abs(one.x + one.width / 2 - other.x - other.width / 2)
    down = abs(one.y + one.height / 2 - other.y - other.height / 2)
    return max(across, down) < max(one.width, one.height, other.width, other.height) / 2
