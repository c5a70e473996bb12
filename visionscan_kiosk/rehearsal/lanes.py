"""The till's background lanes in virtual time: each works off one task after the other."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from visionscan_kiosk.domain.errors import DatabaseUnavailable, KioskError
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.rehearsal.database_line import DatabaseLine
from visionscan_kiosk.rehearsal.virtual_time import Effort, VirtualTime

T = TypeVar("T")

_USUAL_S: Final = 0.01
_COSTS_S: Final[Mapping[Lane, float]] = {Lane.VISION: 0.03, Lane.LEARNING: 0.1, Lane.LABELS: 0.3}
"""Besides what eyes and database add: about what a small machine needs."""


@dataclass(eq=False)
class _Task:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[KioskError], None]
    is_dropped: bool = False

    def drop(self) -> None:
        """Neither result nor error is wanted; what has not begun is skipped."""
        self.is_dropped = True


@dataclass(frozen=True)
class _End:
    """What a task came to, and how the line was meanwhile."""

    result: Any
    error: KioskError | None
    cuts: int
    has_asked: bool


class VirtualLanes:
    """The flow's TaskRunner. Work is done when its turn comes; its end is told when its time is over."""

    def __init__(self, time: VirtualTime, line: DatabaseLine, effort: Effort) -> None:
        self._time = time
        self._effort = effort
        self._line = line
        self._waiting: defaultdict[Lane, deque[_Task]] = defaultdict(deque)
        self._busy: set[Lane] = set()
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked of the database."""
        return Lane.DATABASE not in self._busy and not self._waiting[Lane.DATABASE]

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KioskError], None],
    ) -> _Task:
        """Queue `work`; exactly one of `done` and `failed` is called later, unless the ticket is dropped."""
        task = _Task(work, done, failed, is_dropped=self._is_closed)
        self._waiting[lane].append(task)
        if lane not in self._busy:
            self._busy.add(lane)
            self._time.after(0, lambda: self._begin(lane))
        return task

    def close(self) -> None:
        """Let the database's work end, as a till does that is closed; nobody is told of anything any more."""
        self._is_closed = True
        for task in self._waiting.pop(Lane.DATABASE, ()):
            if not task.is_dropped:
                self._end_of(task)
        self._waiting.clear()

    def _begin(self, lane: Lane) -> None:
        waiting = self._waiting[lane]
        while waiting and waiting[0].is_dropped:
            waiting.popleft()
        if self._is_closed or not waiting:
            self._busy.discard(lane)
            return
        task = waiting.popleft()
        self._effort.seconds = _COSTS_S.get(lane, _USUAL_S)
        end = self._end_of(task)
        self._time.after(self._effort.seconds, lambda: self._deliver(lane, task, end))

    def _end_of(self, task: _Task) -> _End:
        answers, result, error = self._line.answers, None, None
        try:
            result = task.work()
        except KioskError as failure:
            error = failure
        return _End(result, error, self._line.cuts, self._line.answers > answers)

    def _deliver(self, lane: Lane, task: _Task, end: _End) -> None:
        if self._is_closed:
            return
        error = end.error or self._lost(end)
        if not task.is_dropped:
            if error is None:
                task.done(end.result)
            else:
                task.failed(error)
        self._begin(lane)

    def _lost(self, end: _End) -> KioskError | None:
        """The database did what it was asked for, and the line was cut before its answer came."""
        if end.has_asked and self._line.cuts != end.cuts:
            return DatabaseUnavailable("The connection to the database was lost.")
        return None
