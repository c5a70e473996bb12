"""What the meter says: counted answers as figures by stage, by product and over time. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.accuracy_period import Period
from visionscan_kiosk.services.accuracy_storage import (
    ConfidenceBin,
    DecidedBy,
    DurationBin,
    RecognitionTally,
    Stage,
    StepTally,
)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a stage was right, as counts of things that were decided afterwards.

    `top_1`, `top_3`: the product stood first, among the first three. `asked`: a person had to choose.
    `sure`: the stage said MATCHED; `wrong`: of these, it was another product. `seconds`: mean per thing.
    """

    seen: int
    top_1: int
    top_3: int
    asked: int
    sure: int
    wrong: int
    seconds: float

    @property
    def missed(self) -> int:
        """Things of which the product did not stand first."""
        return self.seen - self.top_1

    @property
    def unknown(self) -> int:
        """Things of which the stage knew nothing."""
        return self.seen - self.asked - self.sure

    def share(self, count: int) -> float:
        """Return a count as a part of everything seen, 0..1."""
        return count / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class AccuracyStep:
    """One day, week or month of a stage; nothing may have been seen in it."""

    start: datetime
    seen: int
    top_1: int
    asked: int


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Things of which a stage was about as sure: the mean probability it stated, and how many were right."""

    stated: float
    seen: int
    right: int

    @property
    def truth(self) -> float:
        """How often it was right, 0..1."""
        return self.right / self.seen


@dataclass(frozen=True, slots=True)
class StageAccuracy:
    """A stage with one model.

    `by`: the same split by what decided; things with barcodes are the unbiased part. `steps`: one for each
    step of the report's period. `calibration`: by tenth of stated probability, of what named a product;
    `calibration_error`: their mean gap between probability and truth, 0..1. `seconds_p50`, `seconds_p95`:
    half, and 95 of 100, took no longer; known within an eighth. `last_at`: its newest thing.

    `strangers`: things that the taught recogniser was never shown, counted nowhere else; `strangers_sure`:
    of these, how many it took for something else and was sure.
    """

    stage: Stage
    accuracy: Accuracy
    by: Mapping[DecidedBy, Accuracy]
    steps: tuple[AccuracyStep, ...]
    calibration: tuple[CalibrationPoint, ...]
    calibration_error: float
    seconds_p50: float
    seconds_p95: float
    last_at: datetime
    strangers: int
    strangers_sure: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one stage took a product for another."""

    product: Product
    taken_for: Product
    stage: Stage
    times: int


@dataclass(frozen=True, slots=True)
class ProductAccuracy:
    """A product as one stage with one model saw it, and what it was most often taken for."""

    product: Product
    stage: Stage
    accuracy: Accuracy
    confusion: Confusion | None


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """Everything measured in a period.

    `measured_since`: when the first thing ever was measured, None without any. Stages: the newest thing
    first. Products: those most often missed first. Confusions: the most frequent first.
    """

    period: Period
    measured_since: datetime | None
    stages: tuple[StageAccuracy, ...]
    products: tuple[ProductAccuracy, ...]
    confusions: tuple[Confusion, ...]

    @property
    def is_complete(self) -> bool:
        """Whether a longer period would show no more."""
        return self.measured_since is None or self.measured_since >= self.period.since

    @property
    def main_stage(self) -> StageAccuracy | None:
        """The taught recogniser with the model it used last; another stage where only that was measured."""
        taught = (entry for entry in self.stages if entry.stage.source is DetectionSource.TAUGHT)
        return next(taught, next(iter(self.stages), None))


@dataclass(frozen=True, slots=True)
class Counts:
    """What the database counted for a report."""

    tallies: Sequence[RecognitionTally]
    steps: Sequence[StepTally]
    confidences: Sequence[ConfidenceBin]
    durations: Sequence[DurationBin]

    @property
    def product_ids(self) -> set[UUID]:
        """All products that the report names."""
        decided = {tally.product_id for tally in self.tallies}
        return decided | {tally.taken_for for tally in self.tallies if tally.taken_for is not None}


def build_report(
    period: Period, measured_since: datetime | None, counts: Counts, products: Mapping[UUID, Product]
) -> AccuracyReport:
    """Return the report; what concerns products that are gone is left out of their lists only."""
    measured = [tally for tally in counts.tallies if not tally.is_of_strangers]
    stages = [_stage(stage, period, counts) for stage in {tally.stage for tally in measured}]
    confusions = _confusions(measured, products)
    return AccuracyReport(
        period,
        measured_since,
        tuple(sorted(stages, key=lambda entry: entry.last_at, reverse=True)),
        _products(measured, products, confusions),
        confusions,
    )


