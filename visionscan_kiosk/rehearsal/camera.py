"""The camera above the drawn counter: a picture whenever one is due, and how the camera is."""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from visionscan_kiosk.rehearsal.virtual_time import VirtualTime
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind, Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.stage import Stage

_WINDOW_US: Final = 100_000
"""For so long a code can be read or cannot: a blur lasts, however many pictures are taken of it."""
_NOISES: Final = 8
"""So many noises take turns over a scene that stays the same: what was drawn and read once is kept."""
_KEPT: Final = 24

_State = tuple[object, ...]


class DrawnCamera:
    """Takes pictures of the stage in virtual time; `pose` is called before each to move what moves.

    `on_frame` and `on_state` are the till's, as long as one is open.
    """

    def __init__(self, time: VirtualTime, stage: Stage, *, fps: float, seed: int, readable: float) -> None:
        self._time = time
        self._stage = stage
        self._seed = seed
        self._period_us = 0
        self._number = 0
        self._drawn: OrderedDict[_State, Image] = OrderedDict()
        self.readable = readable
        self.is_lost = False
        self.pose: Callable[[], None] = lambda: None
        self.on_frame: Callable[[Frame], None] | None = None
        self.on_state: Callable[[CameraState], None] | None = None
        self.set_rate(fps)
        time.at(time.microseconds, self._tick)

    def set_rate(self, fps: float) -> None:
        """Take so many pictures a second from the next one on."""
        self._period_us = round(1_000_000 / fps)

    def forget_drawn(self) -> None:
        """Another piece comes, perhaps with the name and to the place of an earlier one: draw all anew."""
        self._drawn.clear()

    def lose(self) -> None:
        """No more pictures come."""
        self.is_lost = True
        self.tell_state()

    def come_back(self) -> None:
        """Pictures come again."""
        self.is_lost = False
        self.tell_state()

    def tell_state(self) -> None:
        """Tell the till how the camera is."""
        if self.on_state is not None:
            lost = CameraState(CameraStateKind.LOST, "The camera gives no picture.")
            self.on_state(lost if self.is_lost else CameraState(CameraStateKind.LIVE, "simulated counter"))

    def _tick(self) -> None:
        self._number += 1
        self._time.at(self._time.microseconds + self._period_us, self._tick)
        self.pose()
        if self.on_frame is not None and not self.is_lost:
            self.on_frame(Frame(self._picture(), self._number, self._time.seconds()))

    def _picture(self) -> Image:
        stage = self._stage
        stage.is_readable = self._can_be_read()
        key = (*_state_of(stage), self._number % _NOISES)
        image = self._drawn.pop(key, None)
        if image is None:
            image = stage.render(self._number % _NOISES)
        self._drawn[key] = image
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        return image

    def _can_be_read(self) -> bool:
        """Drawn anew for each part of a second, the same at every rate."""
        if self.readable >= 1:
            return True
        window = self._time.microseconds // _WINDOW_US
        return random.Random(f"{self._seed}/{window}").random() < self.readable  # noqa: S311 - no secret


def _state_of(stage: Stage) -> _State:
    lying = tuple((name, stage.middle_of(name)) for name in stage.names)
    return (lying, tuple(stage.hands), tuple(stage.bags), stage.light, stage.shake, stage.is_readable)
