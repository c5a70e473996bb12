"""What a till knew of the pieces on its counter, kept beside its open basket so that a restart is a blink."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from visionscan_kiosk.domain.recognition.piece import Memory, PieceState
from visionscan_kiosk.domain.scan_session import SessionOutcome
from visionscan_kiosk.services.counter_memory_content import content_of, memory_of
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptMemory:
    """What is kept of a till: for which basket, as plain JSON values, and how many seconds ago."""

    session_id: UUID
    content: Mapping[str, Any]
    age_s: float


class CounterMemoryRepository(Protocol):
    """One memory a till."""

    def get(self, till_id: str) -> KeptMemory | None:
        """Return what is kept of a till, None when it is nothing."""

    def put(self, till_id: str, session_id: UUID, content: Mapping[str, Any]) -> None:
        """Keep this in place of what was there."""


class CounterMemoryService:
    """Holds numbers, names of states and ids; no picture."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def keep(self, till_id: str, session_id: UUID, memory: Memory) -> None:
        """Keep what a till knows of its counter while this basket is open."""
        with self._unit_of_work() as work:
            work.counter_memories.put(till_id, session_id, content_of(memory))
            work.commit()

    def load(self, till_id: str, session_id: UUID) -> Memory | None:
        """Return what a till knew, None when nothing is kept or it cannot be read any more.

        What was kept for another basket than this one lies there all the same: as sold, or as left.
        """
        try:
            kept, is_sold = self._kept(till_id, session_id)
        except (ValueError, RecursionError) as error:
            _LOG.warning("what the till knew of its counter is no JSON that can be read: %s", error)
            return None
        memory = None if kept is None else memory_of(kept.content, kept.age_s)
        if memory is None or kept is None or kept.session_id == session_id:
            return memory
        return _of_before(memory, is_sold=is_sold)

    def _kept(self, till_id: str, session_id: UUID) -> tuple[KeptMemory | None, bool]:
        """Return what is kept, and whether it was another basket that was sold."""
        with self._unit_of_work().reading() as work:
            kept = work.counter_memories.get(till_id)
            if kept is None or kept.session_id == session_id:
                return kept, False
            return kept, work.sessions.get(kept.session_id).outcome is SessionOutcome.SOLD


def _of_before(memory: Memory, *, is_sold: bool) -> Memory:
    """Return what a former customer's pieces are to the next one."""
    charged = PieceState.SOLD if is_sold else PieceState.LEFT
    pieces = tuple(
        piece._replace(
            state=charged if piece.has_line else _left(piece.state),
            why=None,
            maybe=None,
            is_theirs=False,
            keeps_line=False,
            was_asked=piece.is_left_for_good or (is_sold and piece.has_line),
        )
        for piece in memory.pieces
        if piece.is_there
    )
    return Memory(pieces, {}, memory.is_whole)


def _left(state: PieceState) -> PieceState:
    return state if state is PieceState.SOLD else PieceState.LEFT
