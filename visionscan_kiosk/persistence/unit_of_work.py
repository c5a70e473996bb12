"""One transaction on PostgreSQL with the repositories that work in it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.added_when_sure import SqlAddedWhenSureRepository
from visionscan_kiosk.persistence.api_keys import SqlApiKeyRepository
from visionscan_kiosk.persistence.basket_operations import SqlBasketOperationRepository
from visionscan_kiosk.persistence.counter_memories import SqlCounterMemoryRepository
from visionscan_kiosk.persistence.empty_counters import SqlEmptyCounterRepository
from visionscan_kiosk.persistence.engine import leave_out_transactions
from visionscan_kiosk.persistence.idempotency import SqlIdempotencyRepository
from visionscan_kiosk.persistence.learned_aliases import SqlLearnedAliasRepository
from visionscan_kiosk.persistence.movement import SqlMovementRepository
from visionscan_kiosk.persistence.products import SqlProductRepository
from visionscan_kiosk.persistence.receipts import SqlReceiptRepository
from visionscan_kiosk.persistence.recognition_events import SqlRecognitionEventRepository
from visionscan_kiosk.persistence.sales import SqlSalesRepository
from visionscan_kiosk.persistence.scan_items import SqlScanItemRepository
from visionscan_kiosk.persistence.sessions import SqlSessionRepository
from visionscan_kiosk.persistence.shop_settings import SqlShopSettingsRepository
from visionscan_kiosk.persistence.taught_photos import SqlTaughtPhotoRepository
from visionscan_kiosk.persistence.till_leases import SqlTillLeaseRepository
from visionscan_kiosk.persistence.wrong_items import SqlWrongItemRepository


class SqlUnitOfWork:
    """Implements services.facade_ports.FacadeUnitOfWork. Use it once, in one thread, as a context."""

    products: SqlProductRepository
    sessions: SqlSessionRepository
    items: SqlScanItemRepository
    movements: SqlMovementRepository
    receipts: SqlReceiptRepository
    learned_aliases: SqlLearnedAliasRepository
    taught_photos: SqlTaughtPhotoRepository
    recognition_events: SqlRecognitionEventRepository
    shop_settings: SqlShopSettingsRepository
    empty_counters: SqlEmptyCounterRepository
    counter_memories: SqlCounterMemoryRepository
    added_when_sure: SqlAddedWhenSureRepository
    wrong_items: SqlWrongItemRepository
    sales: SqlSalesRepository
    basket_operations: SqlBasketOperationRepository
    till_leases: SqlTillLeaseRepository
    api_keys: SqlApiKeyRepository
    idempotency: SqlIdempotencyRepository

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._only_reads = False

    def reading(self) -> Self:
        """Return this unit of work for a use case that only reads.

        Under READ COMMITTED every statement has its own snapshot, in a transaction or not: all that is left
        out are the messages that begin and end one.
        """
        self._only_reads = True
        return self

    def __enter__(self) -> Self:
        try:
            self._connection = self._engine.connect()
        except PoolTimeout as error:
            raise DatabaseUnavailable("All connections to the database are in use. Try again.") from error
        if self._only_reads:
            leave_out_transactions(self._connection)
        self._open_repositories(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closing rolls back what was not committed."""
        self._connection.close()

    def commit(self) -> None:
        """Make everything permanent."""
        self._connection.commit()

    def nested(self) -> SqlNestedUnitOfWork:
        """Return a unit of work inside this one: its commit becomes permanent with this one's."""
        return SqlNestedUnitOfWork(self._engine, self._connection)

    def _open_repositories(self, connection: Connection) -> None:
        self.products = SqlProductRepository(connection)
        self.sessions = SqlSessionRepository(connection)
        self.items = SqlScanItemRepository(connection)
        self.movements = SqlMovementRepository(connection)
        self.receipts = SqlReceiptRepository(connection)
        self.learned_aliases = SqlLearnedAliasRepository(connection)
        self.taught_photos = SqlTaughtPhotoRepository(connection)
        self.recognition_events = SqlRecognitionEventRepository(connection)
        self.shop_settings = SqlShopSettingsRepository(connection)
        self.empty_counters = SqlEmptyCounterRepository(connection)
        self.counter_memories = SqlCounterMemoryRepository(connection)
        self.added_when_sure = SqlAddedWhenSureRepository(connection)
        self.wrong_items = SqlWrongItemRepository(connection)
        self.sales = SqlSalesRepository(connection)
        self.basket_operations = SqlBasketOperationRepository(connection)
        self.till_leases = SqlTillLeaseRepository(connection)
        self.api_keys = SqlApiKeyRepository(connection)
        self.idempotency = SqlIdempotencyRepository(connection)


class SqlNestedUnitOfWork(SqlUnitOfWork):
    """A savepoint: left without commit, it undoes its own work and leaves the outer one usable."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        super().__init__(engine)
        self._connection = connection

    def __enter__(self) -> Self:
        self._savepoint = self._connection.begin_nested()
        self._open_repositories(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back to the savepoint unless it was released."""
        if self._savepoint.is_active:
            self._savepoint.rollback()

    def commit(self) -> None:
        """Hand the work over to the outer unit of work."""
        self._savepoint.commit()
