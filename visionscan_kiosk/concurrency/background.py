"""One thread for what nobody waits for. At the end what has not begun is left; the rest gets a while."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread

from visionscan_kiosk.concurrency.thread_priority import give_way

_LOG = logging.getLogger(__name__)


class Background:
    """Works off what it is given, one after the other; a failure is logged. It ends with its process."""

    def __init__(self, name: str = "background") -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._is_closed = Event()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run_later(self, work: Callable[[], None]) -> None:
        """Run `work` when its turn comes; after the end it never does."""
        self._queue.put(work)

    def close(self, budget_s: float) -> bool:
        """End after what runs now; return False when that took longer than the budget, and is left behind."""
        self._is_closed.set()
        self._queue.put(None)
        self._thread.join(budget_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        give_way()
        while (work := self._queue.get()) is not None and not self._is_closed.is_set():
            try:
                work()
            except Exception:  # noqa: BLE001 - nobody else would hear of it
                _LOG.exception("work in the background failed")
