"""Background lanes: one thread each, results back in the GUI thread, stale results dropped.

Closing waits for the database as long as a sale may take that can still end well: every wait for an answer
has a limit of its own. When the database turns out to be away, what has not begun is given up. The other
lanes get a few seconds; what hangs is left behind, because its thread is a daemon.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from visionscan_kiosk.concurrency.thread_priority import give_way
from visionscan_kiosk.domain.errors import KioskError, TransientConflict, Unavailable
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_CLOSING_BUDGET_S: tuple[tuple[Lane, float], ...] = (
    (Lane.HEALTH, 0.5),
    (Lane.PICTURES, 1.0),
    (Lane.MODEL, 1.0),
    (Lane.MODELS, 1.0),
    (Lane.VISION, 2.0),
    (Lane.LEARNING, 2.0),
    (Lane.LABELS, 1.0),
    (Lane.REPORTS, 1.0),
    (Lane.DATABASE, 45.0),  # more than the server lets a statement run
)


# A person waits for what is in the other lanes.
_GIVES_WAY = frozenset({Lane.VISION, Lane.MODEL, Lane.MODELS, Lane.LEARNING, Lane.LABELS, Lane.REPORTS})


class UnexpectedFailure(KioskError):
    """Something failed that no rule foresaw; the log has the details."""

    def __init__(self) -> None:
        super().__init__(wording.UNEXPECTED)


class TaskTicket:
    """The right to one result; belongs to the GUI thread."""

    def __init__(
        self,
        lane: Lane,
        future: Future[Any],
        done: Callable[[Any], None],
        failed: Callable[[KioskError], None],
    ) -> None:
        self.lane = lane
        self._future = future
        self._done = done
        self._failed = failed
        self._is_stale = False

    def drop(self) -> None:
        """Give the right up; work that has not started is skipped."""
        self._is_stale = True
        self._future.cancel()

    def deliver(self) -> None:
        """Call `done` or `failed`, unless the ticket is stale."""
        if self._is_stale or self._future.cancelled():
            return
        error = self._future.exception()
        if error is None:
            self._done(self._future.result())
        else:
            self._failed(error if isinstance(error, KioskError) else UnexpectedFailure())


class _LaneThread:
    """Works off one queue, one task after the other."""

    def __init__(self, lane: Lane, finished: Callable[[TaskTicket], None]) -> None:
        self._lane = lane
        self._finished = finished
        self._queue: SimpleQueue[tuple[TaskTicket, Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._is_closing = False
        self._thread = Thread(target=self._work, name=f"lane-{lane}", daemon=True)
        self._thread.start()

    def put(self, ticket: TaskTicket, future: Future[Any], work: Callable[[], Any]) -> None:
        self._queue.put((ticket, future, work))

    def give_up(self) -> None:
        """Leave undone what has not begun."""
        while not self._queue.empty():
            with suppress(Empty):  # the lane itself may have been faster
                task = self._queue.get_nowait()
                if task is not None:
                    task[1].cancel()

    def close(self, budget_s: float) -> bool:
        """Let queued work end; return False when it did not end within the budget."""
        self._is_closing = True
        self._queue.put(None)
        self._thread.join(budget_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        if self._lane in _GIVES_WAY:
            give_way()
        while (task := self._queue.get()) is not None:
            self._work_off(*task)
            del task  # nothing of it outlives its end while this thread waits for the next

    def _work_off(self, ticket: TaskTicket, future: Future[Any], work: Callable[[], Any]) -> None:
        if future.set_running_or_notify_cancel():
            _fulfil(future, work)
            self._leave_what_cannot_end_well(future)
        self._finished(ticket)

    def _leave_what_cannot_end_well(self, future: Future[Any]) -> None:
        """What is queued behind a database that is away would only wait, one after the other."""
        error = future.exception()
        if self._is_closing and isinstance(error, Unavailable) and not isinstance(error, TransientConflict):
            self.give_up()
            self._queue.put(None)


def _fulfil(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except KioskError as error:
        future.set_exception(error)
    except Exception as error:  # noqa: BLE001 - the person sees one sentence, the log gets the rest
        _LOG.exception("background work failed")
        future.set_exception(error)


class LaneRunner(QObject):
    """The flow's TaskRunner. Create, use and close it in the GUI thread."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, _LaneThread] = {}
        self._under_way: Counter[Lane] = Counter()
        self._is_closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KioskError], None],
    ) -> TaskTicket:
        """Queue `work` in a lane; `done` or `failed` is called in the GUI thread, once."""
        future: Future[T] = Future()
        ticket = TaskTicket(lane, future, done, failed)
        if self._is_closed:
            ticket.drop()
            return ticket
        if lane not in self._lanes:
            self._lanes[lane] = _LaneThread(lane, self._hand_over)
        self._under_way[lane] += 1
        self._lanes[lane].put(ticket, future, work)
        return ticket

    def is_idle(self, *lanes: Lane) -> bool:
        """Whether everything that was asked of these lanes was answered, or given up."""
        return not any(self._under_way[lane] for lane in lanes)

    def close(self) -> None:
        """Refuse new work and end the lanes, the database last; results are no longer delivered."""
        self._is_closed = True
        for lane, budget_s in _CLOSING_BUDGET_S:
            thread = self._lanes.get(lane)
            started = time.monotonic()
            if thread is not None and lane in (Lane.LEARNING, Lane.LABELS):
                thread.give_up()
            if thread is not None and not thread.close(budget_s):
                _LOG.warning("lane %s left behind after %.1f s", lane, time.monotonic() - started)

    def _hand_over(self, ticket: TaskTicket) -> None:
        """Called in the lane's thread; one that was left behind may outlive Qt's side of this object."""
        if not self._is_closed:
            self._finished.emit(ticket)

    def _deliver(self, ticket: TaskTicket) -> None:
        self._under_way[ticket.lane] -= 1
        if not self._is_closed:
            ticket.deliver()
