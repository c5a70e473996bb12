"""How fast the HTTP facade is, against a floor in the same run (http_floor.py: the same SQL, bare).

    python -m benchmarks.http                    # 1, 8 and 32 clients, one worker
    python -m benchmarks.http --workers 2        # each worker as fast as the first?
    python -m benchmarks.http --hot              # 16 clients on 30 hot products: none lost, none oversold

Every figure is told with its p99 and with the server's CPU time per request, because machines are shared.
The client is a hand-written HTTP/1.1 reader on keep-alive connections: it must not be what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres

PRODUCTS = 500
CLIENTS = (1, 8, 32)
HOT_STOCK = 10
KINDS = ["lookup", "scan", "checkout", "list"]
SECONDS = 4.0


@dataclass(frozen=True)
class Result:
    requests: int
    seconds: float
    latencies: list[float]
    cpu_s: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds

    def line(self) -> str:
        ordered = sorted(self.latencies)
        p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        cpu = self.cpu_s / self.requests * 1000
        return f"{self.rate:7.0f}/s  p50 {p50 * 1000:6.1f} ms  p99 {p99 * 1000:6.1f} ms  cpu {cpu:5.2f} ms"


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n"
        self._writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + data)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return int(answer[9:12]), await self._reader.readexactly(int(length.split(b":")[1]))

    def close(self) -> None:
        self._writer.close()


@contextmanager
def database() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="visionscan-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedPostgres(folder / "postgres") as server:
            server.ensure_database("visionscan")
            yield server.url("visionscan").replace("+psycopg2", "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def process(command: list[str], url: str, port: int) -> Iterator[int]:
    """Run a server and give its process id."""
    environment = {**os.environ, "DATABASE_URL": url}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(_until_up(port))
        yield running.pid
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait()


async def _until_up(port: int) -> None:
    while True:
        try:
            connection = await Connection.open(port)
            await connection.call("GET", "/health")
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.1)
        else:
            connection.close()
            return


def cpu_seconds(parent: int) -> float:
    """CPU time of a process and its children."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == parent or int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


Call = tuple[str, str, object]


async def measure(port: int, pid: int, clients: int, next_call: Callable[[], Call], seconds: float) -> Result:
    latencies: list[float] = []
    connections = [await Connection.open(port) for _ in range(clients)]
    ends_at = time.perf_counter() + seconds

    async def work(connection: Connection) -> None:
        while (began := time.perf_counter()) < ends_at:
            status, body = await connection.call(*next_call())
            if status != 200:
                raise SystemExit(f"{status}: {body!r}")
            latencies.append(time.perf_counter() - began)

    cpu, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    took, spent = time.perf_counter() - began, cpu_seconds(pid) - cpu
    for connection in connections:
        connection.close()
    return Result(len(latencies), took, latencies, spent)


