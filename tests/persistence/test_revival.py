"""A server that is killed under its users is started again by whoever notices; a stopped one is not."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine, text

if sys.platform == "win32":
    pytest.skip("the embedded server is for Unix systems", allow_module_level=True)

from tests.conftest import new_product
from tests.trouble import kill_server, own_folder, own_server, postmaster
from tests.waiting import wait_until
from visionscan_kiosk.bootstrap import open_till
from visionscan_kiosk.domain.basket_operations import AddLine
from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres, pg_tool
from visionscan_kiosk.persistence.embedded_postgres.account import account_for
from visionscan_kiosk.persistence.embedded_postgres.locks import one_at_a_time
from visionscan_kiosk.persistence.embedded_postgres.revival import PAUSE_S, Revival
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.services.basket_operations import OperationResult
from visionscan_kiosk.settings import load_settings

T = TypeVar("T")


@contextmanager
def engine_on(server: EmbeddedPostgres) -> Iterator[Engine]:
    engine = create_engine_for(server.url("visionscan"), revive=server.revive)
    try:
        yield engine
    finally:
        engine.dispose()


def kept(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT word FROM kept"))


def at_last(ask: Callable[[], T]) -> T:
    """Ask until there is an answer: a start may take longer than one call waits for it, and what the old
    server's last processes still answer is no sign that the new one is there."""
    found: list[T] = []

    def is_answered() -> bool:
        try:
            found.append(ask())
        except DatabaseUnavailable:
            return False
        return True

    wait_until(is_answered)
    return found[0]


@pytest.fixture
def server() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    with own_server() as (running, folder):
        with engine_on(running) as engine, engine.begin() as connection:
            connection.execute(text("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('apple')"))
        yield running, folder


def test_whoever_notices_starts_it_and_all_find_it(server: tuple[EmbeddedPostgres, Path]) -> None:
    """Two users of the folder, as two processes are, and several threads of each."""
    running, folder = server
    with (
        EmbeddedPostgres(folder) as other,
        engine_on(running) as engine,
        engine_on(other) as other_engine,
        ThreadPoolExecutor(6) as threads,
    ):
        assert {kept(engine), kept(other_engine)} == {"apple"}
        killed = kill_server(folder)
        found = list(threads.map(_kept_at_last, [engine, other_engine] * 3))
        assert found == ["apple"] * 6
        assert postmaster(folder).pid != killed


def _kept_at_last(engine: Engine) -> object:
    return at_last(lambda: kept(engine))


def test_one_that_was_stopped_on_purpose_stays_so(server: tuple[EmbeddedPostgres, Path]) -> None:
    running, folder = server
    with engine_on(running) as engine:
        assert kept(engine) == "apple"
        _stop(folder)
        with pytest.raises(DatabaseUnavailable, match="stopped on purpose"):
            kept(engine)
        assert not (folder / "data" / "postmaster.pid").exists()
        running.start()
        wait_until(lambda: _kept_at_last(engine) == "apple")


def _stop(folder: Path) -> None:
    command: list[str | Path] = [pg_tool("pg_ctl"), "-D", folder / "data", "-m", "fast", "-w", "stop"]
    assert account_for(folder / "data").run(command, output=-3).returncode == 0


def test_one_that_cannot_start_says_why(server: tuple[EmbeddedPostgres, Path]) -> None:
    running, folder = server
    with engine_on(running) as engine:
        _fall_and_fail_to_start(engine, folder)
        assert _kept_at_last(engine) == "apple"


def test_a_second_fall_while_it_recovers_is_no_stop(server: tuple[EmbeddedPostgres, Path]) -> None:
    """The end of a recovery is written down like an end in order."""
    running, folder = server
    with engine_on(running) as engine:
        _fall_and_fail_to_start(engine, folder)
        _recover(folder)
        assert _kept_at_last(engine) == "apple"


