"""What one look costs the counter, in the thread of the screen: `python -m benchmarks.counter [LOOKS]`.

Coded packs lie in rows, each with its body and its blob. Median microseconds of CPU a look, still and while a
hand moves beside them, beside the floor: one pass over the pieces that compares one box of each.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import AddPiece
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene, Thing

PACKS = (4, 12, 24, 48)
LOOKS = 200
STEP_S = 0.125
WIDTH, HEIGHT = 1280, 720
HAND = Box(1180, 0, 90, 400)


class Tray:
    """A counter with packs on it, all of them charged; every other product lies there twice."""

    def __init__(self, packs: int) -> None:
        self.counter, self._times = Counter(WIDTH, HEIGHT), count(1)
        self.bodies = tuple(
            Box(10 + number % 8 * 140, 10 + number // 8 * 115, 120, 95) for number in range(packs)
        )
        self._codes = tuple(
            ReadCode(f"{number // 2}", Box(box.x + 30, box.y + 30, 60, 30), UUID(int=number // 2 + 1))
            for number, box in enumerate(self.bodies)
        )
        self.counter.opened(0.0)
        for scene in (Scene.MOVING, *[Scene.EMPTY] * 4, Scene.MOVING):
            self._look(Look(self._at(), scene, scene is Scene.MOVING, (), ()))
        self._look(
            Look(self._at(), Scene.STILL, codes=self._codes, covered=self.bodies, things=self._things())
        )
        for _ in range(8):
            self.still()
        assert len(self.counter.pieces) == packs
        assert len(self.counter.outlines) == packs

    def still(self) -> None:
        """Everything lies still, and every code is read."""
        self._look(Look(self._at(), Scene.STILL, codes=self._codes, covered=self.bodies))

    def moving(self) -> None:
        """A hand moves at the rim; half of the codes are read."""
        self._look(
            Look(
                self._at(), Scene.MOVING, has_moved=True, codes=self._codes[::2], covered=(*self.bodies, HAND)
            )
        )

    def floor(self) -> None:
        """Look once at each piece."""
        for piece in self.counter.pieces:
            piece.place.common_area(HAND)

    def _things(self) -> tuple[Thing, ...]:
        return tuple(Thing(box, ()) for box in self.bodies)

    def _at(self) -> float:
        return next(self._times) * STEP_S

    def _look(self, look: Look) -> None:
        for intent in self.counter.look(look):
            if isinstance(intent, AddPiece):
                self.counter.added(intent.operation_id)


def main() -> None:
    looks = int(sys.argv[1]) if len(sys.argv) > 1 else LOOKS
    print("median us a look; floor: one pass over the pieces\n\npacks    still   moving    floor")
    for packs in PACKS:
        print(f"{packs:5}", *(f"{figure:8.0f}" for figure in _figures(packs, looks)))


def _figures(packs: int, looks: int) -> Iterator[float]:
    tray = Tray(packs)
    for act in (tray.still, tray.moving, tray.floor):
        yield statistics.median(_micros(act) for _ in range(looks))


def _micros(act: Callable[[], None]) -> float:
    started = time.thread_time()
    act()
    return (time.thread_time() - started) * 1e6


if __name__ == "__main__":
    main()
