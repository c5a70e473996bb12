"""Waits for what another thread or process is about to do. How long it took is never judged."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

PATIENCE_S = 300.0
"""Ends a test that hangs. It is far beyond what the slowest machine needs, so it decides nothing else."""


def wait_until(condition: Callable[[], object]) -> None:
    """Return as soon as `condition` holds; fail when it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail("it never came to pass")
        time.sleep(0.01)