def _stage(stage: Stage, period: Period, counts: Counts) -> StageAccuracy:
    everything = [tally for tally in counts.tallies if tally.stage == stage]
    tallies = [tally for tally in everything if not tally.is_of_strangers]
    strangers = _sum(tally for tally in everything if tally.is_of_strangers)
    confidences = [entry for entry in counts.confidences if entry.stage == stage]
    durations = [entry for entry in counts.durations if entry.stage == stage]
    return StageAccuracy(
        stage,
        _sum(tallies),
        {decider: _sum(tally for tally in tallies if tally.decided_by is decider) for decider in DecidedBy},
        _steps(period, {entry.step: entry for entry in counts.steps if entry.stage == stage}),
        tuple(CalibrationPoint(entry.confidence, entry.events, entry.top_1) for entry in confidences),
        _calibration_error(confidences),
        _quantile(durations, 0.5),
        _quantile(durations, 0.95),
        max(tally.last_at for tally in tallies),
        strangers.seen,
        strangers.sure,
    )


def _steps(period: Period, found: Mapping[int, StepTally]) -> tuple[AccuracyStep, ...]:
    """Return every step of the period, those without things too."""
    counted = (found.get(number) for number in range(len(period.starts)))
    return tuple(
        AccuracyStep(start, entry.events, entry.top_1, entry.asked)
        if entry is not None
        else AccuracyStep(start, 0, 0, 0)
        for start, entry in zip(period.starts, counted, strict=True)
    )


def _products(
    tallies: Sequence[RecognitionTally], products: Mapping[UUID, Product], confusions: Sequence[Confusion]
) -> tuple[ProductAccuracy, ...]:
    of_product: dict[tuple[UUID, Stage], list[RecognitionTally]] = {}
    for tally in tallies:
        if tally.product_id in products:
            of_product.setdefault((tally.product_id, tally.stage), []).append(tally)
    # The most frequent comes first and must stay: later entries of a dict replace earlier ones.
    worst = {(entry.product.id, entry.stage): entry for entry in reversed(confusions)}
    rows = [
        ProductAccuracy(products[key[0]], key[1], _sum(found), worst.get(key))
        for key, found in of_product.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.accuracy.missed, row.product.name, row.stage)))


def _confusions(
    tallies: Sequence[RecognitionTally], products: Mapping[UUID, Product]
) -> tuple[Confusion, ...]:
    times: dict[tuple[UUID, UUID, Stage], int] = {}
    for tally in tallies:
        if tally.taken_for is not None and {tally.product_id, tally.taken_for} <= products.keys():
            key = (tally.product_id, tally.taken_for, tally.stage)
            times[key] = times.get(key, 0) + tally.events
    found = [
        Confusion(products[product_id], products[taken_for], stage, count)
        for (product_id, taken_for, stage), count in times.items()
    ]
    return tuple(
        sorted(found, key=lambda entry: (-entry.times, entry.product.name, entry.taken_for.name, entry.stage))
    )


def _sum(tallies: Iterable[RecognitionTally]) -> Accuracy:
    found = [*tallies]
    events = sum(tally.events for tally in found)
    return Accuracy(
        seen=events,
        top_1=sum(tally.top_1 for tally in found),
        top_3=sum(tally.top_3 for tally in found),
        asked=sum(tally.asked for tally in found),
        sure=sum(tally.sure for tally in found),
        wrong=sum(tally.sure_wrong for tally in found),
        seconds=sum(tally.seconds for tally in found) / events if events else 0.0,
    )


def _calibration_error(bins: Sequence[ConfidenceBin]) -> float:
    """Return the expected calibration error over tenths of confidence."""
    events = sum(entry.events for entry in bins)
    gaps = (abs(entry.confidence * entry.events - entry.top_1) for entry in bins)
    return sum(gaps) / events if events else 0.0


def _quantile(bins: Sequence[DurationBin], share: float) -> float:
    """Return the seconds that this share of all events does not exceed, 0 without any; bins ascend."""
    reached = accumulate(entry.events for entry in bins)
    wanted = share * sum(entry.events for entry in bins)
    return next((entry.seconds for entry, count in zip(bins, reached, strict=True) if count >= wanted), 0.0)
