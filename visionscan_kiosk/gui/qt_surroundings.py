"""Qt's and the machine's side of what the flow needs: timers, the clock, a beep."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.gui.flow.ports import Sound

_AUDIBLE = frozenset({Sound.QUESTION, Sound.REFUSED})


class _Pending:
    """A Qt timer that lives until it has fired or is cancelled."""

    def __init__(self, parent: QObject, delay_ms: int, action: Callable[[], None], *, once: bool) -> None:
        self._action = action
        self._once = once
        self._timer: QTimer | None = QTimer(parent)
        self._timer.setInterval(delay_ms)
        self._timer.setSingleShot(once)
        self._timer.timeout.connect(self._fire)
        self._timer.start()

    def cancel(self) -> None:
        """Do not call any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None

    def _fire(self) -> None:
        if self._once:
            self.cancel()
        self._action()


class QtTimers(QObject):
    """The flow's Timers. `close` ends them all."""

    def __init__(self) -> None:
        super().__init__()
        self._owner = QObject(self)

    def after(self, delay_ms: int, action: Callable[[], None]) -> _Pending:
        """Call once after the delay, in the GUI thread."""
        return _Pending(self._owner, delay_ms, action, once=True)

    def every(self, period_ms: int, action: Callable[[], None]) -> _Pending:
        """Call again and again, in the GUI thread."""
        return _Pending(self._owner, period_ms, action, once=False)

    def close(self) -> None:
        """Stop everything that is pending."""
        for timer in self._owner.findChildren(QTimer):
            timer.stop()


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
