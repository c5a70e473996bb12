"""The counter itself: goods are put on it and taken away while its camera looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from threading import Lock

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.layout import CAPACITY, Placed, free_spot, pose_in, seed_of
from visionscan_kiosk.vision.counter.packs import PackPicture, with_opacity
from visionscan_kiosk.vision.counter.scene import bare_counter, lay, light
from visionscan_kiosk.vision.counter.sensor import SensorNoise, as_seen
from visionscan_kiosk.vision.pace import Pace


class SimulatedCounter:
    """Packs lying on a drawn counter. Safe to use from several threads.

    `packs` are pictures by SKU, BGRA or BGR; the same SKU may lie there several times.
    """

    def __init__(
        self, packs: Mapping[str, PackPicture], *, size: tuple[int, int] = (1280, 720), seed: int = 1
    ) -> None:
        self._packs = {sku: with_opacity(picture) for sku, picture in packs.items()}
        self._size = size
        self._seed = seed
        self._lock = Lock()
        self._placed: list[Placed] = []
        self._number = 0
        self._change = 0
        self._brightness = light(*size)
        self._bare = bare_counter(self._brightness, seed)
        self._scene: Image | None = None
        self._drawn = _Drawn((), (self._bare,))
        self._noise = SensorNoise(size, seed)

    @property
    def on_counter(self) -> tuple[str, ...]:
        """SKUs that lie on the counter, in the order they were placed."""
        with self._lock:
            return tuple(placed.sku for placed in self._placed)

    def place(self, sku: str) -> None:
        """Put a pack on the counter; raise InvalidInput for an unknown SKU or a full counter."""
        if sku not in self._packs:
            raise InvalidInput(f"There is no pack of {sku} to put on the counter.", field="sku")
        with self._lock:
            spot = free_spot(self._placed)
            if spot is None:
                raise InvalidInput(
                    f"The counter is full with {CAPACITY} packs. Take one away first.", field="sku"
                )
            self._number += 1
            self._placed.append(Placed(sku, spot, self._number))
            self._rearranged()

    def take_away(self, sku: str) -> None:
        """Take a pack of this SKU off the counter, the latest first; nothing happens when none lies there."""
        with self._lock:
            latest = next((placed for placed in reversed(self._placed) if placed.sku == sku), None)
            if latest is not None:
                self._placed.remove(latest)
                self._rearranged()

    def clear(self) -> None:
        """Take everything off the counter."""
        with self._lock:
            self._placed.clear()
            self._rearranged()

    def render_frame(self) -> Image:
        """Return what the camera sees now: height x width x 3 BGR, with fresh sensor noise."""
        with self._lock:
            scene, placed, change = self._scene, tuple(self._placed), self._change
        if scene is None:
            # Drawn without the lock: whoever puts goods down meanwhile must not wait for it.
            self._drawn = drawn = self._draw(placed, self._seed, self._drawn)
            scene = as_seen(drawn.scenes[-1])
            with self._lock:
                if self._change == change:
                    self._scene = scene
        return self._noise.over(scene)

    def render_still(self, skus: Sequence[str], seed: int) -> Image:
        """Return a picture of these goods alone, the same for the same seed; the counter stays as it is."""
        placed: list[Placed] = []
        for number, sku in enumerate(skus):
            spot = free_spot(placed)
            if spot is None:
                raise InvalidInput(f"The counter holds {CAPACITY} packs.")
            placed.append(Placed(sku, spot, number))
        drawn = self._draw(placed, seed, _Drawn((), (self._bare,)))
        return SensorNoise(self._size, seed).over(as_seen(drawn.scenes[-1]))

    def _rearranged(self) -> None:
        self._scene = None
        self._change += 1

    def _draw(self, placed: Sequence[Placed], seed: int, before: _Drawn) -> _Drawn:
        """Draw pack upon pack, beginning with what was drawn `before` of the same packs in their places."""
        scenes = [self._bare, *before.common(placed)]
        for item in placed[len(scenes) - 1 :]:
            scene = scenes[-1].copy()
            pack = self._packs[item.sku]
            pose = pose_in(item.spot, size=self._size, pack=pack, seed=seed_of(item, seed))
            lay(scene, self._brightness, pack, pose)
            scenes.append(scene)
        return _Drawn(tuple(placed), tuple(scenes))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Packs and the scenes with the first none, one, two ... of them: a change draws only what it must."""

    placed: tuple[Placed, ...]
    scenes: tuple[Image, ...]

    def common(self, placed: Sequence[Placed]) -> tuple[Image, ...]:
        """Return the scenes with the first packs, as far as they are the same."""
        same = takewhile(lambda pair: pair[0] == pair[1], zip(self.placed, placed, strict=False))
        return self.scenes[1 : 1 + sum(1 for _ in same)]


class CounterSource:
    """The camera above a simulated counter, `frames_per_second` pictures a second."""

    def __init__(self, counter: SimulatedCounter, frames_per_second: float = 30.0) -> None:
        self._counter = counter
        self._pace = Pace(frames_per_second)

    @property
    def description(self) -> str:
        """What this source is, for people."""
        return "simulated counter"

    def read(self) -> Image | None:
        """Return the next picture when it is due."""
        self._pace.wait()
        return self._counter.render_frame()

    def close(self) -> None:
        """Nothing to let go."""
