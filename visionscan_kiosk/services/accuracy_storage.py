"""What the meter stores and counts: what stages said of things that were decided afterwards. No pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource, StageAnswer


class DecidedBy(StrEnum):
    """What settled which product a thing is."""

    PERSON = "person"
    BARCODE = "barcode"


class Stage(NamedTuple):
    """A stage of the pipeline with the model it used."""

    source: DetectionSource
    model: str


@dataclass(frozen=True, slots=True)
class RecognitionEvent:
    """What one stage said of a thing whose product was decided afterwards."""

    product_id: UUID
    decided_by: DecidedBy
    answer: StageAnswer
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecognitionTally:
    """Counted events of one product and stage that were decided and mistaken in the same way.

    `taken_for`: the product that stood first instead, None when the right one did or none was named.
    `top_1`, `top_3`: the decided product stood first, among the first three. `sure`: decided MATCHED;
    `sure_wrong`: of these, another product. `seconds`: their sum. `last_at`: when the newest was.
    `was_taught`: the till knew the product by its looks then.
    """

    product_id: UUID
    taken_for: UUID | None
    stage: Stage
    decided_by: DecidedBy
    was_taught: bool
    events: int
    top_1: int
    top_3: int
    asked: int
    sure: int
    sure_wrong: int
    seconds: float
    last_at: datetime

    @property
    def is_of_strangers(self) -> bool:
        """Whether nobody could have recognised these: the recogniser knows what it was shown."""
        return self.stage.source is DetectionSource.TAUGHT and not self.was_taught


class StepTally(NamedTuple):
    """Counted events of one stage in one step of a period; `step` counts from 0."""

    stage: Stage
    step: int
    events: int
    top_1: int
    asked: int


class ConfidenceBin(NamedTuple):
    """Events of one stage in one tenth of confidence; `confidence`: their mean, `top_1`: how many right."""

    stage: Stage
    events: int
    confidence: float
    top_1: int


class DurationBin(NamedTuple):
    """Events of one stage that took about as long (within an eighth); `seconds`: their mean."""

    stage: Stage
    events: int
    seconds: float


class RecognitionEventRepository(Protocol):
    """What was said and what it turned out to be. `since` and `starts` carry their zone."""

    def add(self, events: Iterable[RecognitionEvent]) -> None:
        """Keep events; raise ProductNotFound or SessionNotFound."""

    def first_at(self) -> datetime | None:
        """Return when the oldest event was, None without any."""

    def tallies(self, since: datetime) -> Sequence[RecognitionTally]:
        """Count events by product, stage, what decided and what the product was taken for."""

    def steps(self, starts: Sequence[datetime]) -> Sequence[StepTally]:
        """Count events but strangers by stage and step; `starts`: when each step begins, ascending."""

    def confidences(self, since: datetime) -> Sequence[ConfidenceBin]:
        """Count events but strangers that named a product, by stage and tenth of confidence, lowest first."""

    def durations(self, since: datetime) -> Sequence[DurationBin]:
        """Count events by stage and how long they took, shortest first."""

    def purge(self, older_than_days: int | None = None) -> int:
        """Forget all events, or those older than so many days; return how many there were."""
