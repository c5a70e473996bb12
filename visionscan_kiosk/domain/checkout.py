"""The sale: how a basket is billed, paid and written on a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.errors import (
    BasketEmpty,
    BasketHeld,
    InsufficientStock,
    SessionNotActive,
    ShortProduct,
    TenderMismatch,
    UnmatchedItems,
)
from visionscan_kiosk.domain.money import HIGHEST_AMOUNT, ZERO, format_amount, to_money
from visionscan_kiosk.domain.scan_session import Basket, SessionStatus
from visionscan_kiosk.domain.stock import ShortStock

_ABSURD_TIMES = 10


class Channel(StrEnum):
    """Who asks for a sale."""

    TILL = "till"
    """A till, which asked for money and has it: what is short was settled before that."""
    HTTP = "http"
    """Other software, which learns here what is short."""


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
    if to_money(given, HIGHEST_AMOUNT) < total:
        raise TenderMismatch(f"{format_amount(total - given)} is still missing.")
    return Tender(TenderMethod.CASH, amount=total, given=given)


def card(total: Decimal) -> Tender:
    """Return a card tender, confirmed on the card machine."""
    return Tender(TenderMethod.CARD, amount=total, given=total)


def is_absurd(total: Decimal, given: Decimal, largest_note: Decimal) -> bool:
    """Whether nobody would hand that over: more than ten totals, and more than a largest note above it."""
    return given > _ABSURD_TIMES * total and given - total > largest_note


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


def check_sellable(basket: Basket) -> None:
    """Raise why `basket` cannot be sold whatever is in stock: closed, held, empty, lines without a product.

    Checkout asks this, and so does a till before it asks for money.
    """
    if basket.session.status is not SessionStatus.ACTIVE:
        raise SessionNotActive(basket.session.id)
    if basket.session.held_at is not None:
        raise BasketHeld(basket.session.id)
    if not basket.items:
        raise BasketEmpty
    if basket.unmatched:
        raise UnmatchedItems([item.detected_name for item in basket.unmatched])


def check_stock(short: Sequence[ShortProduct], policy: ShortStock) -> None:
    """Raise InsufficientStock with all that is short, where the policy refuses to sell it."""
    if short and policy is ShortStock.REFUSE:
        raise InsufficientStock(short)


@dataclass(frozen=True, slots=True)
class SaleSummary:
    """A sale in a list. `till_id` is None for a sale of other software."""

    session_id: UUID
    number: int
    till_id: str | None
    total: Decimal
    tenders: tuple[Tender, ...]
    completed_at: datetime

    @property
    def change(self) -> Decimal:
        """What goes back to the customer over all tenders."""
        return sum((tender.change for tender in self.tenders), ZERO)


@dataclass(frozen=True, slots=True)
class SaleCheck:
    """A basket that could be sold now, and what the shop wants done about products that are short."""

    basket: Basket
    short_stock: ShortStock


def check_tenders(tenders: Sequence[Tender], total: Decimal) -> None:
    """Raise TenderMismatch unless the tenders pay exactly `total`; no tender at all is allowed."""
    if tenders and sum((tender.amount for tender in tenders), ZERO) != total:
        raise TenderMismatch(f"The basket costs {format_amount(total)} now. Check the payment again.")
