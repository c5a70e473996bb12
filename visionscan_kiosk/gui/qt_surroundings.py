"""Qt's and the machine's side of what the flow needs: timers, the clock, a beep."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.gui.flow.ports import Sound

_AUDIBLE = frozenset({Sound.QUESTION, Sound.REFUSED})


class _Pending:
    """A call that is still to come."""

    def __init__(self, timer: QTimer, action: Callable[[], None], forget: Callable[[_Pending], None]) -> None:
        self._timer = timer
        self._action = action
        self._forget = forget
        timer.timeout.connect(self._fire)
        timer.start()

    def cancel(self) -> None:
        """Do not call any more; a second time does nothing."""
        self._timer.stop()
        self._forget(self)

    def _fire(self) -> None:
        if self._timer.isSingleShot():
            self._forget(self)
        self._action()


class QtTimers:
    """The flow's Timers, in the GUI thread. `close` ends them all."""

    def __init__(self) -> None:
        # Qt keeps no reference to a plain Python object that is connected: we do.
        self._pending: set[_Pending] = set()

    def after(self, delay_ms: int, action: Callable[[], None]) -> _Pending:
        """Call once after the delay."""
        return self._add(delay_ms, action, once=True)

    def every(self, period_ms: int, action: Callable[[], None]) -> _Pending:
        """Call again and again."""
        return self._add(period_ms, action, once=False)

    def close(self) -> None:
        """Stop everything that is pending."""
        for pending in tuple(self._pending):
            pending.cancel()

    def _add(self, delay_ms: int, action: Callable[[], None], *, once: bool) -> _Pending:
        timer = QTimer()
        timer.setInterval(delay_ms)
        timer.setSingleShot(once)
        pending = _Pending(timer, action, self._pending.discard)
        self._pending.add(pending)
        return pending


class WallClock:
    """The flow's Clock: the machine's own."""

    def now(self) -> datetime:
        """Return the local time, with its zone."""
        return datetime.now().astimezone()

    def zone(self) -> tzinfo:
        """Return the machine's time zone."""
        zone = self.now().tzinfo
        if zone is None:
            raise AssertionError("astimezone() always names a zone")
        return zone

    def seconds(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()


class Beeper:
    """The flow's Sounds: the system's beep for what needs a person, silence for the rest."""

    def play(self, sound: Sound) -> None:
        """Beep when somebody has to look."""
        if sound in _AUDIBLE:
            QApplication.beep()
