"""Use cases of the products: list, find, create, change, picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.domain.errors import ProductNotFound
from visionscan_kiosk.domain.matching.match import Candidate, Match, ProductMatcher
from visionscan_kiosk.domain.product import NewProduct, Product, ProductChanges, ProductPicture
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.ports import ProductQuery, UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

EVERYTHING = ProductQuery()


class InventoryService:
    """What the shop sells."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue

    def list_products(self, query: ProductQuery = EVERYTHING) -> Sequence[Product]:
        """Return products by name."""
        with self._unit_of_work().reading() as work:
            return work.products.list(query)

    def count_products(self, query: ProductQuery = EVERYTHING) -> int:
        """Return how many products a query has in all."""
        with self._unit_of_work().reading() as work:
            return work.products.count(query)

    def list_categories(self) -> Sequence[str]:
        """Return the categories in use."""
        with self._unit_of_work().reading() as work:
            return work.products.categories()

    def list_best_sellers(self, limit: int) -> Sequence[Product]:
        """Return what sells most often, best first."""
        with self._unit_of_work().reading() as work:
            return work.products.best_sellers(limit)

    def get_product(self, product_id: UUID) -> Product:
        """Return a product."""
        with self._unit_of_work().reading() as work:
            return work.products.get(product_id)

    def get_products(self, product_ids: Sequence[UUID]) -> Mapping[UUID, Product]:
        """Return those of the products that exist, in the given order, in one query."""
        if not product_ids:
            return {}
        with self._unit_of_work().reading() as work:
            found = work.products.get_many(product_ids)
        return {product_id: found[product_id] for product_id in product_ids if product_id in found}

    def find_by_barcode(self, barcode: str) -> Product:
        """Return the product with this barcode; raise ProductNotFound, InvalidInput for a misread code."""
        with self._unit_of_work().reading() as work:
            product = work.products.find_by_barcode(barcode)
        if product is None:
            raise ProductNotFound(barcode)
        return product

    def current_matcher(self) -> ProductMatcher:
        """Return the matcher over the catalogue as it stands now."""
        return self._catalogue.current()

    def match_text(self, text: str) -> Match:
        """Return which product a text means, as `scan_product` would decide."""
        return self.current_matcher().match(text)

    def search(self, text: str, limit: int = 20) -> Sequence[Candidate]:
        """Return products for search-as-you-type, best first."""
        return self.current_matcher().search(text, limit)

    @retried
    def create_product(self, product: NewProduct, *, adds_when_sure: bool = False) -> Product:
        """Create a product; its stock is written as an `opening` movement.

        `adds_when_sure` marks it to become a line without a tap; see AutoAdd.CHOSEN.
        """
        with self._unit_of_work() as work:
            created = work.products.add(product)
            if adds_when_sure:
                work.added_when_sure.mark(created.id, is_marked=True)
            _move(work, created.id, product.stock, MovementReason.OPENING)
            created = work.products.get(created.id)
            work.commit()
            return created

    @retried
    def update_product(
        self, product_id: UUID, changes: ProductChanges, *, adds_when_sure: bool | None = None
    ) -> Product:
        """Change the given fields; a new stock is written as an `adjustment` movement.

        `adds_when_sure` marks it to become a line without a tap, or takes the mark off; None leaves it.
        """
        with self._unit_of_work() as work:
            work.products.change(product_id, changes)
            if adds_when_sure is not None:
                work.added_when_sure.mark(product_id, is_marked=adds_when_sure)
            _set_stock(work, product_id, changes)
            product = work.products.get(product_id)
            work.commit()
            return product

    def get_picture(self, product_id: UUID) -> ProductPicture | None:
        """Return a product's picture, None when it has none."""
        with self._unit_of_work().reading() as work:
            return work.products.picture(product_id)

    @retried
    def set_picture(self, picture: ProductPicture) -> None:
        """Store or replace a product's picture."""
        with self._unit_of_work() as work:
            work.products.get(picture.product_id)
            work.products.set_picture(picture)
            work.commit()


def _set_stock(work: UnitOfWork, product_id: UUID, changes: ProductChanges) -> None:
    if isinstance(changes.stock, int):
        present = work.products.lock([product_id])[product_id]
        _move(work, product_id, changes.stock - present, MovementReason.ADJUSTMENT)


def _move(work: UnitOfWork, product_id: UUID, change_qty: int, reason: MovementReason) -> None:
    if change_qty:
        work.products.change_stock(product_id, change_qty)
        work.movements.add(product_id, change_qty, reason)
