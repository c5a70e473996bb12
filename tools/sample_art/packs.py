"""Shapes of packs. Each function takes the colours and words of a product and returns its artwork."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPainterPath

from sample_art.artwork import Artwork, CodePlace, Face
from sample_art.brush import (
    colour,
    darker,
    down,
    ellipse,
    fill,
    gleam,
    lighter,
    outline,
    round_light,
    rounded,
    shade,
    stroke,
    within,
    words,
)


def carton(paper: str, accent: str, brand: str, title: str, foot: str) -> Artwork:
    """A gable-top drink carton; its side panel carries the code."""

    def paint(painter: QPainter, face: Face) -> None:
        body = rounded(30, 32, 40, 60, 1.6)
        if face is Face.CODED:
            fill(
                painter,
                outline((69, 33), (63, 17), (80, 19), (89, 34), (89, 90), (69, 92)),
                darker(paper, 122),
            )
        fill(painter, body, paper)
        wave = outline((30, 71), (30, 62, 43, 59), (58, 55.5, 70, 63), (70, 92), (30, 92))
        within(painter, body, wave, accent)
        ripple = outline(
            (30, 66), (30, 57, 43, 54.5), (58, 51, 70, 58.5), (70, 63), (58, 55.5, 43, 59), (30, 62, 30, 71)
        )
        within(painter, body, ripple, colour(accent, 90))
        fill(painter, outline((30, 33), (37, 17), (63, 17), (70, 33)), darker(paper, 108))
        fill(painter, outline((37, 17), (50, 26), (63, 17)), darker(paper, 104))
        fill(painter, rounded(36, 9.5, 28, 9, 1.4), darker(paper, 115))
        fill(painter, ellipse(50, 26.5, 4.8, 3.7), "#ffffff")
        fill(painter, ellipse(50, 26.2, 3.5, 2.5), accent)
        words(painter, brand, (50, 38.5), 5, accent, 32, 500)
        words(painter, title, (50, 48), 14, darker(accent, 108), 34)
        words(painter, foot, (50, 81), 8, "#ffffff", 32)
        shade(painter, body, 32)

    return Artwork(paint, (51, 91.5, 24), CodePlace(79.2, 62, 54, is_upright=True))


def jug(plastic: str, accent: str, brand: str, title: str, foot: str) -> Artwork:
    """A two litre bottle with a handle."""

    def paint(painter: QPainter, face: Face) -> None:
        body = outline(
            (26, 44),
            (27, 31, 42, 29, 43, 17),
            (57, 17),
            (58, 29, 77, 30, 77, 44),
            (77, 88),
            (77, 93, 72, 93),
            (31, 93),
            (26, 93, 26, 88),
        )
        fill(painter, body, down(14, 94, (0, lighter(plastic, 104)), (1, darker(plastic, 106))))
        handle = outline(
            (66, 38), (73, 38, 73, 44), (73, 50), (73, 55, 67, 54), (64, 53, 64, 46), (64, 40, 66, 38)
        )
        fill(painter, handle, darker(plastic, 128))
        fill(painter, rounded(41.5, 7.5, 17, 10.5, 2), accent)
        fill(painter, rounded(41.5, 14.5, 17, 3.5, 0.6), darker(accent, 122))
        within(painter, body, rounded(20, 58, 60, 28, 0), accent)
        within(painter, body, rounded(20, 55, 60, 2, 0), colour(accent, 120))
        middle, widest = (40, 24) if face is Face.CODED else (51.5, 44)
        words(painter, brand, (middle if face is Face.CODED else 44, 49), 5, accent, 24, 500)
        words(painter, title, (middle, 67), 13, "#ffffff", widest)
        words(painter, foot, (middle, 78), 7.5, "#ffffff", widest)
        shade(painter, body, 34)
        gleam(painter, 29.5, 44, 2.2, 42, 110)

    return Artwork(paint, (51, 92.5, 29), CodePlace(65.5, 64, 54, is_upright=True))


def bottle(glass: str, cap: str, paper: str, ink: str, brand: str, title: str, foot: str) -> Artwork:
    """A bottle; lying down it shows the back label with the code."""

    def paint(painter: QPainter, face: Face) -> None:
        body = outline(
            (35, 90), (35, 46), (35, 35, 45.4, 33, 45.4, 22), (45.4, 13), (54.6, 13), (54.6, 22),
            (54.6, 33, 65, 35, 65, 46), (65, 90), (65, 93, 62, 93), (38, 93), (35, 93, 35, 90)
        )  # fmt: skip
        fill(painter, body, down(12, 94, (0, lighter(glass, 112)), (1, darker(glass, 112))))
        fill(painter, rounded(44, 6.5, 12, 9.5, 1.6), cap)
        fill(painter, rounded(44, 13, 12, 2.4, 0.5), darker(cap, 125))
        gleam(painter, 38, 44, 2, 46)
        top, height = (43, 46) if face is Face.CODED else (52, 29)
        fill(painter, rounded(35, top, 30, height, 0), paper)
        fill(painter, rounded(35, top, 30, 2, 0), ink)
        fill(painter, rounded(35, top + height - 2, 30, 2, 0), ink)
        if face is Face.CODED:
            words(painter, title, (40.6, 66), 8.5, ink, 38, angle=-90)
            words(painter, f"{brand} {foot}", (47.6, 66), 4.4, ink, 38, 500, angle=-90)
        else:
            words(painter, brand, (50, 57.8), 4.2, ink, 26, 500)
            words(painter, title, (50, 66), 9.5, ink, 26)
            words(painter, foot, (50, 74.6), 5, ink, 25, 500)
        shade(painter, body, 46)

    return Artwork(paint, (50, 92.5, 20), CodePlace(57.9, 66, 43.6, is_upright=True))


def jar(content: str, lid: str, paper: str, ink: str, brand: str, title: str, foot: str) -> Artwork:
    """A preserving jar."""

    def paint(painter: QPainter, face: Face) -> None:
        body = rounded(27, 29, 46, 62, 7)
        fill(painter, body, round_light(40, 50, 52, (0, lighter(content, 118)), (1, darker(content, 112))))
        fill(painter, rounded(28.5, 16.5, 43, 14.5, 2.6), lid)
        fill(painter, rounded(28.5, 27, 43, 4, 0.8), darker(lid, 122))
        gleam(painter, 31.5, 18.5, 6, 2, 90)
        gleam(painter, 30.5, 34, 2.6, 52, 84)
        if face is Face.CODED:
            fill(painter, rounded(27, 34, 46, 53, 0), paper)
            words(painter, title, (39.5, 58), 9.5, ink, 22)
            words(painter, brand, (39.5, 47.5), 4.6, ink, 20, 500)
            words(painter, foot, (39.5, 70), 5.4, ink, 20, 500)
        else:
            fill(painter, rounded(27, 44, 46, 32, 0), paper)
            fill(painter, rounded(27, 46, 46, 0.9, 0), ink)
            fill(painter, rounded(27, 73.2, 46, 0.9, 0), ink)
            words(painter, brand, (50, 51), 4.8, ink, 38, 500)
            words(painter, title, (50, 60), 11, ink, 40)
            words(painter, foot, (50, 68.6), 5.2, ink, 38, 500)
        shade(painter, body, 42)

    return Artwork(paint, (50, 90.5, 27), CodePlace(62.6, 60.5, 51, is_upright=True))


def box(card: str, accent: str, brand: str, title: str, foot: str) -> Artwork:
    """A wrapped block, such as butter; the code is on the side towards the viewer."""

    def paint(painter: QPainter, face: Face) -> None:
        face = rounded(11, 40, 71, 38, 1)
        fill(painter, outline((11.6, 40.4), (22, 27.5), (91, 27.5), (81.6, 40.4)), lighter(card, 116))
        if face is Face.CODED:
            fill(painter, outline((11, 77), (82, 77), (80, 97.5), (13, 97.5)), darker(card, 118))
        else:
            fill(painter, outline((81.6, 40.4), (91, 27.5), (91, 65), (81.6, 77.6)), darker(card, 126))
        fill(painter, face, card)
        wave = outline((11, 66), (28, 70, 44, 62), (62, 53.5, 82, 57), (82, 78), (11, 78))
        within(painter, face, wave, accent)
        words(painter, brand, (46.5, 48.5), 10.5, "#ffffff", 62)
        words(painter, title, (60, 68), 9.5, darker(card, 130), 40)
        words(painter, foot, (24, 73), 5.5, darker(card, 130), 20, 500)
        shade(painter, face, 24)

    return Artwork(paint, (52, 78.5, 42), CodePlace(46.5, 87.3, 62, is_upright=False))


def bag(foil: str, accent: str, ink: str, brand: str, title: str, foot: str, window: str | None) -> Artwork:
    """A standing bag, with a window on its contents if they are worth seeing."""

    def paint(painter: QPainter, face: Face) -> None:
        body = outline((27.5, 19), (72.5, 19), (76, 58, 74, 91), (50, 94.5, 26, 91), (24, 58, 27.5, 19))
        fill(painter, body, foil)
        fill(painter, rounded(26.5, 9, 47, 12, 1.2), darker(foil, 114))
        for line in (12.5, 15, 17.5):
            stroke(painter, outline((28, line), (72, line), is_closed=False), colour("#000000", 36), 0.6)
        middle, widest = (40.5, 23) if face is Face.CODED else (50, 34)
        left = middle - widest / 2 - 1.5
        fill(painter, rounded(left, 27, widest + 3, 29, 2.6), accent)
        words(painter, brand, (middle, 32.5), 4.6, ink, widest - 3, 500)
        words(painter, title, (middle, 41), 10, ink, widest - 2)
        words(painter, foot, (middle, 50), 5.6, ink, widest - 3, 500)
        if window:
            _strands(painter, rounded(left + 1, 60, widest + 1, 26, 5), window)
        else:
            _beans(painter, middle, 72)
        shade(painter, body, 38)
        stroke(painter, outline((31, 24), (29, 56, 31, 88), is_closed=False), colour("#ffffff", 46), 1.3)

    return Artwork(paint, (50, 92.5, 28), CodePlace(63.6, 56, 62, is_upright=True))


def _strands(painter: QPainter, pane: QPainterPath, tone: str) -> None:
    fill(painter, pane, tone)
    area = pane.boundingRect()
    for place in range(int(area.width() / 2.2)):
        x = area.left() + 1.2 + place * 2.2
        lean = (place * 37 % 11) / 11 - 0.5
        strand = outline((x, area.top() - 1), (x + lean * 3, area.bottom() + 1), is_closed=False)
        painter.save()
        painter.setClipPath(pane)
        stroke(painter, strand, darker(tone, 114), 0.8)
        painter.restore()


def _beans(painter: QPainter, x: float, y: float) -> None:
    for shift_x, shift_y, turn in ((-7, 2, -30), (6.5, 3.5, 35), (0, -6.5, 80)):
        painter.save()
        painter.translate(x + shift_x, y + shift_y)
        painter.rotate(turn)
        fill(painter, ellipse(0, 0, 4.4, 6.4), round_light(-1.5, -2, 8, (0, "#b4744a"), (1, "#6b3c22")))
        stroke(painter, outline((0, -5), (2, 0, 0, 5), is_closed=False), "#3d2113", 0.9)
        painter.restore()


def tub(plastic: str, lid: str, brand: str, title: str, foot: str) -> Artwork:
    """A yoghurt tub."""

    def paint(painter: QPainter, face: Face) -> None:
        body = outline((20, 38), (80, 38), (74.5, 86), (50, 90, 25.5, 86))
        fill(painter, body, plastic)
        band = outline((10, 50), (34, 45, 50, 51), (68, 57, 92, 51), (92, 96), (10, 96))
        within(painter, body, band, lid)
        within(
            painter,
            body,
            outline(
                (10, 47), (34, 42, 50, 48), (68, 54, 92, 48), (92, 51), (68, 57, 50, 51), (34, 45, 10, 50)
            ),
            colour(lid, 110),
        )
        fill(painter, rounded(16.5, 28.5, 67, 10.5, 3.4), lid)
        fill(painter, rounded(16.5, 35.4, 67, 3.6, 1.4), darker(lid, 120))
        words(painter, brand, (50, 44), 4.6, darker(lid, 125), 40, 500)
        words(
            painter,
            title,
            (50, 59 if face is Face.CODED else 66),
            8 if face is Face.CODED else 12,
            "#ffffff",
            46,
        )
        words(painter, foot, (50, 83 if face is Face.CODED else 78), 5.6, "#ffffff", 44, 500)
        shade(painter, body, 32)

    return Artwork(paint, (50, 88, 29), CodePlace(50, 71.5, 46, is_upright=False))


def can(tin: str, accent: str, brand: str, title: str, foot: str) -> Artwork:
    """A drink can."""

    def paint(painter: QPainter, face: Face) -> None:
        body = outline((30.5, 20), (34, 13), (66, 13), (69.5, 20), (69.5, 87), (66, 93), (34, 93), (30.5, 87))
        fill(painter, body, tin)
        within(painter, body, outline((30, 54), (44, 42, 70, 60), (70, 78), (50, 63, 30, 71)), accent)
        fill(painter, outline((30.5, 20), (34, 13), (66, 13), (69.5, 20)), "#cfd3d8")
        fill(painter, outline((30.5, 87), (69.5, 87), (66, 93), (34, 93)), "#b9bec4")
        fill(painter, ellipse(50, 13.4, 16, 1.9), "#e6e8eb")
        middle, widest = (40.8, 17) if face is Face.CODED else (50, 33)
        words(painter, brand, (middle, 29), 5, "#ffffff", widest, 500)
        words(painter, title, (middle, 39), 14, "#ffffff", widest)
        words(painter, foot, (middle, 80), 6, "#ffffff", widest, 500)
        shade(painter, body, 54)
        gleam(painter, 34, 23, 2.2, 60, 70)

    return Artwork(paint, (50, 92.5, 22), CodePlace(59.9, 53.5, 62, is_upright=True))


def bar(paper: str, band: str, brand: str, title: str, foot: str) -> Artwork:
    """A chocolate bar in paper, foil looking out at the top."""

    def paint(painter: QPainter, face: Face) -> None:
        sleeve = rounded(27, 11, 46, 80, 1.4)
        fill(painter, rounded(29, 4.5, 42, 12, 0.6), down(4, 16, (0, "#e3c98e"), (1, "#b58f45")))
        fill(painter, sleeve, paper)
        fill(painter, rounded(27, 35, 46, 32, 0), band)
        for edge in (36.2, 65.2):
            fill(painter, rounded(27, edge, 46, 0.7, 0), "#d9b56a")
        middle, widest = (40, 22) if face is Face.CODED else (50, 38)
        words(painter, brand, (middle, 24), 6.5, "#e9d3a4", widest, 500)
        words(painter, title, (middle, 47.5), 12, "#f8ecd3", widest)
        words(painter, foot, (middle, 58.5), 6, "#f8ecd3", widest, 500)
        shade(painter, sleeve, 34)

    return Artwork(paint, (50, 91, 25), CodePlace(62.6, 51, 62, is_upright=True))


def cheese(brand: str, title: str, foot: str) -> Artwork:
    """A wedge of cheese with a paper band."""

    def paint(painter: QPainter, face: Face) -> None:
        fill(painter, outline((9, 52), (69, 25), (92, 46), (92, 80), (9, 80)), "#e2ae34")
        fill(painter, outline((9, 52), (69, 25), (92, 46)), "#f8df86")
        front = outline((9, 52), (92, 46), (92, 80), (9, 80))
        fill(painter, front, down(46, 80, (0, "#f4cd5c"), (1, "#e5b440")))
        for x, y, radius in (
            (20, 60, 4),
            (82, 56, 4.6),
            (84, 72, 3),
            (15, 73, 2.6),
            (62, 38, 3.4),
            (76, 41, 2.4),
        ):
            fill(painter, ellipse(x, y, radius, radius * 0.8), "#cf962a")
            fill(painter, ellipse(x + 0.5, y + 0.6, radius * 0.8, radius * 0.6), "#dca634")
        if face is Face.CODED:
            words(painter, f"{title} {foot}", (44, 46), 4.6, "#8a5f10", 30, angle=-4)
            return
        fill(painter, outline((28, 52), (73, 48.8), (73, 80), (28, 80)), "#b4412d")
        fill(painter, outline((28, 54), (73, 50.8), (73, 51.8), (28, 55)), "#f6e3b4")
        words(painter, brand, (50.5, 59), 4.6, "#f6e3b4", 38, 500)
        words(painter, title, (50.5, 66), 8.4, "#ffffff", 40)
        words(painter, foot, (50.5, 74), 5, "#f6e3b4", 30, 500)

    return Artwork(paint, (50, 81, 42), CodePlace(50.5, 67, 64, is_upright=False))


def egg_box(brand: str, title: str) -> Artwork:
    """Six eggs in a pulp box; three look out."""

    def paint(painter: QPainter, face: Face) -> None:
        for x, tone in ((24, "#d79c68"), (50, "#e0ab7b"), (76, "#d2945f")):
            fill(
                painter,
                ellipse(x, 45, 12.4, 17),
                round_light(x - 4, 36, 26, (0, lighter(tone, 118)), (1, darker(tone, 112))),
            )
            fill(painter, ellipse(x - 4, 38, 3.2, 5.4), colour("#ffffff", 90))
        tray = outline(
            (7, 50), (15, 43), (37, 56), (50, 47), (63, 56), (85, 43), (93, 50), (87, 83), (13, 83)
        )
        fill(painter, tray, down(44, 84, (0, "#a3b0a4"), (1, "#849286")))
        for x in (30.5, 69.5):
            stroke(painter, outline((x, 59), (x, 81), is_closed=False), colour("#000000", 22), 1.2)
        if face is Face.FRONT:
            fill(painter, rounded(29, 60, 42, 19, 2), "#f5f0e1")
            words(painter, brand, (50, 65), 4.8, "#4f5c49", 36, 500)
            words(painter, title, (50, 72.6), 7, "#3f4c39", 37)
        shade(painter, tray, 26)

    return Artwork(paint, (50, 83.5, 42), CodePlace(50, 70, 66, is_upright=False))
