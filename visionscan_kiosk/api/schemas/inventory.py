"""Products and their stock movements."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, TypeAdapter

from visionscan_kiosk.api.schemas.fields import (
    Answered,
    Money,
    Note,
    OpeningStock,
    Price,
    Sent,
    Stock,
    Text64,
    Text80,
    Text100,
    Text200,
    left_out,
)
from visionscan_kiosk.domain.product import NewProduct, Product, ProductChanges
from visionscan_kiosk.domain.stock import HIGHEST_RESTOCK, MovementReason, StockMovement

_MOST_NAMES = 100


class ProductAnswer(Answered):
    """A product."""

    id: UUID
    sku: str
    name: str
    category: str
    price: Money
    stock: int
    aliases: list[str]
    barcodes: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, product: Product) -> Self:
        """Return how a product goes out."""
        return cls(
            id=product.id,
            sku=product.sku,
            name=product.name,
            category=product.category,
            price=product.price,
            stock=product.stock,
            aliases=list(product.aliases),
            barcodes=list(product.barcodes),
            created_at=product.created_at,
            updated_at=product.updated_at,
        )


class ProductCreation(Sent):
    """A product to create. Its stock is written as an `opening` movement."""

    sku: Text64
    name: Text200
    category: Text100
    price: Price
    stock: OpeningStock = 0
    aliases: list[Text200] = Field(default=[], max_length=_MOST_NAMES)
    barcodes: list[Text80] = Field(default=[], max_length=_MOST_NAMES)

    def to_product(self) -> NewProduct:
        """Return the product; raise InvalidInput for what only the shop's rules refuse."""
        return NewProduct(**_tuples(self.model_dump()))


class ProductChange(Sent):
    """The fields to change; the others stay. A change of stock is written as an `adjustment` movement."""

    sku: Text64 = left_out("")
    name: Text200 = left_out("")
    category: Text100 = left_out("")
    price: Price = left_out(Decimal(0))
    stock: Stock = left_out(0)
    aliases: list[Text200] = left_out([], max_length=_MOST_NAMES)
    barcodes: list[Text80] = left_out([], max_length=_MOST_NAMES)

    def to_changes(self) -> ProductChanges:
        """Return what was sent; raise InvalidInput for what only the shop's rules refuse."""
        return ProductChanges(**_tuples(self.model_dump(exclude_unset=True)))


class MovementAnswer(Answered):
    """A signed change of a product's stock."""

    id: UUID
    inventory_id: UUID
    change_qty: int
    reason: MovementReason
    session_id: UUID | None
    note: str | None
    created_at: datetime

    @classmethod
    def of(cls, movement: StockMovement) -> Self:
        """Return how a movement goes out."""
        return cls(
            id=movement.id,
            inventory_id=movement.inventory_id,
            change_qty=movement.change_qty,
            reason=movement.reason,
            session_id=movement.session_id,
            note=movement.note,
            created_at=movement.created_at,
        )


class RestockRequest(Sent):
    """Pieces that came in."""

    quantity: Annotated[int, Field(strict=True, ge=1, le=HIGHEST_RESTOCK)]
    note: Note | None = None


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


PRODUCTS = TypeAdapter(list[ProductAnswer])
MOVEMENTS = TypeAdapter(list[MovementAnswer])
