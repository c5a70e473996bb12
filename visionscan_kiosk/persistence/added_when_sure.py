"""Which products a sure look adds without a tap."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import products_added_when_sure

_PRODUCT = products_added_when_sure.c.inventory_id


class SqlAddedWhenSureRepository:
    """Implements services.auto_add.AddedWhenSureRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def marked_among(self, product_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the products that are marked."""
        found = self._connection.execute(select(_PRODUCT).where(_PRODUCT.in_(product_ids)))
        return frozenset(found.scalars())

    def count(self) -> int:
        """Return how many products are marked."""
        return self._connection.execute(
            select(func.count()).select_from(products_added_when_sure)
        ).scalar_one()

    def mark(self, product_id: UUID, *, is_marked: bool) -> None:
        """Mark an existing product, or take its mark off; either may have been done already."""
        if is_marked:
            statement = insert(products_added_when_sure).values(inventory_id=product_id)
            self._connection.execute(statement.on_conflict_do_nothing())
        else:
            marks = products_added_when_sure
            self._connection.execute(marks.delete().where(marks.c.inventory_id == product_id))
