"""Units that a person enters by hand, takes out and puts back, and the pieces they belong to."""

from __future__ import annotations

import pytest

from tests.domain.recognition.drawn_counter import Kind, product_of
from tests.domain.recognition.simulated_shop import SimulatedShop
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.piece import PieceState, Why


def shop(**how: object) -> SimulatedShop:
    return SimulatedShop(30, 7, **how)  # type: ignore[arg-type]


def basket_is(shop: SimulatedShop, sku: str, quantity: int) -> None:
    """A person sets the quantity of a line."""
    product = next(pack.product for pack in shop.packs.values() if pack.sku == sku)
    shop.till.basket[product] = quantity
    shop.till.do(shop.counter.basket_is(shop.till.basket, by_person=True))


def states(shop: SimulatedShop) -> list[PieceState]:
    return [piece.state for piece in shop.counter.pieces]


@pytest.mark.parametrize(("gap", "asked"), [(1.0, []), (5.0, []), (7.0, ["another"])])
def test_what_was_scanned_by_hand_claims_the_next_piece_for_a_while(gap: float, asked: list[str]) -> None:
    s = shop(answers=False)
    s.enter("A")
    s.wait(gap)
    s.put("A", "a", (640, 360))
    s.wait(3)
    assert s.basket == {"A": 1}
    assert [why for why, _ in s.till.asks] == asked
    assert states(s) == [PieceState.ASKED if asked else PieceState.IN_BASKET]


def test_one_unit_claims_one_piece_only() -> None:
    s = shop()
    s.enter("A")
    s.put("A", "a", (640, 360))
    s.wait(2)
    s.put("A", "b", (880, 360))
    s.wait(2)
    assert s.basket == {"A": 2}
    assert s.till.asks == []


def test_a_scan_claims_the_one_that_lies_there_undecided() -> None:
    s = shop(answers=False)
    s.till.refuse_next = 1
    s.put("A", "a", (640, 360))
    s.wait(3)
    assert states(s) == [PieceState.ASKED]
    s.enter("A")
    assert states(s) == [PieceState.IN_BASKET]
    s.wait(3)
    assert s.basket == {"A": 1}
    assert s.outlined("a") == "charged"


def test_a_scan_while_several_lie_undecided_asks_about_each() -> None:
    s = shop(answers=False)
    s.till.refuse_next = 2
    s.put("A", "a", (640, 360))
    s.put("A", "b", (160, 360))
    s.wait(3)
    s.enter("A")
    s.wait(3)
    assert states(s) == [PieceState.ASKED, PieceState.ASKED]


def test_a_scan_while_a_nameless_thing_lies_there_may_have_been_for_that() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(5)
    s.enter("A")
    s.put("A", "b", (160, 360))
    s.wait(3)
    assert [piece.why for piece in s.counter.questions] == [Why.UNKNOWN, Why.ANOTHER]
    assert s.basket == {"A": 1}


def test_a_scan_does_not_claim_what_a_former_customer_left() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.end()
    s.wait(3)
    s.enter("A")
    assert [piece.why for piece in s.counter.questions] == [Why.STILL_HERE]
    s.put("A", "b", (160, 360))
    s.wait(3)
    assert s.basket == {"A": 1}


def test_the_newest_piece_is_left_when_the_quantity_is_lowered() -> None:
    s = shop()
    for number, x in enumerate((160, 400, 640)):
        s.put("A", f"a{number}", (x, 360))
        s.wait(2)
    basket_is(s, "A", 2)
    s.wait(1)
    assert [s.outlined(name) for name in ("a0", "a1", "a2")] == ["charged", "charged", "left"]
    assert s.till.asks == []


def test_what_is_bagged_gives_way_before_what_lies_there() -> None:
    s = shop()
    s.put("A", "a", (160, 360))
    s.wait(2)
    s.put("A", "b", (640, 360))
    s.wait(2)
    s.take("b")
    s.wait(2)
    basket_is(s, "A", 1)
    s.wait(1)
    assert s.outlined("a") == "charged"


