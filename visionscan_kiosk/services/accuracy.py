"""The shop's own meter: what each stage said of things, against what people or barcodes then decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from visionscan_kiosk.services.accuracy_period import Period, period_between
from visionscan_kiosk.services.accuracy_report import AccuracyReport, Counts, build_report
from visionscan_kiosk.services.accuracy_storage import DecidedBy, RecognitionEvent
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried
from visionscan_kiosk.services.sight import SeenThing

__all__ = ["AccuracyService", "DecidedBy"]


class AccuracyService:
    """Keeps no pictures, only what was said and what it was. `zone`: the shop's, None for the machine's."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, zone: tzinfo | None = None) -> None:
        self._unit_of_work = unit_of_work
        self._zone = zone

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
        """Return how right the stages were, ever or in the last local days, today being one of them."""
        with self._unit_of_work() as work:
            events = work.recognition_events
            first = events.first_at()
            period = self._period(first, days)
            counts = Counts(
                events.tallies(period.since),
                events.steps(period.starts),
                events.confidences(period.since),
                events.durations(period.since),
            )
            products = work.products.get_many(counts.product_ids)
        return build_report(period, first, counts, products)

    @retried
    def purge(self, older_than_days: int | None = None) -> int:
        """Forget what was measured, all or what is older; return how many answers there were."""
        with self._unit_of_work() as work:
            removed = work.recognition_events.purge(older_than_days)
            work.commit()
            return removed

    def _period(self, first: datetime | None, days: int | None) -> Period:
        """Return the days asked for, without those before anything was measured."""
        today = datetime.now(self._zone).date()
        measured = today if first is None else min(today, first.astimezone(self._zone).date())
        asked = date.min if days is None else today - timedelta(days=days - 1)
        return period_between(max(measured, asked), today, self._zone)
