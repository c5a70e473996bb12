"""What a restarted till knows of its counter, when the database does not answer at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.flow.test_counter_cases import LEFT, MIDDLE, kinds, lay, oat_milk
from visionscan_kiosk.domain.errors import DatabaseUnavailable, KioskError, TransientConflict
from visionscan_kiosk.domain.recognition.piece import Memory
from visionscan_kiosk.gui.views import OutlineKind
from visionscan_kiosk.services.counter_memory import CounterMemoryService

Lose = Callable[[int, KioskError], list[UUID]]


@pytest.fixture
def lose(monkeypatch: pytest.MonkeyPatch) -> Lose:
    """Lose so many answers of those who read the memory; return for which baskets it was asked."""
    load = CounterMemoryService.load

    def lost(times: int, error: KioskError) -> list[UUID]:
        asked: list[UUID] = []

        def answer(self: CounterMemoryService, till_id: str, session_id: UUID) -> Memory | None:
            asked.append(session_id)
            if len(asked) <= times:
                raise error
            return load(self, till_id, session_id)

        monkeypatch.setattr(CounterMemoryService, "load", answer)
        return asked

    return lost


@pytest.fixture
def filled(till: Till) -> Till:
    """Two packs lie there, and the basket holds both."""
    till.lay()
    lay(till, LEFT, MIDDLE)
    till.rest(1000)
    assert oat_milk(till) == 2
    return till


LOST: Any = [DatabaseUnavailable("The connection to the database was lost."), TransientConflict("Again.")]


@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize("times", [1, 3])
def test_a_lost_answer_is_asked_for_again(filled: Till, lose: Lose, times: int, error: KioskError) -> None:
    asked = lose(times, error)

    again = filled.restarted()
    assert kinds(again) == []
    again.rest(2000 * times + 3000)

    assert len(asked) == times + 1
    assert (oat_milk(again), kinds(again)) == (2, [OutlineKind.SURE, OutlineKind.SURE])
    assert not again.flow.goods.is_open


def test_a_memory_that_cannot_be_read_at_all_stops_nothing(filled: Till, lose: Lose) -> None:
    asked = lose(9, KioskError("It cannot be read."))

    again = filled.restarted()
    again.rest(6000)

    assert len(asked) == 1
    assert again.flow.goods.is_open, "without memory everything is asked about"


def test_the_next_basket_goes_on_from_a_memory_that_was_not_read_for_the_first(
    filled: Till, lose: Lose
) -> None:
    asked = lose(1, LOST[0])
    again = filled.restarted()
    first = again.flow.basket.basket
    assert first is not None

    again.services.sessions.end_session(first.session.id)
    again.rest(9000)

    assert asked[0] == first.session.id
    assert len(set(asked)) == 2
    assert oat_milk(again) == 0
    assert kinds(again) == [OutlineKind.ASK, OutlineKind.ASK]


def test_goods_are_judged_when_the_database_comes_back(filled: Till) -> None:
    again = filled.restarted(is_database_away=True)
    again.rest(3000)
    assert kinds(again) == []

    again.tasks.is_database_away = False
    again.rest(12_000)

    assert (oat_milk(again), kinds(again)) == (2, [OutlineKind.SURE, OutlineKind.SURE])
