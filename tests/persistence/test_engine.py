"""Connecting: the right driver and limits, and a sentence for every way in which it fails."""

from __future__ import annotations

import errno
import logging
import os
from contextvars import Context
from decimal import Decimal
from typing import Any, cast

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INTRANS
from sqlalchemy import Engine, make_url, text
from sqlalchemy.pool import QueuePool

from visionscan_kiosk.concurrency.request_name import name_request
from visionscan_kiosk.domain.errors import DatabaseUnavailable, TransientConflict
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.persistence import engine as engine_module
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork


def refusal(url: str) -> str:
    """Return the sentence with which connecting to `url` fails."""

    def connect() -> None:
        engine = create_engine_for(url)
        try:
            engine.connect().close()
        finally:
            engine.dispose()

    with pytest.raises(DatabaseUnavailable) as caught:
        connect()
    return str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_means_psycopg2(database_url: str, scheme: str) -> None:
    engine = create_engine_for(database_url.replace("postgresql", scheme, 1))
    try:
        assert engine.driver == "psycopg2"
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TimeZone", "UTC"),
        ("lock_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("application_name", "visionscan-kiosk"),
        ("transaction_isolation", "read committed"),
    ],
)
def test_limits(engine: Engine, name: str, value: str) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) == value


def test_own_options_in_the_url_stay(own_database_url: str) -> None:
    url = make_url(own_database_url).update_query_dict({"options": "-c geqo=off"})
    engine = create_engine_for(url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        shown = connection.execute(
            text("SELECT current_setting('geqo'), current_setting('lock_timeout')")
        ).one()
    engine.dispose()
    assert tuple(shown) == ("off", "5s")


def test_nothing_on_the_wire_is_waited_for_without_end(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    with engine.connect() as connection:
        told = connection.connection.dbapi_connection.get_dsn_parameters()  # type: ignore[union-attr]
    engine.dispose()
    assert {name: told.get(name) for name in engine_module.DEADLINES} == {
        "connect_timeout": "5",
        "keepalives": "1",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "8000",
    }


def test_own_deadlines_in_the_url_stay(own_database_url: str) -> None:
    url = make_url(own_database_url).update_query_dict({"tcp_user_timeout": "9000", "connect_timeout": "9"})
    engine = create_engine_for(url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        told = connection.connection.dbapi_connection.get_dsn_parameters()  # type: ignore[union-attr]
    engine.dispose()
    assert (told["tcp_user_timeout"], told["connect_timeout"]) == ("9000", "9")
    assert told["keepalives_idle"] == "10"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://me:secret@host/shop", "DATABASE_URL names mysql. Only PostgreSQL works"),
        ("sqlite:///shop.db", "Only PostgreSQL works"),
        ("postgresql+asyncpg://me:secret@host/shop", "Only PostgreSQL works"),
        ("not a url", "DATABASE_URL cannot be read"),
        ("", "DATABASE_URL cannot be read"),
        ("postgresql://me:secret@host:port/shop", "DATABASE_URL cannot be read"),
        ("postgresql://me:sec@ret@host/shop", "write an @ in the password as %40"),
        ("postgresql://me:secret@nowhere.invalid/shop", "There is no machine called nowhere.invalid"),
        ("postgresql://me:secret@127.0.0.1:1/shop", "server at 127.0.0.1:1 does not answer"),
        ("postgresql://me:secret@/shop?host=/no/such/folder", "database in /no/such/folder does not answer"),
    ],
)
def test_a_bad_url_is_explained_without_its_password(url: str, sentence: str) -> None:
    told = refusal(url)
    assert sentence in told
    assert "secret" not in told
    assert "ret@" not in told


@pytest.fixture
def wrong_password_url(database_url: str) -> str:
    url = make_url(database_url).set(password="pass-word-42").difference_update_query(["password"])
    text_url = url.render_as_string(hide_password=False)
    try:
        psycopg2.connect(text_url).close()
    except psycopg2.OperationalError:
        return text_url
    pytest.skip("this server trusts everybody")


def test_wrong_password_is_explained(wrong_password_url: str) -> None:
    user = make_url(wrong_password_url).username
    assert refusal(wrong_password_url) == (
        f"The database refused user {user}: wrong user name or password. Check DATABASE_URL."
    )


def test_the_password_is_in_no_log(wrong_password_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusal(wrong_password_url)
    assert "pass-word-42" not in caplog.text


def test_unknown_database_is_explained(database_server: SpareDatabases) -> None:
    assert "has no database visionscan_nowhere. Create it" in refusal(
        database_server.url("visionscan_nowhere")
    )


def test_an_old_server_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visionscan_kiosk.persistence.engine.OLDEST_SERVER", 990000)
    assert "Version 99 or newer is needed." in refusal(database_url)


def test_a_dropped_connection_is_told_and_the_next_call_works(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    killer = create_engine_for(own_database_url)
    try:
        with SqlUnitOfWork(engine) as work:
            work.products.catalogue_revision()
            _end_other_connections(killer)
            with pytest.raises(DatabaseUnavailable, match="connection to the database was lost"):
                work.products.catalogue_revision()
        with SqlUnitOfWork(engine) as work:
            assert work.products.catalogue_revision() == 1
        _end_other_connections(killer)
        with SqlUnitOfWork(engine) as work:  # pre-ping replaces a connection that died in the pool
            assert work.products.catalogue_revision() == 1
    finally:
        engine.dispose()
        killer.dispose()


@pytest.fixture
def pings(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What every ping found."""
    found: list[bool] = []
    ping = engine_module._answers

    def remember(connection: Any) -> bool:
        found.append(ping(connection))
        return found[-1]

    monkeypatch.setattr(engine_module, "_answers", remember)
    return found


def test_a_connection_is_pinged_only_after_it_was_idle(
    engine: Engine, pings: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "PING_AFTER_IDLE_S", 3600.0)
    for _ in range(3):
        engine.connect().close()
    assert pings == []

    monkeypatch.setattr(engine_module, "PING_AFTER_IDLE_S", -1.0)
    engine.connect().close()
    assert pings == [True]


@pytest.mark.parametrize("says_goodbye", [True, False])
def test_a_connection_that_died_in_the_pool_is_replaced(
    own_database_url: str, pings: list[bool], monkeypatch: pytest.MonkeyPatch, says_goodbye: bool
) -> None:
    """Seen at once when the server closed it; after some idle seconds when the net swallowed the goodbye."""
    engine, killer = create_engine_for(own_database_url), create_engine_for(own_database_url)
    if not says_goodbye:
        monkeypatch.setattr(engine_module, "_has_unread", lambda _connection: False)
        monkeypatch.setattr(engine_module, "PING_AFTER_IDLE_S", -1.0)
    try:
        with SqlUnitOfWork(engine) as work:
            work.products.catalogue_revision()
        _end_other_connections(killer)
        with SqlUnitOfWork(engine) as work:
            assert work.products.catalogue_revision() == 1
        assert pings == [False]
    finally:
        engine.dispose()
        killer.dispose()


def test_reading_begins_no_transaction_and_leaves_none_out_for_the_next(engine: Engine) -> None:
    with SqlUnitOfWork(engine).reading() as work:
        work.products.catalogue_revision()
        assert _transaction_status(work) == TRANSACTION_STATUS_IDLE
    with SqlUnitOfWork(engine) as work:
        work.products.add(NewProduct("A", "Apple", "Fruit", Decimal(1)))
        assert _transaction_status(work) == TRANSACTION_STATUS_INTRANS
    with SqlUnitOfWork(engine).reading() as work:
        assert work.products.find_by_sku("A") is None, "what was not committed is rolled back"


def test_the_servers_log_names_the_request(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    shown = text("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()")

    def ask(name: str | None) -> str:
        if name is not None:
            name_request(name)
        with engine.connect() as connection:
            return str(connection.scalar(shown))

    try:
        assert Context().run(ask, "sale-42") == f"/* request sale-42 */ {shown}"
        assert Context().run(ask, None) == str(shown)
    finally:
        engine.dispose()


@pytest.mark.parametrize("name", ["", "a*/ DROP TABLE scan_items; /*", "%s", "x" * 65, "a b", "\n"])
def test_a_request_is_named_by_harmless_names_only(name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        name_request(name)


def _transaction_status(work: SqlUnitOfWork) -> int:
    driver_connection = cast("Any", work._connection.connection.dbapi_connection)
    return int(driver_connection.get_transaction_status())


def test_an_exhausted_pool_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    open_connections = [engine.connect() for _ in range(15)]
    with (
        pytest.raises(DatabaseUnavailable, match="All connections to the database are in use"),
        SqlUnitOfWork(engine),
    ):
        pass
    for connection in open_connections:
        connection.close()


@pytest.mark.parametrize(("keeps_overflow", "kept"), [(False, 5), (True, 15)])
def test_a_busy_server_keeps_the_connections_of_a_rush(
    own_database_url: str, keeps_overflow: bool, kept: int
) -> None:
    engine = create_engine_for(own_database_url, keeps_overflow=keeps_overflow)
    open_connections = [engine.connect() for _ in range(15)]
    for connection in open_connections:
        connection.close()
    assert cast("QueuePool", engine.pool).checkedin() == kept
    engine.dispose()


def test_waiting_too_long_for_a_lock_is_a_conflict_to_try_again(engine: Engine) -> None:
    with SqlUnitOfWork(engine) as work, engine.connect() as other:
        work.products.add(NewProduct("A", "Apple", "Fruit", Decimal(1)))
        other.execute(text("SET LOCAL lock_timeout = '10ms'"))
        with pytest.raises(TransientConflict, match="Try again"):
            other.execute(text("SELECT 1 FROM catalogue_revision FOR UPDATE"))


def test_a_statement_that_takes_too_long_is_told(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = '10ms'"))
        with pytest.raises(DatabaseUnavailable, match="took too long"):
            connection.execute(text("SELECT pg_sleep(5)"))


def _end_other_connections(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize(
    ("words", "is_nobody_there"),
    [
        (os.strerror(errno.ENOENT), True),
        (os.strerror(errno.ECONNREFUSED), True),
        ('FATAL: password authentication failed for user "visionscan"', False),
    ],
)
def test_whether_nobody_listens_is_told_by_the_system_s_own_words(words: str, is_nobody_there: bool) -> None:
    """In whatever language Qt set for the program: libpq has no code for it."""
    error = psycopg2.OperationalError(f'connection to server on socket "/x/.s.PGSQL.5432" failed: {words}')
    assert engine_module._is_nobody_there(error) is is_nobody_there
