"""The PostgreSQL that tests run on: an embedded server of this test process, or TEST_DATABASE_URL."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from sqlalchemy import make_url

from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.migrations import upgrade


class DatabaseServer:
    """Makes and drops databases; names carry the process id, so that test runs do not meet."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = make_url(admin_url).set(drivername="postgresql")
        self._numbers = itertools.count()

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name; copying a migrated one takes less than 0.1 s."""
        name = f"visionscan_test_{os.getpid()}_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def url(self, name: str) -> str:
        return self._admin_url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, *names: str) -> None:
        with closing(psycopg2.connect(self.url(self._admin_url.database or "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running_server() -> Iterator[DatabaseServer]:
    """Give the server named by TEST_DATABASE_URL, or an embedded one that ends with the test run."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield DatabaseServer(url)
        return
    folder = (
        Path(tempfile.gettempdir()) / f"visionscan-tests-{os.getpid()}"
    )  # pytest's own is closed to others
    try:
        with EmbeddedPostgres(folder, durable=False) as server:
            yield DatabaseServer(server.url("postgres"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def migrate(url: str) -> None:
    engine = create_engine_for(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
