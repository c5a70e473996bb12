"""Runs a use case again when the database asks for it. Belongs around whole transactions only."""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from visionscan_kiosk.domain.errors import TransientConflict

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
_FIRST_PAUSE_S = 0.02


def retried(use_case: Callable[P, R]) -> Callable[P, R]:
    """Repeat `use_case` up to three times after a deadlock, serialisation failure or lock timeout."""

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(RETRIES):
            try:
                return use_case(*args, **kwargs)
            except TransientConflict:
                time.sleep(_FIRST_PAUSE_S * 2**attempt * (1 + random.random()))  # noqa: S311 - spreads tills apart
        return use_case(*args, **kwargs)

    return run
