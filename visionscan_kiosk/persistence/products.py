"""Products, their barcodes, pictures and stock. Bulk import stands in product_import.py.

Lock order inside one transaction: the row of `catalogue_revision`, then product rows sorted by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.errors import DuplicateBarcode, DuplicateSku, InvalidInput, ProductNotFound
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.product import (
    HIGHEST_STOCK,
    LOWEST_STOCK,
    NewProduct,
    Product,
    ProductChanges,
    ProductPicture,
)
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.persistence import product_import
from visionscan_kiosk.persistence.catalogue_revision import CatalogueRevision
from visionscan_kiosk.persistence.tables import AnyRow, barcodes, inventory, movements, pictures
from visionscan_kiosk.services.ports import CatalogueChanges, ProductQuery

_SEARCHED_BY = frozenset({"sku", "name", "aliases", "barcodes", "category"})

_BARCODES = func.array(
    select(barcodes.c.barcode)
    .where(barcodes.c.inventory_id == inventory.c.id)
    .order_by(barcodes.c.position)
    .correlate(inventory)
    .scalar_subquery()
).label("barcodes")

_PRODUCT = select(
    inventory.c.id,
    inventory.c.sku,
    inventory.c.name,
    inventory.c.category,
    inventory.c.price,
    inventory.c.stock,
    inventory.c.aliases,
    _BARCODES,
    inventory.c.created_at,
    inventory.c.updated_at,
)

# Built once: building a statement costs more than running it, and every scan needs this one.
_BY_ID = _PRODUCT.where(inventory.c.id == bindparam("wanted"))

_LATEST_SALES = 20_000
"""Sold lines that are counted: older ones say little of what sells now, and a million take half a second."""

_SOLD_LATELY = (
    select(movements.c.inventory_id, movements.c.change_qty)
    .where(movements.c.reason == MovementReason.SALE)
    .order_by(movements.c.created_at.desc())
    .limit(_LATEST_SALES)
    .subquery("sold_lately")
)
_TIMES_SOLD = (
    select(_SOLD_LATELY.c.inventory_id, (-func.sum(_SOLD_LATELY.c.change_qty)).label("times_sold"))
    .group_by(_SOLD_LATELY.c.inventory_id)
    .subquery("sales")
)


class SqlProductRepository:
    """Implements services.ports.ProductRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revision = CatalogueRevision(connection)

    def get(self, product_id: UUID) -> Product:
        """Return the product; raise ProductNotFound."""
        product = self._one(_BY_ID, {"wanted": product_id})
        if product is None:
            raise ProductNotFound(product_id)
        return product

    def get_many(self, product_ids: Iterable[UUID]) -> Mapping[UUID, Product]:
        """Return those of the products that exist."""
        return {
            product.id: product for product in self._many(_PRODUCT.where(inventory.c.id.in_([*product_ids])))
        }

    def find_by_sku(self, sku: str) -> Product | None:
        """Return the product with exactly this SKU."""
        return self._one(_PRODUCT.where(inventory.c.sku == _storable(sku)))

    def find_by_barcode(self, barcode: str) -> Product | None:
        """Return the product with this barcode; raise InvalidInput for a misread one."""
        code = normalise_barcode(barcode)
        return self._one(
            _PRODUCT.join_from(inventory, barcodes, barcodes.c.inventory_id == inventory.c.id).where(
                barcodes.c.normalised == code
            )
        )

    def list(self, query: ProductQuery) -> Sequence[Product]:
        """Return products ordered by name, then SKU."""
        statement = _PRODUCT.where(_fits(query)).order_by(
            func.lower(inventory.c.name), inventory.c.name, inventory.c.sku
        )
        return self._many(statement.limit(query.limit).offset(query.offset or None))

    def count(self, query: ProductQuery) -> int:
        """Return how many products the query has without its limit and offset."""
        statement = select(func.count()).select_from(inventory).where(_fits(query))
        return self._connection.execute(statement).scalar_one()

    def categories(self) -> Sequence[str]:
        """Return all categories in use, ordered."""
        category = inventory.c.category
        return self._connection.execute(select(category).distinct().order_by(category)).scalars().all()

    def best_sellers(self, limit: int) -> Sequence[Product]:
        """Return what sold most often lately, best first, filled up by name when little was sold."""
        return self._many(
            _PRODUCT.join_from(
                inventory, _TIMES_SOLD, _TIMES_SOLD.c.inventory_id == inventory.c.id, isouter=True
            )
            .order_by(_TIMES_SOLD.c.times_sold.desc().nulls_last(), inventory.c.name, inventory.c.sku)
            .limit(limit)
        )

    def add(self, product: NewProduct) -> Product:
        """Insert without stock; raise DuplicateSku or DuplicateBarcode."""
        statement = (
            insert(inventory)
            .values(
                sku=product.sku,
                name=product.name,
                category=product.category,
                price=product.price,
                aliases=[*product.aliases],
                catalogue_revision=self._revision.take(),
            )
            .on_conflict_do_nothing(index_elements=["sku"])
            .returning(inventory.c.id)
        )
        product_id = self._connection.execute(statement).scalar_one_or_none()
        if product_id is None:
            raise DuplicateSku(product.sku)
        self._write_barcodes(product_id, product.barcodes)
        return self.get(product_id)

    def change(self, product_id: UUID, changes: ProductChanges) -> Product:
        """Change the given fields except stock; raise ProductNotFound, DuplicateSku or DuplicateBarcode."""
        given = changes.given()
        values: dict[str, Any] = {
            name: value for name, value in given.items() if name not in {"stock", "barcodes"}
        }
        if "aliases" in values:
            values["aliases"] = [*values["aliases"]]
        if given.keys() & _SEARCHED_BY:
            values["catalogue_revision"] = self._revision.take()
        self._update(product_id, values)
        if "barcodes" in given:
            self._replace_barcodes(product_id, given["barcodes"])
        return self.get(product_id)

    def lock(self, product_ids: Iterable[UUID]) -> Mapping[UUID, int]:
        """Lock the products in order of id until the transaction ends; return their fresh stock.

        FOR NO KEY UPDATE: the foreign key of another till's scan does not wait for it.
        """
        statement = (
            select(inventory.c.id, inventory.c.stock)
            .where(inventory.c.id.in_(set(product_ids)))
            .order_by(inventory.c.id)
            .with_for_update(key_share=True)
        )
        return {row.id: row.stock for row in self._connection.execute(statement)}

    def change_stock(self, product_id: UUID, change_qty: int) -> bool:
        """Add to the stock; return False when it would leave LOWEST_STOCK to HIGHEST_STOCK."""
        statement = (
            inventory.update()
            .where(
                inventory.c.id == product_id,
                inventory.c.stock.between(LOWEST_STOCK - change_qty, HIGHEST_STOCK - change_qty),
            )
            .values(stock=inventory.c.stock + change_qty, updated_at=func.now())
        )
        return self._connection.execute(statement).rowcount == 1

    def release_barcodes(self, skus: Sequence[str]) -> None:
        """Lock these products and take all barcodes off them, so that an import may swap them."""
        self._revision.take()
        product_import.lock_by_sku(self._connection, skus)
        product_import.release_barcodes(self._connection, skus)

    def upsert_many(
        self, products: Sequence[NewProduct], keep: frozenset[str] = frozenset()
    ) -> tuple[int, int]:
        """Create or replace by SKU, stock through movements; return (created, updated)."""
        return product_import.upsert_many(self._connection, products, keep, self._revision.take())

    def barcode_owners(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Return the SKU that owns each normalised barcode, where one does."""
        return product_import.barcode_owners(self._connection, codes)

    def picture(self, product_id: UUID) -> ProductPicture | None:
        """Return the picture of a product, None when it has none."""
        row = self._connection.execute(
            select(pictures.c.data, pictures.c.media_type).where(pictures.c.inventory_id == product_id)
        ).one_or_none()
        return None if row is None else ProductPicture(product_id, bytes(row.data), row.media_type)

    def set_picture(self, picture: ProductPicture) -> None:
        """Store or replace the picture of a product."""
        values = {"data": picture.data, "media_type": picture.media_type}
        self._connection.execute(
            insert(pictures)
            .values(inventory_id=picture.product_id, **values)
            .on_conflict_do_update(index_elements=["inventory_id"], set_={**values, "updated_at": func.now()})
        )

    def catalogue_revision(self) -> int:
        """Return the number that grows with every change to what products are found by."""
        return self._revision.read()

    def changed_since(self, revision: int) -> CatalogueChanges:
        """Return what changed after `revision`; 0 gives everything.

        The revision is read first: a change committed in between is then seen twice, never missed.
        """
        present = self._revision.read()
        statement = (
            _PRODUCT.add_columns(func.coalesce(_TIMES_SOLD.c.times_sold, 0).label("times_sold"))
            .join_from(inventory, _TIMES_SOLD, _TIMES_SOLD.c.inventory_id == inventory.c.id, isouter=True)
            .where(inventory.c.catalogue_revision > revision)
        )
        return CatalogueChanges(present, tuple(map(_to_matchable, self._connection.execute(statement))))

    def _one(self, statement: Select[Any], values: dict[str, Any] | None = None) -> Product | None:
        row = self._connection.execute(statement, values).one_or_none()
        return None if row is None else _to_product(row)

    def _many(self, statement: Select[Any]) -> Sequence[Product]:
        return [_to_product(row) for row in self._connection.execute(statement)]

    def _update(self, product_id: UUID, values: dict[str, Any]) -> None:
        statement = (
            inventory.update().where(inventory.c.id == product_id).values(**values, updated_at=func.now())
        )
        if not self._connection.execute(statement).rowcount:
            raise ProductNotFound(product_id)

    def _replace_barcodes(self, product_id: UUID, codes: Sequence[str]) -> None:
        self._connection.execute(barcodes.delete().where(barcodes.c.inventory_id == product_id))
        self._write_barcodes(product_id, codes)

    def _write_barcodes(self, product_id: UUID, codes: Sequence[str]) -> None:
        for position, code in enumerate(codes):
            statement = (
                insert(barcodes)
                .values(
                    normalised=normalise_barcode(code),
                    inventory_id=product_id,
                    barcode=code,
                    position=position,
                )
                .on_conflict_do_nothing()
            )
            if not self._connection.execute(statement).rowcount:
                raise DuplicateBarcode(code)


def _to_product(row: AnyRow) -> Product:
    return Product(
        row.id,
        row.sku,
        row.name,
        row.category,
        row.price,
        row.stock,
        tuple(row.aliases),
        tuple(row.barcodes),
        row.created_at,
        row.updated_at,
    )


def _to_matchable(row: AnyRow) -> MatchableProduct:
    return MatchableProduct(
        id=row.id,
        sku=row.sku,
        name=row.name,
        aliases=tuple(row.aliases),
        barcodes=tuple(row.barcodes),
        category=row.category,
        times_sold=int(row.times_sold),
    )


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor lone surrogates: a text with one is found nowhere."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _fits(query: ProductQuery) -> ColumnElement[bool]:
    conditions = [_contains(word) for word in _storable(query.text).split()]
    if query.category is not None:
        conditions.append(inventory.c.category == _storable(query.category))
    return and_(true(), *conditions)


def _contains(word: str) -> ColumnElement[bool]:
    """A product has this word in its SKU, name, an alias or a barcode."""
    has_barcode = barcodes.c.normalised.contains(_barcode_key(word), autoescape=True)
    alias = func.array_to_string(inventory.c.aliases, "\n")
    return or_(
        inventory.c.sku.icontains(word, autoescape=True),
        inventory.c.name.icontains(word, autoescape=True),
        alias.icontains(word, autoescape=True),
        select(barcodes).where(barcodes.c.inventory_id == inventory.c.id, has_barcode).exists(),
    )


def _barcode_key(word: str) -> str:
    try:
        return normalise_barcode(word)
    except InvalidInput:
        return word
