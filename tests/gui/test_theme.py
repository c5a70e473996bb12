"""Contrast of every pair in use, fonts, icons, layouts by size, and switching while running."""

import sys

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.gui.theme import palette as palettes
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import Breakpoint, metrics_for
from visionscan_kiosk.gui.theme.palette import DARK, LIGHT, Palette, contrast
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.widgets.basics import ButtonKind, button, restyle

TEXT_PAIRS = [
    ("text", "page"), ("text", "surface"), ("text", "subtle"), ("text", "sunken"), ("text", "raised"),
    ("text2", "page"), ("text2", "surface"), ("text2", "subtle"), ("text2", "sunken"), ("text2", "raised"),
    ("page", "text"),
    ("on_accent", "accent"), ("on_accent", "accent_down"),
    ("accent_text", "surface"), ("accent_text", "page"), ("accent_text", "accent_soft"),
    ("accent_text", "raised"), ("text", "accent_soft"), ("text2", "accent_soft"),
    ("on_sure", "sure"), ("sure_text", "sure_soft"), ("sure_text", "surface"),
    ("text", "sure_soft"), ("text2", "sure_soft"),
    ("on_ask", "ask"), ("ask_text", "ask_soft"), ("ask_text", "surface"),
    ("text", "ask_soft"), ("text2", "ask_soft"),
    ("on_stop", "stop"), ("stop_text", "stop_soft"), ("stop_text", "surface"), ("text", "stop_soft"),
    ("on_inverse", "inverse"), ("inverse_link", "inverse"), ("inverse_sure", "inverse"),
]  # fmt: skip
SHAPE_PAIRS = [
    ("control", "surface"), ("control", "page"), ("accent", "surface"), ("accent", "page"),
    ("sure", "surface"), ("stop", "surface"), ("sure", "sure_soft"),
]  # fmt: skip


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_reads_on_its_ground(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("ink", "ground"), SHAPE_PAIRS)
def test_shapes_stand_out(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 3


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_initials_read_on_every_tint(palette: Palette) -> None:
    assert all(
        contrast(palette.text2, tint) >= 4.5 or contrast(palette.text, tint) >= 4.5 for tint in palette.tints
    )


@pytest.mark.parametrize("ink", [palettes.ON_PICTURE_SURE, palettes.ON_PICTURE_ASK, palettes.ON_PICTURE_TEXT])
def test_labels_on_the_picture_read_even_over_white_goods(ink: str) -> None:
    plate_over_white = "#232529"
    assert contrast(ink, plate_over_white) >= 4.5


def test_contrast_knows_its_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("role", Role)
@pytest.mark.usefixtures("theme")
def test_fonts_are_the_tills_own(role: Role) -> None:
    used = font(role)
    assert QFontInfo(used).family() == "IBM Plex Sans"
    assert used.pixelSize() >= 14


@pytest.mark.usefixtures("theme")
def test_digits_are_equally_wide() -> None:
    metrics = QFontMetrics(font(Role.AMOUNT))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


@pytest.mark.usefixtures("theme")
def test_strong_is_heavier_than_body() -> None:
    strong, body = font(Role.STRONG), font(Role.BODY)
    assert QFontMetrics(strong).horizontalAdvance("Basket") > QFontMetrics(body).horizontalAdvance("Basket")


@pytest.mark.parametrize("icon", Icon)
def test_every_icon_can_be_drawn(theme: Theme, icon: Icon) -> None:
    image = theme.pixmap(icon, "text", 24, 1.0).toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_icons_for_reading_direction_are_mirrored(right_to_left: Theme) -> None:
    plain = right_to_left.pixmap(Icon.ARROW_FORWARD, "text", 24, 1.0).toImage()
    turned = right_to_left.pixmap(Icon.ARROW_FORWARD, "text", 24, 1.0, follows_reading=True).toImage()
    assert turned != plain


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1024, 600), Breakpoint.COMPACT),
        ((1280, 660), Breakpoint.COMPACT),
        ((1199, 800), Breakpoint.COMPACT),
        ((1280, 720), Breakpoint.BASE),
        ((1280, 800), Breakpoint.BASE),
        ((1366, 768), Breakpoint.BASE),
        ((1680, 1050), Breakpoint.WIDE),
        ((1920, 1080), Breakpoint.WIDE),
    ],
)
def test_layout_follows_the_size(size: tuple[int, int], expected: Breakpoint) -> None:
    assert metrics_for(*size).breakpoint is expected


def test_switching_the_palette_reaches_what_is_shown(theme: Theme, qtbot) -> None:
    shown = button(theme, "Pay", ButtonKind.PRIMARY)
    qtbot.addWidget(shown)
    shown.resize(120, 48)
    light = shown.grab().toImage().pixelColor(12, 24).name()
    with qtbot.waitSignal(theme.changed):
        theme.set_palette(DARK)
    assert light == LIGHT.accent.lower()
    assert shown.grab().toImage().pixelColor(12, 24).name() == DARK.accent.lower()


def test_the_same_palette_again_is_no_change(theme: Theme, qtbot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_palette(LIGHT)


def test_an_unknown_colour_is_refused(theme: Theme) -> None:
    with pytest.raises(AttributeError):
        theme.color("mauve")


def test_ampersands_are_shown(theme: Theme, qtbot) -> None:
    shown = button(theme, "Fruit & veg")
    qtbot.addWidget(shown)
    assert shown.text() == "Fruit && veg"
    assert shown.accessibleName() == "Fruit & veg"


def test_restyling_reaches_the_paint(theme: Theme, qtbot) -> None:
    shown = button(theme, "Pay")
    qtbot.addWidget(shown)
    shown.resize(120, 48)
    restyle(shown, "kind", "primary")
    assert shown.grab().toImage().pixelColor(12, 24).name() == LIGHT.accent.lower()


def test_painting_keeps_the_count_of_none(theme: Theme, qtbot, qapp: QApplication) -> None:
    shown = button(theme, "Pay", icon=Icon.ADD)
    qtbot.addWidget(shown)
    shown.grab()
    before = sys.getrefcount(None)
    for _ in range(300):
        shown.grab()
    assert sys.getrefcount(None) > before - 100
