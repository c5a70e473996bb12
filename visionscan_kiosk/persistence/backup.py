"""The whole shop in one file, and back.

The file is a ZIP: one member a table in PostgreSQL's COPY text form, and `manifest.json` with the format,
the schema version, and rows and SHA-256 of every table. It does not depend on the version of the server,
so a shop can move between the embedded server and another one.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection, Engine, inspect, text

from visionscan_kiosk.domain.errors import Conflict, InvalidInput, KioskError, SchemaTooNew, Unavailable
from visionscan_kiosk.persistence.engine import APPLICATION_NAME, lift_time_limit
from visionscan_kiosk.persistence.migrations import (
    known_versions,
    migrate,
    read_version,
    rebuild,
    schema_version,
)
from visionscan_kiosk.persistence.tables import metadata
from visionscan_kiosk.persistence.translation import translate_statement_error

FORMAT = "visionscan-kiosk backup 1"
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 1 << 20
_REVISIONS = ("catalogue_revision", "taught_revision")


@dataclass(frozen=True, slots=True)
class TableDump:
    """What the manifest says of one table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """What a backup file holds."""

    schema: str
    made_at: datetime
    tables: dict[str, TableDump]

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())


def backup(engine: Engine, target: Path) -> BackupSummary:
    """Write everything, as of one moment, to `target`; an older file there is replaced only at the end.

    Raises Unavailable when the file cannot be written; then the older file is as it was.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        lift_time_limit(connection)
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        with _replaced(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            return _write(connection, archive)


def restore(engine: Engine, source: Path) -> BackupSummary:
    """Replace everything in the database by what `source` holds, all or nothing.

    A backup of an older version is migrated on the way. The engine is disposed of first, so that only other
    programs' connections count as open tills. Raises InvalidInput for a file that is not a whole backup,
    SchemaTooNew, Conflict while a till is open.
    """
    with _opened(source) as archive:
        summary = _read_manifest(archive)
        _check_members(archive, summary)
        engine.dispose()
        with engine.begin() as connection:
            _refuse_open_tills(connection)
            _replace_everything(connection, archive, summary)
    return summary


def _write(connection: Connection, archive: zipfile.ZipFile) -> BackupSummary:
    schema = read_version(connection)
    if schema != schema_version():
        raise Conflict("The database has another schema than this program. Run db upgrade first.")
    tables = {
        table.name: _write_table(connection, archive, table.name, tuple(table.columns.keys()))
        for table in metadata.sorted_tables
    }
    summary = BackupSummary(schema, datetime.now(UTC), tables)
    archive.writestr(_MANIFEST, json.dumps({"format": FORMAT, **asdict(summary)}, default=str, indent=1))
    return summary


def _write_table(
    connection: Connection, archive: zipfile.ZipFile, name: str, columns: tuple[str, ...]
) -> TableDump:
    with archive.open(_member(name), "w", force_zip64=True) as member:
        written = _HashingWriter(member)
        rows = _copy(connection, "COPY {} ({}) TO STDOUT", name, columns, written)
    return TableDump(columns, rows, written.digest.hexdigest())


def _copy(connection: Connection, statement: str, name: str, columns: tuple[str, ...], file: Any) -> int:
    """Run COPY on the driver itself (SQLAlchemy has none); return the number of rows."""
    command = sql.SQL(statement).format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    try:
        with closing(connection.connection.cursor()) as cursor:
            cursor.copy_expert(command, file)
            return int(cursor.rowcount)
    except psycopg2.Error as error:
        raise (translate_statement_error(error) or _foreign(str(error).splitlines()[0])) from error


class _HashingWriter:
    """Passes COPY's output on and remembers its checksum."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Take the next piece."""
        self.digest.update(data)
        self._file.write(data)


