"""What the tiles of what sells often cost, and the matcher's taking in of one change, at many movements.

`python -m benchmarks.best_sellers [MOVEMENTS] [PRODUCTS]`: an embedded server of its own, movements by
generate_series, the use cases as the till calls them. Seconds, best and worst of twenty.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for, lift_time_limit
from visionscan_kiosk.persistence.migrations import upgrade
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.inventory import InventoryService

_TIMES = 20
_SHOWN = 12
_FILL = """
    ALTER TABLE inventory_movements DROP CONSTRAINT ck_inventory_movements_sale;
    INSERT INTO inventory_master (sku, name, category, price, aliases, catalogue_revision)
        SELECT 'P' || n, 'Product ' || n, 'Goods', 1, '{}', 1 FROM generate_series(1, :products) n;
    CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER () AS n FROM inventory_master;
    CREATE INDEX ON numbered (n);
    INSERT INTO inventory_movements (inventory_id, change_qty, reason, created_at)
        SELECT id, -1, 'sale', now() - m * interval '20 seconds'
        FROM generate_series(1, :movements) m
        JOIN numbered ON n = 1 + floor(power(random(), 3) * :products)::int;
    UPDATE catalogue_revision SET revision = 2;
    UPDATE inventory_master SET catalogue_revision = 2 WHERE sku = 'P1';
"""


def main() -> None:
    """Fill a shop and print what each question takes."""
    movements = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    products = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    with tempfile.TemporaryDirectory(prefix="visionscan-benchmark-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            server.ensure_database("visionscan")
            engine = create_engine_for(server.url("visionscan"))
            upgrade(engine)
            _fill(engine, movements, products)
            _measure(engine)
            engine.dispose()


def _fill(engine: Engine, movements: int, products: int) -> None:
    with engine.begin() as connection:
        lift_time_limit(connection)
        for statement in _FILL.split(";\n"):
            if statement.strip():
                connection.execute(text(statement), {"movements": movements, "products": products})
        connection.execute(text("ANALYZE"))


def _measure(engine: Engine) -> None:
    inventory = InventoryService(
        lambda: SqlUnitOfWork(engine), ProductCatalogue(lambda: SqlUnitOfWork(engine), CatalogueMatcher())
    )

    def one_change() -> None:
        with SqlUnitOfWork(engine).reading() as work:
            work.products.changed_since(work.products.catalogue_revision() - 1)

    _print("best sellers", lambda: inventory.list_best_sellers(_SHOWN))
    _print("one changed product", one_change)


def _print(what: str, question: Callable[[], object]) -> None:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    print(f"{what}: {min(taken):.4f} to {max(taken):.4f} s")


if __name__ == "__main__":
    main()
