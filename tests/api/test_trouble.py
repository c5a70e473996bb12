"""`serve` as a process: its database is killed or frozen, its workers die or hang, and still it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

if sys.platform == "win32":
    pytest.skip("signals are for Unix systems", allow_module_level=True)

from tests.api.conftest import create, movements_of, scan, start
from tests.api.serving import serving
from tests.trouble import Cable, frozen, kill_server, own_folder, own_server, postmaster
from tests.waiting import PATIENCE_S, wait_until

pytestmark = pytest.mark.long(seconds=190)

KEY = {"Idempotency-Key": "sale-1"}
Serving = tuple[httpx.Client, subprocess.Popen[str], Path]


@contextmanager
def shop(workers: int) -> Iterator[Serving]:
    """A server on its own embedded database."""
    with (
        own_folder() as folder,
        serving("", folder, "--workers", str(workers)) as (address, process),
        httpx.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        yield client, process, folder / "postgres"


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children()
    return [child for child in children if "spawn_main" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def basket_of_one(client: httpx.Client) -> tuple[dict[str, object], str]:
    apple = create(client, "Red Apple", stock=5)
    session = start(client)
    scan(client, session, "red apple")
    return apple, session.replace("/sessions", "/checkout")


def sold_at_last(client: httpx.Client, path: str) -> None:
    """Ask again with the same key, as a client does, until it is sold."""

    def is_sold() -> bool:
        status = client.post(path, headers=KEY).status_code
        assert status in {200, 409, 503}
        return status == 200

    wait_until(is_sold)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_database_is_started_again(workers: int) -> None:
    with shop(workers) as (client, _, folder):
        apple, path = basket_of_one(client)
        killed = kill_server(folder)
        sold_at_last(client, path)
        assert movements_of(client, apple) == [("sale", -1), ("opening", 5)]
        assert postmaster(folder).pid != killed


def test_a_frozen_database_is_a_503_and_the_sale_is_made_once_when_it_is_back() -> None:
    with shop(1) as (client, _, folder):
        apple, path = basket_of_one(client)
        with frozen(folder):
            answer = client.post(path, headers=KEY)
            again = client.get("/inventory")
        assert (answer.status_code, again.status_code) == (503, 503)
        assert "database" in answer.json()["detail"]
        sold_at_last(client, path)
        assert movements_of(client, apple) == [("sale", -1), ("opening", 5)]


def test_a_pulled_cable_is_a_503_and_the_sale_is_made_once_when_it_is_plugged(tmp_path: Path) -> None:
    with (
        own_server() as (server, _),
        Cable(server.url("visionscan")) as cable,
        serving(cable.url, tmp_path) as (address, _process),
        httpx.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        apple, path = basket_of_one(client)
        cable.pull()
        statuses = [client.post(path, headers=KEY).status_code, client.get("/inventory").status_code]
        cable.plug()
        assert statuses == [503, 503]
        sold_at_last(client, path)
        assert movements_of(client, apple) == [("sale", -1), ("opening", 5)]


@pytest.mark.parametrize("workers", [1, 2])
def test_it_ends_in_order_while_its_database_is_frozen(workers: int) -> None:
    """What is left of the server is killed: it hears nothing, and would be in the next start's way."""
    with shop(workers) as (client, process, folder):
        basket_of_one(client)
        first = postmaster(folder)
        with frozen(folder):
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE_S) == 0
            assert not first.is_running() or first.status() == psutil.STATUS_ZOMBIE


def test_a_killed_worker_is_replaced(own_database_url: str, tmp_path: Path) -> None:
    with serving(own_database_url, tmp_path, "--workers", "2") as (address, process):
        before = workers_of(process)
        before[0].kill()
        wait_until(lambda: _are_others(process, before[0]))
        newest = max(workers_of(process), key=lambda worker: worker.create_time())
        newest.kill()  # while it starts
        wait_until(lambda: _are_others(process, before[0], newest))
        assert httpx.get(f"{address}/inventory", timeout=PATIENCE_S).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0


def test_a_worker_that_hangs_is_replaced(own_database_url: str, tmp_path: Path) -> None:
    with serving(own_database_url, tmp_path, "--workers", "2") as (_, process):
        hanging = workers_of(process)[0]
        hanging.suspend()
        wait_until(lambda: _are_others(process, hanging))
        assert not hanging.is_running()


def test_it_ends_while_a_worker_hangs(own_database_url: str, tmp_path: Path) -> None:
    with serving(own_database_url, tmp_path, "--workers", "2") as (_, process):
        workers = workers_of(process)
        workers[0].suspend()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0
        assert not any(worker.is_running() for worker in workers)


def _are_others(process: subprocess.Popen[str], *gone: psutil.Process) -> bool:
    now = workers_of(process)
    return len(now) == 2 and not set(gone) & set(now)
