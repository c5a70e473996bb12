"""One less, how many, one more: three 48 px targets. At one piece the minus becomes a bin."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import TARGET
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, named, restyle

WIDTH = 3 * TARGET


class Stepper(QFrame):
    """Emits the wanted quantity or that the line goes; what it shows changes only by `show_quantity`."""

    changed = Signal(int)
    removed = Signal()
    keyed = Signal()
    """The number itself was tapped: it is to be keyed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._quantity = 0
        self._less = _end(theme, Icon.MINUS, "One less")
        self._more = _end(theme, Icon.ADD, "One more")
        self._number = named(Button(theme, "1", ButtonKind.PLAIN, role=Role.AMOUNT), "number")
        restyle(self._number, "iconOnly", "true")  # no padding: four digits need all of the room
        self._number.setFixedWidth(TARGET)
        self.setProperty("kind", "stepper")
        self.setFixedSize(WIDTH, TARGET)
        parts = QHBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        for part in (self._less, self._number, self._more):
            parts.addWidget(part)
        named(self._less, "less").clicked.connect(self._one_less)
        self._number.clicked.connect(self.keyed)
        named(self._more, "more").clicked.connect(self._one_more)

    def show_quantity(self, quantity: int, product_name: str) -> None:
        """Show this many pieces of this product."""
        self._quantity = quantity
        self._number.set_text(str(quantity))
        self._number.setAccessibleName(f"{quantity} × {product_name}: type another number")
        is_last = quantity <= 1
        self._less.set_icon(Icon.DELETE if is_last else Icon.MINUS, ink="text2" if is_last else "text")
        self._less.setAccessibleName(f"{'Remove' if is_last else 'One less'}: {product_name}")
        self._more.setAccessibleName(f"One more: {product_name}")

    def _one_less(self) -> None:
        if self._quantity <= 1:
            self.removed.emit()
        else:
            self.changed.emit(self._quantity - 1)

    def _one_more(self) -> None:
        self.changed.emit(self._quantity + 1)


def _end(theme: Theme, icon: Icon, name: str) -> Button:
    return Button(theme, "", ButtonKind.PLAIN, icon, name=name, icon_size=20)
