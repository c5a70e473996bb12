"""Single looks and answers, told to the counter by hand."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.domain.recognition.drawn_counter import HEIGHT, WIDTH, product_of
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.books import Entering
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import (
    AddPiece,
    Ask,
    ExchangePiece,
    Found,
    Intent,
    Notice,
    Warn,
)
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import (
    Memory,
    OutlineKind,
    Page,
    PieceState,
    Remembered,
    Spot,
    Why,
)

A, B, C = product_of("A"), product_of("B"), product_of("C")
BODY, CODE = Box(560, 300, 150, 110), Box(600, 320, 70, 40)
HAND = Box(590, 0, 110, 330)


class Told:
    """A counter with a basket open, and a clock of its own."""

    def __init__(self) -> None:
        self.counter, self.now = Counter(WIDTH, HEIGHT), 0.0
        self.counter.opened(0.0)
        self.empty()

    def look(self, scene: Scene, *, after: float = 0.2, **seen: object) -> list[Intent]:
        self.now += after
        return self.counter.look(Look(self.now, scene, scene is Scene.MOVING, **seen))  # type: ignore[arg-type]

    def empty(self, times: int = 3) -> list[Intent]:
        moved = self.look(Scene.MOVING, codes=(), covered=())
        return moved + [i for _ in range(times) for i in self.look(Scene.EMPTY, codes=(), covered=())]

    def coded(self, product: UUID | None = A, times: int = 2) -> list[Intent]:
        read = (ReadCode("123", CODE, product),)
        self.look(Scene.MOVING, codes=(), covered=(BODY,))
        return [i for _ in range(times) for i in self.look(Scene.STILL, codes=read, covered=(BODY,))]

    def thing(self, thing: Thing, times: int = 1) -> list[Intent]:
        self.look(Scene.MOVING, codes=(), covered=(thing.box,))
        return [
            i
            for _ in range(times)
            for i in self.look(Scene.STILL, codes=(), covered=(thing.box,), things=(thing,))
        ]

    def charged(self) -> int:
        """Put a coded pack down, write its line; return its piece."""
        (intent,) = self.coded()
        assert isinstance(intent, AddPiece)
        self.counter.added(intent.operation_id)
        return intent.piece


def test_two_reads_that_agree_charge_once_under_an_id_made_before() -> None:
    told = Told()
    assert told.coded(times=1) == []
    (intent,) = told.coded(times=1)
    assert isinstance(intent, AddPiece)
    assert (intent.product, intent.operation_id.version) == (A, 4)
    assert told.coded(times=5) == []


def test_a_code_read_once_and_gone_is_asked_about() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(ReadCode("123", CODE, A),), covered=(BODY,))
    assert told.empty() == [Ask(1, Why.MEANWHILE, (A,))]
    assert [piece.is_there for piece in told.counter.unsettled] == [False]


def test_what_was_put_down_and_taken_while_another_page_is_open_was_that_pages_business() -> None:
    told = Told()
    told.counter.page(Page.OTHER)
    assert told.coded(times=5) == [Found(1, "123", A)]
    assert told.empty() == []
    assert told.counter.page(Page.SELLING) == []
    assert told.counter.pieces == []


def test_what_still_lies_there_when_selling_is_back_is_asked_about() -> None:
    told = Told()
    told.counter.page(Page.OTHER)
    told.coded()
    assert told.counter.page(Page.SELLING) == [Ask(1, Why.MEANWHILE, (A,))]


def test_a_code_that_no_product_has_is_asked_about() -> None:
    assert Told().coded(product=None) == [Ask(1, Why.NO_PRODUCT, ())]


def test_looks_that_are_sure_charge_only_when_they_may() -> None:
    assert Told().thing(Thing(BODY, (A, B), is_sure=True)) == [Ask(1, Why.WHICH, (A, B))]
    (intent,) = Told().thing(Thing(BODY, (A, B), is_sure=True, may_add=True))
    assert isinstance(intent, AddPiece)
    assert intent.product == A


def test_looking_closer_turns_an_unknown_thing_into_a_choice() -> None:
    told = Told()
    told.thing(Thing(BODY), times=12)
    assert [piece.why for piece in told.counter.questions] == [Why.UNKNOWN]
    assert told.counter.looked_closer(1, (B, A)) == [Ask(1, Why.WHICH, (B, A))]
    assert told.counter.looked_closer(99, (B,)) == []


def test_a_piece_that_was_charged_as_something_else_is_exchanged() -> None:
    told = Told()
    piece = told.charged()
    (intent,) = told.counter.answer(piece, B)
    assert isinstance(intent, ExchangePiece)
    assert (intent.before, intent.product) == (A, B)
    assert told.counter.answer(piece, C) == []  # one at a time
    told.counter.added(intent.operation_id)
    assert told.counter.pieces[0].product == B
    assert told.counter.basket_is({B: 1}, by_person=True) == []
    assert told.counter.pieces[0].state is PieceState.IN_BASKET


def refused_exchange() -> Told:
    """A pack was charged as A, is B by a person's word, and the exchange was refused."""
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    assert isinstance(intent, ExchangePiece)
    assert told.counter.refused(intent.operation_id) == [Ask(1, Why.WHICH, (B, A))]
    return told


