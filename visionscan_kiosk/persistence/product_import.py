"""Products in bulk: a thousand rows travel as one JSON parameter and are written by four statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select, text

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.persistence.tables import barcodes, inventory

_LOCK = text("SELECT sku FROM inventory_master WHERE sku = ANY(:skus) ORDER BY id FOR NO KEY UPDATE")

_RELEASE = text(
    "DELETE FROM product_barcodes USING inventory_master "
    "WHERE inventory_id = inventory_master.id AND sku = ANY(:skus)"
)

_UPSERT = text(
    """
    INSERT INTO inventory_master AS present (sku, name, category, price, aliases, catalogue_revision)
    SELECT sku, name, category, price, aliases, :revision
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS wanted (sku text, name text, category text, price numeric, aliases text[])
    ON CONFLICT (sku) DO UPDATE SET
        name = excluded.name,
        category = excluded.category,
        price = excluded.price,
        aliases = CASE WHEN :keep_aliases THEN present.aliases ELSE excluded.aliases END,
        catalogue_revision = excluded.catalogue_revision,
        updated_at = now()
    """
)

_BARCODES = text(
    """
    INSERT INTO product_barcodes (normalised, inventory_id, barcode, position)
    SELECT wanted.normalised, present.id, wanted.barcode, wanted.position
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS wanted (sku text, normalised text, barcode text, position smallint)
    JOIN inventory_master present USING (sku)
    """
)

_STOCK = text(
    """
    WITH difference AS (
        SELECT present.id, wanted.stock - present.stock AS change_qty, wanted.is_new
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS wanted (sku text, stock integer, is_new boolean)
        JOIN inventory_master present USING (sku)
        WHERE wanted.stock <> present.stock
    ), moved AS (
        INSERT INTO inventory_movements (inventory_id, change_qty, reason)
        SELECT id, change_qty, CASE WHEN is_new THEN 'opening' ELSE 'adjustment' END FROM difference
    )
    UPDATE inventory_master SET stock = stock + change_qty
    FROM difference WHERE inventory_master.id = difference.id
    """
)


def lock_by_sku(connection: Connection, skus: Sequence[str]) -> set[str]:
    """Lock the products that exist in order of id; return their SKUs."""
    return set(connection.execute(_LOCK, {"skus": [*skus]}).scalars())


def release_barcodes(connection: Connection, skus: Sequence[str]) -> None:
    """Take all barcodes off these products."""
    connection.execute(_RELEASE, {"skus": [*skus]})


def upsert_many(
    connection: Connection, products: Sequence[NewProduct], keep: frozenset[str], revision: int
) -> tuple[int, int]:
    """Create or replace by SKU; fields in `keep` (stock, aliases, barcodes) stay on existing products.

    The caller holds the lock of the catalogue's revision: nobody else creates a product meanwhile.
    """
    existing = lock_by_sku(connection, [product.sku for product in products])
    connection.execute(
        _UPSERT,
        {"rows": _product_rows(products), "keep_aliases": "aliases" in keep, "revision": revision},
    )
    _write_barcodes(connection, _new_or_replaced(products, existing, keep, "barcodes"))
    _write_stock(connection, _new_or_replaced(products, existing, keep, "stock"), existing)
    return len(products) - len(existing), len(existing)


def barcode_owners(connection: Connection, codes: Iterable[str]) -> Mapping[str, str]:
    """Return the SKU that owns each normalised barcode, where one does."""
    wanted = text("normalised = ANY(:codes)").bindparams(codes=[*codes])
    statement = select(barcodes.c.normalised, inventory.c.sku).join_from(barcodes, inventory).where(wanted)
    return {row.normalised: row.sku for row in connection.execute(statement)}


def _new_or_replaced(
    products: Sequence[NewProduct], existing: set[str], keep: frozenset[str], field: str
) -> Sequence[NewProduct]:
    return [product for product in products if field not in keep or product.sku not in existing]


def _write_barcodes(connection: Connection, products: Sequence[NewProduct]) -> None:
    release_barcodes(connection, [product.sku for product in products])
    connection.execute(_BARCODES, {"rows": _barcode_rows(products)})


def _write_stock(connection: Connection, products: Sequence[NewProduct], existing: set[str]) -> None:
    rows = [
        {"sku": product.sku, "stock": product.stock, "is_new": product.sku not in existing}
        for product in products
    ]
    connection.execute(_STOCK, {"rows": json.dumps(rows)})


def _product_rows(products: Sequence[NewProduct]) -> str:
    rows = [
        {
            "sku": product.sku,
            "name": product.name,
            "category": product.category,
            "price": str(product.price),
            "aliases": product.aliases,
        }
        for product in products
    ]
    return json.dumps(rows)


def _barcode_rows(products: Sequence[NewProduct]) -> str:
    rows = [
        {
            "sku": product.sku,
            "normalised": normalise_barcode(barcode),
            "barcode": barcode,
            "position": position,
        }
        for product in products
        for position, barcode in enumerate(product.barcodes)
    ]
    return json.dumps(rows)
