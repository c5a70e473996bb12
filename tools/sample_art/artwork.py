"""What a shape of pack needs: how it is painted, its shadow, and where its barcode is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QPainter


class Face(Enum):
    """Which side is drawn: the front for a tile, or the one with room for the barcode."""

    FRONT = "front"
    CODED = "coded"


PaintPack = Callable[[QPainter, Face], None]


@dataclass(frozen=True, slots=True)
class CodePlace:
    """Where the label is printed: its middle, its length in units, and whether it runs upwards."""

    x: float
    y: float
    length: float
    is_upright: bool


@dataclass(frozen=True, slots=True)
class Artwork:
    """One thing to draw. `shadow`: middle x, y and half the width of the shadow below it."""

    paint: PaintPack
    shadow: tuple[float, float, float]
    code: CodePlace | None = None
    pixels_per_unit: float = 4.3
    """Size on the counter of a thing without a code; the code decides the others' size."""
