"""What the till knew of its counter outlives the program, and no damage to it stops a till."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.piece import Memory, PieceState, Remembered, Why
from visionscan_kiosk.services.counter_memory import CounterMemoryService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory

MILK = uuid4()


@pytest.fixture
def memories(services: KioskServices) -> CounterMemoryService:
    return services.counter_memories


def piece(state: PieceState, **fields: Any) -> Remembered:
    values: dict[str, Any] = {
        "key": MILK,
        "product": MILK,
        "candidates": (),
        "state": state,
        "why": None,
        "place": Box(1, 2, 3, 4),
        "code": Box(1, 2, 3, 4),
        "body": None,
        "text": "4006381333931",
        "age_s": 1.5,
        "is_theirs": True,
        "was_asked": False,
        "may_add": True,
        "is_there": True,
        "is_from_start": False,
        "is_replaced": False,
        "maybe": None,
    }
    return Remembered(**values | fields)


def open_session(services: KioskServices, till: str = "till-1") -> UUID:
    return services.sessions.open_basket(till).session.id


def without_ages(memory: Memory | None) -> tuple[Remembered, ...]:
    assert memory is not None
    return tuple(piece._replace(age_s=0.0, charged_age_s=0.0) for piece in memory.pieces)


def test_every_field_comes_back(services: KioskServices, memories: CounterMemoryService) -> None:
    session = open_session(services)
    pieces = (
        piece(PieceState.IN_BASKET, charged_age_s=7.5),
        piece(PieceState.ASKED, why=Why.ANOTHER, maybe=0, is_there=False),
        piece(
            PieceState.SEEN, key="00012345", product=None, candidates=(MILK, uuid4()), body=Box(5, 6, 7, 8)
        ),
        piece(PieceState.SEEN, key=None, product=None, code=None),
    )
    memories.keep("till-1", session, Memory(pieces, {MILK: 2}))
    loaded = memories.load("till-1", session)
    assert without_ages(loaded) == tuple(one._replace(age_s=0.0, charged_age_s=0.0) for one in pieces)
    assert loaded is not None
    assert loaded.bagged == {MILK: 2}
    assert loaded.pieces[0].age_s >= 1.5
    assert loaded.pieces[0].charged_age_s >= 7.5


def test_a_till_that_kept_nothing_knows_nothing(
    services: KioskServices, memories: CounterMemoryService
) -> None:
    assert memories.load("till-1", open_session(services)) is None


def test_what_was_kept_for_a_sold_basket_is_sold(
    services: KioskServices, memories: CounterMemoryService, make_product: Any
) -> None:
    session, product = open_session(services), make_product()
    services.sessions.add_product(session, product.id)
    memories.keep(
        "till-1",
        session,
        Memory((piece(PieceState.IN_BASKET), piece(PieceState.ASKED, why=Why.WHICH)), {MILK: 1}),
    )
    services.checkout.check_out(session)
    loaded = memories.load("till-1", open_session(services))
    assert loaded is not None
    assert [one.state for one in loaded.pieces] == [PieceState.SOLD, PieceState.LEFT]
    assert not any(one.is_theirs for one in loaded.pieces)
    assert loaded.bagged == {}


def test_what_was_kept_for_an_ended_basket_is_left(
    services: KioskServices, memories: CounterMemoryService
) -> None:
    session = open_session(services)
    gone = piece(PieceState.ASKED, why=Why.WHICH, is_there=False)
    memories.keep("till-1", session, Memory((piece(PieceState.IN_BASKET), gone)))
    services.sessions.end_session(session)
    loaded = memories.load("till-1", open_session(services))
    assert loaded is not None
    assert [one.state for one in loaded.pieces] == [PieceState.LEFT]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"version": 99, "pieces": [], "bagged": {}},
        {"version": 1, "pieces": [{}], "bagged": {}},
        {"version": 1, "pieces": [], "bagged": {"no id": 1}},
        {"version": 1, "pieces": [{"key": 7}], "bagged": {}},
        {"version": 1, "pieces": "many", "bagged": []},
        [1, 2],
    ],
)
def test_what_cannot_be_read_is_left_out(
    services: KioskServices,
    memories: CounterMemoryService,
    unit_of_work: UnitOfWorkFactory,
    content: Any,
) -> None:
    session = open_session(services)
    with unit_of_work() as work:
        work.counter_memories.put("till-1", session, content)
        work.commit()
    assert memories.load("till-1", session) is None


def test_what_was_kept_before_the_order_of_charges_was_kept_is_read(
    services: KioskServices, memories: CounterMemoryService, unit_of_work: UnitOfWorkFactory
) -> None:
    session = open_session(services)
    memories.keep("till-1", session, Memory((piece(PieceState.IN_BASKET),)))
    with unit_of_work() as work:
        kept = work.counter_memories.get("till-1")
        assert kept is not None
        del kept.content["pieces"][0]["charged_age_s"], kept.content["pieces"][0]["keeps_line"]
        work.counter_memories.put("till-1", session, kept.content)
        work.commit()
    loaded = memories.load("till-1", session)
    assert loaded is not None
    assert [one.state for one in loaded.pieces] == [PieceState.IN_BASKET]


def test_what_was_asked_while_its_line_stood_is_sold_with_it(
    services: KioskServices, memories: CounterMemoryService, make_product: Any
) -> None:
    session = open_session(services)
    services.sessions.add_product(session, make_product().id)
    memories.keep("till-1", session, Memory((piece(PieceState.ASKED, why=Why.WHICH, keeps_line=True),)))
    services.checkout.check_out(session)
    loaded = memories.load("till-1", open_session(services))
    assert loaded is not None
    assert [(one.state, one.keeps_line) for one in loaded.pieces] == [(PieceState.SOLD, False)]


@pytest.mark.parametrize("field", ["state", "why", "place", "candidates", "age_s", "charged_age_s"])
def test_a_damaged_piece_leaves_out_all(
    services: KioskServices, memories: CounterMemoryService, unit_of_work: UnitOfWorkFactory, field: str
) -> None:
    session = open_session(services)
    memories.keep("till-1", session, Memory((piece(PieceState.ASKED, why=Why.WHICH),)))
    with unit_of_work() as work:
        kept = work.counter_memories.get("till-1")
        assert kept is not None
        kept.content["pieces"][0][field] = "nonsense"
        work.counter_memories.put("till-1", session, kept.content)
        work.commit()
    assert memories.load("till-1", session) is None
