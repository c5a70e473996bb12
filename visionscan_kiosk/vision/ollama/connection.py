"""The connection of one request, so that another thread can cut it.

Closing a socket does not wake the thread that reads from it; shutting it down does. The socket exists before
the first byte of an answer comes, which may take minutes, and httpx shows it to a trace from the start.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Any

import httpx

_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class Connection:
    """May be cut at any time, also before it exists; then it is cut as soon as it does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    @property
    def is_cut(self) -> bool:
        """Whether `cut` was called."""
        return self._is_cut

    def watch(self, request: httpx.Request) -> None:
        """Follow this request's connection (an httpx event hook)."""
        request.extensions = {**request.extensions, "trace": self._trace}

    def cut(self) -> None:
        """End the connection; whoever reads from it gets an error at once."""
        with self._lock:
            self._is_cut = True
            self._shut_down()

    @contextmanager
    def cut_after(self, limit_s: float) -> Iterator[None]:
        """Cut the connection if the block takes longer than `limit_s`."""
        alarm = Timer(max(limit_s, 0), self.cut)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            alarm.join()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _CONNECTED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self._is_cut:
                    self._shut_down()

    def _shut_down(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._socket = None  # gone already, which is what was wanted
