"""The search field with its on-screen keyboard key, and the way into the catalogue and back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_XS, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, IconLabel, frame, named, restyle, row


class SearchRow(QWidget):
    """Typing emits `changed`, Enter emits `submitted`; programmatic text emits nothing."""

    changed = Signal(str)
    submitted = Signal(str)
    keyboard_toggled = Signal()
    opened = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._field = frame("field")
        self._field.setFixedHeight(TARGET_FIELD)
        self._input = named(QLineEdit(), "search")
        self._input.setFont(font(Role.INPUT))
        self._input.setPlaceholderText("Search or type a code")
        self._input.setAccessibleName("Search products or type a code")
        self._input.setFrame(False)
        self._input.installEventFilter(self)
        self._clear = named(
            Button(theme, "", ButtonKind.PLAIN, Icon.CLEAR, name="Clear the search", ink="text2"), "clear"
        )
        self._keyboard = named(
            Button(theme, "", ButtonKind.PLAIN, Icon.KEYBOARD, name="Keyboard", icon_size=28), "keyboard"
        )
        self._back = named(
            Button(theme, "Camera", icon=Icon.ARROW_BACK, height=TARGET_FIELD), "catalogue_close"
        )
        self._browse = named(
            Button(theme, "All products", icon=Icon.GRID, height=TARGET_FIELD), "catalogue_open"
        )
        inside = row(self._field, (SPACE_L, 0, SPACE_XS, 0))
        inside.addWidget(IconLabel(theme, Icon.SEARCH, "text2"))
        inside.addWidget(self._input, 1)
        inside.addWidget(self._clear)
        inside.addWidget(self._keyboard)
        parts = row(self)
        parts.addWidget(self._back)
        parts.addWidget(self._field, 1)
        parts.addWidget(self._browse)
        self._clear.hide()
        self._back.hide()
        self._connect()

    @property
    def line_edit(self) -> QLineEdit:
        """The field itself, for an on-screen keyboard to write into."""
        return self._input

    def show_state(self, query: str, *, is_open: bool) -> None:
        """Show whether the catalogue is open and what is searched for."""
        self._back.setVisible(is_open)
        self._browse.setVisible(not is_open)
        if self._input.text().strip() != query.strip():
            with QSignalBlocker(self._input):
                self._input.setText(query)
        self._clear.setVisible(bool(self._input.text()))

    def focus(self) -> None:
        """Put the cursor into the field, all of it marked."""
        self._input.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._input.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the frame around the field show the focus."""
        if watched is self._input and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            restyle(self._field, "kind", "fieldon" if event.type() == QEvent.Type.FocusIn else "field")
        return super().eventFilter(watched, event)

    def _connect(self) -> None:
        # Not `textEdited`: the on-screen keyboard writes into the field too.
        self._input.textChanged.connect(self._edited)
        self._input.returnPressed.connect(self._submit)
        self._clear.clicked.connect(self._empty)
        self._keyboard.clicked.connect(self.keyboard_toggled)
        self._back.clicked.connect(self.closed)
        self._browse.clicked.connect(self.opened)

    def _edited(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.changed.emit(text)

    def _submit(self) -> None:
        self.submitted.emit(self._input.text())

    def _empty(self) -> None:
        self._input.clear()
