"""What the cashier does and what the till makes of it, on real PostgreSQL, without a widget."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import MISREAD_CODE, OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.domain.detection import Detection, DetectionSource
from visionscan_kiosk.domain.errors import DetectorTimeout
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound
from visionscan_kiosk.gui.views import LineSource, Tone, TrayKind


class TestSellingByCamera:
    def test_a_barcode_in_the_picture_becomes_a_line(self, till: Till) -> None:
        till.show_codes(OAT_MILK_CODE)

        line = till.screens.line("Oat milk 1 l")
        assert (line.quantity, line.total_text, line.source) == (1, "2.19", LineSource.BARCODE)
        assert line.is_new
        assert till.screens.basket.total_text == "€2.19"
        assert till.sounds.heard == [Sound.ADDED]

    def test_goods_that_stay_are_counted_once(self, till: Till) -> None:
        for _ in range(6):
            till.show_codes(OAT_MILK_CODE)

        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_goods_put_down_again_are_counted_again(self, till: Till) -> None:
        till.show_codes(OAT_MILK_CODE)
        till.clear_counter()
        till.show_codes(OAT_MILK_CODE)

        assert till.screens.line("Oat milk 1 l").quantity == 2

    def test_known_goods_are_outlined_with_their_name(self, till: Till) -> None:
        till.show_codes(OAT_MILK_CODE)

        assert [outline.label for outline in till.screens.outlines] == ["Oat milk 1 l"]

    def test_an_unknown_code_offers_to_add_the_product(self, till: Till) -> None:
        till.show_codes(UNKNOWN_CODE)

        assert till.screens.tray is not None
        assert till.screens.tray.title == wording.UNKNOWN_BARCODE
        till.flow.trays.act()
        till.settle()
        assert till.screens.place is Place.FORM
        assert till.screens.form is not None
        assert dict(till.screens.form.fields)["barcodes"] == UNKNOWN_CODE

    def test_no_picture_is_read_twice_and_no_reading_waits_behind_another(self, till: Till) -> None:
        till.tasks.held_lanes.add(Lane.VISION)
        for _ in range(5):
            till.take_picture()
            till.time.pass_by(125)

        assert till.tasks.count(Lane.VISION) == 1

    def test_nothing_is_added_while_the_customer_pays(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.show_codes(OAT_MILK_CODE)

        assert till.screens.place is Place.PAYMENT
        assert till.flow.basket.view().item_count == 1


class TestLooking:
    def test_what_the_model_names_is_asked_best_first(self, till: Till) -> None:
        till.detector.names = (Detection("salted butter", 0.9, 2, DetectionSource.OLLAMA),)
        till.look()

        assert till.screens.tray is not None
        assert till.screens.tray.kind is TrayKind.ASK
        assert till.screens.tray.tiles[0].name == "Salted butter 250 g"
        assert till.screens.basket.item_count == 0

    def test_a_tap_on_the_tile_adds_what_was_seen(self, till: Till) -> None:
        till.detector.names = (Detection("salted butter", 0.9, 2, DetectionSource.OLLAMA),)
        till.look()
        till.flow.trays.choose(0)
        till.settle()

        line = till.screens.line("Salted butter 250 g")
        assert (line.quantity, line.source) == (2, LineSource.SEEN)
        assert till.screens.tray is not None
        assert till.screens.tray.kind is TrayKind.OFTEN_SOLD

    def test_several_things_are_checked_one_after_the_other(self, till: Till) -> None:
        till.detector.names = (
            Detection("salted butter", 0.9, 1, DetectionSource.OLLAMA),
            Detection("red apple", 0.8, 1, DetectionSource.OLLAMA),
        )
        till.look()

        assert till.screens.tray is not None
        assert till.screens.tray.detail == "1 of 2 to check"
        till.flow.trays.skip()
        assert till.screens.tray.detail == "2 of 2 to check"

    def test_an_open_question_holds_payment(self, till: Till) -> None:
        till.add("OAT-1L")
        till.detector.names = (Detection("salted butter", 0.9, 1, DetectionSource.OLLAMA),)
        till.look()
        till.pay()

        assert till.screens.place is Place.SELLING
        assert till.screens.basket.hint == wording.OPEN_QUESTION

    def test_a_name_nobody_knows_can_be_kept_and_named_later(self, till: Till) -> None:
        till.detector.names = (Detection("zzz quux", 0.4, 1, DetectionSource.OLLAMA),)
        till.look()
        till.flow.trays.act()
        till.settle()

        line = till.screens.line("zzz quux")
        assert line.source is LineSource.UNKNOWN
        assert till.screens.basket.hint == "One product has no name yet"
        till.pay()
        assert till.screens.place is Place.SELLING

        till.flow.line_chosen(line.item_id)
        till.settle()
        till.flow.tile_chosen(till.goods["APL-R"].id)
        till.settle()
        assert [line.name for line in till.screens.basket.lines] == ["Red apple"]
        assert till.screens.basket.hint == ""

    def test_goods_with_a_barcode_are_not_asked_about_again(self, till: Till) -> None:
        till.detector.names = (
            Detection("oat milk 1 l", 0.9, 1, DetectionSource.OLLAMA),
            Detection("red apple", 0.8, 1, DetectionSource.OLLAMA),
        )
        till.show_codes(OAT_MILK_CODE)
        till.look()

        assert till.screens.tray is not None
        assert till.screens.tray.detail == ""
        assert till.screens.tray.tiles[0].name == "Red apple"

    def test_the_chip_says_looking_only_after_a_while(self, till: Till) -> None:
        till.tasks.held_lanes.add(Lane.MODEL)
        till.take_picture()
        till.flow.sight.look()
        assert till.screens.look is not None
        assert till.screens.look.is_busy
        assert till.screens.chip("model").text == "Model"

        till.time.pass_by(300)
        assert till.screens.chip("model").text == wording.LOOKING

    def test_looking_can_be_cancelled_and_its_answer_is_dropped(self, till: Till) -> None:
        till.detector.names = (Detection("salted butter", 0.9, 1, DetectionSource.OLLAMA),)
        till.tasks.held_lanes.add(Lane.MODEL)
        till.take_picture()
        till.flow.sight.look()
        till.flow.sight.look()
        till.tasks.held_lanes.clear()
        till.settle()

        assert till.screens.look is not None
        assert not till.screens.look.is_busy
        assert not till.flow.trays.is_asking

    def test_barcodes_are_read_while_the_model_hangs(self, till: Till) -> None:
        till.tasks.held_lanes.add(Lane.MODEL)
        till.take_picture()
        till.flow.sight.look()
        till.show_codes(OAT_MILK_CODE)

        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_a_model_that_does_not_answer_costs_one_line(self, till: Till) -> None:
        till.detector.trouble = DetectorTimeout("The model did not answer within 30 s.")
        till.look()

        assert till.screens.tray is not None
        assert till.screens.tray.title == wording.MODEL_AWAY
        assert till.screens.chip("model").tone is Tone.ASK
        till.add("OAT-1L")
        assert till.screens.basket.item_count == 1

    def test_without_a_picture_it_says_so(self, till: Till) -> None:
        blind = Till(till.services, till.detector, till.goods)
        blind.flow.start()
        blind.settle()
        blind.flow.sight.look()

        assert blind.screens.tray is not None
        assert blind.screens.tray.title == wording.NO_PICTURE


class TestSearchField:
    @pytest.mark.parametrize("typed", [OAT_MILK_CODE, "OAT-1L", "oat milk 1 l"])
    def test_a_code_sku_or_name_adds_at_once(self, till: Till, typed: str) -> None:
        till.submit(typed)

        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_what_is_ambiguous_becomes_a_question(self, till: Till) -> None:
        till.submit("butter")

        assert till.screens.basket.item_count == 0
        assert till.screens.tray is not None
        assert till.screens.tray.kind is TrayKind.ASK

    def test_an_unknown_code_offers_to_add_it(self, till: Till) -> None:
        till.submit(UNKNOWN_CODE)

        assert till.screens.tray is not None
        assert till.screens.tray.title == wording.UNKNOWN_BARCODE

    def test_a_wrong_check_digit_is_never_a_product(self, till: Till) -> None:
        till.submit(MISREAD_CODE)

        assert till.screens.tray is not None
        assert till.screens.tray.title == wording.BAD_BARCODE
        assert till.screens.basket.item_count == 0

    def test_typing_fills_the_grid(self, till: Till) -> None:
        till.flow.catalogue.type("butter")
        till.settle()

        names = {tile.name for tile in till.screens.catalogue.tiles}
        assert till.screens.catalogue.is_open
        assert {"Salted butter 250 g", "Unsalted butter 250 g"} <= names

    def test_an_old_search_never_overwrites_a_new_one(self, till: Till) -> None:
        till.flow.catalogue.type("butter")
        till.flow.catalogue.type("oat")
        till.settle()

        assert till.screens.catalogue.query == "oat"
        assert till.screens.catalogue.tiles[0].name == "Oat milk 1 l"
        assert till.tasks.count(Lane.DATABASE) == 0

    def test_a_category_shows_its_products(self, till: Till) -> None:
        till.flow.catalogue.open()
        till.flow.catalogue.choose_category("Dairy")
        till.settle()

        assert len(till.screens.catalogue.tiles) == 2
        assert "Fruit & veg" in till.screens.catalogue.categories


class TestBasket:
    def test_undo_takes_the_last_piece_back(self, till: Till) -> None:
        till.add("OAT-1L")
        till.add("OAT-1L")
        till.flow.basket.undo()
        till.settle()

        assert till.screens.line("Oat milk 1 l").quantity == 1
        assert till.screens.basket.undo is None

    def test_undo_is_offered_for_five_seconds(self, till: Till) -> None:
        till.add("OAT-1L")
        till.time.pass_by(4999)
        assert till.screens.basket.undo is not None

        till.time.pass_by(1)
        assert till.screens.basket.undo is None
        assert not till.screens.line("Oat milk 1 l").is_new

    def test_a_removed_line_can_be_put_back(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.basket.set_quantity(till.screens.line("Oat milk 1 l").item_id, 3)
        till.settle()
        till.flow.basket.remove(till.screens.line("Oat milk 1 l").item_id)
        till.settle()
        assert till.screens.basket.lines == ()

        till.flow.basket.undo()
        till.settle()
        assert till.screens.line("Oat milk 1 l").quantity == 3

    def test_a_quantity_of_none_takes_the_line_out(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.basket.set_quantity(till.screens.line("Oat milk 1 l").item_id, 0)
        till.settle()

        assert till.screens.basket.lines == ()

    def test_a_quantity_no_line_may_have_is_refused_in_words(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.basket.set_quantity(till.screens.line("Oat milk 1 l").item_id, 10_000)
        till.settle()

        assert till.screens.tray is not None
        assert "between 1 and 9999" in till.screens.tray.title
        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_the_basket_a_crash_left_is_on_screen_again(self, till: Till) -> None:
        till.add("OAT-1L")
        after_crash = till.restarted()

        assert after_crash.screens.line("Oat milk 1 l").quantity == 1

    def test_ending_without_sale_opens_an_empty_basket(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.menu()
        till.flow.menu_action("end")
        till.flow.way_out.confirmation.go_on()
        till.settle()

        assert till.screens.basket.lines == ()
        assert till.stock("OAT-1L") == 20


class TestDatabaseAway:
    def test_what_is_tapped_meanwhile_is_there_afterwards(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.add("OAT-1L")
        till.add("BUT-S")
        assert till.screens.banner is not None
        assert till.screens.banner.title == wording.DATABASE_AWAY_TITLE
        assert till.screens.basket.hint == wording.waiting(2, 0)

        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()
        assert [line.name for line in till.screens.basket.lines] == ["Oat milk 1 l", "Salted butter 250 g"]
        assert till.screens.banner is None

    def test_try_again_does_not_wait(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.add("OAT-1L")
        till.tasks.is_database_away = False
        till.flow.status.banner_action("retry_database")
        till.settle()

        assert till.screens.basket.item_count == 1

    def test_an_addition_whose_answer_got_lost_is_not_made_twice(self, till: Till) -> None:
        till.tasks.loses_next_answer = True
        till.add("OAT-1L")
        till.time.pass_by(2000)
        till.settle()

        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_a_scanned_code_is_looked_up_when_it_is_back(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.submit(OAT_MILK_CODE)
        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()

        assert till.screens.line("Oat milk 1 l").quantity == 1

    def test_a_till_that_starts_without_it_waits_for_it(self, till: Till) -> None:
        late = till.restarted(is_database_away=True)
        assert late.screens.banner is not None

        late.tasks.is_database_away = False
        late.time.pass_by(2000)
        late.settle()
        assert late.screens.banner is None
        assert late.flow.basket.is_settled


class TestPayment:
    def test_pay_waits_for_what_was_tapped_just_before(self, till: Till) -> None:
        till.flow.basket.add_product(till.goods["OAT-1L"].id)
        till.flow.pay()
        assert till.screens.place is Place.SELLING

        till.settle()
        assert till.screens.place is Place.PAYMENT
        assert till.screens.payment is not None
        assert till.screens.payment.total_text == "€2.19"

    def test_cash_with_change_sells_and_shows_the_receipt(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        assert till.screens.payment is not None
        assert till.screens.payment.change_text == "€2.81"
        assert till.screens.payment.confirm_text == "Take €5.00, give €2.81 back"

        till.flow.payment.confirm()
        till.settle()
        assert till.screens.place is Place.RECEIPT
        assert till.screens.receipt is not None
        assert till.screens.receipt.give_back_text == "€2.81"
        assert "Oat milk 1 l" in till.screens.receipt.receipt_text
        assert till.stock("OAT-1L") == 19

    def test_a_basket_of_many_millions_is_paid_in_cash(self, till: Till) -> None:
        changes = ProductChanges(price=Decimal("9999999.99"), stock=20)
        till.services.inventory.update_product(till.goods["OAT-1L"].id, changes)
        for _ in range(12):
            till.add("OAT-1L")
        till.pay()
        for key in "12000000000":
            till.flow.payment.press(key)
        assert till.screens.payment is not None
        assert till.screens.payment.change_text == "€0.12"
        till.flow.payment.confirm()
        till.settle()
        assert till.screens.receipt is not None
        assert till.screens.receipt.give_back_text == "€0.12"

    def test_keys_of_any_number_are_money(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        for _ in range(30):
            till.flow.payment.press("9")
        assert till.screens.payment is not None
        assert till.screens.payment.given_text == "99,999,999,999.99"

    def test_keys_write_cents_and_too_little_is_not_enough(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        for key in "200":
            till.flow.payment.press(key)

        assert till.screens.payment is not None
        assert till.screens.payment.missing_text == "€0.19 is still missing"
        assert not till.screens.payment.can_confirm
        till.flow.payment.confirm()
        till.settle()
        assert till.screens.place is Place.PAYMENT

    def test_a_card_sale_waits_for_the_card_machine(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.choose_method("card")
        till.settle()
        till.flow.payment.decline()
        assert till.screens.payment is not None
        assert till.screens.payment.trouble == wording.CARD_DECLINED
        assert till.stock("OAT-1L") == 20

        till.flow.payment.confirm()
        till.settle()
        assert till.screens.receipt is not None
        assert till.screens.receipt.give_back_text == ""

    def test_a_double_tap_sells_once(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.flow.payment.confirm()
        till.flow.payment.confirm()
        assert till.tasks.count(Lane.DATABASE) == 1
        till.settle()

        assert till.stock("OAT-1L") == 19

    def test_a_sale_whose_answer_got_lost_is_found_again(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.tasks.loses_next_answer = True
        till.flow.payment.confirm()
        till.settle()

        assert till.screens.place is Place.RECEIPT
        assert till.stock("OAT-1L") == 19

    def test_a_sale_that_never_arrived_can_be_tried_again(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.tasks.is_database_away = True
        till.flow.payment.confirm()
        till.settle()
        assert till.screens.payment is not None
        assert till.screens.payment.trouble == wording.SALE_UNKNOWN
        assert till.screens.payment.is_busy
        till.flow.payment.cancel()
        assert till.screens.place is Place.PAYMENT

        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()
        assert till.screens.payment.trouble == wording.SALE_UNFINISHED
        till.flow.payment.confirm()
        till.settle()
        assert till.screens.place is Place.RECEIPT
        assert till.stock("OAT-1L") == 19

    def test_the_next_customer_gets_an_empty_basket(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.flow.enter()
        till.settle()
        till.flow.next_customer()
        till.settle()

        assert till.screens.place is Place.SELLING
        assert till.screens.basket.lines == ()
        till.add("BUT-S")
        assert till.screens.basket.item_count == 1

    def test_quick_amounts_start_exact_and_round_up(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()

        assert till.screens.payment is not None
        assert [text for _, text in till.screens.payment.quick_amounts] == [
            "Exact", "€3", "€5", "€10", "€20", "€50",
        ]  # fmt: skip


class TestManager:
    def test_a_new_product_is_saved_and_listed(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.manager.save(
            {"sku": "PEAR", "name": "Pear", "category": "Fruit & veg", "price": "0,60", "stock": "12"}
        )
        till.settle()

        assert till.screens.place is Place.PRODUCTS
        assert till.screens.products is not None
        assert till.screens.products.message == "Saved: Pear"
        assert any(row.sku == "PEAR" and row.price_text == "0.60" for row in till.screens.products.rows)
        assert till.stock("PEAR") == 12

    def test_every_wrong_field_has_its_own_sentence(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.manager.save(
            {"sku": "", "name": "Pear", "price": "-1", "stock": "many", "barcodes": MISREAD_CODE}
        )

        assert till.screens.form is not None
        messages = dict(till.screens.form.messages)
        assert messages["price"] == "The price must be 0 or more."
        assert messages["stock"] == wording.NOT_A_NUMBER
        assert set(messages) == {"sku", "category", "price", "stock", "barcodes"}
        assert dict(till.screens.form.fields)["name"] == "Pear"

    def test_a_sku_that_exists_is_said_at_its_field(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.manager.save(
            {"sku": "OAT-1L", "name": "Oats", "category": "Dry", "price": "1", "stock": "0"}
        )
        till.settle()

        assert till.screens.form is not None
        assert dict(till.screens.form.messages) == {"sku": "A product with SKU OAT-1L exists already"}

    def test_only_what_was_changed_is_written(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        assert till.screens.form is not None
        texts = dict(till.screens.form.fields) | {"price": "2.49"}
        till.sell_elsewhere("OAT-1L")
        till.flow.manager.save(texts)
        till.settle()

        product = till.services.inventory.get_product(till.goods["OAT-1L"].id)
        assert (product.price, product.stock) == (Decimal("2.49"), 19)

    def test_restock_shows_before_and_after_and_writes_the_movement(self, till: Till) -> None:
        till.open_manager()
        till.flow.restock.open(till.goods["APL-R"].id)
        till.settle()
        for key in "24":
            till.flow.restock.press(key)
        till.flow.restock.set_note("Monday delivery")
        assert till.screens.restock is not None
        assert (till.screens.restock.before_text, till.screens.restock.after_text) == ("1", "25")
        assert till.screens.restock.confirm_text == "Add 24 to stock"

        till.flow.restock.confirm()
        till.flow.restock.confirm()
        till.settle()
        assert till.stock("APL-R") == 25
        assert till.screens.products is not None
        assert till.screens.products.message == "24 added. Red apple: 25 in stock."
        newest = till.services.movements.list_movements(till.goods["APL-R"].id)[0]
        assert (newest.change_qty, newest.note) == (24, "Monday delivery")

    def test_a_scanned_product_is_taken_for_restock(self, till: Till) -> None:
        till.open_manager()
        till.flow.restock.open()
        till.settle()
        till.show_codes(OAT_MILK_CODE)

        assert till.screens.restock is not None
        assert till.screens.restock.tile is not None
        assert till.screens.restock.tile.name == "Oat milk 1 l"
        assert till.flow.basket.view().item_count == 0

    def test_a_restock_without_an_answer_shows_what_became_of_it(self, till: Till) -> None:
        till.open_manager()
        till.flow.restock.open(till.goods["APL-R"].id)
        till.settle()
        till.flow.restock.press("5")
        till.tasks.loses_next_answer = True
        till.flow.restock.confirm()
        till.settle()

        assert till.screens.restock is not None
        assert till.screens.restock.trouble == wording.RESTOCK_UNSURE
        assert till.screens.restock.before_text == "6"
        assert till.screens.restock.movements[0].change_text == "+5"

    def test_leaving_the_manager_leads_back_to_the_basket(self, till: Till) -> None:
        till.add("OAT-1L")
        till.open_manager()
        till.flow.escape()
        till.settle()

        assert till.screens.place is Place.SELLING
        assert till.screens.basket.item_count == 1


class TestMenuAndKeys:
    def test_the_theme_switches_back_and_forth(self, till: Till) -> None:
        till.flow.menu()
        till.flow.menu_action("theme")
        assert till.screens.theme == "dark"

        till.flow.menu()
        till.flow.menu_action("theme")
        assert till.screens.theme == "light"

    def test_health_says_how_each_part_is(self, till: Till) -> None:
        till.flow.menu()
        till.flow.menu_action("health")

        assert till.screens.menu is not None
        assert "Database: answers" in till.screens.menu.text

    def test_escape_closes_the_menu_first(self, till: Till) -> None:
        till.flow.catalogue.open()
        till.flow.menu()
        till.flow.escape()
        assert till.screens.menu is None
        assert till.screens.catalogue.is_open

        till.flow.escape()
        assert not till.screens.catalogue.is_open

    def test_close_ends_the_program(self, till: Till) -> None:
        till.flow.menu()
        till.flow.menu_action("close")

        assert till.screens.is_closed
