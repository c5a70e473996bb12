"""A database that does not answer ends every wait; one that works on a statement ends none."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy import Connection, Engine, text

from tests.trouble import Cable, frozen, own_server
from tests.waiting import wait_until
from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.answer_watch import WATCH_NAME, Patience
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for, lift_time_limit

pytestmark = pytest.mark.long(seconds=56)

IMPATIENT = Patience(before_asking=0.2, between_looks=0.05)
"""Sooner than usual, for tests; the server still has seconds for its word."""


_END_SLEEPERS = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    with own_server() as running:
        yield running


@pytest.fixture
def folder(server: tuple[EmbeddedPostgres, Path]) -> Path:
    return server[1]


@pytest.fixture
def url(server: tuple[EmbeddedPostgres, Path]) -> str:
    return server[0].url("visionscan")


@contextmanager
def engine_at(url: str, patience: Patience = IMPATIENT) -> Iterator[Engine]:
    engine = create_engine_for(url, patience=patience)
    try:
        yield engine
    finally:
        engine.dispose()


def one(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def test_a_frozen_server_ends_a_statement_and_works_when_it_is_back(url: str, folder: Path) -> None:
    with engine_at(url) as engine:
        one(engine)
        with frozen(folder), pytest.raises(DatabaseUnavailable, match="connection to the database was lost"):
            one(engine)
        one(engine)


def test_a_frozen_server_ends_a_connect(url: str, folder: Path) -> None:
    with engine_at(url) as engine:
        with frozen(folder), pytest.raises(DatabaseUnavailable, match="does not answer"):
            one(engine)
        one(engine)


@pytest.mark.parametrize("end", [Connection.commit, Connection.rollback])
def test_a_frozen_server_ends_a_transactions_end(
    url: str, folder: Path, end: Callable[[Connection], None]
) -> None:
    with engine_at(url) as engine, engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE kept (word text)"))
        with frozen(folder), pytest.raises(DatabaseUnavailable):
            end(connection)


def test_a_frozen_server_ends_a_copy(url: str, folder: Path) -> None:
    with engine_at(url) as engine, engine.connect() as connection:
        cursor = connection.connection.cursor()
        with frozen(folder), pytest.raises(psycopg2.OperationalError, match="closed the connection"):
            cursor.copy_expert("COPY (SELECT 1) TO STDOUT", io.BytesIO())
        cursor.close()


def test_an_idle_connection_that_does_not_answer_is_replaced(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the ping nobody answers a new connection either; the pool does not wait for all of its own."""
    monkeypatch.setattr("visionscan_kiosk.persistence.engine.PING_AFTER_IDLE_S", -1.0)
    with engine_at(url, Patience(for_a_ping=0.2, between_looks=0.05)) as engine:
        one(engine)
        with frozen(folder), pytest.raises(DatabaseUnavailable, match="does not answer"):
            one(engine)
        one(engine)


@pytest.mark.parametrize("is_idle", [True, False])
def test_a_pulled_cable_ends_a_statement(url: str, monkeypatch: pytest.MonkeyPatch, is_idle: bool) -> None:
    """Before it is sent, or while the server works on it."""
    with Cable(url) as cable, engine_at(cable.url) as engine, engine_at(url) as watching:
        one(engine)
        if is_idle:
            cable.pull()
            with pytest.raises(DatabaseUnavailable):
                one(engine)
        else:
            pulling = threading.Thread(target=lambda: (_until_asleep(watching), cable.pull()))
            pulling.start()
            with engine.connect() as connection, pytest.raises(DatabaseUnavailable):
                connection.execute(text("SELECT pg_sleep(3600)"))
            pulling.join()
            with watching.connect() as connection:
                connection.execute(_END_SLEEPERS)
        with pytest.raises(DatabaseUnavailable, match="does not answer"):
            one(engine)
        cable.plug()
        one(engine)


def test_a_connection_that_was_lost_without_a_word_is_noticed_while_the_server_answers_others(
    url: str,
) -> None:
    with Cable(url) as cable, engine_at(cable.url) as engine:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            cable.pull()
            wait_until(lambda: not cable._pairs)
            cable.plug()
            with pytest.raises(DatabaseUnavailable):
                connection.execute(text("SELECT 1"))
        one(engine)


def test_what_the_server_works_on_is_not_cut_off(url: str) -> None:
    """It is asked about many times: a statement, one that waits for a lock, and a copy."""
    with engine_at(url) as engine, engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(2)"))
        cursor = connection.connection.cursor()
        cursor.copy_expert("COPY (SELECT pg_sleep(2)) TO STDOUT", io.BytesIO())
        cursor.close()
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        with engine.connect() as other:
            thread = threading.Thread(target=other.execute, args=(text("SELECT pg_advisory_lock(1)"),))
            thread.start()
            connection.execute(text("SELECT pg_sleep(1)"))
            connection.execute(text("SELECT pg_advisory_unlock(1)"))
            thread.join()
            other.execute(text("SELECT pg_advisory_unlock(1)"))


def test_one_frozen_process_of_a_server_ends_after_the_servers_own_limit(url: str, folder: Path) -> None:
    patience = Patience(before_asking=0.1, for_a_statement=1.0, between_looks=0.05)
    with engine_at(url, patience) as engine, engine.connect() as connection:
        process = psutil.Process(connection.connection.dbapi_connection.backend)  # type: ignore[union-attr]
        process.suspend()
        try:
            with pytest.raises(DatabaseUnavailable):
                connection.execute(text("SELECT 1"))
        finally:
            process.resume()


def test_work_without_a_limit_has_none_here_either(url: str) -> None:
    patience = Patience(before_asking=0.1, for_a_statement=0.2, between_looks=0.05)
    with engine_at(url, patience) as engine:
        with engine.begin() as connection:
            lift_time_limit(connection)
            connection.execute(text("SELECT pg_sleep(2)"))
        with engine.connect() as connection, pytest.raises(DatabaseUnavailable):
            connection.execute(text("SELECT pg_sleep(2)"))


def test_the_watch_ends_with_its_engine(url: str) -> None:
    """Other engines of this process have watches of their own."""
    others = _watches()
    with engine_at(url) as engine:
        one(engine)
        mine = _watches() - others
        assert len(mine) == 1
        engine.dispose()
        wait_until(lambda: not _watches() & mine)
        one(engine)
        again = _watches() - others
        assert len(again) == 1
    wait_until(lambda: not _watches() & again)


def _watches() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == WATCH_NAME}


def _until_asleep(engine: Engine) -> None:
    sleeping = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")

    def is_asleep() -> bool:
        with engine.connect() as connection:
            return bool(connection.scalar(sleeping))

    wait_until(is_asleep)
