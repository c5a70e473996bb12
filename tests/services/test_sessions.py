"""A customer's visit: start, scan, correct, end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct
from visionscan_kiosk.domain.basket_operations import AddLine
from visionscan_kiosk.domain.errors import (
    BasketHeld,
    InvalidInput,
    ItemNotFound,
    ProductNotFound,
    SessionNotActive,
    SessionNotFound,
    TillHasOpenBasket,
)
from visionscan_kiosk.domain.matching.match import MatchMethod
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.domain.scan_session import Basket, ScanSession, SessionOutcome, SessionStatus
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.sessions import LEFT_AFTER


@pytest.fixture
def session(services: KioskServices) -> ScanSession:
    return services.sessions.start_session()


class TestStartAndEnd:
    def test_start(self, services: KioskServices, session: ScanSession) -> None:
        assert session.status is SessionStatus.ACTIVE
        assert services.sessions.get_session(session.id) == session
        assert services.sessions.list_items(session.id) == ()

    def test_end_leaves_total_zero_and_stock(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=3)
        session = services.sessions.start_session()
        services.sessions.add_product(session.id, product.id, 2)
        ended = services.sessions.end_session(session.id)
        assert (ended.status, ended.outcome) == (SessionStatus.COMPLETED, SessionOutcome.ENDED)
        assert ended.total_amount == 0
        assert ended.check_out_time is not None
        assert services.inventory.get_product(product.id).stock == 3
        assert len(services.movements.list_movements(product.id)) == 1

    def test_a_till_finds_its_basket_again(self, services: KioskServices, make_product: MakeProduct) -> None:
        product = make_product()
        basket = services.sessions.open_basket("till-1")
        services.sessions.add_product(basket.session.id, product.id, 2)
        again = services.sessions.open_basket("till-1")
        assert (again.session.id, again.total, again.item_count) == (basket.session.id, Decimal("2.50"), 2)

    def test_the_next_customer_has_a_new_basket(self, services: KioskServices) -> None:
        first = services.sessions.open_basket("till-1").session
        services.sessions.end_session(first.id)
        assert services.sessions.open_basket("till-1").session.id != first.id

    def test_a_till_serves_one_customer_at_a_time(self, services: KioskServices) -> None:
        services.sessions.start_session("till-1")
        with pytest.raises(TillHasOpenBasket, match=r"This till has an open basket\. Sell or end it first\."):
            services.sessions.start_session("till-1")

    def test_others_may_have_many_at_once(self, services: KioskServices) -> None:
        assert services.sessions.start_session().id != services.sessions.start_session().id

    def test_unknown_session(self, services: KioskServices) -> None:
        for ask in (
            services.sessions.get_session,
            services.sessions.list_items,
            services.sessions.end_session,
        ):
            with pytest.raises(SessionNotFound):
                ask(uuid4())

    def test_nothing_changes_after_the_end(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        item = services.sessions.add_product(session.id, product.id).item
        services.sessions.end_session(session.id)
        sessions = services.sessions
        for late in (
            lambda: sessions.scan_product(session.id, "red apple"),
            lambda: sessions.add_product(session.id, product.id),
            lambda: sessions.change_item(session.id, item.id, product_id=product.id),
            lambda: sessions.set_quantity(session.id, item.id, 2),
            lambda: sessions.take_back(session.id, item.id, 1),
            lambda: sessions.remove_item(session.id, item.id),
            lambda: sessions.end_session(session.id),
        ):
            with pytest.raises(SessionNotActive, match=r"^Session is not active"):
                late()


class TestScan:
    @pytest.mark.parametrize(
        ("said", "method"),
        [
            ("red-apple", MatchMethod.SKU),
            ("4006381333931", MatchMethod.BARCODE),
            ("04006381333931", MatchMethod.BARCODE),
            ("RED apple", MatchMethod.NAME),
            (" Rosy  One ", MatchMethod.ALIAS),
            ("red aple", MatchMethod.FUZZY),
        ],
    )
    def test_finds_the_product(
        self,
        services: KioskServices,
        make_product: MakeProduct,
        session: ScanSession,
        said: str,
        method: MatchMethod,
    ) -> None:
        product = make_product(aliases=("rosy one",), barcodes=("4006381333931",))
        result = services.sessions.scan_product(session.id, said, 0.75, 2)
        assert (result.item.inventory_id, result.match.method) == (product.id, method)
        assert (result.item.quantity, result.item.unit_price) == (2, product.price)
        assert (result.item.detected_name, result.item.confidence) == (" ".join(said.split()), 0.75)
        assert result.basket.total == Decimal("2.50")
        assert result.basket.session.total_amount == Decimal("2.50")

    def test_a_product_again_adds_to_its_line_at_the_first_price(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product(price="1.00")
        first = services.sessions.scan_product(session.id, "red apple", 0.5).item
        services.inventory.update_product(product.id, ProductChanges(price=Decimal("9.00")))
        second = services.sessions.scan_product(session.id, "RED APPLE", 0.9, 2)
        assert (second.item.id, second.item.quantity) == (first.id, 3)
        assert (second.item.unit_price, second.basket.total) == (Decimal("1.00"), Decimal("3.00"))
        assert (second.item.detected_name, second.item.confidence) == ("RED APPLE", 0.9)
        assert second.item.first_seen == first.first_seen

    def test_the_unknown_is_kept(self, services: KioskServices, session: ScanSession) -> None:
        services.sessions.scan_product(session.id, "flux capacitor", 0.4)
        result = services.sessions.scan_product(session.id, "FLUX  capacitor", 0.6, 2)
        (line,) = result.basket.items
        assert (line.quantity, line.is_matched, line.display_name) == (3, False, "FLUX capacitor")
        assert result.basket.total == 0

    def test_asks_instead_of_guessing_when_told_to(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        make_product("Red Apple")
        make_product("Red Apples")
        result = services.sessions.scan_product(session.id, "red aple", ask_when_ambiguous=True)
        assert not result.item.is_matched
        assert result.match.candidates

    def test_a_new_product_is_found_at_once(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        assert not services.sessions.scan_product(session.id, "kumquat").item.is_matched
        product = make_product("Kumquat")
        assert services.sessions.scan_product(session.id, "kumquat").item.inventory_id == product.id
        services.inventory.update_product(product.id, ProductChanges(name="Dwarf Orange"))
        assert services.inventory.match_text("dwarf orange").method is MatchMethod.NAME

    @pytest.mark.parametrize(
        ("name", "confidence", "quantity", "field"),
        [
            ("", 1.0, 1, "detected_name"),
            (" \0\n ", 1.0, 1, "detected_name"),
            ("apple", 1.01, 1, "confidence"),
            ("apple", -0.1, 1, "confidence"),
            ("apple", float("nan"), 1, "confidence"),
            ("apple", 1.0, 0, "quantity"),
            ("apple", 1.0, 10_000, "quantity"),
            ("apple", 1.0, True, "quantity"),
        ],
    )
    def test_bad_input_leaves_the_basket_alone(
        self,
        services: KioskServices,
        session: ScanSession,
        name: str,
        confidence: float,
        quantity: int,
        field: str,
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            services.sessions.scan_product(session.id, name, confidence, quantity)
        assert caught.value.field == field
        assert services.sessions.list_items(session.id) == ()

    @pytest.mark.parametrize(
        "name", ["a\0b", "\ud800 lone", "x" * 5000, "'; DROP TABLE scan_items; --", "🍎" * 9]
    )
    def test_strange_names_are_kept_as_text(
        self, services: KioskServices, session: ScanSession, name: str
    ) -> None:
        assert len(services.sessions.scan_product(session.id, name).basket.items) == 1

    def test_a_line_has_at_most_9999_pieces(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        services.sessions.add_product(session.id, product.id, 9999)
        with pytest.raises(InvalidInput, match="between 1 and 9999"):
            services.sessions.add_product(session.id, product.id)
        assert services.sessions.get_basket(session.id).item_count == 9999

    def test_the_dearest_basket_fits(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        dear = make_product(price="9999999.99", stock=9999)
        basket = services.sessions.add_product(session.id, dear.id, 9999).basket
        assert basket.session.total_amount == Decimal("99989999900.01")
        assert services.checkout.check_out(session.id).total == basket.total

    def test_add_product_takes_its_name_or_the_barcode(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        assert services.sessions.add_product(session.id, product.id).item.detected_name == "Red Apple"
        again = services.sessions.add_product(
            session.id, product.id, detected_name="4006381333931", confidence=0.8
        )
        assert (again.item.detected_name, again.item.confidence) == ("4006381333931", 0.8)
        with pytest.raises(ProductNotFound):
            services.sessions.add_product(session.id, uuid4())


class TestCorrect:
    def test_assign_gives_an_unmatched_line_its_product(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product(price="2.00")
        item = services.sessions.scan_product(session.id, "mystery", quantity=3).item
        services.sessions.change_item(session.id, item.id, product_id=product.id)
        (line,) = services.sessions.list_items(session.id)
        assert (line.id, line.inventory_id, line.quantity) == (item.id, product.id, 3)
        assert (line.detected_name, line.line_total) == ("mystery", Decimal("6.00"))

    def test_assign_merges_with_the_products_line(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product(price="2.00")
        kept = services.sessions.add_product(session.id, product.id, 2).item
        services.inventory.update_product(product.id, ProductChanges(price=Decimal("5.00")))
        mystery = services.sessions.scan_product(session.id, "mystery", quantity=3).item
        services.sessions.change_item(session.id, mystery.id, product_id=product.id)
        basket = services.sessions.get_basket(session.id)
        (line,) = basket.items
        assert (line.id, line.quantity, line.unit_price) == (kept.id, 5, Decimal("2.00"))
        assert basket.session.total_amount == Decimal("10.00")

    def test_assign_the_same_product_changes_nothing(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        result = services.sessions.add_product(session.id, product.id, 2)
        services.sessions.change_item(session.id, result.item.id, product_id=product.id)
        assert services.sessions.get_basket(session.id).items == result.basket.items

    def test_assign_that_would_be_too_many_changes_nothing(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        services.sessions.add_product(session.id, product.id, 9999)
        mystery = services.sessions.scan_product(session.id, "mystery").item
        with pytest.raises(InvalidInput):
            services.sessions.change_item(session.id, mystery.id, product_id=product.id)
        assert len(services.sessions.list_items(session.id)) == 2

    def test_quantity(self, services: KioskServices, make_product: MakeProduct, session: ScanSession) -> None:
        item = services.sessions.add_product(session.id, make_product().id).item
        assert services.sessions.set_quantity(session.id, item.id, 4).total == Decimal("5.00")
        for wrong in (0, -1, 10_000):
            with pytest.raises(InvalidInput):
                services.sessions.set_quantity(session.id, item.id, wrong)
        assert services.sessions.get_basket(session.id).item_count == 4

    def test_take_back(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        item = services.sessions.add_product(session.id, make_product().id, 3).item
        assert services.sessions.take_back(session.id, item.id, 1).item_count == 2
        with pytest.raises(InvalidInput):
            services.sessions.take_back(session.id, item.id, -5)
        assert services.sessions.take_back(session.id, item.id, 2).items == ()

    def test_remove(self, services: KioskServices, make_product: MakeProduct, session: ScanSession) -> None:
        item = services.sessions.add_product(session.id, make_product().id, 3).item
        basket = services.sessions.remove_item(session.id, item.id)
        assert (basket.items, basket.session.total_amount) == ((), 0)
        with pytest.raises(ItemNotFound):
            services.sessions.remove_item(session.id, item.id)

    def test_lines_of_others_cannot_be_touched(
        self, services: KioskServices, make_product: MakeProduct, session: ScanSession
    ) -> None:
        product = make_product()
        item = services.sessions.add_product(session.id, product.id).item
        other = services.sessions.start_session().id
        for touch in (
            lambda: services.sessions.set_quantity(other, item.id, 2),
            lambda: services.sessions.remove_item(other, item.id),
            lambda: services.sessions.take_back(other, item.id, 1),
            lambda: services.sessions.change_item(other, item.id, product_id=product.id),
        ):
            with pytest.raises(ItemNotFound):
                touch()


class TestLeftBaskets:
    """A till's basket that nobody touched for hours is held: not today's, and never lost."""

    @pytest.fixture
    def left(self, services: KioskServices, make_product: MakeProduct, engine: Engine) -> Basket:
        session_id = services.sessions.open_basket("till").session.id
        services.sessions.add_product(session_id, make_product().id, 3)
        age(engine, session_id, LEFT_AFTER)
        return services.sessions.get_basket(session_id)

    def test_it_is_held_and_another_is_open(self, services: KioskServices, left: Basket) -> None:
        opened = services.sessions.open_basket("till")

        assert (opened.items, opened.session.held_at) == ((), None)
        (held,) = services.sessions.list_held()
        assert (held.session.id, held.item_count) == (left.session.id, 3)
        assert held.left_at < opened.session.check_in_time - LEFT_AFTER
        assert services.sessions.open_basket("till").session.id == opened.session.id

    def test_nobody_sells_it_or_adds_to_it_by_mistake(
        self, services: KioskServices, left: Basket, make_product: MakeProduct
    ) -> None:
        services.sessions.open_basket("till")
        product = make_product("Pear")
        for touch in (
            lambda: services.sessions.add_product(left.session.id, product.id),
            lambda: services.basket_operations.apply(AddLine(uuid4(), left.session.id, product.id)),
            lambda: services.checkout.check_sale(left.session.id),
            lambda: services.checkout.check_out(left.session.id),
        ):
            with pytest.raises(BasketHeld):
                touch()
        assert services.sessions.get_basket(left.session.id).items == left.items

    def test_a_till_goes_on_with_it(self, services: KioskServices, left: Basket) -> None:
        empty = services.sessions.open_basket("till").session.id

        for _ in range(2):
            basket = services.sessions.go_on(left.session.id, "till")

        assert basket.items == left.items
        assert services.sessions.get_session(empty).outcome is SessionOutcome.ENDED
        assert services.sessions.list_held() == []
        assert services.sessions.open_basket("till").session.id == left.session.id
        assert not services.sessions.hold_left("till")
        services.checkout.check_out(left.session.id)

    def test_not_over_the_head_of_who_stands_there(
        self, services: KioskServices, left: Basket, make_product: MakeProduct
    ) -> None:
        present = services.sessions.open_basket("till").session.id
        services.sessions.add_product(present, make_product("Pear").id)
        with pytest.raises(TillHasOpenBasket):
            services.sessions.go_on(left.session.id, "till")
        assert len(services.sessions.list_held()) == 1

    def test_another_till_may_go_on_with_it_but_only_one(self, services: KioskServices, left: Basket) -> None:
        services.sessions.open_basket("till")
        assert services.sessions.go_on(left.session.id, "other").session.till_id == "other"
        with pytest.raises(SessionNotActive):
            services.sessions.go_on(left.session.id, "till")

    def test_it_can_be_ended(self, services: KioskServices, left: Basket) -> None:
        services.sessions.open_basket("till")
        services.sessions.end_session(left.session.id)
        assert services.sessions.list_held() == []
        with pytest.raises(SessionNotActive):
            services.sessions.go_on(left.session.id, "till")

    def test_while_the_till_runs_too(self, services: KioskServices, left: Basket) -> None:
        assert services.sessions.hold_left("till")
        assert not services.sessions.hold_left("till")
        assert services.sessions.get_session(left.session.id).held_at is not None

    def test_an_empty_one_or_one_that_was_touched_is_not_left(
        self, services: KioskServices, engine: Engine, make_product: MakeProduct
    ) -> None:
        session_id = services.sessions.open_basket("till").session.id
        age(engine, session_id, LEFT_AFTER)
        assert not services.sessions.hold_left("till")
        product = make_product()
        services.basket_operations.apply(AddLine(uuid4(), session_id, product.id))
        age(engine, session_id, LEFT_AFTER)
        services.basket_operations.apply(AddLine(uuid4(), session_id, product.id))
        assert not services.sessions.hold_left("till")
        assert services.sessions.open_basket("till").session.id == session_id


def age(engine: Engine, session_id: UUID, by: timedelta) -> None:
    """Let everything of a basket have happened that much earlier, and a minute."""
    values = {"id": session_id, "by": by + timedelta(minutes=1)}
    with engine.begin() as connection:
        for table, column, key in (
            ("scan_sessions", "check_in_time", "id"),
            ("scan_items", "created_at", "session_id"),
            ("basket_operations", "created_at", "session_id"),
        ):
            connection.execute(
                text(f"UPDATE {table} SET {column} = {column} - :by WHERE {key} = :id"), values
            )
