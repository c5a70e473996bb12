"""What was charged or coloured wrongly once, and what a shop does all day, at every frame rate."""

from __future__ import annotations

import pytest

from tests.domain.recognition.drawn_counter import Kind
from tests.domain.recognition.simulated_shop import SimulatedShop
from visionscan_kiosk.domain.recognition.intents import Notice
from visionscan_kiosk.domain.recognition.piece import Page

at_every_rate = pytest.mark.parametrize("fps", [2.0, 5.0, 30.0, 60.0])


def shop(fps: float = 30, **how: object) -> SimulatedShop:
    return SimulatedShop(fps, 7, **how)  # type: ignore[arg-type]


def asks(shop: SimulatedShop) -> list[tuple[str, str]]:
    return shop.till.asks


def holds(shop: SimulatedShop) -> bool:
    """Finish, and see that each pack was charged once and nothing else."""
    shop.finish()
    shop.till.check()
    return not shop.faults


# ---- neither charged nor asked, once ---------------------------------------------------------------


@at_every_rate
@pytest.mark.parametrize("gap", [0.9, 1.4])
def test_the_next_customer_puts_the_same_product_down_at_once(fps: float, gap: float) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.take("a")
    s.end()
    s.put("A", "b", (640, 360))
    s.wait(3)
    assert s.basket == {"A": 1}
    assert s.outlined("b") == "charged"
    s.take("b")
    s.wait(gap)
    s.put("A", "c", (640, 360))
    s.wait(3)
    assert s.basket == {"A": 2}
    assert holds(s)


