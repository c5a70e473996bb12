"""Starting a server again that fell over under its users: once for all who notice, and never in a hurry."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from visionscan_kiosk.domain.errors import DatabaseUnavailable

WAITED_FOR_S = 8.0
"""Whoever needs the database waits so long for it; then it is told, and the start goes on."""
PAUSE_S = 5.0
"""After a start that failed nobody tries again for so long: everybody hears why it failed."""

_LOG = logging.getLogger(__name__)


class _Attempt:
    def __init__(self) -> None:
        self.is_over = Event()
        self.ended_at = 0.0
        self.error: DatabaseUnavailable | None = None


class Revival:
    """Call it when the server is gone. `start_again` may take minutes and raises DatabaseUnavailable."""

    def __init__(
        self,
        start_again: Callable[[], None],
        waited_for_s: float = WAITED_FOR_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start_again = start_again
        self._waited_for_s = waited_for_s
        self._clock = clock
        self._lock = Lock()
        self._attempt: _Attempt | None = None

    def __call__(self) -> None:
        """Return when the server answers; raise DatabaseUnavailable when it does not yet, or cannot."""
        attempt = self._present_attempt()
        if not attempt.is_over.wait(self._waited_for_s):
            raise DatabaseUnavailable(
                "The database fell over and is being started again. Try again in a moment."
            )
        if attempt.error is not None:
            raise DatabaseUnavailable(str(attempt.error)) from attempt.error

    def _present_attempt(self) -> _Attempt:
        with self._lock:
            before = self._attempt
            if before is not None and (not before.is_over.is_set() or self._is_too_soon(before)):
                return before
            self._attempt = attempt = _Attempt()
            Thread(target=self._try, args=(attempt,), name="database-revival", daemon=True).start()
            return attempt

    def _is_too_soon(self, before: _Attempt) -> bool:
        return before.error is not None and self._clock() < before.ended_at + PAUSE_S

    def _try(self, attempt: _Attempt) -> None:
        _LOG.warning("the database is gone: starting it again")
        try:
            self._start_again()
        except DatabaseUnavailable as error:
            _LOG.error("the database could not be started again: %s", error)
            attempt.error = error
        finally:
            attempt.ended_at = self._clock()
            attempt.is_over.set()
