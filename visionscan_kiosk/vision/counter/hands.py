"""Hands and bags over the drawn counter: what hides goods, and casts a shadow too."""

from __future__ import annotations

from typing import Literal, NamedTuple

import cv2
import numpy as np

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.scene import CutOut, FloatImage, lay_down, shadow_of

Edge = Literal["left", "right", "top", "bottom"]

_SKIN, _NAIL = (126.0, 158.0, 214.0), (168.0, 188.0, 226.0)
_SLEEVE, _CUFF = (96.0, 70.0, 52.0), (128.0, 98.0, 76.0)
_WIDTH, _FINGERTIPS, _WRIST = 200, 130, 200
"""How wide a hand is, how far its fingers reach above the middle of the palm and where the sleeve begins."""
_FINGERS = ((-40, -92, 11), (-14, -112, 12), (12, -108, 12), (37, -84, 10))
_THUMB = ((-44, 6), (-84, -30), 14)
_BAGS = ((58.0, 92.0, 150.0), (84.0, 122.0, 64.0), (146.0, 90.0, 70.0))
_SPARE = 40
_QUARTER_TURNS: dict[Edge, int] = {"bottom": 0, "right": 1, "top": 2, "left": 3}


Colour = tuple[float, float, float]


class Hand(NamedTuple):
    """A hand with the middle of its palm at (x, y) in pixels, its arm coming in from that edge."""

    x: float
    y: float
    edge: Edge = "bottom"


class Hands:
    """Draws hands into scenes of one size; for one thread."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._scale = min(size) / 720
        self._length = max(size)
        self._arms: dict[Edge, CutOut] = {}

    def draw(self, scene: Image, brightness: FloatImage, hand: Hand) -> None:
        """Draw a hand, its arm and the shadow of both; what lies outside is cut off."""
        if hand.edge not in self._arms:
            self._arms[hand.edge] = _arm(self._scale, self._length, _QUARTER_TURNS[hand.edge])
        lay_down(scene, brightness, self._arms[hand.edge], (hand.x, hand.y))


def _arm(scale: float, length: int, turns: int) -> CutOut:
    """Return an arm that reaches so far from its palm, turned by so many quarters anticlockwise."""
    width, above = round(_WIDTH * scale) + 2 * _SPARE, round(_FINGERTIPS * scale) + _SPARE
    canvas = np.zeros((above + length, width, 4), np.float32)
    _draw_arm(canvas, (width // 2, above), scale)
    smooth = np.ascontiguousarray(np.rot90(cv2.GaussianBlur(canvas, (0, 0), 1.0), turns))
    opacity = np.asarray(smooth[:, :, 3:], np.float32)
    colours = np.asarray(smooth[:, :, :3], np.float32)
    return CutOut(colours.copy(), opacity.copy(), shadow_of(opacity), _anchor(canvas, above, turns))


def _anchor(canvas: FloatImage, above: int, turns: int) -> tuple[float, float]:
    """Return where the palm is after the canvas was turned."""
    height, width = canvas.shape[:2]
    middle = width // 2
    places = (
        (middle, above),
        (above, width - middle),
        (width - middle, height - above),
        (height - above, middle),
    )
    return places[turns]


def _draw_arm(canvas: FloatImage, palm: tuple[int, int], scale: float) -> None:
    def at(x: float, y: float) -> tuple[int, int]:
        return round(palm[0] + x * scale), round(palm[1] + y * scale)

    def line(start: tuple[float, float], end: tuple[float, float], radius: float, colour: Colour) -> None:
        cv2.line(canvas, at(*start), at(*end), (*colour, 1.0), max(1, round(2 * radius * scale)), cv2.LINE_AA)

    line((0, 20), (6, _WRIST + 20), 34, _SKIN)
    line((6, _WRIST), (6, _WRIST + canvas.shape[0]), 50, _SLEEVE)
    line((6, _WRIST), (6, _WRIST + 14), 50, _CUFF)
    cv2.ellipse(
        canvas, at(0, 0), (round(52 * scale), round(60 * scale)), 0, 0, 360, (*_SKIN, 1.0), cv2.FILLED
    )
    for x, y, radius in _FINGERS:
        line((x * 0.9, -20), (x, y), radius, _SKIN)
        line((x, y - 2), (x, y - 6), radius * 0.55, _NAIL)
    line(*_THUMB, _SKIN)


def draw_bag(scene: Image, brightness: FloatImage, box: Box, number: int) -> None:
    """Draw an opaque bag over this box, the colour by its number; what lies outside is cut off."""
    opacity = np.zeros((box.height + 2 * _SPARE, box.width + 2 * _SPARE, 1), np.float32)
    opacity[_SPARE:-_SPARE, _SPARE:-_SPARE] = 1
    folds = 1 + 0.06 * np.sin(np.arange(opacity.shape[1]) / 17)[None, :, None]
    colours = opacity * folds * np.asarray(_BAGS[number % len(_BAGS)])
    cut = CutOut(colours.astype(np.float32), opacity, shadow_of(opacity), (_SPARE, _SPARE))
    lay_down(scene, brightness, cut, (box.x, box.y))
