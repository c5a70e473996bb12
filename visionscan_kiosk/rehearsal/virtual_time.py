"""Time that passes only when it is told to: one queue of events, in an order that never differs."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_US = 1_000_000


@dataclass
class Effort:
    """What the work under way has cost so far, in seconds."""

    seconds: float = 0.0


class Event:
    """A pending call at a moment, in microseconds since the beginning; also a Timer of the flow's."""

    def __init__(self, due: int, number: int, action: Callable[[], None]) -> None:
        self.due = due
        self.number = number
        self.action = action
        self.is_cancelled = False

    def __lt__(self, other: Event) -> bool:
        return (self.due, self.number) < (other.due, other.number)

    def cancel(self) -> None:
        """Do not call any more; a second time does nothing."""
        self.is_cancelled = True


class VirtualTime:
    """A clock and its queue. What is due at the same moment happens in the order it was asked for."""

    def __init__(self) -> None:
        self._now = 0
        self._count = 0
        self._queue: list[Event] = []

    @property
    def microseconds(self) -> int:
        """How much time has passed since the beginning."""
        return self._now

    def seconds(self) -> float:
        """Return monotonic seconds."""
        return self._now / _US

    def now(self) -> datetime:
        """Return the time of day: every rehearsal begins at the same one."""
        return _BEGIN + timedelta(microseconds=self._now)

    def zone(self) -> tzinfo:
        """Return the shop's time zone."""
        return UTC

    def at(self, due: int, action: Callable[[], None]) -> Event:
        """Call at a moment in microseconds, never before what is under way now has ended."""
        self._count += 1
        event = Event(max(due, self._now), self._count, action)
        heapq.heappush(self._queue, event)
        return event

    def after(self, seconds: float, action: Callable[[], None]) -> Event:
        """Call once after so many seconds."""
        return self.at(self._now + round(seconds * _US), action)

    def pass_by(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, at most until something is true; what is due meanwhile happens."""
        end = self._now + round(seconds * _US)
        while not until() and self._queue and self._queue[0].due <= end:
            event = heapq.heappop(self._queue)
            self._now = event.due
            if not event.is_cancelled:
                event.action()
        if not until():
            self._now = end


class ProgramTimers:
    """The flow's Timers: they end with the program that set them."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._is_closed = False

    def after(self, delay_ms: int, action: Callable[[], None]) -> Event:
        """Call once after the delay."""
        return self._time.after(delay_ms / 1000, self._unless_closed(action))

    def every(self, period_ms: int, action: Callable[[], None]) -> Repeated:
        """Call again and again."""
        return Repeated(self._time, period_ms / 1000, self._unless_closed(action))

    def close(self) -> None:
        """Nothing that is pending happens any more."""
        self._is_closed = True

    def _unless_closed(self, action: Callable[[], None]) -> Callable[[], None]:
        def call() -> None:
            if not self._is_closed:
                action()

        return call


class Repeated:
    """A call that comes again at equal distances."""

    def __init__(self, time: VirtualTime, period_s: float, action: Callable[[], None]) -> None:
        self._time = time
        self._period_s = period_s
        self._action = action
        self._next = time.after(period_s, self._call)

    def cancel(self) -> None:
        """Do not call any more."""
        self._next.cancel()

    def _call(self) -> None:
        self._next = self._time.after(self._period_s, self._call)
        self._action()