@contextmanager
def _replaced(target: Path) -> Iterator[IO[bytes]]:
    """Write beside `target` and move over it only when all is on the disk."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except OSError as error:
        raise Unavailable(
            f"The backup could not be written to {target}: {error.strerror}. Nothing was replaced; make room "
            "or choose another place."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error.strerror}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _foreign(f"{source} is not a whole backup file") from error


def _read_manifest(archive: zipfile.ZipFile) -> BackupSummary:
    try:
        if archive.getinfo(_MANIFEST).file_size > _LONGEST_MANIFEST:
            raise _foreign("its manifest is far too long")
        manifest = json.loads(archive.read(_MANIFEST))
        if manifest["format"] != FORMAT:
            raise _foreign("it has another format")
        tables = {
            name: TableDump(tuple(table["columns"]), int(table["rows"]), table["sha256"])
            for name, table in manifest["tables"].items()
        }
        summary = BackupSummary(manifest["schema"], datetime.fromisoformat(manifest["made_at"]), tables)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _foreign("its manifest cannot be read") from error
    _check_schema(summary)
    return summary


def _check_schema(summary: BackupSummary) -> None:
    if summary.schema not in known_versions():
        raise SchemaTooNew(
            f"The backup has schema {summary.schema}, this program knows {schema_version()}. Restore it with "
            "the version of the program that wrote it; nothing was changed."
        )


def _check_members(archive: zipfile.ZipFile, summary: BackupSummary) -> None:
    """Read everything once before anything is touched: a file that was cut or changed restores nothing."""
    for name, table in summary.tables.items():
        digest = hashlib.sha256()
        with _open_member(archive, name) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != table.sha256:
            raise _foreign(f"table {name} was changed")


def _refuse_open_tills(connection: Connection) -> None:
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = :name AND pid <> pg_backend_pid()"
        ),
        {"name": APPLICATION_NAME},
    )
    if others:
        raise Conflict("A till or server has this shop open. Close all of them, then restore again.")


def _replace_everything(connection: Connection, archive: zipfile.ZipFile, summary: BackupSummary) -> None:
    lift_time_limit(connection)
    before = {table: _revision(connection, table) for table in _REVISIONS}
    if summary.schema != schema_version():
        rebuild(connection, summary.schema)
    _check_tables(connection, summary)
    connection.execute(text(f"TRUNCATE {', '.join(summary.tables)}"))
    for name, table in summary.tables.items():
        _read_table(connection, archive, name, table)
    migrate(connection)
    _continue_counting(connection, before)
    # Whoever had a screen open when the backup was made is not who has one open now.
    connection.execute(text("DELETE FROM till_leases"))


def _check_tables(connection: Connection, summary: BackupSummary) -> None:
    """Only names that the database has itself get into a statement."""
    schema = inspect(connection)
    present = {
        name: {column["name"] for column in schema.get_columns(name)}
        for name in schema.get_table_names()
        if name != "alembic_version"
    }
    if {name: set(table.columns) for name, table in summary.tables.items()} != present:
        raise _foreign("it has other tables")


def _read_table(connection: Connection, archive: zipfile.ZipFile, name: str, table: TableDump) -> None:
    with _open_member(archive, name) as member:
        rows = _copy(connection, "COPY {} ({}) FROM STDIN", name, table.columns, member)
    if rows != table.rows:
        raise _foreign(f"table {name} has {rows} rows and not {table.rows}")


def _revision(connection: Connection, table: str) -> int:
    revision: int = connection.execute(text(f"SELECT coalesce(max(revision), 0) FROM {table}")).scalar_one()  # noqa: S608 - a name of ours
    return revision


def _continue_counting(connection: Connection, before: Mapping[str, int]) -> None:
    """Receipt numbers go on after the last one; every reader of the catalogue sees all of it as new."""
    connection.execute(
        text(
            "SELECT setval('receipt_numbers', coalesce(max(receipt_number), 0) + 1, false) FROM scan_sessions"
        )
    )
    for table, revision in before.items():
        connection.execute(
            text(f"UPDATE {table} SET revision = greatest(revision, :before) + 1"),  # noqa: S608 - a name of ours
            {"before": revision},
        )
    connection.execute(
        text("UPDATE inventory_master SET catalogue_revision = (SELECT revision FROM catalogue_revision)")
    )


def _open_member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return archive.open(_member(name))
    except KeyError as error:
        raise _foreign(f"table {name} is missing") from error


def _member(table: str) -> str:
    return f"tables/{table}.copy"


def _foreign(reason: str) -> KioskError:
    return InvalidInput(
        f"This file cannot be restored: {reason}. Nothing was changed; choose another backup."
    )
