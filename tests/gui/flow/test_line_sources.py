"""Lines say truly how their pieces came into the basket, also after a restart."""

from __future__ import annotations

from uuid import UUID

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.gui.views import LineSource

OATS = "Oat milk 1 l"


def words(till: Till) -> str:
    return till.screens.line(OATS).detail


def item(till: Till) -> UUID:
    return till.screens.line(OATS).item_id


def tap(till: Till) -> None:
    till.flow.tile_chosen(till.goods["OAT-1L"].id)
    till.settle()


def scan(till: Till) -> None:
    till.flow.scanned(OAT_MILK_CODE)
    till.settle()


def test_each_way_in_has_its_word(till: Till) -> None:
    scan(till)
    assert (words(till), till.screens.line(OATS).source) == ("Scanned", LineSource.BARCODE)


def test_a_code_that_was_typed_is_not_called_scanned(till: Till) -> None:
    till.submit(OAT_MILK_CODE)
    assert (words(till), till.screens.line(OATS).source) == ("Typed", LineSource.TYPED)


def test_a_tap_is_a_tap(till: Till) -> None:
    tap(till)
    assert (words(till), till.screens.line(OATS).source) == ("Tapped", LineSource.TAPPED)


def test_a_code_before_the_camera_is_scanned(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    assert words(till) == "Scanned"


def test_several_ways_are_all_told_and_stay_so_after_a_restart(till: Till) -> None:
    scan(till)
    tap(till)
    assert words(till) == "2.19 each · Scanned, tapped"
    again = till.restarted()
    assert words(again) == "2.19 each · Scanned, tapped"


def test_what_is_undone_is_not_told_any_more(till: Till) -> None:
    scan(till)
    tap(till)
    till.flow.basket.undo()
    till.settle()
    assert words(till) == "Scanned"
    assert words(till.restarted()) == "Scanned"


def test_the_word_of_a_line_that_is_put_back_is_the_same(till: Till) -> None:
    till.submit(OAT_MILK_CODE)
    till.flow.basket.remove(item(till))
    till.settle()
    till.flow.basket.undo()
    till.settle()
    assert words(till) == "Typed"
    assert words(till.restarted()) == "Typed"


def test_keyed_pieces_are_typed_and_stepped_ones_tapped(till: Till) -> None:
    scan(till)
    till.flow.quantity.open(item(till))
    till.flow.quantity.press("3")
    till.flow.quantity.confirm()
    till.settle()
    assert words(till) == "2.19 each · Scanned, typed"
    till.flow.basket.set_quantity(item(till), 4)
    till.settle()
    assert words(till) == "2.19 each · Scanned, typed, tapped"
    till.flow.basket.set_quantity(item(till), 1)
    till.settle()
    assert words(till) == "Scanned"


def test_what_another_client_brought_is_told_as_far_as_it_is_known(till: Till) -> None:
    basket = till.flow.basket.basket
    assert basket is not None
    till.services.sessions.add_product(basket.session.id, till.goods["OAT-1L"].id)
    till.time.pass_by(1500)
    till.settle()
    assert words(till) in {"Tapped", "Seen", "Scanned"}


def test_an_answer_that_was_lost_is_counted_once(till: Till) -> None:
    till.tasks.loses_next_answer = True
    tap(till)
    till.time.pass_by(5000)
    till.settle()
    scan(till)
    till.flow.basket.undo()
    till.settle()
    assert words(till) == "Tapped"
