"""What is put down while the payment page is open is told there, and keeps one confirmation."""

from __future__ import annotations

import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.views import PayView, TrayKind
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState

OAT, UNKNOWN = picture_of((220, 220, 60)), picture_of((10, 250, 10), 3)
LEFT, MIDDLE = Box(20, 40, 64, 64), Box(220, 120, 64, 64)
OAT_DOWN = "Oat milk 1 l was put down and is not in the basket. Go back to add it."
OAT_AGAIN = "Oat milk 1 l was put down and is not in the basket. Go back to add it, or confirm again."


def sighting(box: Box) -> Sighting:
    return Sighting(OAT_MILK_CODE, "EAN13", Box(box.x + 20, box.y + 20, 24, 10))


def view(till: Till) -> PayView:
    assert till.screens.payment is not None
    return till.screens.payment


def lay_milk(till: Till, *places: Box) -> None:
    till.detector.codes = tuple(sighting(box) for box in places)
    till.lay(*((box, OAT) for box in places))


@pytest.fixture(params=["cash", "card"])
def paying(till: Till, request: pytest.FixtureRequest) -> Till:
    """A till whose payment page is open, over an empty counter."""
    till.lay()
    till.add("BUT-S")
    till.pay()
    till.flow.payment.choose_method(request.param)
    till.settle()
    if request.param == "cash":
        till.flow.payment.quick("20")
    assert till.screens.place is Place.PAYMENT
    assert view(till).trouble == ""
    return till


def confirm(till: Till) -> None:
    till.flow.payment.confirm()
    till.settle()


def test_it_is_told_at_once_refused_once_and_then_sold(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    assert view(paying).trouble == OAT_DOWN
    confirm(paying)
    assert (paying.screens.place, view(paying).trouble) == (Place.PAYMENT, OAT_AGAIN)
    confirm(paying)
    assert paying.screens.place is Place.RECEIPT


def test_it_is_told_no_more_when_it_is_taken_away(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    paying.detector.codes = ()
    paying.lay()
    paying.rest(1000)
    assert view(paying).trouble == ""
    confirm(paying)
    assert paying.screens.place is Place.RECEIPT


def test_another_one_after_the_refusal_keeps_nothing_any_more(paying: Till) -> None:
    """A card that is charged on its machine has to be booked."""
    lay_milk(paying, MIDDLE)
    confirm(paying)
    paying.detector.codes = ()
    paying.lay((LEFT, UNKNOWN))
    assert view(paying).trouble.startswith("Something was put down")
    confirm(paying)
    assert paying.screens.place is Place.RECEIPT


def test_each_payment_refuses_once(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    confirm(paying)
    paying.flow.payment.cancel()
    paying.settle()
    paying.rest(1000)
    paying.pay()
    paying.settle()
    assert (paying.screens.place, view(paying).trouble) == (Place.PAYMENT, "")
    lay_milk(paying, MIDDLE, LEFT)
    paying.flow.payment.choose_method("card")
    paying.settle()
    confirm(paying)
    assert (paying.screens.place, view(paying).trouble) == (Place.PAYMENT, OAT_AGAIN)


def test_it_is_charged_when_the_cashier_goes_back(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    confirm(paying)
    paying.flow.payment.cancel()
    paying.settle()
    paying.rest(1000)
    assert [line.quantity for line in paying.screens.basket.lines] == [1, 1]


def test_what_nobody_knows_is_told_as_well(paying: Till) -> None:
    paying.lay((MIDDLE, UNKNOWN))
    assert view(paying).trouble == "Something was put down and is not in the basket. Go back to add it."
    confirm(paying)
    assert paying.screens.place is Place.PAYMENT


def test_what_was_not_added_is_asked_of_the_next_customer(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    confirm(paying)
    confirm(paying)
    paying.flow.next_customer()
    paying.settle()
    paying.rest(2000)
    assert paying.screens.tray is not None
    assert paying.screens.tray.kind is TrayKind.ASK


def test_other_trouble_is_told_first(paying: Till) -> None:
    lay_milk(paying, MIDDLE)
    paying.flow.payment.decline()
    assert view(paying).trouble == wording.CARD_DECLINED
    confirm(paying)
    assert view(paying).trouble == OAT_AGAIN


def test_a_hand_or_a_pack_that_is_charged_is_no_news(till: Till) -> None:
    till.lay()
    lay_milk(till, LEFT)
    till.pay()
    till.flow.payment.choose_method("card")
    till.settle()
    till.move_hands()
    lay_milk(till, Box(120, 60, 64, 64))
    assert view(till).trouble == ""
    till.finder.boxes = (*till.finder.boxes, Box(400, 300, 120, 180))
    till.gate.state = SceneState(SceneKind.STILL, is_new_still=True)
    till.rest(1500)
    assert view(till).trouble == ""
    confirm(till)
    assert till.screens.place is Place.RECEIPT


def test_what_was_scanned_and_is_put_down_late_is_no_news(till: Till) -> None:
    till.lay()
    till.submit(OAT_MILK_CODE)
    till.pay()
    lay_milk(till, MIDDLE)
    assert view(till).trouble == ""


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ((), ""),
        (("Rice", "Jam"), "Rice and Jam were put down and are not in the basket. Go back to add them."),
        (("Rice", ""), "2 things were put down and are not in the basket. Go back to add them."),
        (("Rice", "Jam", "Oil"), "3 things were put down and are not in the basket. Go back to add them."),
    ],
)
def test_several_are_told_in_one_sentence(names: tuple[str, ...], sentence: str) -> None:
    assert wording.put_down_meanwhile(names, was_confirmed=False) == sentence


def test_a_long_name_is_shortened() -> None:
    name = "Unsalted butter 250 g, organic, from alpine hay milk"
    assert wording.put_down_meanwhile((name,), was_confirmed=True) == (
        "Unsalted butter 250 g, organic, from al… was put down and is not in the basket. "
        "Go back to add it, or confirm again."
    )
    assert wording.put_down_meanwhile((name, name), was_confirmed=False).startswith("2 things were")
