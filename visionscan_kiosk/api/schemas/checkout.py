"""The sale."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from visionscan_kiosk.api.schemas.fields import Answered, Money
from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine


class SoldLine(Answered):
    """A line as it was sold."""

    inventory_id: UUID
    sku: str
    name: str
    quantity: int
    unit_price: Money
    line_total: Money

    @classmethod
    def of(cls, line: ReceiptLine) -> Self:
        """Return how a sold line goes out."""
        return cls(
            inventory_id=line.inventory_id,
            sku=line.sku,
            name=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            line_total=line.line_total,
        )


class CheckoutAnswer(Answered):
    """A completed sale."""

    session_id: UUID
    items: list[SoldLine]
    total: Money
    completed_at: datetime
    receipt_number: int

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        """Return how a sale goes out."""
        return cls(
            session_id=receipt.session_id,
            items=[SoldLine.of(line) for line in receipt.lines],
            total=receipt.total,
            completed_at=receipt.completed_at,
            receipt_number=receipt.number,
        )
