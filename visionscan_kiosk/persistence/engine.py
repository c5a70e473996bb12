"""The connection to PostgreSQL: driver, pool, time limits, and sentences for when it cannot be had."""

from __future__ import annotations

import errno
import os
import select
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg2
import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.answer_watch import (
    USUAL_PATIENCE,
    AnswerWatch,
    Patience,
    WatchedCursor,
    watched_by,
)
from visionscan_kiosk.persistence.translation import translate_errors

APPLICATION_NAME = "visionscan-kiosk"
OLDEST_SERVER = 150000
POOL_SIZE = 5
POOL_OVERFLOW = 10
POOL_RECYCLE_S = 3600
POOL_TIMEOUT_S = 5
"""When all connections wait for a database that is away, nobody has to wait behind them for an answer."""
PING_AFTER_IDLE_S = 5.0
DEADLINES = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 8_000,
}
"""On this side of the wire, where the server's own limits do not reach: a cable that was pulled says nothing.
Seconds, the last in milliseconds. A server that computes for long answers keepalives: it is not cut off. One
that is frozen answers them too: see answer_watch."""
SESSION_SETTINGS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "TimeZone": "UTC",
}

_NOBODY_LISTENS = (errno.ENOENT, errno.ECONNREFUSED)
_POSTGRESQL_DRIVERS = frozenset({"postgres", "postgresql", "postgresql+psycopg2"})


def create_engine_for(
    url: str,
    *,
    log_sql: bool = False,
    keeps_overflow: bool = False,
    patience: Patience = USUAL_PATIENCE,
    revive: Callable[[], None] | None = None,
) -> Engine:
    """Return an engine with the till's pool and time limits; it connects on first use.

    `keeps_overflow`: connections beyond the usual number stay open, for a server that is busy all the time;
    otherwise they are closed after use, and opening one takes as long as twenty small reads. `revive` starts
    a server again that is gone, and raises DatabaseUnavailable when it cannot.

    Raises DatabaseUnavailable for a URL that is not PostgreSQL's. Connecting raises it too, with a sentence
    that says what is wrong and never holds the password.
    """
    address = _psycopg2_url(url)
    arguments = _connect_arguments(address)
    engine = sqlalchemy.create_engine(
        address,
        pool_size=POOL_SIZE + POOL_OVERFLOW if keeps_overflow else POOL_SIZE,
        max_overflow=0 if keeps_overflow else POOL_OVERFLOW,
        pool_recycle=POOL_RECYCLE_S,
        pool_use_lifo=True,  # a connection that was just used has the server's caches warm
        pool_timeout=POOL_TIMEOUT_S,
        echo=log_sql,
        hide_parameters=not log_sql,
        connect_args=arguments,
    )
    _watch_answers(engine, arguments, patience)
    if revive is not None:
        _revive_when_gone(engine, revive)
    event.listen(engine, "connect", _refuse_old_server)
    event.listen(engine, "checkout", _replace_lost_connection)
    event.listen(engine, "checkin", _put_back)
    event.listen(engine, "handle_error", _raise_connection_error)
    translate_errors(engine)
    return engine


def leave_out_transactions(connection: Connection) -> None:
    """Let a connection run each statement by itself until it is given back to the pool.

    Not by SQLAlchemy's AUTOCOMMIT, which costs a third of what looking up a product does.
    """
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.autocommit = True


def lift_time_limit(connection: Connection) -> None:
    """Let the statements of this transaction take as long as the server works on them."""
    driver_connection: Any = connection.connection.dbapi_connection
    driver_connection.may_take_long = True
    connection.execute(text("SET LOCAL statement_timeout = 0"))


def _watch_answers(engine: Engine, arguments: dict[str, Any], patience: Patience) -> None:
    """Give every connection of the engine a watch, which asks on connections of its own."""
    _, address = engine.dialect.create_connect_args(engine.url)
    watch = AnswerWatch({**address, **arguments}, patience)
    watched = {"connection_factory": watched_by(watch), "cursor_factory": WatchedCursor}
    event.listen(engine, "do_connect", lambda _dialect, _record, _given, named: named.update(watched))
    event.listen(engine, "engine_disposed", lambda _engine: watch.stop())


def _revive_when_gone(engine: Engine, revive: Callable[[], None]) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: object, given: Any, named: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*given, **named)
        except psycopg2.OperationalError as error:
            if not _is_nobody_there(error):
                raise
        revive()
        return dialect.connect(*given, **named)


