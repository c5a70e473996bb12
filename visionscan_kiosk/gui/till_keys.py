"""Keys of the selling screen: 1-3 choose, Enter pays, F2 searches, Ctrl+Z undoes, Esc goes back.

A wedge scanner types like a very fast person. A digit that could be the answer to a question is therefore
held for a moment: when more keys follow at once it was a code, and all of it goes to the search field.
"""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.main_window import TillWindow

_HOLD_MS = 80
_AFTER_CODE_MS = 300
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CHOICES = "123"


class TillKeys(QObject):
    """Sees every key before the widgets do; installed on the application while the till runs."""

    def __init__(self, window: TillWindow, flow: TillFlow) -> None:
        super().__init__(window)
        self._window = window
        self._flow = flow
        self._held = ""
        self._held_for: tuple[UUID, ...] = ()
        self._is_forwarding = False
        self._since_code = QElapsedTimer()
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(_HOLD_MS)
        self._hold.timeout.connect(self._choose)

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
            not self._is_forwarding
            and watched is focused
            and self._flow.place is Place.SELLING
            and self._window.open_dialog is None
            and (watched is self._window or self._window.isAncestorOf(focused))
        )

    def _take(self, event: QKeyEvent) -> bool:
        if event.key() in _ENTER:
            return self._enter()
        if self._is_typed(event):
            return self._type(event.text())
        is_undo = event.key() == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if is_undo and not self._typed_text():
            self._flow.basket.undo()
            return True
        actions = {Qt.Key.Key_F2: self._flow.search, Qt.Key.Key_Escape: self._flow.escape}
        action = actions.get(Qt.Key(event.key()))
        if action is not None:
            action()
        return action is not None

    def _enter(self) -> bool:
        """Enter ends a code; alone it is the primary button. A scanner may send two of them."""
        if self._held:
            self._flush()
        if self._typed_text():
            self._since_code.start()
            self._forward(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))
        elif not self._since_code.isValid() or self._since_code.hasExpired(_AFTER_CODE_MS):
            self._flow.enter()
        return True

    def _type(self, text: str) -> bool:
        if self._held:
            self._held += text
            self._flush()
            return True
        choices = self._flow.trays.keyed_products
        if text in _CHOICES and choices and not self._typed_text():
            self._held, self._held_for = text, choices
            self._hold.start()
            return True
        if isinstance(QApplication.focusWidget(), QLineEdit):
            return False
        self._held = text
        self._flush()
        return True

    def _choose(self) -> None:
        """Nothing followed: a person answered the question, if its tiles are still in sight."""
        digit, self._held = self._held, ""
        if self._flow.trays.keyed_products == self._held_for:
            self._flow.trays.choose(int(digit) - 1)

    def _flush(self) -> None:
        self._hold.stop()
        text, self._held = self._held, ""
        self._search_field().setFocus()
        for character in text:
            self._forward(
                QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, character)
            )

    def _forward(self, event: QKeyEvent) -> None:
        self._is_forwarding = True
        try:
            QApplication.sendEvent(self._search_field(), event)
        finally:
            self._is_forwarding = False

    def _is_typed(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        is_button = isinstance(QApplication.focusWidget(), QLineEdit) is False and event.text() == " "
        return bool(event.text()) and event.text().isprintable() and not modifiers.value and not is_button

    def _typed_text(self) -> str:
        return self._search_field().text()

    def _search_field(self) -> QLineEdit:
        field = self._window.findChild(QLineEdit, "search")
        if not isinstance(field, QLineEdit):
            raise TypeError("the selling screen has no search field")
        return field
