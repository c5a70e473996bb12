"""Fruit, vegetables and bakery: things without a pack and without a code."""

from __future__ import annotations

import random

from PySide6.QtGui import QPainter

from sample_art.artwork import Artwork, Face
from sample_art.brush import (
    colour,
    down,
    ellipse,
    fill,
    lighter,
    outline,
    round_light,
    rounded,
    stroke,
)


def apple(tone: str, deep: str, blush: str) -> Artwork:
    """An apple with its leaf; `blush` is the warm patch on the lit side."""

    def paint(painter: QPainter, _face: Face) -> None:
        body = outline(
            (50, 32),
            (36, 20, 16, 30, 18, 54),
            (20, 78, 38, 93, 50, 86),
            (62, 93, 80, 78, 82, 54),
            (84, 30, 64, 20, 50, 32),
        )
        fill(painter, body, round_light(39, 44, 54, (0, lighter(tone, 124)), (0.55, tone), (1, deep)))
        fill(
            painter,
            ellipse(64, 58, 13, 20),
            round_light(64, 58, 20, (0, colour(blush, 110)), (1, colour(blush, 0))),
        )
        fill(painter, ellipse(50.5, 32, 9, 3.4), colour(deep, 120))
        stroke(painter, outline((50, 34), (50, 26, 53.5, 18), is_closed=False), "#6b4a2b", 3.2)
        fill(
            painter,
            outline((54, 24), (62, 9, 79, 13), (73, 28, 54, 24)),
            down(10, 27, (0, "#6aa84a"), (1, "#3f7a2f")),
        )
        stroke(painter, outline((56, 23), (66, 18, 76, 14.5), is_closed=False), colour("#2d5a22", 150), 0.8)
        fill(painter, ellipse(34, 46, 4.6, 9), colour("#ffffff", 84))

    return Artwork(paint, (50, 88.5, 28), pixels_per_unit=3.9)


def bananas() -> Artwork:
    """A hand of bananas."""

    def paint(painter: QPainter, _face: Face) -> None:
        for offset, turn, tone in (
            ((-3, -9), -9, "#dcab1c"),
            ((0, -3), -3, "#e8bb29"),
            ((4, 3), 3, "#f5cb3b"),
        ):
            painter.save()
            painter.translate(*offset)
            painter.translate(24, 20)
            painter.rotate(turn)
            painter.translate(-24, -20)
            _banana(painter, tone)
            painter.restore()
        fill(painter, outline((17, 22), (18, 9), (28, 9), (33, 24), (25, 30)), "#84701f")

    return Artwork(paint, (54, 85, 34), pixels_per_unit=4.6)


def _banana(painter: QPainter, tone: str) -> None:
    body = outline((20, 22), (16, 64, 48, 86, 85, 73), (88, 69), (57, 68, 41, 49, 30, 21))
    fill(painter, body, down(20, 84, (0, lighter(tone, 106)), (1, tone)))
    fill(
        painter,
        outline((21, 38), (27, 70, 57, 83, 85, 73), (54, 77, 33, 62, 24.5, 34)),
        colour("#a87a0c", 90),
    )
    stroke(painter, outline((28, 30), (38, 56, 62, 68), is_closed=False), colour("#fff3b8", 120), 1.4)
    fill(painter, rounded(83.6, 68.4, 5.4, 5.6, 1.8), "#594617")


def tomatoes() -> Artwork:
    """Three tomatoes on a vine."""

    def paint(painter: QPainter, _face: Face) -> None:
        for x, y, radius in ((33, 63, 22), (67, 61, 23), (51, 40, 20.5)):
            _tomato(painter, x, y, radius)
        stroke(painter, outline((33, 49), (47, 34, 51, 15), is_closed=False), "#4f8b3d", 2.8)
        stroke(painter, outline((50, 24), (56, 38, 66, 47), is_closed=False), "#4f8b3d", 2.4)

    return Artwork(paint, (50, 87, 32), pixels_per_unit=4.4)


def _tomato(painter: QPainter, x: float, y: float, radius: float) -> None:
    tones = ((0, "#f88168"), (0.5, "#dd4530"), (1, "#ab2216"))
    fill(painter, ellipse(x, y, radius, radius * 0.93), round_light(x - 6, y - 8, radius * 1.35, *tones))
    fill(painter, ellipse(x - radius * 0.42, y - radius * 0.34, 3, 4.6), colour("#ffffff", 96))
    for petal in range(5):
        painter.save()
        painter.translate(x, y - radius * 0.62)
        painter.rotate(petal * 72 - 20)
        fill(painter, outline((0, -1.2), (5, -3.6, 10, -0.6), (5, 1.6, 0, 1.2)), "#3f7c35")
        painter.restore()


