"""What is seen is charged once or asked once, and green means in the basket: through the whole flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.views import OutlineKind, TrayKind, TrayView
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState

OAT = picture_of((220, 220, 60))
UNKNOWN = picture_of((10, 250, 10), 3)
LEFT, MIDDLE, RIGHT = Box(20, 40, 64, 64), Box(220, 120, 64, 64), Box(420, 200, 64, 64)
HAND = Box(10, 30, 90, 120)


def check_green(till: Till) -> None:
    green = [one for one in till.screens.outlines if one.kind is OutlineKind.SURE]
    pieces = Counter(till.flow.goods.counter.piece(one.piece).product for one in green)  # type: ignore[union-attr]
    basket = till.flow.basket.basket
    lines = {} if basket is None else {item.inventory_id: item.quantity for item in basket.items}
    assert all(count <= lines.get(product, 0) for product, count in pieces.items())


@pytest.fixture
def till(till: Till) -> Iterator[Till]:
    """The till of all tests; every reading that a test makes is checked."""
    rest = till.rest

    def checked(milliseconds: int) -> None:
        for _ in range(milliseconds // 125):
            rest(125)
            check_green(till)

    till.rest = checked  # type: ignore[method-assign]
    till.lay()  # the empty counter is known
    yield till
    check_green(till)


def lay(till: Till, *places: Box, code: str = OAT_MILK_CODE) -> None:
    """Packs of one product lie here, each with its code in sight, after hands moved."""
    till.detector.codes = tuple(
        Sighting(code, "EAN13", Box(box.x + 20, box.y + 20, 24, 10)) for box in places
    )
    till.lay(*((box, OAT) for box in places))


def cover(till: Till, box: Box, *, moving: bool, milliseconds: int) -> None:
    """A hand over what lies there: its code is hidden, and its place is covered."""
    codes, boxes = till.detector.codes, till.finder.boxes
    till.detector.codes = ()
    till.finder.boxes = (*(one for one in boxes if one is not box and not box.holds(one)), box)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.rest(250)
    till.gate.state = SceneState(SceneKind.MOVING if moving else SceneKind.STILL)
    till.rest(milliseconds)
    till.gate.state = SceneState(SceneKind.MOVING)
    till.rest(250)
    till.detector.codes, till.finder.boxes = codes, boxes
    till.gate.state = SceneState(SceneKind.STILL, is_new_still=True)
    till.rest(1000)


def oat_milk(till: Till) -> int:
    return sum(line.quantity for line in till.screens.basket.lines)


def kinds(till: Till) -> list[OutlineKind]:
    return [outline.kind for outline in till.screens.outlines]


def pieces(till: Till) -> list[Piece]:
    return till.flow.goods.counter.pieces


def tray_of(till: Till) -> TrayView:
    assert till.screens.tray is not None
    return till.screens.tray


def pay(till: Till) -> None:
    till.pay()
    till.settle()
    till.flow.payment.quick("20")
    till.flow.payment.confirm()
    till.settle()
    assert till.flow.place is Place.RECEIPT


def end(till: Till) -> None:
    till.flow.menu()
    till.flow.menu_action("end")
    till.flow.way_out.confirmation.go_on()
    till.settle()
    till.flow.trays.skip()  # that the basket was closed


class TestChargedOnce:
    def test_the_next_customer_puts_the_same_product_down_at_once(self, till: Till) -> None:
        lay(till, LEFT)
        till.detector.codes = ()
        till.lay()
        end(till)
        lay(till, LEFT)
        assert (oat_milk(till), kinds(till)) == (1, [OutlineKind.SURE])

    def test_a_third_one_counts_though_one_of_two_was_bagged_a_moment_before(self, till: Till) -> None:
        lay(till, LEFT, MIDDLE)
        lay(till, LEFT)
        lay(till, LEFT, RIGHT)
        assert oat_milk(till) == 3

    @pytest.mark.parametrize("moving", [True, False])
    @pytest.mark.parametrize("milliseconds", [1000, 2500, 4000])
    def test_a_hand_over_it_charges_nothing_and_asks_nothing(
        self, till: Till, moving: bool, milliseconds: int
    ) -> None:
        lay(till, LEFT)
        cover(till, HAND, moving=moving, milliseconds=milliseconds)
        assert (oat_milk(till), kinds(till)) == (1, [OutlineKind.SURE])
        assert tray_of(till).kind is TrayKind.OFTEN_SOLD

    def test_the_light_goes_out(self, till: Till) -> None:
        lay(till, LEFT)
        codes, till.detector.codes = till.detector.codes, ()
        till.finder.sees_counter = False
        till.gate.state = SceneState(SceneKind.BLIND)
        till.rest(3000)
        till.detector.codes, till.finder.sees_counter = codes, True
        till.gate.state = SceneState(SceneKind.STILL, is_new_still=True)
        till.rest(1000)
        assert (oat_milk(till), kinds(till)) == (1, [OutlineKind.SURE])
        assert tray_of(till).kind is TrayKind.OFTEN_SOLD

    def test_a_code_that_is_read_now_and_then(self, till: Till) -> None:
        lay(till, LEFT)
        codes = till.detector.codes
        for number in range(100):
            till.detector.codes = codes if number % 5 == 0 else ()
            till.rest(125)
        assert oat_milk(till) == 1

    def test_put_down_while_the_receipt_is_shown(self, till: Till) -> None:
        lay(till, LEFT)
        till.detector.codes = ()
        till.lay()
        pay(till)
        till.rest(10_000)
        lay(till, MIDDLE)
        assert oat_milk(till) == 1  # the sold basket is still on screen
        till.flow.next_customer()
        till.settle()
        till.rest(500)
        assert tray_of(till).title == goods_wording.asked(
            "meanwhile", "Oat milk 1 l"
        )  # it may be the sold one
        till.flow.trays.choose(0)
        till.settle()
        assert (oat_milk(till), kinds(till)) == (1, [OutlineKind.SURE])


class TestStays:
    def test_what_was_not_sold_is_asked_about_once(self, till: Till) -> None:
        lay(till, LEFT)
        end(till)
        till.rest(500)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.ASK])
        assert tray_of(till).title == goods_wording.asked("still here", "Oat milk 1 l")
        till.flow.trays.skip()
        till.rest(3000)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.LEFT])

    def test_what_was_sold_and_stays_is_sold(self, till: Till) -> None:
        lay(till, LEFT)
        pay(till)
        till.flow.next_customer()
        till.settle()
        till.rest(3000)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.SOLD])
        assert tray_of(till).kind is TrayKind.OFTEN_SOLD

    def test_an_undone_line_is_left(self, till: Till) -> None:
        lay(till, LEFT)
        till.flow.basket.undo()
        till.settle()
        till.rest(3000)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.LEFT])

    def test_a_line_that_others_took_out_is_asked_about(self, till: Till) -> None:
        lay(till, LEFT)
        (line,) = till.screens.basket.lines
        basket = till.flow.basket.basket
        assert basket is not None
        till.services.sessions.remove_item(basket.session.id, line.item_id)
        till.rest(2500)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.ASK])
        assert tray_of(till).title == goods_wording.asked("missing", "Oat milk 1 l")

    def test_a_basket_that_was_closed_elsewhere_charges_nothing_into_the_next_one(self, till: Till) -> None:
        lay(till, LEFT)
        basket = till.flow.basket.basket
        assert basket is not None
        till.services.sessions.end_session(basket.session.id)
        till.rest(3000)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.ASK])

    def test_the_program_is_restarted(self, till: Till) -> None:
        lay(till, LEFT, MIDDLE)
        till.rest(1000)
        again = till.restarted()
        again.rest(5000)
        check_green(again)
        assert oat_milk(again) == 2
        assert kinds(again) == [OutlineKind.SURE, OutlineKind.SURE]
        assert tray_of(again).kind is TrayKind.OFTEN_SOLD

    @pytest.mark.parametrize("page", ["restock", "teach", "settings"])
    def test_put_down_on_another_page(self, till: Till, page: str) -> None:
        till.open_manager()
        getattr(till.flow, page).open()
        till.settle()
        lay(till, LEFT)
        assert oat_milk(till) == 0
        till.flow.back_to_selling()
        till.settle()
        till.rest(1000)
        is_asked = tray_of(till).title == goods_wording.asked("meanwhile", "Oat milk 1 l")
        assert (oat_milk(till), is_asked) == ((1, False) if page == "settings" else (0, True))


class TestPay:
    def test_it_does_not_go_on_while_something_is_asked(self, till: Till) -> None:
        lay(till, LEFT)
        till.detector.codes = ()
        till.lay((LEFT, OAT), (RIGHT, UNKNOWN))
        till.rest(2000)
        assert not till.flow.may_pay
        till.pay()
        assert till.flow.place is Place.SELLING
        assert till.screens.basket.hint == wording.OPEN_QUESTION
        till.flow.trays.skip()
        assert till.flow.may_pay
        till.pay()
        assert till.screens.place is Place.PAYMENT

    def test_it_asks_about_what_was_just_put_down(self, till: Till) -> None:
        """A code that is read once is not enough to charge, and too much to leave out."""
        lay(till, LEFT)
        till.lay((LEFT, OAT), (RIGHT, OAT))
        till.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", Box(440, 220, 24, 10)),)
        till.rest(125)
        till.detector.codes = ()
        till.pay()
        assert till.flow.place is Place.SELLING
        assert till.screens.basket.hint == goods_wording.CHECKING
        till.rest(4000)
        assert till.flow.place is Place.SELLING
        assert tray_of(till).kind is TrayKind.ASK

    def test_it_goes_on_by_itself_once_everything_is_charged(self, till: Till) -> None:
        lay(till, LEFT)
        till.detector.codes = ()
        till.lay((LEFT, OAT), (RIGHT, OAT))
        till.detector.codes = (Sighting(OAT_MILK_CODE, "EAN13", Box(440, 220, 24, 10)),)
        till.rest(125)
        till.pay()
        till.rest(1000)
        assert till.screens.place is Place.PAYMENT
        assert till.screens.payment is not None
        assert till.screens.payment.total_text == "€4.38"

    def test_a_hand_at_the_rim_does_not_keep_it(self, till: Till) -> None:
        lay(till, LEFT)
        till.finder.boxes = (*till.finder.boxes, Box(400, 300, 120, 180))
        till.gate.state = SceneState(SceneKind.STILL, is_new_still=True)
        till.rest(1500)
        assert till.flow.may_pay


class TestTaps:
    """What can be done with a piece by tapping its outline."""

    def tap(self, till: Till) -> TrayView:
        (outline,) = till.screens.outlines
        till.flow.outline_tapped(outline.piece)
        return tray_of(till)

    def test_a_charged_one_can_be_taken_out(self, till: Till) -> None:
        lay(till, LEFT)
        till.rest(1000)
        assert self.tap(till).add_all_text == goods_wording.TAKE_OUT
        till.flow.trays.act()
        till.settle()
        till.rest(1000)
        assert (oat_milk(till), kinds(till)) == (0, [OutlineKind.LEFT])

    def test_of_two_the_tapped_one_is_taken_out(self, till: Till) -> None:
        lay(till, LEFT, RIGHT)
        first = next(outline for outline in till.screens.outlines if outline.box.x < 200)
        till.flow.outline_tapped(first.piece)
        till.flow.trays.act()
        till.settle()
        till.rest(500)
        states = {piece.place.x < 200: piece.state for piece in pieces(till)}
        assert states == {True: PieceState.LEFT, False: PieceState.IN_BASKET}

    def test_a_charged_one_can_be_something_else(self, till: Till) -> None:
        lay(till, LEFT)
        self.tap(till)
        till.flow.trays.search()
        till.flow.tile_chosen(till.goods["BUT-S"].id)
        till.settle()
        till.rest(2000)
        assert [line.name for line in till.screens.basket.lines] == ["Salted butter 250 g"]
        assert kinds(till) == [OutlineKind.SURE]

    def test_one_that_was_left_can_be_charged(self, till: Till) -> None:
        lay(till, LEFT)
        till.flow.basket.undo()
        till.settle()
        till.rest(500)
        assert self.tap(till).add_all_text == goods_wording.CHARGE_IT
        till.flow.trays.act()
        till.settle()
        till.rest(500)
        assert (oat_milk(till), kinds(till)) == (1, [OutlineKind.SURE])

    def test_one_that_is_asked_about_brings_its_question(self, till: Till) -> None:
        till.detector.codes = (Sighting(UNKNOWN_CODE, "EAN13", Box(440, 220, 24, 10)),)
        till.lay((LEFT, UNKNOWN), (RIGHT, OAT))
        till.rest(2500)
        unknown = next(outline for outline in till.screens.outlines if outline.box.x < 200)
        till.flow.outline_tapped(unknown.piece)
        assert tray_of(till).title == goods_wording.WHAT_IS_THIS

    def test_of_several_that_are_asked_about_the_one_in_question_is_marked(self, till: Till) -> None:
        till.lay((LEFT, UNKNOWN), (RIGHT, UNKNOWN))
        till.rest(4000)
        assert [one.kind for one in till.screens.outlines] == [OutlineKind.ASK] * 2
        for one in till.screens.outlines:
            till.flow.outline_tapped(one.piece)
            assert [other.piece for other in till.screens.outlines if other.is_in_question] == [one.piece]

    def test_one_question_alone_needs_no_mark(self, till: Till) -> None:
        till.lay((LEFT, UNKNOWN))
        till.rest(4000)
        (one,) = till.screens.outlines
        assert (one.kind, one.is_in_question) == (OutlineKind.ASK, False)

    def test_what_a_person_searched_for_it_is_its_name(self, till: Till) -> None:
        till.lay((LEFT, UNKNOWN))
        till.rest(4000)
        till.flow.trays.search()
        till.settle()
        till.flow.tile_chosen(till.goods["BUT-S"].id)
        till.settle()
        till.rest(500)
        (one,) = till.screens.outlines
        assert (one.kind, one.label) == (OutlineKind.SURE, "Salted butter 250 g")

    def test_nothing_happens_on_other_pages(self, till: Till) -> None:
        lay(till, LEFT)
        (outline,) = till.screens.outlines
        till.pay()
        till.settle()
        till.flow.outline_tapped(outline.piece)
        assert till.flow.place is Place.PAYMENT
        assert tray_of(till).kind is TrayKind.OFTEN_SOLD


class TestUnknownCode:
    def test_a_product_made_for_it_is_charged(self, till: Till) -> None:
        lay(till, LEFT, code=UNKNOWN_CODE)
        assert tray_of(till).title == wording.UNKNOWN_BARCODE
        till.flow.trays.act()
        till.settle()
        till.flow.manager.save(
            {"sku": "PEAR", "name": "Pear", "category": "Fruit & veg", "price": "0.60", "stock": "12"}
            | {"barcodes": UNKNOWN_CODE}
        )
        till.settle()
        till.flow.back_to_selling()
        till.settle()
        till.rest(1500)
        assert [line.name for line in till.screens.basket.lines] == ["Pear"]
        assert kinds(till) == [OutlineKind.SURE]
