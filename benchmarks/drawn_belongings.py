"""What people lay on a counter that is not for sale, drawn with variety: telephones, purses, keys, bags.

Two pixels are a millimetre on a counter of 720 rows; pictures are drawn twice as large, as packs are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.vision.counter.packs import PackPicture

VARIETIES = 12
"""So many of each kind are drawn."""
_FINE = 4
"""Pixels of a picture a millimetre."""

Canvas = NDArray[np.float32]
"""height x width x 4, BGRA, 0..255."""
Colour = tuple[float, float, float]
Random = np.random.Generator

_LEATHERS: tuple[Colour, ...] = (
    (32, 30, 34),
    (38, 58, 104),
    (60, 92, 140),
    (40, 36, 118),
    (92, 60, 40),
    (150, 130, 196),
)
_CASES: tuple[Colour, ...] = ((24, 24, 26), (46, 44, 42), (150, 96, 44), (190, 186, 184), (96, 70, 176))
_CLOTHS: tuple[Colour, ...] = ((58, 62, 66), (110, 70, 44), (70, 96, 64), (196, 206, 214), (60, 60, 140))


def telephone(random: Random) -> PackPicture:
    """A telephone with a dark screen: a black slab with rounded corners and a soft gloss."""
    canvas = _body(random)
    height, width = canvas.shape[:2]
    _slab(canvas, _inside(canvas, 2.5), 7, (16, 14, 14))
    gloss = np.linspace(-1, 1, width)[None, :] + np.linspace(-1, 1, height)[:, None]
    shine = random.uniform(6, 26) * np.exp(-(((gloss - random.uniform(-1, 1)) / 0.45) ** 2))
    canvas[:, :, :3] += (shine * (canvas[:, :, 3] > 0))[:, :, None]
    return _finished(canvas, random)


def lit_telephone(random: Random) -> PackPicture:
    """A telephone whose screen is on: a picture, a list or a page of icons."""
    canvas = _body(random)
    screen = _inside(canvas, 3.5)
    _slab(canvas, screen, 6, tuple(random.uniform(20, 250, 3)))
    left, top, right, bottom = screen
    rows, columns = int(random.integers(4, 9)), int(random.choice([1, 1, 3, 4]))
    across, down = (right - left) / columns, (bottom - top) / rows
    for row in range(1, rows):
        for column in range(columns):
            colour = (*random.uniform(10, 250, 3), 255)
            start = round(left + across * (column + 0.18)), round(top + down * (row + 0.15))
            end = round(left + across * (column + 0.82)), round(top + down * (row + 0.7))
            cv2.rectangle(canvas, start, end, colour, cv2.FILLED)
    return _finished(canvas, random)


def back_of_telephone(random: Random) -> PackPicture:
    """A telephone that lies on its face: a case, lenses in a corner."""
    canvas = _body(random)
    _slab(canvas, _inside(canvas, 0.5), 8, _chosen(random, _CASES))
    size = round(26 * _FINE)
    _slab(canvas, (20, 20, 20 + size, 20 + size), 5, (28, 26, 26))
    for x, y in ((0.3, 0.3), (0.3, 0.7), (0.7, 0.5)):
        middle = 20 + round(size * x), 20 + round(size * y)
        cv2.circle(canvas, middle, round(4.5 * _FINE), (8, 8, 8, 255), cv2.FILLED, cv2.LINE_AA)
        cv2.circle(canvas, middle, round(2 * _FINE), (70, 50, 44, 255), cv2.FILLED, cv2.LINE_AA)
    return _finished(canvas, random)


def purse(random: Random) -> PackPicture:
    """A purse or wallet of leather: a seam along its rim, a fold, sometimes a button."""
    canvas = _blank(random.uniform(95, 195), random.uniform(80, 105))
    leather = _chosen(random, _LEATHERS)
    _slab(canvas, _inside(canvas, 0), 5, leather)
    lighter = tuple(min(255.0, value + 28) for value in leather)
    left, top, right, bottom = _inside(canvas, 3)
    cv2.rectangle(canvas, (left, top), (right, bottom), (*lighter, 255), 2, cv2.LINE_AA)
    fold = round(top + (bottom - top) * random.uniform(0.45, 0.7))
    cv2.line(canvas, (left, fold), (right, fold), (*(value * 0.6 for value in leather), 255), 5, cv2.LINE_AA)
    if random.random() < 0.5:
        button = round((left + right) / 2), fold
        cv2.circle(canvas, button, round(5 * _FINE), (90, 150, 176, 255), cv2.FILLED, cv2.LINE_AA)
    return _finished(canvas, random, grain=7)


def keys(random: Random) -> PackPicture:
    """Some keys on a ring, spread like a fan."""
    canvas = _blank(110, 110)
    middle = 55 * _FINE
    cv2.circle(canvas, (middle, middle), 13 * _FINE, (150, 156, 160, 255), 8, cv2.LINE_AA)
    start = random.uniform(0, 360)
    for number in range(int(random.integers(2, 5))):
        tone = random.uniform(0.6, 1.1) * np.array(
            random.choice([(150, 160, 164), (96, 160, 190)], axis=0), float
        )
        _key(canvas, middle, np.radians(start + number * random.uniform(24, 60)), (*tone, 255.0))
    if random.random() < 0.6:
        tag = np.radians(start + 180)
        at = round(middle + 28 * _FINE * np.cos(tag)), round(middle + 28 * _FINE * np.sin(tag))
        cv2.circle(canvas, at, 14 * _FINE, (*_chosen(random, _LEATHERS), 255), cv2.FILLED, cv2.LINE_AA)
    return _finished(canvas, random)


def handbag(random: Random) -> PackPicture:
    """A handbag or cloth bag laid down: a flap, a strap that lies around it."""
    width, height = random.uniform(240, 330), random.uniform(160, 230)
    canvas = _blank(width + 60, height + 90)
    colour = _chosen(random, _LEATHERS + _CLOTHS)
    darker = tuple(value * 0.7 for value in colour)
    left, top = 30 * _FINE, 80 * _FINE
    right, bottom = round(left + width * _FINE), round(top + height * _FINE)
    middle = (left + right) // 2
    strap = round(width * 0.3 * _FINE), 70 * _FINE
    cv2.ellipse(canvas, (middle, top + 20), strap, 0, 180, 360, (*darker, 255), 9 * _FINE, cv2.LINE_AA)
    _slab(canvas, (left, top, right, bottom), 22, colour)
    cv2.line(
        canvas,
        (left, top + (bottom - top) // 2),
        (right, top + (bottom - top) // 2),
        (*darker, 255),
        8,
        cv2.LINE_AA,
    )
    cv2.circle(
        canvas,
        (middle, top + (bottom - top) // 2),
        8 * _FINE,
        (100, 170, 200, 255),
        cv2.FILLED,
        cv2.LINE_AA,
    )
    return _finished(canvas, random, grain=6)


def paper_bag(random: Random) -> PackPicture:
    """A carrier bag of paper or plastic from above or lying: folds, handles, sometimes the shop's mark."""
    canvas = _blank(random.uniform(220, 320), random.uniform(130, 240))
    colour = _chosen(random, ((96, 140, 178), (214, 218, 222), (90, 130, 60), (60, 70, 190)))
    _slab(canvas, _inside(canvas, 0), 2, colour)
    height, width = canvas.shape[:2]
    for _ in range(int(random.integers(2, 6))):
        x, end = (round(value) for value in random.uniform(0, width, 2))
        cv2.line(canvas, (x, 0), (end, height), (*(value * 0.86 for value in colour), 255), 7, cv2.LINE_AA)
    if random.random() < 0.4:
        mark = tuple(random.uniform(20, 240, 3))
        cv2.circle(canvas, (width // 2, height // 2), round(height * 0.2), (*mark, 255), -1, cv2.LINE_AA)
    return _finished(canvas, random, grain=5)


KINDS: Mapping[str, Callable[[Random], PackPicture]] = {
    "telephone, dark": telephone,
    "telephone, lit": lit_telephone,
    "telephone, back": back_of_telephone,
    "purse": purse,
    "keys": keys,
    "handbag": handbag,
    "carrier bag": paper_bag,
}


def aubergine(random: Random) -> PackPicture:
    """Goods that are dark and without print, but round at their ends."""
    canvas = _blank(random.uniform(70, 90), random.uniform(150, 190))
    height, width = canvas.shape[:2]
    half = width // 2, round(height * 0.44)
    cv2.ellipse(canvas, (width // 2, height - half[1]), half, 0, 0, 360, (52, 20, 44, 255), -1, cv2.LINE_AA)
    cv2.ellipse(
        canvas, (width // 2, height // 8), (width // 4, height // 8), 0, 0, 360, (50, 120, 80, 255), -1
    )
    return _finished(canvas, random)


def melon(random: Random) -> PackPicture:
    """Goods that are as large as a bag and plain, but round."""
    size = random.uniform(180, 240)
    canvas = _blank(size, size * random.uniform(0.85, 1))
    height, width = canvas.shape[:2]
    colour = _chosen(random, ((70, 190, 220), (50, 110, 60), (30, 120, 230)))
    middle, half = (width // 2, height // 2), (width // 2 - 1, height // 2 - 1)
    cv2.ellipse(canvas, middle, half, 0, 0, 360, (*colour, 255), -1, cv2.LINE_AA)
    down, across = np.indices((height, width))
    away = np.hypot(down - height / 3, across - width / 3)
    canvas[:, :, :3] *= (1.15 - 0.6 * away / width)[:, :, None]
    return _finished(canvas, random, grain=4)


def plain_block(random: Random) -> PackPicture:
    """Butter, soap or cheese in white paper, a tray with its underside up: a slab without print."""
    longer = random.uniform(80, 200)
    canvas = _blank(longer / random.uniform(1.1, 1.8), longer)
    _slab(canvas, _inside(canvas, 0), 3, _chosen(random, ((226, 230, 232), (30, 30, 30), (110, 170, 196))))
    return _finished(canvas, random)


def bread_in_paper(random: Random) -> PackPicture:
    """A small bag of the baker's, smaller than those in which goods are carried home."""
    canvas = _blank(random.uniform(110, 150), random.uniform(180, 230))
    _slab(canvas, _inside(canvas, 0), 2, _chosen(random, ((96, 140, 178), (214, 218, 222))))
    return _finished(canvas, random, grain=5)


PLAIN_GOODS: Mapping[str, Callable[[Random], PackPicture]] = {
    "aubergine": aubergine,
    "melon": melon,
    "plain block": plain_block,
    "bread in paper": bread_in_paper,
}
"""Goods without print, which are the hardest to tell from belongings."""


def draw_all(kinds: Mapping[str, Callable[[Random], PackPicture]]) -> dict[str, PackPicture]:
    """Return every variety of every kind, named KIND/NUMBER."""
    return {
        f"{kind}/{number}": draw(np.random.default_rng((number, place)))
        for place, (kind, draw) in enumerate(kinds.items())
        for number in range(VARIETIES)
    }


def _body(random: Random) -> Canvas:
    size = random.uniform(0.92, 1.06)
    canvas = _blank(74 * size, 152 * size)
    _slab(canvas, _inside(canvas, 0), 9, _chosen(random, _CASES))
    return canvas


def _key(canvas: Canvas, middle: int, angle: float, colour: tuple[float, ...]) -> None:
    def at(along: float) -> tuple[int, int]:
        return round(middle + along * _FINE * np.cos(angle)), round(middle + along * _FINE * np.sin(angle))

    cv2.circle(canvas, at(20), 10 * _FINE, colour, cv2.FILLED, cv2.LINE_AA)
    cv2.line(canvas, at(24), at(50), colour, 6 * _FINE, cv2.LINE_AA)


def _blank(width: float, height: float) -> Canvas:
    return np.zeros((round(height * _FINE), round(width * _FINE), 4), np.float32)


def _inside(canvas: Canvas, by: float) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom so many millimetres within the picture."""
    height, width = canvas.shape[:2]
    rim = round(by * _FINE)
    return rim, rim, width - 1 - rim, height - 1 - rim


def _slab(canvas: Canvas, at: tuple[int, int, int, int], corner: float, colour: Colour) -> None:
    left, top, right, bottom = at
    radius = round(corner * _FINE)
    paint = (*colour, 255)
    cv2.rectangle(canvas, (left + radius, top), (right - radius, bottom), paint, cv2.FILLED)
    cv2.rectangle(canvas, (left, top + radius), (right, bottom - radius), paint, cv2.FILLED)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            cv2.circle(canvas, (x, y), radius, paint, cv2.FILLED, cv2.LINE_AA)


def _chosen(random: Random, colours: tuple[Colour, ...]) -> Colour:
    blue, green, red = np.asarray(colours[int(random.integers(len(colours)))]) * random.uniform(0.85, 1.15)
    return float(blue), float(green), float(red)


def _finished(canvas: Canvas, random: Random, grain: float = 1.5) -> PackPicture:
    height, width = canvas.shape[:2]
    coarse = random.normal(0, grain, (height // 6 + 1, width // 6 + 1)).astype(np.float32)
    canvas[:, :, :3] += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None]
    return np.clip(canvas, 0, 255).astype(np.uint8)
