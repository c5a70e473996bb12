"""Ends the wait for a database that will never answer: a frozen server, a pulled cable, a swallowing proxy.

The driver waits for an answer without end. The server's own limits end nothing when it is frozen, keepalives
are answered by the kernel of its machine, and a socket in the file system has none. So one thread looks at
what is under way: a statement without an answer is asked about on a second connection. As long as the server
works on it, it may go on; otherwise its socket is shut down, which the driver reports as a lost connection.
What belongs here: watching and ending. What such an end means for a use case does not.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

import psycopg2
import psycopg2.extensions

from visionscan_kiosk.concurrency.request_name import current_request

_FIRST_LOOK_S = 1.0
"""So long before a statement is asked about its bytes are counted, and again where some moved."""
_TCP_INFO_SIZE, _BYTES_ACKED = 136, 120
WATCH_NAME = "database-answers"
_WORKED_ON = "SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s) AND state IN ('active', 'disabled')"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds. All together a frozen server ends a statement within ten.

    `before_asking`: then the server is asked whether it works on the statement, again and again.
    `for_the_word`: it must tell within this. `for_a_ping`: an idle connection is given up without asking.
    `for_a_statement`: no longer even while it is worked on, unless it may take long: the server's own limit
    ends it before, so that one process of the server must be frozen.
    `between_looks`: how often overdue statements are looked for.
    """

    before_asking: float = 5.0
    for_the_word: float = 3.0
    for_a_ping: float = 2.0
    for_a_statement: float = 40.0
    between_looks: float = 0.5


USUAL_PATIENCE = Patience()


class _Wait:
    """One statement under way. `is_suspected`: the server did not know it when last asked."""

    __slots__ = ("ask_at", "connection", "end_at", "is_suspected", "traffic")

    def __init__(self, connection: WatchedConnection, ask_at: float, end_at: float) -> None:
        self.connection = connection
        self.ask_at = ask_at
        self.end_at = end_at
        self.is_suspected = False
        self.traffic: tuple[int, ...] | None = None

    def moves(self) -> bool:
        """Whether bytes went either way since the last look: a slow line is no silent one."""
        before, self.traffic = self.traffic, _traffic(self.connection)
        return before is not None and self.traffic != before


