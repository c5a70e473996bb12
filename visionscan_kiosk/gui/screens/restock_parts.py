"""The parts of the restock dialog: the product, its stock before and after, the keys, the movements."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from visionscan_kiosk.gui.manager_views import MovementRowView, RestockView
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TARGET_FIELD, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    column,
    frame,
    label,
    named,
    row,
    rule,
    set_tone,
)
from visionscan_kiosk.gui.widgets.keypad import Keypad, KeypadKind
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture

QUICK_PIECES: Final = (6, 12, 24)


class ChosenProduct(QFrame):
    """Which product is restocked, and the way to another one."""

    change_requested = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self.setProperty("kind", "subtle")
        self._picture = ProductPicture(pictures, theme, 88)
        self._name = named(label("", Role.TITLE, wrap=True), "restock_name")
        self._code = label("", Role.BODY, "2")
        change = named(Button(theme, "Change", ButtonKind.PLAIN_ACCENT), "restock_change")
        change.setAccessibleName("Change the product")
        change.clicked.connect(self.change_requested)
        parts = row(self, (SPACE_M, SPACE_S, SPACE_XS, SPACE_S), SPACE_L)
        parts.addWidget(self._picture)
        words = column(spacing=2)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._code)
        words.addStretch(1)
        parts.addLayout(words, 1)
        parts.addWidget(change)

    def show_tile(self, tile: TileView) -> None:
        """Show this product."""
        self._picture.show_product(tile.product_id, tile.name, tile.category)
        self._name.setText(tile.name)
        self._code.setText(tile.sku)

    def set_low(self, *, is_low: bool) -> None:
        """Choose between 112 and 64 pixels of height."""
        self._picture.setFixedSize(*((TARGET_FIELD - 8,) * 2 if is_low else (88, 88)))
        self._name.setFont(font(Role.STRONG if is_low else Role.TITLE))
        self._code.setFont(font(Role.DETAIL if is_low else Role.BODY))
        self.setMinimumHeight(TARGET_KEY if is_low else 112)


class StockFigures(QWidget):
    """Stock now, what comes in, stock after."""

    def __init__(self) -> None:
        super().__init__()
        self._now = named(label("", Role.TOTAL), "stock_now")
        self._coming = named(label("", Role.TOTAL, "accent"), "stock_coming")
        self._after = named(label("", Role.TOTAL, "sure"), "stock_after")
        parts = row(self, spacing=SPACE_M)
        for caption, figure, kind, tone in (
            ("In stock now", self._now, "subtle", "2"),
            ("Coming in", self._coming, "accentbox", "accent"),
            ("After", self._after, "surebox", "sure"),
        ):
            parts.addWidget(_figure_box(caption, figure, kind, tone), 1)

    def show_view(self, view: RestockView) -> None:
        """Show the three figures."""
        self._now.setText(view.before_text)
        self._coming.setText(f"+{view.quantity_text or '0'}")
        self._after.setText(view.after_text)
        self.setAccessibleName(
            f"{view.before_text} in stock now, {view.quantity_text or '0'} coming in, {view.after_text} after"
        )


class QuickPieces(QWidget):
    """Usual case sizes, added in one tap."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        parts = row(self)
        for pieces in QUICK_PIECES:
            made = Button(theme, f"+{pieces}", ButtonKind.SOFT, height=TARGET_FIELD, role=Role.AMOUNT)
            made.setAccessibleName(f"{pieces} more pieces")
            made.clicked.connect(partial(self.chosen.emit, pieces))
            parts.addWidget(named(made, f"plus_{pieces}"), 1)


class PiecesPart(QWidget):
    """What was keyed, and the keys."""

    key_pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(320)
        self._pieces = named(label("", Role.TOTAL, align=Qt.AlignmentFlag.AlignRight), "pieces")
        self._box = frame("fieldon")
        self._keypad = Keypad(theme, KeypadKind.PIECES)
        self._keypad.key_pressed.connect(self.key_pressed)
        inside = row(self._box, (SPACE_L, 0, SPACE_L, 0))
        inside.addWidget(label("Pieces", Role.BODY, "2"))
        inside.addWidget(self._pieces, 1)
        self.parts: QVBoxLayout = column(self)
        self.parts.addWidget(self._box)
        self.parts.addWidget(self._keypad)
        self.parts.addStretch(1)

    def show_view(self, view: RestockView) -> None:
        """Show what was keyed."""
        self._pieces.setText(view.quantity_text or "0")
        set_tone(self._pieces, "" if view.quantity_text else "2")
        self._box.setAccessibleName(f"Pieces {view.quantity_text or '0'}")

    def set_key_height(self, height: int) -> None:
        """Choose the size of the keys; the field follows."""
        self._keypad.set_key_height(height)
        self._box.setFixedHeight(72 if height >= 72 else TARGET_FIELD)


class MovementList(QWidget):
    """The newest movements: when, why, how many."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[MovementRowView, ...] = ()
        self._rows: list[QWidget] = []
        self._parts = column(self, spacing=0)
        self._parts.addWidget(label("Last movements", Role.STRONG))
        self._parts.addSpacing(SPACE_S)
        self._parts.addStretch(1)

    def show_rows(self, movements: tuple[MovementRowView, ...]) -> None:
        """Show these, newest first."""
        if movements == self._shown:
            return
        self._shown = movements
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows = [_movement_row(movement, place) for place, movement in enumerate(movements)]
        for place, made in enumerate(self._rows):
            self._parts.insertWidget(place + 2, made)


def _figure_box(caption: str, figure: QWidget, kind: str, tone: str) -> QFrame:
    box = frame(kind)
    parts = column(box, (SPACE_L, SPACE_S, SPACE_L, SPACE_S), 0)
    parts.addWidget(label(caption, Role.LABEL, tone))
    parts.addWidget(figure)
    return box


def _movement_row(movement: MovementRowView, place: int) -> QWidget:
    holder = QWidget()
    holder.setAccessibleName(f"{movement.when_text}, {movement.reason_text}, {movement.change_text}")
    parts = column(holder, spacing=0)
    parts.addWidget(rule())
    inside = row(margins=(0, 7, 0, 7), spacing=SPACE_M)
    when = label(movement.when_text, Role.DETAIL, "2")
    when.setMinimumWidth(96)
    inside.addWidget(when)
    inside.addWidget(named(label(movement.reason_text, Role.BODY, wrap=True), f"movement_{place}"), 1)
    tone = "sure" if movement.change_text.startswith("+") else ""
    inside.addWidget(label(movement.change_text, Role.STRONG, tone, align=Qt.AlignmentFlag.AlignRight))
    parts.addLayout(inside)
    return holder
