"""Use cases of the stock: restock and look at the movements."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.product import HIGHEST_STOCK, Product
from visionscan_kiosk.domain.stock import MovementReason, StockMovement, check_note, check_restock_quantity
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried


class MovementService:
    """Stock goes up by restocking and is explained by its movements."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def restock(self, product_id: UUID, quantity: int, note: str | None = None) -> Product:
        """Add pieces to a product's stock and write the movement."""
        pieces, remark = check_restock_quantity(quantity), check_note(note)
        with self._unit_of_work() as work:
            work.products.get(product_id)
            work.products.lock([product_id])
            if not work.products.change_stock(product_id, pieces):
                raise InvalidInput(f"The stock can be at most {HIGHEST_STOCK}.", field="quantity")
            work.movements.add(product_id, pieces, MovementReason.RESTOCK, note=remark)
            product = work.products.get(product_id)
            work.commit()
            return product

    def list_movements(self, product_id: UUID, limit: int | None = None) -> Sequence[StockMovement]:
        """Return a product's movements, newest first."""
        with self._unit_of_work().reading() as work:
            work.products.get(product_id)
            return work.movements.list(product_id, limit)
