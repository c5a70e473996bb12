"""The keypad for the pieces of a line: what is keyed, what so many cost, and the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_S, TARGET_FIELD, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import QuantityView
from visionscan_kiosk.gui.widgets.basics import ButtonKind, column, frame, label, named, row
from visionscan_kiosk.gui.widgets.dialog import Dialog
from visionscan_kiosk.gui.widgets.keypad import Keypad, KeypadKind
from visionscan_kiosk.gui.widgets.painting import fit_text

_WIDTH = 480
_NAME_WIDTH = 340
"""What margins and cross leave of it."""
_KEYS = {Qt.Key.Key_Backspace: DELETE, Qt.Key.Key_Delete: CLEAR, Qt.Key.Key_C: CLEAR}


class QuantityDialog(Dialog):
    """Shows a `QuantityView`. Digits and Enter of a keyboard do as the keys on screen."""

    key_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, "Quantity", width=_WIDTH)
        self.setObjectName("quantity_dialog")
        self._name = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pieces = named(label("", Role.TOTAL), "quantity_pieces")
        self._amount = named(
            label("", Role.AMOUNT, "2", wrap=True, align=Qt.AlignmentFlag.AlignRight), "quantity_amount"
        )
        self._message = named(label("", Role.LABEL, "stop", wrap=True), "quantity_message")
        self._keypad = Keypad(theme, KeypadKind.PIECES)
        self._keypad.key_pressed.connect(self.key_pressed)
        box = frame("fieldon")
        box.setMinimumHeight(TARGET_FIELD)
        inside = row(box, (SPACE_L, 0, SPACE_L, 0))
        inside.addWidget(self._pieces)
        inside.addWidget(self._amount, 1)
        parts = column(spacing=SPACE_S)
        parts.addWidget(box)
        parts.addWidget(self._message)
        parts.addWidget(self._keypad)
        self.body.addLayout(parts)
        self.primary.setMinimumWidth(200)

    def show_view(self, view: QuantityView) -> None:
        """Show what is keyed, and open when it is closed."""
        self._name = view.name
        self._show_name()
        self.setAccessibleName(f"Quantity of {view.name}: {view.quantity_text}")
        self._pieces.setText(view.quantity_text)
        self._amount.setText(view.amount_text)
        self._message.setText(view.message)
        self._message.setVisible(bool(view.message))
        self.primary.set_text(view.confirm_text)
        self.primary.set_icon(Icon.DELETE if view.takes_out else Icon.CHECK)
        self.primary.set_kind(ButtonKind.DANGER if view.takes_out else ButtonKind.PRIMARY)
        if self.isHidden():
            self.open()
        self._place_card()

    def place_focus(self) -> None:
        """Take the keys of a keyboard; Enter presses the button that says what follows."""
        self.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size of the keys by the room there is."""
        self._keypad.set_key_height(TARGET_FIELD if self.is_short else TARGET_KEY)
        self._show_name()
        super().resizeEvent(event)

    def _show_name(self) -> None:
        """In a low window the keys come first: the name gets fewer and smaller rows."""
        fonts = (font(Role.HEAD), font(Role.TITLE), font(Role.STRONG))
        block = fit_text(self._name, _NAME_WIDTH, 1 if self.is_short else 3, fonts)
        if self.is_short and block.is_cut:
            block = fit_text(self._name, _NAME_WIDTH, 2, fonts[2:])
        self.title.setFont(block.font)
        self.title.setText("\n".join(block.rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, delete and C key the number."""
        key = event.text() if event.text() and event.text() in "0123456789" else ""
        key = key or _KEYS.get(Qt.Key(event.key()), "")
        if not key:
            super().keyPressEvent(event)
            return
        self.key_pressed.emit(key)
        event.accept()
