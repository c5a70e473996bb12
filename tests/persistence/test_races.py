"""Many tills at once. Every promise has a control that breaks without the lock: the race is really met."""

from __future__ import annotations

import itertools
import threading
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct, build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.persistence.races import Meeting, at_once, kinds
from visionscan_kiosk.domain.basket_operations import AddLine, Effect
from visionscan_kiosk.domain.checkout import Channel, Receipt
from visionscan_kiosk.domain.errors import InsufficientStock, SessionNotActive, TransientConflict
from visionscan_kiosk.domain.product import NewProduct, Product, ProductChanges
from visionscan_kiosk.domain.scan_session import SessionOutcome
from visionscan_kiosk.domain.stock import MovementReason, ShortStock
from visionscan_kiosk.persistence import migrations
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.maintenance import check_consistency
from visionscan_kiosk.persistence.migrations import upgrade
from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.basket_operations import CarriedOut
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import ScannedPiece, UnitOfWorkFactory


def basket_with(services: KioskServices, *goods: tuple[Product, int]) -> UUID:
    session = services.sessions.start_session()
    for product, pieces in goods:
        services.sessions.add_product(session.id, product.id, pieces)
    return session.id


class TestTheLastPiece:
    def test_is_sold_once(self, services: KioskServices, make_product: MakeProduct, engine: Engine) -> None:
        product = make_product(stock=1)
        baskets = [basket_with(services, (product, 1)) for _ in range(8)]
        outcomes = at_once(*(lambda b=basket: services.checkout.check_out(b) for basket in baskets))
        assert kinds(outcomes) == ["InsufficientStock"] * 7 + ["Receipt"]
        assert services.inventory.get_product(product.id).stock == 0
        assert check_consistency(engine) == []

    def test_two_tills_that_were_both_paid_both_sell_it(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        """Nothing is reserved before the sale: the books say afterwards how many pieces nobody knew of."""
        product = make_product(stock=1)
        services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)
        baskets = [basket_with(services, (product, 1)) for _ in range(4)]
        for basket in baskets:
            services.checkout.check_sale(basket)
        outcomes = at_once(
            *(lambda b=basket: services.checkout.check_out(b, channel=Channel.TILL) for basket in baskets)
        )
        assert kinds(outcomes) == ["Receipt"] * 4
        assert services.inventory.get_product(product.id).stock == -3
        assert check_consistency(engine) == []

    def test_who_asks_after_it_was_sold_is_told_before_money(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=1)
        services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)
        mine, theirs = (basket_with(services, (product, 1)) for _ in range(2))
        services.checkout.check_sale(mine)
        services.checkout.check_out(theirs, channel=Channel.TILL)
        with pytest.raises(InsufficientStock):
            services.checkout.check_sale(mine)

    def test_control_reading_without_lock_sells_it_twice(
        self, make_product: MakeProduct, engine: Engine
    ) -> None:
        """Without the lock one piece leaves the shop twice and the stock does not even show it."""
        product = make_product(stock=1)
        meeting = Meeting()

        def sell_without_lock() -> None:
            with engine.begin() as connection:
                stock = connection.scalar(
                    text("SELECT stock FROM inventory_master WHERE id = :id"), {"id": product.id}
                )
                meeting.wait()
                assert stock == 1
                connection.execute(
                    text("UPDATE inventory_master SET stock = :stock WHERE id = :id"),
                    {"stock": stock - 1, "id": product.id},
                )

        assert at_once(sell_without_lock, sell_without_lock) == [None, None]

    def test_lock_shows_fresh_stock(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=5)
        with unit_of_work() as work:
            assert work.products.get(product.id).stock == 5
            services.movements.restock(product.id, 10)
            assert work.products.lock([product.id]) == {product.id: 15}


