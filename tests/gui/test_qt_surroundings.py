"""Qt timers behind the flow's calls: they live without anybody holding them, and end when told."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from visionscan_kiosk.gui.qt_surroundings import QtTimers, WallClock


@pytest.fixture
def timers(qtbot: QtBot) -> Iterator[QtTimers]:
    made = QtTimers()
    yield made
    made.close()


def test_a_call_comes_though_nobody_keeps_its_timer(qtbot: QtBot, timers: QtTimers) -> None:
    calls: list[str] = []
    timers.after(1, lambda: calls.append("once"))
    timers.every(1, lambda: calls.append("again"))
    gc.collect()
    qtbot.waitUntil(lambda: calls.count("again") >= 3)

    assert calls.count("once") == 1


def test_a_cancelled_call_does_not_come(qtbot: QtBot, timers: QtTimers) -> None:
    calls: list[str] = []
    timers.after(1, lambda: calls.append("cancelled")).cancel()
    timers.after(5, lambda: calls.append("later"))
    qtbot.waitUntil(lambda: bool(calls))

    assert calls == ["later"]


def test_closing_ends_all_of_them(qtbot: QtBot, timers: QtTimers) -> None:
    calls: list[str] = []
    timers.every(1, lambda: calls.append("tick"))
    timers.close()
    timers.after(5, lambda: calls.append("later"))
    qtbot.waitUntil(lambda: bool(calls))

    assert calls == ["later"]


def test_the_clock_knows_its_zone() -> None:
    clock = WallClock()

    assert clock.now().utcoffset() == clock.now().astimezone(clock.zone()).utcoffset()
