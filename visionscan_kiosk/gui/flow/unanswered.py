"""Notices that the database does not answer, long before the wait for it ends: the screen can say so."""

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

    def __init__(self, dropped: Callable[[_Question], None]) -> None:
        self._dropped = dropped
        self.ticket: Ticket | None = None

    def drop(self) -> None:
        """Give the right to the answer up."""
        if self.ticket is not None:
            self.ticket.drop()
        self._dropped(self)


class NoticingTasks:
    """A TaskRunner that tells when the database's lane stands still, and when it goes on.

    Counted from the last answer: who only waits behind many others is not told that nobody answers.
    """

    def __init__(self, tasks: TaskRunner, timers: Timers, tell: Callable[[bool], None]) -> None:
        self._tasks = tasks
        self._timers = timers
        self._tell = tell
        self._unanswered: set[_Question] = set()
        self._timer: Timer | None = None

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
        question = _Question(self._dropped)
        self._unanswered.add(question)
        if self._timer is None:
            self._watch()
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
                self._unanswered.discard(question)
                self._watch()
                self._tell(False)  # noqa: FBT003 # the listener's only word

        return taken

    def _dropped(self, question: _Question) -> None:
        """Nobody waits for it any more; it is no answer."""
        self._unanswered.discard(question)
        if not self._unanswered:
            self._watch()
            self._tell(False)  # noqa: FBT003 # the listener's only word

    def _watch(self) -> None:
        """Count from now, as long as there is something to wait for."""
        if self._timer is not None:
            self._timer.cancel()
        waits = bool(self._unanswered)
        self._timer = self._timers.after(SILENT_AFTER_MS, self._is_silent) if waits else None

    def _is_silent(self) -> None:
        self._tell(True)  # noqa: FBT003 # the listener's only word
