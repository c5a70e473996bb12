"""`serve` as a process of its own, as clients meet it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.waiting import PATIENCE_S, wait_until


@contextmanager
def serving(
    url: str, folder: Path, *options: str, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `serve` as a process of its own and give its address."""
    command = [sys.executable, "-m", "visionscan_kiosk", "--data-dir", str(folder), "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, *options],
        env={**os.environ, "DATABASE_URL": url, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert "Listening on" in first, first + process.stderr.read()
        address = first.split()[2]
        _until_healthy(address)
        yield address, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)


def _until_healthy(address: str) -> None:
    with httpx.Client(base_url=address, verify=False) as client:

        def is_healthy() -> bool:
            try:
                return client.get("/health").json() == {"status": "ok"}
            except httpx.TransportError:
                return False

        wait_until(is_healthy)
