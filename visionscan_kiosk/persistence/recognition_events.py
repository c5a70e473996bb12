"""What stages said of things, and what these turned out to be. No pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, literal_column, select, true

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.errors import ProductNotFound, SessionNotFound
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.persistence.tables import inventory, recognition_events, sessions
from visionscan_kiosk.services.recognition_storage import (
    ConfidenceBin,
    RecognitionEvent,
    RecognitionTally,
)

_EVENT = recognition_events.c
_TOP = 3
_IS_RIGHT = func.coalesce(_EVENT.candidates[1] == _EVENT.inventory_id, False)
_IS_SURE = _EVENT.decision == Decision.MATCHED


class SqlRecognitionEventRepository:
    """Implements services.recognition_storage.RecognitionEventRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, events: Iterable[RecognitionEvent]) -> None:
        """Keep events; raise ProductNotFound or SessionNotFound."""
        for event in events:
            self._check(event)
            self._connection.execute(insert(recognition_events).values(_values(event)))

    def tallies(self, days: int | None = None) -> Sequence[RecognitionTally]:
        """Count all events, or those of the last days, by product, stage and model."""
        groups = (_EVENT.inventory_id, _EVENT.source, _EVENT.model)
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
                func.sum(_EVENT.confidence),
            )
            .where(_since(days))
            .group_by(*groups)
            .order_by(*groups)
        )
        return [
            RecognitionTally(row[0], DetectionSource(row[1]), *row[2:])
            for row in self._connection.execute(statement)
        ]

    def bins(self, days: int | None = None) -> Sequence[ConfidenceBin]:
        """Count all events, or those of the last days, by stage, model and tenth of confidence."""
        tenth = func.least(func.floor(_EVENT.confidence * 10), 9)
        statement = (
            select(
                _EVENT.source,
                _EVENT.model,
                func.count(),
                func.avg(_EVENT.confidence),
                func.count().filter(_IS_RIGHT),
            )
            .where(_since(days))
            .group_by(_EVENT.source, _EVENT.model, tenth)
            .order_by(_EVENT.source, _EVENT.model, literal_column("4"))
        )
        return [
            ConfidenceBin(DetectionSource(row[0]), *row[1:]) for row in self._connection.execute(statement)
        ]

    def purge(self) -> int:
        """Forget all events; return how many there were."""
        return self._connection.execute(recognition_events.delete()).rowcount

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
    }


def _since(days: int | None) -> ColumnElement[bool]:
    return true() if days is None else _EVENT.created_at >= func.now() - timedelta(days=days)