def test_an_exchange_that_was_refused_is_asked_and_leaves_the_line_as_it_was() -> None:
    told = refused_exchange()
    assert [outline.kind for outline in told.counter.outlines] == [OutlineKind.ASKED]
    assert told.counter.basket_is({A: 1}, by_person=True) == []
    assert told.counter.answer(1, A) == []
    assert (told.counter.pieces[0].product, told.counter.pieces[0].state) == (A, PieceState.IN_BASKET)


def test_after_a_refused_exchange_it_is_exchanged_again_and_never_added() -> None:
    told = refused_exchange()
    (intent,) = told.counter.answer(1, B)
    assert isinstance(intent, ExchangePiece)
    assert (intent.before, intent.product) == (A, B)
    told.counter.added(intent.operation_id)
    assert told.counter.basket_is({B: 1}, by_person=True) == []
    assert [outline.kind for outline in told.counter.outlines] == [OutlineKind.CHARGED]


def test_what_is_left_after_a_refused_exchange_stays_what_it_was_charged_as() -> None:
    told = refused_exchange()
    told.counter.leave(1)
    assert [outline.kind for outline in told.counter.outlines] == [OutlineKind.CHARGED]


def test_a_refused_exchange_of_what_was_bagged_meanwhile_is_asked_too() -> None:
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    told.empty()
    assert isinstance(intent, ExchangePiece)
    assert told.counter.refused(intent.operation_id) == [Ask(1, Why.WHICH, (B, A))]
    assert told.counter.answer(1, A) == []
    assert dict(told.counter.memory(told.now).bagged) == {A: 1}


def test_the_line_of_a_refused_exchange_that_others_take_out_is_missing() -> None:
    told = refused_exchange()
    assert told.counter.basket_is({}, by_person=False) == [Ask(1, Why.MISSING, (B, A))]
    (intent,) = told.counter.answer(1, B)
    assert isinstance(intent, AddPiece)


@pytest.mark.parametrize("is_sold", [True, False])
def test_what_was_asked_after_a_refused_exchange_is_sold_with_its_line(is_sold: bool) -> None:
    told = refused_exchange()
    told.counter.ended(sold=is_sold)
    expected = PieceState.SOLD if is_sold else PieceState.LEFT
    assert [piece.state for piece in told.counter.pieces] == [expected]


def test_a_code_that_speaks_against_a_charge_is_asked_about_when_its_exchange_is_refused() -> None:
    told = Told()
    (added,) = told.thing(Thing(BODY, (A,), is_sure=True, may_add=True))
    assert isinstance(added, AddPiece)
    told.counter.added(added.operation_id)
    read = (ReadCode("456", CODE, B),)
    (intent,) = told.look(Scene.STILL, codes=read, covered=(BODY,))
    assert isinstance(intent, ExchangePiece)
    assert told.counter.refused(intent.operation_id) == [Ask(1, Why.WHICH, (B, A))]
    for _ in range(20):
        assert told.look(Scene.STILL, codes=read, covered=(BODY,)) == []
    assert [outline.kind for outline in told.counter.outlines] == [OutlineKind.ASKED]


