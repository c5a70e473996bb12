"""What stages said of things, and what these turned out to be. No pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import log
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    DateTime,
    Exists,
    Select,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    true,
)

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.errors import ProductNotFound, SessionNotFound
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.persistence.tables import inventory, recognition_events, sessions, taught_photos
from visionscan_kiosk.services.accuracy_storage import (
    ConfidenceBin,
    DecidedBy,
    DurationBin,
    RecognitionEvent,
    RecognitionTally,
    Stage,
    StepTally,
)
from visionscan_kiosk.services.recognition_storage import PhotoSource

_EVENT = recognition_events.c
_TOP = 3
_SHORTEST_S = 1e-6
_LN_OF_AN_EIGHTH_MORE = log(1.125)
_FIRST = _EVENT.candidates[literal_column("1")]
_IS_RIGHT = func.coalesce(_EVENT.inventory_id == _FIRST, literal_column("false"))
_TAKEN_FOR = case((~_IS_RIGHT, _FIRST))
_IS_NO_STRANGER = or_(_EVENT.was_taught, _EVENT.source != DetectionSource.TAUGHT)
_CONFIRMED_BEFORE = timedelta(seconds=30)
"""A younger photo of a sale is of the very thing that is noted: it was not known by that."""
_NO_SORTING = text("SET LOCAL enable_sort = off")
_IS_SURE = _EVENT.decision == Decision.MATCHED


class SqlRecognitionEventRepository:
    """Implements services.accuracy_storage.RecognitionEventRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, events: Iterable[RecognitionEvent]) -> None:
        """Keep events; raise ProductNotFound or SessionNotFound."""
        for event in events:
            self._check(event)
            self._connection.execute(insert(recognition_events).values(_values(event)))

    def first_at(self) -> datetime | None:
        """Return when the oldest event was, None without any."""
        first: datetime | None = self._connection.execute(select(func.min(_EVENT.created_at))).scalar_one()
        return first

    def tallies(self, since: datetime) -> Sequence[RecognitionTally]:
        """Count events by product, stage, what decided and what the product was taken for."""
        groups = (
            _EVENT.inventory_id,
            _TAKEN_FOR,
            _EVENT.source,
            _EVENT.model,
            _EVENT.decided_by,
            _EVENT.was_taught,
        )
        statement = (
            select(
                *groups,
                func.count(),
                func.count().filter(_IS_RIGHT),
                func.count().filter(_EVENT.inventory_id == func.any(_EVENT.candidates)),
                func.count().filter(_EVENT.decision == Decision.ASK),
                func.count().filter(_IS_SURE),
                func.count().filter(_IS_SURE, ~_IS_RIGHT),
                func.sum(_EVENT.seconds),
                func.max(_EVENT.created_at),
            )
            .where(_EVENT.created_at >= since)
            .group_by(*groups)
        )
        return [
            RecognitionTally(row[0], row[1], _stage(row[2], row[3]), DecidedBy(row[4]), *row[5:])
            for row in self._count(statement)
        ]

    def steps(self, starts: Sequence[datetime]) -> Sequence[StepTally]:
        """Count events by stage and step; `starts`: when each step begins, ascending."""
        # One array for the whole statement: as a list of parameters it would be searched anew for each row.
        step = func.width_bucket(_EVENT.created_at, cast(list(starts), ARRAY(DateTime(timezone=True))))
        groups = (_EVENT.source, _EVENT.model, step)
        statement = (
            select(
                *groups,
                func.count(),
                func.count().filter(_IS_RIGHT),
                func.count().filter(_EVENT.decision == Decision.ASK),
            )
            .where(_EVENT.created_at >= starts[0], _IS_NO_STRANGER)
            .group_by(*groups)
        )
        return [StepTally(_stage(row[0], row[1]), row[2] - 1, *row[3:]) for row in self._count(statement)]

    def confidences(self, since: datetime) -> Sequence[ConfidenceBin]:
        """Count events that named a product, by stage and tenth of confidence, lowest first."""
        tenth = func.least(func.floor(_EVENT.confidence * 10), 9)
        statement = (
            select(
                _EVENT.source,
                _EVENT.model,
                func.count(),
                func.avg(_EVENT.confidence),
                func.count().filter(_IS_RIGHT),
            )
            .where(_EVENT.created_at >= since, func.cardinality(_EVENT.candidates) > 0, _IS_NO_STRANGER)
            .group_by(_EVENT.source, _EVENT.model, tenth)
            .order_by(func.avg(_EVENT.confidence))
        )
        return [ConfidenceBin(_stage(row[0], row[1]), *row[2:]) for row in self._count(statement)]

    def durations(self, since: datetime) -> Sequence[DurationBin]:
        """Count events by stage and how long they took, shortest first."""
        eighth = func.floor(func.ln(func.greatest(_EVENT.seconds, _SHORTEST_S)) / _LN_OF_AN_EIGHTH_MORE)
        mean = func.avg(_EVENT.seconds)
        statement = (
            select(_EVENT.source, _EVENT.model, func.count(), mean)
            .where(_EVENT.created_at >= since)
            .group_by(_EVENT.source, _EVENT.model, eighth)
            .order_by(mean)
        )
        return [DurationBin(_stage(row[0], row[1]), *row[2:]) for row in self._count(statement)]

    def purge(self, older_than_days: int | None = None) -> int:
        """Forget all events, or those older than so many days; return how many there were."""
        statement = delete(recognition_events)
        if older_than_days is not None:
            statement = statement.where(_EVENT.created_at < func.now() - timedelta(days=older_than_days))
        return self._connection.execute(statement).rowcount

    def _count(self, statement: Select[Any]) -> Iterable[Any]:
        """Run a statement that groups many events into few rows.

        PostgreSQL cannot know that a tenth or a step makes few groups, and would sort all events on disk.
        """
        self._connection.execute(_NO_SORTING)
        return self._connection.execute(statement)

    def _check(self, event: RecognitionEvent) -> None:
        if not self._exists(inventory.c.id == event.product_id):
            raise ProductNotFound(event.product_id)
        if event.session_id is not None and not self._exists(sessions.c.id == event.session_id):
            raise SessionNotFound(event.session_id)

    def _exists(self, condition: ColumnElement[bool]) -> bool:
        return self._connection.execute(select(true()).where(condition)).one_or_none() is not None


def _values(event: RecognitionEvent) -> dict[str, Any]:
    answer = event.answer
    return {
        "session_id": event.session_id,
        "inventory_id": event.product_id,
        "decided_by": event.decided_by,
        "source": answer.source,
        "model": answer.model[:200],
        "decision": answer.decision,
        "candidates": [candidate.product_id for candidate in answer.candidates[:_TOP]],
        "confidence": answer.candidates[0].confidence if answer.candidates else 0.0,
        "seconds": answer.seconds,
        "was_taught": _was_taught(event.product_id),
    }


def _was_taught(product_id: UUID) -> Exists:
    is_old = taught_photos.c.created_at < func.clock_timestamp() - _CONFIRMED_BEFORE
    was_shown = taught_photos.c.source == PhotoSource.TAUGHT
    return exists().where(taught_photos.c.inventory_id == product_id, or_(was_shown, is_old))


def _stage(source: str, model: str) -> Stage:
    return Stage(DetectionSource(source), model)
