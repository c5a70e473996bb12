"""The sale: validate, bill, reduce stock, write movements and tenders, complete. All or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from visionscan_kiosk.domain.checkout import (
    Channel,
    Receipt,
    SaleCheck,
    Tender,
    check_sellable,
    check_stock,
    check_tenders,
)
from visionscan_kiosk.domain.errors import InsufficientStock, ShortProduct
from visionscan_kiosk.domain.product import LOWEST_STOCK
from visionscan_kiosk.domain.scan_session import ScanItem, SessionOutcome, short_products
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.services.basket_lines import read_basket
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried
from visionscan_kiosk.services.shop_settings import settings_in


class CheckoutService:
    """Sells baskets. Lock order: the session's row, then the product rows sorted by id."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def check_sale(self, session_id: UUID) -> SaleCheck:
        """Return the basket of a till as it could be sold now, before money is asked for.

        Raises what `check_out` would raise for it: SessionNotFound, SessionNotActive, BasketEmpty,
        UnmatchedItems; and InsufficientStock where the shop refuses to sell what is short at its tills.
        Nothing is reserved: another till may sell the same pieces before this one is paid.
        """
        with self._unit_of_work().reading() as work:
            basket = read_basket(work, work.sessions.get(session_id))
            check_sellable(basket)
            policy = settings_in(work).short_stock_at_till
            check_stock(basket.short, policy)
            return SaleCheck(basket, policy)

    @retried
    def check_out(
        self, session_id: UUID, tenders: Sequence[Tender] = (), *, channel: Channel = Channel.HTTP
    ) -> Receipt:
        """Sell the basket and return its receipt.

        Raises SessionNotActive, BasketEmpty, UnmatchedItems or TenderMismatch; then nothing was sold. Over
        HTTP also InsufficientStock, where the shop refuses that. A till has the customer's money already:
        there stock never refuses a sale and may fall below zero, and the sale is kept to be acknowledged.
        Safe to call again after a lost connection: a sold session is never sold twice.
        """
        with self._unit_of_work() as work:
            basket = read_basket(work, work.sessions.lock(session_id))
            check_sellable(basket)
            stock = work.products.lock(item.inventory_id for item in basket.items if item.inventory_id)
            if channel is Channel.HTTP and (short := short_products(basket.items, stock)):
                check_stock(short, settings_in(work).short_stock_over_http)
            check_tenders(tenders, basket.total)
            for item in basket.items:
                _take_from_stock(work, item)
            work.receipts.add_tenders(session_id, tenders)
            work.sessions.complete(session_id, SessionOutcome.SOLD, basket.total)
            if channel is Channel.TILL and basket.session.till_id is not None:
                work.receipts.keep_unacknowledged(session_id, basket.session.till_id)
            receipt = work.receipts.get(session_id)
            work.commit()
            return receipt

    def get_receipt(self, session_id: UUID) -> Receipt:
        """Return the receipt of a sold session."""
        with self._unit_of_work() as work:
            return work.receipts.get(session_id)


def _take_from_stock(work: UnitOfWork, item: ScanItem) -> None:
    if item.inventory_id is None:
        raise AssertionError("an unmatched line passed the check")
    if not work.products.change_stock(item.inventory_id, -item.quantity):
        raise InsufficientStock(
            [ShortProduct(item.inventory_id, item.display_name, LOWEST_STOCK, item.quantity)]
        )
    work.movements.add(item.inventory_id, -item.quantity, MovementReason.SALE, session_id=item.session_id)
