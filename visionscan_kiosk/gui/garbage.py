"""Collects Python's garbage on the GUI's thread, and on no other, as long as there are screens.

Python collects circles of objects on whichever thread happens to allocate. When a connected slot is among
them, that thread disconnects it: it holds Qt's lock and waits for Python's, while the GUI's thread holds
Python's and may wait for Qt's. Then both wait for ever, and the screen is frozen.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_PERIOD_MS = 1000
_YOUNG, _MIDDLE, _ALL = 0, 1, 2
_EVERY = 10
"""The next older generation is looked through every so many times, as Python itself does."""


class GarbageCollector(QObject):
    """Takes collecting over from Python until it is stopped.

    What is there when it is made is not looked through again. One inside of another leaves that to the outer.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_automatic = gc.isenabled()
        if self._was_automatic:
            gc.freeze()
            gc.disable()
        self._done = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_PERIOD_MS)
        self._timer.timeout.connect(self.collect_due)

    def start(self) -> None:
        """Collect regularly from now on."""
        self._timer.start()

    def collect_due(self) -> None:
        """Collect when enough was made since the last time to be worth it."""
        if gc.get_count()[_YOUNG] > gc.get_threshold()[_YOUNG]:
            self._done += 1
            gc.collect(_generation(self._done))

    def stop(self) -> None:
        """Collect all that is left, and leave the rest to Python again."""
        self._timer.stop()
        gc.collect()
        if self._was_automatic:
            gc.unfreeze()
            gc.enable()


def _generation(number: int) -> int:
    """Return the oldest generation that this collection looks through."""
    if number % _EVERY:
        return _YOUNG
    return _MIDDLE if number % _EVERY**2 else _ALL
