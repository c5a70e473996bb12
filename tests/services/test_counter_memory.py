"""What the till knew of its counter outlives the program, and no damage to it stops a till."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy import text as sql

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.looks import Look, Scene
from visionscan_kiosk.domain.recognition.piece import Memory, PieceState, Remembered, Why
from visionscan_kiosk.domain.recognition.remembering import MOST_PIECES
from visionscan_kiosk.services.counter_memory import CounterMemoryService
from visionscan_kiosk.services.counter_memory_content import content_of, memory_of
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
        {"version": 1, "pieces": "many", "bagged": {}},
        {"version": 1, "pieces": [], "bagged": []},
        {"version": 1, "pieces": None, "bagged": {}},
        {"version": 1, "bagged": {}},
        [1, 2],
        "nothing",
        7,
    ],
)
def test_what_is_no_memory_is_left_out(
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


DAMAGES: list[tuple[str, Any]] = [
    *(("maybe", value) for value in ("x", [0], {}, 0.5, True, -1, 10**400)),
    *(("age_s", value) for value in ("old", None, True, -1, 10**400, [1])),
    *(("place", value) for value in (None, "here", [], [1, 2, 3], [1, 2, 3, 4, 5], {"x": 1}, 7)),
    *(("place", [0, 0, 10, side]) for side in (0, -1, 10**400, 1.5, "4", None, True)),
    *((name, [10**400, 0, 10, 10]) for name in ("place", "code", "body")),
    *(("candidates", value) for value in (None, "many", [7], [None], ["no id"], {}, [[]], 3)),
    *((name, value) for name in ("state", "why") for value in ("nonsense", 7, True, [], {})),
    ("state", None),
    *(("key", value) for value in (7, True, "no id", [], {"code": 7}, {"code": None}, {})),
    *(("product", value) for value in (7, True, "no id", {})),
    *(("text", value) for value in (None, 7, [])),
    *((name, value) for name in ("is_there", "is_theirs", "was_asked") for value in ("true", 1, None)),
]


def changed(change: Callable[[Any], object]) -> Memory | None:
    """What is read after somebody else changed what was kept."""
    charged, asked = piece(PieceState.IN_BASKET), piece(PieceState.ASKED, why=Why.ANOTHER, maybe=0)
    content = json.loads(json.dumps(content_of(Memory((asked, charged, asked, asked), {MILK: 2}))))
    change(content)
    return memory_of(content, 1.0)


@pytest.mark.parametrize(("field", "value"), DAMAGES)
def test_a_damaged_piece_is_left_out_alone(field: str, value: Any) -> None:
    loaded = changed(lambda content: content["pieces"][2].update({field: value}))

    assert loaded is not None
    assert [one.state for one in loaded.pieces] == [PieceState.ASKED, PieceState.IN_BASKET, PieceState.ASKED]
    assert not loaded.is_whole
    assert loaded.bagged == {MILK: 2}


def test_who_a_piece_may_be_is_found_after_others_were_left_out() -> None:
    def change(content: Any) -> None:
        content["pieces"][0]["place"] = None
        content["pieces"][2]["maybe"], content["pieces"][3]["maybe"] = 1, 0

    loaded = changed(change)

    assert loaded is not None
    assert [one.maybe for one in loaded.pieces] == [None, 0, None]


@pytest.mark.parametrize("name", ["key", "product", "candidates", "state", "place", "text", "age_s"])
def test_a_piece_without_what_was_always_written_is_left_out(name: str) -> None:
    loaded = changed(lambda content: content["pieces"][1].pop(name))

    assert loaded is not None
    assert len(loaded.pieces) == 3


def test_what_another_program_wrote_besides_is_ignored() -> None:
    nested: list[Any] = []
    for _ in range(100):
        nested = [nested]

    loaded = changed(lambda content: content["pieces"][1].update({"colour": nested}))

    assert loaded is not None
    assert len(loaded.pieces) == 4
    assert loaded.is_whole


@pytest.mark.parametrize("count", [0, -1, "3", True, 1.5, None, 10**400, []])
def test_units_that_cannot_be_are_left_out_alone(count: Any) -> None:
    loaded = changed(lambda content: content["bagged"].update({str(uuid4()): count, "no id": 1}))

    assert loaded is not None
    assert loaded.bagged == {MILK: 2}


def test_no_more_pieces_are_read_than_ever_lie_on_a_counter() -> None:
    loaded = changed(lambda content: content.update(pieces=content["pieces"][:1] * 5000))

    assert loaded is not None
    assert len(loaded.pieces) == MOST_PIECES
    assert not loaded.is_whole


@pytest.mark.parametrize("text", ["9" * 5000, "1e400", "[" * 3000 + "]" * 3000])
def test_json_that_python_cannot_read_is_left_out(
    services: KioskServices, memories: CounterMemoryService, engine: Engine, text: str
) -> None:
    session = open_session(services)
    memories.keep("till-1", session, Memory((piece(PieceState.SEEN),)))
    damage = "UPDATE counter_memories SET content = jsonb_set(content, '{pieces,0,age_s}', CAST(:t AS jsonb))"
    with engine.begin() as connection:
        connection.execute(sql(damage), {"t": text})

    loaded = memories.load("till-1", session)

    assert loaded is None or not loaded.is_whole


@pytest.mark.parametrize(("field", "value"), [*DAMAGES, ("age_s", float("nan")), ("age_s", float("inf"))])
def test_a_counter_goes_on_with_whatever_is_left(field: str, value: Any) -> None:
    content: Any = json.loads(
        json.dumps(content_of(Memory((piece(PieceState.SEEN), piece(PieceState.LEFT)))))
    )
    content["pieces"][1][field] = value
    counter = Counter(1280, 720)

    counter.opened(5.0, {}, memory_of(content, 1.0))
    counter.look(Look(6.0, Scene.STILL, codes=(), covered=()))

    assert len(counter.pieces) <= 1
