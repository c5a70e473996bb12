"""Money is asked for only when the sale can be made: stock, prices, cards and absurd amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.flow.payment_flow import CALM_MS
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound
from visionscan_kiosk.gui.presenters import largest_note
from visionscan_kiosk.gui.views import PayView

SHORT_APPLES = "Red apple: 1 in stock, 3 in the basket."


def price(till: Till, sku: str, amount: str) -> None:
    """The office changes a price."""
    till.services.inventory.update_product(till.goods[sku].id, ProductChanges(price=Decimal(amount)))


def stock(till: Till, sku: str, pieces: int) -> None:
    """Somebody counts."""
    till.services.inventory.update_product(till.goods[sku].id, ProductChanges(stock=pieces))


def look(till: Till) -> None:
    """The till looks at the basket, as it does every second."""
    till.time.pass_by(1000)
    till.settle()


def three_apples(till: Till) -> None:
    """One is in stock."""
    till.add("APL-R")
    till.flow.basket.set_quantity(till.screens.line("Red apple").item_id, 3)
    till.settle()


def payment(till: Till) -> PayView:
    """The payment page, which is open."""
    assert till.screens.place is Place.PAYMENT
    assert till.screens.payment is not None
    return till.screens.payment


def choose_card(till: Till) -> None:
    till.flow.payment.choose_method("card")
    till.settle()


def confirm(till: Till) -> None:
    till.flow.payment.confirm()
    till.settle()


class TestSellAndWarn:
    """The default: the goods are in the customer's hand."""

    def test_short_stock_is_said_with_the_line_that_makes_it_short(self, till: Till) -> None:
        till.add("APL-R")
        assert (till.screens.line("Red apple").notice, till.screens.basket.hint) == ("", "")

        till.add("APL-R")

        assert till.screens.line("Red apple").notice == "1 in stock"
        assert till.screens.basket.hint == "Red apple: 1 in stock, 2 in the basket."

    def test_raised_quantities_too(self, till: Till) -> None:
        three_apples(till)
        assert till.screens.basket.hint == SHORT_APPLES

    def test_it_stays_on_the_line_and_goes_with_the_shortage(self, till: Till) -> None:
        three_apples(till)
        till.add("OAT-1L")
        assert till.screens.line("Red apple").notice == "1 in stock"
        stock(till, "APL-R", 3)
        look(till)
        assert till.screens.line("Red apple").notice == ""

    def test_what_another_till_sold_shows_on_the_line(self, till: Till) -> None:
        till.add("APL-R")
        till.sell_elsewhere("APL-R")
        look(till)
        assert till.screens.line("Red apple").notice == "None in stock"

    def test_it_is_sold_and_the_books_show_it(self, till: Till) -> None:
        three_apples(till)
        till.pay()
        choose_card(till)
        confirm(till)
        assert till.screens.place is Place.RECEIPT
        assert till.stock("APL-R") == -2

    def test_below_zero_is_shown_and_restocked(self, till: Till) -> None:
        stock(till, "APL-R", -2)
        till.open_manager()
        assert till.screens.products is not None
        (row,) = [row for row in till.screens.products.rows if row.sku == "APL-R"]
        assert (row.stock_text, row.is_low) == ("−2", True)
        till.flow.restock.open(till.goods["APL-R"].id)
        till.settle()
        till.flow.restock.press("5")
        view = till.screens.restock
        assert view is not None
        assert view.tile is not None
        assert (view.before_text, view.after_text, view.tile.badge) == ("−2", "3", "Sold out")

    def test_a_restart_says_it_again(self, till: Till) -> None:
        three_apples(till)
        assert till.restarted().screens.line("Red apple").notice == "1 in stock"


