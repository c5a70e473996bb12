"""What befalls a database: a server that is frozen, and a net that swallows everything."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import make_url

from tests.waiting import wait_until
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give a data folder that the server's user can enter, and leave nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="visionscan-trouble-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for process in _server(folder / "postgres"):
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_server() -> Iterator[tuple[EmbeddedPostgres, Path]]:
    """Run a server for this test alone, with a database, and give it with its folder."""
    with own_folder() as folder, EmbeddedPostgres(folder / "postgres") as server:
        server.ensure_database("visionscan")
        yield server, folder / "postgres"


def postmaster(folder: Path) -> psutil.Process:
    """Return the first process of the server of `folder`."""
    return psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """Stop every process of the server, the first one first so that it makes no others; then go on."""
    first = postmaster(folder)
    first.suspend()
    wait_until(lambda: _is_still(first))
    processes = [first, *first.children(recursive=True)]
    try:
        for process in processes[1:]:
            process.suspend()
        wait_until(lambda: all(_is_still(process) for process in processes))
        yield
    finally:
        for process in reversed(processes):
            if process.is_running():
                process.resume()


def _is_still(process: psutil.Process) -> bool:
    """Whether it works no more; one that was about to end stays a zombie, as its parent is stopped."""
    return process.status() in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}


def kill_server(folder: Path) -> int:
    """Kill the first process; the others end by themselves. Return its id."""
    pid = postmaster(folder).pid
    os.kill(pid, signal.SIGKILL)
    return pid


def _server(folder: Path) -> list[psutil.Process]:
    try:
        first = postmaster(folder)
        if str(folder) not in " ".join(first.cmdline()):
            return []
        return [first, *first.children(recursive=True)]
    except (FileNotFoundError, psutil.Error):
        return []


class Cable:
    """A TCP way to a server's socket. `pull` swallows everything: nothing is closed, nothing arrives.

    New connections are accepted, as by a machine behind a firewall that drops what follows.
    """

    def __init__(self, url: str, port: int = 0) -> None:
        self._server = make_url(url)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._is_pulled = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="cable")

    def __enter__(self) -> Cable:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._listener.close()

    @property
    def url(self) -> str:
        """The database at the other end of the cable."""
        host, port = self._listener.getsockname()
        there = self._server.set(host=host, port=port).difference_update_query(["host", "port"])
        return there.set(drivername="postgresql").render_as_string(hide_password=False)

    def pull(self) -> None:
        """Swallow everything from now on, of connections that stand too."""
        self._is_pulled.set()

    def plug(self) -> None:
        """Carry again. What was open before is gone, and only whoever writes to it notices."""
        self._is_pulled.clear()

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            lost: list[socket.socket] = []
            while not self._is_over.is_set():
                ready = selector.select(0.01)
                if self._is_pulled.is_set():
                    lost += self._forget(selector)
                    self._is_over.wait(0.01)
                    continue
                for key, _ in ready:
                    self._one(selector, key.fileobj)  # type: ignore[arg-type]
            for socket_ in (*self._pairs, *lost):
                socket_.close()

    def _forget(self, selector: selectors.BaseSelector) -> list[socket.socket]:
        """Leave connections open and unread for ever."""
        forgotten = [*self._pairs]
        for socket_ in forgotten:
            selector.unregister(socket_)
        self._pairs.clear()
        return forgotten

    def _one(self, selector: selectors.BaseSelector, source: socket.socket) -> None:
        if source is self._listener:
            here, _ = source.accept()
            there = self._connect()
            for end, other in ((here, there), (there, here)):
                self._pairs[end] = other
                selector.register(end, selectors.EVENT_READ)
            return
        other = self._pairs.get(source)
        if other is None:
            return
        try:
            data = source.recv(65536)
        except ConnectionError:
            data = b""
        if data:
            other.sendall(data)
            return
        for end in (source, other):
            selector.unregister(end)
            del self._pairs[end]
            end.close()

    def _connect(self) -> socket.socket:
        query = self._server.query
        if "host" in query:
            there = socket.socket(socket.AF_UNIX)
            there.connect(f"{query['host']}/.s.PGSQL.{query.get('port', '5432')}")
            return there
        return socket.create_connection((self._server.host, self._server.port or 5432))
