"""What one customer leaves behind is not the next one's, and what keeps Pay or speaks against a charge."""

from __future__ import annotations

import pytest

from tests.domain.recognition.drawn_counter import HEIGHT, WIDTH
from tests.domain.recognition.test_counter_looks import BODY, CODE, A, B, Told
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import AddPiece, Ask
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import Page, PieceState, Why

HAND_OVER_IT = Box(540, 0, 200, 430)
READ_AS_B = (ReadCode("456", CODE, B),)


def charged_by_looks() -> Told:
    """A pack lies there that was charged as A without its code."""
    told = Told()
    (intent,) = told.thing(Thing(BODY, (A,), is_sure=True, may_add=True))
    assert isinstance(intent, AddPiece)
    told.counter.added(intent.operation_id)
    return told


def next_customer(told: Told) -> None:
    told.counter.ended(sold=False)
    told.counter.opened(told.now)


def test_a_nameless_thing_that_lies_still_keeps_pay_before_it_is_asked_about() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    for _ in range(10):
        assert told.look(Scene.STILL, codes=(), covered=(BODY,)) == []
    assert [piece.state for piece in told.counter.unsettled] == [PieceState.SEEN]


def test_what_was_entered_by_a_former_customer_says_nothing_about_the_next_one() -> None:
    told = Told()
    told.counter.undone(told.charged())
    told.counter.basket_is({A: 1}, by_person=True)  # that piece again, or the next one
    next_customer(told)
    told.empty()
    assert [type(intent) for intent in told.coded()] == [AddPiece]


def test_a_piece_whose_line_a_former_customer_took_out_is_no_unit_of_the_next_one() -> None:
    told = Told()
    told.counter.undone(told.charged())
    told.counter.page(Page.WAITS)
    next_customer(told)
    told.counter.basket_is({A: 1}, by_person=True)
    assert [piece.state for piece in told.counter.pieces] == [PieceState.LEFT]


def test_a_thing_that_nobody_knew_and_a_person_left_is_not_asked_of_the_next_customer() -> None:
    told = Told()
    told.thing(Thing(BODY), times=12)
    assert [piece.why for piece in told.counter.questions] == [Why.UNKNOWN]
    told.counter.leave(1)
    next_customer(told)
    assert told.thing(Thing(BODY), times=20) == []
    assert told.counter.unsettled == ()


def test_without_an_empty_counter_what_was_not_read_at_the_end_is_gone_with_its_customer() -> None:
    counter = Counter(WIDTH, HEIGHT)
    counter.opened(0.0)
    for number in range(1, 4):
        counter.look(Look(0.2 * number, Scene.STILL, number == 1, (ReadCode("123", CODE, A),)))
    counter.look(Look(0.8, Scene.MOVING, True, ()))
    for number in range(5, 10):
        counter.look(Look(0.2 * number, Scene.STILL, codes=()))
    counter.ended(sold=False)
    assert counter.pieces == []


def test_what_is_read_on_its_way_out_is_the_piece_that_leaves() -> None:
    told = Told()
    told.charged()
    told.look(Scene.MOVING, codes=(), covered=(HAND_OVER_IT,))
    for _ in range(15):
        told.look(Scene.STILL, codes=(), covered=(HAND_OVER_IT,))
    carried, blob = CODE._replace(y=600), BODY._replace(y=500, height=HEIGHT - 500)
    told.look(Scene.MOVING, codes=(ReadCode("123", carried, A),), covered=(blob,))
    assert told.empty(times=20) == []
    assert told.counter.pieces == []
    assert dict(told.counter.memory(told.now).bagged) == {A: 1}


def test_what_was_left_as_a_product_that_it_is_not_is_asked_about() -> None:
    told = charged_by_looks()
    told.counter.undone(1)
    intents = told.look(Scene.STILL, codes=READ_AS_B, covered=(BODY,))
    assert intents == [Ask(1, Why.WHICH, (B,))]


@pytest.mark.parametrize(
    ("what", "after_s"),
    [
        (Box(560, 260, 200, 190), 5),  # over the pack
        (Box(20, 520, 200, 200), 6),  # at the rim
        (Box(540, 300, 260, 420), None),  # both: an arm, or a bag
    ],
)
def test_what_may_be_an_arm_or_a_bag_is_asked_about_late_or_not(what: Box, after_s: float | None) -> None:
    told = Told()
    told.charged()
    told.look(Scene.MOVING, codes=(), covered=(what,))
    seen = (Thing(what),)
    asked = [told.look(Scene.STILL, codes=(), covered=(what,), things=seen) for _ in range(100)]
    times = [number / 5 for number, intents in enumerate(asked, 1) if intents]
    assert times == ([] if after_s is None else [pytest.approx(after_s, abs=0.3)])
