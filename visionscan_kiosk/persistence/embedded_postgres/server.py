"""One private PostgreSQL per data folder, shared by every process that uses the folder."""

import errno
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg2
from psycopg2 import errors, sql

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres import folders
from visionscan_kiosk.persistence.embedded_postgres.account import Account, account_for
from visionscan_kiosk.persistence.embedded_postgres.cluster import SUPERUSER, Cluster
from visionscan_kiosk.persistence.embedded_postgres.locks import (
    LOCK_PATIENCE_S,
    DatabaseBusy,
    Membership,
    one_at_a_time,
)
from visionscan_kiosk.persistence.embedded_postgres.postmaster import Postmaster
from visionscan_kiosk.persistence.embedded_postgres.revival import Revival
from visionscan_kiosk.persistence.embedded_postgres.tools import forget_client_variables

_PORT = "5432"  # names the socket only: nothing listens on the network
_PATIENCE_S = 120.0
_PATIENCE_AT_END_S = 10.0
_PAUSE_S = 0.1
_SETTINGS = {
    "listen_addresses": "",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
_PASSING_COMPLAINTS = (  # the remains of a killed server are still going away
    "is still in use",
    'lock file "postmaster.pid" already exists',
)
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The server of one folder: the first user starts it, the last one stops it, a crash is recovered from.

    `folder` is made when missing. `durable=False` gives up safety against power cuts for speed: tests only.
    Every failure is a DatabaseUnavailable with a sentence that says what to do.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._cluster = Cluster(folder.expanduser().resolve())
        self._durable = durable
        self._membership = Membership(self._cluster.folder / "users.lock")
        self._is_used = self._is_ending = self._fell_over = False
        self.revive = Revival(self._start_again)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def start(self) -> None:
        """Return when the server answers and counts us as its user; again does nothing when it still does.

        The variables of PostgreSQL's own clients (PGSERVICE, PGOPTIONS, ...) no longer count in this process.
        """
        forget_client_variables()
        self._is_ending = False
        with self._explaining("The database could not be started"):
            folders.make_server_folder(self._cluster.folder, self._account())
            with self._guard() as guard:
                self._membership.join()
                try:
                    self._ensure_running(guard)
                except BaseException:
                    self._membership.leave()
                    raise
                self._is_used = True

    def stop(self) -> bool:
        """Stop using the server; true when we were the last user and it was stopped."""
        with self._explaining("The database could not be stopped"):
            if not self._cluster.folder.is_dir():
                return False
            self._is_ending = True
            try:
                with self._guard(_PATIENCE_AT_END_S):
                    return self._leave()
            except DatabaseBusy:
                self._membership.leave()  # somebody starts it: who starts it next finds and uses it
                return False

    def _leave(self) -> bool:
        self._is_used = False
        if not self._membership.leave():
            return False
        self._shut_down()
        return True

    def url(self, database: str = "visionscan") -> str:
        """Return the SQLAlchemy URL of a database of this server, password included; creates nothing."""
        secret, name = quote(self._cluster.password(), safe=""), quote(database, safe="")
        host = quote(str(self._socket_folder()), safe="")
        return f"postgresql+psycopg2://{SUPERUSER}:{secret}@/{name}?host={host}&port={_PORT}"

    def ensure_database(self, database: str) -> None:
        """Create the database unless it exists."""
        with self._explaining("The database could not be made"):
            connection = self._connect()
            try:
                connection.autocommit = True
                with connection.cursor() as cursor:
                    _create_unless_there(cursor, database)
            finally:
                connection.close()

    def _start_again(self) -> None:
        """Start the server when it fell over under us; who stopped it on purpose is not contradicted."""
        with self._explaining("The database could not be started again"), self._guard() as guard:
            if not self._is_used:
                raise DatabaseUnavailable("The database is closed: this program is ending.")
            account = self._account()
            binaries = folders.reachable_binaries(self._cluster.folder, account)
            # The end of a recovery is written down like an end in order: a second fall looks like a stop.
            if not self._fell_over and Postmaster(self._cluster, account).was_stopped(binaries):
                raise DatabaseUnavailable(
                    "The database was stopped on purpose. Start it again, or close this program and open it."
                )
            self._fell_over = True
            self._ensure_running(guard)
            self._fell_over = False

    def _guard(self, patience_s: float = LOCK_PATIENCE_S) -> AbstractContextManager[int]:
        return one_at_a_time(self._cluster.folder / "start.lock", patience_s)

    @contextmanager
    def _explaining(self, what: str) -> Iterator[None]:
        """Turn what the system or the server says into a sentence."""
        try:
            yield
        except (OSError, psycopg2.Error) as error:
            raise self._cluster.failure(what, _advice(error)) from error

    def _account(self) -> Account:
        return account_for(self._cluster.data)

    def _socket_folder(self) -> Path:
        return folders.socket_folder(self._cluster.folder, self._account())

    def _connect(self, database: str = "postgres") -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=str(self._socket_folder()),
            port=_PORT,
            user=SUPERUSER,
            password=self._cluster.password(),
            dbname=database,
            connect_timeout=5,
        )

    def _ensure_running(self, guard: int) -> None:
        if self._cluster.exists and self._refusal() is None:
            return
        account = self._account()
        folders.refuse_if_closed(account, self._cluster.folder)
        binaries = folders.reachable_binaries(self._cluster.folder, account)
        folders.make_socket_folder(folders.socket_folder(self._cluster.folder, account), account)
        if not self._cluster.exists:
            self._cluster.make(binaries, account, guard=guard, durable=self._durable)
        self._cluster.refuse_other_major(binaries / "postgres")
        self._bring_up(Postmaster(self._cluster, account), binaries)

    def _refusal(self) -> str | None:
        """Return why the server does not let us in, None when it does."""
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            return str(error)
        return None

    def _bring_up(self, postmaster: Postmaster, binaries: Path) -> None:
        """Launch, or wait for a server that is still starting, recovering or shutting down."""
        deadline = time.monotonic() + _PATIENCE_S
        while (refusal := self._refusal()) is not None:
            if "password authentication failed" in refusal:
                raise DatabaseUnavailable(
                    f"The password file in {self._cluster.folder} does not fit its database. Put the file "
                    "back that belongs there, or restore a backup into a new --data-dir."
                )
            if self._is_ending:
                raise DatabaseUnavailable("The database is closed: this program is ending.")
            if time.monotonic() > deadline:
                raise self._cluster.failure("The database did not answer in time", refusal)
            if postmaster.pid() is None:
                self._launch(postmaster, binaries)
            else:
                time.sleep(_PAUSE_S)

    def _launch(self, postmaster: Postmaster, binaries: Path) -> None:
        postmaster.forget_foreign_pids(self._socket_folder())
        complaint = postmaster.launch(binaries, self._server_settings())
        if complaint is None:
            return
        if not any(passing in complaint for passing in _PASSING_COMPLAINTS):
            raise self._cluster.failure("The database could not be started", complaint)
        time.sleep(_PAUSE_S)

    def _server_settings(self) -> dict[str, str]:
        quoted = str(self._socket_folder()).replace('"', '""')
        durability = {} if self._durable else _NOT_DURABLE
        return _SETTINGS | durability | {"unix_socket_directories": f'"{quoted}"'}

    def _shut_down(self) -> None:
        account = self._account()
        binaries = folders.reachable_binaries(self._cluster.folder, account)
        complaint = Postmaster(self._cluster, account).stop(binaries)
        if complaint is not None:
            raise self._cluster.failure("The database could not be stopped", complaint)


def _create_unless_there(cursor: psycopg2.extensions.cursor, database: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
    if cursor.fetchone() is None:
        with suppress(errors.DuplicateDatabase, errors.UniqueViolation):  # another process was faster
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _advice(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{error}. Run the program as the owner of that folder, or choose another --data-dir."
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return f"{error}. Make the folder writable, or choose another --data-dir."
    return str(error)
