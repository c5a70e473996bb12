"""A drawn counter on which a script says where everything lies: for rehearsals, without clock and threads."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import cv2
import numpy as np

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.code_smear import with_smeared_code
from visionscan_kiosk.vision.counter.hands import Edge, Hand, Hands, draw_bag
from visionscan_kiosk.vision.counter.packs import PackPicture, with_opacity
from visionscan_kiosk.vision.counter.scene import (
    CutOut,
    Pose,
    bare_counter,
    cut_out,
    lay_down,
    left_top,
    light,
)
from visionscan_kiosk.vision.counter.sensor import SensorNoise, as_seen

__all__ = ["Edge", "Hand", "Stage"]

_SCALE = 0.5
"""Of the pack's picture, for a counter of 720 rows: smaller ones cannot be read at every angle."""
_GAP, _RIM, _STEP = 24, 12, 20
_KEPT_SCENES = 2
"""A code that can be read now and then is one scene or the other, many times a second."""


@dataclass(frozen=True, slots=True)
class _Lying:
    sku: str
    x: float
    y: float
    turn: float
    seed: int


_State = tuple[tuple[_Lying, ...], tuple[Hand, ...], tuple[Box, ...], float, bool]


class Stage:
    """Packs, hands and bags where they are put, and what the camera sees of them. For one thread.

    `packs` are pictures by SKU, BGRA or BGR; `size` is width and height in pixels; places are pixels too.
    `hands`, `bags`, `light` (1 is as learned, 0.03 dark), `shake` (pixels) and `is_readable` (whether codes
    decode) are set freely between frames. The same state, seed and frame number give the same picture.
    """

    def __init__(
        self, packs: Mapping[str, PackPicture], *, size: tuple[int, int] = (1280, 720), seed: int = 1
    ) -> None:
        self.hands: Sequence[Hand] = ()
        self.bags: Sequence[Box] = ()
        self.light = 1.0
        self.shake = 0.0
        self.is_readable = True
        self._size = size
        self._seed = seed
        self._brightness = light(*size)
        self._packs = _Wardrobe(packs, _SCALE * size[1] / 720)
        self._layers = {
            is_readable: _Layers(bare_counter(self._brightness, seed)) for is_readable in (True, False)
        }
        self._hands = Hands(size)
        self._lying: dict[str, _Lying] = {}
        self._noise = SensorNoise(size, seed)
        self._composed: dict[_State, Image] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What lies there, in the order in which it was put."""
        return tuple(self._lying)

    def put(self, name: str, sku: str, x: float, y: float, turn: float = 0.0) -> None:
        """Lay a pack down with its middle here, over what lies there.

        Raises InvalidInput for goods without a picture and for a name that lies there already.
        """
        self._packs.check(sku)
        if name in self._lying:
            raise InvalidInput(f"{name} lies on the counter already. Give the piece another name.")
        seed = zlib.crc32(f"{self._seed}/{name}/{sku}".encode())
        self._lying[name] = _Lying(sku, x, y, turn, seed)

    def take(self, name: str) -> None:
        """Take a piece away; raise InvalidInput when it does not lie there."""
        self._piece(name)
        del self._lying[name]

    def move_to(self, name: str, x: float, y: float) -> None:
        """Push a piece so that its middle is here; raise InvalidInput when it does not lie there."""
        self._lying[name] = replace(self._piece(name), x=x, y=y)

    def middle_of(self, name: str) -> tuple[float, float]:
        """Return where a piece lies; raise InvalidInput when it does not."""
        lying = self._piece(name)
        return lying.x, lying.y

    def box_of(self, name: str) -> Box:
        """Return what a piece covers; raise InvalidInput when it does not lie there."""
        return self._box(self._piece(name))

    def free_place(self, sku: str, turn: float = 0.0) -> tuple[float, float]:
        """Return a middle for a pack where it touches nothing; raise InvalidInput when there is none."""
        self._packs.check(sku)
        taken = [_grown(self._box(lying), _GAP) for lying in self._lying.values()]
        for x, y in _places(self._size):
            box = self._box(_Lying(sku, x, y, turn, 0))
            if _is_inside(_grown(box, _RIM), self._size) and not any(
                box.common_area(other) for other in taken
            ):
                return x, y
        raise InvalidInput(f"There is no free place for {sku}. Take something off the counter first.")

    def render(self, frame_number: int) -> Image:
        """Return what the camera sees: height x width x 3 BGR."""
        lying = tuple(self._lying.values())
        state: _State = lying, tuple(self.hands), tuple(self.bags), self.light, self.is_readable
        scene = self._composed.get(state)
        if scene is None:
            scene = self._compose(lying)
            self._composed = dict([*self._composed.items(), (state, scene)][-_KEPT_SCENES:])
        return self._noise.over(self._shaken(scene, frame_number) if self.shake else scene, frame_number)

    def _compose(self, lying: Sequence[_Lying]) -> Image:
        scene = self._layers[self.is_readable].with_pieces(lying, self._lay)
        if self.bags or self.hands:
            scene = scene.copy()
        for number, bag in enumerate(self.bags):
            draw_bag(scene, self._brightness, bag, number)
        for hand in self.hands:
            self._hands.draw(scene, self._brightness, hand)
        if self.light != 1:
            scene = np.asarray(cv2.convertScaleAbs(scene, alpha=self.light), np.uint8)
        return as_seen(scene)

    def _lay(self, scene: Image, lying: _Lying) -> None:
        cut = self._packs.cut(lying, is_readable=self.is_readable)
        lay_down(scene, self._brightness, cut, (lying.x, lying.y))

    def _shaken(self, scene: Image, frame_number: int) -> Image:
        """Return the scene as seen by a camera that is some pixels elsewhere in every frame."""
        random = np.random.default_rng((self._seed, frame_number, 1))
        across, down = (round(by) for by in random.uniform(-self.shake, self.shake, 2))
        room = math.ceil(self.shake)
        wide = cv2.copyMakeBorder(scene, room, room, room, room, cv2.BORDER_REPLICATE)
        width, height = self._size
        return np.asarray(wide[room + down :, room + across :][:height, :width], np.uint8)

    def _box(self, lying: _Lying) -> Box:
        cut = self._packs.cut(lying, is_readable=True)
        (x, y), (left, top, width, height) = left_top(cut, (lying.x, lying.y)), cut.reach
        return Box(x + left, y + top, width, height)

    def _piece(self, name: str) -> _Lying:
        if name not in self._lying:
            raise InvalidInput(f"There is no {name} on the counter.")
        return self._lying[name]


class _Wardrobe:
    """The packs as they are drawn, turned once for all the places where they lie."""

    def __init__(self, packs: Mapping[str, PackPicture], scale: float) -> None:
        self._packs = {(sku, True): with_opacity(picture) for sku, picture in packs.items()}
        self._scale = scale
        self._cuts: dict[tuple[str, float, int, bool], CutOut] = {}

    def check(self, sku: str) -> None:
        if (sku, True) not in self._packs:
            raise InvalidInput(f"There is no pack of {sku} to put on the counter.", field="sku")

    def cut(self, lying: _Lying, *, is_readable: bool) -> CutOut:
        key = lying.sku, lying.turn, lying.seed, is_readable
        if key not in self._cuts:
            pose = Pose(0, 0, lying.turn, self._scale, lying.seed)
            self._cuts[key] = cut_out(self._pack(lying.sku, is_readable=is_readable), pose)
        return self._cuts[key]

    def _pack(self, sku: str, *, is_readable: bool) -> PackPicture:
        if (sku, is_readable) not in self._packs:
            self._packs[sku, is_readable] = with_smeared_code(self._packs[sku, True])
        return self._packs[sku, is_readable]


class _Layers:
    """The counter with the first none, one, two ... of its packs: a change draws only what it must."""

    def __init__(self, bare: Image) -> None:
        self._pieces: tuple[_Lying, ...] = ()
        self._scenes = [bare]

    def with_pieces(self, pieces: Sequence[_Lying], lay: Callable[[Image, _Lying], None]) -> Image:
        """Return the scene with these; it is not to be written into."""
        pairs = zip(self._pieces, pieces, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        del self._scenes[same + 1 :]
        for piece in pieces[same:]:
            scene = self._scenes[-1].copy()
            lay(scene, piece)
            self._scenes.append(scene)
        self._pieces = tuple(pieces)
        return self._scenes[-1]


def _places(size: tuple[int, int]) -> Iterator[tuple[float, float]]:
    """Yield middles to try: six spots in two rows first, then all over the counter."""
    width, height = size
    yield from ((width * x, height * y) for y in (0.27, 0.73) for x in (0.5, 0.2, 0.8))
    yield from ((float(x), float(y)) for y in range(0, height, _STEP) for x in range(0, width, _STEP))


def _grown(box: Box, by: int) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def _is_inside(box: Box, size: tuple[int, int]) -> bool:
    return box.x >= 0 and box.y >= 0 and box.x + box.width <= size[0] and box.y + box.height <= size[1]