def fill(url: str) -> list[tuple[str, str]]:
    """Make the products; return (id, name)."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_revision SET revision = revision + 1")
        cursor.execute(
            """
            INSERT INTO inventory_master (sku, name, category, price, stock, catalogue_revision)
            SELECT 'SKU' || n, 'Product number ' || n, 'Bench', 1.25, 1000000,
                   (SELECT revision FROM catalogue_revision)
            FROM generate_series(1, %s) AS n RETURNING id::text, sku
            """,
            (PRODUCTS,),
        )
        made = cursor.fetchall()
        cursor.execute(
            "INSERT INTO inventory_movements (inventory_id, change_qty, reason) "
            "SELECT id, stock, 'opening' FROM inventory_master"
        )
    connection.close()
    return made


def make_sessions(
    url: str, count: int, products: list[tuple[str, str]], *, lines: int = 0
) -> list[tuple[str, str]]:
    """Make open sessions, with a line each when asked; return (session, product)."""
    made = []
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scan_sessions SELECT FROM generate_series(1, %s) RETURNING id::text", (count,)
        )
        for (session,) in cursor.fetchall():
            product, _ = random.choice(products)
            made.append((session, product))
        if lines:
            cursor.executemany(
                """
                INSERT INTO scan_items
                    (session_id, inventory_id, unit_price, detected_name, confidence, quantity)
                VALUES (%s, %s, 1.25, 'x', 1, 1)
                """,
                made,
            )
            cursor.execute("UPDATE scan_sessions SET total_amount = 1.25 WHERE status = 'active'")
    connection.close()
    return made


def calls(kind: str, url: str, products: list[tuple[str, str]], *, floor: bool) -> Callable[[], Call]:
    """Return what produces the next request of a kind."""
    if kind == "lookup":
        return lambda: ("GET", f"/inventory/{random.choice(products)[0]}", None)
    if kind == "list":
        return lambda: ("GET", "/inventory", None)
    if kind == "scan":
        sessions = [session for session, _ in make_sessions(url, 200, products)]

        def scan() -> Call:
            product, sku = random.choice(products)
            body = {"detected_name": sku, "product": product}
            return ("POST", f"/sessions/{random.choice(sessions)}/scan", body)

        return scan
    baskets = iter(make_sessions(url, 12_000, products, lines=1))

    def checkout() -> Call:
        session, product = next(baskets)
        return ("POST", f"/checkout/{session}" + (f"?product={product}" if floor else ""), None)

    return checkout


def compare(url: str, kinds: list[str], workers: int, seconds: float) -> None:
    serve = [sys.executable, "-m", "visionscan_kiosk", "serve", "--data-dir", tempfile.mkdtemp(), "--port"]
    floor = [sys.executable, "-c", "from benchmarks.http_floor import serve; serve({})"]
    with ExitStack() as stack:
        ours = stack.enter_context(process([*serve, "8391", "--workers", str(workers)], url, 8391))
        products = fill(url)
        bare = stack.enter_context(process([*floor[:2], floor[2].format(8392)], url, 8392))
        for kind in kinds:
            for clients in CLIENTS:
                results = {}
                for name, port, pid in (("floor", 8392, bare), ("ours", 8391, ours)) * 2:
                    next_call = calls(kind, url, products, floor=name == "floor")
                    measured = asyncio.run(measure(port, pid, clients, next_call, seconds))
                    if name not in results or measured.rate > results[name].rate:
                        results[name] = measured
                ratio = results["ours"].rate / results["floor"].rate
                print(
                    f"{kind:8} {clients:2} clients  ours  {results['ours'].line()}   {ratio:.2f} of the floor"
                )
                print(f"{'':19} floor {results['floor'].line()}", flush=True)


def hot(url: str, seconds: float) -> None:
    """16 clients sell baskets of five out of 30 products until the stock is gone."""
    serve = [
        sys.executable,
        "-m",
        "visionscan_kiosk",
        "serve",
        "--data-dir",
        tempfile.mkdtemp(),
        "--port",
        "8391",
    ]
    with process(serve, url, 8391):
        products = fill(url)[:30]
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            chosen = [product for product, _ in products]
            cursor.execute(
                "UPDATE inventory_master SET stock = %s WHERE id::text = ANY(%s)", (HOT_STOCK, chosen)
            )
        connection.close()
        sold, refused, took = asyncio.run(_sell(products, seconds))
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scan_sessions WHERE outcome = 'sold'")
        stored = cursor.fetchone()[0]
        cursor.execute(
            """
            SELECT count(*) FROM inventory_master WHERE id::text = ANY(%s) AND stock <> %s + (
                SELECT coalesce(sum(change_qty), 0) FROM inventory_movements
                WHERE inventory_id = inventory_master.id AND reason = 'sale'
            )
            """,
            (chosen, HOT_STOCK),
        )
        wrong = cursor.fetchone()[0]
    connection.close()
    print(
        f"hot: {(sold + refused) / took:.0f} decisions/s, {sold} sold and {stored} stored, "
        f"{refused} refused, {wrong} products whose stock is not explained, no answer but 200 and 409"
    )


async def _sell(products: list[tuple[str, str]], seconds: float) -> tuple[int, int, float]:
    outcomes = {200: 0, 409: 0}
    ends_at = time.perf_counter() + seconds

    async def till() -> None:
        connection = await Connection.open(8391)
        while time.perf_counter() < ends_at:
            _, started = await connection.call("POST", "/sessions/start")
            session = json.loads(started)["id"]
            for _, sku in random.sample(products, 5):
                await connection.call("POST", f"/sessions/{session}/scan", {"detected_name": sku})
            status, _ = await connection.call("POST", f"/checkout/{session}")
            outcomes[status] += 1
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(till() for _ in range(16)))
    return outcomes[200], outcomes[409], time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--only", choices=KINDS, action="append")
    parser.add_argument("--hot", action="store_true")
    arguments = parser.parse_args()
    with database() as url:
        if arguments.hot:
            hot(url, arguments.seconds * 5)
        else:
            compare(url, arguments.only or KINDS, arguments.workers, arguments.seconds)


if __name__ == "__main__":
    main()
