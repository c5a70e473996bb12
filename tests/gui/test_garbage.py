"""While there are screens no other thread takes their garbage apart: it would wait for the GUI's for ever."""

import gc
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject, Signal

from tests.waiting import wait_until
from visionscan_kiosk.gui.garbage import GarbageCollector

HERE = threading.current_thread()


class Bell(QObject):
    rung = Signal()


class Circle:
    """Holds itself, and listens to a bell, as discarded parts of a screen do."""

    def __init__(self, bell: Bell, ends: list[threading.Thread]) -> None:
        self.itself = self
        bell.rung.connect(self.hear)
        weakref.finalize(self, lambda: ends.append(threading.current_thread()))

    def hear(self) -> None:
        """Nothing."""


@contextmanager
def automatic() -> Iterator[None]:
    """Python collects by itself, as it does in a program that begins."""
    gc.enable()
    try:
        yield
    finally:
        gc.disable()


def _allocate_elsewhere() -> list[list[int]]:
    """Make as much on another thread as lets Python collect all generations there."""
    kept: list[list[int]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(200_000)))
    thread.start()
    thread.join()
    return kept


@pytest.mark.usefixtures("qapp")
def test_left_to_python_another_thread_takes_it_apart() -> None:
    """The control: without the collector this is what happens."""
    ends: list[threading.Thread] = []
    bell = Bell()
    with automatic():
        Circle(bell, ends)
        _allocate_elsewhere()
    assert ends
    assert ends[0] is not HERE


@pytest.mark.usefixtures("qapp")
def test_only_this_thread_takes_it_apart() -> None:
    ends: list[threading.Thread] = []
    bell = Bell()
    with automatic():
        collector = GarbageCollector()
        Circle(bell, ends)
        kept = _allocate_elsewhere()
        assert not ends
        collector.collect_due()
        assert kept
        assert ends == [HERE]
        collector.stop()
        assert gc.isenabled()


def test_it_collects_by_itself(qtbot) -> None:
    ends: list[threading.Thread] = []
    bell = Bell()
    collector = GarbageCollector()
    collector.start()
    Circle(bell, ends)
    kept = [[] for _ in range(2_000)]
    qtbot.waitUntil(lambda: bool(ends))
    assert kept
    assert ends == [HERE]
    collector.stop()


@pytest.mark.usefixtures("qapp")
def test_what_grew_old_is_found_too() -> None:
    ends: list[threading.Thread] = []
    bell = Bell()
    collector = GarbageCollector()
    circle = Circle(bell, ends)
    gc.collect()
    del circle
    kept: list[list[int]] = []

    def is_found() -> bool:
        kept.extend([] for _ in range(2_000))
        collector.collect_due()
        return bool(ends)

    wait_until(is_found)
    assert kept
    assert ends == [HERE]
    collector.stop()