def avocado() -> Artwork:
    """Half an avocado with its stone."""

    def paint(painter: QPainter, _face: Face) -> None:
        skin = outline(
            (50, 12),
            (65, 12, 66, 35, 75, 52),
            (85, 74, 69, 91, 50, 91),
            (31, 91, 15, 74, 25, 52),
            (34, 35, 35, 12, 50, 12),
        )
        fill(painter, skin, round_light(40, 40, 62, (0, "#56793a"), (1, "#2c4520")))
        for scale, tone in ((0.9, "#8fae48"), (0.84, "#d3e08c")):
            painter.save()
            painter.translate(50, 54)
            painter.scale(scale, scale)
            painter.translate(-50, -54)
            fill(painter, skin, tone)
            painter.restore()
        fill(painter, ellipse(50, 64.5, 17.5, 17.5), colour("#b9c668", 255))
        fill(painter, ellipse(50, 64, 15.5, 15.5), round_light(45, 58, 24, (0, "#a3683a"), (1, "#5e3518")))
        fill(painter, ellipse(44.5, 57.5, 3.4, 4.6), colour("#ffffff", 84))

    return Artwork(paint, (50, 90, 26), pixels_per_unit=3.6)


def lemon() -> Artwork:
    """A lemon."""

    def paint(painter: QPainter, _face: Face) -> None:
        painter.save()
        painter.translate(50, 53)
        painter.rotate(-16)
        painter.translate(-50, -52)
        body = outline(
            (9, 54),
            (16, 48, 18, 28, 50, 26),
            (82, 28, 84, 46, 93, 51),
            (95, 54, 91, 57),
            (84, 62, 80, 78, 52, 80),
            (20, 80, 18, 62, 9, 57),
        )
        fill(painter, body, round_light(40, 40, 54, (0, "#fff08a"), (0.55, "#f7d736"), (1, "#d9a814")))
        dots = random.Random(8)
        for _ in range(60):
            fill(
                painter, ellipse(dots.uniform(24, 80), dots.uniform(34, 72), 0.5, 0.5), colour("#b98a0a", 60)
            )
        fill(painter, ellipse(38, 41, 10, 4.6), colour("#ffffff", 100))
        painter.restore()

    return Artwork(paint, (50, 82, 32), pixels_per_unit=3.2)


def loaf() -> Artwork:
    """A sourdough loaf dusted with flour."""

    def paint(painter: QPainter, _face: Face) -> None:
        body = outline(
            (8, 62),
            (6, 37, 29, 26, 52, 26),
            (77, 26, 96, 39, 92, 64),
            (90, 82, 70, 82, 50, 82),
            (28, 82, 10, 82, 8, 62),
        )
        fill(painter, body, down(24, 84, (0, "#d39650"), (0.6, "#b0713a"), (1, "#834c20")))
        for x in (29, 48, 67):
            cut = outline((x - 8, 60), (x - 5, 43, x + 9, 35), (x + 7, 48, x - 2, 62))
            fill(painter, cut, down(35, 62, (0, "#f6e6c6"), (1, "#e4c48f")))
        flour = random.Random(3)
        for _ in range(120):
            x = flour.uniform(16, 86)
            fill(painter, ellipse(x, flour.uniform(31, 60), 0.8, 0.5), colour("#fff6e2", 90))
        stroke(painter, outline((20, 42), (34, 30, 56, 30), is_closed=False), colour("#ffffff", 40), 2)

    return Artwork(paint, (50, 82, 40), pixels_per_unit=5)


def croissant() -> Artwork:
    """A butter croissant."""

    def paint(painter: QPainter, _face: Face) -> None:
        parts = (
            (15, 67, 11, -52),
            (28, 53, 16.5, -34),
            (85, 67, 11, 52),
            (72, 53, 16.5, 34),
            (50, 46, 21.5, 0),
        )
        for x, y, radius, turn in parts:
            painter.save()
            painter.translate(x, y)
            painter.rotate(turn)
            fill(
                painter,
                ellipse(0, 0, radius * 0.84, radius),
                down(-radius, radius, (0, "#f2c67e"), (0.5, "#d9974a"), (1, "#a8652a")),
            )
            for lean in (-0.42, 0.0, 0.42):
                fold = outline(
                    (radius * lean, -radius * 0.86),
                    (radius * lean * 1.5, 0, radius * lean, radius * 0.86),
                    is_closed=False,
                )
                stroke(painter, fold, colour("#874a18", 90), 1.1)
            fill(
                painter,
                ellipse(-radius * 0.2, -radius * 0.5, radius * 0.26, radius * 0.14),
                colour("#ffffff", 80),
            )
            painter.restore()

    return Artwork(paint, (50, 78, 36), pixels_per_unit=4)


def roll() -> Artwork:
    """A seeded roll."""

    def paint(painter: QPainter, _face: Face) -> None:
        body = outline(
            (13, 60),
            (13, 29, 40, 25, 52, 25),
            (79, 27, 89, 43, 87, 62),
            (85, 81, 66, 81, 50, 81),
            (28, 81, 13, 79, 13, 60),
        )
        fill(painter, body, round_light(41, 38, 62, (0, "#ecb96f"), (0.6, "#cb8a43"), (1, "#97592a")))
        seeds = random.Random(5)
        for _ in range(70):
            painter.save()
            painter.translate(seeds.uniform(22, 78), seeds.uniform(31, 64))
            painter.rotate(seeds.uniform(0, 180))
            tone = seeds.choice(("#f8ecce", "#eed7a6", "#574230"))
            fill(painter, ellipse(0.3, 0.5, 2.1, 1.1), colour("#5a3412", 90))
            fill(painter, ellipse(0, 0, 2.1, 1.1), tone)
            painter.restore()
        fill(painter, ellipse(36, 38, 11, 4), colour("#ffffff", 40))

    return Artwork(paint, (50, 81, 33), pixels_per_unit=3.4)
