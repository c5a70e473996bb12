"""One question at a time: a busy server queues without a sign, so the queue is kept here and shown."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from visionscan_kiosk.domain.errors import DetectorBusy
from visionscan_kiosk.services.vision_models import ModelActivity, ModelWork

_LOOK_S = 0.05
"""How long somebody who gives up waiting may go unnoticed."""


class Turns:
    """First come, first served. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = Condition()
        self._queue: deque[object] = deque()
        self._is_held = False
        self._activity, self._model, self._since = ModelActivity.IDLE, "", 0.0
        self._free_at = 0.0

    def work(self) -> ModelWork:
        """Return what is done now and how many wait."""
        with self._changed:
            if self._activity is ModelActivity.IDLE:
                return ModelWork(waiting=len(self._queue))
            return ModelWork(self._activity, self._model, self._clock() - self._since, len(self._queue))

    @contextmanager
    def turn(self, patience_s: float, check_wanted: Callable[[], None]) -> Iterator[None]:
        """Wait for the turn and hold it; `check_wanted` raises when nobody waits for it any more.

        Raises DetectorBusy when others' answers take longer than `patience_s`; time in which a model is
        loaded, or a pause is kept, does not count.
        """
        mine = object()
        with self._changed:
            self._queue.append(mine)
        try:
            self._wait(mine, patience_s, check_wanted)
        except BaseException:
            self._leave(mine)
            raise
        try:
            yield
        finally:
            self._end()

    def now(self, activity: ModelActivity, model: str) -> None:
        """Tell what the holder of the turn does from now on."""
        with self._changed:
            self._activity, self._model, self._since = activity, model, self._clock()

    def pause(self, seconds: float) -> None:
        """Give nobody a turn for so long: a picture whose client has left may still be worked on."""
        with self._changed:
            self._free_at = self._clock() + seconds

    def _wait(self, mine: object, patience_s: float, check_wanted: Callable[[], None]) -> None:
        left_s = patience_s
        check_wanted()
        while not self._take(mine):
            before = self._clock()
            with self._changed:
                self._changed.wait(_LOOK_S)
                is_answering = self._activity is ModelActivity.ANSWERING
            check_wanted()
            left_s -= self._clock() - before if is_answering else 0.0
            if left_s <= 0:
                raise DetectorBusy("The vision model is busy with another picture. Try again.")

    def _take(self, mine: object) -> bool:
        with self._changed:
            if self._is_held or self._queue[0] is not mine or self._clock() < self._free_at:
                return False
            self._queue.popleft()
            self._is_held = True
            return True

    def _leave(self, mine: object) -> None:
        with self._changed:
            self._queue.remove(mine)
            self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            self._is_held = False
            self._activity, self._model = ModelActivity.IDLE, ""
            self._changed.notify_all()
