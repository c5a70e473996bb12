"""Pictures come at once as initials, are asked for once, and replace the initials when they arrive."""

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QColor, QImage

from tests.gui.widgets.examples import identity
from visionscan_kiosk.gui.theme.palette import DARK
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, decode, initials

SIZE = QSize(80, 60)
PRODUCT = identity("Whole Milk 1 l")


def _png(color: str, alpha: int = 255) -> bytes:
    kind = QImage.Format.Format_RGB32 if alpha == 255 else QImage.Format.Format_ARGB32
    image = QImage(200, 200, kind)
    ink = QColor(color)
    ink.setAlpha(alpha)
    image.fill(ink)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Whole Milk 1 l", "WM"), ("Lemon", "L"), ("6 free-range eggs", "FE"), ("7-Up", "7"), ("50", "5")],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_missing_picture_is_asked_for_once(theme: Theme, qtbot) -> None:
    store = PictureStore(theme)
    asked = []
    store.wanted.connect(asked.append)
    for _ in range(3):
        store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0)
    assert asked == [PRODUCT]


def test_a_photograph_fills_its_place(theme: Theme, qtbot) -> None:
    store = PictureStore(theme)
    with qtbot.waitSignal(store.arrived):
        store.provide(PRODUCT, decode(_png("#FF0000")))
    image = store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage()
    assert {image.pixelColor(x, y).name() for x, y in ((1, 1), (78, 1), (1, 58), (78, 58))} == {"#ff0000"}


def test_cut_out_artwork_stands_on_the_tint(theme: Theme) -> None:
    store = PictureStore(theme)
    store.provide(PRODUCT, decode(_png("#FF0000", alpha=254)))
    image = store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage()
    assert image.pixelColor(1, 1).name().upper() in theme.palette.tints
    assert image.pixelColor(40, 30).red() > 250


@pytest.mark.parametrize("data", [None, b"", b"not a picture"])
def test_no_or_broken_pictures_keep_the_initials(theme: Theme, data: bytes | None) -> None:
    store = PictureStore(theme)
    before = store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage()
    store.provide(PRODUCT, decode(data))
    asked = []
    store.wanted.connect(asked.append)
    assert store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage() == before
    assert asked == []


def test_a_forgotten_picture_is_asked_for_again(theme: Theme) -> None:
    store = PictureStore(theme)
    store.provide(PRODUCT, decode(_png("#FF0000")))
    asked = []
    store.wanted.connect(asked.append)
    store.forget(PRODUCT)
    store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0)
    assert asked == [PRODUCT]


def test_sharp_screens_get_more_pixels(theme: Theme) -> None:
    drawn = PictureStore(theme).pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.5)
    assert drawn.size() == QSize(120, 90)
    assert drawn.deviceIndependentSize().toSize() == SIZE


def test_the_tint_follows_the_theme(theme: Theme) -> None:
    store = PictureStore(theme)
    light = store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage().pixelColor(1, 1).name()
    theme.set_palette(DARK)
    dark = store.pixmap(PRODUCT, "Milk", "Dairy", SIZE, 1.0).toImage().pixelColor(1, 1).name()
    assert light != dark
    assert dark.upper() in DARK.tints