def test_an_exchange_whose_line_others_took_out_meanwhile_takes_no_other_unit() -> None:
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    assert isinstance(intent, ExchangePiece)
    told.counter.basket_is({}, by_person=False)
    told.counter.added(intent.operation_id)
    assert told.counter.basket_is({B: 1}, by_person=True) == []
    assert told.counter._books.lines[A] == 0
    assert [(piece.product, piece.state) for piece in told.counter.pieces] == [(B, PieceState.IN_BASKET)]


def test_an_exchange_of_what_was_bagged_and_taken_out_meanwhile_bags_no_less_than_nothing() -> None:
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    assert isinstance(intent, ExchangePiece)
    told.empty()
    told.counter.basket_is({}, by_person=False)
    told.counter.added(intent.operation_id)
    told.counter.basket_is({B: 1}, by_person=True)
    assert told.counter._books.bagged == {A: 0, B: 1}
    assert [type(intent) for intent in told.coded(A)] == [AddPiece]


def test_an_exchange_of_what_is_bagged_is_undone_in_the_bag() -> None:
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    assert isinstance(intent, ExchangePiece)
    told.counter.added(intent.operation_id)
    told.empty()
    told.counter.exchanged(1, B, A)
    assert told.counter.basket_is({A: 1}, by_person=True, puts_back=True) == []
    assert dict(told.counter.memory(told.now).bagged) == {A: 1}
    assert [type(intent) for intent in told.coded(A)] == [AddPiece]


def moved_and_bagged() -> Told:
    told = Told()
    told.charged()
    told.empty()
    return told


def test_one_more_of_what_was_bagged_since_the_note_adds_a_unit_that_is_bagged_too() -> None:
    told = moved_and_bagged()
    (intent,) = told.counter.one_more(1, A)
    assert isinstance(intent, AddPiece)
    assert intent.product == A
    told.counter.added(intent.operation_id)
    assert told.counter.basket_is({A: 2}, by_person=True) == []
    assert dict(told.counter.memory(told.now).bagged) == {A: 2}


def test_one_more_that_is_refused_is_asked_about() -> None:
    told = moved_and_bagged()
    (intent,) = told.counter.one_more(1, A)
    assert isinstance(intent, AddPiece)
    (asked,) = told.counter.refused(intent.operation_id)
    assert isinstance(asked, Ask)
    assert asked.why is Why.REFUSED


def test_an_exchange_of_what_was_bagged_meanwhile_counts_what_is_bagged() -> None:
    told = Told()
    (intent,) = told.counter.answer(told.charged(), B)
    told.empty()
    assert isinstance(intent, ExchangePiece)
    told.counter.added(intent.operation_id)
    assert dict(told.counter.memory(told.now).bagged) == {B: 1}


@pytest.mark.parametrize("says", ["added", "refused"])
def test_an_answer_to_an_operation_that_nobody_knows_is_ignored(says: str) -> None:
    told = Told()
    told.charged()
    getattr(told.counter, says)(uuid4())
    assert [piece.state for piece in told.counter.pieces] == [PieceState.IN_BASKET]


def test_the_late_answer_of_a_former_basket_changes_nothing() -> None:
    told = Told()
    (intent,) = told.coded()
    assert isinstance(intent, AddPiece)
    told.counter.ended(sold=False)
    told.counter.opened(told.now)
    told.counter.added(intent.operation_id)
    assert [piece.why for piece in told.counter.pieces] == [Why.STILL_HERE]


def test_a_person_may_charge_what_was_left_or_sold() -> None:
    told = Told()
    piece = told.charged()
    told.counter.undone(piece)
    assert told.counter.pieces[0].state is PieceState.LEFT
    (intent,) = told.counter.answer(piece, A)
    assert isinstance(intent, AddPiece)


