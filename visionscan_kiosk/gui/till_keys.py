"""Qt's keys on their way to the key flow: what they mean there is decided without Qt."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from visionscan_kiosk.gui.flow.key_flow import KeyFlow
from visionscan_kiosk.gui.flow.ports import Clock, Place, Timers
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.main_window import TillWindow

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TillKeys(QObject):
    """Sees every key before the widgets do; installed on the application while the till runs."""

    def __init__(self, window: TillWindow, flow: TillFlow, timers: Timers, clock: Clock) -> None:
        super().__init__(window)
        self._window = window
        self._flow = flow
        self._field = _SearchInput(window)
        self._keys = KeyFlow(flow, timers, clock, self._field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the till's own keys; everything else goes its way."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not self._is_for_selling(watched):
            return False
        return self._take(event)

    def _is_for_selling(self, watched: QObject) -> bool:
        focused = QApplication.focusWidget() or self._window
        return (
            not self._field.is_forwarding
            and watched is focused
            and self._flow.place is Place.SELLING
            and self._window.open_dialog is None
            and (watched is self._window or self._window.isAncestorOf(focused))
        )

    def _take(self, event: QKeyEvent) -> bool:
        if event.key() in _ENTER:
            return self._keys.enter()
        if _is_typed(event):
            return self._keys.typed(event.text(), is_in_field=_is_in_field())
        if event.key() == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self._keys.undo()
        actions = {Qt.Key.Key_F2: self._flow.search, Qt.Key.Key_Escape: self._flow.escape}
        action = actions.get(Qt.Key(event.key()))
        if action is not None:
            action()
        return action is not None


class _SearchInput:
    """Implements the key flow's SearchField with the field of the selling screen."""

    def __init__(self, window: TillWindow) -> None:
        self._window = window
        self.is_forwarding = False

    @property
    def text(self) -> str:
        """What stands in it."""
        return self._field().text()

    def type(self, text: str) -> None:
        """Take the focus and type this."""
        self._field().setFocus()
        for character in text:
            self._forward(Qt.Key.Key_unknown, character)

    def submit(self) -> None:
        """Press Enter in it."""
        self._forward(Qt.Key.Key_Return)

    def _forward(self, key: Qt.Key, text: str = "") -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        self.is_forwarding = True
        try:
            QApplication.sendEvent(self._field(), event)
        finally:
            self.is_forwarding = False

    def _field(self) -> QLineEdit:
        field = self._window.findChild(QLineEdit, "search")
        if not isinstance(field, QLineEdit):
            raise TypeError("the selling screen has no search field")
        return field


def _is_in_field() -> bool:
    return isinstance(QApplication.focusWidget(), QLineEdit)


def _is_typed(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    is_button = not _is_in_field() and event.text() == " "
    return bool(event.text()) and event.text().isprintable() and not modifiers.value and not is_button
