"""Ways out that lose something ask once; those that lose nothing do not."""

from __future__ import annotations

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.gui import leaving_wording, wording
from visionscan_kiosk.gui.flow.ports import Place


def choose(till: Till, entry: str) -> None:
    till.flow.menu()
    till.flow.menu_action(entry)
    till.settle()


def asked(till: Till) -> str:
    return till.screens.confirm.text if till.screens.confirm is not None else ""


class TestEndWithoutSale:
    def test_a_basket_with_lines_is_asked_about_once(self, till: Till) -> None:
        till.add("OAT-1L")
        till.add("OAT-1L")
        till.add("APL-R")
        choose(till, "end")

        assert "3 items, €4.83" in asked(till)
        assert len(till.screens.basket.lines) == 2
        till.flow.way_out.confirmation.go_on()
        till.settle()
        assert till.screens.basket.lines == ()
        assert till.screens.confirm is None
        assert till.note_text == wording.ENDED

    def test_an_empty_basket_is_not(self, till: Till) -> None:
        choose(till, "end")

        assert till.screens.confirm is None
        assert till.note_text == wording.ENDED

    @pytest.mark.parametrize("by_key", [True, False])
    def test_who_stays_keeps_the_basket(self, till: Till, *, by_key: bool) -> None:
        till.add("OAT-1L")
        choose(till, "end")
        (till.flow.escape if by_key else till.flow.way_out.confirmation.stay)()
        till.settle()

        assert till.screens.confirm is None
        assert len(till.screens.basket.lines) == 1

    def test_what_was_added_meanwhile_is_asked_about_again(self, till: Till) -> None:
        till.add("APL-R")
        choose(till, "end")
        till.show_codes(OAT_MILK_CODE)
        till.flow.way_out.confirmation.go_on()
        till.settle()

        assert "2 items" in asked(till)
        till.flow.way_out.confirmation.go_on()
        till.settle()
        assert till.screens.basket.lines == ()

    def test_a_basket_that_waits_for_the_database_says_so(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.add("OAT-1L")
        choose(till, "end")

        assert till.note_text == leaving_wording.NOT_SETTLED

    def test_it_does_not_stand_beside_what_is_tapped_every_day(self, till: Till) -> None:
        till.flow.menu()

        assert till.screens.menu is not None
        assert [name for name, _ in till.screens.menu.actions] == [
            "manager",
            "held",
            "counter",
            "theme",
            "health",
        ]
        assert [name for name, _ in till.screens.menu.endings] == ["end", "close"]


class TestCloseTill:
    def test_lines_are_told_and_kept(self, till: Till) -> None:
        till.add("OAT-1L")
        choose(till, "close")

        assert "1 item, €2.19" in asked(till)
        assert "kept" in asked(till)
        assert till.screens.confirm is not None
        assert not till.screens.confirm.is_loss
        assert not till.screens.is_closed
        till.flow.way_out.confirmation.go_on()
        assert till.screens.is_closed

    def test_an_empty_basket_is_not_asked_about(self, till: Till) -> None:
        choose(till, "close")

        assert till.screens.is_closed

    def test_what_is_not_in_the_database_yet_would_be_lost(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.add("OAT-1L")
        choose(till, "close")

        assert "1 change is not in the database yet and would be lost." in asked(till)
        assert not till.screens.is_closed


class TestForms:
    def test_an_unchanged_form_is_left_at_once(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.escape()
        till.settle()

        assert till.screens.place is Place.PRODUCTS

    def test_a_changed_form_asks(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        till.settle()
        till.flow.manager.change_field("price", "9.99")
        till.flow.escape()

        assert till.screens.confirm == leaving_wording.LEAVE_FORM
        till.flow.escape()
        assert till.screens.place is Place.FORM
        assert till.screens.confirm is None
        till.flow.escape()
        till.flow.way_out.confirmation.go_on()
        till.settle()
        assert till.screens.place is Place.PRODUCTS

    def test_what_was_typed_back_is_not_changed(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        till.settle()
        till.flow.manager.change_field("price", "9.99")
        till.flow.manager.change_field("price", "2.19")
        till.flow.escape()
        till.settle()

        assert till.screens.place is Place.PRODUCTS

    def test_a_switch_that_was_moved_is_a_change(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        till.settle()
        till.flow.manager.switch_adding(True)
        till.flow.escape()

        assert till.screens.confirm == leaving_wording.LEAVE_FORM

    def test_a_saved_form_is_left_without_a_question(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        till.settle()
        assert till.screens.form is not None
        till.flow.manager.change_field("price", "9.99")
        till.flow.manager.save({**dict(till.screens.form.fields), "price": "9.99"})
        till.settle()

        assert till.screens.place is Place.PRODUCTS
        assert till.screens.confirm is None

    def test_a_keyed_delivery_asks(self, till: Till) -> None:
        till.open_manager()
        till.flow.restock.open(till.goods["OAT-1L"].id)
        till.settle()
        till.flow.restock.press("5")
        till.flow.escape()

        assert till.screens.confirm == leaving_wording.LEAVE_FORM
        till.flow.way_out.confirmation.go_on()
        till.settle()
        assert till.screens.place is Place.PRODUCTS
        assert till.stock("OAT-1L") == 20

    def test_pictures_that_were_taken_ask(self, till: Till) -> None:
        till.flow.teach.choose(till.goods["OAT-1L"].id)
        till.settle()
        till.take_picture()
        till.flow.teach.take()
        till.settle()
        assert till.flow.teach.pictures_taken == 1
        till.flow.escape()

        assert till.screens.confirm == leaving_wording.LEAVE_FORM

    def test_closing_the_till_tells_of_the_form(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.manager.change_field("name", "Pear")
        choose(till, "close")

        assert asked(till) == "What you filled in is lost."
