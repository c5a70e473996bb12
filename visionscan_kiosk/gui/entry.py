"""What a keypad writes: frozen entries of money and of pieces. No Qt; screens show `text`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from visionscan_kiosk.domain.money import CENT, format_amount
from visionscan_kiosk.domain.stock import HIGHEST_RESTOCK

DELETE: Final = "delete"
CLEAR: Final = "clear"
_LONGEST_AMOUNT = 13
"""Digits: a basket may cost ten million of a currency of small units."""


@dataclass(frozen=True, slots=True)
class AmountEntry:
    """Money keyed from the right: 2, 0, 00 reads 20.00. A preset amount is replaced by the next digit."""

    cents: int = 0
    is_preset: bool = False

    @classmethod
    def of(cls, amount: Decimal) -> Self:
        """Return an entry that shows `amount`, as a quick amount does."""
        return cls(int(amount / CENT), is_preset=True)

    @property
    def amount(self) -> Decimal:
        """The keyed money, two places."""
        return self.cents * CENT

    @property
    def text(self) -> str:
        """The keyed money as shown: `1,234.50`."""
        return format_amount(self.amount)

    def press(self, key: str) -> AmountEntry:
        """Return the entry after digits, `DELETE` or `CLEAR`; a key that does not fit changes nothing."""
        if key == CLEAR:
            return AmountEntry()
        if key == DELETE:
            return AmountEntry(self.cents // 10)
        digits = _join("" if self.is_preset else str(self.cents), key)
        return AmountEntry(int(digits)) if len(digits) <= _LONGEST_AMOUNT else self


@dataclass(frozen=True, slots=True)
class QuantityEntry:
    """Pieces keyed from the left, up to `highest`. Zero shows as nothing; a digit replaces a preset."""

    quantity: int = 0
    highest: int = HIGHEST_RESTOCK
    is_preset: bool = False

    @property
    def text(self) -> str:
        """The keyed number, empty while nothing is keyed."""
        return str(self.quantity) if self.quantity else ""

    def press(self, key: str) -> QuantityEntry:
        """Return the entry after digits, `DELETE` or `CLEAR`; a key that does not fit changes nothing."""
        if key == CLEAR:
            return QuantityEntry(0, self.highest)
        if key == DELETE:
            return QuantityEntry(self.quantity // 10, self.highest)
        return self._bounded(int(_join("" if self.is_preset else str(self.quantity), key)))

    def plus(self, pieces: int) -> QuantityEntry:
        """Return the entry with `pieces` more, unchanged when that is too many."""
        return self._bounded(self.quantity + pieces)

    def _bounded(self, quantity: int) -> QuantityEntry:
        return QuantityEntry(quantity, self.highest) if quantity <= self.highest else self


def _join(digits: str, key: str) -> str:
    if not (key.isascii() and key.isdigit()):
        raise ValueError(f"{key!r} is no key of a keypad")
    return (digits + key).lstrip("0") or "0"
