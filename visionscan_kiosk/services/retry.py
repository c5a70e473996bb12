"""Runs a use case again when the database asks for it. Belongs around whole transactions only.

Use cases call each other: only the outermost repeats anything. One inside another would repeat a transaction
that the conflict has ended already, and four attempts of four were sixteen.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from visionscan_kiosk.domain.errors import TransientConflict

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
BEGINS_WITHIN_S = 6.0
"""No attempt begins later: one may wait five seconds for a lock, and somebody waits for the end of all."""
_FIRST_PAUSE_S = 0.02

_is_repeated: ContextVar[bool] = ContextVar("is_repeated", default=False)


def retried(use_case: Callable[P, R]) -> Callable[P, R]:
    """Repeat `use_case` up to three times after a deadlock, serialisation failure or lock timeout."""

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _is_repeated.get():
            return use_case(*args, **kwargs)
        outermost = _is_repeated.set(True)
        try:
            return _repeated(lambda: use_case(*args, **kwargs))
        finally:
            _is_repeated.reset(outermost)

    return run


def _repeated(attempt: Callable[[], R]) -> R:
    last_begin = time.monotonic() + BEGINS_WITHIN_S
    for number in range(RETRIES):
        try:
            return attempt()
        except TransientConflict:
            pause_s = _FIRST_PAUSE_S * 2**number * (1 + random.random())  # noqa: S311 - spreads tills apart
            if time.monotonic() + pause_s > last_begin:
                raise
            time.sleep(pause_s)
    return attempt()
