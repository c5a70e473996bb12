"""What is asked about, what keeps Pay, and what an unlearned empty counter changes."""

from __future__ import annotations

import pytest

from tests.domain.recognition.drawn_counter import Kind
from tests.domain.recognition.simulated_shop import SimulatedShop
from visionscan_kiosk.domain.recognition.intents import Notice
from visionscan_kiosk.domain.recognition.piece import Why

at_every_rate = pytest.mark.parametrize("fps", [2.0, 5.0, 30.0, 60.0])


def shop(fps: float = 30, **how: object) -> SimulatedShop:
    return SimulatedShop(fps, 7, **how)  # type: ignore[arg-type]


def asks(shop: SimulatedShop) -> list[tuple[str, str]]:
    return shop.till.asks


# ---- what is taken before it was decided -----------------------------------------------------------


@at_every_rate
def test_what_lay_there_and_was_never_known_is_asked_after_it_is_gone(fps: float) -> None:
    s = shop(fps, answers=False)
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(1.2)
    s.take("a")
    s.wait(2)
    assert [why for why, _ in asks(s)] == ["unknown"]
    assert [piece.is_there for piece in s.counter.unsettled] == [False]


def test_a_refused_line_is_not_green_and_asked() -> None:
    s = shop(answers=False)
    s.till.refuse_next = 1
    s.put("A", "a", (640, 360))
    s.wait(3)
    assert s.basket == {}
    assert s.outlined("a") == "asked"
    assert asks(s) == [("refused", "A")]
    assert s.counter.unsettled


def test_what_is_taken_before_its_line_is_refused_stays_a_question() -> None:
    s = shop(answers=False, db_s=2.0)
    s.till.refuse_next = 1
    s.put("A", "a", (640, 360))
    s.wait(0.8)
    s.take("a")
    s.wait(4)
    assert [piece.why for piece in s.counter.questions] == [Why.REFUSED]


# ---- bags, hands and Pay ---------------------------------------------------------------------------


@at_every_rate
@pytest.mark.parametrize("by", ["moving hand", "still hand", "bag"])
def test_a_hand_or_bag_over_a_pack_does_not_keep_pay(fps: float, by: str) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(3)
    for seconds in (0.5, 2.0, 3.5):
        s.cover("a", by, seconds)
        assert s.counter.unsettled == ()
        s.wait(2)
        assert s.counter.unsettled == ()


def test_a_bag_that_stayed_long_takes_its_question_along() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.cover("a", "bag", 9)
    assert len(asks(s)) == 1
    s.wait(2)
    assert s.counter.unsettled == ()


def test_goods_that_lie_still_and_are_undecided_keep_pay() -> None:
    s = shop(answers=False, readable=0.0)
    s.put("A", "a", (640, 360))
    s.wait(2.2)
    assert len(s.counter.unsettled) == 1
    s.wait(3)
    assert [piece.why for piece in s.counter.unsettled] == [Why.UNKNOWN]


# ---- without an empty counter ----------------------------------------------------------------------


@at_every_rate
def test_without_an_empty_counter_it_says_so_and_never_charges_a_covered_pack_twice(fps: float) -> None:
    s = shop(fps, knows_counter=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.cover("a", "moving hand", 3)
    s.wait(2)
    s.cover("a", "still hand", 5)
    s.wait(3)
    assert s.basket == {"A": 1}
    assert s.till.warns[Notice.NO_COUNTER] == 1
    s.take("a")
    s.wait(12)
    s.put("A", "b", (640, 360))
    s.wait(3)
    assert s.basket == {"A": 2}
