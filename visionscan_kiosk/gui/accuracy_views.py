"""What the page "Accuracy" shows: frozen values, already worded and formatted but for what is plotted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FigureView:
    """One large figure. `details`: small lines below it. `is_warning`: it deserves attention."""

    name: str
    title: str
    value: str
    details: tuple[str, ...]
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class TrendPointView:
    """One day, week or month: shares 0..1, meaningless where nothing was seen."""

    label: str
    seen: int
    first: float
    asked: float


@dataclass(frozen=True, slots=True)
class TrendView:
    """The line over time. `description` says the same in words."""

    title: str
    points: tuple[TrendPointView, ...]
    description: str


@dataclass(frozen=True, slots=True)
class CalibrationPointView:
    """Things of which the stage was about as sure: probability stated, how often right (0..1), how many."""

    stated: float
    truth: float
    seen: int


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """What was stated against what was true. `description` says the same in words."""

    points: tuple[CalibrationPointView, ...]
    gap_text: str
    description: str


@dataclass(frozen=True, slots=True)
class StageRowView:
    """A row of the table of stages: name and model, then one text a column."""

    name: str
    model: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissedRowView:
    """A product that was missed. `detail`: what it was taken for; `cells`: one text a column."""

    product_id: UUID
    name: str
    category: str
    detail: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeterView:
    """Everything measured in a period. `note` says how far the figures can be believed."""

    headline: str
    note: str
    figures: tuple[FigureView, ...]
    trend: TrendView
    calibration: CalibrationView
    stages: tuple[StageRowView, ...]
    missed: tuple[MissedRowView, ...]


@dataclass(frozen=True, slots=True)
class AccuracyView:
    """The page: the chosen period, and figures or `empty` (a title and what to do) when there are none.

    `is_slow`: new figures are on their way and it takes a while; those shown are of the period before.
    """

    period: str
    meter: MeterView | None = None
    empty: tuple[str, str] | None = None
    trouble: str = ""
    is_loading: bool = False
    is_slow: bool = False