def test_units_that_were_added_without_a_piece_change_no_piece() -> None:
    s = shop()
    s.put("A", "a", (640, 360))
    s.wait(8)
    basket_is(s, "A", 3)
    s.wait(8)
    basket_is(s, "A", 1)
    s.wait(1)
    assert s.outlined("a") == "charged"
    assert s.till.asks == []


def test_a_line_that_is_taken_out_and_put_back_is_its_piece_again() -> None:
    s = shop()
    s.put("A", "a", (640, 360))
    s.wait(3)
    basket_is(s, "A", 0)
    s.wait(2)
    assert s.outlined("a") == "left"
    basket_is(s, "A", 1)
    s.wait(2)
    assert s.outlined("a") == "charged"
    assert s.till.asks == []
    assert s.till.charged == 1


def test_a_piece_that_follows_a_line_put_back_is_asked_for_it_may_be_the_one() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    basket_is(s, "A", 0)
    s.wait(2)
    basket_is(s, "A", 1)
    s.put("A", "b", (160, 360))
    s.wait(3)
    assert s.till.asks == [("another", "A")]
    assert s.basket == {"A": 1}


def put_back(shop: SimulatedShop, sku: str, quantity: int) -> None:
    """A person takes back that units were taken out."""
    product = product_of(sku)
    shop.till.basket[product] = quantity
    shop.till.do(shop.counter.basket_is(shop.till.basket, by_person=True, puts_back=True))


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_line_that_was_put_back_leaves_the_next_piece_to_be_charged(is_taken: bool) -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    if is_taken:
        s.take("a")
        s.wait(2)
    s.till.basket[product_of("A")] = 0
    s.till.do(s.counter.basket_is(s.till.basket, by_person=True))
    s.wait(1)
    put_back(s, "A", 1)
    s.put("A", "b", (160, 360))
    s.wait(3)
    assert s.till.asks == []
    assert s.basket == {"A": 2}
    assert s.outlined("b") == "charged"


def test_a_line_that_was_put_back_after_its_piece_was_taken_is_in_the_bag() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    basket_is(s, "A", 0)
    s.take("a")
    s.wait(1)
    put_back(s, "A", 1)
    s.put("A", "b", (160, 360))
    s.wait(3)
    assert s.basket == {"A": 2}


def test_a_scan_that_was_taken_out_and_put_back_claims_the_next_piece() -> None:
    s = shop(answers=False)
    s.enter("A")
    s.till.basket[product_of("A")] = 0
    s.till.do(s.counter.basket_is(s.till.basket, by_person=True))
    put_back(s, "A", 1)
    s.put("A", "a", (640, 360))
    s.wait(3)
    assert s.basket == {"A": 1}


def test_an_undone_line_may_become_a_question_again() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360), Kind.TAUGHT)
    s.wait(4)
    assert states(s) == [PieceState.IN_BASKET]
    s.till.basket.clear()
    s.till.do(s.counter.undone(s.counter.pieces[0].id, asks_again=True))
    s.wait(3)
    assert [piece.why for piece in s.counter.questions] == [Why.WHICH]
    assert s.outlined("a") == "asked"


def test_a_thing_that_was_named_before_it_had_come_to_rest_is_that_unit() -> None:
    """The model answers while a hand is still at it."""
    s = shop(answers=False)
    s.till.do(named(s, "A"))
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(5)
    assert s.till.asks == []
    assert s.basket == {"A": 1}
    assert s.outlined("a") == "charged"


def test_only_the_next_thing_and_only_for_a_while() -> None:
    s = shop(answers=False)
    s.till.do(named(s, "A"))
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(3)
    s.put("A", "b", (160, 360), Kind.UNKNOWN)
    s.wait(5)
    assert s.till.asks == [("unknown", "A")]
    late = shop(answers=False)
    late.till.do(named(late, "A"))
    late.wait(7)
    late.put("A", "a", (640, 360), Kind.UNKNOWN)
    late.wait(5)
    assert late.till.asks == [("unknown", "A")]


