"""Keeps a source that could deliver at once to a number of pictures a second."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Call `wait` before every picture. Time that was lost is not made up by a burst."""

    def __init__(
        self,
        frames_per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval_s = 1 / frames_per_second
        self._clock = clock
        self._sleep = sleep
        self._due: float | None = None

    def wait(self) -> None:
        """Sleep until the next picture is due; the first is due at once."""
        now = self._clock()
        if self._due is None or self._due < now - self._interval_s:
            self._due = now
        elif self._due > now:
            self._sleep(self._due - now)
        self._due += self._interval_s