def test_a_look_from_before_the_last_movement_is_too_late() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(HAND,))
    late = Look(told.now - 0.1, Scene.STILL, codes=(ReadCode("123", CODE, A),), covered=(BODY,))
    assert told.counter.look(late) == []
    assert told.counter.pieces == []


def test_the_smallest_piece_under_a_point_is_meant() -> None:
    told = Told()
    told.charged()
    piece = told.counter.piece_at(Box(600, 330, 2, 2))
    assert piece is not None
    assert piece.place == BODY
    assert told.counter.piece_at(Box(10, 10, 2, 2)) is None


def test_that_no_empty_counter_is_known_is_said_once_a_session() -> None:
    counter = Counter(WIDTH, HEIGHT)
    counter.opened(0.0)
    read = (ReadCode("123", CODE, None),)
    said = [i for n in range(1, 6) for i in counter.look(Look(0.2 * n, Scene.STILL, n == 1, read))]
    assert [intent for intent in said if isinstance(intent, Warn)] == [Warn(Notice.NO_COUNTER)]
    counter.ended(sold=False)
    counter.opened(2.0)
    assert Warn(Notice.NO_COUNTER) in counter.look(Look(2.2, Scene.STILL, codes=read))
    assert not counter.knows_counter


def test_goods_that_were_read_while_they_were_carried_in_are_not_moved() -> None:
    told = Told()
    higher = ReadCode("123", CODE._replace(y=500), A)
    told.look(Scene.MOVING, codes=(higher,), covered=(BODY._replace(y=480, height=240),))
    intents = told.coded(times=4)
    for intent in intents:
        if isinstance(intent, AddPiece):
            told.counter.added(intent.operation_id)
    assert [type(intent) for intent in (*intents, *told.coded(times=4))] == [AddPiece]


def test_a_shadow_between_the_fingers_of_a_hand_is_no_goods() -> None:
    told = Told()
    speck = Box(456, 184, 32, 24)
    told.look(Scene.MOVING, codes=(), covered=(HAND, speck))
    for _ in range(20):
        told.look(Scene.STILL, codes=(), covered=(HAND, speck))
    assert told.empty() == []
    assert told.counter.pieces == []


@pytest.mark.parametrize("taken_after", [2, 20])
def test_a_pack_that_lay_under_a_hand_before_it_was_read_is_charged(taken_after: int) -> None:
    told = Told()
    together = Box(540, 232, 208, 488)
    told.look(Scene.MOVING, codes=(), covered=(together,))
    for _ in range(6):
        told.look(Scene.STILL, codes=(), covered=(together,))
    intents = told.coded(times=taken_after)
    assert [type(intent) for intent in intents] == [AddPiece]
    assert told.empty() == []


# ---- what a person enters --------------------------------------------------------------------------


def entering(told: Told, product: UUID = A, quantity: int = 1) -> Entering:
    """A person enters units, which the database does not have yet."""
    entered = Entering(uuid4(), product, quantity, told.now)
    told.counter.entered(entered)
    return entered


def test_a_unit_on_its_way_into_the_basket_is_the_next_piece_and_not_green_before_it_is_there() -> None:
    told = Told()
    entered = entering(told)
    assert told.coded(times=4) == []
    assert told.counter.outlines == ()
    assert [piece.state for piece in told.counter.unsettled] == [PieceState.ADDING]
    assert told.counter.added(entered.operation_id) == []
    assert told.counter.basket_is({A: 1}, by_person=True) == []
    assert [outline.kind for outline in told.counter.outlines] == [OutlineKind.CHARGED]
    assert told.coded(times=4) == []


def test_a_unit_on_its_way_is_one_piece_only() -> None:
    told = Told()
    entered = entering(told)
    reads = ReadCode("123", CODE, A), ReadCode("123", Box(340, 320, 70, 40), A)
    covered = BODY, Box(300, 300, 150, 110)
    told.look(Scene.MOVING, codes=(), covered=covered)
    intents = [i for _ in range(4) for i in told.look(Scene.STILL, codes=reads, covered=covered)]
    assert [type(intent) for intent in intents] == [AddPiece]
    told.counter.added(entered.operation_id)
    assert told.counter.basket_is({A: 1}, by_person=True) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.IN_BASKET, PieceState.ADDING]


