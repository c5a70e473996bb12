"""A text field with its caption above and, when something is wrong or only a guess, a sentence below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_S, SPACE_XS, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    IconLabel,
    column,
    frame,
    label,
    named,
    restyle,
    row,
)


class FocusLineEdit(QLineEdit):
    """A line edit that tells when the focus comes or goes."""

    focus_changed = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing comes here now."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing goes elsewhere now."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter: it ends this text, and must not press a button of the form or dialog around."""
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()


class Field(QWidget):
    """A field 56 high. `edited` fires for every change by a person, never for `set_text`."""

    edited = Signal(str)
    submitted = Signal()
    keyboard_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        caption: str,
        *,
        name: str,
        placeholder: str = "",
        icon: Icon | None = None,
        has_keyboard_button: bool = False,
    ) -> None:
        """An empty `caption` shows none; it then is the placeholder that is read out."""
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line_edit = named(FocusLineEdit(), f"{name}_edit")
        self._caption = label(caption, Role.LABEL, "2")
        self._caption.setBuddy(self.line_edit)
        if not caption:
            self._caption.hide()
        self._box = frame("field")
        self._message = label("", Role.LABEL, "stop", wrap=True)
        self._warning = IconLabel(theme, Icon.WARNING_CIRCLE, "stop_text", 20)
        self._guess = ""
        self._source = label("", Role.LABEL, "accent", wrap=True)
        self._tag = IconLabel(theme, Icon.TAG, "accent_text", 20)
        self._lay_out(theme, icon, has_keyboard_button=has_keyboard_button)
        self._prepare_edit(caption or placeholder, placeholder)
        self.set_message("")
        self.set_guess("")

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.line_edit.text()

    def set_text(self, text: str) -> None:
        """Show `text`; the cursor stays where it is when nothing changes."""
        if text != self.text:
            self.line_edit.setText(text)

    @property
    def message(self) -> str:
        """What is wrong with the text, empty when nothing is."""
        return self._message.text()

    def set_message(self, message: str) -> None:
        """Show what is wrong below the field, or take it away with an empty text."""
        self._message.setText(message)
        self._show_below()

    @property
    def guessed_from(self) -> str:
        """Where a text comes from that nobody typed, empty when it is no guess."""
        return self._source.text()

    def set_guess(self, source: str) -> None:
        """Mark the text as a guess and say where it comes from; an empty text takes the mark away.

        A guess is selected while the cursor is in the field: what a person types takes its place.
        """
        before, self._guess = self._guess, self.text if source else ""
        self._source.setText(source)
        self._show_below()
        if self._guess != before and source and self.line_edit.hasFocus():
            self.line_edit.selectAll()

    def _show_below(self) -> None:
        is_wrong = bool(self.message)
        is_guess = bool(self.guessed_from) and not is_wrong
        for part, is_shown in (
            (self._message, is_wrong),
            (self._warning, is_wrong),
            (self._source, is_guess),
            (self._tag, is_guess),
        ):
            part.setVisible(is_shown)
        self.line_edit.setAccessibleDescription(self.message or self.guessed_from)
        self._paint_box()

    def _lay_out(self, theme: Theme, icon: Icon | None, *, has_keyboard_button: bool) -> None:
        parts = column(self, spacing=SPACE_XS)
        parts.addWidget(self._caption)
        self._box.setFixedHeight(TARGET_FIELD)
        inside = row(self._box, (SPACE_L, 0, SPACE_XS if has_keyboard_button else SPACE_L, 0))
        if icon is not None:
            inside.addWidget(IconLabel(theme, icon, "text2"))
        inside.addWidget(self.line_edit, 1)
        if has_keyboard_button:
            inside.addWidget(self._make_keyboard_button(theme))
        parts.addWidget(self._box)
        below = row()
        below.addWidget(self._warning, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._message, 1)
        below.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._source, 1)
        parts.addLayout(below)

    def _make_keyboard_button(self, theme: Theme) -> Button:
        made = Button(theme, "", ButtonKind.PLAIN, Icon.KEYBOARD, name="Keyboard", icon_size=28)
        made.clicked.connect(self._ask_for_keyboard)
        return made

    def _ask_for_keyboard(self) -> None:
        self.line_edit.setFocus()
        self.keyboard_requested.emit()

    def _prepare_edit(self, name: str, placeholder: str) -> None:
        self.line_edit.setFont(font(Role.INPUT))
        self.line_edit.setAccessibleName(name)
        self.line_edit.setPlaceholderText(placeholder)
        self.line_edit.setMinimumHeight(TARGET_FIELD - SPACE_S)
        self.line_edit.textEdited.connect(self._be_edited)
        self.line_edit.returnPressed.connect(self.submitted)
        self.line_edit.focus_changed.connect(self._paint_box)

    def _be_edited(self, text: str) -> None:
        self.set_message("")
        self.set_guess("")
        self.edited.emit(text)

    def _paint_box(self) -> None:
        calm = "fieldon" if self.line_edit.hasFocus() else "field"
        usual = "fieldguess" if self.guessed_from else calm
        restyle(self._box, "kind", "fieldwrong" if self.message else usual)
