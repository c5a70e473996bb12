"""An unknown code, Add product, Save: one piece of it is in the basket, and the till sells on."""

from __future__ import annotations

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.views import LineSource

PEAR = {"sku": "PEAR", "name": "Pear", "category": "Fruit & veg", "price": "0.60", "stock": "12"}


def save(till: Till, **changed: str) -> None:
    assert till.screens.form is not None
    till.flow.manager.save({**dict(till.screens.form.fields), **PEAR, **changed})
    till.settle()


def open_form(till: Till) -> None:
    """Tap Add product in the tray."""
    assert till.screens.tray is not None
    assert till.screens.tray.title == wording.UNKNOWN_BARCODE
    till.flow.trays.act()
    till.settle()
    assert till.screens.place is Place.FORM


def pears(till: Till) -> int:
    return sum(line.quantity for line in till.screens.basket.lines if line.name == "Pear")


def test_a_code_on_the_counter_becomes_a_line_once(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    open_form(till)
    save(till)

    assert till.screens.place is Place.SELLING
    assert pears(till) == 1
    till.rest(5000)
    till.move_hands()
    till.show_codes(UNKNOWN_CODE)
    assert pears(till) == 1
    assert not till.flow.goods.is_open
    assert [outline.label for outline in till.screens.outlines] == ["Pear"]


def test_a_typed_code_becomes_a_line_once(till: Till) -> None:
    till.submit(UNKNOWN_CODE)
    open_form(till)
    save(till)

    assert till.screens.place is Place.SELLING
    assert pears(till) == 1
    till.flow.basket.undo()
    till.settle()
    assert pears(till) == 0


@pytest.mark.parametrize("source", [LineSource.TYPED, LineSource.BARCODE])
def test_its_line_says_how_the_code_came(till: Till, source: LineSource) -> None:
    enter = till.submit if source is LineSource.TYPED else till.flow.scanned
    enter(UNKNOWN_CODE)
    till.settle()
    open_form(till)
    save(till)

    assert till.screens.line("Pear").source is source


def test_a_code_typed_while_its_piece_lies_there_is_that_piece(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    till.submit(UNKNOWN_CODE)
    open_form(till)
    save(till)
    till.rest(5000)

    assert pears(till) == 1
    assert not till.flow.goods.is_open


def test_a_piece_that_is_read_again_before_the_answer_comes_is_charged_once(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    open_form(till)
    assert till.screens.form is not None
    till.tasks.held_lanes.add(Lane.DATABASE)
    till.flow.manager.save({**dict(till.screens.form.fields), **PEAR})
    till.rest(1000)
    till.tasks.held_lanes.clear()
    till.rest(3000)

    assert pears(till) == 1
    assert not till.flow.goods.is_open


def test_a_product_that_was_saved_without_its_code_is_charged_all_the_same(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    open_form(till)
    save(till, barcodes="")
    till.rest(3000)

    assert pears(till) == 1


def test_two_pieces_with_the_code_are_two_pieces(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE, UNKNOWN_CODE)
    open_form(till)
    save(till)
    till.rest(3000)

    assert pears(till) == 2


def test_a_piece_that_was_taken_away_meanwhile_is_charged(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    open_form(till)
    till.clear_counter()
    save(till)
    till.rest(3000)

    assert pears(till) == 1


def test_the_price_of_the_new_product_is_the_one_that_was_typed(till: Till) -> None:
    till.submit(UNKNOWN_CODE)
    open_form(till)
    save(till)

    assert till.screens.basket.total_text == "€0.60"


def test_a_wrong_field_keeps_the_form_and_nothing_is_charged(till: Till) -> None:
    till.show_codes(UNKNOWN_CODE)
    open_form(till)
    save(till, price="")

    assert till.screens.place is Place.FORM
    save(till)
    assert till.screens.place is Place.SELLING
    assert pears(till) == 1


@pytest.mark.parametrize("is_seen", [True, False])
def test_who_leaves_the_form_is_back_at_selling_and_nothing_is_charged(till: Till, *, is_seen: bool) -> None:
    till.show_codes(*([UNKNOWN_CODE] if is_seen else []))
    if not is_seen:
        till.submit(UNKNOWN_CODE)
    open_form(till)
    till.flow.escape()
    till.settle()

    assert till.screens.place is Place.SELLING
    assert till.screens.basket.lines == ()
    till.open_manager()
    till.flow.manager.new_product()
    save(till, barcodes="")
    assert till.screens.place is Place.PRODUCTS
    assert pears(till) == 0


def test_other_goods_in_the_basket_stay(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE, UNKNOWN_CODE)
    open_form(till)
    save(till)
    till.rest(3000)

    assert {line.name: line.quantity for line in till.screens.basket.lines} == {"Oat milk 1 l": 1, "Pear": 1}