def test_the_piece_of_a_unit_that_is_refused_is_asked_about() -> None:
    told = Told()
    entered = entering(told)
    told.coded()
    assert told.counter.refused(entered.operation_id) == [Ask(1, Why.REFUSED, (A,))]
    (intent,) = told.counter.answer(1, A)
    assert isinstance(intent, AddPiece)


def test_the_piece_of_a_unit_that_is_refused_is_asked_about_when_it_was_taken_too() -> None:
    told = Told()
    entered = entering(told)
    told.coded()
    told.empty()
    assert told.counter.refused(entered.operation_id) == [Ask(1, Why.REFUSED, (A,))]


def test_what_is_put_down_after_a_unit_was_refused_is_charged() -> None:
    told = Told()
    told.counter.refused(entering(told).operation_id)
    assert [type(intent) for intent in told.coded()] == [AddPiece]


def test_the_piece_of_a_unit_on_its_way_may_be_bagged_before() -> None:
    told = Told()
    entered = entering(told)
    told.coded()
    told.empty()
    told.counter.added(entered.operation_id)
    told.counter.basket_is({A: 1}, by_person=True)
    assert dict(told.counter.memory(told.now).bagged) == {A: 1}
    assert [type(intent) for intent in told.coded()] == [AddPiece]


def test_a_unit_is_the_piece_whose_picture_was_taken_before_and_is_reported_after_it_was_entered() -> None:
    told = Told()
    told.counter.entered(Entering(uuid4(), A, 1, told.now + 0.6))
    assert told.coded(times=4) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.ADDING]


def test_a_unit_on_its_way_claims_what_lies_there_undecided() -> None:
    told = Told()
    told.coded(times=1)
    entering(told)
    assert told.coded(times=4) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.ADDING]


def test_a_unit_that_was_entered_long_ago_and_is_still_on_its_way_is_asked_about() -> None:
    told = Told()
    entered = entering(told)
    told.now += 10
    assert told.coded() == [Ask(1, Why.ANOTHER, (A,))]
    told.counter.same(1)
    told.counter.added(entered.operation_id)
    assert told.counter.basket_is({A: 1}, by_person=True) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.IN_BASKET]


def test_what_was_entered_before_the_basket_was_open_is_the_piece_that_lies_there() -> None:
    told = Told()
    told.counter.ended(sold=True)
    entered = Entering(uuid4(), A, 1, told.now)
    told.coded(times=4)
    told.counter.opened(told.now, entered=[entered])
    assert told.coded(times=4) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.ADDING]


def test_a_unit_on_its_way_is_not_the_piece_whose_code_says_otherwise() -> None:
    told = Told()
    told.thing(Thing(BODY, (A,)), times=4)
    entered = entering(told)
    assert [piece.state for piece in told.counter.pieces] == [PieceState.ADDING]
    told.coded(B)
    told.counter.added(entered.operation_id)
    told.counter.basket_is({A: 1}, by_person=True)
    (intent,) = told.coded(B)
    assert isinstance(intent, AddPiece)
    assert intent.product == B


def test_no_piece_is_decided_while_the_code_that_a_person_entered_is_looked_up() -> None:
    told = Told()
    told.counter.seeks("123")
    assert told.coded(times=20) == []
    told.counter.found("123")
    entering(told)
    assert told.coded(times=4) == []
    assert [piece.state for piece in told.counter.pieces] == [PieceState.ADDING]


def test_a_piece_is_decided_once_its_code_was_looked_up_in_vain() -> None:
    told = Told()
    told.counter.seeks("123")
    told.coded(times=4)
    told.counter.found("123")
    assert [type(intent) for intent in told.coded()] == [AddPiece]


# ---- memory ----------------------------------------------------------------------------------------


