"""The connection to PostgreSQL: driver, pool, time limits, and sentences for when it cannot be had."""

from __future__ import annotations

from typing import Any

import psycopg2
import sqlalchemy
from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.translation import translate_errors

APPLICATION_NAME = "visionscan-kiosk"
OLDEST_SERVER = 150000
POOL_SIZE = 5
POOL_OVERFLOW = 10
POOL_RECYCLE_S = 3600
CONNECT_TIMEOUT_S = 5
SESSION_SETTINGS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "TimeZone": "UTC",
}

_POSTGRESQL_DRIVERS = frozenset({"postgres", "postgresql", "postgresql+psycopg2"})


def create_engine_for(url: str, *, log_sql: bool = False) -> Engine:
    """Return an engine with the till's pool and time limits; it connects on first use.

    Raises DatabaseUnavailable for a URL that is not PostgreSQL's. Connecting raises it too, with a sentence
    that says what is wrong and never holds the password.
    """
    address = _psycopg2_url(url)
    engine = sqlalchemy.create_engine(
        address,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_recycle=POOL_RECYCLE_S,
        pool_pre_ping=True,
        echo=log_sql,
        hide_parameters=not log_sql,
        connect_args=_connect_arguments(address),
    )
    event.listen(engine, "connect", _refuse_old_server)
    event.listen(engine, "handle_error", _raise_connection_error)
    translate_errors(engine)
    return engine


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
    return {
        "options": f"{settings} {options}".strip(),
        "application_name": APPLICATION_NAME,
        "connect_timeout": CONNECT_TIMEOUT_S,
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


def _raise_connection_error(context: ExceptionContext) -> None:
    error = context.original_exception
    is_connecting = context.connection is None and not context.is_pre_ping
    if is_connecting and isinstance(error, psycopg2.OperationalError) and context.engine is not None:
        raise DatabaseUnavailable(_connection_sentence(context.engine.url, str(error))) from error


def _connection_sentence(address: URL, reason: str) -> str:
    """Say in our words why the server refused: libpq gives no code before a connection stands."""
    place = f"{address.host or 'this machine'}:{address.port or 5432}"
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
    return f"The database server at {place} does not answer. Is it running, and is DATABASE_URL right?"
