"""Time, timers, lanes and the database's line, which only a script moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.errors import DatabaseUnavailable, KioskError
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.rehearsal.database_line import DatabaseLine, LineState
from visionscan_kiosk.rehearsal.lanes import VirtualLanes
from visionscan_kiosk.rehearsal.virtual_time import Effort, ProgramTimers, VirtualTime


class Desk:
    """Lanes on a line, and what was heard of them at which time."""

    def __init__(self) -> None:
        self.time = VirtualTime()
        self.effort = Effort()
        self.line = DatabaseLine(self.effort)
        self.lanes = VirtualLanes(self.time, self.line, self.effort)
        self.heard: list[tuple[float, str]] = []

    def ask(self, what: str, lane: Lane = Lane.DATABASE, answers: int = 1) -> object:
        def work() -> str:
            for _ in range(answers):
                self.line.begin_transaction()
            return what

        return self.lanes.run(lane, work, self.hear, self.fail)

    def hear(self, what: str) -> None:
        self.heard.append((round(self.time.seconds(), 3), what))

    def fail(self, error: KioskError) -> None:
        assert isinstance(error, DatabaseUnavailable)
        self.hear(f"failed: {error}")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_time_passes_only_when_it_is_told_to() -> None:
    time, called = VirtualTime(), []
    time.after(1.0, lambda: called.append(time.seconds()))

    time.pass_by(0.9)
    assert called == []
    time.pass_by(0.2)

    assert called == [1.0]
    assert time.seconds() == 1.1


@given(st.lists(st.floats(0, 10), max_size=20))
def test_what_is_due_first_happens_first_and_at_one_moment_in_the_order_of_asking(
    delays: list[float],
) -> None:
    time = VirtualTime()
    happened: list[tuple[int, int]] = []
    for number, delay in enumerate(delays):
        time.after(delay, lambda number=number: happened.append((time.microseconds, number)))

    time.pass_by(11)

    assert happened == sorted(happened)
    assert len(happened) == len(delays)


def test_waiting_ends_as_soon_as_what_is_waited_for_is_true() -> None:
    time, called = VirtualTime(), []
    time.after(0.5, lambda: called.append(1))
    time.after(0.7, lambda: called.append(2))

    time.pass_by(5, until=lambda: bool(called))

    assert called == [1]
    assert time.seconds() == 0.5


def test_a_cancelled_timer_and_those_of_a_closed_program_are_silent() -> None:
    time, called = VirtualTime(), []
    timers = ProgramTimers(time)
    timers.after(100, lambda: called.append("cancelled")).cancel()
    timers.after(300, lambda: called.append("closed"))
    ticks = timers.every(100, lambda: called.append("tick"))

    time.pass_by(0.25)
    ticks.cancel()
    timers.close()
    time.pass_by(1)

    assert called == ["tick", "tick"]


def test_a_lane_works_off_one_task_after_the_other_and_lanes_do_not_wait_for_each_other(desk: Desk) -> None:
    desk.ask("first")
    desk.ask("second")
    desk.ask("seen", Lane.VISION, answers=0)

    desk.time.pass_by(1)

    assert desk.heard == [(0.03, "first"), (0.03, "seen"), (0.06, "second")]


def test_nothing_is_done_before_whoever_asks_has_ended(desk: Desk) -> None:
    desk.ask("first")

    assert desk.heard == []


def test_a_slow_database_takes_longer_for_each_answer(desk: Desk) -> None:
    desk.line.become(LineState.SLOW)
    desk.ask("two answers", answers=2)

    desk.time.pass_by(1)

    assert desk.heard == [(0.61, "two answers")]


def test_a_database_that_is_away_fails_after_a_while_and_is_back_later(desk: Desk) -> None:
    desk.line.become(LineState.AWAY)
    desk.ask("lost")
    desk.time.pass_by(1)
    desk.line.become(LineState.BACK)
    desk.ask("found")
    desk.time.pass_by(1)

    assert desk.heard == [(0.51, "failed: The database does not answer."), (1.03, "found")]


def test_an_answer_under_way_is_lost_with_the_line_although_the_work_was_done(desk: Desk) -> None:
    desk.ask("done")
    desk.time.pass_by(0.02)
    desk.line.become(LineState.AWAY)
    desk.time.pass_by(1)

    assert desk.line.answers == 1
    assert desk.heard == [(0.03, "failed: The connection to the database was lost.")]


def test_other_clients_have_a_line_of_their_own(desk: Desk) -> None:
    desk.line.become(LineState.AWAY)

    with desk.line.directly():
        desk.line.begin_transaction()

    with pytest.raises(DatabaseUnavailable):
        desk.line.begin_transaction()


def test_a_dropped_ticket_is_told_nothing_and_the_next_one_is(desk: Desk) -> None:
    first, _ = desk.ask("first"), desk.ask("second")
    first.drop()  # type: ignore[attr-defined] # a Ticket

    desk.time.pass_by(1)

    assert [what for _, what in desk.heard] == ["second"]


def test_closing_lets_the_database_end_its_work_and_tells_nobody(desk: Desk) -> None:
    done: list[str] = []
    work: Callable[[], None] = lambda: done.append("sold")  # noqa: E731 - a task
    desk.lanes.run(Lane.DATABASE, work, lambda _: desk.hear("told"), desk.fail)
    desk.lanes.run(Lane.VISION, lambda: done.append("seen"), lambda _: desk.hear("told"), desk.fail)

    desk.lanes.close()
    desk.ask("too late")
    desk.time.pass_by(1)

    assert done == ["sold"]
    assert desk.heard == []