def restarted(told: Told, memory: Memory | None, basket: dict[UUID, int]) -> Told:
    new = Told.__new__(Told)
    new.counter, new.now = Counter(WIDTH, HEIGHT), 1000.0
    new.counter.opened(new.now, basket, memory)
    return new


def test_a_restart_goes_on_with_the_pieces_of_before_under_another_clock() -> None:
    told = Told()
    told.charged()
    memory = told.counter.memory(told.now + 4)
    assert memory.pieces[0].age_s == pytest.approx(4)
    new = restarted(told, memory, {A: 1})
    assert new.counter.outlines == ()
    new.coded()
    assert [outline.kind for outline in new.counter.outlines] == [OutlineKind.CHARGED]
    new.empty()
    assert dict(new.counter.memory(new.now).bagged) == {A: 1}


def test_what_was_seen_before_the_memory_came_is_not_another_piece() -> None:
    told = Told()
    told.charged()
    memory = told.counter.memory(told.now)
    new = Told.__new__(Told)
    new.counter, new.now = Counter(WIDTH, HEIGHT), 1000.0
    new.coded()
    assert new.counter.opened(new.now, {A: 1}, memory) == []
    assert new.coded(times=4) == []
    assert [piece.state for piece in new.counter.pieces] == [PieceState.IN_BASKET]


def test_a_line_that_was_taken_out_while_the_program_did_not_run_is_missing() -> None:
    told = Told()
    told.charged()
    new = restarted(told, told.counter.memory(told.now), {})
    assert [piece.why for piece in new.counter.questions] == [Why.MISSING]


def test_the_piece_that_was_charged_last_is_left_also_after_a_restart() -> None:
    told = Told()
    first = told.charged()
    told.counter.undone(first)
    (intent,) = told.counter.answer(first, A)
    other = ReadCode("123", Box(340, 320, 70, 40), A)
    both = (ReadCode("123", CODE, A), other)
    told.look(Scene.MOVING, codes=(), covered=(BODY, Box(300, 300, 150, 110)))
    seen = [told.look(Scene.STILL, codes=both, covered=(BODY, Box(300, 300, 150, 110))) for _ in range(4)]
    (second,) = [i for intents in seen for i in intents if isinstance(i, AddPiece)]
    assert isinstance(intent, AddPiece)
    for added in (second, intent):
        told.now += 1
        told.look(Scene.STILL, codes=both, covered=(BODY, Box(300, 300, 150, 110)))
        told.counter.added(added.operation_id)
    new = restarted(told, told.counter.memory(told.now), {A: 2})
    new.counter.basket_is({A: 1}, by_person=True)
    assert [piece.state for piece in new.counter.pieces] == [PieceState.LEFT, PieceState.IN_BASKET]


def test_what_was_kept_without_the_order_of_charges_leaves_the_piece_that_came_last() -> None:
    new = restarted(Told(), Memory((PIECE, PIECE)), {A: 2})
    new.counter.basket_is({A: 1}, by_person=True)
    assert [piece.state for piece in new.counter.pieces] == [PieceState.IN_BASKET, PieceState.LEFT]


@pytest.mark.parametrize("holds", [{A: 1}, {}])
def test_what_was_being_added_stands_in_the_basket_or_is_added_anew(holds: dict[UUID, int]) -> None:
    told = Told()
    told.coded()
    new = restarted(told, told.counter.memory(told.now), holds)
    intents = new.coded()
    assert [type(intent) for intent in intents] == ([] if holds else [AddPiece])


PIECE = Remembered(A, A, (), PieceState.IN_BASKET, None, BODY, CODE, BODY, "123", 1.0)


