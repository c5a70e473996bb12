"""Rules that only few counters ever need, each shown alone."""

from __future__ import annotations

from tests.domain.recognition.test_counter_looks import BODY, CODE, A, B, Told
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.intents import Ask
from visionscan_kiosk.domain.recognition.looks import ReadCode, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import OutlineKind, PieceState, Spot, Why

READ = ReadCode("123", CODE, A)
UPPER = ReadCode("456", CODE._replace(y=CODE.y + 45), B)
ELSEWHERE = Box(100, 300, 300, 300)
LEFT, RIGHT = Box(100, 320, 70, 40), Box(300, 320, 70, 40)


def test_a_pack_that_was_seen_briefly_and_lies_under_another_is_asked_about() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(ReadCode("456", CODE, B),), covered=(BODY,))
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    intents = [i for _ in range(25) for i in told.look(Scene.STILL, codes=(READ,), covered=(BODY,))]

    assert [intent.why for intent in intents if isinstance(intent, Ask)] == [Why.MEANWHILE]


def test_what_came_after_a_pack_was_seen_last_may_carry_it() -> None:
    """A bag that lies still is a thing of its own by then; the pack may be in it."""
    told = Told()
    charged = told.charged()
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    for _ in range(3):
        told.look(Scene.STILL, codes=(), covered=(ELSEWHERE,))

    piece = told.counter.piece(charged)
    assert piece is not None
    assert piece.spot is Spot.BARE


def test_a_thing_that_lay_there_before_carries_nothing() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(ELSEWHERE,))
    told.look(Scene.STILL, codes=(), covered=(ELSEWHERE,), things=(Thing(ELSEWHERE, ()),))
    read = {"codes": (READ,), "covered": (BODY, ELSEWHERE)}
    told.look(Scene.MOVING, codes=(), covered=(BODY, ELSEWHERE))
    for _ in range(3):
        told.look(Scene.STILL, **read)
    told.look(Scene.MOVING, codes=(), covered=(BODY, ELSEWHERE))
    told.look(Scene.STILL, codes=(), covered=(ELSEWHERE,))

    assert not any(piece.key == A and piece.is_there for piece in told.counter.pieces)


def test_two_that_may_be_the_moved_one_are_both_asked_about_even_when_one_is_taken_away() -> None:
    told = Told()
    charged = told.charged()
    bodies = tuple(Box(code.x - 20, code.y - 20, 120, 100) for code in (LEFT, RIGHT))
    reads = tuple(ReadCode("123", code, A) for code in (LEFT, RIGHT))
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    told.look(Scene.STILL, codes=reads, covered=bodies)
    first, second = (piece for piece in told.counter.pieces if piece.id != charged)

    told.look(Scene.MOVING, codes=reads[:1], covered=bodies)
    for _ in range(25):
        told.look(Scene.STILL, codes=reads[:1], covered=bodies[:1])

    assert second not in told.counter.pieces
    assert (first.state, first.why) == (PieceState.ASKED, Why.ANOTHER)


def test_a_pack_that_was_read_since_the_movement_is_not_doubted_for_a_code_on_top_of_it() -> None:
    told = Told()
    charged = told.charged()
    told.look(Scene.STILL, codes=(UPPER,), covered=(BODY,))

    piece = told.counter.piece(charged)
    assert piece is not None
    assert piece.body == BODY
    assert piece.spot is Spot.SURE
    assert OutlineKind.CHARGED in [outline.kind for outline in told.counter.outlines]


def test_a_stalled_machine_saw_nothing_meanwhile() -> None:
    """A minute between two looks is no minute of rest: what lies there is not asked about at once."""
    told = Told()
    told.thing(Thing(BODY, ()))

    assert told.look(Scene.STILL, after=60.0, codes=(), covered=(BODY,)) == []
    assert [type(i) for _ in range(25) for i in told.look(Scene.STILL, codes=(), covered=(BODY,))] == [Ask]
