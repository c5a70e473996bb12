"""The time a report is about: local calendar days, weeks or months. Pure but for the machine's own zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

_MOST_DAYS = 31
_MOST_DAYS_IN_WEEKS = 371


class Step(StrEnum):
    """How long one point of a line over time is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Time until now, cut into steps.

    `starts`: the local midnights at which the steps begin, ascending, with their zone; at least one. The
    first week or month may be a part of one.
    """

    step: Step
    starts: tuple[datetime, ...]

    @property
    def since(self) -> datetime:
        """When it begins."""
        return self.starts[0]


def period_between(first: date, last: date, zone: tzinfo | None = None) -> Period:
    """Return the local days from `first` to `last`, both included; `zone` None is the machine's own.

    Up to a month is cut into days, up to a year into weeks from Monday on, more into months.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)] or [last]
    step = _step_for(len(days))
    begins = [day for day in days if day == days[0] or _begins(day, step)]
    return Period(step, tuple(_midnight(day, zone) for day in begins))


def _step_for(days: int) -> Step:
    if days <= _MOST_DAYS:
        return Step.DAY
    return Step.WEEK if days <= _MOST_DAYS_IN_WEEKS else Step.MONTH


def _begins(day: date, step: Step) -> bool:
    if step is Step.WEEK:
        return day.weekday() == 0
    return step is Step.DAY or day.day == 1


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    """Return when a day begins; without a zone the machine's own, with its summer time."""
    midnight = datetime.combine(day, time.min, zone)
    return midnight if zone is not None else midnight.astimezone()
