"""Leaves a model in peace that fails again and again: nobody at the counter waits for what will not come."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

FAILURES_ALLOWED = 3
LONGEST_REST_S = 600.0


class CircuitBreaker:
    """Opens after some failures in a row, for a pause that doubles with every further failure.

    After a pause one failure is enough to open it again, one success closes it. `first_rest_s` is as long as
    an answer may take: a server goes on with a picture whose client has left. Safe to use from several
    threads.
    """

    def __init__(
        self,
        first_rest_s: float,
        *,
        failures_allowed: int = FAILURES_ALLOWED,
        longest_rest_s: float = LONGEST_REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first_rest_s = first_rest_s
        self._failures_allowed = failures_allowed
        self._longest_rest_s = longest_rest_s
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0
        self._reason = ""

    @property
    def failures(self) -> int:
        """How many failures there were in a row."""
        return self._failures

    @property
    def reason(self) -> str:
        """The last failure, in words; empty after a success."""
        return self._reason

    @property
    def rest_s(self) -> float:
        """Seconds until the model may be asked again; 0 when it may be."""
        return max(0.0, self._open_until - self._clock()) if self._failures else 0.0

    def succeeded(self) -> None:
        """The model answered: all is forgiven."""
        with self._lock:
            self._failures, self._reason = 0, ""

    def failed(self, reason: str) -> None:
        """The model gave no answer that could be used."""
        with self._lock:
            self._failures += 1
            self._reason = reason
            beyond = self._failures - self._failures_allowed
            if beyond >= 0:
                # An exponent without bound would overflow after a night of failures.
                rest_s = self._first_rest_s * 2.0 ** min(beyond, 20)
                self._open_until = self._clock() + min(rest_s, max(self._longest_rest_s, self._first_rest_s))