@pytest.mark.parametrize(
    "pieces",
    [
        (PIECE._replace(maybe=0),),
        (PIECE._replace(maybe=1), PIECE._replace(maybe=0)),
        (PIECE._replace(maybe=99), PIECE._replace(maybe=-5)),
        (
            PIECE._replace(age_s=float("nan")),
            PIECE._replace(age_s=-1e300),
            PIECE._replace(age_s=float("inf")),
        ),
        (PIECE._replace(place=Box(0, 0, 0, 0)), PIECE._replace(place=Box(-9, -9, -9, -9))),
        (PIECE._replace(product=None, key=None),),
        (PIECE._replace(state=PieceState.ASKED, why=None),),
        (PIECE._replace(state=PieceState.ADDING, product=None),),
        (PIECE,) * 5000,
    ],
)
def test_absurd_memory_is_left_out_and_breaks_nothing(pieces: tuple[Remembered, ...]) -> None:
    new = restarted(Told(), Memory(pieces, {A: 10**12, B: -3}), {A: 2})
    for _ in range(3):
        new.coded()
        new.empty()
    counted = [piece for piece in new.counter.pieces if piece.state is PieceState.IN_BASKET]
    assert len(counted) <= 2
    assert all(piece.spot in Spot for piece in new.counter.pieces)
    new.counter.memory(new.now)


TELEPHONE = Thing(BODY, (), is_belonging=True)


def test_a_telephone_or_bag_is_outlined_as_not_charged_and_never_asked_about() -> None:
    told = Told()
    assert told.thing(TELEPHONE, times=40) == []
    assert told.counter.unsettled == ()
    assert told.counter.decide_now() == []
    assert [(outline.kind, outline.box) for outline in told.counter.outlines] == [(OutlineKind.LEFT, BODY)]
    assert told.empty() == []
    assert told.counter.pieces == []


def test_what_was_taken_for_a_telephone_is_charged_when_a_person_says_so() -> None:
    told = Told()
    told.thing(TELEPHONE, times=12)
    (intent,) = told.counter.answer(1, A)
    assert isinstance(intent, AddPiece)


@pytest.mark.parametrize("thing", [Thing(BODY), Thing(BODY, (A,)), Thing(BODY, (A,), is_belonging=True)])
def test_what_may_be_goods_after_all_is_asked_about(thing: Thing) -> None:
    told = Told()
    told.thing(TELEPHONE, times=12)
    (asked,) = told.thing(thing, times=12)
    assert isinstance(asked, Ask)
    assert [piece.id for piece in told.counter.unsettled] == [asked.piece]


def test_a_label_that_was_read_on_it_makes_it_goods() -> None:
    told = Told()
    told.thing(TELEPHONE, times=12)
    told.counter.looked_closer(1, (A,))
    told.now += 0.2
    assert told.counter.look(Look(told.now, Scene.STILL, codes=(), covered=(BODY,))) == [
        Ask(1, Why.WHICH, (A,))
    ]


def test_a_code_that_is_read_on_it_charges_it() -> None:
    told = Told()
    told.thing(TELEPHONE, times=12)
    (intent,) = told.coded()
    assert isinstance(intent, AddPiece)


def test_a_telephone_that_stays_is_not_asked_of_the_next_customer() -> None:
    told = Told()
    told.thing(TELEPHONE, times=12)
    told.counter.ended(sold=True)
    told.counter.opened(told.now)
    assert told.thing(TELEPHONE, times=20) == []
    assert told.counter.unsettled == ()


def test_a_bag_that_hangs_together_with_one_pack_does_not_make_it_lie_on_the_other() -> None:
    told = Told()
    other, at = Box(300, 300, 150, 110), Box(340, 320, 70, 40)
    reads = ReadCode("123", CODE, A), ReadCode("456", at, B)
    told.look(Scene.MOVING, codes=(), covered=(BODY, other))
    lying = [told.look(Scene.STILL, codes=reads, covered=(BODY, other)) for _ in range(3)]
    for intent in [intent for intents in lying for intent in intents if isinstance(intent, AddPiece)]:
        told.counter.added(intent.operation_id)
    bag = Box(280, 200, 430, 300)
    told.look(Scene.MOVING, codes=reads[:1], covered=(bag,))
    for _ in range(20):
        told.look(Scene.STILL, codes=reads[:1], covered=(bag,))
    told.look(Scene.MOVING, codes=(), covered=(BODY, other))
    for _ in range(20):
        assert told.look(Scene.STILL, codes=reads, covered=(BODY, other)) == []
    assert len(told.counter.pieces) == 2


