"""Lanes: results and errors come back to the GUI thread, stale ones never; closing keeps its promises."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from tests.waiting import wait_until
from visionscan_kiosk.domain.errors import BasketEmpty, DatabaseUnavailable, KioskError
from visionscan_kiosk.gui import task_runner
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.task_runner import LaneRunner, UnexpectedFailure


class Ends:
    """Remembers what was delivered, and in which thread."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.errors: list[KioskError] = []
        self.threads: set[int] = set()

    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.get_ident())

    def failed(self, error: KioskError) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[LaneRunner]:
    made = LaneRunner()
    yield made
    made.close()


@pytest.fixture
def ends() -> Ends:
    return Ends()


def test_work_runs_beside_and_ends_in_the_gui_thread(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    runner.run(Lane.DATABASE, threading.get_ident, ends.done, ends.failed)
    qtbot.waitUntil(lambda: bool(ends.results))

    assert ends.results[0] != threading.get_ident()
    assert ends.threads == {threading.get_ident()}


def test_one_lane_keeps_its_order(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    for number in range(50):
        runner.run(Lane.DATABASE, lambda number=number: number, ends.done, ends.failed)
    qtbot.waitUntil(lambda: len(ends.results) == 50)

    assert ends.results == list(range(50))


def test_a_hanging_lane_holds_up_no_other(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    release = threading.Event()
    runner.run(Lane.MODEL, release.wait, ends.done, ends.failed)
    runner.run(Lane.DATABASE, lambda: "sold", ends.done, ends.failed)
    qtbot.waitUntil(lambda: ends.results == ["sold"])
    release.set()
    qtbot.waitUntil(lambda: len(ends.results) == 2)


def test_an_error_of_the_shop_arrives_as_it_is(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    def work() -> None:
        raise BasketEmpty

    runner.run(Lane.DATABASE, work, ends.done, ends.failed)
    qtbot.waitUntil(lambda: bool(ends.errors))

    assert isinstance(ends.errors[0], BasketEmpty)
    assert ends.results == []


def test_any_other_error_is_logged_and_becomes_a_sentence(
    qtbot: QtBot, runner: LaneRunner, ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        runner.run(Lane.DATABASE, lambda: 1 / 0, ends.done, ends.failed)
        qtbot.waitUntil(lambda: bool(ends.errors))

    assert isinstance(ends.errors[0], UnexpectedFailure)
    assert "ZeroDivisionError" in caplog.text


def test_a_stale_ticket_is_not_delivered(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    entered, release = threading.Event(), threading.Event()

    def work() -> str:
        entered.set()
        release.wait()
        return "old"

    ticket = runner.run(Lane.DATABASE, work, ends.done, ends.failed)
    entered.wait()
    ticket.drop()
    release.set()
    runner.run(Lane.DATABASE, lambda: "new", ends.done, ends.failed)
    qtbot.waitUntil(lambda: bool(ends.results))

    assert ends.results == ["new"]


def test_work_that_nobody_wants_any_more_is_not_begun(qtbot: QtBot, runner: LaneRunner, ends: Ends) -> None:
    release = threading.Event()
    begun: list[str] = []
    runner.run(Lane.DATABASE, release.wait, ends.done, ends.failed)
    runner.run(Lane.DATABASE, lambda: begun.append("stale"), ends.done, ends.failed).drop()
    runner.run(Lane.DATABASE, lambda: begun.append("fresh"), ends.done, ends.failed)
    release.set()
    qtbot.waitUntil(lambda: len(ends.results) == 2)

    assert begun == ["fresh"]


def test_a_lane_is_idle_when_its_last_task_was_answered_or_given_up(
    qtbot: QtBot, runner: LaneRunner, ends: Ends
) -> None:
    release = threading.Event()
    runner.run(Lane.DATABASE, release.wait, ends.done, ends.failed)
    runner.run(Lane.DATABASE, lambda: "stale", ends.done, ends.failed).drop()
    assert not runner.is_idle(Lane.PICTURES, Lane.DATABASE)
    assert runner.is_idle(Lane.PICTURES)
    release.set()
    qtbot.waitUntil(lambda: runner.is_idle(Lane.DATABASE))
    assert ends.results == [True]


def test_closing_waits_for_a_sale_under_way(qtbot: QtBot, ends: Ends) -> None:
    runner = LaneRunner()
    entered, release = threading.Event(), threading.Event()
    sold: list[str] = []

    def sell() -> None:
        entered.set()
        release.wait()
        sold.append("sold")

    runner.run(Lane.DATABASE, sell, ends.done, ends.failed)
    entered.wait()
    releasing = threading.Thread(target=lambda: (wait_until(lambda: runner._is_closed), release.set()))
    releasing.start()
    runner.close()
    releasing.join()

    assert sold == ["sold"]


def test_closing_does_not_wait_for_a_hanging_model(
    qtbot: QtBot, ends: Ends, caplog: pytest.LogCaptureFixture
) -> None:
    runner = LaneRunner()
    release = threading.Event()
    runner.run(Lane.MODEL, release.wait, ends.done, ends.failed)
    with caplog.at_level(logging.WARNING):
        runner.close()

    assert "lane model left behind" in caplog.text
    release.set()


def test_closing_gives_up_what_waits_behind_a_database_that_is_away(qtbot: QtBot, ends: Ends) -> None:
    runner = LaneRunner()
    entered, release = threading.Event(), threading.Event()
    begun: list[str] = []

    def sell() -> None:
        entered.set()
        release.wait()
        raise DatabaseUnavailable("away")

    runner.run(Lane.DATABASE, sell, ends.done, ends.failed)
    for _ in range(3):
        runner.run(Lane.DATABASE, lambda: begun.append("waited"), ends.done, ends.failed)
    entered.wait()
    lane = runner._lanes[Lane.DATABASE]
    releasing = threading.Thread(target=lambda: (wait_until(lambda: lane._is_closing), release.set()))
    releasing.start()
    runner.close()
    releasing.join()

    assert begun == []
    assert not lane._thread.is_alive()


def test_closing_leaves_a_lane_behind_that_hangs(
    qtbot: QtBot, ends: Ends, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every lane has a budget, that of the database the longest."""
    assert {lane for lane, _ in task_runner._CLOSING_BUDGET_S} == set(Lane)
    monkeypatch.setattr(task_runner, "_CLOSING_BUDGET_S", ((Lane.DATABASE, 0.01),))
    runner = LaneRunner()
    release = threading.Event()
    runner.run(Lane.DATABASE, release.wait, ends.done, ends.failed)
    with caplog.at_level(logging.WARNING):
        runner.close()
    release.set()

    assert "lane database left behind" in caplog.text


def test_after_closing_nothing_is_run_or_delivered(qtbot: QtBot, ends: Ends) -> None:
    runner = LaneRunner()
    runner.run(Lane.DATABASE, lambda: "late", ends.done, ends.failed)
    runner.close()
    runner.run(Lane.DATABASE, lambda: "later", ends.done, ends.failed)
    QCoreApplication.processEvents()  # closing waited for the lane: whatever it hands over is queued by now

    assert ends.results == []


def test_closing_leaves_learning_undone_that_has_not_begun(runner: LaneRunner) -> None:
    began, release, ran = threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        began.set()
        release.wait()
        ran.append("first")

    runner.run(Lane.LEARNING, first, Ends().done, Ends().failed)
    runner.run(Lane.LEARNING, lambda: ran.append("second"), Ends().done, Ends().failed)
    began.wait()
    runner.close()
    release.set()
    for thread in threading.enumerate():
        if thread.name == "lane-learning":
            thread.join()

    assert ran == ["first"]


class Goods:
    """Something that can be seen to be gone."""


def test_a_lane_that_waits_keeps_nothing_of_its_last_work(qtbot: QtBot, runner: LaneRunner) -> None:
    made: list[weakref.ref[Goods]] = []

    def work() -> Goods:
        goods = Goods()
        made.append(weakref.ref(goods))
        return goods

    runner.run(Lane.DATABASE, work, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: runner.is_idle(Lane.DATABASE))

    qtbot.waitUntil(lambda: made[0]() is None)
