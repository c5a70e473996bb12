"""Where stripes lie in a picture, and their place turned upright. Reading them belongs to `barcodes`.

A linear code is the place where many edges share one direction. Sums of gradient products over small cells
(the structure tensor) show such places and their direction at once, so one turn reads what otherwise takes a
try of every angle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

GreyImage = NDArray[np.uint8]
Matrix = NDArray[np.float64]
_Cells = NDArray[np.float32]

_CELL = 4
_WINDOW = 7
"""Cells over which directions are compared: bars of a code fill it, a single edge does not."""
_FAINTEST = 4000.0
"""Squared gradient below which there is only noise."""
_SAME_STRIPES = 0.3
"""What a neighbouring cell must have of the strongest one to belong to the same stripes."""
_FAINTEST_BAR = 2.0
"""Grey levels."""
_LARGEST_SIDE = 640
_LARGEST_SIDE_FINELY = 1600
_SMALLEST_SIDE = 320
_WIDEST = 1400
_TALLEST = 64
_LOWEST = 12


@dataclass(frozen=True, slots=True)
class Stripes:
    """A place with parallel bars, in pixels of the picture. `angle`: direction across the bars in radians."""

    x: float
    y: float
    length: float
    height: float
    angle: float


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way to draw stripes upright.

    `zoom`: pixels for each of the picture. `along`: rows averaged in the direction of the bars, which lessens
    noise. `sharpen`: how much is put back of what blur took away, seen over `blur` pixels. `margin`: what is
    added at both ends, as a part of the length.
    """

    zoom: float
    along: int = 1
    sharpen: float = 0.0
    blur: float = 1.0
    margin: float = 0.15


class _Directions(NamedTuple):
    """Direction of the edges by cells, as a vector of the double angle: opposite edges add up."""

    cosine: _Cells
    sine: _Cells
    share: _Cells
    scale: float


class StripeSearch:
    """Finds places with parallel bars, most striking first.

    A place that was not read may come again as part of a larger one; `read` ends that, so that equal codes
    side by side are not taken for one.
    """

    def __init__(self, grey: GreyImage, *, finely: bool = False) -> None:
        """Bars that cover less than two pixels each at half the size, or at 640, are only seen `finely`."""
        self._directions = _directions(grey, _scale(max(grey.shape), finely=finely))
        self._strength = np.hypot(self._directions.cosine, self._directions.sine) * self._directions.share**2
        self._cells = np.zeros(self._strength.shape, np.bool_)
        self._read = self._cells.copy()

    def places(self, most: int) -> Iterator[Stripes]:
        """Yield up to `most` places."""
        for _ in range(most):
            _, strongest, _, (column, row) = cv2.minMaxLoc(self._strength)
            if strongest < _FAINTEST:
                return
            self._cells = _connected(self._directions, row, column, self._read)
            yield _stripes(self._directions, self._cells)
            self._strength[self._cells] = 0

    def read(self) -> None:
        """The place that was yielded last is read."""
        self._read |= self._cells


