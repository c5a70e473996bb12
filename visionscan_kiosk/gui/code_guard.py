"""Tells a scanned code from keyed digits where digits mean money or pieces. No Qt.

A wedge scanner types a code and Enter like a very fast person; while paying, that must not become an amount.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

SHORTEST_CODE: Final = 6
FASTEST_HAND_S: Final = 0.035


class CodeGuard:
    """Counts digits that follow each other faster than a hand can; `now` gives monotonic seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._last = float("-inf")
        self._run = 0

    def digit(self) -> None:
        """A digit was pressed."""
        self._run = self._run + 1 if self._is_at_once() else 1
        self._last = self._now()

    def ends_code(self) -> bool:
        """Enter was pressed: return whether it ends a scanned code rather than a keyed number."""
        is_code = self._run >= SHORTEST_CODE and self._is_at_once()
        self._run = 0
        return is_code

    def _is_at_once(self) -> bool:
        return self._now() - self._last <= FASTEST_HAND_S
