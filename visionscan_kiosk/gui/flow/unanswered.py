"""Notices that the database keeps somebody waiting, long before the wait ends: the screen can say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.flow.ports import Lane, TaskRunner, Ticket, Timer, Timers

T = TypeVar("T")

SILENT_AFTER_MS = 3000
"""A frozen server is given up only after some eight seconds; nobody should have to guess till then."""


class _Question:
    """One task of the database's lane that was not answered yet."""

    def __init__(self, ended: Callable[[_Question], None]) -> None:
        self._ended = ended
        self.timer: Timer | None = None
        self.ticket: Ticket | None = None

    def drop(self) -> None:
        """Give the right to the answer up."""
        if self.ticket is not None:
            self.ticket.drop()
        self._ended(self)


class NoticingTasks:
    """A TaskRunner that tells with how many questions the database's lane keeps people waiting."""

    def __init__(self, tasks: TaskRunner, timers: Timers, tell: Callable[[int], None]) -> None:
        self._tasks = tasks
        self._timers = timers
        self._tell = tell
        self._late: set[_Question] = set()

    def run(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KioskError], None],
    ) -> Ticket:
        """Queue `work`, as a TaskRunner does."""
        if lane is not Lane.DATABASE:
            return self._tasks.run(lane, work, done, failed)
        question = _Question(self._ended)
        question.timer = self._timers.after(SILENT_AFTER_MS, lambda: self._is_late(question))
        question.ticket = self._tasks.run(
            lane, work, self._after(done, question), self._after(failed, question)
        )
        return question

    def _after(self, take: Callable[[T], None], question: _Question) -> Callable[[T], None]:
        """Whoever asked hears first: a failure shows as trouble before the silence is over."""

        def taken(answer: T) -> None:
            try:
                take(answer)
            finally:
                self._ended(question)

        return taken

    def _is_late(self, question: _Question) -> None:
        self._late.add(question)
        self._tell(len(self._late))

    def _ended(self, question: _Question) -> None:
        if question.timer is not None:
            question.timer.cancel()
        if question in self._late:
            self._late.remove(question)
            self._tell(len(self._late))
