"""A scan session (one customer's visit), its items, and the basket: the view of both that people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput, ShortProduct
from visionscan_kiosk.domain.matching.match import Match
from visionscan_kiosk.domain.money import ZERO, line_total
from visionscan_kiosk.domain.text import one_line

HIGHEST_QUANTITY = 9999


class SessionStatus(StrEnum):
    """Where a session stands."""

    ACTIVE = "active"
    COMPLETED = "completed"


class SessionOutcome(StrEnum):
    """How a completed session came to its end."""

    SOLD = "sold"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ScanSession:
    """One customer's visit. `total_amount` of an active session is the sum of its matched lines so far.

    `held_at`: since when it waits for somebody to go on with it, None while it does not.
    """

    id: UUID
    status: SessionStatus
    check_in_time: datetime
    check_out_time: datetime | None
    total_amount: Decimal
    created_at: datetime
    outcome: SessionOutcome | None
    till_id: str | None
    held_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether lines may come and go, and it may be sold."""
        return self.status is SessionStatus.ACTIVE and self.held_at is None


@dataclass(frozen=True, slots=True)
class ScanItem:
    """A line: a product (or none yet), a quantity and the unit price frozen at the first scan.

    `name`, `sku` and `category` are the product's present ones; they are None, like `unit_price`, for an
    unmatched line. So are `present_price` and `present_stock`, which mean nothing once the line is sold.
    """

    id: UUID
    session_id: UUID
    inventory_id: UUID | None
    detected_name: str
    confidence: float
    quantity: int
    unit_price: Decimal | None
    first_seen: datetime
    created_at: datetime
    name: str | None
    sku: str | None
    category: str | None
    present_price: Decimal | None = None
    present_stock: int | None = None

    @property
    def is_matched(self) -> bool:
        """Whether the line has a product."""
        return self.inventory_id is not None

    @property
    def display_name(self) -> str:
        """The product's name, or what was detected while there is no product."""
        return self.name or self.detected_name

    @property
    def new_price(self) -> Decimal | None:
        """The product's present price where it is another one than the line's, else None."""
        return self.present_price if self.present_price != self.unit_price else None

    @property
    def line_total(self) -> Decimal:
        """Quantity times unit price; zero for an unmatched line."""
        return ZERO if self.unit_price is None else line_total(self.unit_price, self.quantity)


@dataclass(frozen=True, slots=True)
class Basket:
    """A session with its lines, in order of first sight."""

    session: ScanSession
    items: tuple[ScanItem, ...]

    @property
    def total(self) -> Decimal:
        """Sum of all matched lines."""
        return sum((item.line_total for item in self.items), ZERO)

    @property
    def item_count(self) -> int:
        """Number of pieces, matched or not."""
        return sum(item.quantity for item in self.items)

    @property
    def short(self) -> tuple[ShortProduct, ...]:
        """Products of which it has more than was in stock when it was read, ordered by name."""
        stock = {item.inventory_id: item.present_stock or 0 for item in self.items if item.inventory_id}
        return short_products(self.items, stock)

    @property
    def repriced(self) -> tuple[ScanItem, ...]:
        """Lines whose product has another price by now."""
        return tuple(item for item in self.items if item.new_price is not None)

    @property
    def unmatched(self) -> tuple[ScanItem, ...]:
        """Lines that still need a product."""
        return tuple(item for item in self.items if not item.is_matched)


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """What a scan did to its line, and how the product was found."""

    item: ScanItem
    match: Match


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan did: the line as it now stands, how its product was found, and the whole basket."""

    item: ScanItem
    match: Match
    basket: Basket


@dataclass(frozen=True, slots=True)
class HeldBasket:
    """A basket that waits for somebody to go on with it. `left_at`: when it was touched last."""

    session: ScanSession
    left_at: datetime
    item_count: int


def short_products(items: Iterable[ScanItem], stock: Mapping[UUID, int]) -> tuple[ShortProduct, ...]:
    """Return the products of which the lines together have more than `stock` says, ordered by name."""
    required: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    for item in items:
        if item.inventory_id is not None:
            required[item.inventory_id] = required.get(item.inventory_id, 0) + item.quantity
            names[item.inventory_id] = item.display_name
    short = [
        ShortProduct(product, names[product], stock.get(product, 0), count)
        for product, count in required.items()
        if count > stock.get(product, 0)
    ]
    return tuple(sorted(short, key=lambda product: (product.name, product.product_id)))


def check_quantity(quantity: int) -> int:
    """Return `quantity` when a line may have it, else raise InvalidInput."""
    if isinstance(quantity, bool) or not 1 <= quantity <= HIGHEST_QUANTITY:
        raise InvalidInput(f"The quantity must be between 1 and {HIGHEST_QUANTITY}.", field="quantity")
    return quantity


def check_confidence(confidence: float) -> float:
    """Return `confidence` when it is between 0 and 1, else raise InvalidInput (NaN too)."""
    if not 0.0 <= confidence <= 1.0:
        raise InvalidInput("The confidence must be between 0 and 1.", field="confidence")
    return confidence


def check_detected_name(name: str) -> str:
    """Return the detected name with its white space folded, else raise InvalidInput."""
    text = one_line(name)
    if not text:
        raise InvalidInput("The detected name is missing.", field="detected_name")
    return text[:500]
