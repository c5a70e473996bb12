"""Tells one thing with a notch in its outline from two things that touch there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image

Outline = NDArray[np.float32]
"""points x 1 x 2, in pixels."""

_SOLID = 0.95
"""What fills this much of its hull has no notch."""
_NOTCH = 0.035
"""Depth of a notch by the longer side, below which it is none."""
_MOST_NOTCHES = 4
_GAINED = 0.05
_SMALLEST_PART, _LARGER_PART = 0.08, 0.2
"""Less of the area is never a thing of its own, less than the second only where it hangs on by a corner."""
_NARROW, _VERY_NARROW = 0.45, 0.3
_COLOURS_APART = 20.0


class _Cut(NamedTuple):
    """An outline cut in two at a line.

    `smaller`: the smaller part's share of the area; `solidity`: how much of their hulls the parts fill.
    """

    parts: tuple[Outline, Outline]
    length: float
    smaller: float
    solidity: float


def looks_like_several(outline: Outline, picture: Image) -> bool:
    """Whether the outline comes from several things that touch.

    It does when cutting it at a notch leaves two parts that are plainer than the whole, and those hang
    together by little or have other colours. `picture` is the one in which the outline was found.
    """
    solidity = _solidity(outline)
    if solidity >= _SOLID:
        return False
    cuts = [cut for cut in _cuts(outline) if cut.solidity > solidity + _GAINED]
    best = max(cuts, key=lambda cut: cut.solidity, default=None)
    return best is not None and _divides_things(best, picture)


def _solidity(*outlines: Outline) -> float:
    """Return which part of their hulls the outlines fill, 0..1."""
    hulls = sum(cv2.contourArea(cv2.convexHull(outline)) for outline in outlines)
    return sum(cv2.contourArea(outline) for outline in outlines) / hulls if hulls else 1.0


def _cuts(outline: Outline) -> Iterator[_Cut]:
    """Yield the cuts from every notch to the others and straight across."""
    notches = _notches(outline)
    for place, notch in enumerate(notches):
        for other in [*notches[place + 1 :], *_across(outline, notch)]:
            first, last = sorted((notch, other))
            parts = outline[first : last + 1], np.concatenate([outline[last:], outline[: first + 1]])
            areas = [cv2.contourArea(part) for part in parts]
            smaller = min(areas) / max(1.0, sum(areas))
            if smaller >= _SMALLEST_PART:
                length = float(np.linalg.norm(outline[first] - outline[last]))
                yield _Cut(parts, length, smaller, _solidity(*parts))


def _notches(outline: Outline) -> list[int]:
    """Return the places of the deepest points of the deepest notches."""
    hull = cv2.convexHull(outline.astype(np.int32), returnPoints=False)
    # OpenCV counts depth in 256ths, and gives None where there is no notch at all.
    found: Any = cv2.convexityDefects(outline.astype(np.int32), np.sort(hull, axis=0)[::-1])
    rows = [] if found is None else np.reshape(found, (-1, 4)).tolist()
    least = _NOTCH * max(cv2.minAreaRect(outline)[1]) * 256
    deep = sorted((row for row in rows if row[3] >= least), key=lambda row: -row[3])
    return [int(row[2]) for row in deep[:_MOST_NOTCHES]]


def _across(outline: Outline, notch: int) -> list[int]:
    """Return the nearest points on the other side: those to which it is far along the outline."""
    points = outline[:, 0]
    steps = np.linalg.norm(np.diff(points, axis=0, append=points[:1]), axis=1)
    along = np.cumsum(steps) - steps
    way = np.abs(along - along[notch])
    way = np.minimum(way, steps.sum() - way)
    straight = np.linalg.norm(points - points[notch], axis=1)
    far = way > 1.6 * straight + 1
    ends = np.flatnonzero(far & (way > 0.15 * steps.sum()))
    return [int(ends[np.argmin(straight[ends])])] if len(ends) else []


def _divides_things(cut: _Cut, picture: Image) -> bool:
    width = cut.length / max(1.0, min(max(cv2.minAreaRect(part)[1]) for part in cut.parts))
    if cut.smaller < _LARGER_PART:
        return width < _VERY_NARROW
    return width < _NARROW or _colours_apart(cut, picture) > _COLOURS_APART


def _colours_apart(cut: _Cut, picture: Image) -> float:
    """Return how far apart the usual colours of the parts are, in Lab."""
    means = [_usual_colour(part, picture) for part in cut.parts]
    return float(np.linalg.norm(means[0] - means[1]))


def _usual_colour(outline: Outline, picture: Image) -> NDArray[np.float64]:
    x, y, width, height = cv2.boundingRect(outline)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [(outline - (x, y)).round().astype(np.int32)], (255,))
    inside = cv2.cvtColor(picture[y : y + height, x : x + width], cv2.COLOR_BGR2LAB)
    mask = mask[: inside.shape[0], : inside.shape[1]]
    return np.asarray(np.median(inside[mask > 0], axis=0) if mask.any() else np.zeros(3), np.float64)
