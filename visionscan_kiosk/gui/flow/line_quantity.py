"""How many pieces of a line, keyed: tap the number, 1 2, Enter."""

from __future__ import annotations

from uuid import UUID

from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.money import format_amount, line_total
from visionscan_kiosk.domain.scan_session import HIGHEST_QUANTITY, ScanItem
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.entry import QuantityEntry
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.ports import Display, Sound, Sounds
from visionscan_kiosk.gui.views import QuantityView


class LineQuantity:
    """One line at a time. Nothing changes before it is confirmed; then it is one operation, with one undo."""

    def __init__(self, display: Display, sounds: Sounds, basket: BasketFlow) -> None:
        self._display = display
        self._sounds = sounds
        self._basket = basket
        self._item_id: UUID | None = None
        self._entry = QuantityEntry()
        self._message = ""
        self._is_keyed = False

    @property
    def is_open(self) -> bool:
        """Whether a number is being keyed."""
        return self._item_id is not None

    def open(self, item_id: UUID) -> None:
        """Ask how many pieces this line is to have; the first digit replaces the present number."""
        item = self._basket.find(item_id)
        if item is not None:
            self._item_id, self._message, self._is_keyed = item_id, "", False
            self._entry = QuantityEntry(item.quantity, HIGHEST_QUANTITY, is_preset=True)
            self._show(item)

    def press(self, key: str) -> None:
        """A key of the keypad or of a keyboard; a digit that makes it too many says so."""
        item = self._item()
        if item is None:
            return
        self._is_keyed = True
        before, self._entry = self._entry, self._entry.press(key)
        is_refused = self._entry is before and key.isdigit()
        self._message = wording.most_pieces(HIGHEST_QUANTITY) if is_refused else ""
        if is_refused:
            self._sounds.play(Sound.REFUSED)
        self._show(item)

    def confirm(self) -> None:
        """The line gets so many pieces, if somebody keyed a number; with none it is taken out."""
        item, quantity = self._item(), self._entry.quantity
        self.close()
        if item is not None and self._is_keyed and quantity != item.quantity:
            self._basket.set_quantity(item.id, quantity, Source.TYPED)

    def close(self) -> None:
        """Change nothing."""
        self._item_id = None
        self._display.show_quantity(None)

    def _item(self) -> ScanItem | None:
        """The line as it is now; one that others took out meanwhile has no number to key."""
        item = self._basket.find(self._item_id) if self._item_id is not None else None
        if item is None and self.is_open:
            self.close()
        return item

    def _show(self, item: ScanItem) -> None:
        quantity, price = self._entry.quantity, item.unit_price
        amount = (
            f"× {format_amount(price)} = {format_amount(line_total(price, quantity))}"
            if price is not None
            else ""
        )
        self._display.show_quantity(
            QuantityView(
                name=item.display_name,
                quantity_text=f"{quantity:,}",
                amount_text=amount,
                confirm_text=wording.set_pieces(quantity),
                message=self._message,
                takes_out=quantity == 0,
            )
        )
