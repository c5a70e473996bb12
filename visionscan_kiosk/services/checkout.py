"""The sale: validate, bill, reduce stock, write movements and tenders, complete. All or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from visionscan_kiosk.domain.checkout import Receipt, Tender, check_sellable, check_tenders
from visionscan_kiosk.domain.errors import InsufficientStock, SessionNotActive
from visionscan_kiosk.domain.scan_session import Basket, ScanItem, SessionOutcome, SessionStatus
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried


class CheckoutService:
    """Sells baskets. Lock order: the session's row, then the product rows sorted by id."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def check_out(self, session_id: UUID, tenders: Sequence[Tender] = ()) -> Receipt:
        """Sell the basket and return its receipt.

        Raises SessionNotActive, BasketEmpty, UnmatchedItems, InsufficientStock or TenderMismatch; then
        nothing was sold. Safe to call again after a lost connection: a sold session is never sold twice.
        """
        with self._unit_of_work() as work:
            basket = _lock_basket(work, session_id)
            stock = work.products.lock(item.inventory_id for item in basket.items if item.inventory_id)
            check_sellable(basket, stock)
            check_tenders(tenders, basket.total)
            for item in basket.items:
                _take_from_stock(work, item)
            work.receipts.add_tenders(session_id, tenders)
            work.sessions.complete(session_id, SessionOutcome.SOLD, basket.total)
            receipt = work.receipts.get(session_id)
            work.commit()
            return receipt

    def get_receipt(self, session_id: UUID) -> Receipt:
        """Return the receipt of a sold session."""
        with self._unit_of_work() as work:
            return work.receipts.get(session_id)


def _lock_basket(work: UnitOfWork, session_id: UUID) -> Basket:
    session = work.sessions.lock(session_id)
    if session.status is not SessionStatus.ACTIVE:
        raise SessionNotActive(session_id)
    return Basket(session, tuple(work.items.list(session_id)))


def _take_from_stock(work: UnitOfWork, item: ScanItem) -> None:
    if item.inventory_id is None:
        raise AssertionError("an unmatched line passed the check")
    if not work.products.change_stock(item.inventory_id, -item.quantity):
        raise InsufficientStock(item.display_name, 0, item.quantity)
    work.movements.add(item.inventory_id, -item.quantity, MovementReason.SALE, session_id=item.session_id)
