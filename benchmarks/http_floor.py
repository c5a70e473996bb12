"""The floor of benchmarks/http.py: the SQL of the facade, written out, by bare psycopg2 in bare Starlette.

What is left is what Python, the server and PostgreSQL cost at the least. It checks and matches nothing.
"""

from __future__ import annotations

import json
import os
from typing import Any

import uvicorn
from psycopg2.pool import ThreadedConnectionPool
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PRODUCTS = """
    SELECT id::text, sku, name, category, price::float8, stock, aliases, created_at::text, updated_at::text,
           ARRAY(SELECT barcode FROM product_barcodes WHERE inventory_id = inventory_master.id
                 ORDER BY position)
    FROM inventory_master
"""
LOOKUP = (f"{PRODUCTS} WHERE id = %(product)s",)
LIST = (f"{PRODUCTS} ORDER BY lower(name), name, sku",)
SCAN = (
    "SELECT revision FROM catalogue_revision",
    "SELECT id, status FROM scan_sessions WHERE id = %(session)s FOR UPDATE",
    """
    INSERT INTO scan_items (session_id, inventory_id, unit_price, detected_name, confidence, quantity)
    SELECT %(session)s, id, price, %(name)s, 1, 1 FROM inventory_master WHERE id = %(product)s
    ON CONFLICT (session_id, inventory_id) DO UPDATE SET quantity = scan_items.quantity + 1,
        detected_name = excluded.detected_name, confidence = excluded.confidence
    RETURNING id::text, detected_name, confidence, quantity, unit_price::float8, first_seen::text,
        (SELECT name FROM inventory_master WHERE id = %(product)s),
        (SELECT sku FROM inventory_master WHERE id = %(product)s)
    """,
    """
    UPDATE scan_sessions SET total_amount = (
        SELECT sum(unit_price * quantity) FROM scan_items WHERE session_id = %(session)s
    ) WHERE id = %(session)s RETURNING id
    """,
)
CHECKOUT = (
    "SELECT id FROM scan_sessions WHERE id = %(session)s FOR UPDATE",
    "SELECT inventory_id, quantity FROM scan_items WHERE session_id = %(session)s",
    """
    SELECT id, stock FROM inventory_master
    WHERE id IN (SELECT inventory_id FROM scan_items WHERE session_id = %(session)s)
    ORDER BY id FOR NO KEY UPDATE
    """,
    "UPDATE inventory_master SET stock = stock - 1 WHERE id = %(product)s AND stock >= 1",
    """
    INSERT INTO inventory_movements (inventory_id, change_qty, reason, session_id)
    VALUES (%(product)s, -1, 'sale', %(session)s)
    """,
    """
    UPDATE scan_items SET sold_sku = sku, sold_name = name FROM inventory_master
    WHERE session_id = %(session)s AND inventory_id = inventory_master.id
    """,
    """
    UPDATE scan_sessions SET status = 'completed', outcome = 'sold', check_out_time = clock_timestamp(),
           receipt_number = nextval('receipt_numbers')
    WHERE id = %(session)s RETURNING total_amount::float8
    """,
    "SELECT id FROM scan_sessions WHERE id = %(session)s",
    "SELECT method FROM tenders WHERE session_id = %(session)s",
    "SELECT sold_sku, sold_name, quantity, unit_price::float8 FROM scan_items WHERE session_id = %(session)s",
)


class Floor:
    def __init__(self, url: str) -> None:
        self._pool = ThreadedConnectionPool(16, 40, url)

    def run(self, statements: tuple[str, ...], values: dict[str, object], *, commit: bool) -> Response:
        connection = self._pool.getconn()
        try:
            connection.autocommit = not commit
            rows = _execute(connection, statements, values)
            if commit:
                connection.commit()
        finally:
            self._pool.putconn(connection)
        return Response(json.dumps(rows), media_type="application/json")

    async def lookup(self, request: Request) -> Response:
        return await run_in_threadpool(self.run, LOOKUP, {"product": request.path_params["id"]}, commit=False)

    async def list_all(self, _request: Request) -> Response:
        return await run_in_threadpool(self.run, LIST, {}, commit=False)

    async def scan(self, request: Request) -> Response:
        body = json.loads(await request.body())
        values = {
            "session": request.path_params["id"],
            "product": body["product"],
            "name": body["detected_name"],
        }
        return await run_in_threadpool(self.run, SCAN, values, commit=True)

    async def check_out(self, request: Request) -> Response:
        values = {"session": request.path_params["id"], "product": request.query_params["product"]}
        return await run_in_threadpool(self.run, CHECKOUT, values, commit=True)


def _execute(connection: Any, statements: tuple[str, ...], values: dict[str, object]) -> list[Any]:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
        return list(cursor.fetchall())


def serve(port: int) -> None:
    floor = Floor(os.environ["DATABASE_URL"])
    routes = [
        Route("/inventory/{id}", floor.lookup),
        Route("/inventory", floor.list_all),
        Route("/sessions/{id}/scan", floor.scan, methods=["POST"]),
        Route("/checkout/{id}", floor.check_out, methods=["POST"]),
    ]
    uvicorn.run(
        Starlette(routes=routes), host="127.0.0.1", port=port, http="h11", log_level="error", access_log=False
    )
