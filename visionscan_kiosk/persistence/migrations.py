"""Brings the database to this program's schema at start, once even when several tills start together.

Alembic is imported only when there is something to do: a start on a current schema costs one query.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import SchemaTooNew
from visionscan_kiosk.persistence.engine import lift_time_limit

_LOCK_KEY = 0x56534B31
"""Any constant; every version of the program must use the same ('VSK1')."""

_WAIT_FOR_OTHER_TILLS = "120s"


def upgrade(engine: Engine) -> None:
    """Migrate to this program's schema, all or nothing; raise SchemaTooNew for a newer database."""
    with engine.connect() as connection:
        present = read_version(connection)
    if present == schema_version():
        return
    _refuse_unknown(present)
    with engine.begin() as connection:
        _wait_for_turn(connection)
        if read_version(connection) != schema_version():
            migrate(connection)


def schema_version() -> str:
    """Return the newest revision that this program knows."""
    return max(known_versions())


def rebuild(connection: Connection, version: str) -> None:
    """Drop all tables and make them as they were at `version`, inside the caller's transaction."""
    _run_alembic(connection, "base")
    _run_alembic(connection, version)


def migrate(connection: Connection) -> None:
    """Bring the tables to this program's version, inside the caller's transaction."""
    _run_alembic(connection, "head")


def read_version(connection: Connection) -> str | None:
    """Return the revision of the database, None when it is empty."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def known_versions() -> set[str]:
    """Revisions are the numbers in the names of the scripts: reading them needs no Alembic."""
    return {path.name.partition("_")[0] for path in (_scripts() / "versions").glob("[0-9]*_*.py")}


def _refuse_unknown(version: str | None) -> None:
    if version is not None and version not in known_versions():
        raise SchemaTooNew(
            f"The database was written by a newer version of this program (schema {version}; this program "
            f"knows {schema_version()}). Install the newer version; nothing was changed."
        )


def _wait_for_turn(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT_FOR_OTHER_TILLS}'"))
    lift_time_limit(connection)
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def _run_alembic(connection: Connection, version: str) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a second that a normal start saves
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    move = command.downgrade if version == "base" else command.upgrade
    move(config, version)


def _scripts() -> Path:
    return bundled("alembic")
