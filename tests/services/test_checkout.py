"""The sale: all or nothing."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.conftest import MakeProduct, new_product
from tests.services.fake_unit_of_work import FakeShop
from visionscan_kiosk.domain.checkout import Channel, Receipt, Tender, TenderMethod, card, cash
from visionscan_kiosk.domain.errors import (
    BasketEmpty,
    InsufficientStock,
    KioskError,
    ReceiptNotFound,
    SaleNotFound,
    SessionNotActive,
    SessionNotFound,
    ShortProduct,
    TenderMismatch,
    TransientConflict,
    UnmatchedItems,
)
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.domain.scan_session import SessionOutcome
from visionscan_kiosk.domain.stock import MovementReason, ShortStock
from visionscan_kiosk.persistence.maintenance import check_consistency
from visionscan_kiosk.services.checkout import CheckoutService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import SaleQuery, ScannedPiece


def basket_with(services: KioskServices, *goods: tuple[Product, int]) -> UUID:
    session = services.sessions.start_session()
    for product, pieces in goods:
        services.sessions.add_product(session.id, product.id, pieces)
    return session.id


@pytest.fixture(autouse=True)
def _the_books_agree(services: KioskServices, engine: Engine) -> object:
    yield
    assert check_consistency(engine) == []


def test_a_sale(services: KioskServices, make_product: MakeProduct) -> None:
    apple, pear = make_product("Red Apple", price="1.25"), make_product("Pear", price="0.10")
    basket = basket_with(services, (apple, 4), (pear, 3))
    receipt = services.checkout.check_out(basket, [cash(Decimal("5.30"), Decimal("10.00"))])
    assert [(line.name, line.quantity, line.line_total) for line in receipt.lines] == [
        ("Red Apple", 4, Decimal("5.00")),
        ("Pear", 3, Decimal("0.30")),
    ]
    assert (receipt.total, receipt.change, receipt.number) == (Decimal("5.30"), Decimal("4.70"), 1)
    session = services.sessions.get_session(basket)
    assert (session.outcome, session.total_amount) == (SessionOutcome.SOLD, receipt.total)
    assert session.check_out_time == receipt.completed_at
    sold = services.movements.list_movements(apple.id)[0]
    assert (sold.change_qty, sold.reason, sold.session_id) == (-4, MovementReason.SALE, basket)
    assert services.inventory.get_product(apple.id).stock == 6
    assert services.checkout.get_receipt(basket) == receipt


def test_too_little_stock(services: KioskServices, make_product: MakeProduct) -> None:
    product = make_product(stock=1)
    basket = basket_with(services, (product, 3))
    with pytest.raises(InsufficientStock) as caught:
        services.checkout.check_out(basket)
    assert str(caught.value) == "Insufficient stock for Red Apple. Available: 1, Required: 3"
    assert caught.value.short == (ShortProduct(product.id, "Red Apple", 1, 3),)


def test_all_short_products_are_named_the_first_by_name_first(
    services: KioskServices, make_product: MakeProduct
) -> None:
    short = [make_product(name, stock=0) for name in ("Quince", "Banana", "Pear")]
    basket = basket_with(services, *((product, 1) for product in (*short, make_product("Apple"))))
    with pytest.raises(InsufficientStock, match="for Banana") as caught:
        services.checkout.check_out(basket)
    assert [product.name for product in caught.value.short] == ["Banana", "Pear", "Quince"]


class TestShortStock:
    """What happens when more is sold than the books know of."""

    def test_over_http_it_is_sold_where_the_shop_says_so(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=1)
        services.shop_settings.change(short_stock_over_http=ShortStock.SELL)

        services.checkout.check_out(basket_with(services, (product, 3)))

        assert services.inventory.get_product(product.id).stock == -2
        assert check_consistency(engine) == []

    @pytest.mark.parametrize("policy", ShortStock)
    def test_a_till_that_has_the_money_is_never_refused(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine, policy: ShortStock
    ) -> None:
        product = make_product(stock=1)
        services.shop_settings.change(short_stock_at_till=policy)

        receipt = services.checkout.check_out(basket_with(services, (product, 3)), channel=Channel.TILL)

        assert receipt.lines[0].quantity == 3
        assert services.inventory.get_product(product.id).stock == -2
        assert check_consistency(engine) == []

    def test_before_money_is_asked_for_refusing_names_all_of_it(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        basket = basket_with(
            services, (make_product("Pear", stock=1), 2), (make_product("Apple", stock=0), 1)
        )
        assert services.checkout.check_sale(basket).basket.total == Decimal("3.75")
        services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)

        with pytest.raises(InsufficientStock) as caught:
            services.checkout.check_sale(basket)

        assert [(short.name, short.available, short.required) for short in caught.value.short] == [
            ("Apple", 0, 1),
            ("Pear", 1, 2),
        ]

    def test_a_manager_is_asked_by_who_asked_for_the_check(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        basket = basket_with(services, (make_product(stock=0), 1))
        services.shop_settings.change(short_stock_at_till=ShortStock.ASK)

        check = services.checkout.check_sale(basket)

        assert check.short_stock is ShortStock.ASK
        assert [short.required for short in check.basket.short] == [1]

    def test_what_is_below_zero_is_restocked_and_counted(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=0)
        services.checkout.check_out(basket_with(services, (product, 5)), channel=Channel.TILL)

        assert services.movements.restock(product.id, 2).stock == -3
        assert services.inventory.update_product(product.id, ProductChanges(stock=-1)).stock == -1
        assert services.inventory.update_product(product.id, ProductChanges(stock=7)).stock == 7
        assert check_consistency(engine) == []


class TestBeforeMoneyIsAskedFor:
    """`check_sale` refuses what `check_out` would refuse, by the same rule."""

    def test_a_basket_that_can_be_sold(self, services: KioskServices, make_product: MakeProduct) -> None:
        session_id = basket_with(services, (make_product(), 2))

        check = services.checkout.check_sale(session_id)

        assert check.basket == services.sessions.get_basket(session_id)
        services.checkout.check_out(session_id)

    def test_everything_else_is_refused_by_both(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        sold = basket_with(services, (make_product("Sold"), 1))
        services.checkout.check_out(sold)
        ended = basket_with(services, (make_product("Ended"), 1))
        services.sessions.end_session(ended)
        unmatched = services.sessions.start_session().id
        services.sessions.scan_product(unmatched, "zzz")
        refused = {
            sold: SessionNotActive,
            ended: SessionNotActive,
            unmatched: UnmatchedItems,
            services.sessions.start_session().id: BasketEmpty,
            uuid4(): SessionNotFound,
        }
        for session_id, kind in refused.items():
            for ask in (services.checkout.check_sale, services.checkout.check_out):
                with pytest.raises(kind):
                    ask(session_id)


class TestUnacknowledged:
    """A till's sale is kept until somebody saw its receipt."""

    def test_until_somebody_saw_it(self, services: KioskServices, make_product: MakeProduct) -> None:
        receipts = [_sold_at(services, "till-1", make_product(name)) for name in ("Apple", "Pear")]
        assert [sale.number for sale in services.sales.list_unacknowledged("till-1")] == [1, 2]
        sale = services.sales.list_unacknowledged("till-1")[0]
        assert (sale.total, sale.change, sale.tenders) == (
            Decimal("1.25"),
            Decimal("3.75"),
            receipts[0].tenders,
        )

        for _ in range(2):
            services.sales.acknowledge(receipts[0].session_id)

        assert [sale.number for sale in services.sales.list_unacknowledged("till-1")] == [2]
        assert services.sales.list_unacknowledged("till-2") == []

    def test_a_sale_over_http_is_answered_to_whom_it_concerns(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        basket = services.sessions.open_basket("till-1").session.id
        services.sessions.add_product(basket, make_product().id)
        services.checkout.check_out(basket)
        assert services.sales.list_unacknowledged("till-1") == []

    def test_a_sale_that_was_not_made_is_not_kept(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        basket = services.sessions.open_basket("till-1").session.id
        services.sessions.add_product(basket, make_product().id)
        with pytest.raises(TenderMismatch):
            services.checkout.check_out(basket, (card(Decimal("9.99")),), channel=Channel.TILL)
        assert services.sales.list_unacknowledged("till-1") == []


class TestListOfSales:
    """What was sold, newest first."""

    def test_newest_first_of_a_time_and_no_more_than_asked_for(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product()
        sold = [services.checkout.check_out(basket_with(services, (product, n))) for n in (1, 2, 3)]
        services.sessions.end_session(services.sessions.start_session().id)

        assert [sale.number for sale in services.sales.list_sales()] == [3, 2, 1]
        assert [sale.number for sale in services.sales.list_sales(SaleQuery(limit=2))] == [3, 2]
        between = SaleQuery(since=sold[0].completed_at, until=sold[2].completed_at)
        assert [sale.number for sale in services.sales.list_sales(between)] == [2, 1]

    def test_a_receipt_by_its_number(self, services: KioskServices, make_product: MakeProduct) -> None:
        receipt = _sold_at(services, "till-1", make_product())
        assert services.sales.get_sale(receipt.number) == receipt
        with pytest.raises(SaleNotFound, match="no sale number 77"):
            services.sales.get_sale(77)


def _sold_at(services: KioskServices, till_id: str, product: Product) -> Receipt:
    session_id = services.sessions.open_basket(till_id).session.id
    services.sessions.add_product(session_id, product.id)
    return services.checkout.check_out(
        session_id, (cash(product.price, Decimal("5.00")),), channel=Channel.TILL
    )


def test_an_empty_basket(services: KioskServices) -> None:
    with pytest.raises(BasketEmpty, match="The basket is empty"):
        services.checkout.check_out(services.sessions.start_session().id)


def test_unmatched_lines_are_named(services: KioskServices, make_product: MakeProduct) -> None:
    basket = basket_with(services, (make_product(), 1))
    services.sessions.scan_product(basket, "mystery")
    with pytest.raises(UnmatchedItems, match=r"Not matched to a product yet: mystery\. Choose a product or"):
        services.checkout.check_out(basket)


@pytest.mark.parametrize("amount", ["1.24", "1.26", "0"])
def test_tenders_pay_exactly_the_total(
    services: KioskServices, make_product: MakeProduct, amount: str
) -> None:
    basket = basket_with(services, (make_product(price="1.25"), 1))
    with pytest.raises(TenderMismatch, match=r"The basket costs 1\.25 now"):
        services.checkout.check_out(basket, [card(Decimal(amount))])


def test_too_little_cash() -> None:
    with pytest.raises(TenderMismatch, match=r"0\.25 is still missing"):
        cash(Decimal("1.25"), Decimal("1.00"))


def test_split_payment(services: KioskServices, make_product: MakeProduct) -> None:
    basket = basket_with(services, (make_product(price="2.00"), 1))
    paid = [card(Decimal("1.50")), Tender(TenderMethod.CASH, Decimal("0.50"), Decimal("1.00"))]
    assert services.checkout.check_out(basket, paid).tenders == tuple(paid)


def test_a_refused_sale_leaves_everything(services: KioskServices, make_product: MakeProduct) -> None:
    apple, pear = make_product("Apple", stock=5), make_product("Pear", stock=0)
    basket = basket_with(services, (apple, 2), (pear, 1))
    before = services.sessions.get_basket(basket)
    with pytest.raises(KioskError):
        services.checkout.check_out(basket, [card(Decimal("3.75"))])
    assert services.sessions.get_basket(basket) == before
    assert services.inventory.get_product(apple.id).stock == 5
    with pytest.raises(ReceiptNotFound, match="it was not sold"):
        services.checkout.get_receipt(basket)
    services.movements.restock(pear.id, 1)
    assert services.checkout.check_out(basket).total == Decimal("3.75")


def test_sold_once(services: KioskServices, make_product: MakeProduct) -> None:
    product = make_product(stock=5)
    basket = basket_with(services, (product, 1))
    receipt = services.checkout.check_out(basket)
    with pytest.raises(SessionNotActive):
        services.checkout.check_out(basket)
    assert services.checkout.get_receipt(basket) == receipt
    assert services.inventory.get_product(product.id).stock == 4


def test_an_ended_session_is_not_sold(services: KioskServices, make_product: MakeProduct) -> None:
    basket = basket_with(services, (make_product(), 1))
    services.sessions.end_session(basket)
    with pytest.raises(SessionNotActive):
        services.checkout.check_out(basket)
    with pytest.raises(ReceiptNotFound):
        services.checkout.get_receipt(basket)


def test_unknown_session(services: KioskServices) -> None:
    for ask in (services.checkout.check_out, services.checkout.get_receipt):
        with pytest.raises(SessionNotFound):
            ask(uuid4())


def test_a_receipt_says_what_the_goods_were_called(
    services: KioskServices, make_product: MakeProduct
) -> None:
    product = make_product("Red Apple")
    basket = basket_with(services, (product, 1))
    receipt = services.checkout.check_out(basket)
    services.inventory.update_product(product.id, ProductChanges(name="Gala", sku="G", price=Decimal(9)))
    assert services.checkout.get_receipt(basket) == receipt
    (line,) = services.sessions.list_items(basket)
    assert (line.name, line.sku, line.unit_price) == ("Red Apple", "RED-APPLE", Decimal("1.25"))


def test_free_goods_can_be_sold(services: KioskServices, make_product: MakeProduct) -> None:
    basket = basket_with(services, (make_product(price="0"), 2))
    assert services.checkout.check_out(basket).total == 0


class TestRetry:
    """A deadlock's victim is told by the database to try again; the whole use case is."""

    def test_the_sale_is_tried_again_three_times(self) -> None:
        shop, session_id = _shop_with_basket()
        failures = [TransientConflict("again")] * 3
        assert CheckoutService(_failing(shop, failures)).check_out(session_id).total == Decimal("1.25")
        assert not failures

    def test_then_the_conflict_is_told_and_nothing_was_sold(self) -> None:
        shop, session_id = _shop_with_basket()
        with pytest.raises(TransientConflict):
            CheckoutService(_failing(shop, [TransientConflict("again")] * 4)).check_out(session_id)
        assert shop.state.sessions[session_id].outcome is None

    def test_other_errors_are_not_tried_again(self) -> None:
        shop, session_id = _shop_with_basket()
        failures: list[Exception] = [BasketEmpty(), BasketEmpty()]
        with pytest.raises(BasketEmpty):
            CheckoutService(_failing(shop, failures)).check_out(session_id)
        assert len(failures) == 1


def _shop_with_basket() -> tuple[FakeShop, UUID]:
    shop = FakeShop()
    with shop.unit_of_work() as work:
        product = work.products.add(new_product())
        work.products.change_stock(product.id, 5)
        session = work.sessions.add(None)
        work.items.add_product(session.id, product.id, ScannedPiece("apple", 1.0, 1))
        work.commit()
    return shop, session.id


def _failing(shop: FakeShop, failures: list[Exception]):  # type: ignore[no-untyped-def]  # a factory of the fake
    def unit_of_work():  # type: ignore[no-untyped-def]  # as above
        if failures:
            raise failures.pop()
        return shop.unit_of_work()

    return unit_of_work
