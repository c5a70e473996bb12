"""Reads labels with PP-OCRv4, run by rapidocr-onnxruntime where the extra `ocr` is installed.

Any way up: lines are found at any angle, and one that makes no sense is read upside down too.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from threading import Lock
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput, LabelsUnavailable
from visionscan_kiosk.services.label_ports import LabelLine, LabelText
from visionscan_kiosk.services.ports import Image

_HOW_TO_INSTALL = "Reading labels is not installed. Install visionscan-kiosk[ocr] on Python 3.11 or 3.12."
_PACKAGE = "rapidocr-onnxruntime"
_MODULE = "rapidocr_onnxruntime"
_SEARCHED_PIXELS = 736 * 736
"""Pictures are brought to this size, small ones at most to twice their sides: more is only slower."""
_MOST_ENLARGED = 2.0
_LONGEST_SIDE = 1600
_LEAST_SIDE = 64
_SLIMMEST_LINE = 25
"""A line longer than this many times its height is an edge of something."""
_MOST_FOUND = 200
_MOST_LINES = 24
_LINES_AT_ONCE = 6
_BUDGET_S = 2.0
_LEAST_CONFIDENCE = 0.6
_MAKES_SENSE = 0.85

_LOG = logging.getLogger(__name__)

Corners = NDArray[np.float32]
"""Four corners of a line as x, y, the first one at its top left."""


class Read(NamedTuple):
    """What one line says, and how sure that is, 0..1."""

    text: str
    confidence: float


class RapidLabelReader:
    """Implements services.label_ports.LabelReader. The models are loaded by the first picture.

    One thread, one picture at a time. Of many lines the highest ones are read, until two seconds are over.
    """

    def __init__(self) -> None:
        self._is_available = importlib.util.find_spec(_MODULE) is not None
        self._lock = Lock()
        self._engine: Any = None

    @property
    def name(self) -> str:
        """Name and version of what reads."""
        return f"rapidocr-{version(_PACKAGE)}" if self._is_available else "none"

    @property
    def is_available(self) -> bool:
        """Whether the extra is installed; asking loads nothing."""
        return self._is_available

    def load(self) -> None:
        """Load the models now; raise LabelsUnavailable."""
        with self._lock:
            self._open()

    def read(self, image: Image) -> LabelText:
        """Return the lines that can be read, from top to bottom."""
        if image.size == 0:
            raise InvalidInput("The picture has no pixels.")
        picture, scale = _fitted(image)
        with self._lock:
            engine = self._open()
            try:
                lines = [_line(line, place, scale) for line, place in _lines(engine, picture)]
            except Exception as error:
                _LOG.exception("a label was not read")
                raise InvalidInput("What is printed on this thing cannot be read.") from error
        return LabelText(
            tuple(sorted(filter(_is_readable, lines), key=lambda line: (line.box.y, line.box.x)))
        )

    def _open(self) -> Any:  # the package has no types
        if not self._is_available:
            raise LabelsUnavailable(_HOW_TO_INSTALL)
        if self._engine is None:
            self._engine = _start()
        return self._engine


def _start() -> Any:
    try:
        package = importlib.import_module(_MODULE)
    except (ImportError, OSError) as error:
        raise LabelsUnavailable(f"Reading labels is installed but cannot start: {error}.") from error
    return package.RapidOCR(
        intra_op_num_threads=1,
        inter_op_num_threads=1,
        det_limit_side_len=_LEAST_SIDE,
        use_cls=False,
        det_max_candidates=_MOST_FOUND,
    )


def _lines(engine: Any, picture: Image) -> Iterator[tuple[Read, Corners]]:
    deadline = time.monotonic() + _BUDGET_S
    found, _ = engine.auto_text_det(picture)
    corners = [] if found is None else _highest(found)
    read = _read(engine, engine.get_crop_img_list(picture, corners), deadline)
    return zip(read, corners, strict=False)


def _fitted(image: Image) -> tuple[Image, float]:
    """Return the picture in a size that is searched in bounded time, and how many times as large it is."""
    height, width = image.shape[:2]
    scale = min(
        _MOST_ENLARGED, math.sqrt(_SEARCHED_PIXELS / (height * width)), _LONGEST_SIDE / max(height, width)
    )
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    fitted = cv2.resize(image, size, interpolation=way)
    down, right = max(0, _LEAST_SIDE - fitted.shape[0]), max(0, _LEAST_SIDE - fitted.shape[1])
    filled = cv2.copyMakeBorder(fitted, 0, down, 0, right, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(filled, np.uint8), scale


def _highest(found: Iterable[Corners]) -> list[Corners]:
    """Return the lines in the largest print: a name is larger than the small print."""
    lines = [corners for corners in found if max(_sides(corners)) <= _SLIMMEST_LINE * min(_sides(corners))]
    return sorted(lines, key=lambda corners: -min(_sides(corners)))[:_MOST_LINES]


def _sides(corners: Corners) -> tuple[float, float]:
    """Return width and height; text that runs upwards is higher than wide."""
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    return float(np.linalg.norm(across)), float(np.linalg.norm(down))


def _read(engine: Any, lines: Sequence[Image], deadline: float) -> Iterator[Read]:
    """Yield what each line says, until the time is over. One that makes no sense is read upside down."""
    for start in range(0, len(lines), _LINES_AT_ONCE):
        if start and time.monotonic() > deadline:
            return
        some = lines[start : start + _LINES_AT_ONCE]
        read = _recognised(engine, some)
        doubted = [place for place, line in enumerate(read) if line.confidence < _MAKES_SENSE]
        turned = [np.ascontiguousarray(some[place][::-1, ::-1]) for place in doubted]
        for place, line in zip(doubted, _recognised(engine, turned), strict=True):
            read[place] = max(read[place], line, key=lambda either: either.confidence)
        yield from read


def _recognised(engine: Any, lines: Sequence[Image]) -> list[Read]:
    return [Read(str(text), float(sure)) for text, sure, *_ in engine.text_rec([*lines])[0]] if lines else []


def _line(read: Read, corners: Corners, scale: float) -> LabelLine:
    left, top = (corners.min(axis=0) / scale).astype(int)
    right, bottom = (corners.max(axis=0) / scale).astype(int)
    return LabelLine(
        read.text, read.confidence, Box(int(left), int(top), int(right - left), int(bottom - top))
    )


def _is_readable(line: LabelLine) -> bool:
    return line.confidence >= _LEAST_CONFIDENCE and bool(line.text.strip())