class TestRefuse:
    """The shop sells nothing that its books do not know of."""

    @pytest.fixture(autouse=True)
    def _refuses(self, till: Till) -> None:
        till.services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)

    def test_the_line_is_not_added_and_that_is_said(self, till: Till) -> None:
        till.add("APL-R")
        till.add("APL-R")
        assert till.note_text == "Not added. Red apple: 1 in stock, 2 in the basket."
        assert till.screens.line("Red apple").quantity == 1
        assert till.sounds.heard[-1] is Sound.REFUSED

    def test_a_code_before_the_camera_is_refused_once_and_asked_about(self, till: Till) -> None:
        stock(till, "OAT-1L", 0)
        till.show_codes("4006381333931")
        heard = till.sounds.heard.count(Sound.REFUSED)
        till.rest(3000)
        assert till.screens.basket.lines == ()
        assert till.sounds.heard.count(Sound.REFUSED) == heard == 1
        assert till.flow.trays.is_asking

    def test_payment_does_not_open_for_what_another_till_sold(self, till: Till) -> None:
        till.add("APL-R")
        till.add("OAT-1L")
        till.sell_elsewhere("APL-R")
        till.pay()
        assert till.screens.place is Place.SELLING
        assert till.screens.basket.hint.startswith("Red apple: none in stock, 1 in the basket.")

    def test_all_that_is_short_is_named(self, till: Till) -> None:
        for sku in ("APL-R", "OAT-1L", "BUT-S"):
            till.add(sku)
        for sku in ("APL-R", "OAT-1L"):
            stock(till, sku, 0)
        till.pay()
        assert till.screens.basket.hint.startswith(
            "Oat milk 1 l: none in stock, 1 in the basket. Red apple: none in stock, 1 in the basket."
        )

    def test_no_card_is_asked_for_what_was_sold_meanwhile(self, till: Till) -> None:
        till.add("APL-R")
        till.pay()
        till.sell_elsewhere("APL-R")
        choose_card(till)
        view = payment(till)
        assert view.trouble.startswith("Red apple: none in stock")
        assert (view.card_text, view.can_confirm) == (money_wording.NO_CARD, False)
        confirm(till)
        assert till.screens.place is Place.PAYMENT

    def test_a_card_that_was_asked_for_is_never_refused(self, till: Till) -> None:
        till.add("APL-R")
        till.pay()
        choose_card(till)
        assert payment(till).card_text == wording.charge("€0.45")
        till.sell_elsewhere("APL-R")
        confirm(till)
        assert till.screens.place is Place.RECEIPT
        assert till.stock("APL-R") == -1

    def test_nor_when_cash_was_tapped_by_mistake_after_it(self, till: Till) -> None:
        till.add("APL-R")
        till.pay()
        choose_card(till)
        till.sell_elsewhere("APL-R")
        till.flow.payment.choose_method("cash")
        till.settle()
        choose_card(till)
        assert payment(till).trouble.startswith("Red apple: none in stock")
        confirm(till)
        assert till.screens.place is Place.RECEIPT


class TestAskAManager:
    """There are no persons yet: it is one more question on the till."""

    @pytest.fixture(autouse=True)
    def _asks(self, till: Till) -> None:
        till.services.shop_settings.change(short_stock_at_till=ShortStock.ASK)

    def test_it_is_said_at_once_and_asked_before_money(self, till: Till) -> None:
        three_apples(till)
        assert till.screens.basket.hint == f"{SHORT_APPLES} {money_wording.MANAGER_DECIDES}"
        till.pay()
        assert (till.screens.place, till.note_text) == (Place.SELLING, SHORT_APPLES)

        till.flow.trays.act()
        till.settle()

        assert till.screens.place is Place.PAYMENT
        choose_card(till)
        confirm(till)
        assert till.stock("APL-R") == -2

    def test_pay_alone_answers_nothing(self, till: Till) -> None:
        three_apples(till)
        for _ in range(3):
            till.pay()
            assert (till.screens.place, till.note_text) == (Place.SELLING, SHORT_APPLES)
        till.flow.trays.skip()
        assert till.screens.place is Place.SELLING

    def test_more_of_it_is_asked_anew(self, till: Till) -> None:
        three_apples(till)
        till.pay()
        till.flow.trays.act()
        till.settle()
        till.flow.payment.cancel()
        till.pay()
        assert till.screens.place is Place.PAYMENT
        till.flow.payment.cancel()
        till.add("APL-R")
        till.pay()
        assert till.note_text == "Red apple: 1 in stock, 4 in the basket."

    def test_the_next_customer_is_asked_about_as_well(self, till: Till) -> None:
        for _ in range(2):
            three_apples(till)
            till.pay()
            assert till.screens.place is Place.SELLING
            till.flow.trays.act()
            till.settle()
            choose_card(till)
            confirm(till)
            till.flow.next_customer()
            till.settle()
            stock(till, "APL-R", 1)

    def test_what_is_short_only_since_is_decided_on_the_way_back(self, till: Till) -> None:
        till.add("APL-R")
        till.pay()
        till.sell_elsewhere("APL-R")
        choose_card(till)
        assert money_wording.ASK_MANAGER_FIRST in payment(till).trouble
        assert not payment(till).can_confirm