def _is_nobody_there(error: psycopg2.OperationalError) -> bool:
    """libpq has no code for it, only the system's own words: in the language that Qt set for the program."""
    return any(os.strerror(number) in str(error) for number in _NOBODY_LISTENS)


def _psycopg2_url(url: str) -> URL:
    """SQLAlchemy takes `postgresql://` for another driver than the one this program brings."""
    try:
        address = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUnavailable(
            "DATABASE_URL cannot be read. Write it like postgresql://user:password@host:5432/database."
        ) from None
    if address.drivername not in _POSTGRESQL_DRIVERS:
        raise DatabaseUnavailable(
            f"DATABASE_URL names {address.drivername}. Only PostgreSQL works: postgresql://..."
        )
    if "@" in (address.host or ""):
        raise DatabaseUnavailable(
            "DATABASE_URL cannot be read: write an @ in the password as %40 (and / as %2F, : as %3A)."
        )
    return address.set(drivername="postgresql+psycopg2")


def _connect_arguments(address: URL) -> dict[str, Any]:
    given = address.query.get("options", "")
    settings = " ".join(f"-c {name}={value}" for name, value in SESSION_SETTINGS.items())
    options = given if isinstance(given, str) else " ".join(given)
    deadlines = {name: value for name, value in DEADLINES.items() if name not in address.query}
    return {
        **deadlines,
        "options": f"{settings} {options}".strip(),
        "application_name": APPLICATION_NAME,
        "client_encoding": "utf8",
    }


def _refuse_old_server(connection: Any, _record: object) -> None:
    version = connection.server_version
    if version < OLDEST_SERVER:
        connection.close()
        raise DatabaseUnavailable(
            f"The database server is PostgreSQL {version // 10000}. Version {OLDEST_SERVER // 10000} "
            "or newer is needed."
        )


def _replace_lost_connection(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
    """Ping a connection only when it may be dead: a ping costs as much as looking up a product.

    A server that ended says goodbye on the socket, which is seen without asking it. A connection that was
    lost without a word, as in a firewall, had no traffic for some time.
    """
    given_back_at = record.info.get("given_back_at")
    if given_back_at is None:
        return
    is_in_doubt = time.monotonic() - given_back_at > PING_AFTER_IDLE_S or _has_unread(connection)
    if is_in_doubt and not _answers(connection):
        raise InvalidatePoolError


def _put_back(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["given_back_at"] = time.monotonic()
    if connection is not None and not connection.closed:
        connection.autocommit = False
        connection.may_take_long = False


def _has_unread(connection: Any) -> bool:
    """Nothing is due on an idle connection: what is there is the server's last words or the end."""
    if connection.closed:
        return True
    if sys.platform == "win32":
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))


def _answers(connection: Any) -> bool:
    connection.is_pinged = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        return False
    finally:
        connection.is_pinged = False
    return True


def _raise_connection_error(context: ExceptionContext) -> None:
    error = context.original_exception
    is_connecting = context.connection is None and not context.is_pre_ping
    if is_connecting and isinstance(error, psycopg2.OperationalError) and context.engine is not None:
        raise DatabaseUnavailable(_connection_sentence(context.engine.url, str(error))) from error


def _connection_sentence(address: URL, reason: str) -> str:
    """Say in our words why the server refused: libpq gives no code before a connection stands."""
    socket = None if address.host else address.query.get("host")
    place = str(socket or f"{address.host or 'this machine'}:{address.port or 5432}")
    sentences = {
        "password authentication failed": f"The database refused user {address.username}: wrong user name or "
        "password. Check DATABASE_URL.",
        "no password supplied": f"The database wants a password for user {address.username}. "
        "Put it in DATABASE_URL.",
        "no pg_hba.conf entry": f"The database server at {place} does not let this machine in. "
        "Ask who runs it.",
        f'database "{address.database}" does not exist': f"The database server at {place} has no database "
        f"{address.database}. Create it, or correct DATABASE_URL.",
        f'role "{address.username}" does not exist': f"The database refused user {address.username}: wrong "
        "user name or password. Check DATABASE_URL.",
        "could not translate host name": f"There is no machine called {address.host}. Check DATABASE_URL.",
        "too many": f"The database server at {place} has no free connection. Try again later.",
        "starting up": f"The database server at {place} is starting. Try again in a moment.",
        "shutting down": f"The database server at {place} is stopping. Start it again.",
    }
    for sign, sentence in sentences.items():
        if sign in reason:
            return sentence
    if socket is not None:
        return f"The database in {place} does not answer. Start the program again: it starts its own."
    return f"The database server at {place} does not answer. Is it running, and is DATABASE_URL right?"
