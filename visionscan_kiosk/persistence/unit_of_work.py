"""One transaction on PostgreSQL with the repositories that work in it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.movement import SqlMovementRepository
from visionscan_kiosk.persistence.products import SqlProductRepository
from visionscan_kiosk.persistence.receipts import SqlReceiptRepository
from visionscan_kiosk.persistence.scan_items import SqlScanItemRepository
from visionscan_kiosk.persistence.sessions import SqlSessionRepository


class SqlUnitOfWork:
    """Implements services.ports.UnitOfWork. Use it once, in one thread, as a context."""

    products: SqlProductRepository
    sessions: SqlSessionRepository
    items: SqlScanItemRepository
    movements: SqlMovementRepository
    receipts: SqlReceiptRepository

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        try:
            self._connection = self._engine.connect()
        except PoolTimeout as error:
            raise DatabaseUnavailable("All connections to the database are in use. Try again.") from error
        self.products = SqlProductRepository(self._connection)
        self.sessions = SqlSessionRepository(self._connection)
        self.items = SqlScanItemRepository(self._connection)
        self.movements = SqlMovementRepository(self._connection)
        self.receipts = SqlReceiptRepository(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closing rolls back what was not committed."""
        self._connection.close()

    def commit(self) -> None:
        """Make everything permanent."""
        self._connection.commit()