@at_every_rate
def test_put_down_on_the_receipt_page(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(2)
    s.pay()
    s.take("a")
    s.wait(1.2)
    s.put("B", "b", (640, 360))
    s.wait(2)
    assert s.basket == {}
    s.next_customer()
    s.wait(2)
    assert s.basket == {"B": 1}
    assert holds(s)


def test_what_may_be_the_sold_piece_on_the_receipt_page_is_asked() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(2)
    s.pay()
    s.take("a")
    s.wait(1.2)
    s.put("A", "b", (640, 360))
    s.wait(1)
    s.next_customer()
    s.wait(2)
    assert asks(s) == [("meanwhile", "A")]
    assert s.basket == {}


@at_every_rate
@pytest.mark.parametrize("is_paid", [True, False])
def test_goods_that_stay_are_never_green_and_asked_when_not_sold(fps: float, is_paid: bool) -> None:
    s = shop(fps, answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    if is_paid:
        s.pay()
        s.next_customer()
    else:
        s.end()
    s.wait(5)
    assert s.outlined("a") == ("sold" if is_paid else "asked")
    assert s.basket == {}
    assert asks(s) == ([] if is_paid else [("still here", "A")])


def test_what_stays_for_good_is_asked_about_once_and_not_in_every_basket() -> None:
    s = shop()
    s.put("A", "a", (640, 360), Kind.UNKNOWN)
    s.wait(5)
    s.end()
    s.wait(6)
    assert asks(s)[1:] == [("still here", "A")]
    s.end()
    s.wait(6)
    assert len(asks(s)) == 2
    s.move("a", (60, 0))
    s.end()
    s.wait(6)
    assert len(asks(s)) > 2


@at_every_rate
def test_two_lie_one_is_bagged_and_a_third_comes_a_second_later(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (400, 360))
    s.wait(2)
    s.put("A", "b", (880, 360))
    s.wait(2)
    s.take("b")
    s.wait(1.0)
    s.put("A", "c", (640, 360))
    s.wait(2)
    assert s.basket == {"A": 3}
    assert holds(s)


@at_every_rate
@pytest.mark.parametrize("page", [Page.OTHER, Page.WAITS])
def test_put_down_on_another_page(fps: float, page: Page) -> None:
    s = shop(fps)
    s.open_page(page)
    s.put("A", "a", (640, 360))
    s.wait(2)
    assert s.basket == {}
    s.open_page(Page.SELLING)
    s.wait(3)
    assert s.basket == {"A": 1}
    assert [why for why, _ in asks(s)] == (["meanwhile"] if page is Page.OTHER else [])
    assert holds(s)


@at_every_rate
def test_another_page_is_told_once_what_was_put_down_for_it(fps: float) -> None:
    s = shop(fps, answers=False)
    s.put("B", "b", (400, 360))
    s.wait(3)
    s.open_page(Page.OTHER)
    s.put("A", "a", (640, 360))
    s.wait(3)
    assert [(found.text, found.product) for found in s.till.found] == [("code-A", s.packs["a"].product)]
    s.take("a")
    s.wait(2)
    s.open_page(Page.SELLING)
    s.wait(3)
    assert asks(s) == []
    assert s.basket == {"B": 1}


@at_every_rate
def test_an_undone_line_is_not_green_nor_charged_again(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.undo("a")
    s.cover("a", "moving hand", 2)
    s.wait(3)
    assert s.basket == {}
    assert s.outlined("a") == "left"


def test_a_line_taken_out_elsewhere_is_asked() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.elsewhere("A", 0)
    s.wait(1)
    assert asks(s) == [("missing", "A")]
    assert s.outlined("a") == "asked"


# ---- charged twice, once ---------------------------------------------------------------------------


@at_every_rate
@pytest.mark.parametrize("by", ["moving hand", "still hand", "bag"])
@pytest.mark.parametrize("readable", [1.0, 0.5])
def test_a_hand_over_a_pack_charges_nothing_and_asks_nothing(fps: float, by: str, readable: float) -> None:
    s = shop(fps, readable=readable)
    s.put("A", "a", (640, 360))
    s.wait(8)
    s.till.asks.clear()
    for _ in range(3):
        s.cover("a", by, 2.5)
        s.wait(4)
    assert s.basket == {"A": 1}
    assert asks(s) == []
    assert s.outlined("a") == "charged"


@at_every_rate
@pytest.mark.parametrize("says_blind", [True, False])
def test_lights_out_lost_picture_and_trembling_change_nothing(fps: float, says_blind: bool) -> None:
    s = shop(fps)
    s.eyes.says_blind = says_blind
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.lights(0.05, 3)
    s.wait(2)
    s.picture_lost(3)
    s.wait(2)
    s.trembles(10, 3)
    s.wait(3)
    assert s.basket == {"A": 1}
    assert asks(s) == []
    assert s.outlined("a") == "charged"


@at_every_rate
def test_a_restart_with_goods_on_the_counter(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (400, 360))
    s.wait(3)
    s.put("A", "b", (880, 360))
    s.wait(3)
    s.restart()
    s.wait(5)
    assert s.basket == {"A": 2}
    assert asks(s) == []
    assert s.outlined("a") == s.outlined("b") == "charged"


@at_every_rate
def test_a_forgetful_restart_asks_about_each_pack_that_may_be_one_of_the_basket(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (400, 360))
    s.wait(3)
    s.put("A", "b", (880, 360))
    s.wait(3)
    s.restart(remembers=False)
    s.wait(8)
    assert asks(s) == [("another", "A"), ("another", "A")]
    assert s.basket == {"A": 2}
    assert s.outlined("a") == s.outlined("b") == "charged"
    assert holds(s)


@at_every_rate
def test_what_was_bagged_before_a_forgetful_restart_makes_nothing_else_green(fps: float) -> None:
    s = shop(fps)
    s.put("A", "bagged", (400, 360))
    s.wait(3)
    s.take("bagged")
    s.wait(3)
    s.put("A", "left", (880, 360))
    s.wait(3)
    s.undo("left")
    s.wait(2)
    s.restart(remembers=False)
    assert s.outlined("left") != "charged"
    s.wait(8)
    assert s.basket == {"A": 1}
    assert s.outlined("left") == "left"
    assert holds(s)


@at_every_rate
def test_a_code_that_is_read_in_a_fifth_of_the_pictures(fps: float) -> None:
    s = shop(fps, readable=0.2)
    s.put("A", "a", (640, 360))
    s.wait(60)
    assert s.basket == {"A": 1}


@at_every_rate
def test_a_moved_pack_is_one_piece(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (400, 360))
    s.wait(3)
    for by in ((170, 0), (40, 30), (200, 100)):
        s.move("a", by)
        s.wait(3)
    assert s.basket == {"A": 1}
    assert asks(s) == []


@at_every_rate
@pytest.mark.parametrize("kind", [Kind.TAUGHT, Kind.UNSURE, Kind.UNKNOWN])
def test_things_without_a_code(fps: float, kind: Kind) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360), kind)
    s.wait(8)
    assert s.basket == {"A": 1}
    s.cover("a", "moving hand", 2)
    s.wait(4)
    assert s.basket == {"A": 1}
    assert s.outlined("a") == "charged"
    assert holds(s)


def test_a_pack_that_the_finder_cannot_see_is_not_gone_because_its_place_looks_bare() -> None:
    s = shop(readable=0.5)
    s.put("A", "a", (640, 360), pale=True)
    s.wait(5)
    for _ in range(4):
        s.cover("a", "moving hand", 2)
        s.wait(4)
    assert s.basket == {"A": 1}


# ---- other packs in its place ----------------------------------------------------------------------


@at_every_rate
def test_another_product_in_its_place_is_charged(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.swap("a", "B", "b")
    s.wait(3)
    assert s.basket == {"A": 1, "B": 1}
    assert holds(s)


@at_every_rate
def test_a_swapped_pack_is_not_green_before_its_code_was_read(fps: float) -> None:
    s = shop(fps)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.drawn.readable = 0.0
    s.swap("a", "B", "b")
    s.wait(4)
    assert s.outlined("b") == "none"
    s.drawn.readable = 1.0
    s.wait(3)
    assert s.outlined("b") == "charged"


def test_the_same_product_swapped_in_one_movement_gives_the_quiet_note() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.swap("a", "A", "b", shift=(60, 20))
    s.wait(3)
    assert s.basket == {"A": 1}
    assert s.till.warns[Notice.MOVED] == 1


@pytest.mark.xfail(reason="no camera can tell: same product, same place, always a hand over it", strict=True)
def test_the_same_product_swapped_at_the_same_place_in_one_movement() -> None:
    s = shop(answers=False)
    s.put("A", "a", (640, 360))
    s.wait(3)
    s.swap("a", "A", "b")
    s.wait(3)
    assert s.basket == {"A": 2} or asks(s) or s.till.warns[Notice.MOVED]
