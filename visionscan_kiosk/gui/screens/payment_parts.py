"""The two halves of payment: cash with quick amounts and keys, card with what to do on the machine."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_S, SPACE_XL, SPACE_XXL, TARGET_FIELD, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import PayView, Tone
from visionscan_kiosk.gui.widgets.amount_panel import AmountPanel
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    IconLabel,
    column,
    frame,
    label,
    named,
    row,
)
from visionscan_kiosk.gui.widgets.keypad import Keypad, KeypadKind
from visionscan_kiosk.gui.widgets.notice import Notice

_QUICK_COLUMNS = 3


class QuickAmounts(QWidget):
    """What customers usually hand over, as buttons; the one that was given is tinted."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._height = TARGET_KEY
        self._amounts: tuple[tuple[str, str], ...] = ()
        self._buttons: dict[str, Button] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_S)

    def set_height(self, height: int) -> None:
        """Make the buttons `height` pixels high."""
        self._height = height
        for made in self._buttons.values():
            made.setFixedHeight(height)

    def show_amounts(self, amounts: tuple[tuple[str, str], ...], given: Decimal) -> None:
        """Show (value, text) pairs; the value equal to `given` is marked."""
        if amounts != self._amounts:
            self._rebuild(amounts)
        for value, made in self._buttons.items():
            made.set_kind(ButtonKind.SOFT if Decimal(value) == given else ButtonKind.NORMAL)

    def _rebuild(self, amounts: tuple[tuple[str, str], ...]) -> None:
        self._amounts = amounts
        for old in self._buttons.values():
            old.deleteLater()
        self._buttons = {value: self._make(value, text) for value, text in amounts}
        for place, made in enumerate(self._buttons.values()):
            self._grid.addWidget(made, place // _QUICK_COLUMNS, place % _QUICK_COLUMNS)
        for across in range(_QUICK_COLUMNS):
            self._grid.setColumnStretch(across, 1)

    def _make(self, value: str, text: str) -> Button:
        made = Button(self._theme, text, height=self._height, role=Role.AMOUNT)
        made.setAccessibleName(f"{text} given")
        made.clicked.connect(partial(self.chosen.emit, value))
        return named(made, f"quick_{value}")


class CashPart(QWidget):
    """Quick amounts, what was given, what goes back, and the keys for any other amount."""

    key_pressed = Signal(str)
    quick_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._quick = QuickAmounts(theme)
        self._given = named(label("", Role.HEAD, align=Qt.AlignmentFlag.AlignRight), "given")
        self._given_box = frame("fieldon")
        self._change = AmountPanel(theme)
        self._keypad = Keypad(theme, KeypadKind.MONEY)
        self._trouble = named(Notice(theme, Tone.STOP), "cash_trouble")
        self._is_tight = False
        self._quick.chosen.connect(self.quick_chosen)
        self._keypad.key_pressed.connect(self.key_pressed)
        parts = column(self, spacing=0)
        halves = row(spacing=SPACE_XL)
        halves.addLayout(self._make_leading(), 10)
        halves.addLayout(self._make_trailing(), 7)
        parts.addLayout(halves)
        parts.addStretch(1)

    def show_view(self, view: PayView) -> None:
        """Show what was given and what follows from it."""
        self._quick.show_amounts(view.quick_amounts, Decimal(view.given_text.replace(",", "") or "0"))
        self._given.setText(view.given_text)
        self._given_box.setAccessibleName(f"Given {view.given_text}")
        self._change.show_view(view)
        self._change.hide()  # first: with the trouble it is higher than a small screen
        self._trouble.set_text(view.trouble)
        self._make_room()

    def set_key_height(self, height: int) -> None:
        """Choose the size of the keys; the other parts follow."""
        self._is_tight = height <= TARGET_KEY
        beside = TARGET_FIELD if height < 88 else TARGET_KEY if height == 88 else 80
        self._keypad.set_key_height(height)
        self._quick.set_height(beside)
        self._given_box.setFixedHeight(beside)
        self._change.set_roomy(roomy=height >= 88)
        self._make_room()

    def _make_room(self) -> None:
        """On short screens trouble takes the place of the change, which the button below repeats."""
        self._change.setVisible(not (self._is_tight and self._trouble.text))

    def _make_leading(self) -> QVBoxLayout:
        parts = column()
        parts.addWidget(_caption("Cash given"))
        parts.addWidget(self._quick)
        inside = row(self._given_box, (SPACE_L, 0, SPACE_L, 0))
        inside.addWidget(label("Given", Role.BODY, "2"))
        inside.addWidget(self._given, 1)
        parts.addWidget(self._given_box)
        parts.addWidget(self._change, 1)
        parts.addWidget(self._trouble)
        return parts

    def _make_trailing(self) -> QVBoxLayout:
        parts = column()
        parts.addWidget(_caption("Other amount"))
        parts.addWidget(self._keypad)
        return parts


class CardPart(QWidget):
    """What to do on the card machine, which this till does not talk to."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self._charge = named(label("", Role.HEAD, wrap=True, align=centre), "charge")
        self._then = label("", Role.BODY, "2", wrap=True, align=centre)
        self._trouble = named(Notice(theme, Tone.STOP, keeps_lines=True), "card_trouble")
        box = frame("subtle")
        inside = column(box, (SPACE_XXL, SPACE_L, SPACE_XXL, SPACE_L), SPACE_L)
        inside.addStretch(1)
        inside.addWidget(IconLabel(theme, Icon.CARD_LIGHT, "accent_text", 96), 0, centre)
        inside.addWidget(self._charge)
        inside.addWidget(self._then)
        inside.addStretch(1)
        inside.addWidget(self._trouble)
        column(self).addWidget(box)

    def show_view(self, view: PayView) -> None:
        """Show what to charge."""
        self._charge.setText(view.card_text)
        self._then.setText(view.card_then)
        self._trouble.set_text(view.trouble)


def _caption(text: str) -> QLabel:
    made = label(text, Role.STRONG)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made
