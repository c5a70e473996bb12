"""The shop's own meter: what each stage said of things, against what people or barcodes then decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.recognition_storage import (
    ConfidenceBin,
    DecidedBy,
    RecognitionEvent,
    RecognitionTally,
)
from visionscan_kiosk.services.retry import retried
from visionscan_kiosk.services.sight import SeenThing

__all__ = ["AccuracyService", "DecidedBy"]

Stage = tuple[DetectionSource, str]
"""A stage and the model it used."""


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
    def unknown(self) -> int:
        """Things of which the stage knew nothing."""
        return self.seen - self.asked - self.sure

    def share(self, count: int) -> float:
        """Return a count as a part of everything seen, 0..1."""
        return count / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class StageAccuracy:
    """A stage with one model. `calibration_error`: mean gap between stated probability and truth, 0..1."""

    source: DetectionSource
    model: str
    accuracy: Accuracy
    calibration_error: float


@dataclass(frozen=True, slots=True)
class ProductAccuracy:
    """A product as one stage with one model saw it."""

    product: Product
    source: DetectionSource
    model: str
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """Everything measured. Products: those most often missed first."""

    stages: tuple[StageAccuracy, ...]
    products: tuple[ProductAccuracy, ...]


class AccuracyService:
    """Keeps no pictures, only what was said and what it was."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def record(
        self, thing: SeenThing, product_id: UUID, decided_by: DecidedBy, session_id: UUID | None = None
    ) -> None:
        """Note what a thing turned out to be; raise ProductNotFound or SessionNotFound.

        Nothing is noted when no stage said anything of it.
        """
        if not thing.answers:
            return
        with self._unit_of_work() as work:
            work.recognition_events.add(
                RecognitionEvent(product_id, decided_by, answer, session_id) for answer in thing.answers
            )
            work.commit()

    def report(self, days: int | None = None) -> AccuracyReport:
        """Return how right the stages were, ever or in the last days."""
        with self._unit_of_work() as work:
            tallies = work.recognition_events.tallies(days)
            bins = work.recognition_events.bins(days)
            products = work.products.get_many({tally.product_id for tally in tallies})
        rows = [
            ProductAccuracy(products[tally.product_id], tally.source, tally.model, _sum([tally]))
            for tally in tallies
            if tally.product_id in products
        ]
        rows.sort(key=lambda row: (row.accuracy.top_1 - row.accuracy.seen, row.product.name))
        return AccuracyReport(_stages(tallies, bins), tuple(rows))

    @retried
    def purge(self) -> int:
        """Forget everything measured; return how many answers there were."""
        with self._unit_of_work() as work:
            removed = work.recognition_events.purge()
            work.commit()
            return removed


def _stages(tallies: Sequence[RecognitionTally], bins: Sequence[ConfidenceBin]) -> tuple[StageAccuracy, ...]:
    of_stage: defaultdict[Stage, list[RecognitionTally]] = defaultdict(list)
    for tally in tallies:
        of_stage[tally.source, tally.model].append(tally)
    return tuple(
        StageAccuracy(*stage, _sum(found), _calibration_error(entry for entry in bins if entry[:2] == stage))
        for stage, found in of_stage.items()
    )


def _sum(tallies: Sequence[RecognitionTally]) -> Accuracy:
    events = sum(tally.events for tally in tallies)
    return Accuracy(
        seen=events,
        top_1=sum(tally.top_1 for tally in tallies),
        top_3=sum(tally.top_3 for tally in tallies),
        asked=sum(tally.asked for tally in tallies),
        sure=sum(tally.sure for tally in tallies),
        wrong=sum(tally.sure_wrong for tally in tallies),
        seconds=sum(tally.seconds for tally in tallies) / events,
    )


def _calibration_error(bins: Iterable[ConfidenceBin]) -> float:
    """Return the expected calibration error over tenths of confidence."""
    found = [*bins]
    events = sum(entry.events for entry in found)
    gaps = (abs(entry.confidence * entry.events - entry.top_1) for entry in found)
    return sum(gaps) / events if events else 0.0
