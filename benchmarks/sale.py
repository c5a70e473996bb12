"""The sale in a big shop: text or code to line with 50,000 products, and checkout, beside bare SQL.

Run by hand: `python -m benchmarks.sale [PRODUCTS]`. It uses an embedded server of its own, with fsync on.
The floor is what the same server and driver need for a transaction of one INSERT: no till can be faster.
"""

from __future__ import annotations

import itertools
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg2
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from visionscan_kiosk.bootstrap import Shop, open_shop
from visionscan_kiosk.domain.barcode import check_digit
from visionscan_kiosk.domain.checkout import card
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.settings import KioskSettings, load_settings

ROUNDS = 100
_BRANDS = ("Alba", "Brook", "Corda", "Dunmore", "Elgin", "Fiora", "Glen", "Hazel", "Ilva", "Juno", "Kestrel")
_KINDS = ("oat", "rice", "corn", "cherry", "berry", "almond", "honey", "apple", "pear", "plum", "lentil")
_FORMS = ("bar", "drink", "flakes", "spread", "biscuit", "mix", "bites", "sauce", "soup", "bread", "cheese")
_SIZES = ("100 g", "250 g", "500 g", "1 kg", "330 ml", "1 l")


def catalogue(count: int) -> list[str]:
    """Return CSV lines of invented products, every one with a barcode."""
    lines = ["sku,name,category,price,stock,aliases,barcodes\n"]
    names = itertools.product(_BRANDS, _KINDS, _FORMS, _SIZES, range(1, 99))
    for number, (brand, kind, form, size, batch) in enumerate(itertools.islice(names, 0, count * 3, 3)):
        body = f"21{number:010d}"
        name = f"{brand} {kind} {form} No {batch} {size}"
        lines.append(f"S{number:06d},{name},{form},1.{number % 90 + 10},9999,,{body}{check_digit(body)}\n")
    return lines


def timed(action: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    folder = Path(tempfile.mkdtemp(prefix="visionscan-benchmark-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        settings = load_settings(folder)
        with open_shop(settings) as shop:
            _report(measure(shop, settings, count), count)
    finally:
        shutil.rmtree(folder)


def measure(shop: Shop, settings: KioskSettings, count: int) -> dict[str, list[float]]:
    services, pick = shop.services, random.Random(7)
    lines = catalogue(count)
    rows: dict[str, list[float]] = {
        "import of the whole list": [timed(lambda: services.product_files.import_products(lines))],
        "catalogue into memory": [timed(services.catalogue.warm_up)],
    }
    products = pick.sample(list(services.inventory.list_products()), ROUNDS)
    rows["floor: one INSERT, committed"] = _floor(settings)
    scan = services.sessions.scan_product

    def each(text: Callable[[int], str]) -> list[float]:
        session = services.sessions.start_session().id
        return [timed(partial(scan, session, text(number))) for number in range(ROUNDS)]

    rows["barcode to line"] = each(lambda number: products[number].barcodes[0])
    rows["name to line"] = each(lambda number: products[number].name)
    rows["mistyped name to line"] = each(lambda number: products[number].name.replace("e", "", 1))
    rows["tap to line"] = _taps(shop, [product.id for product in products])
    rows["checkout of 5 lines, card"] = [_checkout(shop, pick.sample(products, 5)) for _ in range(ROUNDS)]
    return rows


def _taps(shop: Shop, product_ids: list[UUID]) -> list[float]:
    session = shop.services.sessions.start_session().id
    add = shop.services.sessions.add_product
    return [timed(partial(add, session, each)) for each in product_ids]


def _checkout(shop: Shop, products: list[Product]) -> float:
    session = shop.services.sessions.start_session().id
    total = Decimal(0)
    for product in products:
        total = shop.services.sessions.add_product(session, product.id).basket.total
    return timed(lambda: shop.services.checkout.check_out(session, [card(total)]))


def _floor(settings: KioskSettings) -> list[float]:
    with EmbeddedPostgres(settings.data_dir / "postgres") as server:
        url = make_url(server.url()).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg2.connect(url)
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE floor (number int)")
    connection.commit()

    def insert() -> None:
        cursor.execute("INSERT INTO floor VALUES (1)")
        connection.commit()

    times = [timed(insert) for _ in range(ROUNDS)]
    cursor.execute("DROP TABLE floor")
    connection.commit()
    connection.close()
    return times


def _report(rows: dict[str, list[float]], count: int) -> None:
    table = Table(title=f"A sale among {count} products, milliseconds")
    for column in ("what", "median", "95 %", "longest"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, times in rows.items():
        ordered = sorted(times)
        figures = (statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1], ordered[-1])
        table.add_row(name, *(f"{figure:.1f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
