"""The sale: how a basket is billed, paid and written on a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.errors import BasketEmpty, InsufficientStock, TenderMismatch, UnmatchedItems
from visionscan_kiosk.domain.money import ZERO, format_amount, to_money
from visionscan_kiosk.domain.scan_session import Basket


class TenderMethod(StrEnum):
    """How money changed hands."""

    CASH = "cash"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Tender:
    """One payment: `amount` goes to the sale; for cash, `given` is what the customer handed over."""

    method: TenderMethod
    amount: Decimal
    given: Decimal

    @property
    def change(self) -> Decimal:
        """What goes back to the customer."""
        return self.given - self.amount


def cash(total: Decimal, given: Decimal) -> Tender:
    """Return a cash tender; raise TenderMismatch when too little was given."""
    if to_money(given) < total:
        raise TenderMismatch(f"{format_amount(total - given)} is still missing.")
    return Tender(TenderMethod.CASH, amount=total, given=given)


def card(total: Decimal) -> Tender:
    """Return a card tender, confirmed on the card machine."""
    return Tender(TenderMethod.CARD, amount=total, given=total)


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A sold line, as the session stored it."""

    inventory_id: UUID
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """A completed sale. `tenders` is empty when another system took the money (HTTP clients)."""

    session_id: UUID
    number: int
    till_id: str | None
    lines: tuple[ReceiptLine, ...]
    total: Decimal
    tenders: tuple[Tender, ...]
    completed_at: datetime

    @property
    def change(self) -> Decimal:
        """What goes back to the customer over all tenders."""
        return sum((tender.change for tender in self.tenders), ZERO)


def check_sellable(basket: Basket, stock: Mapping[UUID, int]) -> None:
    """Raise the first reason why `basket` cannot be sold: empty, unmatched, short (by name)."""
    if not basket.items:
        raise BasketEmpty
    if basket.unmatched:
        raise UnmatchedItems([item.detected_name for item in basket.unmatched])
    for item in sorted(basket.items, key=lambda item: item.display_name):
        available = stock.get(item.inventory_id, 0) if item.inventory_id else 0
        if available < item.quantity:
            raise InsufficientStock(item.display_name, available, item.quantity)


def check_tenders(tenders: Sequence[Tender], total: Decimal) -> None:
    """Raise TenderMismatch unless the tenders pay exactly `total`; no tender at all is allowed."""
    if tenders and sum((tender.amount for tender in tenders), ZERO) != total:
        raise TenderMismatch(f"The basket costs {format_amount(total)} now. Check the payment again.")
