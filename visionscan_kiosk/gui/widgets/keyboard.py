"""The on-screen keyboard. Its keys never take the focus, so what is edited stays in sight and marked."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, named, row
from visionscan_kiosk.gui.widgets.keyboard_pages import (
    PAGE_LABELS,
    PAGE_NAMES,
    PAGES,
    PageName,
    other_pages,
    shifted,
)

_NARROW_INDENT: Final = 32
_SPECIAL_WIDTH: Final = 64


class Keyboard(QFrame):
    """Letters, accents and signs with a number row. `submit_text` names what its blue key does."""

    key_pressed = Signal(str)
    backspace = Signal()
    submitted = Signal()
    hide_requested = Signal()

    def __init__(self, theme: Theme, submit_text: str = "Search") -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName("keyboard")
        self._theme = theme
        self._page = PageName.LETTERS
        self._is_shifted = False
        self._height = TARGET_FIELD
        self._target: QLineEdit | None = None
        self._keys = column(self, (SPACE_S, SPACE_S, SPACE_S, SPACE_S), SPACE_S)
        self._character_keys: list[tuple[str, Button]] = []
        self._shift: Button | None = None
        self._page_rows: list[QWidget] = []
        self._foot_pages: list[tuple[Button, PageName]] = []
        self._keys.addWidget(self._make_foot(submit_text))
        self._show_page(PageName.LETTERS)

    def set_key_height(self, height: int) -> None:
        """Make all keys `height` pixels high: 56, or 48 on short screens."""
        self._height = height
        for key in self.findChildren(Button):
            key.setFixedHeight(height)

    def attach(self, line_edit: QLineEdit) -> None:
        """Write into `line_edit` from now on; the signals go on firing."""
        if line_edit is not self._target:
            self._target = line_edit
            line_edit.destroyed.connect(self._detach)

    def _detach(self) -> None:
        self._target = None

    def _show_page(self, name: PageName) -> None:
        self._page = name
        self._is_shifted = False
        for old in self._page_rows:
            old.hide()
            old.deleteLater()
        self._character_keys.clear()
        self._page_rows = [self._make_row(place, text) for place, text in enumerate(PAGES[name].rows)]
        for place, keys in enumerate(self._page_rows):
            self._keys.insertWidget(place, keys)
        self._name_foot_pages()

    def _make_row(self, place: int, characters: str) -> QWidget:
        holder = QWidget()
        keys = row(holder)
        is_last, indent = place == 3, _NARROW_INDENT if len(characters) == 9 else 0
        if is_last:
            self._add_shift(keys)
        keys.addSpacing(indent)
        for character in characters:
            keys.addWidget(self._make_character(character), 2)
        keys.addSpacing(indent)
        if is_last:
            keys.addWidget(self._make_delete(), 3)
        return holder

    def _make_character(self, character: str) -> Button:
        key = self._make_key(character, ButtonKind.KEY)
        key.clicked.connect(partial(self._type, character))
        self._character_keys.append((character, key))
        return key

    def _add_shift(self, keys: QHBoxLayout) -> None:
        self._shift = None
        if not PAGES[self._page].can_shift:
            return
        self._shift = self._make_key("", ButtonKind.KEY_SPECIAL, Icon.SHIFT, "Shift")
        self._shift.clicked.connect(self._toggle_shift)
        keys.addWidget(self._shift, 3)

    def _make_delete(self) -> Button:
        key = self._make_key("", ButtonKind.KEY_SPECIAL, Icon.BACKSPACE, "Delete")
        key.setAutoRepeat(True)
        key.clicked.connect(self._delete)
        return key

    def _make_foot(self, submit_text: str) -> QWidget:
        holder = QWidget()
        keys = row(holder)
        for page in other_pages(self._page):
            keys.addWidget(self._make_page_key(page))
        keys.addWidget(self._make_sign(","))
        keys.addWidget(self._make_space(), 1)
        keys.addWidget(self._make_sign("."))
        hide = self._make_key("Hide", ButtonKind.KEY_SPECIAL, Icon.KEYBOARD, "Hide keyboard", Role.STRONG)
        hide.setMinimumWidth(104)
        hide.clicked.connect(self.hide_requested)
        keys.addWidget(hide)
        submit = self._make_key(submit_text, ButtonKind.PRIMARY, None, submit_text, Role.STRONG)
        submit.setMinimumWidth(96)
        submit.clicked.connect(self._submit)
        keys.addWidget(submit)
        return holder

    def _make_page_key(self, page: PageName) -> Button:
        key = self._make_key(PAGE_LABELS[page], ButtonKind.KEY_SPECIAL, None, PAGE_NAMES[page], Role.STRONG)
        key.setMinimumWidth(_SPECIAL_WIDTH)
        place = len(self._foot_pages)
        key.clicked.connect(lambda: self._show_page(self._foot_pages[place][1]))
        self._foot_pages.append((key, page))
        return key

    def _name_foot_pages(self) -> None:
        keys = [key for key, _ in self._foot_pages]
        self._foot_pages = list(zip(keys, other_pages(self._page), strict=True))
        for key, page in self._foot_pages:
            key.set_text(PAGE_LABELS[page])
            named(key, f"key_{PAGE_NAMES[page]}").setAccessibleName(PAGE_NAMES[page])

    def _make_sign(self, sign: str) -> Button:
        key = self._make_key(sign, ButtonKind.KEY)
        key.clicked.connect(partial(self._type, sign))
        return key

    def _make_space(self) -> Button:
        key = self._make_key(" ", ButtonKind.KEY, None, "Space")
        key.clicked.connect(partial(self._type, " "))
        return key

    def _make_key(
        self,
        text: str,
        kind: ButtonKind,
        icon: Icon | None = None,
        name: str = "",
        role: Role = Role.KEY_SMALL,
    ) -> Button:
        key = Button(self._theme, text, kind, icon, height=self._height, role=role)
        key.setAccessibleName(name or text)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setMinimumWidth(TARGET)
        key.setMaximumWidth(16777215)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return named(key, f"key_{name or text}")

    def _toggle_shift(self) -> None:
        self._is_shifted = not self._is_shifted
        if self._shift is not None:
            self._shift.set_icon(Icon.SHIFT_FILL if self._is_shifted else Icon.SHIFT)
        for character, key in self._character_keys:
            key.set_text(self._as_typed(character))

    def _as_typed(self, character: str) -> str:
        return shifted(character) if self._is_shifted else character

    def _type(self, character: str) -> None:
        text = self._as_typed(character)
        if self._is_shifted:
            self._toggle_shift()
        if self._target is not None:
            self._target.insert(text)
            self._tell_edited(self._target)
        self.key_pressed.emit(text)

    def _delete(self) -> None:
        if self._target is not None:
            self._target.backspace()
            self._tell_edited(self._target)
        self.backspace.emit()

    def _submit(self) -> None:
        if self._target is not None:
            self._target.returnPressed.emit()
        self.submitted.emit()

    @staticmethod
    def _tell_edited(target: QLineEdit) -> None:
        """Say that a person typed: Qt says so for its own keys alone."""
        target.textEdited.emit(target.text())
