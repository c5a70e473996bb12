"""A barcode says one product, the camera is sure of another: what was noticed, and what people said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

KEPT_TO_BE_ALIKE = 2
"""Two products of which the code was kept this often, with no other answer since, look alike by design."""


class WrongItemAnswer(StrEnum):
    """What the cashier said."""

    KEPT = "kept"
    """The code is right."""
    REPLACED = "replaced"
    """It is what the camera saw."""


@dataclass(frozen=True, slots=True)
class WrongItem:
    """A code's product, the other one that the camera is sure of, and how sure, 0..1."""

    coded_id: UUID
    seen_id: UUID
    confidence: float

    def __post_init__(self) -> None:
        if self.coded_id == self.seen_id:
            raise InvalidInput("The code and the camera name the same product: there is nothing to ask.")


@dataclass(frozen=True, slots=True)
class WrongItemCounts:
    """How often it was asked and what was answered; the rest went unanswered."""

    asked: int
    kept: int
    replaced: int


class WrongItemRepository(Protocol):
    """What was noticed. A pair of products is the same pair whichever of them has the code."""

    def add(self, wrong_item: WrongItem, session_id: UUID | None) -> UUID:
        """Note it and return its id; raise ProductNotFound or SessionNotFound."""

    def answer(self, notice_id: UUID, answer: WrongItemAnswer) -> None:
        """Note what the cashier said; nothing happens when the notice is gone."""

    def was_noticed(self, wrong_item: WrongItem, session_id: UUID) -> bool:
        """Return whether this pair was noticed in the session."""

    def last_answers(self, wrong_item: WrongItem, limit: int) -> Sequence[WrongItemAnswer]:
        """Return what was said of this pair, newest first."""

    def counts(self, days: int) -> WrongItemCounts:
        """Count what was noticed in the last days."""

    def purge(self, older_than_days: int | None = None) -> int:
        """Forget all notices, or those older than so many days; return how many there were."""


class WrongItemService:
    """Decides whether it is worth asking, and keeps a log of it."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def notice(self, wrong_item: WrongItem, session_id: UUID | None) -> UUID | None:
        """Note that code and looks do not agree, and return the notice to ask about.

        None when it is not to be asked: a pair is asked about once in a session, and no more when it was
        found to be alike. Raises ProductNotFound or SessionNotFound.
        """
        with self._unit_of_work() as work:
            notices = work.wrong_items
            if session_id is not None and notices.was_noticed(wrong_item, session_id):
                return None
            if _is_alike(notices.last_answers(wrong_item, KEPT_TO_BE_ALIKE)):
                return None
            notice_id = notices.add(wrong_item, session_id)
            work.commit()
            return notice_id

    @retried
    def answer(self, notice_id: UUID, answer: WrongItemAnswer) -> None:
        """Note what the cashier said."""
        with self._unit_of_work() as work:
            work.wrong_items.answer(notice_id, answer)
            work.commit()

    def counts(self, days: int) -> WrongItemCounts:
        """Return how often it was asked in the last days."""
        with self._unit_of_work().reading() as work:
            return work.wrong_items.counts(days)

    @retried
    def purge(self, older_than_days: int | None = None) -> int:
        """Forget what was noticed, all or what is older; return how often it was.

        Products that were found to be alike may then be asked about again.
        """
        with self._unit_of_work() as work:
            removed = work.wrong_items.purge(older_than_days)
            work.commit()
            return removed


def _is_alike(answers: Sequence[WrongItemAnswer]) -> bool:
    return list(answers) == [WrongItemAnswer.KEPT] * KEPT_TO_BE_ALIKE
