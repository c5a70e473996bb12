"""What a till knew of the pieces on its counter, kept beside its open basket so that a restart is a blink."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.piece import Memory, PieceState, Remembered, Why
from visionscan_kiosk.domain.scan_session import SessionOutcome
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

_LOG = logging.getLogger(__name__)
_VERSION = 1


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
            work.counter_memories.put(till_id, session_id, _content(memory))
            work.commit()

    def load(self, till_id: str, session_id: UUID) -> Memory | None:
        """Return what a till knew, None when nothing is kept or it cannot be read any more.

        What was kept for another basket than this one lies there all the same: as sold, or as left.
        """
        with self._unit_of_work().reading() as work:
            kept = work.counter_memories.get(till_id)
            if kept is None:
                return None
            is_sold = (
                kept.session_id != session_id
                and work.sessions.get(kept.session_id).outcome is SessionOutcome.SOLD
            )
        memory = _memory(kept)
        if memory is None or kept.session_id == session_id:
            return memory
        return _of_before(memory, is_sold=is_sold)


def _of_before(memory: Memory, *, is_sold: bool) -> Memory:
    """Return what a former customer's pieces are to the next one."""
    charged = PieceState.SOLD if is_sold else PieceState.LEFT
    pieces = tuple(
        piece._replace(
            state=charged if _has_line(piece) else _left(piece.state),
            why=None,
            maybe=None,
            is_theirs=False,
            keeps_line=False,
            was_asked=piece.is_left_for_good or (is_sold and _has_line(piece)),
        )
        for piece in memory.pieces
        if piece.is_there
    )
    return Memory(pieces, {})


def _has_line(piece: Remembered) -> bool:
    return piece.state is PieceState.IN_BASKET or (piece.state is PieceState.ASKED and piece.keeps_line)


def _left(state: PieceState) -> PieceState:
    return state if state is PieceState.SOLD else PieceState.LEFT


def _content(memory: Memory) -> Mapping[str, Any]:
    return {
        "version": _VERSION,
        "pieces": [_piece_content(piece) for piece in memory.pieces],
        "bagged": {str(product): count for product, count in memory.bagged.items()},
    }


def _piece_content(piece: Remembered) -> Mapping[str, Any]:
    kept = piece._asdict()
    return kept | {
        "key": {"code": piece.key} if isinstance(piece.key, str) else _text(piece.key),
        "product": _text(piece.product),
        "candidates": [str(product) for product in piece.candidates],
        "state": piece.state.value,
        "why": None if piece.why is None else piece.why.value,
        "age_s": round(piece.age_s, 2),
        "charged_age_s": round(piece.charged_age_s, 2),
    }


def _text(product: UUID | None) -> str | None:
    return None if product is None else str(product)


def _memory(kept: KeptMemory) -> Memory | None:
    """Read what was kept; what another version wrote, or somebody else changed, is left out as a whole."""
    try:
        if kept.content["version"] != _VERSION:
            return None
        pieces = tuple(_piece(entry, kept.age_s) for entry in kept.content["pieces"])
        bagged = {UUID(product): int(count) for product, count in kept.content["bagged"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _LOG.warning("what the till knew of its counter cannot be read, it looks anew: %s", error)
        return None
    return Memory(pieces, {product: count for product, count in bagged.items() if count > 0})


def _piece(entry: Mapping[str, Any], further_s: float) -> Remembered:
    key, why = entry["key"], entry["why"]
    return Remembered(
        **{
            **entry,
            "key": str(key["code"]) if isinstance(key, Mapping) else _product(key),
            "product": _product(entry["product"]),
            "candidates": tuple(UUID(product) for product in entry["candidates"]),
            "state": PieceState(entry["state"]),
            "why": None if why is None else Why(why),
            "place": _box(entry["place"]),
            "code": _box_or_none(entry["code"]),
            "body": _box_or_none(entry["body"]),
            "age_s": _older(entry["age_s"], further_s),
            "charged_age_s": _older(entry.get("charged_age_s", 0.0), further_s),
        }
    )


def _older(age_s: float, further_s: float) -> float:
    return max(0.0, float(age_s)) + max(0.0, further_s)


def _product(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _box(sides: list[int]) -> Box:
    x, y, width, height = (int(side) for side in sides)
    return Box(x, y, max(0, width), max(0, height))


def _box_or_none(sides: list[int] | None) -> Box | None:
    return None if sides is None else _box(sides)
