"""Every colour of the till, in light and dark, and the measure of their contrast. All of them are here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

ON_PICTURE_SURE = "#3CD68F"
ON_PICTURE_ASK = "#FFCB2E"
ON_PICTURE_SOLD = "#9CC4FF"
ON_PICTURE_TEXT = "#FFFFFF"
ON_PICTURE_PLATE = "#101216"
PAPER = "#FFFFFF"
PAPER_TEXT = "#1A1C21"
PAPER_TEXT2 = "#54575F"


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours as `#RRGGBB`; `scrim` is red, green, blue, alpha. Names are those of the guide."""

    name: str
    page: str
    surface: str
    subtle: str
    sunken: str
    raised: str
    line: str
    control: str
    text: str
    text2: str
    accent: str
    on_accent: str
    accent_down: str
    accent_soft: str
    accent_text: str
    sure: str
    on_sure: str
    sure_soft: str
    sure_text: str
    ask: str
    on_ask: str
    ask_soft: str
    ask_text: str
    stop: str
    on_stop: str
    stop_soft: str
    stop_text: str
    inverse: str
    on_inverse: str
    inverse_link: str
    inverse_sure: str
    scrim: tuple[int, int, int, int]
    tints: tuple[str, ...]

    @property
    def is_dark(self) -> bool:
        """Whether light text lies on dark ground."""
        return self.name == "dark"


LIGHT = Palette(
    name="light",
    page="#F1F0EC",
    surface="#FFFFFF",
    subtle="#F7F6F3",
    sunken="#E7E5DF",
    raised="#E4E1DA",
    line="#DAD7CF",
    control="#85827A",
    text="#1A1C21",
    text2="#54575F",
    accent="#2747C7",
    on_accent="#FFFFFF",
    accent_down="#1D379F",
    accent_soft="#E5EAFC",
    accent_text="#2340B4",
    sure="#0B7747",
    on_sure="#FFFFFF",
    sure_soft="#DDF2E6",
    sure_text="#09633B",
    ask="#F4B914",
    on_ask="#2B1F00",
    ask_soft="#FFF4D1",
    ask_text="#745000",
    stop="#BF2F29",
    on_stop="#FFFFFF",
    stop_soft="#FCE7E5",
    stop_text="#A32620",
    inverse="#1F2228",
    on_inverse="#FFFFFF",
    inverse_link="#AEBEFF",
    inverse_sure="#4FD39A",
    scrim=(20, 22, 28, 128),
    tints=("#F4EFE6", "#EAF1EA", "#EAF0F6", "#F6ECEA", "#F1EDF6", "#F6F2DF"),
)

DARK = Palette(
    name="dark",
    page="#101215",
    surface="#1A1D22",
    subtle="#21252B",
    sunken="#0B0D0F",
    raised="#2D333B",
    line="#333942",
    control="#7B828E",
    text="#F2F3F5",
    text2="#AEB4BE",
    accent="#8EA4FF",
    on_accent="#0C1230",
    accent_down="#B3C1FF",
    accent_soft="#253054",
    accent_text="#B3C1FF",
    sure="#3CC78A",
    on_sure="#04240F",
    sure_soft="#143729",
    sure_text="#74DFAF",
    ask="#F5C22B",
    on_ask="#2B1F00",
    ask_soft="#3A3010",
    ask_text="#F8D25E",
    stop="#FF8178",
    on_stop="#3A0A07",
    stop_soft="#44201E",
    stop_text="#FFA29B",
    inverse="#F2F3F5",
    on_inverse="#1A1C21",
    inverse_link="#2340B4",
    inverse_sure="#0B7747",
    scrim=(0, 0, 0, 160),
    tints=("#4A453B", "#3C4840", "#3B4653", "#4E403E", "#454050", "#4A4633"),
)


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two `#RRGGBB` colours, 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parsed = QColor(color)
    red, green, blue = (_linear(channel) for channel in (parsed.redF(), parsed.greenF(), parsed.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
