"""Where packs lie: six spots in two rows, so that none moves for another. All is drawn from a seed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visionscan_kiosk.vision.counter.packs import PackPicture
from visionscan_kiosk.vision.counter.scene import Pose, turned_size

CAPACITY = 6

_COLUMNS, _ROWS = 3, 2
_TILT = 9.0
_LARGEST_SCALE = 0.75
_COMFORTABLE_SCALE = 0.62
"""Of the pack's picture: what would be smaller upright lies sideways if it is larger then."""
_EDGE = 0.09
"""Part of the height that stays free above and below: a screen may show a wider cut of the picture."""
_FILLED = 0.94
_FILL_ORDER = (1, 3, 5, 0, 2, 4)


@dataclass(frozen=True, slots=True)
class Placed:
    """A pack on the counter: its SKU, the spot it took (0..5) and its running number."""

    sku: str
    spot: int
    number: int


def free_spot(taken: Sequence[Placed]) -> int | None:
    """Return the next spot, None when the counter is full."""
    used = {placed.spot for placed in taken}
    return next((spot for spot in _FILL_ORDER if spot not in used), None)


def pose_in(spot: int, *, size: tuple[int, int], pack: PackPicture, seed: int) -> Pose:
    """Return how a pack lies in its spot of a counter of `size` (width, height)."""
    random = np.random.default_rng(seed)
    row, column = divmod(spot, _COLUMNS)
    room = size[0] / _COLUMNS, size[1] * (1 - 2 * _EDGE) / _ROWS
    turn = float(random.uniform(-_TILT, _TILT))
    if _scale_in(room, pack, turn) < min(_COMFORTABLE_SCALE, _scale_in(room, pack, turn + 90)):
        turn += 90
    scale = _scale_in(room, pack, turn)
    needed = turned_size(pack, turn)
    slack = [max(0.0, room[side] - needed[side] * scale) / 2 for side in (0, 1)]
    middle = (column + 0.5) * room[0], size[1] * _EDGE + (row + 0.5) * room[1]
    shift = random.uniform(-0.5, 0.5, 2) * slack
    return Pose(middle[0] + shift[0], middle[1] + shift[1], turn, scale, int(random.integers(1 << 31)))


def _scale_in(room: tuple[float, float], pack: PackPicture, turn: float) -> float:
    width, height = turned_size(pack, turn)
    return min(_LARGEST_SCALE, _FILLED * room[0] / width, _FILLED * room[1] / height)


def seed_of(placed: Placed, seed: int) -> int:
    """Return a pack's own seed: the same pack placed again lies differently."""
    return zlib.crc32(f"{seed}/{placed.number}/{placed.sku}".encode())
