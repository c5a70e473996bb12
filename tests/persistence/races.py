"""Lets threads begin one thing at one moment, so that races are met and not waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.waiting import PATIENCE_S

T = TypeVar("T")


def at_once(*tasks: Callable[[], T]) -> Sequence[T | Exception]:
    """Run all tasks at the same moment, each in a thread; return what each returned or raised."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T | Exception:
        barrier.wait(PATIENCE_S)
        try:
            return task()
        except Exception as error:  # noqa: BLE001 - what a task raises is the outcome
            return error

    with ThreadPoolExecutor(len(tasks)) as threads:
        return list(threads.map(run, tasks))


class Meeting:
    """A point where two threads wait for each other, in the middle of their transactions."""

    def __init__(self, parties: int = 2) -> None:
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        self._barrier.wait(PATIENCE_S)


def kinds(outcomes: Sequence[object]) -> list[str]:
    """Return the class names of outcomes, sorted."""
    return sorted(type(outcome).__name__ for outcome in outcomes)
