"""A slot that holds only the newest value: a slow reader skips, a fast writer never waits."""

from __future__ import annotations

from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Hands the newest value from one thread to another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._value: T | None = None

    def put(self, value: T) -> bool:
        """Replace the value; return True when the slot was empty, so that one wake-up suffices."""
        with self._lock:
            was_empty = self._value is None
            self._value = value
            return was_empty

    def take(self) -> T | None:
        """Return the newest value and empty the slot; None when nothing new came."""
        with self._lock:
            value, self._value = self._value, None
            return value