def test_a_pack_that_is_charged_on_its_way_is_one_pack_where_it_comes_to_lie() -> None:
    told, intents = Told(), list[Intent]()
    for y in (20, 160, 300):
        code = ReadCode("123", CODE._replace(y=y, height=10), A)
        intents += told.look(Scene.MOVING, after=0.1, codes=(code,), covered=(Box(560, 0, 150, y + 40),))
    for _ in range(30):
        intents += told.look(Scene.STILL, codes=(code,), covered=(Box(560, 150, 150, 190),))
    assert [type(intent) for intent in intents] == [AddPiece]


def test_an_equal_pack_that_comes_after_one_was_carried_past_is_another() -> None:
    told, intents = Told(), list[Intent]()
    for wait, y in ((0.2, 20), (0.2, 22), (1.5, 300), (0.2, 300), (0.2, 300)):
        code = ReadCode("123", CODE._replace(y=y, height=10), A)
        intents += told.look(Scene.MOVING, after=wait, codes=(code,), covered=(Box(560, 0, 150, y + 40),))
    for _ in range(30):
        intents += told.look(Scene.STILL, codes=(code,), covered=(Box(560, 0, 150, 340),))
    assert [type(intent) for intent in intents] == [AddPiece, Ask]


def test_one_careful_reading_is_as_good_as_two() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    read = (ReadCode("123", CODE, A, is_careful=True),)
    (intent,) = told.look(Scene.STILL, codes=read, covered=(BODY,))
    assert isinstance(intent, AddPiece)


def test_a_counter_that_is_said_to_be_empty_holds_nothing_any_more() -> None:
    told = Told()
    told.charged()
    told.look(Scene.STILL, covered=(BODY, HAND), things=(Thing(Box(100, 300, 90, 90)),))
    assert len(told.counter.pieces) == 2
    told.counter.counter_learned()
    assert told.counter.pieces == []
    assert told.counter.memory(told.now).bagged == {A: 1}


def test_a_question_about_what_has_a_name_outlives_a_counter_that_is_said_to_be_empty() -> None:
    told = Told()
    told.coded(None)
    told.counter.counter_learned()
    assert [piece.why for piece in told.counter.questions] == [Why.NO_PRODUCT]


def test_a_code_that_is_read_now_says_that_the_counter_is_not_empty() -> None:
    told = Told()
    piece = told.charged()
    assert told.counter.read_now is told.counter.piece(piece)
    told.look(Scene.STILL, after=2.0, codes=(), covered=(BODY,))
    assert told.counter.read_now is None


def test_what_hides_the_counter_in_several_places_and_is_one_thing_is_asked_about_once() -> None:
    told = Told()
    left, right, whole = Box(100, 300, 90, 90), Box(400, 320, 80, 90), Box(90, 290, 400, 140)
    told.look(Scene.MOVING, codes=(), covered=(left, right))
    told.look(Scene.STILL, codes=(), covered=(left, right))
    assert len(told.counter.pieces) == 2
    told.look(Scene.STILL, codes=(), covered=(left, right), things=(Thing(whole),))
    for _ in range(20):
        told.look(Scene.STILL, codes=(), covered=(left, right))
    assert [piece.place for piece in told.counter.questions] == [whole]
    assert len(told.counter.pieces) == 1


def test_two_things_in_one_box_that_were_looked_at_stay_two() -> None:
    told = Told()
    left, right, whole = Box(100, 300, 90, 90), Box(400, 320, 80, 90), Box(90, 290, 400, 140)
    told.look(Scene.MOVING, codes=(), covered=(left, right))
    told.look(Scene.STILL, codes=(), covered=(left, right), things=(Thing(left), Thing(right)))
    told.look(Scene.STILL, codes=(), covered=(left, right), things=(Thing(whole),))
    assert [piece.place for piece in told.counter.pieces] == [left, right]
