"""The facade inside the till's process: a thread of its own, started and stopped with the till."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

from fastapi import FastAPI

from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.server import KioskServer, address_of, configure, open_listener
from visionscan_kiosk.domain.errors import Unavailable

_LONGEST_START_S = 30.0
_LONGEST_END_S = 30.0
"""Requests get 25 s of it; what hangs after that is left behind with the program."""
_GLANCE_S = 0.05

_LOG = logging.getLogger(__name__)


class EmbeddedServer:
    """A context: entered it answers, left it has finished what was in flight."""

    def __init__(self, app: FastAPI, settings: ApiSettings, host: str, port: int) -> None:
        self._listener = open_listener(host, port)
        self.url = address_of(self._listener)
        self._server = KioskServer(configure(app, settings))
        self._thread = Thread(target=self._run, name="http-facade", daemon=True)

    def __enter__(self) -> Self:
        """Start; raise Unavailable when the application does not come up."""
        self._thread.start()
        waited = 0.0
        while not self._server.has_started.wait(_GLANCE_S):
            waited += _GLANCE_S
            if not self._thread.is_alive() or waited > _LONGEST_START_S:
                self._stop()
                raise Unavailable("The HTTP server did not start. The log says why.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and wait until the last answer is out."""
        self._stop()

    def _run(self) -> None:
        with suppress(SystemExit):  # uvicorn's way to say that the application did not come up; it logged why
            self._server.run(sockets=[self._listener])

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(_LONGEST_END_S)
        if self._thread.is_alive():
            _LOG.warning("the HTTP server did not end within %d s: left behind", _LONGEST_END_S)
        self._listener.close()
