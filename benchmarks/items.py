"""How well the things on the counter are found one by one, and what it costs.

`python -m benchmarks.items [FRAMES]`: that many drawn frames a row (60 without), whose truth is known from
the drawing. Packs lie at any angle; light, shadows and noise change from frame to frame. No camera's picture
of a real counter is among them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.vision.counter.packs import PackPicture, load_packs
from visionscan_kiosk.vision.counter.scene import Pose, bare_counter, lay, light
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

WIDTH, HEIGHT = 1280, 720
LEAST_GAP = 14
FOUND_FROM = 0.6
"""Common part of two boxes over what both cover, from which on a thing counts as found."""
MOST = 6
_REACH = 220
"""No pack is longer than twice this, in pixels."""

Mask = NDArray[np.uint8]
Random = np.random.Generator


@dataclass(slots=True)
class Drawn:
    """A frame and its truth: the mask of every pack, and which packs touch each other."""

    frame: Image
    masks: list[Mask] = field(default_factory=list)
    touching: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Count:
    """What was found in the frames of one row."""

    frames: int = 0
    frames_right: int = 0
    single: int = 0
    found: int = 0
    reported: int = 0
    wrong: int = 0
    false_touching: int = 0
    touching: int = 0
    touching_told: int = 0
    overlap: float = 0.0
    cpu_ms: list[float] = field(default_factory=list)


class Counter:
    """Draws packs where the benchmark wants them."""

    def __init__(self) -> None:
        self.packs = load_packs(bundled("resources/sample_shop/packs"))
        self.brightness = light(WIDTH, HEIGHT)
        self.bare = bare_counter(self.brightness, 1)

    def draw(self, random: Random, count: int, *, touching: bool = False) -> Drawn:
        """Return a still without noise; with `touching` the first two packs touch."""
        drawn, near = Drawn(self.bare.copy()), np.zeros((HEIGHT, WIDTH), np.uint8)
        for _ in range(40 * count):
            pack = self.packs[str(random.choice(list(self.packs)))]
            laid = Laid(pack, random)
            is_second = touching and len(drawn.masks) == 1
            if laid.come_to(drawn.masks[0], random) if is_second else laid.is_free(near):
                lay(drawn.frame, self.brightness, pack, laid.pose)
                drawn.masks.append(laid.mask())
                near |= _grown(drawn.masks[-1])
            if len(drawn.masks) == count:
                break
        if touching and len(drawn.masks) > 1:
            drawn.touching = {0, 1}
        return drawn


class Laid:
    """A pack somewhere on the counter, with the mask of what it covers."""

    def __init__(self, pack: PackPicture, random: Random) -> None:
        scale = min(0.75, random.uniform(130, 330) / max(pack.shape[:2]))
        turn, seed = random.uniform(0, 360), int(random.integers(1 << 31))
        self._patch = _silhouette(pack, Pose(_REACH, _REACH, turn, scale, seed))
        x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
        self.pose = Pose(round(x), round(y), turn, scale, seed)

    def is_free(self, taken: Mask) -> bool:
        """Whether it lies on the counter as a whole, and away from what lies there."""
        there = self._there()
        return there is not None and not (taken[there] & self._cut).any()

    def come_to(self, other: Mask, random: Random) -> bool:
        """Come nearer from outside until both touch; return whether it still lies on the counter."""
        y, x = (float(axis.mean()) for axis in np.nonzero(other))
        angle, was_free = random.uniform(0, 2 * np.pi), False
        for distance in range(500, 20, -2):
            at = round(x + distance * np.cos(angle)), round(y + distance * np.sin(angle))
            self.pose = Pose(*at, self.pose.turn, self.pose.scale, self.pose.seed)
            there = self._there()
            if there is None:
                continue
            if (other[there] & self._cut).any():
                return was_free
            was_free = True
        return False

    def mask(self) -> Mask:
        """Return what it covers: height x width, 0 or 255."""
        whole = np.zeros((HEIGHT, WIDTH), np.uint8)
        there = self._there()
        if there is not None:
            whole[there] = self._cut
        return whole

    def _there(self) -> tuple[slice, slice] | None:
        """Return where in the picture it lies, None when a part is outside."""
        x, y, width, height = cv2.boundingRect(self._patch)
        left, top = round(self.pose.x) - _REACH + x, round(self.pose.y) - _REACH + y
        self._cut = self._patch[y : y + height, x : x + width]
        is_inside = left > 6 and top > 6 and left + width < WIDTH - 6 and top + height < HEIGHT - 6
        return (slice(top, top + height), slice(left, left + width)) if is_inside else None


def _grown(mask: Mask) -> Mask:
    return np.asarray(cv2.dilate(mask, np.ones((2 * LEAST_GAP + 1,) * 2, np.uint8)), np.uint8)


def _silhouette(pack: PackPicture, pose: Pose) -> Mask:
    white = pack.copy()
    white[:, :, :3] = 255
    side = 2 * _REACH
    scene = np.zeros((side, side, 3), np.uint8)
    lay(scene, np.ones((side, side, 1), np.float32), white, pose)
    return np.where(scene[:, :, 0] > 127, 255, 0).astype(np.uint8)


Condition = Callable[[Image, Random], Image]


def steady(frame: Image, random: Random) -> Image:
    """The light of when the counter was learned."""
    return _noisy(frame, random, 2.2)


def dim_and_tinted(frame: Image, random: Random) -> Image:
    """The whole light has changed since, in strength and colour."""
    gain = random.uniform(0.7, 1.2) * random.uniform(0.95, 1.05, 3)
    return _noisy(frame * gain, random, 2.2)


def side_light(frame: Image, random: Random) -> Image:
    """One side has become lighter, as by a window."""
    fall = np.linspace(random.uniform(0.78, 1.0), random.uniform(0.9, 1.12), WIDTH)[None, :, None]
    return _noisy(frame * fall, random, 2.2)


def shadowed(frame: Image, random: Random) -> Image:
    """A soft shadow of somebody lies over a part of the counter."""
    shade = np.zeros((HEIGHT, WIDTH), np.float32)
    middle = int(random.uniform(0, WIDTH)), int(random.uniform(0, HEIGHT))
    size = int(random.uniform(120, 400)), int(random.uniform(80, 260))
    cv2.ellipse(shade, middle, size, float(random.uniform(0, 180)), 0, 360, 1.0, cv2.FILLED)
    soft = cv2.GaussianBlur(shade, (0, 0), float(random.uniform(12, 30)))
    return _noisy(frame * (1 - random.uniform(0.15, 0.45) * soft[:, :, None]), random, 2.2)


def noisy(frame: Image, random: Random) -> Image:
    """A small sensor in the evening."""
    return _noisy(frame * 0.8, random, 6.0)


def jogged(frame: Image, random: Random) -> Image:
    """Somebody leans on the counter: the camera sits a pixel or two elsewhere."""
    x, y = random.uniform(-2, 2, 2)
    moved = cv2.warpAffine(
        frame, np.array([[1, 0, x], [0, 1, y]]), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE
    )
    return _noisy(np.asarray(moved, np.uint8), random, 2.2)


def _noisy(frame: NDArray[np.floating] | Image, random: Random, spread: float) -> Image:
    noise = random.standard_normal((HEIGHT, WIDTH, 3), np.float32) * spread
    return np.asarray(np.clip(frame + noise, 0, 255), np.uint8)


ROWS: tuple[tuple[str, Condition, bool], ...] = (
    ("steady light", steady, False),
    ("dimmer or tinted", dim_and_tinted, False),
    ("light from a side", side_light, False),
    ("somebody's shadow", shadowed, False),
    ("much noise", noisy, False),
    ("camera jogged", jogged, False),
    ("two touch", steady, True),
)


def judge(finder: CounterItemFinder, drawn: Drawn, count: Count) -> None:
    """Add what was found in one frame."""
    started = time.thread_time()
    items = finder.find(drawn.frame)
    count.cpu_ms.append((time.thread_time() - started) * 1000)
    boxes = [Box(*cv2.boundingRect(mask)) for mask in drawn.masks]
    single = [box for place, box in enumerate(boxes) if place not in drawn.touching]
    left = list(items)
    is_right = not drawn.touching or _is_told(drawn, left, boxes)
    count.touching += bool(drawn.touching)
    count.touching_told += bool(drawn.touching) and is_right
    count.reported += len(left)
    found = 0
    for box in single:
        best = max(left, key=lambda item: overlap(item.box, box), default=None)
        if best is not None and overlap(best.box, box) >= FOUND_FROM:
            left.remove(best)
            found += 1
            count.overlap += overlap(best.box, box)
            count.false_touching += best.is_touching
            is_right = is_right and not best.is_touching
    count.frames += 1
    count.single += len(single)
    count.found += found
    count.wrong += len(left)
    count.frames_right += is_right and found == len(single) and not left


def _is_told(drawn: Drawn, left: list[SeenItem], boxes: Sequence[Box]) -> bool:
    """Whether touching packs are said to touch or were told apart; what shows them leaves `left`."""
    pair = [boxes[place] for place in sorted(drawn.touching)]
    both = Box(*cv2.boundingRect(drawn.masks[0] | drawn.masks[1]))
    shown = [item for item in left if _share_inside(item.box, both) > 0.8]
    for item in shown:
        left.remove(item)
    if len(shown) == 1:
        return shown[0].is_touching
    return len(shown) == 2 and all(
        max(overlap(item.box, box) for item in shown) >= FOUND_FROM for box in pair
    )


def _share_inside(box: Box, other: Box) -> float:
    return _common(box, other) / max(1, box.width * box.height)


def _common(one: Box, other: Box) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(width, 0) * max(height, 0)


def overlap(one: Box, other: Box) -> float:
    """Return the common part of two boxes over what both cover."""
    common = _common(one, other)
    return common / (one.width * one.height + other.width * other.height - common)


def measure(counter: Counter, condition: Condition, frames: int, *, touching: bool) -> Count:
    """Find items in frames of 1 to 6 packs each; a new look at the same counter every time."""
    finder, count = CounterItemFinder(), Count()
    finder.learn_empty_counter(steady(counter.bare, np.random.default_rng(0)))
    for number in range(frames):
        random = np.random.default_rng(number)
        packs = 2 + number % (MOST - 1) if touching else 1 + number % MOST
        drawn = counter.draw(random, packs, touching=touching)
        drawn.frame = condition(drawn.frame, random)
        judge(finder, drawn, count)
    return count


def empty_frames(counter: Counter, condition: Condition, frames: int) -> int:
    """Return in how many frames of the empty counter something is found."""
    finder = CounterItemFinder()
    finder.learn_empty_counter(steady(counter.bare, np.random.default_rng(0)))
    looks = (condition(counter.bare, np.random.default_rng(number)) for number in range(frames))
    return sum(len(finder.find(frame)) > 0 for frame in looks)


def main(arguments: Sequence[str]) -> None:
    frames = int(arguments[0]) if arguments else 60
    counter = Counter()
    table = Table(
        "",
        "items",
        "recall",
        "precision",
        "overlap",
        "false touching",
        "touching told",
        "frames right",
        "things on an empty counter",
        "CPU ms",
        "CPU ms 99 %",
    )
    for name, condition, touching in ROWS:
        count = measure(counter, condition, frames, touching=touching)
        cpu = np.array(count.cpu_ms)
        table.add_row(
            name,
            str(count.single),
            f"{count.found / max(1, count.single):.3f}",
            f"{1 - count.wrong / max(1, count.reported):.3f}",
            f"{count.overlap / max(1, count.found):.3f}",
            f"{count.false_touching / max(1, count.found):.3f}",
            f"{count.touching_told / count.touching:.3f}" if count.touching else "",
            f"{count.frames_right} of {count.frames}",
            f"{empty_frames(counter, condition, frames // 2)} of {frames // 2}",
            f"{cpu.mean():.1f}",
            f"{np.quantile(cpu, 0.99):.1f}",
        )
    console = Console(width=150)
    console.print(table)
    _gate_cost(console, counter)


def _gate_cost(console: Console, counter: Counter) -> None:
    gate, rounds = StillSceneGate(), 100
    gate.learn_empty_counter(counter.bare)
    frame = steady(counter.draw(np.random.default_rng(0), 4).frame, np.random.default_rng(1))
    started = time.thread_time()
    for number in range(rounds):
        gate.feed(frame, number / 30)
    console.print(
        f"scene gate, a 1280 x 720 frame: {(time.thread_time() - started) * 1000 / rounds:.2f} ms CPU"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