class AnswerWatch:
    """Watches the statements of one engine. `start` comes with its first connection, `stop` with its end."""

    def __init__(
        self,
        connect_arguments: Mapping[str, Any],
        patience: Patience = USUAL_PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect_arguments = connect_arguments
        self._patience = patience
        self._clock = clock
        self._waits: set[_Wait] = set()
        self._ending = Lock()
        self._something_waits = Event()
        self._life = Lock()
        self._stopped: Event | None = None

    def start(self) -> None:
        """Begin to look; a second call is free."""
        with self._life:
            if self._stopped is None:
                self._stopped = Event()
                Thread(target=self._run, args=(self._stopped,), name=WATCH_NAME, daemon=True).start()

    def stop(self) -> None:
        """Look no longer."""
        with self._life:
            if self._stopped is not None:
                self._stopped.set()
                self._something_waits.set()
                self._stopped = None

    def begin(self, connection: WatchedConnection) -> _Wait:
        """Note that an answer is waited for; whoever begins ends."""
        now = self._clock()
        if connection.is_pinged:
            wait = _Wait(connection, now, now + self._patience.for_a_ping)
        else:
            longest = float("inf") if connection.may_take_long else self._patience.for_a_statement
            wait = _Wait(connection, now + self._patience.before_asking, now + longest)
        self._waits.add(wait)
        if not self._something_waits.is_set():
            self._something_waits.set()
        return wait

    def end(self, wait: _Wait) -> None:
        """The answer, or an error, is here: from now on the socket may be another connection's."""
        with self._ending:
            self._waits.discard(wait)

    def _run(self, stopped: Event) -> None:
        while self._something_waits.wait() and not stopped.wait(self._patience.between_looks):
            self._look()
            if not self._waits:
                self._something_waits.clear()
                if self._waits or stopped.is_set():  # one began in between, or nobody waits any more
                    self._something_waits.set()

    def _look(self) -> None:
        now = self._clock()
        waits = tuple(self._waits)
        for wait in [wait for wait in waits if now >= wait.end_at]:
            self._give_up(wait)
        for wait in waits:
            if wait.traffic is None and now >= wait.ask_at - _FIRST_LOOK_S and not wait.connection.is_pinged:
                wait.traffic = _traffic(wait.connection)
        overdue = [
            wait for wait in waits if wait.ask_at <= now < wait.end_at and not wait.connection.is_pinged
        ]
        if overdue:
            self._decide(overdue)

    def _decide(self, overdue: Collection[_Wait]) -> None:
        """A statement that ended while the server was asked is not worked on: it gets one more look."""
        worked_on = self._ask(overdue)
        for wait in overdue:
            if worked_on is not None and wait.connection.backend in worked_on:
                wait.is_suspected = False
                wait.ask_at = self._clock() + self._patience.before_asking
            elif wait.moves():
                wait.is_suspected = False
                wait.ask_at = self._clock() + _FIRST_LOOK_S
            elif worked_on is None or wait.is_suspected:
                self._give_up(wait)
            else:
                wait.is_suspected = True

    def _give_up(self, wait: _Wait) -> None:
        with self._ending:
            if wait in self._waits:
                self._waits.discard(wait)
                _shut(wait.connection)

    def _ask(self, overdue: Collection[_Wait]) -> frozenset[int] | None:
        """Return which server processes work, None when there is no word in time.

        A server that refuses us is there; what it works on it does not tell, so everything may go on.
        """
        backends = [wait.connection.backend for wait in overdue]
        place = next((place for wait in overdue if (place := _peer(wait.connection))), {})
        try:
            return _worked_on({**self._connect_arguments, **place}, backends, self._patience.for_the_word)
        except psycopg2.Error as error:
            return frozenset(backends) if "FATAL" in str(error) else None
        except OSError:
            return None


class WatchedConnection(psycopg2.extensions.connection):  # type: ignore[misc] # psycopg2 has no types
    """A connection whose every wait is watched. `may_take_long`: the server's limit was lifted for it."""

    watch: AnswerWatch
    backend: int
    may_take_long = False
    is_pinged = False

    def commit(self) -> None:
        """Commit, watched."""
        wait = self.watch.begin(self)
        try:
            super().commit()
        finally:
            self.watch.end(wait)

    def rollback(self) -> None:
        """Roll back, watched."""
        wait = self.watch.begin(self)
        try:
            super().rollback()
        finally:
            self.watch.end(wait)


class WatchedCursor(psycopg2.extensions.cursor):  # type: ignore[misc] # psycopg2 has no types
    """Writes the request's name before its statements: the server's log and list of activity show it."""

    def execute(self, query: str, vars: Any = None) -> None:  # noqa: A002 - the name in psycopg2
        """Execute, watched."""
        name = current_request()
        connection = self.connection
        wait = connection.watch.begin(connection)
        try:
            super().execute(f"/* request {name} */ {query}" if name else query, vars)
        finally:
            connection.watch.end(wait)

    def executemany(self, query: str, vars_list: Any) -> None:
        """Execute for each of the values; every execution is watched by itself."""
        for values in vars_list:
            self.execute(query, values)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Copy, watched: the server works on it as long as it lasts."""
        connection = self.connection
        wait = connection.watch.begin(connection)
        try:
            super().copy_expert(sql, file, size)
        finally:
            connection.watch.end(wait)


def watched_by(watch: AnswerWatch) -> Callable[..., WatchedConnection]:
    """Return what psycopg2 calls to make a connection."""

    def connect(*arguments: Any, **more: Any) -> WatchedConnection:
        connection = WatchedConnection(*arguments, **more)
        connection.watch = watch
        connection.backend = connection.get_backend_pid()
        watch.start()
        return connection

    return connect


def _worked_on(arguments: Mapping[str, Any], backends: Collection[int], within_s: float) -> frozenset[int]:
    """Ask on a connection of our own, which is never waited for longer; raise TimeoutError."""
    until = time.monotonic() + within_s
    with contextlib.closing(psycopg2.connect(**arguments, async_=True)) as connection:
        _settle(connection, until)
        with connection.cursor() as cursor:
            cursor.execute(_WORKED_ON, ([*backends],))
            _settle(connection, until)
            return frozenset(pid for (pid,) in cursor.fetchall())


def _settle(connection: Any, until: float) -> None:
    events = {
        psycopg2.extensions.POLL_READ: selectors.EVENT_READ,
        psycopg2.extensions.POLL_WRITE: selectors.EVENT_WRITE,
    }
    while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), events[state])
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError


def _peer(connection: WatchedConnection) -> dict[str, str]:
    """Return the address at the other end: with the net gone, names cannot be looked up."""
    with contextlib.suppress(OSError, psycopg2.Error), _socket_of(connection) as other_end:
        if other_end.family in {socket.AF_INET, socket.AF_INET6}:
            info = connection.info
            address = str(other_end.getpeername()[0])
            return {"host": info.host, "port": str(info.port), "hostaddr": address}  # one of several hosts
    return {}


def _traffic(connection: WatchedConnection) -> tuple[int, ...] | None:
    """Return the bytes the other end acknowledged and sent (tcp(7), TCP_INFO), None where nobody counts."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, psycopg2.Error, struct.error), _socket_of(connection) as socket_:
        if socket_.family in {socket.AF_INET, socket.AF_INET6}:
            told = socket_.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_SIZE)
            return struct.unpack_from("QQ", told, _BYTES_ACKED)
    return None


def _shut(connection: WatchedConnection) -> None:
    with contextlib.suppress(OSError, psycopg2.Error), _socket_of(connection) as socket_:
        socket_.shutdown(socket.SHUT_RDWR)


def _socket_of(connection: WatchedConnection) -> socket.socket:
    """Return the connection's socket a second time, closed apart from it."""
    duplicate = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
    return socket.socket(fileno=duplicate.detach())
