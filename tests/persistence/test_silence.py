"""What counts as a silent line: one on which nothing moves. And whom the watch asks about a statement."""

from __future__ import annotations

import select
import socket
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Engine, make_url, text

if sys.platform != "linux":
    pytest.skip("the bytes of a line are counted on Linux only", allow_module_level=True)

from tests.trouble import Cable, own_server
from visionscan_kiosk.persistence.answer_watch import AnswerWatch, Patience
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for

PATIENCE = Patience(before_asking=5.0)


class Line:
    """Stands for a connection under way: the watch looks at its socket only."""

    backend = 1
    is_pinged = may_take_long = False

    def __init__(self, end: socket.socket) -> None:
        self.fileno = end.fileno


class Unknown(AnswerWatch):
    """A watch whose server says that it works on nothing: its answer is sent, and on the way."""

    def __init__(self, *, is_there: bool = True) -> None:
        super().__init__({}, PATIENCE, clock=lambda: self.now)
        self.now = 0.0
        self._is_there = is_there

    def _ask(self, overdue: Collection[object]) -> frozenset[int] | None:
        return frozenset() if self._is_there else None

    def look_after(self, seconds: float) -> None:
        self.now += seconds
        self._look()


@contextmanager
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.create_connection(listener.getsockname())) as here,
        closing(listener.accept()[0]) as there,
    ):
        yield here, there


def is_shut(there: socket.socket) -> bool:
    """Whether the other end was told that nothing comes any more."""
    readable, _, _ = select.select([there], [], [], 0)
    return bool(readable) and there.recv(1) == b""


def send(there: socket.socket, here: socket.socket) -> None:
    part = b"a part of the answer"
    there.sendall(part)
    assert here.recv(len(part), socket.MSG_WAITALL) == part


@pytest.mark.parametrize("is_there", [True, False])
def test_a_slow_line_is_no_silent_one(is_there: bool) -> None:
    watch = Unknown(is_there=is_there)
    with line() as (here, there):
        watch.begin(Line(here))  # type: ignore[arg-type]
        for _ in range(30):
            send(there, here)
            watch.look_after(1.0)
            assert not is_shut(there)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_line_on_which_nothing_moves_any_more_is_given_up(is_there: bool) -> None:
    watch = Unknown(is_there=is_there)
    with line() as (here, there):
        watch.begin(Line(here))  # type: ignore[arg-type]
        for _ in range(10):
            send(there, here)
            watch.look_after(1.0)
        for _ in range(3):
            watch.look_after(1.0)
        assert is_shut(there)


def test_the_server_at_the_other_end_is_asked_and_not_the_first_that_was_named() -> None:
    """The first was away when we connected. Now it is there, and knows nothing of the statement."""
    with own_server() as (server, _), own_server() as (first, _):
        here = make_url(server.url("visionscan"))
        _let_in(first, str(here.password))
        with (
            Cable(server.url("visionscan")) as cable,
            engine_on(_away_then(cable)) as (engine, first_port),
            engine.connect() as connection,
            Cable(first.url("visionscan"), first_port),
        ):
            connection.execute(text("SELECT pg_sleep(2)"))


def _let_in(server: EmbeddedPostgres, password: str) -> None:
    engine = create_engine_for(server.url("visionscan"))
    with engine.begin() as connection:
        connection.execute(text(f"ALTER ROLE CURRENT_USER PASSWORD '{password}'"))
    engine.dispose()


def _away_then(cable: Cable) -> tuple[str, int]:
    """Return a URL whose first host is away, and that host's port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    there = make_url(cable.url)
    hosts = (f"127.0.0.1:{port}", f"127.0.0.1:{there.port}")
    url = there.set(host=None, port=None).update_query_dict({"host": hosts})
    return url.render_as_string(hide_password=False), port


@contextmanager
def engine_on(place: tuple[str, int]) -> Iterator[tuple[Engine, int]]:
    url, first_port = place
    engine = create_engine_for(url, patience=Patience(before_asking=0.2, between_looks=0.05))
    try:
        yield engine, first_port
    finally:
        engine.dispose()
