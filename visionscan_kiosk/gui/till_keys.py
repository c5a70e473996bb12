"""Qt's keys on their way to whoever has the cursor: a scanner's are taken out, the till's own are used up.

What a key means is decided without Qt, in `wedge` and `key_flow`.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from visionscan_kiosk.gui import scan_wording
from visionscan_kiosk.gui.flow.key_flow import KeyFlow
from visionscan_kiosk.gui.flow.ports import Clock, Place, Timers
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.flow.wedge import Key, KeyKind, WedgeReader
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.services.kiosk import ScannerHabits

_GROUP_SEPARATOR = "\x1d"
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS: Final = (*_ENTER, Qt.Key.Key_Tab)
_END_SIGNS: Final = ("\r", "\n", "\t")
_EDITS: Final = (Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_MODIFIERS: Final = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)


class TillKeys(QObject):
    """Sees every key before all windows and widgets; installed on the application while the till runs."""

    def __init__(
        self, window: TillWindow, flow: TillFlow, timers: Timers, clock: Clock, habits: ScannerHabits
    ) -> None:
        super().__init__(window)
        self._window = window
        self._flow = flow
        self._clock = clock
        self._field = _SearchInput(window)
        self._keys = KeyFlow(flow, self._field)
        self._reader = WedgeReader(timers, clock, self._scanned, habits)
        self._choices: tuple[UUID, ...] = ()
        self._is_delivering = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold what a scanner may have typed; give a person's keys to the till first, then to the cursor."""
        if not isinstance(event, QKeyEvent):
            return False
        if self._is_delivering or self._field.is_forwarding:
            is_press = event.type() is QEvent.Type.KeyPress
            return is_press and self._is_for_selling(watched) and self._take(event)
        if event.type() is QEvent.Type.KeyPress:
            return self._press(event)
        return event.type() is QEvent.Type.KeyRelease and self._lift(event)

    def _press(self, event: QKeyEvent) -> bool:
        """A key that only holds another one down types nothing, and comes between a scanner's keys."""
        if event.key() in _MODIFIERS:
            return False
        deliver = partial(self._deliver, event.clone(), self._keys.choices)
        at_ms = event.timestamp() or round(self._clock.seconds() * 1000)
        self._reader.press(Key(_kind_of(event), _text_of(event), at_ms, deliver))
        return True

    def _lift(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS or not self._reader.is_holding:
            return False
        self._reader.lift(partial(self._deliver, event.clone(), ()))
        return True

    def _deliver(self, event: QEvent, choices: tuple[UUID, ...]) -> None:
        """Give a person's key to whoever has the cursor now."""
        before, self._is_delivering, self._choices = self._is_delivering, True, choices
        try:
            QApplication.sendEvent(self._cursor(), event)
        finally:
            self._is_delivering = before

    def _cursor(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup.focusWidget() or popup
        return QApplication.focusWidget() or self._window.focusWidget() or self._window

    def _scanned(self, code: str) -> None:
        if QApplication.activeModalWidget() is not None or self._window.is_too_small:
            self._flow.scans.refuse(scan_wording.dialog_in_front(code))
        else:
            self._flow.scanned(code)

    def _is_for_selling(self, watched: QObject) -> bool:
        focused = self._cursor()
        return (
            not self._field.is_forwarding
            and watched is focused
            and self._flow.place is Place.SELLING
            and self._window.open_dialog is None
            and (watched is self._window or self._window.isAncestorOf(focused))
        )

    def _take(self, event: QKeyEvent) -> bool:
        if event.key() in _ENTER:
            return _press_focused() or self._keys.enter()
        if _is_typed(event):
            return self._keys.typed(event.text(), self._choices, is_in_field=_is_in_field())
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


def _kind_of(event: QKeyEvent) -> KeyKind:
    """A key that repeats because it is held down begins no code, and ends none."""
    if event.isAutoRepeat() or event.key() in _EDITS:
        return KeyKind.OTHER
    if event.key() in _ENDS or event.text() in _END_SIGNS:
        return KeyKind.END
    return KeyKind.TEXT if _text_of(event) else KeyKind.OTHER


def _text_of(event: QKeyEvent) -> str:
    """What a scanner means by a key: many send the separator of GS1 codes, FNC1, as F8 or Ctrl+]."""
    is_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if event.key() == Qt.Key.Key_F8 or (is_ctrl and event.key() == Qt.Key.Key_BracketRight):
        return _GROUP_SEPARATOR
    return event.text()


def _press_focused() -> bool:
    """Only Tab brings a button the focus; who went there means it."""
    focused = QApplication.focusWidget()
    if not isinstance(focused, QAbstractButton) or not focused.isEnabled():
        return False
    focused.click()
    return True


def _is_in_field() -> bool:
    return isinstance(QApplication.focusWidget(), QLineEdit)


def _is_typed(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    is_button = not _is_in_field() and event.text() == " "
    return bool(event.text()) and event.text().isprintable() and not modifiers.value and not is_button
