"""Stock and its movements: every change of stock writes one, so stock = sum of movements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.text import one_line

HIGHEST_RESTOCK = 1_000_000


class ShortStock(StrEnum):
    """What happens when more is sold than the books say the shop has."""

    SELL = "sell"
    """It is sold and said: the goods are in the customer's hand, so the books are wrong."""
    ASK = "ask"
    """A manager decides, on the till before money is asked for."""
    REFUSE = "refuse"


class MovementReason(StrEnum):
    """Why stock changed."""

    OPENING = "opening"
    SALE = "sale"
    RESTOCK = "restock"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class StockMovement:
    """A signed change of a product's stock."""

    id: UUID
    inventory_id: UUID
    change_qty: int
    reason: MovementReason
    session_id: UUID | None
    note: str | None
    created_at: datetime


def check_restock_quantity(quantity: int) -> int:
    """Return `quantity` when that many pieces can be added at once, else raise InvalidInput."""
    if isinstance(quantity, bool) or not 1 <= quantity <= HIGHEST_RESTOCK:
        raise InvalidInput(f"The quantity must be between 1 and {HIGHEST_RESTOCK}.", field="quantity")
    return quantity


def check_note(note: str | None) -> str | None:
    """Return the note in printable characters, its white space folded; None when there is nothing in it."""
    text = one_line(note or "")
    if len(text) > 500:
        raise InvalidInput("The note must have at most 500 characters.", field="note")
    return text or None
