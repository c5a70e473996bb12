"""What a till asks of a basket: values with an id, so that an order sent twice is carried out once.

The id is made before the first attempt. Who gets no answer sends the same operation again and learns what
became of it; nobody guesses that from how the basket looks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args
from uuid import UUID

from visionscan_kiosk.domain.errors import ShortProduct
from visionscan_kiosk.domain.scan_session import Basket, ScanItem
from visionscan_kiosk.domain.stock import ShortStock


class Source(StrEnum):
    """How a piece came into the basket: a code was read, a person typed or tapped, or it was recognised."""

    SCANNED = "scanned"
    TYPED = "typed"
    TAPPED = "tapped"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class AddLine:
    """Add pieces of a product that a person, a code or its looks named.

    `detected_name` is what was read or seen; without it the line keeps the product's name.
    """

    operation_id: UUID
    session_id: UUID
    product_id: UUID
    quantity: int = 1
    detected_name: str | None = None
    confidence: float = 1.0
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class AddNamed:
    """Add something by a name that is matched with the products; unmatched it becomes a line to be named.

    With `ask_when_ambiguous` only a sure match gives it a product.
    """

    operation_id: UUID
    session_id: UUID
    detected_name: str
    confidence: float = 1.0
    quantity: int = 1
    ask_when_ambiguous: bool = True
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class AssignProduct:
    """Give a line another product; when that product has a line already the two become one."""

    operation_id: UUID
    session_id: UUID
    item_id: UUID
    product_id: UUID


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Set the pieces of a line."""

    operation_id: UUID
    session_id: UUID
    item_id: UUID
    quantity: int
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take pieces off a line, and the line away when none is left. `undoes`: the addition taken back."""

    operation_id: UUID
    session_id: UUID
    item_id: UUID
    quantity: int
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class TakePiece:
    """Take one piece of a product out, whichever line it has. `undoes`: the addition that brought it."""

    operation_id: UUID
    session_id: UUID
    product_id: UUID
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class RemoveLine:
    """Take a line out."""

    operation_id: UUID
    session_id: UUID
    item_id: UUID


@dataclass(frozen=True, slots=True)
class ChoosePrice:
    """Sell a line at this unit price: the product's present one, or the one before a choice it `undoes`."""

    operation_id: UUID
    session_id: UUID
    item_id: UUID
    unit_price: Decimal
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True)
class ExchangePiece:
    """One piece of `before_product_id` turned out to be `product_id`.

    Where no such piece is in the basket any more the other product is added all the same, unless this
    `undoes` an earlier exchange: then there is nothing to undo.
    """

    operation_id: UUID
    session_id: UUID
    before_product_id: UUID
    product_id: UUID
    detected_name: str | None = None
    confidence: float = 1.0
    undoes: UUID | None = None
    source: Source | None = None


Adding = AddLine | AddNamed | ExchangePiece
"""Operations after which a line has a piece more."""

Mending = AssignProduct | SetQuantity | TakeBack | TakePiece | RemoveLine | ChoosePrice
"""Operations on a line that stands."""

Operation = Adding | Mending

_KINDS: Mapping[str, Any] = {kind.__name__: kind for kind in (*get_args(Adding), *get_args(Mending))}
_IDS = {"session_id", "product_id", "item_id", "before_product_id", "undoes"}


@dataclass(frozen=True, slots=True)
class LineBefore:
    """A line as it was before an operation took from it: what undo needs to put it back."""

    product_id: UUID | None
    detected_name: str
    confidence: float
    quantity: int
    name: str
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an operation did, as it is kept with its id.

    `changes`: signed pieces of each product. `item_id`: the line that it made or changed.
    """

    changes: Mapping[UUID, int]
    item_id: UUID | None = None
    before: LineBefore | None = None


@dataclass(frozen=True, slots=True)
class OperationResult:
    """The answer to an operation, however often it was sent.

    `basket` is the present state; `changes` and `before` are what the operation did when it was carried out;
    `item` is its line as it now stands, None when there is none. `is_repeat`: nothing was changed this time.
    `short`: products that it brought and of which the basket has more now than is in stock; `short_stock` is
    what the shop wants done about them.
    """

    operation_id: UUID
    basket: Basket
    changes: Mapping[UUID, int]
    item: ScanItem | None
    before: LineBefore | None
    is_repeat: bool
    short: tuple[ShortProduct, ...] = ()
    short_stock: ShortStock = ShortStock.SELL


def kind_of(operation: Operation) -> str:
    """Return the name under which this kind of operation is kept."""
    return type(operation).__name__


def content_of(operation: Operation) -> str:
    """Return everything that the operation asks for, its id left out, as text that equals for equals."""
    content = {name: value for name, value in asdict(operation).items() if name != "operation_id"}
    return json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)


def is_operation(kind: str) -> bool:
    """Whether what was kept under this kind was asked for by an operation; a basket is also gone on with."""
    return kind in _KINDS


def operation_of(kind: str, content: str, operation_id: UUID) -> Operation:
    """Return the operation that was kept under this kind with this content."""
    values = json.loads(content)
    for name in _IDS & values.keys():
        values[name] = None if values[name] is None else UUID(values[name])
    if values.get("source") is not None:
        values["source"] = Source(values["source"])
    if "unit_price" in values:
        values["unit_price"] = Decimal(values["unit_price"])
    made: Operation = _KINDS[kind](operation_id=operation_id, **values)
    return made


def line_before(item: ScanItem) -> LineBefore:
    """Return what undo needs of a line."""
    return LineBefore(
        item.inventory_id,
        item.detected_name,
        item.confidence,
        item.quantity,
        item.display_name,
        item.unit_price,
    )


def pieces_of(basket: Basket) -> dict[UUID, int]:
    """Return how many pieces of each product the basket has; lines without a product do not count."""
    return {item.inventory_id: item.quantity for item in basket.items if item.inventory_id is not None}


def pieces_after(basket: Basket, changes: Mapping[UUID, int]) -> dict[UUID, int]:
    """Return the pieces that the basket has when these changes are all that happens to it."""
    return _changed(pieces_of(basket), changes)


def pieces_before(result: OperationResult) -> dict[UUID, int]:
    """Return the pieces that the basket had when the operation was carried out; not for a repetition."""
    return _changed(pieces_of(result.basket), {product: -count for product, count in result.changes.items()})


def _changed(pieces: dict[UUID, int], changes: Mapping[UUID, int]) -> dict[UUID, int]:
    changed = {product: pieces.get(product, 0) + changes.get(product, 0) for product in {*pieces, *changes}}
    return {product: count for product, count in changed.items() if count}