class TestOrderOfLocks:
    def test_baskets_in_opposite_order_both_sell(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        goods = [make_product(f"Good {number}", stock=100) for number in range(6)]
        forward = [basket_with(services, *((product, 1) for product in goods)) for _ in range(4)]
        backward = [basket_with(services, *((product, 1) for product in reversed(goods))) for _ in range(4)]
        outcomes = at_once(*(lambda b=b: services.checkout.check_out(b) for b in forward + backward))
        assert kinds(outcomes) == ["Receipt"] * 8
        assert {services.inventory.get_product(product.id).stock for product in goods} == {92}
        assert check_consistency(engine) == []

    def test_control_unsorted_locks_deadlock(
        self, unit_of_work: UnitOfWorkFactory, make_product: MakeProduct
    ) -> None:
        apple, pear = make_product("Apple"), make_product("Pear")
        meeting = Meeting()

        def lock_in_turn(first: Product, second: Product) -> None:
            with unit_of_work() as work:
                work.products.lock([first.id])
                meeting.wait()
                work.products.lock([second.id])

        outcomes = at_once(lambda: lock_in_turn(apple, pear), lambda: lock_in_turn(pear, apple))
        assert kinds(outcomes) == ["NoneType", "TransientConflict"]

    def test_lock_sorts_by_itself(self, unit_of_work: UnitOfWorkFactory, make_product: MakeProduct) -> None:
        ids = [make_product(f"Good {number}").id for number in range(20)]

        def lock_many(order: list[UUID]) -> None:
            for _ in range(10):
                with unit_of_work() as work:
                    work.products.lock(order)

        assert at_once(lambda: lock_many(ids), lambda: lock_many(ids[::-1])) == [None, None]

    def test_a_scan_does_not_wait_for_a_checkout_of_the_same_product(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, make_product: MakeProduct
    ) -> None:
        """The line's foreign key asks for FOR KEY SHARE, which FOR NO KEY UPDATE lets through."""
        product = make_product()
        session = services.sessions.start_session()
        with unit_of_work() as work:
            work.products.lock([product.id])
            assert services.sessions.add_product(session.id, product.id).item.quantity == 1

    def test_control_a_full_row_lock_makes_the_scan_wait(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product()
        session = services.sessions.start_session()
        with engine.connect() as checkout, engine.connect() as scan:
            checkout.execute(text("SELECT 1 FROM inventory_master FOR UPDATE"))
            scan.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(TransientConflict):
                scan.execute(
                    text(
                        "INSERT INTO scan_items (session_id, inventory_id, detected_name, confidence, "
                        "quantity, unit_price) VALUES (:session, :product, 'x', 1, 1, 1)"
                    ),
                    {"session": session.id, "product": product.id},
                )

    def test_imports_and_changes_do_not_wait_for_each_other_in_a_circle(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        goods = [make_product(f"Good {number}", stock=1) for number in range(5)]
        header = "sku,name,category,price,stock,barcodes\n"
        rows = [f"{product.sku},{product.name},Fruit,1.00,{{}},B{product.sku}\n" for product in goods]

        def import_file(order: int) -> object:
            return services.product_files.import_products(
                [header, *(row.format(order) for row in rows[::order])]
            )

        def change() -> object:
            for product in goods:
                services.inventory.update_product(product.id, ProductChanges(stock=7, aliases=("x",)))
            return None

        def sell() -> Receipt:
            return services.checkout.check_out(basket_with(services, *((product, 1) for product in goods)))

        outcomes = at_once(lambda: import_file(1), lambda: import_file(-1), change, sell)
        assert not [outcome for outcome in outcomes if isinstance(outcome, TransientConflict)]
        assert check_consistency(engine) == []


class TestOneSession:
    def test_a_hundred_checkouts_are_one_sale(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=1000)
        basket = basket_with(services, (product, 3))
        outcomes = at_once(*[lambda: services.checkout.check_out(basket)] * 100)
        assert kinds(outcomes) == ["Receipt"] + ["SessionNotActive"] * 99
        assert services.inventory.get_product(product.id).stock == 997
        assert len(services.movements.list_movements(product.id)) == 2
        assert check_consistency(engine) == []

    def test_control_without_the_session_lock_it_is_sold_twice(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=10)
        basket = basket_with(services, (product, 1))
        meeting = Meeting()

        def check_out_without_lock() -> None:
            with unit_of_work() as work:
                session = work.sessions.get(basket)
                meeting.wait()
                assert session.outcome is None
                work.products.change_stock(product.id, -1)
                work.movements.add(product.id, -1, MovementReason.SALE, session_id=basket)
                work.sessions.complete(basket, SessionOutcome.SOLD, Decimal("1.25"))
                work.commit()

        assert at_once(check_out_without_lock, check_out_without_lock) == [None, None]
        assert services.inventory.get_product(product.id).stock == 8

    def test_a_scan_is_in_the_sale_or_refused(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        apple, pear = make_product("Apple", stock=100), make_product("Pear", stock=100)
        for _ in range(10):
            basket = basket_with(services, (apple, 1))
            sale, scan = at_once(
                lambda b=basket: services.checkout.check_out(b),
                lambda b=basket: services.sessions.add_product(b, pear.id),
            )
            assert isinstance(sale, Receipt)
            assert len(sale.lines) == (1 if isinstance(scan, SessionNotActive) else 2)
        assert check_consistency(engine) == []

    def test_control_without_the_session_lock_a_scan_slips_behind_the_sale(
        self,
        services: KioskServices,
        make_product: MakeProduct,
        unit_of_work: UnitOfWorkFactory,
        engine: Engine,
    ) -> None:
        apple, pear = make_product("Apple"), make_product("Pear")
        basket = basket_with(services, (apple, 1))
        meeting = Meeting()

        def scan_without_lock() -> None:
            with engine.begin() as connection:
                status = connection.scalar(
                    text("SELECT status FROM scan_sessions WHERE id = :id"), {"id": basket}
                )
                meeting.wait()  # it was active ...
                meeting.wait()  # ... and is sold now
                assert status == "active"
                connection.execute(
                    text(
                        "INSERT INTO scan_items (session_id, inventory_id, detected_name, confidence, "
                        "quantity, unit_price) VALUES (:session, :product, 'pear', 1, 1, 1.25)"
                    ),
                    {"session": basket, "product": pear.id},
                )

        def sell_meanwhile() -> None:
            meeting.wait()
            services.checkout.check_out(basket)
            meeting.wait()

        assert at_once(scan_without_lock, sell_meanwhile) == [None, None]
        assert len(check_consistency(engine)) == 2  # the total, and a line without a movement

    def test_scans_of_one_product_become_one_line(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=100)
        basket = basket_with(services)
        at_once(*[lambda: services.sessions.add_product(basket, product.id)] * 12)
        (line,) = services.sessions.list_items(basket)
        assert line.quantity == 12
        assert services.sessions.get_session(basket).total_amount == Decimal("15.00")


class TestOneOperation:
    def test_sent_by_many_at_once_it_is_carried_out_once(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=100)
        for _ in range(5):
            basket = basket_with(services)
            operation = AddLine(uuid4(), basket, product.id)
            outcomes = at_once(*[lambda o=operation: services.basket_operations.apply(o)] * 8)
            assert kinds(outcomes) == ["OperationResult"] * 8
            assert sorted(outcome.is_repeat for outcome in outcomes) == [False] + [True] * 7
            assert {frozenset(outcome.changes.items()) for outcome in outcomes} == {
                frozenset({(product.id, 1)})
            }
            assert services.sessions.get_basket(basket).item_count == 1

    def test_control_without_the_session_lock_both_find_it_new(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, make_product: MakeProduct
    ) -> None:
        """Only the primary key stops the second one then: it would fail, not answer."""
        product = make_product(stock=100)
        basket = basket_with(services)
        operation = AddLine(uuid4(), basket, product.id)
        meeting = Meeting()

        def apply_without_lock() -> None:
            with unit_of_work() as work:
                known = work.basket_operations.find(operation.operation_id)
                meeting.wait()
                assert known is None
                work.items.add_product(basket, product.id, ScannedPiece("apple", 1.0, 1))
                work.basket_operations.add(
                    CarriedOut(operation.operation_id, basket, "AddLine", "{}", Effect({product.id: 1}))
                )
                work.commit()

        assert kinds(at_once(apply_without_lock, apply_without_lock)) == ["NoneType", "OperationConflict"]

    def test_control_without_its_id_a_repetition_is_charged_twice(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        product = make_product(stock=100)
        basket = basket_with(services)
        at_once(*[lambda: services.sessions.add_product(basket, product.id)] * 2)
        assert services.sessions.get_basket(basket).item_count == 2

    def test_it_is_in_the_sale_or_refused_and_is_told_the_same_again(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        apple, pear = make_product("Apple", stock=100), make_product("Pear", stock=100)
        for _ in range(10):
            basket = basket_with(services, (apple, 1))
            operation = AddLine(uuid4(), basket, pear.id)
            sale, added = at_once(
                lambda b=basket: services.checkout.check_out(b),
                lambda o=operation: services.basket_operations.apply(o),
            )
            assert isinstance(sale, Receipt)
            (again,) = at_once(lambda o=operation: services.basket_operations.apply(o))
            if isinstance(added, SessionNotActive):
                assert (len(sale.lines), type(again)) == (1, SessionNotActive)
            else:
                assert (len(sale.lines), again.changes) == (2, {pear.id: 1})
        assert check_consistency(engine) == []

    def test_two_tills_forget_at_the_same_moment(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=100)
        for _ in range(5):
            basket = basket_with(services)
            services.basket_operations.apply(AddLine(uuid4(), basket, product.id))
            services.sessions.end_session(basket)
        with engine.begin() as connection:
            connection.execute(text("UPDATE basket_operations SET created_at = now() - interval '9 days'"))
            connection.execute(text("UPDATE scan_sessions SET check_out_time = now() - interval '9 days'"))
        assert sum(at_once(*[services.basket_operations.forget_old] * 4)) == 5


class TestOneTill:
    def test_two_starts_share_one_basket(self, services: KioskServices, engine: Engine) -> None:
        for till in ("till-1", "till-2", "till-3"):
            outcomes = at_once(*[lambda t=till: services.sessions.open_basket(t).session.id] * 4)
            assert len(set(outcomes)) == 1

    def test_control_both_starts_see_no_basket(self, unit_of_work: UnitOfWorkFactory) -> None:
        """Without the index over open tills both would go on with a basket of their own."""
        meeting = Meeting()

        def start() -> None:
            with unit_of_work() as work:
                seen = work.sessions.find_open("till-1")
                meeting.wait()
                assert seen is None
                work.sessions.add("till-1")
                work.commit()

        assert kinds(at_once(start, start)) == ["NoneType", "TransientConflict"]


class TestStock:
    def test_restocks_and_sales_add_up(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=50)
        baskets = [basket_with(services, (product, 2)) for _ in range(6)]
        sales = [lambda b=basket: services.checkout.check_out(b) for basket in baskets]
        restocks = [lambda: services.movements.restock(product.id, 5)] * 6
        at_once(*sales, *restocks)
        assert services.inventory.get_product(product.id).stock == 50 - 12 + 30
        assert check_consistency(engine) == []

    def test_setting_stock_while_selling_keeps_the_books(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=50)
        baskets = [basket_with(services, (product, 1)) for _ in range(6)]
        sales = [lambda b=basket: services.checkout.check_out(b) for basket in baskets]
        counts = [
            lambda n=number: services.inventory.update_product(product.id, ProductChanges(stock=n))
            for number in (20, 30, 40)
        ]
        at_once(*sales, *counts)
        assert check_consistency(engine) == []

    def test_one_sku_is_created_once(self, services: KioskServices) -> None:
        product = NewProduct("A", "Apple", "Fruit", Decimal(1))
        outcomes = at_once(*[lambda: services.inventory.create_product(product)] * 6)
        assert kinds(outcomes) == ["DuplicateSku"] * 5 + ["Product"]


class TestCatalogueRevision:
    def test_no_change_is_missed(self, engine: Engine) -> None:
        """A reader that asks for news while products are created finds every one of them in the end."""
        services = build_services(lambda: SqlUnitOfWork(engine), FakePictureDetector())
        seen: set[str] = set()
        done = threading.Event()

        def watch() -> None:
            revision = 0
            for finished in itertools.chain(iter(done.is_set, True), [True]):
                with SqlUnitOfWork(engine) as work:
                    changes = work.products.changed_since(revision)
                seen.update(product.sku for product in changes.products)
                revision = changes.revision
                del finished

        def create(prefix: str) -> None:
            for number in range(15):
                services.inventory.create_product(
                    NewProduct(f"{prefix}{number}", f"{prefix} {number}", "Fruit", Decimal(1))
                )

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            at_once(lambda: create("A"), lambda: create("B"), lambda: create("C"))
        finally:
            done.set()
            watcher.join()
        assert seen == {f"{prefix}{number}" for prefix in "ABC" for number in range(15)}

    def test_a_later_number_is_never_visible_before_an_earlier_one(self, engine: Engine) -> None:
        with SqlUnitOfWork(engine) as first, engine.connect() as second:
            first.products.add(NewProduct("A", "Apple", "Fruit", Decimal(1)))
            second.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(TransientConflict):
                second.execute(text("UPDATE catalogue_revision SET revision = revision + 1"))

    def test_control_numbers_of_a_sequence_overtake(self, engine: Engine) -> None:
        with engine.begin() as connection, engine.connect() as other:
            earlier = connection.scalar(text("SELECT nextval('receipt_numbers')"))
            later = other.scalar(text("SELECT nextval('receipt_numbers')"))
            other.commit()
        assert later > earlier


class TestSimultaneousUpgrade:
    def test_two_programs_starting_together_migrate_once(self, empty_database_url: str) -> None:
        def start() -> None:
            engine = create_engine_for(empty_database_url)
            try:
                upgrade(engine)
            finally:
                engine.dispose()

        assert at_once(*[start] * 4) == [None] * 4

    def test_control_without_the_lock_they_collide(
        self, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both find an empty database. A plain statement stands for Alembic: it allows one run a process."""
        meeting = Meeting()
        monkeypatch.setattr(migrations, "_wait_for_turn", lambda connection: meeting.wait())
        monkeypatch.setattr(
            migrations,
            "_run_alembic",
            lambda connection, version: connection.execute(text("CREATE TABLE tenders (id int)")),
        )
        engines = [create_engine_for(empty_database_url) for _ in range(2)]
        outcomes = at_once(*(lambda e=engine: upgrade(e) for engine in engines))
        for engine in engines:
            engine.dispose()
        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1


def test_the_server_is_real(database_server: SpareDatabases, engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version()")).startswith("PostgreSQL")
