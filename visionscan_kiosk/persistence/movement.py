"""Stock movements: why the stock of a product is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from visionscan_kiosk.domain.stock import MovementReason, StockMovement
from visionscan_kiosk.persistence.tables import movements


class SqlMovementRepository:
    """Implements services.ports.MovementRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        product_id: UUID,
        change_qty: int,
        reason: MovementReason,
        *,
        session_id: UUID | None = None,
        note: str | None = None,
    ) -> None:
        """Write one movement; zero changes write none."""
        if not change_qty:
            return
        self._connection.execute(
            movements.insert().values(
                inventory_id=product_id,
                change_qty=change_qty,
                reason=reason,
                session_id=session_id,
                note=note,
            )
        )

    def list(self, product_id: UUID, limit: int | None = None) -> Sequence[StockMovement]:
        """Return the movements of a product, newest first."""
        statement = (
            select(movements)
            .where(movements.c.inventory_id == product_id)
            .order_by(movements.c.created_at.desc(), movements.c.id)
            .limit(limit)
        )
        return [
            StockMovement(
                id=row.id,
                inventory_id=row.inventory_id,
                change_qty=row.change_qty,
                reason=MovementReason(row.reason),
                session_id=row.session_id,
                note=row.note,
                created_at=row.created_at,
            )
            for row in self._connection.execute(statement)
        ]
