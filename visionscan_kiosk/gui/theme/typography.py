"""The till's typeface (IBM Plex Sans, with its Arabic) and the roles text can have."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from visionscan_kiosk.bundled_files import bundled

_LATIN: Final = "IBM Plex Sans"
_ARABIC: Final = "IBM Plex Sans Arabic"
# Only the weights in use: static files, because Qt paints a variable font's 500 and 600 as regular.
_FILES: Final = tuple(
    f"resources/fonts/{family}-{weight}.ttf"
    for family in ("IBMPlexSans", "IBMPlexSansArabic")
    for weight in ("Regular", "Medium", "SemiBold")
)


class Role(StrEnum):
    """What a text is for; decides its size and weight."""

    LABEL = "label"
    DETAIL = "detail"
    BODY = "body"
    STRONG = "strong"
    STRONG_SMALL = "strong_small"
    INPUT = "input"
    AMOUNT = "amount"
    TITLE = "title"
    KEY_SMALL = "key_small"
    KEY = "key"
    HEAD = "head"
    TOTAL = "total"
    CHANGE = "change"
    HERO = "hero"
    GIANT = "giant"


_SIZE_AND_WEIGHT: Final = {
    Role.LABEL: (14, QFont.Weight.Medium),
    Role.DETAIL: (14, QFont.Weight.Normal),
    Role.BODY: (16, QFont.Weight.Normal),
    Role.STRONG: (16, QFont.Weight.DemiBold),
    Role.STRONG_SMALL: (15, QFont.Weight.DemiBold),
    Role.INPUT: (18, QFont.Weight.Normal),
    Role.AMOUNT: (18, QFont.Weight.DemiBold),
    Role.TITLE: (20, QFont.Weight.DemiBold),
    Role.KEY_SMALL: (20, QFont.Weight.Medium),
    Role.KEY: (24, QFont.Weight.Medium),
    Role.HEAD: (24, QFont.Weight.DemiBold),
    Role.TOTAL: (32, QFont.Weight.DemiBold),
    Role.CHANGE: (40, QFont.Weight.DemiBold),
    Role.HERO: (48, QFont.Weight.DemiBold),
    Role.GIANT: (64, QFont.Weight.DemiBold),
}


class FontFileUnreadable(Exception):
    """A font file of this installation cannot be read."""


def load_fonts() -> None:
    """Register the bundled typeface with the running application. Harmless when done again.

    Raises FileNotFoundError or FontFileUnreadable when the installation is damaged.
    """
    for file in _FILES:
        if QFontDatabase.addApplicationFont(str(bundled(file))) < 0:
            raise FontFileUnreadable(f"{file} cannot be read. Install the program again.")


def font(role: Role) -> QFont:
    """Return the font of a role, with the script that is read first in front."""
    size, weight = _SIZE_AND_WEIGHT[role]
    return sized_font(size, weight)


def sized_font(pixels: int, weight: QFont.Weight = QFont.Weight.DemiBold) -> QFont:
    """Return the till's typeface in a size that no role has, for pictures and artwork."""
    right_to_left = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return QFont(_made(pixels, weight, right_to_left=right_to_left))


@cache
def _made(pixels: int, weight: QFont.Weight, *, right_to_left: bool) -> QFont:
    """Make a font once: painting asks for some of them a hundred times a second. Callers get a copy."""
    made = QFont()
    made.setFamilies([_ARABIC, _LATIN] if right_to_left else [_LATIN, _ARABIC])
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return made
