"""A token by which one thread tells another that nobody waits for its answer any more."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock


class CancelToken:
    """Set once, seen everywhere; callbacks run in the cancelling thread."""

    def __init__(self) -> None:
        self._event = Event()
        self._lock = Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Cancel; a second call does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Run `callback` when cancelled, at once when that has happened already."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def wait(self, timeout_s: float) -> bool:
        """Sleep up to `timeout_s`; return True as soon as it is cancelled."""
        return self._event.wait(timeout_s)
