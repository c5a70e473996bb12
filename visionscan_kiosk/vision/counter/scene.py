"""How the counter looks: boards, light, packs with their shadows. Everything is drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.packs import PackPicture

FloatImage = NDArray[np.float32]

_BOARD = (168.0, 182.0, 192.0)
_SHADOW_OFFSET = (10, 12)
_SHADOW_BLUR = 11.0
_SHADOW_DEPTH = 0.5
_MARGIN = 40
_SOLID = 0.5
_PERSPECTIVE = 0.018


@dataclass(frozen=True, slots=True)
class Pose:
    """How a pack lies: its middle in pixels, degrees anticlockwise, scale, and a seed for its perspective."""

    x: float
    y: float
    turn: float
    scale: float
    seed: int


def light(width: int, height: int) -> FloatImage:
    """Return the brightness at every pixel: a lamp up left, falling off softly. height x width x 1."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    fall_off = ((across - 0.38) / 0.95) ** 2 + ((down - 0.4) / 1.05) ** 2
    return np.asarray((1.08 - 0.3 * fall_off)[:, :, None], np.float32)


def bare_counter(brightness: FloatImage, seed: int) -> Image:
    """Return the empty wooden counter under its light."""
    height, width = brightness.shape[:2]
    random = np.random.default_rng(seed)
    grain = (
        _smooth_noise(random, width, height, 60, 3) * 2.6 + _smooth_noise(random, width, height, 130, 45) * 4
    )
    wood = np.asarray(_BOARD, np.float32) + grain[:, :, None]
    return np.asarray(np.clip(wood * brightness, 0, 255), np.uint8)


def _smooth_noise(
    random: np.random.Generator, width: int, height: int, across: float, down: float
) -> FloatImage:
    """Return noise of spread 1, stretched along the boards; drawn at a quarter of the size."""
    small = random.normal(0, 1, (height // 4 + 1, width // 4 + 1)).astype(np.float32)
    blurred = cv2.GaussianBlur(small, (0, 0), across / 4, sigmaY=max(down / 4, 0.8))
    grown = cv2.resize(blurred / blurred.std(), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.float32)


def turned_size(pack: PackPicture, turn: float) -> tuple[float, float]:
    """Return width and height that a pack needs when it is turned."""
    height, width = pack.shape[:2]
    cosine, sine = abs(np.cos(np.radians(turn))), abs(np.sin(np.radians(turn)))
    return width * cosine + height * sine, width * sine + height * cosine


@dataclass(frozen=True, slots=True)
class CutOut:
    """Something as it is drawn: colours times opacity, opacity and shadow, each height x width x 3 or x 1.

    `anchor`: which of its pixels (x, y) comes where it is laid.
    """

    colours: FloatImage
    opacity: FloatImage
    shadow: FloatImage
    anchor: tuple[float, float]

    @property
    def reach(self) -> tuple[int, int, int, int]:
        """What it covers without its shadow: left, top, width, height in pixels of the cut-out."""
        left, top, width, height = cv2.boundingRect((self.opacity[:, :, 0] > _SOLID).astype(np.uint8))
        return left, top, width, height


def cut_out(pack: PackPicture, pose: Pose) -> CutOut:
    """Return a pack turned and scaled, with its shadow; where it lies does not matter."""
    width, height = (int(side * pose.scale) + 2 * _MARGIN for side in turned_size(pack, pose.turn))
    colours, opacity = _posed(pack, pose, width, height)
    return CutOut(colours, opacity, shadow_of(opacity), (width / 2, height / 2))


def lay(scene: Image, brightness: FloatImage, pack: PackPicture, pose: Pose) -> None:
    """Draw a pack with its shadow into the lit scene; what lies outside is cut off."""
    lay_down(scene, brightness, cut_out(pack, pose), (pose.x, pose.y))


def left_top(cut: CutOut, at: tuple[float, float]) -> tuple[int, int]:
    """Return the pixel of the scene on which a cut-out's first one comes when it is laid here."""
    return round(at[0] - cut.anchor[0]), round(at[1] - cut.anchor[1])


def lay_down(scene: Image, brightness: FloatImage, cut: CutOut, at: tuple[float, float]) -> None:
    """Draw what was cut out, and its shadow, at this place; what lies outside is cut off."""
    height, width = cut.opacity.shape[:2]
    inside = _overlap(scene, *left_top(cut, at), width, height)
    if inside is None:
        return
    there, here = inside
    ground = scene[there].astype(np.float32) * (1 - cut.shadow[here])
    lit = ground * (1 - cut.opacity[here]) + cut.colours[here] * brightness[there]
    scene[there] = np.clip(lit, 0, 255).astype(np.uint8)


def _overlap(
    scene: Image, left: int, top: int, width: int, height: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    right, bottom = min(left + width, scene.shape[1]), min(top + height, scene.shape[0])
    first_x, first_y = max(left, 0), max(top, 0)
    if first_x >= right or first_y >= bottom:
        return None
    there = slice(first_y, bottom), slice(first_x, right)
    return there, (slice(first_y - top, bottom - top), slice(first_x - left, right - left))


def _posed(pack: PackPicture, pose: Pose, width: int, height: int) -> tuple[FloatImage, FloatImage]:
    """Return the turned pack as colours times opacity, and its opacity 0..1, drawn at twice the size."""
    opacity = pack[:, :, 3:].astype(np.float32) / 255
    layers = np.dstack([pack[:, :, :3] * opacity, opacity]).astype(np.float32)
    matrix = _perspective(pack, pose, width, height)
    warped = cv2.warpPerspective(layers, matrix, (width * 2, height * 2), flags=cv2.INTER_LINEAR)
    small = np.asarray(cv2.resize(warped, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    return small[:, :, :3], small[:, :, 3:]


def _perspective(pack: PackPicture, pose: Pose, width: int, height: int) -> NDArray[np.float64]:
    pack_height, pack_width = pack.shape[:2]
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    around_middle = (corners - 0.5) * (pack_width, pack_height)
    wobble = np.random.default_rng(pose.seed).uniform(-_PERSPECTIVE, _PERSPECTIVE, (4, 2))
    around_middle += wobble * max(pack_width, pack_height)
    angle = np.radians(pose.turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = (around_middle @ rotation * pose.scale + (width / 2, height / 2)) * 2
    source = corners * (pack_width, pack_height)
    return np.asarray(cv2.getPerspectiveTransform(source.astype(np.float32), target.astype(np.float32)))


def shadow_of(opacity: FloatImage) -> FloatImage:
    """Return how much light is lost around something that lies flat, 0..1; height x width x 1."""
    shifted = np.roll(opacity[:, :, 0], _SHADOW_OFFSET, axis=(1, 0))
    soft = cv2.GaussianBlur(shifted, (0, 0), _SHADOW_BLUR)
    return np.asarray(soft[:, :, None] * _SHADOW_DEPTH, np.float32)
