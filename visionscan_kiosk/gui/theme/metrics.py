"""Measures in logical pixels and the three layouts the screens choose from by their size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
SPACE_XXL: Final = 32

RADIUS_BADGE: Final = 8
RADIUS_CONTROL: Final = 12
RADIUS_CARD: Final = 16
RADIUS_PILL: Final = 24

TARGET: Final = 48
TARGET_FIELD: Final = 56
TARGET_KEY: Final = 64
TARGET_TILE: Final = 64
TARGET_PAY: Final = 80

FAST_MS: Final = 120
BASE_MS: Final = 180
UNDO_MS: Final = 5000
NOTE_MS: Final = 4000

SMALLEST: Final = (1024, 600)


class Breakpoint(StrEnum):
    """Which of the three layouts a size gets."""

    COMPACT = "compact"
    BASE = "base"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class ScreenMetrics:
    """The measures that differ between the layouts."""

    breakpoint: Breakpoint
    margin: int
    top_bar: int
    basket_width: int
    basket_header: int
    line_height: int
    has_thumbnails: bool
    tray_height: int
    picture_minimum: int
    grid_columns: int

    @property
    def is_compact(self) -> bool:
        """Whether room is short, so that words give way to icons."""
        return self.breakpoint is Breakpoint.COMPACT

    @property
    def is_wide(self) -> bool:
        """Whether the often sold products have a column of their own."""
        return self.breakpoint is Breakpoint.WIDE


COMPACT = ScreenMetrics(
    breakpoint=Breakpoint.COMPACT,
    margin=SPACE_M,
    top_bar=56,
    basket_width=376,
    basket_header=56,
    line_height=64,
    has_thumbnails=False,
    tray_height=212,
    picture_minimum=120,
    grid_columns=4,
)
BASE = ScreenMetrics(
    breakpoint=Breakpoint.BASE,
    margin=SPACE_L,
    top_bar=64,
    basket_width=448,
    basket_header=64,
    line_height=72,
    has_thumbnails=True,
    tray_height=256,
    picture_minimum=160,
    grid_columns=5,
)
WIDE = ScreenMetrics(
    breakpoint=Breakpoint.WIDE,
    margin=SPACE_XL,
    top_bar=64,
    basket_width=520,
    basket_header=64,
    line_height=72,
    has_thumbnails=True,
    tray_height=312,
    picture_minimum=200,
    grid_columns=8,
)


def metrics_for(width: int, height: int) -> ScreenMetrics:
    """Return the measures for a window of this logical size."""
    if width < 1200 or height < 680:
        return COMPACT
    return WIDE if width >= 1680 else BASE