def test_what_was_named_while_a_thing_lies_there_says_nothing_of_the_next_one() -> None:
    s = shop(answers=False)
    s.put("B", "b", (160, 360), Kind.UNKNOWN)
    s.wait(5)
    s.till.do(named(s, "A"))
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(5)
    assert s.till.asks == [("unknown", "B"), ("unknown", "A")]


@pytest.mark.parametrize("looks", [Kind.UNKNOWN, Kind.UNSURE])
def test_a_thing_put_down_after_a_unit_was_entered_may_be_that_unit(looks: Kind) -> None:
    """Nobody sees that it is; to ask what it is would invite a second charge."""
    s = shop(answers=False)
    s.enter("A")
    s.put("A", "a", (640, 360), looks)
    s.wait(5)
    (question,) = s.counter.questions
    assert (question.why, question.hint) == (Why.ANOTHER, product_of("A"))
    s.counter.same(question.id)
    s.wait(3)
    assert (s.basket, s.outlined("a")) == ({"A": 1}, "charged")


def test_it_may_also_be_one_more_of_it_or_something_else() -> None:
    for sku in ("A", "B"):
        s = shop(answers=False)
        s.enter("A")
        s.put(sku, "one", (640, 360), Kind.UNKNOWN)
        s.wait(5)
        s.till.do(s.counter.answer(s.counter.questions[0].id, product_of(sku)))
        s.wait(3)
        assert s.basket == ({"A": 2} if sku == "A" else {"A": 1, "B": 1})
        assert s.counter.unsettled == ()


def test_its_code_says_what_it_is_when_it_is_read_later() -> None:
    for sku, basket in (("A", {"A": 1}), ("B", {"A": 1, "B": 1})):
        s = shop(answers=False)
        s.drawn.readable = 0.0
        s.enter("A")
        s.put(sku, "one", (640, 360))
        s.wait(5)
        assert [piece.why for piece in s.counter.questions] == [Why.ANOTHER]
        s.drawn.readable = 1.0
        s.wait(3)
        assert (s.basket, s.counter.unsettled) == (basket, ())


def test_of_two_things_after_one_unit_nobody_knows_which_it_is() -> None:
    s = shop(answers=False)
    s.enter("A")
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.put("B", "b", (160, 360), Kind.UNKNOWN)
    s.wait(5)
    assert [why for why, _ in s.till.asks] == ["unknown", "unknown"]


def test_a_name_is_said_of_one_thing() -> None:
    s = shop(answers=False)
    s.enter("A")
    s.wait(8)
    s.till.do(named(s, "A"))
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(1)
    s.put("B", "b", (160, 360), Kind.UNKNOWN)
    s.wait(6)
    assert (s.outlined("a"), s.outlined("b")) == ("charged", "asked")


def test_pay_asks_about_the_unit_that_was_entered_too() -> None:
    s = shop(answers=False)
    s.enter("A")
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(0.6)
    s.till.do(s.counter.decide_now())
    assert [(piece.why, piece.hint) for piece in s.counter.questions] == [(Why.ANOTHER, product_of("A"))]


def test_what_a_person_said_of_an_entered_unit_stands_until_its_code_is_read() -> None:
    s = shop(answers=False)
    s.drawn.readable = 0.0
    s.enter("A")
    s.put("B", "b", (640, 360))
    s.wait(5)
    s.counter.same(s.counter.questions[0].id)
    s.drawn.readable = 1.0
    s.wait(3)
    assert s.basket == {"A": 1}
    assert [piece.why for piece in s.counter.questions] == [Why.WHICH]


def named(shop: SimulatedShop, sku: str) -> list[Intent]:
    """A person says what they see being put down; its unit is entered for them."""
    shop.counter.named(product_of(sku))
    shop.till.basket[product_of(sku)] += 1
    return shop.counter.basket_is(shop.till.basket, by_person=True)
