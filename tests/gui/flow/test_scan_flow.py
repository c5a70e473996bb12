"""What a code from the hand scanner means on every page, and that none is lost on its way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import MISREAD_CODE, OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui import scan_wording, wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound
from visionscan_kiosk.gui.flow.product_fields import empty_texts

BUTTER_CODE = "2040010001039"


@pytest.fixture(autouse=True)
def butter_with_code(till: Till) -> None:
    till.services.inventory.update_product(till.goods["BUT-S"].id, ProductChanges(barcodes=(BUTTER_CODE,)))


def scan(till: Till, code: str = OAT_MILK_CODE) -> None:
    till.flow.scanned(code)
    till.settle()


def lines(till: Till) -> dict[str, int]:
    return {line.name: line.quantity for line in till.flow.basket.view().lines}


def open_form(till: Till) -> None:
    till.open_manager()
    till.flow.manager.new_product()
    till.settle()


def open_restock(till: Till) -> None:
    till.open_manager()
    till.flow.restock.open()
    till.settle()


def open_teaching(till: Till) -> None:
    till.open_manager()
    till.flow.teach.open()
    till.settle()


def pay(till: Till) -> None:
    till.add("OAT-1L")
    till.flow.pay()
    till.settle()
    assert till.flow.place is Place.PAYMENT


def sell(till: Till) -> None:
    pay(till)
    till.flow.payment.choose_method("card")
    till.settle()
    till.flow.payment.confirm()
    till.settle()
    assert till.flow.place is Place.RECEIPT


# ---- selling ---------------------------------------------------------------------------------------


def test_a_scan_is_a_line_and_leaves_what_is_typed_and_shown(till: Till) -> None:
    till.flow.catalogue.type("butt")
    till.settle()
    scan(till)

    assert lines(till) == {"Oat milk 1 l": 1}
    assert till.screens.catalogue.is_open
    assert till.screens.catalogue.query == "butt"


def test_a_scan_leaves_the_grid_of_a_category_open(till: Till) -> None:
    till.flow.catalogue.open()
    till.flow.catalogue.choose_category("Dairy")
    till.settle()
    scan(till)

    assert (till.screens.catalogue.is_open, till.screens.catalogue.category) == (True, "Dairy")
    assert len(till.screens.catalogue.tiles) == 2


def test_a_name_that_is_typed_and_found_gives_the_picture_back(till: Till) -> None:
    till.flow.catalogue.type("oat milk 1 l")
    till.submit("oat milk 1 l")

    assert not till.screens.catalogue.is_open
    assert lines(till) == {"Oat milk 1 l": 1}


@pytest.mark.parametrize("ask", ["quantity", "end"])
def test_a_scan_over_a_dialog_answers_it_neither_way(till: Till, ask: str) -> None:
    till.add("OAT-1L")
    if ask == "quantity":
        till.flow.quantity.open(till.screens.basket.lines[0].item_id)
    else:
        till.flow.way_out.end_without_sale()
    scan(till)

    assert till.screens.announced == [scan_wording.dialog_in_front(OAT_MILK_CODE)]
    assert till.flow.quantity.is_open or till.flow.way_out.confirmation.is_open
    assert lines(till) == {"Oat milk 1 l": 1}


def test_a_scan_does_not_open_the_grid(till: Till) -> None:
    scan(till)
    scan(till, UNKNOWN_CODE)

    assert not till.screens.catalogue.is_open


def test_a_late_answer_leaves_the_field_to_the_next_search(till: Till) -> None:
    till.flow.catalogue.submit("Red apple")
    till.flow.catalogue.type("but")
    till.settle()

    assert lines(till) == {"Red apple": 1}
    assert (till.screens.catalogue.is_open, till.screens.catalogue.query) == (True, "but")


def test_a_scan_names_the_line_that_waits_for_its_product(till: Till) -> None:
    till.flow.basket.add_unnamed("zzz quux", 0.5, 1)
    till.settle()
    basket = till.flow.basket.basket
    assert basket is not None
    till.flow.line_chosen(basket.unmatched[0].id)
    scan(till, BUTTER_CODE)

    assert lines(till) == {"Salted butter 250 g": 1}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (UNKNOWN_CODE, wording.UNKNOWN_BARCODE),
        (MISREAD_CODE, wording.BAD_BARCODE),
        ("Red appl", wording.UNKNOWN_BARCODE),
    ],
)
def test_a_code_of_no_product_is_told_and_nothing_alike_is_charged(
    till: Till, code: str, sentence: str
) -> None:
    scan(till, code)

    assert (till.note_text, lines(till)) == (sentence, {})
    assert till.sounds.heard[-1] is Sound.REFUSED


def test_a_scan_closes_the_menu_and_sells(till: Till) -> None:
    till.flow.menu()
    scan(till)

    assert till.screens.menu is None
    assert till.flow.place is Place.SELLING
    assert lines(till) == {"Oat milk 1 l": 1}


def test_a_scan_on_the_receipt_begins_the_next_customer(till: Till) -> None:
    sell(till)
    scan(till, BUTTER_CODE)

    assert till.flow.place is Place.SELLING
    assert lines(till) == {"Salted butter 250 g": 1}


def test_a_misread_on_the_receipt_leaves_its_change_in_sight(till: Till) -> None:
    sell(till)
    scan(till, MISREAD_CODE)
    scan(till, UNKNOWN_CODE)

    assert till.flow.place is Place.RECEIPT
    assert till.screens.announced == [
        scan_wording.unknown_on_receipt(MISREAD_CODE),
        scan_wording.unknown_on_receipt(UNKNOWN_CODE),
    ]
    assert till.sounds.heard[-1] is Sound.REFUSED


def test_codes_on_the_receipt_wait_for_the_database_and_say_so(till: Till) -> None:
    sell(till)
    till.tasks.is_database_away = True
    scan(till, BUTTER_CODE)
    scan(till)
    assert till.flow.place is Place.RECEIPT
    assert till.screens.announced[-1] == scan_wording.codes_wait(2)

    till.tasks.is_database_away = False
    till.time.pass_by(4000)
    till.settle()
    assert lines(till) == {"Salted butter 250 g": 1, "Oat milk 1 l": 1}


@pytest.mark.parametrize("first", [BUTTER_CODE, UNKNOWN_CODE])
def test_two_codes_on_the_receipt_are_each_sold_or_told(till: Till, first: str) -> None:
    sell(till)
    till.flow.scanned(first)
    till.flow.scanned(OAT_MILK_CODE)
    till.settle()

    known = {"Salted butter 250 g": 1} if first == BUTTER_CODE else {}
    assert lines(till) == {**known, "Oat milk 1 l": 1}
    assert len(till.screens.announced) == (first == UNKNOWN_CODE)


# ---- the other pages -------------------------------------------------------------------------------


def test_a_scan_while_paying_changes_neither_basket_nor_amount(till: Till) -> None:
    pay(till)
    before = till.screens.payment
    scan(till, BUTTER_CODE)

    assert till.screens.announced == [scan_wording.not_while_paying(BUTTER_CODE)]
    assert till.sounds.heard[-1] is Sound.REFUSED
    assert till.screens.payment == before
    assert till.flow.place is Place.PAYMENT


@pytest.mark.parametrize(
    "go",
    [
        lambda till: till.flow.settings.open(),
        lambda till: till.flow.naming.open(),
        lambda till: till.flow.accuracy.open(),
        lambda till: till.flow.models.open(),
    ],
    ids=["settings", "names", "accuracy", "models"],
)
def test_a_page_without_a_use_for_codes_says_so(till: Till, go: Callable[[Till], None]) -> None:
    till.open_manager()
    go(till)
    till.settle()
    scan(till)

    assert till.screens.announced == [scan_wording.not_taken(OAT_MILK_CODE)]
    assert till.sounds.heard[-1] is Sound.REFUSED


def test_a_scan_in_the_form_is_one_of_its_barcodes(till: Till) -> None:
    open_form(till)
    till.flow.manager.change_field("name", "Pear")
    scan(till, UNKNOWN_CODE)
    scan(till, UNKNOWN_CODE[:9])

    assert till.screens.form is not None
    fields = dict(till.screens.form.fields)
    assert (fields["name"], fields["barcodes"]) == ("Pear", f"{UNKNOWN_CODE}, {UNKNOWN_CODE[:9]}")
    assert till.screens.announced[-1] == scan_wording.now_its_code(UNKNOWN_CODE[:9])
    assert till.sounds.heard[-1] is Sound.ADDED


def test_the_next_customers_goods_are_no_codes_of_the_product_in_the_form(till: Till) -> None:
    scan(till, UNKNOWN_CODE)
    till.flow.trays.act()
    till.settle()
    scan(till, BUTTER_CODE)

    assert till.flow.place is Place.FORM
    assert till.screens.form is not None
    assert dict(till.screens.form.fields)["barcodes"] == UNKNOWN_CODE
    assert till.screens.announced[-1] == scan_wording.code_of(BUTTER_CODE, "Salted butter 250 g")
    assert till.sounds.heard[-1] is Sound.REFUSED


def test_a_code_of_the_edited_product_stays_its_code(till: Till) -> None:
    till.open_manager()
    till.flow.manager.edit(till.goods["BUT-S"].id)
    till.settle()
    till.flow.manager.change_field("barcodes", "")
    scan(till, BUTTER_CODE)

    assert till.screens.form is not None
    assert dict(till.screens.form.fields)["barcodes"] == BUTTER_CODE


def test_a_code_looked_up_for_one_form_is_not_given_to_the_next(till: Till) -> None:
    till.open_manager()
    till.flow.manager.edit(till.goods["OAT-1L"].id)
    till.settle()
    till.flow.scanned(UNKNOWN_CODE)
    till.flow.manager.leave_form()
    till.flow.manager.edit(till.goods["BUT-S"].id)
    till.settle()

    assert till.screens.form is not None
    assert dict(till.screens.form.fields)["barcodes"] == BUTTER_CODE
    assert till.screens.announced[-1] == scan_wording.page_left(UNKNOWN_CODE)


def test_a_code_that_the_form_has_is_told_and_a_part_of_it_is_another(till: Till) -> None:
    open_form(till)
    scan(till, UNKNOWN_CODE)
    scan(till, UNKNOWN_CODE)
    scan(till, UNKNOWN_CODE[:7])

    assert till.screens.announced == [
        scan_wording.now_its_code(UNKNOWN_CODE),
        scan_wording.is_its_code(UNKNOWN_CODE),
        scan_wording.now_its_code(UNKNOWN_CODE[:7]),
    ]
    assert till.screens.form is not None
    assert dict(till.screens.form.fields)["barcodes"] == f"{UNKNOWN_CODE}, {UNKNOWN_CODE[:7]}"


def test_a_scan_while_the_form_is_saved_is_refused(till: Till) -> None:
    open_form(till)
    till.tasks.held_lanes = {Lane.DATABASE}
    till.flow.scanned(UNKNOWN_CODE)
    till.flow.manager.save(empty_texts(sku="P", name="Pear", category="Fruit", price="1"))
    till.flow.scanned(UNKNOWN_CODE[:9])
    till.tasks.held_lanes = set()
    till.settle()

    assert till.screens.announced == [
        scan_wording.still_saving(UNKNOWN_CODE),
        scan_wording.page_left(UNKNOWN_CODE[:9]),
    ]


def test_a_scan_over_the_picture_dialog_reaches_neither(till: Till) -> None:
    till.open_manager()
    till.flow.manager.edit(till.goods["OAT-1L"].id)
    till.settle()
    till.flow.manager.choose_picture()
    till.settle()
    before = till.screens.form
    scan(till, UNKNOWN_CODE)

    assert till.screens.announced == [scan_wording.dialog_in_front(UNKNOWN_CODE)]
    assert till.screens.form == before


def test_a_scan_in_the_list_shows_its_product(till: Till) -> None:
    till.open_manager()
    scan(till)

    assert till.screens.products is not None
    assert [row.name for row in till.screens.products.rows] == ["Oat milk 1 l"]
    assert till.screens.products.message == scan_wording.found(OAT_MILK_CODE)

    scan(till, UNKNOWN_CODE)
    assert till.screens.announced == [scan_wording.unknown_in_list(UNKNOWN_CODE)]
    assert till.screens.products.message == ""
    assert len(till.screens.products.rows) > 1


def test_a_scan_in_restock_chooses_the_product(till: Till) -> None:
    open_restock(till)
    scan(till)

    assert till.screens.restock is not None
    assert till.screens.restock.tile is not None
    assert till.screens.restock.tile.name == "Oat milk 1 l"


def test_pieces_keyed_for_one_product_are_not_taken_to_another(till: Till) -> None:
    open_restock(till)
    scan(till)
    till.flow.restock.press("1")
    till.flow.restock.press("2")
    scan(till, BUTTER_CODE)

    assert till.screens.restock is not None
    assert till.screens.restock.tile is not None
    assert (till.screens.restock.tile.name, till.screens.restock.quantity_text) == ("Oat milk 1 l", "12")
    assert till.screens.announced == [scan_wording.pieces_not_added(12, "Oat milk 1 l")]

    scan(till)  # the same product again changes nothing
    assert till.screens.restock.quantity_text == "12"
    assert len(till.screens.announced) == 1


def test_an_unknown_code_in_restock_is_told(till: Till) -> None:
    open_restock(till)
    scan(till, UNKNOWN_CODE)

    assert till.screens.announced == [scan_wording.unknown_code(UNKNOWN_CODE)]


def test_a_scan_chooses_what_is_taught_and_gives_it_its_code(till: Till) -> None:
    open_teaching(till)
    scan(till, UNKNOWN_CODE)
    assert till.screens.announced == [scan_wording.unknown_code(UNKNOWN_CODE)]

    scan(till)
    assert till.screens.teach is not None
    assert till.screens.teach.product is not None
    assert till.screens.teach.product.name == "Oat milk 1 l"

    scan(till, BUTTER_CODE)
    assert till.screens.announced[-1] == wording.code_of_other("Salted butter 250 g")
    scan(till, UNKNOWN_CODE)
    assert till.screens.announced[-1] == scan_wording.has_other_codes(UNKNOWN_CODE)

    till.flow.teach.choose(till.goods["BUT-U"].id)
    till.settle()
    scan(till, UNKNOWN_CODE)
    assert till.services.inventory.get_product(till.goods["BUT-U"].id).barcodes == (UNKNOWN_CODE,)


def test_a_page_that_was_left_does_not_get_the_code(till: Till) -> None:
    open_restock(till)
    till.flow.scanned(OAT_MILK_CODE)
    till.flow.escape()
    till.settle()

    assert till.screens.announced == [scan_wording.page_left(OAT_MILK_CODE)]


def test_a_page_tells_that_the_database_is_away(till: Till) -> None:
    open_restock(till)
    till.tasks.is_database_away = True
    scan(till)

    assert till.screens.announced == [scan_wording.no_answer(OAT_MILK_CODE)]


# ---- pay -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["scanned", "typed"])
def test_pay_waits_for_a_code_that_is_looked_up(till: Till, how: str) -> None:
    till.add("BUT-S")
    if how == "scanned":
        till.flow.scanned(OAT_MILK_CODE)
    else:
        till.flow.catalogue.submit(OAT_MILK_CODE)
    till.flow.pay()
    assert till.flow.place is Place.SELLING
    assert not till.flow.may_pay
    till.settle()

    assert till.flow.place is Place.PAYMENT
    assert till.screens.payment is not None
    assert till.screens.payment.total_text == "€5.08"


def test_pay_does_not_go_on_past_a_code_of_no_product(till: Till) -> None:
    till.add("BUT-S")
    till.flow.scanned(UNKNOWN_CODE)
    till.flow.pay()
    till.settle()

    assert till.flow.place is Place.SELLING
    assert till.note_text == wording.UNKNOWN_BARCODE


def test_a_scan_after_pay_was_tapped_means_not_yet(till: Till) -> None:
    till.add("BUT-S")
    till.flow.scanned(OAT_MILK_CODE)
    till.flow.pay()
    till.flow.scanned(OAT_MILK_CODE)
    till.settle()

    assert till.flow.place is Place.SELLING
    assert lines(till) == {"Salted butter 250 g": 1, "Oat milk 1 l": 2}


def test_pay_in_an_outage_does_not_open_by_itself_later(till: Till) -> None:
    till.add("BUT-S")
    till.flow.scanned(OAT_MILK_CODE)
    till.flow.pay()
    till.tasks.is_database_away = True
    till.settle()
    assert till.flow.basket.view().hint == scan_wording.codes_wait(1)
    assert till.sounds.heard[-1] is Sound.REFUSED

    till.flow.pay()
    till.settle()
    till.tasks.is_database_away = False
    till.time.pass_by(5000)
    till.settle()
    assert till.flow.place is Place.SELLING
    assert lines(till) == {"Salted butter 250 g": 1, "Oat milk 1 l": 1}

    till.flow.pay()
    till.settle()
    assert till.flow.place is Place.PAYMENT


def test_what_else_is_done_meanwhile_does_not_hide_that_codes_wait(till: Till) -> None:
    till.add("BUT-S")
    till.tasks.is_database_away = True
    scan(till)
    till.flow.basket.set_quantity(till.screens.basket.lines[0].item_id, 2)
    assert till.flow.basket.view().hint == scan_wording.codes_wait(1)
    till.settle()
    assert till.flow.basket.view().hint == wording.waiting(1, 1)
    till.flow.scanned(OAT_MILK_CODE)
    assert till.flow.basket.view().hint == wording.waiting(1, 2)
    till.time.pass_by(60_000)
    assert till.flow.basket.view().hint == wording.waiting(1, 2)


def test_a_search_in_an_outage_says_so_and_is_answered_later(till: Till) -> None:
    till.tasks.is_database_away = True
    till.flow.catalogue.type("oat")
    till.settle()
    assert till.screens.catalogue.empty_text == wording.SEARCH_WAITS

    till.tasks.is_database_away = False
    till.time.pass_by(4000)
    till.settle()
    assert [tile.name for tile in till.screens.catalogue.tiles] == ["Oat milk 1 l"]


def test_every_code_behind_one_that_waits_is_counted(till: Till) -> None:
    for _ in range(4):
        till.flow.scanned(OAT_MILK_CODE)
    till.tasks.is_database_away = True
    till.tasks.end_one(Lane.DATABASE)

    assert till.flow.basket.view().hint == scan_wording.codes_wait(4)
    till.flow.pay()
    assert till.flow.basket.view().hint == scan_wording.codes_wait(4)
    till.tasks.is_database_away = False
    till.settle()
    till.time.pass_by(5000)
    till.settle()
    assert lines(till) == {"Oat milk 1 l": 4}


# ---- none is lost ----------------------------------------------------------------------------------


def test_a_thousand_scans_beside_a_slow_database_are_a_thousand_pieces(till: Till) -> None:
    """A code every 235 ms, an answer every 300: the till falls behind and loses nothing."""
    till.services.inventory.update_product(till.goods["OAT-1L"].id, ProductChanges(stock=2000))
    till.tasks.held_lanes = {Lane.DATABASE}
    for number in range(1000):
        till.flow.scanned(OAT_MILK_CODE if number % 2 else BUTTER_CODE)
        if number % 5:
            till.tasks.end_one(Lane.DATABASE)
        if number == 500:
            till.tasks.is_database_away = True
        if number == 600:
            till.tasks.is_database_away = False
            till.time.pass_by(4000)
    till.tasks.held_lanes = set()
    for _ in range(3):
        till.settle()
        till.time.pass_by(4000)

    assert lines(till) == {"Oat milk 1 l": 500, "Salted butter 250 g": 500}


# ---- at the seams ----------------------------------------------------------------------------------


def name_unnamed(till: Till) -> None:
    till.flow.basket.add_unnamed("zzz quux", 0.5, 1)
    till.settle()
    basket = till.flow.basket.basket
    assert basket is not None
    till.flow.line_chosen(basket.unmatched[0].id)
    till.settle()


def test_a_name_that_nobody_found_leaves_the_next_scan_alone(till: Till) -> None:
    name_unnamed(till)
    till.flow.catalogue.type("nobody knows this")
    till.submit("nobody knows this")
    assert not till.screens.catalogue.is_open
    scan(till)

    assert lines(till) == {"zzz quux": 1, "Oat milk 1 l": 1}


def test_a_scan_after_the_unnamed_line_was_taken_out_is_a_line(till: Till) -> None:
    name_unnamed(till)
    basket = till.flow.basket.basket
    assert basket is not None
    till.flow.basket.remove(basket.unmatched[0].id)
    till.settle()
    scan(till)

    assert lines(till) == {"Oat milk 1 l": 1}


@pytest.mark.parametrize(
    "act",
    [
        lambda till: till.flow.menu(),
        lambda till: till.flow.key_quantity(till.screens.basket.lines[0].item_id),
        lambda till: till.flow.search(),
        lambda till: till.flow.catalogue.type("b"),
        lambda till: till.flow.catalogue.submit(BUTTER_CODE),
        lambda till: till.flow.scanned(BUTTER_CODE),
    ],
    ids=["menu", "quantity", "search", "typing", "typed code", "scan"],
)
def test_what_a_person_does_while_pay_asks_the_database_means_not_yet(
    till: Till, act: Callable[[Till], None]
) -> None:
    till.add("OAT-1L")
    till.flow.pay()
    act(till)
    till.settle()

    assert till.flow.place is Place.SELLING


def test_a_page_that_opens_closes_the_question_before_it(till: Till) -> None:
    till.add("OAT-1L")
    till.flow.way_out.end_without_sale()
    till.flow.pay()
    till.settle()

    assert till.flow.place is Place.PAYMENT
    assert not till.flow.way_out.confirmation.is_open


def test_codes_that_are_looked_up_belong_to_the_basket_that_would_end(till: Till) -> None:
    till.tasks.held_lanes = {Lane.DATABASE}
    till.flow.scanned(OAT_MILK_CODE)
    till.flow.way_out.end_without_sale()
    till.flow.way_out.close_till()

    assert not till.screens.is_closed
    assert till.flow.way_out.confirmation.is_open
    till.flow.way_out.confirmation.stay()
    till.tasks.held_lanes = set()
    till.settle()
    assert lines(till) == {"Oat milk 1 l": 1}


def test_a_keypad_in_which_nobody_keyed_takes_nothing_out(till: Till) -> None:
    scan(till)
    till.flow.scanned(OAT_MILK_CODE)
    till.flow.key_quantity(till.screens.basket.lines[0].item_id)
    till.settle()
    till.flow.quantity.confirm()
    till.settle()

    assert lines(till) == {"Oat milk 1 l": 2}


def test_a_sale_is_told_once_though_its_receipt_was_asked_for_as_well(till: Till) -> None:
    till.add("OAT-1L")
    till.flow.pay()
    till.settle()
    till.tasks.is_database_away = True
    till.flow.payment.choose_method("card")
    till.settle()
    till.tasks.is_database_away = False
    till.flow.payment.choose_method("cash")
    till.settle()
    till.flow.payment.quick("2.19")
    till.tasks.held_lanes = {Lane.DATABASE}
    till.flow.payment.confirm()
    till.time.pass_by(5000)
    till.tasks.held_lanes = set()
    till.settle()

    assert till.flow.place is Place.RECEIPT
    assert till.sounds.heard.count(Sound.PAID) == 1
