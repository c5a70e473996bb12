"""What the database holds of baskets and sales, for who compares it with what should be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Engine, event, func, select

from visionscan_kiosk.persistence.tables import inventory, items, sessions

Pieces = Mapping[str, int]
"""Pieces by SKU; a line that has no product stands under what was detected."""


class Books:
    """Reads only. Everything is as the database has it, whatever a screen shows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_basket(self, till_id: str) -> Pieces:
        """Return the lines of the till's open basket; none when there is no basket."""
        statement = _LINES.where(sessions.c.till_id == till_id, sessions.c.status == "active")
        with self._engine.connect() as connection:
            return {row.product: row.quantity for row in connection.execute(statement)}

    def sales(self) -> Sequence[Pieces]:
        """Return what was sold, sale after sale."""
        statement = _LINES.where(sessions.c.receipt_number.is_not(None)).order_by(None)
        with self._engine.connect() as connection:
            rows = connection.execute(statement.order_by(sessions.c.receipt_number)).all()
        return [
            {row.product: row.quantity for row in lines}
            for _, lines in groupby(rows, key=lambda row: row.receipt_number)
        ]


_LINES = (
    select(
        func.coalesce(inventory.c.sku, items.c.detected_name).label("product"),
        items.c.quantity,
        sessions.c.receipt_number,
    )
    .join_from(items, sessions, items.c.session_id == sessions.c.id)
    .outerjoin(inventory, inventory.c.id == items.c.inventory_id)
    .order_by(items.c.created_at)
)


def watch_line(engine: Engine, begins: Callable[[], None]) -> None:
    """Call before each use of the database; an error that is raised there is that of the use."""
    event.listen(engine, "checkout", lambda *_: begins())
