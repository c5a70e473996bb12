"""The server process: its listening socket, its patience with slow clients, its end.

uvicorn serves. What it leaves out is added: time limits for the head of a request and for a client that does
not read its answer, and TCP_NODELAY on connections of a socket that worker processes inherit (without it each
answer waits 40 ms).
"""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.metrics import SHARED_FOLDER_VARIABLE
from visionscan_kiosk.api.workers import Supervisor
from visionscan_kiosk.domain.errors import InvalidInput

MakeApp = Callable[[], FastAPI]

_IDLE_S = 30
_LONGEST_END_S = 25
_MOST_CONNECTIONS = 500
_BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Tls:
    """Files for uvicorn's own TLS."""

    certfile: str | None = None
    keyfile: str | None = None
    keyfile_password: str | None = None
    ca_certs: str | None = None


NO_TLS = Tls()


def open_listener(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one. Raises InvalidInput when it cannot be had.

    The protocol is named explicitly: asyncio sets TCP_NODELAY only on sockets that say they are TCP, and an
    inherited one says so only when it was made so.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    except OSError as error:
        raise InvalidInput(f"{host} is no address of this machine: {error.strerror}.") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise InvalidInput(
            f"{host} port {port} cannot be used: {error.strerror}. Choose another --port."
        ) from error
    listener.set_inheritable(True)
    return listener


def address_of(listener: socket.socket, *, tls: Tls = NO_TLS) -> str:
    """Return the URL of a listener."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls.certfile else 'http'}://{shown}:{port}"


def configure(
    app: FastAPI | MakeApp, settings: ApiSettings, *, workers: int = 1, tls: Tls = NO_TLS
) -> uvicorn.Config:
    """Return uvicorn's configuration. The address of a proxy's client is believed only where keys are asked
    for: without keys nobody may come through a proxy."""
    return uvicorn.Config(
        app,
        factory=not isinstance(app, FastAPI),
        workers=workers,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.requires_key,
        backlog=_BACKLOG,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=_LONGEST_END_S,
        ssl_certfile=tls.certfile,
        ssl_keyfile=tls.keyfile,
        ssl_keyfile_password=tls.keyfile_password,
        ssl_ca_certs=tls.ca_certs,
    )


def serve(
    make_app: MakeApp, listener: socket.socket, settings: ApiSettings, *, workers: int, tls: Tls
) -> bool:
    """Serve until SIGINT or SIGTERM; requests in flight are finished. Return False when it never started.

    With several workers `make_app` is called in each of them and must be picklable.
    """
    if workers > 1:
        return _serve_with_workers(configure(make_app, settings, workers=workers, tls=tls), listener)
    server = KioskServer(configure(make_app(), settings, tls=tls))
    server.run(sockets=[listener])
    return server.started


def _serve_with_workers(config: uvicorn.Config, listener: socket.socket) -> bool:
    with tempfile.TemporaryDirectory(prefix="visionscan-metrics-") as folder, listener:
        os.environ[SHARED_FOLDER_VARIABLE] = folder
        supervisor = Supervisor(config, sockets=[listener])
        supervisor.run()
        return not supervisor.has_failed


class KioskServer(uvicorn.Server):
    """Tells when it has started, and does not wait for a vision model when it ends."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        await super().startup(sockets)
        self.has_started.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give up detections, finish everything else."""
        if isinstance(self.config.app, FastAPI):
            self.config.app.state.detections.stop()
        await super().shutdown(sockets)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with an end to patience: the head of a request must come, and its answer be read, in time.

    Without it a client that sends or reads a byte a minute holds its connection for ever; uvicorn's own limit
    ends with the first byte, and it waits for readers without one.
    """

    HEAD_TIMEOUT_S = 10.0
    READ_TIMEOUT_S = 30.0
    """Within it asyncio's buffer of 64 KB must drain to a quarter: 1.6 KB a second are enough."""

    _head_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Stop waiting once a request is being answered; otherwise the clock runs on."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._head_timer is None and not self.transport.is_closing():
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop_waiting()
        self._stop_waiting_for_reader()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for a client that reads slower than we write."""
        super().pause_writing()
        self._reader_timer = self.loop.call_later(self.READ_TIMEOUT_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: it has read."""
        self._stop_waiting_for_reader()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection, also when the last answer was never read."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(self.HEAD_TIMEOUT_S, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_waiting_for_reader(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
