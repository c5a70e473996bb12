"""Use cases of sales that are made: list them, read one again, and note that somebody saw it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from visionscan_kiosk.domain.checkout import Receipt, SaleSummary
from visionscan_kiosk.services.ports import SaleQuery, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

EVERY_SALE = SaleQuery()


class SaleService:
    """Reads what was sold; nothing of a sale is ever changed."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def list_sales(self, query: SaleQuery = EVERY_SALE) -> Sequence[SaleSummary]:
        """Return sales, newest first."""
        with self._unit_of_work().reading() as work:
            return work.receipts.list(query)

    def get_sale(self, number: int) -> Receipt:
        """Return the receipt with this number; raise SaleNotFound."""
        with self._unit_of_work().reading() as work:
            return work.receipts.get_numbered(number)

    def list_unacknowledged(self, till_id: str) -> Sequence[SaleSummary]:
        """Return the sales of a till whose receipt nobody saw yet, oldest first.

        A till that was ended in the middle of a sale learns here, at its next start, what it sold.
        """
        with self._unit_of_work().reading() as work:
            return work.receipts.list_unacknowledged(till_id)

    @retried
    def acknowledge(self, session_id: UUID) -> None:
        """Note that somebody saw the receipt of this sale; noting it again changes nothing."""
        with self._unit_of_work() as work:
            work.receipts.acknowledge(session_id)
            work.commit()
