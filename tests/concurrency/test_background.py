"""Work that nobody waits for: in order, failures logged, and an end within its budget."""

from __future__ import annotations

import logging
from threading import Event

import pytest

from visionscan_kiosk.concurrency.background import Background


def test_it_works_in_order_and_a_failure_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    background, done, order = Background(), Event(), list[int]()
    with caplog.at_level(logging.ERROR):
        background.run_later(lambda: order.append(1))
        background.run_later(lambda: order.append(1 // 0))
        background.run_later(lambda: order.append(2))
        background.run_later(done.set)
        done.wait()
    assert background.close(300)
    assert order == [1, 2]
    assert "ZeroDivisionError" in caplog.text


def test_what_hangs_is_left_behind_and_what_has_not_begun_is_left_undone() -> None:
    background, entered, release, begun = Background(), Event(), Event(), list[str]()

    def hang() -> None:
        entered.set()
        release.wait()

    background.run_later(hang)
    background.run_later(lambda: begun.append("late"))
    entered.wait()
    assert not background.close(0.01)
    release.set()
    assert background.close(300)
    assert begun == []
