"""The PostgreSQL that tests run on: an embedded server of this test process, or TEST_DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.migrations import upgrade
from visionscan_kiosk.persistence.spare_databases import SpareDatabases

NAMES_START_WITH = "visionscan_test"


@contextmanager
def running_server() -> Iterator[SpareDatabases]:
    """Give the server named by TEST_DATABASE_URL, or an embedded one that ends with the test run."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield SpareDatabases(url, NAMES_START_WITH)
        return
    folder = (
        Path(tempfile.gettempdir()) / f"visionscan-tests-{os.getpid()}"
    )  # pytest's own is closed to others
    try:
        with EmbeddedPostgres(folder, durable=False) as server:
            yield SpareDatabases(server.url("postgres"), NAMES_START_WITH)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def migrate(url: str) -> None:
    engine = create_engine_for(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
