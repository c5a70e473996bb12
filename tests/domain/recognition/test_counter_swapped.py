"""A code is read where something lies that was charged as another product: the same thing, or another one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.domain.recognition.drawn_counter import product_of
from tests.domain.recognition.test_counter_looks import BODY, CODE, A, B, C, Told
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.intents import AddPiece, Ask, ExchangePiece, Intent
from visionscan_kiosk.domain.recognition.looks import ReadCode, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import PieceState, Why

D = product_of("D")
HAND_AT_IT = Box(540, 0, 200, 430)
READ_AS_B = (ReadCode("456", CODE, B),)


def charged_by_looks() -> Told:
    told = Told()
    confirm(told, told.thing(Thing(BODY, (A,), is_sure=True, may_add=True)))
    return told


def charged_by_word() -> Told:
    """A person said that the thing is an A."""
    told = Told()
    told.thing(Thing(BODY), times=12)
    confirm(told, told.counter.answer(1, A))
    return told


def confirm(told: Told, intents: list[Intent]) -> None:
    (intent,) = intents
    assert isinstance(intent, AddPiece | ExchangePiece)
    told.counter.added(intent.operation_id)


def read(told: Told, times: int = 3) -> list[Intent]:
    return [i for _ in range(times) for i in told.look(Scene.STILL, codes=READ_AS_B, covered=(BODY,))]


def moved_elsewhere(told: Told) -> None:
    told.look(Scene.MOVING, codes=(), covered=(BODY, Box(20, 0, 100, 200)))


def hand_at_it(told: Told) -> None:
    told.look(Scene.MOVING, codes=(), covered=(HAND_AT_IT,))


def dark(told: Told) -> None:
    told.look(Scene.BLIND)


def stalled(told: Told) -> None:
    told.look(Scene.MOVING, after=0.5, codes=(), covered=(BODY,))


def not_looked_at(told: Told) -> None:
    told.look(Scene.MOVING, codes=())


UNSEEN = pytest.mark.parametrize("happens", [hand_at_it, dark, stalled, not_looked_at])


def states(told: Told) -> list[tuple[UUID | None, PieceState]]:
    return [(piece.product, piece.state) for piece in told.counter.pieces]


def test_what_looks_took_for_another_is_exchanged_while_nothing_was_at_it() -> None:
    told = charged_by_looks()
    moved_elsewhere(told)
    confirm(told, read(told, times=1))
    assert states(told) == [(B, PieceState.IN_BASKET)]


def test_what_a_person_said_stands_until_they_are_asked() -> None:
    told = charged_by_word()
    moved_elsewhere(told)
    assert read(told) == [Ask(1, Why.WHICH, (B, A))]
    assert [piece.has_line for piece in told.counter.pieces] == [True]
    assert told.counter.outlines[0].kind == "asked"


def test_they_may_say_that_the_code_is_right() -> None:
    told = charged_by_word()
    read(told)
    confirm(told, told.counter.answer(1, B))
    assert read(told) == []
    assert states(told) == [(B, PieceState.IN_BASKET)]


def test_or_that_it_is_what_they_said_and_are_not_asked_again() -> None:
    told = charged_by_word()
    read(told)
    assert told.counter.answer(1, A) == []
    moved_elsewhere(told)
    assert read(told) == []
    assert states(told) == [(A, PieceState.IN_BASKET)]


@UNSEEN
@pytest.mark.parametrize("charged", [charged_by_looks, charged_by_word])
def test_when_a_hand_may_have_been_at_it_nobody_knows(
    charged: Callable[[], Told], happens: Callable[[Told], None]
) -> None:
    told = charged()
    happens(told)
    assert read(told) == [Ask(2, Why.SWAPPED, (B,))]
    assert states(told) == [(A, PieceState.IN_BASKET), (B, PieceState.ASKED)]


def swapped() -> Told:
    told = charged_by_looks()
    hand_at_it(told)
    read(told)
    return told


def test_then_it_may_be_one_more() -> None:
    told = swapped()
    confirm(told, told.counter.answer(2, B))
    assert read(told) == []
    assert states(told) == [(A, PieceState.IN_BASKET), (B, PieceState.IN_BASKET)]


def test_or_the_same_thing_in_place_of_what_it_was_taken_for() -> None:
    told = swapped()
    confirm(told, told.counter.instead(2))
    assert read(told) == []
    assert states(told) == [(B, PieceState.IN_BASKET)]


@pytest.mark.parametrize("say", [lambda told: told.counter.answer(2, A), lambda told: told.counter.same(2)])
def test_or_what_it_was_taken_for_and_then_it_is_charged_once(
    say: Callable[[Told], list[Intent] | None],
) -> None:
    told = swapped()
    assert not say(told)
    hand_at_it(told)
    assert read(told) == []
    assert states(told) == [(A, PieceState.IN_BASKET)]


def test_or_something_else_which_is_one_more() -> None:
    told = swapped()
    confirm(told, told.counter.answer(2, C))
    assert states(told) == [(A, PieceState.IN_BASKET), (C, PieceState.IN_BASKET)]


def test_instead_of_what_was_taken_out_meanwhile_it_is_added() -> None:
    told = swapped()
    told.counter.basket_is({}, by_person=True)
    (intent,) = told.counter.instead(2)
    assert isinstance(intent, AddPiece)


def test_what_was_taken_away_before_the_answer_may_have_been_the_charged_one() -> None:
    told = swapped()
    told.empty()
    assert [piece.is_there for piece in told.counter.questions] == [False]
    confirm(told, told.counter.instead(2))
    assert dict(told.counter.memory(told.now).bagged) == {B: 1}
    assert told.counter.pieces == []


def test_a_restart_is_a_long_blink() -> None:
    told = charged_by_looks()
    kept, new = told.counter.memory(told.now), Told()
    new.counter.opened(new.now, {A: 1}, kept)
    assert [type(intent) for intent in read(new)] == [Ask]


def test_a_code_that_no_product_has_is_asked_about_as_such() -> None:
    told = charged_by_looks()
    hand_at_it(told)
    unknown = (ReadCode("789", CODE, None),)
    asked = [i for _ in range(3) for i in told.look(Scene.STILL, codes=unknown, covered=(BODY,))]
    assert asked == [Ask(2, Why.NO_PRODUCT, (A,))]


def test_what_is_read_where_one_lay_under_another_may_be_an_equal_one() -> None:
    """The charged one may have been taken with a hand that laid the other one there."""
    told = Told()
    told.charged()
    told.look(Scene.MOVING, codes=(), covered=(HAND_AT_IT,))
    for _ in range(8):
        told.look(Scene.STILL, codes=READ_AS_B, covered=(BODY,))
    told.look(Scene.MOVING, codes=(), covered=(HAND_AT_IT,))
    for _ in range(20):
        told.look(Scene.STILL, codes=(ReadCode("123", CODE, A),), covered=(BODY,))
    assert [(piece.product, piece.why) for piece in told.counter.questions] == [(A, Why.ANOTHER)]


@pytest.mark.parametrize(("looks", "asks"), [(2, []), (12, [(A, Why.ANOTHER)])])
def test_what_is_read_only_on_its_way_out_is_the_piece_that_lay_there(
    looks: int, asks: list[tuple[UUID, Why]]
) -> None:
    """Lying there for longer it was put down, also while something moves."""
    told = Told()
    told.charged()
    below = (ReadCode("123", CODE._replace(y=560), A),)
    arm, other = Box(540, 400, 200, 320), Box(520, 280, 230, 150)
    for _ in range(looks):
        told.look(Scene.MOVING, codes=below, covered=(HAND_AT_IT, arm))
    for _ in range(4):
        told.look(Scene.MOVING, codes=READ_AS_B, covered=(other,))
    read(told, times=5)
    assert [(piece.product, piece.why) for piece in told.counter.questions] == asks


def test_of_equal_packs_that_lay_on_each_other_none_is_charged_again() -> None:
    """Both are read, moved apart: the code where the charged one lay is not read for two pieces."""
    told, apart = Told(), (BODY, BODY._replace(x=BODY.x + 300))
    there, over, beside, aside = (ReadCode("123", Box(x, 320, 20, 40), A) for x in (690, 702, 695, 994))
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    for _ in range(3):
        intents = told.look(Scene.STILL, codes=(there,), covered=(BODY,))
        told.counter.added(next((one.operation_id for one in intents if isinstance(one, AddPiece)), uuid4()))
    told.look(Scene.MOVING, codes=(over,), covered=(HAND_AT_IT,))
    for _ in range(2):
        told.look(Scene.MOVING, codes=(beside, aside), covered=(*apart, Box(700, 0, 60, 90)))
    rest = [told.look(Scene.STILL, codes=(beside, aside), covered=apart) for _ in range(6)]
    rest += [told.look(Scene.STILL, codes=(there, aside), covered=apart) for _ in range(20)]
    assert [intent for intents in rest for intent in intents if isinstance(intent, AddPiece)] == []
    assert [piece.why for piece in told.counter.questions] == [Why.ANOTHER, Why.ANOTHER]


def test_the_code_of_what_may_be_swapped_is_not_the_charged_one_s() -> None:
    """It is read there again when the question is left: no second piece fights for it."""
    told = swapped()
    told.counter.leave(2)
    for _ in range(3):
        hand_at_it(told)
        assert [intent for intent in read(told) if not isinstance(intent, Ask)] == []
    assert (A, PieceState.IN_BASKET) in states(told)
    assert [piece.text for piece in told.counter.pieces if piece.product == A] == [""]


# ---- what was said stays said --------------------------------------------------------------------

ASIDE, READ_ASIDE = BODY._replace(x=BODY.x + 300), (ReadCode("456", CODE._replace(x=CODE.x + 300), B),)


def pushed(told: Told, *covered: Box) -> list[Intent]:
    """A hand pushes it aside, and its code is read there."""
    told.look(Scene.MOVING, codes=(), covered=(Box(560, 0, 450, 430),))
    seen = {"codes": READ_ASIDE, "covered": (ASIDE, *covered)}
    return [intent for _ in range(20) for intent in told.look(Scene.STILL, **seen)]


def charges(intents: list[Intent]) -> list[Intent]:
    return [intent for intent in intents if isinstance(intent, AddPiece | ExchangePiece)]


@pytest.mark.parametrize("told", [charged_by_word, swapped], ids=["named", "swapped"])
def test_what_a_person_said_against_the_code_is_charged_once_when_it_is_pushed(
    told: Callable[[], Told],
) -> None:
    one = told()
    read(one)
    assert one.counter.answer(one.counter.questions[0].id, A) == []
    read(one)
    assert charges(pushed(one)) == []
    assert states(one) == [(A, PieceState.IN_BASKET)]


def test_and_is_not_the_next_customer_s_either() -> None:
    told = charged_by_word()
    read(told)
    told.counter.answer(1, A)
    told.counter.ended(sold=True)
    told.counter.opened(told.now)
    assert charges(pushed(told)) == []


def entered_while_it_lay_there() -> Told:
    told = Told()
    told.thing(Thing(BODY, (A, C)), times=6)
    told.counter.basket_is({A: 1}, by_person=True)
    return told


def exchanged_by_hand() -> Told:
    told = charged_by_looks()
    told.counter.exchanged(1, A, C)
    return told


@pytest.mark.parametrize("said", [entered_while_it_lay_there, exchanged_by_hand])
def test_whichever_way_a_person_said_it_they_are_asked(said: Callable[[], Told]) -> None:
    told = said()
    moved_elsewhere(told)
    assert [type(intent) for intent in read(told)] == [Ask]


def test_a_code_that_is_read_while_the_answer_is_being_written_asks() -> None:
    told = Told()
    told.thing(Thing(BODY), times=12)
    (add,) = told.counter.answer(1, A)
    assert isinstance(add, AddPiece)
    read(told)
    assert told.counter.added(add.operation_id) == [Ask(1, Why.WHICH, (B, A))]
    assert [piece.has_line for piece in told.counter.pieces] == [True]


def test_entering_the_product_of_the_code_answers_that_it_is_one_more() -> None:
    told = swapped()
    told.counter.basket_is({A: 1, B: 1}, by_person=True)
    assert states(told) == [(A, PieceState.IN_BASKET), (B, PieceState.IN_BASKET)]
    assert told.counter.unsettled == ()


def test_instead_is_meant_of_the_charged_one_wherever_both_are_by_now() -> None:
    told = swapped()
    pushed(told, HAND_AT_IT)
    for piece in told.counter.questions:
        if piece.why is Why.ANOTHER:
            told.counter.same(piece.id)
    confirm(told, told.counter.instead(2))
    assert [product for product, state in states(told) if state is PieceState.IN_BASKET] == [B]


def test_instead_waits_for_what_is_on_its_way() -> None:
    told = charged_by_looks()
    (exchange,) = told.counter.answer(1, C)
    hand_at_it(told)
    read(told)
    assert told.counter.instead(2) == []
    assert isinstance(exchange, ExchangePiece)
    told.counter.added(exchange.operation_id)
    (again,) = told.counter.instead(2)
    assert isinstance(again, ExchangePiece)
    assert (again.before, again.product) == (C, B)


def test_a_code_without_a_product_may_be_on_the_charged_one_too() -> None:
    told, unknown = charged_by_looks(), (ReadCode("789", CODE, None),)
    hand_at_it(told)
    for _ in range(3):
        told.look(Scene.STILL, codes=unknown, covered=(BODY,))
    assert told.counter.answer(2, A) == []
    assert states(told) == [(A, PieceState.IN_BASKET)]


def test_once_the_shop_knows_that_code_it_is_still_asked_about() -> None:
    told = charged_by_looks()
    hand_at_it(told)
    for product in (None, None, D, D):
        told.look(Scene.STILL, codes=(ReadCode("789", CODE, product),), covered=(BODY,))
    assert [(piece.product, piece.why) for piece in told.counter.questions] == [(D, Why.SWAPPED)]


def test_a_product_made_for_the_code_does_not_change_what_is_charged() -> None:
    told = charged_by_word()
    for product in (None, None, D, D):
        told.look(Scene.STILL, codes=(ReadCode("789", CODE, product),), covered=(BODY,))
    assert [(one.product, one.has_line) for one in told.counter.pieces] == [(A, True)]


@pytest.mark.parametrize(
    "say", [lambda told: told.counter.same(2), lambda told: told.counter.answer(2, A)], ids=["same", "answer"]
)
def test_the_charged_one_may_be_in_the_bag_to_the_till(say: Callable[[Told], list[Intent] | None]) -> None:
    told = swapped()
    pushed(told)
    for piece in told.counter.questions:
        if piece.why is Why.ANOTHER:
            told.counter.same(piece.id)
    assert not say(told)
    assert [state for product, state in states(told) if product == A] == [PieceState.IN_BASKET]
    assert dict(told.counter.memory(told.now).bagged) == {}


def test_an_equal_pack_that_is_carried_past_is_asked_about() -> None:
    """The charged one lies there untouched all the time."""
    told = Told()
    told.charged()
    for x in (100, 300):
        seen = ReadCode("123", CODE._replace(x=x + 40), A)
        told.look(Scene.MOVING, codes=(seen,), covered=(BODY, Box(x - 40, 0, 220, 410)))
    for _ in range(3):
        told.look(Scene.MOVING, codes=(), covered=(BODY,))
    for _ in range(5):
        told.look(Scene.STILL, codes=(ReadCode("123", CODE, A),), covered=(BODY,))
    assert [piece.why for piece in told.counter.questions] == [Why.ANOTHER]
