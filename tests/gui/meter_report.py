"""A report of the meter as the service would build it from these counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.accuracy_period import period_between
from visionscan_kiosk.services.accuracy_report import AccuracyReport, Counts, build_report
from visionscan_kiosk.services.accuracy_storage import (
    ConfidenceBin,
    DecidedBy,
    DurationBin,
    RecognitionTally,
    Stage,
    StepTally,
)

LONG_NAME = "Unsalted butter 250 g, organic, from Alpenheumilchweidegenossenschaftskäserei milk"
LAST = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TAUGHT = Stage(DetectionSource.TAUGHT, "efficientnet-lite0/views-1")
MODEL = Stage(DetectionSource.OLLAMA, "hf.co/unsloth/Qwen2.5-VL-7B-Instruct-GGUF:Q4_K_M")


def report_of(
    *,
    right: int,
    wrong: int = 0,
    barcodes: int = 0,
    by_model: int = 0,
    strangers: int = 0,
    model: Stage = MODEL,
    days: int = 30,
) -> AccuracyReport:
    """So many things were right by taps, `barcodes` by barcodes, and `wrong` surely wrong by barcodes.

    `strangers` were taken for something else though nobody had shown them.
    """
    butter, pear = _product(1, LONG_NAME), _product(2, "Pear")
    tallies = [
        _tally(TAUGHT, butter, None, DecidedBy.PERSON, right, is_right=True),
        _tally(TAUGHT, butter, None, DecidedBy.BARCODE, barcodes, is_right=True),
        _tally(TAUGHT, pear, butter, DecidedBy.BARCODE, wrong, is_right=False),
        _tally(TAUGHT, pear, butter, DecidedBy.BARCODE, strangers, is_right=False, was_taught=False),
        _tally(model, pear, None, DecidedBy.PERSON, by_model, is_right=True, at=NOW + timedelta(hours=1)),
    ]
    period = period_between(LAST - timedelta(days=days - 1), LAST, UTC)
    counts = _counts(TAUGHT, right + barcodes + wrong, right + barcodes, len(period.starts))
    return build_report(
        period,
        NOW,
        Counts([tally for tally in tallies if tally.events], *counts),
        {butter.id: butter, pear.id: pear},
    )


def _counts(
    stage: Stage, seen: int, right: int, steps: int
) -> tuple[list[StepTally], list[ConfidenceBin], list[DurationBin]]:
    return (
        [StepTally(stage, step, seen, right, 0) for step in range(0, steps, 2)]
        + [StepTally(stage, steps - 1, seen, right, 0)],
        [ConfidenceBin(stage, seen, 0.95, right)] if seen else [],
        [DurationBin(stage, seen, 0.04)] if seen else [],
    )


def _tally(
    stage: Stage,
    product: Product,
    taken_for: Product | None,
    decided_by: DecidedBy,
    events: int,
    *,
    is_right: bool,
    was_taught: bool = True,
    at: datetime = NOW,
) -> RecognitionTally:
    first = events if is_right else 0
    other = taken_for.id if taken_for else None
    return RecognitionTally(
        product.id,
        other,
        stage,
        decided_by,
        was_taught,
        events,
        first,
        events,
        0,
        events,
        events - first,
        0.04 * events,
        at,
    )


def _product(number: int, name: str) -> Product:
    return Product(
        id=UUID(int=number),
        sku=f"SKU-{number}",
        name=name,
        category="Food",
        price=Decimal("1.20"),
        stock=3,
        aliases=(),
        barcodes=(),
        created_at=NOW,
        updated_at=NOW,
    )
