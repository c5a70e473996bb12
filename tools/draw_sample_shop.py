"""Draw the sample shop: a tile picture and a pack for every product in resources/sample_shop/products.csv.

Run `python tools/draw_sample_shop.py [SKU ...]` after changing the artwork, and commit what it writes.
"""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QPainter
from sample_art.artwork import Artwork, CodePlace, Face
from sample_art.brush import colour, ellipse, fill, round_light
from sample_art.catalogue import ARTWORKS
from sample_art.ean13 import LABEL_HEIGHT_PX, MODULE_PX, MODULES, label
from sample_art.palette_png import write_palette_png

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
SHOP = RESOURCES / "sample_shop"
PICTURE_PX = 480
UNITS = 100


def main(skus: list[str]) -> None:
    application = QGuiApplication([])
    for font in sorted((RESOURCES / "fonts").glob("IBMPlexSans-*.ttf")):
        QFontDatabase.addApplicationFont(str(font))
    for row in _products():
        if not skus or row["sku"] in skus:
            artwork = ARTWORKS[row["sku"]]
            write_palette_png(SHOP / "pictures" / f"{row['sku']}.png", _pixels(tile_picture(artwork)))
            write_palette_png(
                SHOP / "packs" / f"{row['sku']}.png", _cropped(_pixels(pack(artwork, row["barcodes"])))
            )
    application.quit()


def _products() -> list[dict[str, str]]:
    with (SHOP / "products.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tile_picture(artwork: Artwork) -> QImage:
    """Return the front view that the tiles show, with its shadow."""
    image = _blank(PICTURE_PX)
    painter = _painter(image, PICTURE_PX / UNITS)
    x, y, half = artwork.shadow
    soft = round_light(
        0, 0, 1, (0, colour("#000000", 84)), (0.6, colour("#000000", 40)), (1, colour("#000000", 0))
    )
    painter.save()
    painter.translate(x, y)
    painter.scale(half * 1.25, 5.5)
    fill(painter, ellipse(0, 0, 1, 1), soft)
    painter.restore()
    artwork.paint(painter, Face.FRONT)
    painter.end()
    return image


def pack(artwork: Artwork, code: str) -> QImage:
    """Return the pack as it lies on the counter, its code printed at `MODULE_PX` pixels a module."""
    place = artwork.code if code else None
    scale = artwork.pixels_per_unit if place is None else MODULES * MODULE_PX / place.length
    image = _blank(round(UNITS * scale))
    painter = _painter(image, scale)
    artwork.paint(painter, Face.FRONT if place is None else Face.CODED)
    if place is not None:
        _print_code(painter, place, scale, code)
    painter.end()
    return image


def _print_code(painter: QPainter, place: CodePlace, scale: float, code: str) -> None:
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.translate(round(place.x * scale), round(place.y * scale))
    if place.is_upright:
        painter.rotate(-90)
    image = label(code)
    target = QPointF(-(image.width() // 2), -(LABEL_HEIGHT_PX // 2))
    painter.drawImage(QRectF(target, image.size()), image)


def _blank(side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _painter(image: QImage, scale: float) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    return painter


def _pixels(image: QImage) -> NDArray[np.uint8]:
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(straight.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def _cropped(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = np.nonzero(pixels[:, :, 3])
    return pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


if __name__ == "__main__":
    main(sys.argv[1:])
