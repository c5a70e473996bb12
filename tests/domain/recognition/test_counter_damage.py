"""What a restart finds damaged: nothing raises, nothing is charged on the strength of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.domain.recognition.test_counter_looks import BODY, CODE, PIECE, A, B, Told, restarted
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.intents import AddPiece, Ask, Intent
from visionscan_kiosk.domain.recognition.looks import ReadCode, Scene
from visionscan_kiosk.domain.recognition.piece import Memory, PieceState, Why

FAR = Box(60, 500, 150, 110)
OTHER = PIECE._replace(place=Box(0, 0, 10**400, 5))


def look_at(told: Told, product: UUID) -> list[Intent]:
    """See a pack at rest that was not remembered."""
    code = ReadCode("9", Box(100, 520, 70, 40), product)
    return told.look(Scene.STILL, codes=(code,), covered=(FAR,))


@pytest.mark.parametrize(
    "fields",
    [
        {"maybe": "x"},
        {"maybe": [1]},
        {"maybe": 0.5},
        {"maybe": True},
        {"age_s": 10**400},
        {"age_s": float("nan")},
        {"place": Box(10**400, 0, 5, 5)},
        {"body": Box(0, 0, 10**400, 5)},
        {"code": Box(0, 0, float("nan"), 5)},  # type: ignore[arg-type]
    ],
)
def test_a_value_that_cannot_have_been_written_raises_nothing(fields: dict[str, Any]) -> None:
    new = restarted(Told(), Memory((PIECE, PIECE._replace(**fields))), {A: 2})

    assert new.counter.pieces[0].state is PieceState.IN_BASKET
    assert all(piece.maybe is None for piece in new.counter.pieces)
    new.empty()


@pytest.mark.parametrize(
    "memory",
    [Memory((OTHER,)), Memory((), is_whole=False), Memory((PIECE,) * 201)],
    ids=["box", "read", "many"],
)
def test_what_was_left_out_is_asked_about_when_it_is_seen(memory: Memory) -> None:
    """It may be what another customer left, so it is not charged unasked."""
    new = restarted(Told(), memory, {A: 200})
    seen = [look_at(new, B) for _ in range(3)]

    assert [intent.why for told in seen for intent in told if isinstance(intent, Ask)] == [Why.STILL_HERE]


def test_after_a_whole_memory_what_is_new_is_charged() -> None:
    new = restarted(Told(), Memory(()), {})

    assert any(isinstance(intent, AddPiece) for _ in range(3) for intent in look_at(new, B))


def test_may_be_never_goes_round_in_a_circle() -> None:
    """Three that may be each other: whoever follows the links comes to an end."""
    asked = PIECE._replace(state=PieceState.SEEN, code=CODE, body=BODY)
    ring = tuple(asked._replace(maybe=number) for number in (1, 2, 0))

    new = restarted(Told(), Memory(ring), {})

    for piece in new.counter.pieces:
        passed, other = [piece], piece.maybe
        while other is not None:
            assert other not in passed
            passed.append(other)
            other = other.maybe