class TestChangedPrices:
    """A line keeps the price of its first scan; another one is shown, and taken by one tap."""

    def test_it_is_shown_on_the_line(self, till: Till) -> None:
        till.add("OAT-1L")
        price(till, "OAT-1L", "2.49")
        look(till)
        line = till.screens.line("Oat milk 1 l")
        assert (line.notice, line.total_text) == ("Was 2.19, now 2.49", "2.19")
        assert line.choice == "Take the new price 2.49 for Oat milk 1 l"

    def test_one_tap_takes_the_new_price_and_undo_gives_it_back(self, till: Till) -> None:
        till.add("OAT-1L")
        price(till, "OAT-1L", "2.49")
        look(till)
        till.flow.line_chosen(till.screens.line("Oat milk 1 l").item_id)
        till.settle()
        line = till.screens.line("Oat milk 1 l")
        assert (line.notice, line.choice, line.total_text) == ("", "", "2.49")
        assert till.screens.basket.total_text == "€2.49"

        till.flow.basket.undo()
        till.settle()

        assert till.screens.line("Oat milk 1 l").notice == "Was 2.19, now 2.49"
        assert till.screens.basket.total_text == "€2.19"

    def test_a_price_that_changed_again_is_not_taken_unseen(self, till: Till) -> None:
        till.add("OAT-1L")
        price(till, "OAT-1L", "2.49")
        look(till)
        price(till, "OAT-1L", "9.99")
        till.flow.line_chosen(till.screens.line("Oat milk 1 l").item_id)
        till.settle()
        assert till.screens.basket.total_text == "€2.19"
        assert till.screens.line("Oat milk 1 l").notice == "Was 2.19, now 9.99"

    def test_it_is_told_before_payment_and_the_old_price_can_be_kept(self, till: Till) -> None:
        till.add("OAT-1L")
        price(till, "OAT-1L", "2.49")
        till.pay()
        assert till.screens.place is Place.SELLING
        assert till.note_text == "Price changed: Oat milk 1 l was 2.19, now 2.49"
        till.flow.trays.skip()
        till.pay()
        view = payment(till)
        assert (view.total_text, view.trouble) == ("€2.19", "Price changed: Oat milk 1 l was 2.19, now 2.49")
        till.flow.payment.cancel()
        assert till.note_text == ""

    def test_the_new_ones_can_be_taken_there(self, till: Till) -> None:
        for sku in ("OAT-1L", "BUT-S"):
            till.add(sku)
            price(till, sku, "3.00")
        till.pay()
        assert till.screens.tray is not None
        assert till.screens.tray.add_all_text == money_wording.take_prices(2)
        till.flow.trays.act()
        till.settle()
        assert till.screens.basket.total_text == "€6.00"
        till.pay()
        assert payment(till).total_text == "€6.00"
        assert payment(till).trouble == ""

    def test_another_change_is_told_again(self, till: Till) -> None:
        till.add("OAT-1L")
        for amount in ("2.49", "2.99"):
            price(till, "OAT-1L", amount)
            till.pay()
            assert till.note_text.endswith(f"now {amount}")
        till.pay()
        assert till.screens.place is Place.PAYMENT

    def test_one_that_changes_on_the_payment_page_is_told_with_the_card(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        price(till, "OAT-1L", "2.49")
        choose_card(till)
        view = payment(till)
        assert view.trouble == "Price changed: Oat milk 1 l was 2.19, now 2.49"
        assert (view.card_text, view.can_confirm) == (wording.charge("€2.19"), True)


class TestOnlyForASaleThatCanBeMade:
    """Everything that refuses a checkout is met before somebody hands money over."""

    def test_no_card_before_the_answer_is_there(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.tasks.held_lanes.add(Lane.DATABASE)
        choose_card(till)
        view = payment(till)
        assert (view.card_text, view.can_confirm) == (money_wording.CHECKING_SALE, False)
        till.flow.payment.confirm()
        till.tasks.held_lanes.clear()
        till.settle()
        assert payment(till).card_text == wording.charge("€2.19")
        assert till.stock("OAT-1L") == 20

    def test_a_database_that_is_away_opens_no_payment(self, till: Till) -> None:
        till.add("OAT-1L")
        till.tasks.is_database_away = True
        till.pay()
        assert till.screens.place is Place.SELLING
        assert till.screens.basket.hint == money_wording.DATABASE_AWAY_NO_MONEY

    def test_nor_asks_for_a_card_until_it_is_back(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.tasks.is_database_away = True
        choose_card(till)
        assert payment(till).trouble == money_wording.DATABASE_AWAY_NO_MONEY
        assert not payment(till).can_confirm
        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()
        assert (payment(till).trouble, payment(till).can_confirm) == ("", True)

    def test_a_line_without_a_product_that_another_client_added(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        assert till.flow.basket.basket is not None
        till.services.sessions.scan_product(till.flow.basket.basket.session.id, "zzz")
        choose_card(till)
        assert payment(till).trouble.startswith("No product yet: zzz.")
        assert not payment(till).can_confirm

    def test_a_basket_that_costs_more_by_now(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        assert till.flow.basket.basket is not None
        till.services.sessions.add_product(till.flow.basket.basket.session.id, till.goods["BUT-S"].id)
        choose_card(till)
        view = payment(till)
        assert view.trouble == money_wording.sale_costs_now("€5.08")
        assert (view.total_text, view.card_text) == ("€5.08", wording.charge("€5.08"))

    def test_cash_that_was_keyed_for_another_total_is_refused_and_shown_anew(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        assert till.flow.basket.basket is not None
        till.services.sessions.add_product(till.flow.basket.basket.session.id, till.goods["BUT-S"].id)
        confirm(till)
        assert payment(till).trouble == money_wording.sale_costs_now("€5.08")
        assert not payment(till).can_confirm
        till.flow.payment.quick("10")
        confirm(till)
        assert till.screens.place is Place.RECEIPT

    def test_a_basket_that_was_closed_elsewhere(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        assert till.flow.basket.basket is not None
        till.services.sessions.end_session(till.flow.basket.basket.session.id)
        choose_card(till)
        assert payment(till).trouble == money_wording.CLOSED_MEANWHILE
        assert not payment(till).can_confirm

    def test_a_till_that_lost_its_identity_asks_for_no_card(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.basket.hold("Copied")
        choose_card(till)
        assert (payment(till).trouble, payment(till).can_confirm) == ("Copied", False)

    def test_but_sells_for_the_card_that_it_asked_for(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        choose_card(till)
        till.flow.basket.hold("Copied")
        confirm(till)
        assert till.screens.place is Place.RECEIPT
        assert till.stock("OAT-1L") == 19

    def test_what_comes_in_while_pay_asks_is_paid_too(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.pay()
        assert till.flow.basket.basket is not None
        till.services.sessions.add_product(till.flow.basket.basket.session.id, till.goods["BUT-S"].id)
        till.settle()
        assert payment(till).total_text == "€5.08"

    def test_what_a_person_does_meanwhile_forgets_the_tap(self, till: Till) -> None:
        till.add("OAT-1L")
        till.flow.pay()
        till.add("BUT-S")
        assert till.screens.place is Place.SELLING


class TestAbsurdCash:
    """More than ten totals and more than a largest note above it: asked, never sold by the same tap."""

    @pytest.fixture
    def paying(self, till: Till) -> Till:
        till.add("OAT-1L")
        till.pay()
        return till

    def key(self, till: Till, digits: str) -> None:
        for digit in digits:
            till.flow.payment.press(digit)

    def test_it_is_asked_and_a_second_confirmation_sells(self, paying: Till) -> None:
        self.key(paying, "200000")
        confirm(paying)
        view = payment(paying)
        assert view.trouble == money_wording.absurd_cash("€2,000.00", "€2.19")
        assert not view.can_confirm
        paying.time.pass_by(CALM_MS)
        assert payment(paying).can_confirm
        assert payment(paying).confirm_text == money_wording.cash_really("€2,000.00", "€1,997.81")
        confirm(paying)
        assert paying.screens.place is Place.RECEIPT

    def test_a_double_tap_or_a_held_enter_sells_nothing(self, paying: Till) -> None:
        self.key(paying, "200000")
        for _ in range(3):
            confirm(paying)
        paying.time.pass_by(CALM_MS)
        for _ in range(3):
            paying.flow.enter()
            paying.settle()
        assert payment(paying).trouble == money_wording.ENTER_IS_NO_AMOUNT
        assert paying.stock("OAT-1L") == 20

    def test_another_amount_is_another_question(self, paying: Till) -> None:
        self.key(paying, "200000")
        confirm(paying)
        self.key(paying, "0")
        assert payment(paying).trouble == ""
        confirm(paying)
        assert payment(paying).trouble == money_wording.absurd_cash("€20,000.00", "€2.19")
        paying.time.pass_by(CALM_MS)
        for key in ("clear", "5", "0", "0"):
            paying.flow.payment.press(key)
        confirm(paying)
        assert paying.screens.place is Place.RECEIPT

    def test_a_large_note_for_little_is_not_absurd(self, paying: Till) -> None:
        self.key(paying, "20000")
        confirm(paying)
        assert paying.screens.place is Place.RECEIPT

    def test_currencies(self) -> None:
        assert (largest_note("€"), largest_note("¥"), largest_note("CHF ")) == (200, 10_000, 1000)
        assert largest_note("¤") == 100


class TestEnter:
    """A scanner sends Enter too: it never says that a card was charged."""

    def test_it_never_confirms_a_card_and_says_what_to_do(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        choose_card(till)
        till.flow.enter()
        till.settle()
        assert payment(till).trouble == money_wording.ENTER_IS_NO_CARD
        assert till.stock("OAT-1L") == 20
        confirm(till)
        assert till.stock("OAT-1L") == 19

    def test_it_confirms_cash(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.flow.enter()
        till.settle()
        assert till.screens.place is Place.RECEIPT
