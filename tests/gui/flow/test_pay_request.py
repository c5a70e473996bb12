"""A tap on Pay that waits: what it waits for, and what forgets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.views import TrayKind
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState

OAT, UNKNOWN = picture_of((220, 220, 60)), picture_of((10, 250, 10), 3)
MIDDLE = Box(220, 120, 64, 64)
CODE = Sighting(OAT_MILK_CODE, "EAN13", Box(MIDDLE.x + 20, MIDDLE.y + 20, 24, 10))


def is_put_down(till: Till, *, reads: int) -> None:
    """A pack arrives in the picture, and its code is read so often."""
    box = MIDDLE
    till.scene[box.y : box.y + box.height, box.x : box.x + box.width] = OAT
    till.finder.boxes = (box,)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.detector.codes = (CODE,) if reads else ()
    till.rest(125 * max(reads, 1))
    till.detector.codes = ()


@pytest.fixture
def waiting(till: Till) -> Till:
    """A till whose Pay was tapped while a pack was read only once."""
    till.lay()
    till.add("BUT-S")
    is_put_down(till, reads=1)
    till.pay()
    till.settle()
    assert till.screens.place is Place.SELLING
    assert till.screens.basket.hint == goods_wording.CHECKING
    return till


def test_it_goes_on_once_the_pack_is_charged(waiting: Till) -> None:
    waiting.detector.codes = (CODE,)
    waiting.rest(250)
    assert waiting.screens.place is Place.PAYMENT
    assert waiting.screens.payment is not None
    assert waiting.screens.payment.total_text == "€5.08"


def test_it_is_forgotten_when_the_basket_is_ended(waiting: Till) -> None:
    waiting.flow.menu()
    waiting.flow.menu_action("end")
    waiting.flow.way_out.confirmation.go_on()
    waiting.settle()
    waiting.rest(4000)
    assert waiting.screens.place is Place.SELLING


def test_it_is_forgotten_when_the_basket_is_sold_elsewhere(waiting: Till) -> None:
    waiting.detector.codes = (CODE,)
    waiting.tasks.held_lanes.add(Lane.DATABASE)
    waiting.rest(250)
    session = waiting.flow.basket.basket.session.id  # type: ignore[union-attr]
    waiting.services.checkout.check_out(session)
    waiting.tasks.held_lanes.clear()
    waiting.settle()
    waiting.rest(2000)
    assert waiting.screens.place is Place.SELLING


def test_it_is_forgotten_when_another_page_opens(waiting: Till) -> None:
    waiting.open_manager()
    waiting.detector.codes = (CODE,)
    waiting.rest(250)
    waiting.flow.back_to_selling()
    waiting.settle()
    waiting.rest(2000)
    assert waiting.screens.place is Place.SELLING


def test_one_that_waits_for_the_database_is_forgotten_when_another_page_opens(till: Till) -> None:
    till.tasks.held_lanes.add(Lane.DATABASE)
    till.flow.basket.add_product(till.goods["BUT-S"].id)
    till.pay()
    till.flow.menu_action("manager")
    till.flow.back_to_selling()
    till.tasks.held_lanes.clear()
    till.settle()
    assert till.screens.place is Place.SELLING


@pytest.mark.parametrize(
    "change",
    [
        lambda till: till.flow.basket.add_product(till.goods["BUT-U"].id),
        lambda till: till.flow.basket.remove(till.flow.basket.basket.items[0].id),
        lambda till: till.flow.basket.set_quantity(till.flow.basket.basket.items[0].id, 2),
        lambda till: till.flow.basket.undo(),
    ],
    ids=["add", "remove", "quantity", "undo"],
)
def test_it_is_forgotten_when_a_person_changes_the_basket(
    waiting: Till, change: Callable[[Till], None]
) -> None:
    waiting.tasks.held_lanes.add(Lane.DATABASE)
    waiting.detector.codes = (CODE,)
    waiting.rest(250)  # the pack is being added
    change(waiting)
    waiting.tasks.held_lanes.clear()
    waiting.settle()
    waiting.rest(2000)
    assert waiting.screens.place is Place.SELLING


def test_what_the_camera_adds_meanwhile_is_waited_for(till: Till) -> None:
    till.lay()
    till.tasks.held_lanes.add(Lane.DATABASE)
    till.flow.basket.add_product(till.goods["BUT-S"].id)
    till.pay()
    is_put_down(till, reads=2)
    till.tasks.held_lanes.clear()
    till.settle()
    assert till.screens.payment is not None
    assert till.screens.payment.total_text == "€5.08"


@pytest.mark.parametrize("is_at_rest", [True, False])
def test_it_asks_about_what_nobody_knows_and_was_put_down_a_moment_ago(till: Till, is_at_rest: bool) -> None:
    till.lay()
    till.add("BUT-S")
    if is_at_rest:
        till.lay((MIDDLE, UNKNOWN))
    else:
        is_put_down(till, reads=0)
    till.pay()
    assert till.screens.basket.hint == goods_wording.CHECKING
    till.gate.state = SceneState(SceneKind.STILL, is_new_still=True)
    till.rest(4000)
    assert till.screens.place is Place.SELLING
    assert till.screens.tray is not None
    assert till.screens.tray.kind is TrayKind.ASK
    assert till.screens.basket.hint == wording.OPEN_QUESTION


def test_a_hand_that_moves_keeps_nobody_waiting(till: Till) -> None:
    till.lay()
    till.add("BUT-S")
    height = till.scene.shape[0]
    till.finder.boxes = (Box(200, 100, 90, height - 100),)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.rest(250)
    till.pay()
    assert till.screens.place is Place.PAYMENT


def test_what_never_comes_to_rest_keeps_nobody_for_long(till: Till) -> None:
    till.lay()
    till.add("BUT-S")
    is_put_down(till, reads=0)
    till.pay()
    till.rest(4000)
    assert till.screens.place is Place.PAYMENT
