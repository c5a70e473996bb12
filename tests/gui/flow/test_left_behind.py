"""What an earlier customer or an earlier run left: sales nobody saw, baskets nobody went on with."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.gui.flow.conftest import Till
from tests.services.test_sessions import age
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui import money_wording
from visionscan_kiosk.gui.flow.left_behind import GO_ON, LOOK_MS, NOTED, START_NEW
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.views import OutlineKind
from visionscan_kiosk.services.sessions import LEFT_AFTER


def sell(till: Till, sku: str = "OAT-1L", given: str = "5") -> None:
    """Take cash; the receipt is on the screen then."""
    till.add(sku)
    till.pay()
    till.flow.payment.quick(given)
    till.flow.payment.confirm()
    till.settle()
    assert till.screens.place is Place.RECEIPT


def banner(till: Till) -> tuple[str, str]:
    view = till.screens.banner
    return ("", "") if view is None else (view.title, view.text)


def act(till: Till, name: str) -> None:
    view = till.screens.banner
    assert view is not None
    assert name in dict(view.actions)
    till.flow.status.banner_action(name)
    till.settle()


class TestSalesNobodySaw:
    def test_one_that_was_shown_and_left_is_not_told_again(self, till: Till) -> None:
        sell(till)
        till.flow.next_customer()
        till.settle()
        assert banner(till) == ("", "")
        assert banner(till.restarted()) == ("", "")

    def test_one_whose_receipt_was_never_left_is_told_at_the_next_start_until_noted(self, till: Till) -> None:
        sell(till)
        again = till.restarted()
        title, text = banner(again)
        assert title.startswith("Sold €2.19 in cash, ")
        assert title.endswith("receipt 1.")
        assert text == "Give back €2.81 if that was not done: the till stopped."

        once_more = again.restarted()
        assert banner(once_more) == (title, text)
        act(once_more, NOTED)

        assert banner(once_more) == ("", "")
        assert banner(once_more.restarted()) == ("", "")

    def test_several_one_after_the_other(self, till: Till) -> None:
        sell(till)
        second = till.restarted()
        sell(second, "BUT-S", "10")
        third = second.restarted()
        assert banner(third)[0].endswith("receipt 1. (1 more)")
        act(third, NOTED)
        assert banner(third)[0].endswith("receipt 2.")
        act(third, NOTED)
        assert banner(third) == ("", "")

    def test_it_is_told_as_soon_as_the_database_answers(self, till: Till) -> None:
        sell(till)
        again = till.restarted(is_database_away=True)
        assert not banner(again)[0].startswith("Sold")
        again.tasks.is_database_away = False
        again.time.pass_by(2000)
        again.settle()
        assert banner(again)[0].startswith("Sold €2.19")

    def test_while_it_is_told_the_till_sells(self, till: Till) -> None:
        sell(till)
        again = till.restarted()
        again.add("BUT-S")
        assert again.screens.basket.total_text == "€2.89"
        assert banner(again)[0].startswith("Sold €2.19")

    def test_that_it_was_seen_is_kept_when_the_database_comes_back(self, till: Till) -> None:
        sell(till)
        till.tasks.is_database_away = True
        till.flow.next_customer()
        till.settle()
        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()
        assert banner(till) == ("", "")
        assert banner(till.restarted()) == ("", "")

    def test_sales_of_other_software_and_other_tills_are_not_told(self, till: Till) -> None:
        till.sell_elsewhere("OAT-1L")
        assert till.flow.basket.basket is not None
        session_id = till.flow.basket.basket.session.id
        till.add("BUT-S")
        till.services.checkout.check_out(session_id)
        assert banner(till.restarted()) == ("", "")

    def test_a_sale_whose_end_came_after_the_till_gave_it_up_is_told_with_the_next_basket(
        self, till: Till
    ) -> None:
        """The database answered neither the sale nor the question after it, and sold all the same."""
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.tasks.is_database_away = True
        till.flow.payment.confirm()
        (late,) = [task for task in till.tasks.waiting if "check_out" in task.work.__qualname__]
        till.settle()
        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()
        late.work()
        till.flow.payment.cancel()
        till.rest(1250)

        assert banner(till)[0].startswith("Sold €2.19 in cash")
        assert till.screens.basket.lines == ()


class TestLeftBaskets:
    @pytest.fixture
    def left(self, till: Till, engine: Engine) -> Till:
        """A till that is started again in the morning; three things were in its basket."""
        till.add("OAT-1L")
        till.flow.basket.set_quantity(till.screens.line("Oat milk 1 l").item_id, 3)
        till.settle()
        self.hours_pass(till, engine)
        return till.restarted()

    def hours_pass(self, till: Till, engine: Engine) -> None:
        assert till.flow.basket.basket is not None
        age(engine, till.flow.basket.basket.session.id, LEFT_AFTER)

    def test_it_is_offered_and_not_todays(self, left: Till) -> None:
        assert left.screens.basket.lines == ()
        title, _ = banner(left)
        assert title.startswith("A basket from ")
        assert title.endswith("is held: 3 items, €6.57.")

    def test_go_on_shows_it_again(self, left: Till) -> None:
        act(left, GO_ON)
        assert left.screens.line("Oat milk 1 l").quantity == 3
        assert banner(left) == ("", "")
        left.time.pass_by(LOOK_MS)
        left.settle()
        assert left.screens.line("Oat milk 1 l").quantity == 3
        assert left.restarted().screens.line("Oat milk 1 l").quantity == 3

    def test_a_price_that_changed_over_night_is_shown(self, left: Till) -> None:
        left.services.inventory.update_product(left.goods["OAT-1L"].id, ProductChanges(price=3))
        act(left, GO_ON)
        assert left.screens.line("Oat milk 1 l").notice == "Was 2.19, now 3.00"

    def test_starting_new_keeps_it_in_the_menu(self, left: Till) -> None:
        act(left, START_NEW)
        assert banner(left) == ("", "")
        assert left.note_text == money_wording.HELD_STAYS
        sell(left, "BUT-S", "10")
        left.flow.next_customer()
        left.settle()
        assert left.stock("OAT-1L") == 20

        left.flow.menu()
        left.flow.menu_action("held")
        left.settle()
        assert left.screens.menu is not None
        ((name, text),) = left.screens.menu.actions
        assert text.endswith("3 items, €6.57")
        left.flow.menu_action(name)
        left.settle()
        assert left.screens.menu is None
        assert left.screens.line("Oat milk 1 l").quantity == 3

    def test_not_over_the_head_of_the_next_customer(self, left: Till) -> None:
        left.add("BUT-S")
        act(left, GO_ON)
        assert left.note_text == money_wording.HELD_FIRST
        assert [line.name for line in left.screens.basket.lines] == ["Salted butter 250 g"]
        assert banner(left)[0].startswith("A basket from ")

    def test_no_basket_is_held(self, till: Till) -> None:
        till.flow.menu()
        till.flow.menu_action("held")
        till.settle()
        assert till.note_text == money_wording.HELD_NONE

    def test_another_till_went_on_with_it(self, left: Till) -> None:
        (held,) = left.services.sessions.list_held()
        left.services.sessions.go_on(held.session.id, "other")
        act(left, GO_ON)
        assert left.note_text == money_wording.HELD_GONE
        assert left.screens.basket.lines == ()

    def test_a_lost_answer_shows_it_all_the_same(self, left: Till) -> None:
        left.tasks.loses_next_answer = True
        act(left, GO_ON)
        left.rest(1250)
        assert left.screens.line("Oat milk 1 l").quantity == 3

    def test_a_till_that_was_left_running_holds_it_too(self, till: Till, engine: Engine) -> None:
        till.add("OAT-1L")
        self.hours_pass(till, engine)
        till.time.pass_by(LOOK_MS)
        till.settle()
        assert till.screens.basket.lines == ()
        assert till.note_text == money_wording.HELD_NOW
        assert banner(till)[0].endswith("is held: 1 item, €2.19.")

    def test_goods_that_still_lie_there_are_asked_about_and_not_charged_again(
        self, till: Till, engine: Engine
    ) -> None:
        till.show_codes("4006381333931")
        assert [outline.kind for outline in till.screens.outlines] == [OutlineKind.SURE]
        self.hours_pass(till, engine)
        till.time.pass_by(LOOK_MS)
        till.settle()
        till.rest(2000)
        assert till.screens.basket.lines == ()
        assert [outline.kind for outline in till.screens.outlines] == [OutlineKind.ASK]

    def test_what_is_scanned_at_that_moment_is_said_and_not_lost_in_it(
        self, till: Till, engine: Engine
    ) -> None:
        till.add("OAT-1L")
        self.hours_pass(till, engine)
        till.services.sessions.hold_left("till-1")
        till.add("BUT-S")
        assert "Too late, and not done: Salted butter 250 g" in till.note_text
        (held,) = till.services.sessions.list_held()
        assert held.item_count == 1
        till.add("BUT-S")
        assert [line.name for line in till.screens.basket.lines] == ["Salted butter 250 g"]

    def test_an_empty_one_of_yesterday_is_simply_used(self, till: Till, engine: Engine) -> None:
        self.hours_pass(till, engine)
        again = till.restarted()
        assert banner(again) == ("", "")
        again.add("OAT-1L")
        assert again.screens.basket.item_count == 1
