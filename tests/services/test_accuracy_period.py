"""Local days, weeks and months, also where the clock changes."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from visionscan_kiosk.services.accuracy_period import Step, period_between

BERLIN = ZoneInfo("Europe/Berlin")
LAST = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("days", "step", "count"),
    [(1, Step.DAY, 1), (7, Step.DAY, 7), (31, Step.DAY, 31), (90, Step.WEEK, 13), (800, Step.MONTH, 27)],
)
def test_the_longer_the_time_the_longer_the_steps(days: int, step: Step, count: int) -> None:
    period = period_between(LAST - timedelta(days=days - 1), LAST, BERLIN)
    assert (period.step, len(period.starts)) == (step, count)
    assert period.since.date() == LAST - timedelta(days=days - 1)
    assert [*period.starts] == sorted(set(period.starts))


def test_weeks_begin_on_monday_and_months_on_the_first_but_for_a_part_at_the_beginning() -> None:
    weeks = period_between(date(2026, 8, 25), LAST, BERLIN).starts
    assert {start.weekday() for start in weeks[1:]} == {0}
    assert weeks[0].weekday() == 1
    months = period_between(date(2024, 8, 25), LAST, BERLIN).starts
    assert {start.day for start in months[1:]} == {1}


def test_every_day_begins_at_midnight_whatever_the_clock_did() -> None:
    starts = period_between(date(2026, 10, 20), date(2026, 10, 30), BERLIN).starts
    assert {start.hour for start in starts} == {0}
    assert {start.utcoffset() for start in starts} == {timedelta(hours=2), timedelta(hours=1)}


def test_without_a_zone_it_is_the_machine_s_own() -> None:
    (start,) = period_between(LAST, LAST).starts
    assert start.tzinfo is not None
    assert start.date() == LAST


def test_a_beginning_in_the_future_is_today() -> None:
    assert [start.date() for start in period_between(LAST + timedelta(days=3), LAST, BERLIN).starts] == [LAST]