def _fall_and_fail_to_start(engine: Engine, folder: Path) -> None:
    """Leave the server down after a start that was refused; the next one is not."""
    configuration = folder / "data" / "postgresql.conf"
    before = configuration.read_text()
    kept(engine)
    configuration.write_text("no_such_setting = 1\n")
    kill_server(folder)
    with pytest.raises(DatabaseUnavailable, match="could not be started"):
        _until_refused(engine)
    configuration.write_text(before)


def _recover(folder: Path) -> None:
    """Let the server recover by itself and end, as it does before it falls over once more."""
    data = folder / "data"
    command: list[str | Path] = [pg_tool("postgres"), "--single", "-D", data, "postgres"]
    wait_until(lambda: account_for(data).run(command, output=-3).returncode == 0)


def test_a_start_under_way_ends_with_its_program(server: tuple[EmbeddedPostgres, Path]) -> None:
    _, folder = server
    starting = StillStarting(folder)
    with ThreadPoolExecutor(1) as threads:
        start = threads.submit(starting.start)
        starting.is_asked.wait()
        assert not starting.stop()
        with pytest.raises(DatabaseUnavailable, match="this program is ending"):
            start.result()


class StillStarting(EmbeddedPostgres):
    """Finds its server starting, for ever."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.is_asked = threading.Event()

    def _refusal(self) -> str | None:
        self.is_asked.set()
        return "the database system is starting up"


def test_an_end_does_not_wait_for_whoever_starts_it(
    server: tuple[EmbeddedPostgres, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no user any more: who starts the server is its last one, and stops it."""
    monkeypatch.setattr("visionscan_kiosk.persistence.embedded_postgres.server._PATIENCE_AT_END_S", 0.1)
    running, folder = server
    with EmbeddedPostgres(folder) as other:
        with one_at_a_time(folder / "start.lock"):
            assert not running.stop()
        assert other.stop()


def _until_refused(engine: Engine) -> None:
    """While its last processes are still going away, the connection is only lost."""

    def ask() -> None:
        try:
            kept(engine)
        except DatabaseUnavailable as error:
            if "could not be started" in str(error):
                raise

    while True:
        ask()


def test_after_a_failure_nobody_tries_again_for_a_while() -> None:
    now, starts = [0.0], list[float]()

    def start() -> None:
        starts.append(now[0])
        raise DatabaseUnavailable("the disk is full")

    revival = Revival(start, clock=lambda: now[0])
    for _ in range(100):
        with pytest.raises(DatabaseUnavailable, match="the disk is full"):
            revival()
    assert starts == [0.0]
    now[0] = PAUSE_S
    with pytest.raises(DatabaseUnavailable, match="the disk is full"):
        revival()
    assert starts == [0.0, PAUSE_S]


def test_a_start_that_takes_long_is_told_and_goes_on() -> None:
    go_on, starts = threading.Event(), list[int]()

    def start() -> None:
        starts.append(1)
        go_on.wait()

    revival = Revival(start, waited_for_s=0.01)
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="is being started again"):
            revival()
    go_on.set()
    wait_until(lambda: _succeeds(revival))
    assert starts[0:1] == [1]


def _succeeds(revival: Revival) -> bool:
    try:
        revival()
    except DatabaseUnavailable:
        return False
    return True


def test_a_running_till_goes_on_after_its_server_was_killed() -> None:
    """An operation that was sent again after the kill is carried out once."""
    with own_folder() as folder, open_till(load_settings(folder, database_url=None)) as till:
        services = till.services
        apple = services.inventory.create_product(new_product())
        session = services.sessions.open_basket(till.profile.till_id).session
        operation = AddLine(session.id, session.id, apple.id, 2, None, 1.0)
        services.basket_operations.apply(operation)
        kill_server(folder / "postgres")

        def applied_again() -> OperationResult:
            return services.basket_operations.apply(operation)

        again = at_last(applied_again)
        assert again.is_repeat
        assert [line.quantity for line in again.basket.items] == [2]
        assert at_last(lambda: services.checkout.check_out(session.id)).number == 1
