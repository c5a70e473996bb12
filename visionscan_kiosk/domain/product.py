"""A product: a thing the shop sells (table `inventory_master`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.money import to_money
from visionscan_kiosk.domain.text import is_text, says_something

HIGHEST_STOCK = 1_000_000_000
LOWEST_STOCK = -HIGHEST_STOCK
"""Stock may be below zero: more was sold than the books knew of."""

_LABELS = {"sku": "SKU", "aliases": "other name"}


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the database has it."""

    id: UUID
    sku: str
    name: str
    category: str
    price: Decimal
    stock: int
    aliases: tuple[str, ...]
    barcodes: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to be created; constructing it validates every field (InvalidInput)."""

    sku: str
    name: str
    category: str
    price: Decimal
    stock: int = 0
    aliases: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, clean in _CLEANERS.items():
            object.__setattr__(self, name, clean(getattr(self, name)))


class Unset:
    """The type of `UNSET`: this field is not to be changed."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """The fields to change; what stays `UNSET` is left as it is. Constructing it validates."""

    sku: str | Unset = UNSET
    name: str | Unset = UNSET
    category: str | Unset = UNSET
    price: Decimal | Unset = UNSET
    stock: int | Unset = UNSET
    aliases: tuple[str, ...] | Unset = UNSET
    barcodes: tuple[str, ...] | Unset = UNSET

    def __post_init__(self) -> None:
        for name, value in self.given().items():
            object.__setattr__(self, name, _CLEANERS[name](value))

    def given(self) -> dict[str, Any]:
        """Return the fields that are to change, by name."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value is not UNSET}


@dataclass(frozen=True, slots=True)
class ProductPicture:
    """What a product looks like on a tile: encoded PNG, JPEG or WebP."""

    product_id: UUID
    data: bytes = field(repr=False)
    media_type: str


def _clean_text(value: str, name: str, longest: int) -> str:
    text, label = says_something(" ".join(value.split())), _LABELS.get(name, name)
    if not text:
        raise InvalidInput(f"The {label} is missing.", field=name)
    if len(text) > longest:
        raise InvalidInput(f"The {label} must have at most {longest} characters.", field=name)
    if not (is_text(text) if name != "sku" else text.isprintable()):  # a code must look like what it is
        raise InvalidInput(f"The {label} has characters that cannot be printed.", field=name)
    return text


def _clean_stock(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput("The stock must be a whole number.", field="stock")
    if not LOWEST_STOCK <= value <= HIGHEST_STOCK:
        raise InvalidInput(f"The stock must be between {LOWEST_STOCK} and {HIGHEST_STOCK}.", field="stock")
    return value


def _clean_aliases(values: Iterable[str]) -> tuple[str, ...]:
    cleaned = {text.casefold(): text for text in (_clean_text(value, "aliases", 200) for value in values)}
    return tuple(cleaned.values())


def _clean_barcodes(values: Iterable[str]) -> tuple[str, ...]:
    """Keep each code as written, once: two spellings of one GTIN are one barcode."""
    return tuple({normalise_barcode(value): value.strip() for value in values}.values())


_CLEANERS: dict[str, Any] = {
    "sku": lambda value: _clean_text(value, "sku", 64),
    "name": lambda value: _clean_text(value, "name", 200),
    "category": lambda value: _clean_text(value, "category", 100),
    "price": to_money,
    "stock": _clean_stock,
    "aliases": _clean_aliases,
    "barcodes": _clean_barcodes,
}