def shrunk(grey: GreyImage, scale: float) -> GreyImage:
    """Return the picture at `scale`, at least one pixel high and wide; never enlarged."""
    if scale >= 1:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def draw_upright(grey: GreyImage, stripes: Stripes, way: Rendering) -> tuple[GreyImage, Matrix]:
    """Return the stripes with bars standing upright, and the 2x3 matrix back into the picture."""
    length = stripes.length * (1 + 2 * way.margin)
    width = int(min(_WIDEST, max(1, length * way.zoom)))
    height = int(min(_TALLEST, max(_LOWEST, stripes.height)))
    across, down = length / width, stripes.height / height
    cosine, sine = math.cos(stripes.angle), math.sin(stripes.angle)
    back = np.array([[cosine * across, -sine * down, 0], [sine * across, cosine * down, 0]], np.float64)
    back[:, 2] = (stripes.x, stripes.y) - back[:, :2] @ (width / 2, height / 2)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    upright = cv2.warpAffine(grey, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return _sharpened(np.asarray(upright, np.uint8), way), back


def count_edges(upright: GreyImage) -> int:
    """Return how often light and dark change from left to right, on the average of all rows."""
    profile = upright.mean(axis=0, dtype=np.float32)[None]
    local = profile - cv2.blur(profile, (max(5, profile.size // 8), 1))
    is_dark = local[np.abs(local) > _FAINTEST_BAR] < 0
    return int(np.count_nonzero(is_dark[1:] != is_dark[:-1]))


def _scale(longest: int, *, finely: bool) -> float:
    if finely:
        return min(1.0, _LARGEST_SIDE_FINELY / longest)
    return min(1.0, max(0.5, _SMALLEST_SIDE / longest), _LARGEST_SIDE / longest)


def _directions(grey: GreyImage, scale: float) -> _Directions:
    small = shrunk(grey, scale)
    right, down = cv2.Scharr(small, cv2.CV_32F, 1, 0), cv2.Scharr(small, cv2.CV_32F, 0, 1)
    size = max(1, small.shape[1] // _CELL), max(1, small.shape[0] // _CELL)
    across, upright, mixed = (
        cv2.boxFilter(
            cv2.resize(product, size, interpolation=cv2.INTER_AREA),
            -1,
            (_WINDOW, _WINDOW),
            borderType=cv2.BORDER_CONSTANT,
        )
        for product in (cv2.multiply(right, right), cv2.multiply(down, down), cv2.multiply(right, down))
    )
    cosine, sine = np.asarray(across - upright, np.float32), np.asarray(2 * mixed, np.float32)
    share = np.hypot(cosine, sine) / (across + upright + np.float32(1e-3))
    return _Directions(cosine, sine, share, grey.shape[1] / size[0])


def _connected(directions: _Directions, row: int, column: int, read: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the cells around one that have its direction and were not read yet."""
    angle = math.atan2(directions.sine[row, column], directions.cosine[row, column])
    alike = directions.cosine * math.cos(angle) + directions.sine * math.sin(angle)
    alike *= directions.share
    near = ((alike > _SAME_STRIPES * alike[row, column]) & ~read).astype(np.uint8)
    _, labels = cv2.connectedComponents(near, connectivity=4)
    return np.asarray(labels == labels[row, column])


def _stripes(directions: _Directions, cells: NDArray[np.bool_]) -> Stripes:
    angle = math.atan2(directions.sine[cells].sum(), directions.cosine[cells].sum()) / 2
    cosine, sine = math.cos(angle), math.sin(angle)
    rows, columns = np.nonzero(cells)
    across = (columns + 0.5) * cosine + (rows + 0.5) * sine
    down = (rows + 0.5) * cosine - (columns + 0.5) * sine
    left, right, top, bottom = across.min() - 0.5, across.max() + 0.5, down.min() - 0.5, down.max() + 0.5
    x, y = (left + right) / 2, (top + bottom) / 2
    return Stripes(
        x=(x * cosine - y * sine) * directions.scale,
        y=(x * sine + y * cosine) * directions.scale,
        length=(right - left) * directions.scale,
        height=_inner_height(bottom - top) * directions.scale,
        angle=angle,
    )


def _inner_height(height: float) -> float:
    """Take off what the window adds at both ends, where digits and edges of the label would disturb."""
    inner = height - _WINDOW
    return inner if inner > 0.3 * height else 0.6 * height


def _sharpened(upright: GreyImage, way: Rendering) -> GreyImage:
    if way.along > 1:
        upright = np.asarray(cv2.blur(upright, (1, way.along)), np.uint8)
    if not way.sharpen:
        return upright
    blurred = cv2.GaussianBlur(upright, (0, 0), way.blur, sigmaY=0.01)
    return np.asarray(cv2.addWeighted(upright, 1 + way.sharpen, blurred, -way.sharpen, 0), np.uint8)
