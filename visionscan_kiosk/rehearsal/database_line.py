"""The line between till and database: there, slow or away. What work costs is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.rehearsal.virtual_time import Effort

ANSWER_S: Final = 0.02
SLOW_ANSWER_S: Final = 0.3
REFUSED_S: Final = 0.5
"""After so long a till knows that nobody answers."""


class LineState(StrEnum):
    """How the database can be reached."""

    BACK = "back"
    SLOW = "slow"
    AWAY = "away"


class DatabaseLine:
    """Asked before every transaction of the till; `effort` gets what each costs."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort
        self.state = LineState.BACK
        self.cuts = 0
        self.answers = 0
        self._is_direct = False

    def become(self, state: LineState) -> None:
        """Change the line; whoever waits for an answer when it is cut never gets it."""
        if state is LineState.AWAY and self.state is not LineState.AWAY:
            self.cuts += 1
        self.state = state

    def begin_transaction(self) -> None:
        """Let a transaction through, or raise DatabaseUnavailable; both take their time."""
        if self._is_direct:
            return
        if self.state is LineState.AWAY:
            self._effort.seconds += REFUSED_S
            raise DatabaseUnavailable("The database does not answer.")
        self.answers += 1
        self._effort.seconds += SLOW_ANSWER_S if self.state is LineState.SLOW else ANSWER_S

    @contextmanager
    def directly(self) -> Iterator[None]:
        """Another client of the same server: nothing of this line concerns it."""
        before, self._is_direct = self._is_direct, True
        try:
            yield
        finally:
            self._is_direct = before
