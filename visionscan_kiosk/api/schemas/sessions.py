"""Scan sessions and their lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, TypeAdapter, model_validator

from visionscan_kiosk.api.schemas.fields import (
    Answered,
    Confidence,
    Money,
    Quantity,
    Sent,
    Text500,
    left_out,
)
from visionscan_kiosk.domain.matching.match import Candidate, Decision, MatchMethod
from visionscan_kiosk.domain.scan_session import (
    ScanItem,
    ScannedLine,
    ScanSession,
    SessionOutcome,
    SessionStatus,
)


class SessionAnswer(Answered):
    """A scan session. `total_amount` of an active one is the sum of its matched lines so far."""

    id: UUID
    status: SessionStatus
    check_in_time: datetime
    check_out_time: datetime | None
    total_amount: Money
    created_at: datetime
    outcome: SessionOutcome | None
    till_id: str | None

    @classmethod
    def of(cls, session: ScanSession) -> Self:
        """Return how a session goes out."""
        return cls(
            id=session.id,
            status=session.status,
            check_in_time=session.check_in_time,
            check_out_time=session.check_out_time,
            total_amount=session.total_amount,
            created_at=session.created_at,
            outcome=session.outcome,
            till_id=session.till_id,
        )


class ScanRequest(Sent):
    """Something that was seen, said or read."""

    detected_name: Text500
    confidence: Confidence = 1.0
    quantity: Quantity = 1


class LineAnswer(Answered):
    """A line of a basket. `inventory_id`, `name`, `sku` and `unit_price` are null while it is unmatched."""

    id: UUID
    session_id: UUID
    inventory_id: UUID | None
    detected_name: str
    confidence: float
    quantity: int
    unit_price: Money | None
    first_seen: datetime
    created_at: datetime
    name: str | None
    sku: str | None

    @classmethod
    def of(cls, item: ScanItem) -> Self:
        """Return how a line goes out."""
        return cls(**line_fields(item))


class CandidateAnswer(Answered):
    """A product that may be meant."""

    inventory_id: UUID
    sku: str
    name: str
    score: float

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """Return how a candidate goes out."""
        return cls(
            inventory_id=candidate.product_id,
            sku=candidate.sku,
            name=candidate.name,
            score=round(candidate.score, 4),
        )


class ScanAnswer(LineAnswer):
    """The line as it now stands, and how its product was found."""

    match_method: MatchMethod
    match_score: float
    needs_confirmation: bool = Field(description="A person should look at what was taken, or choose.")
    candidates: list[CandidateAnswer]

    @classmethod
    def of_scan(cls, result: ScannedLine) -> Self:
        """Return how the result of a scan goes out."""
        match, is_matched = result.match, result.item.is_matched
        return cls(
            **line_fields(result.item),
            match_method=match.method if is_matched else MatchMethod.NONE,
            match_score=round(match.score, 4) if is_matched else 0.0,
            needs_confirmation=match.decision is not Decision.MATCHED,
            candidates=[CandidateAnswer.of(candidate) for candidate in match.candidates],
        )


class LineChange(Sent):
    """Another product, another quantity, or both."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    inventory_id: UUID = left_out(UUID(int=0))
    quantity: Quantity = left_out(1)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Send inventory_id, quantity or both.")
        return self

    def given(self) -> dict[str, Any]:
        """Return what was sent, by the names of the use case."""
        names = {"inventory_id": "product_id", "quantity": "quantity"}
        return {names[name]: getattr(self, name) for name in self.model_fields_set}


def line_fields(item: ScanItem) -> dict[str, Any]:
    """Return the fields that every answer about a line has."""
    return {
        "id": item.id,
        "session_id": item.session_id,
        "inventory_id": item.inventory_id,
        "detected_name": item.detected_name,
        "confidence": item.confidence,
        "quantity": item.quantity,
        "unit_price": item.unit_price,
        "first_seen": item.first_seen,
        "created_at": item.created_at,
        "name": item.name,
        "sku": item.sku,
    }


LINES = TypeAdapter(list[LineAnswer])
