"""The lines of sessions. Callers hold the session's lock, so no line changes under their hands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.domain.errors import ItemNotFound, ProductNotFound
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.persistence.tables import AnyRow, inventory, items
from visionscan_kiosk.services.ports import ScannedPiece

_COLUMNS = (
    items.c.id,
    items.c.session_id,
    items.c.inventory_id,
    items.c.detected_name,
    items.c.confidence,
    items.c.quantity,
    items.c.unit_price,
    items.c.first_seen,
    items.c.created_at,
)
_ITEM = select(
    *_COLUMNS,
    func.coalesce(items.c.sold_name, inventory.c.name).label("name"),
    func.coalesce(items.c.sold_sku, inventory.c.sku).label("sku"),
    inventory.c.category,
    inventory.c.price.label("present_price"),
    inventory.c.stock.label("present_stock"),
).join_from(items, inventory, items.c.inventory_id == inventory.c.id, isouter=True)

# Built once: building a statement costs more than running it, and every scan needs these.
_OF_SESSION = _ITEM.where(items.c.session_id == bindparam("wanted")).order_by(items.c.first_seen, items.c.id)
_ONE = _ITEM.where(items.c.id == bindparam("item"), items.c.session_id == bindparam("session"))


def _added(excluded: Any) -> dict[str, Any]:
    return {
        "quantity": items.c.quantity + excluded.quantity,
        "detected_name": excluded.detected_name,
        "confidence": excluded.confidence,
    }


_WANTED_PRODUCT = inventory.c.id == bindparam("product")
_OPENED = insert(items).from_select(
    ["session_id", "inventory_id", "unit_price", "detected_name", "confidence", "quantity"],
    select(
        bindparam("session", type_=items.c.session_id.type),
        inventory.c.id,
        inventory.c.price,
        bindparam("detected_name", type_=items.c.detected_name.type),
        bindparam("confidence", type_=items.c.confidence.type),
        bindparam("quantity", type_=items.c.quantity.type),
    ).where(_WANTED_PRODUCT),
)
_ADD_PRODUCT = _OPENED.on_conflict_do_update(
    index_elements=["session_id", "inventory_id"], set_=_added(_OPENED.excluded)
).returning(
    *_COLUMNS,
    select(inventory.c.name).where(_WANTED_PRODUCT).scalar_subquery().label("name"),
    select(inventory.c.sku).where(_WANTED_PRODUCT).scalar_subquery().label("sku"),
    select(inventory.c.category).where(_WANTED_PRODUCT).scalar_subquery().label("category"),
    select(inventory.c.price).where(_WANTED_PRODUCT).scalar_subquery().label("present_price"),
    select(inventory.c.stock).where(_WANTED_PRODUCT).scalar_subquery().label("present_stock"),
)


class SqlScanItemRepository:
    """Implements services.ports.ScanItemRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, session_id: UUID) -> Sequence[ScanItem]:
        """Return the lines in order of first sight."""
        return [_to_item(row) for row in self._connection.execute(_OF_SESSION, {"wanted": session_id})]

    def get(self, session_id: UUID, item_id: UUID) -> ScanItem:
        """Return one line of this session; raise ItemNotFound."""
        row = self._connection.execute(_ONE, {"session": session_id, "item": item_id}).one_or_none()
        if row is None:
            raise ItemNotFound(item_id)
        return _to_item(row)

    def add_product(self, session_id: UUID, product_id: UUID, piece: ScannedPiece) -> ScanItem:
        """Add to the product's line or open one at its present price; raise ProductNotFound.

        The unit price stays that of the first scan.
        """
        values = {
            "session": session_id,
            "product": product_id,
            "detected_name": piece.detected_name,
            "confidence": piece.confidence,
            "quantity": piece.quantity,
        }
        row = self._connection.execute(_ADD_PRODUCT, values).one_or_none()
        if row is None:
            raise ProductNotFound(product_id)
        return _to_item(row)

    def add_unmatched(self, session_id: UUID, piece: ScannedPiece) -> ScanItem:
        """Add to the unmatched line of the same text (any case) or open one."""
        line = self._find_unmatched(session_id, piece.detected_name)
        return self.get(session_id, self._open(session_id, piece) if line is None else self._add(line, piece))

    def set_quantity(self, item_id: UUID, quantity: int) -> None:
        """Set a line's quantity."""
        self._connection.execute(items.update().where(items.c.id == item_id).values(quantity=quantity))

    def set_price(self, item_id: UUID, unit_price: Decimal) -> None:
        """Set the unit price of a line that has a product."""
        self._connection.execute(items.update().where(items.c.id == item_id).values(unit_price=unit_price))

    def assign(self, item_id: UUID, product: Product) -> None:
        """Give an item another product at its present price; the product has no line yet."""
        self._connection.execute(
            items.update()
            .where(items.c.id == item_id)
            .values(inventory_id=product.id, unit_price=product.price)
        )

    def remove(self, item_id: UUID) -> None:
        """Delete a line."""
        self._connection.execute(items.delete().where(items.c.id == item_id))

    def _find_unmatched(self, session_id: UUID, detected_name: str) -> UUID | None:
        """Texts are compared here and not by SQL, whose notion of case depends on the server's locale."""
        statement = select(items.c.id, items.c.detected_name).where(
            items.c.session_id == session_id, items.c.inventory_id.is_(None)
        )
        wanted = detected_name.casefold()
        rows = self._connection.execute(statement)
        return next((row.id for row in rows.all() if row.detected_name.casefold() == wanted), None)

    def _open(self, session_id: UUID, piece: ScannedPiece) -> UUID:
        statement = items.insert().values(
            session_id=session_id,
            detected_name=piece.detected_name,
            confidence=piece.confidence,
            quantity=piece.quantity,
        )
        item_id: UUID = self._connection.execute(statement.returning(items.c.id)).scalar_one()
        return item_id

    def _add(self, item_id: UUID, piece: ScannedPiece) -> UUID:
        values = {
            "detected_name": piece.detected_name,
            "confidence": piece.confidence,
            "quantity": items.c.quantity + piece.quantity,
        }
        self._connection.execute(items.update().where(items.c.id == item_id).values(**values))
        return item_id


def _to_item(row: AnyRow) -> ScanItem:
    return ScanItem(
        id=row.id,
        session_id=row.session_id,
        inventory_id=row.inventory_id,
        detected_name=row.detected_name,
        confidence=row.confidence,
        quantity=row.quantity,
        unit_price=row.unit_price,
        first_seen=row.first_seen,
        created_at=row.created_at,
        name=row.name,
        sku=row.sku,
        category=row.category,
        present_price=row.present_price,
        present_stock=row.present_stock,
    )
