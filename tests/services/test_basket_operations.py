"""Operations with ids: carried out once, told again as often as asked, refused whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct, build_services, new_product
from tests.fake_picture_detector import FakePictureDetector
from tests.services.fake_unit_of_work import FakeShop
from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ChoosePrice,
    ExchangePiece,
    Operation,
    OperationResult,
    RemoveLine,
    SetQuantity,
    TakeBack,
    TakePiece,
    pieces_of,
)
from visionscan_kiosk.domain.errors import (
    InsufficientStock,
    InvalidInput,
    ItemNotFound,
    KioskError,
    OperationConflict,
    PieceNotFound,
    PriceChanged,
    ProductNotFound,
    SessionNotActive,
    SessionNotFound,
    ShortProduct,
)
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.domain.scan_session import ScanItem, SessionOutcome, SessionStatus
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.basket_operations import BasketOperationService
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.kiosk import KioskServices


@pytest.fixture
def session(services: KioskServices) -> UUID:
    return services.sessions.start_session().id


@pytest.fixture
def apple(make_product: MakeProduct) -> Product:
    return make_product("Red Apple", stock=100)


@pytest.fixture
def pear(make_product: MakeProduct) -> Product:
    return make_product("Pear", stock=100)


def lines(services: KioskServices, session: UUID) -> dict[str, int]:
    return {item.display_name: item.quantity for item in services.sessions.list_items(session)}


class TestShortStock:
    """A till is told with the line that there is less than that, or is refused the line."""

    def add(self, services: KioskServices, session: UUID, product: Product, pieces: int) -> OperationResult:
        return services.basket_operations.apply(AddLine(uuid4(), session, product.id, pieces))

    def test_it_is_told_with_the_line_that_makes_it_short(
        self, services: KioskServices, session: UUID, make_product: MakeProduct
    ) -> None:
        few = make_product("Few", stock=2)
        assert self.add(services, session, few, 2).short == ()

        result = self.add(services, session, few, 1)

        assert result.short == (ShortProduct(few.id, "Few", 2, 3),)
        assert result.short_stock is ShortStock.SELL
        assert result.basket.short == result.short

    def test_it_is_told_again_to_who_asks_again_and_not_with_other_lines(
        self, services: KioskServices, session: UUID, make_product: MakeProduct, apple: Product
    ) -> None:
        few = make_product("Few", stock=0)
        operation = AddLine(uuid4(), session, few.id)
        first = services.basket_operations.apply(operation)
        assert services.basket_operations.apply(operation).short == first.short != ()
        assert self.add(services, session, apple, 1).short == ()

    def test_fewer_is_never_refused(
        self, services: KioskServices, session: UUID, make_product: MakeProduct
    ) -> None:
        few = make_product("Few", stock=1)
        item = self.add(services, session, few, 5).item
        assert item is not None
        services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)

        result = services.basket_operations.apply(SetQuantity(uuid4(), session, item.id, 3))

        assert (result.short, lines(services, session)) == ((), {"Few": 3})

    def test_refused_the_line_is_not_there(
        self, services: KioskServices, session: UUID, make_product: MakeProduct, apple: Product
    ) -> None:
        few = make_product("Few", stock=1)
        services.shop_settings.change(short_stock_at_till=ShortStock.REFUSE)
        item = self.add(services, session, few, 1).item
        other = self.add(services, session, apple, 2).item
        assert item is not None
        assert other is not None
        for operation in (
            AddLine(uuid4(), session, few.id),
            AddNamed(uuid4(), session, "few"),
            SetQuantity(uuid4(), session, item.id, 2),
            ExchangePiece(uuid4(), session, apple.id, few.id),
            AssignProduct(uuid4(), session, other.id, few.id),
        ):
            with pytest.raises(InsufficientStock):
                services.basket_operations.apply(operation)
            assert lines(services, session) == {"Few": 1, "Red Apple": 2}


class TestChosenPrice:
    """A line keeps the price of its first scan until a person chooses the other one."""

    @pytest.fixture
    def item(self, services: KioskServices, session: UUID, apple: Product) -> ScanItem:
        item = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2)).item
        assert item is not None
        services.inventory.update_product(apple.id, ProductChanges(price=Decimal("1.50")))
        return item

    def test_a_new_price_is_shown_and_not_charged(
        self, services: KioskServices, session: UUID, item: ScanItem
    ) -> None:
        basket = services.sessions.get_basket(session)
        (line,) = basket.repriced
        assert (line.unit_price, line.new_price, basket.total) == (
            Decimal("1.25"),
            Decimal("1.50"),
            Decimal("2.50"),
        )

    def test_a_person_takes_it_and_gives_it_back(
        self, services: KioskServices, session: UUID, item: ScanItem
    ) -> None:
        taken = ChoosePrice(uuid4(), session, item.id, Decimal("1.50"))
        for _ in range(2):
            result = services.basket_operations.apply(taken)
            assert (result.basket.total, result.changes) == (Decimal("3.00"), {})
            assert result.basket.session.total_amount == Decimal("3.00")
        assert result.before is not None
        assert result.before.unit_price == Decimal("1.25")

        undo = ChoosePrice(uuid4(), session, item.id, Decimal("1.25"), taken.operation_id)

        assert services.basket_operations.apply(undo).basket.total == Decimal("2.50")

    @pytest.mark.parametrize("price", ["1.25", "1.49", "0.00"])
    def test_no_other_price(self, services: KioskServices, session: UUID, item: ScanItem, price: str) -> None:
        for undoes in (None, uuid4()):
            operation = ChoosePrice(uuid4(), session, item.id, Decimal(price), undoes)
            with pytest.raises(PriceChanged, match="price of Red Apple changed"):
                services.basket_operations.apply(operation)

    def test_only_the_price_that_was_seen(
        self, services: KioskServices, session: UUID, item: ScanItem, apple: Product
    ) -> None:
        services.inventory.update_product(apple.id, ProductChanges(price=Decimal("9.99")))
        with pytest.raises(PriceChanged):
            services.basket_operations.apply(ChoosePrice(uuid4(), session, item.id, Decimal("1.50")))

    def test_a_line_without_a_product_has_no_price(self, services: KioskServices, session: UUID) -> None:
        item = services.basket_operations.apply(AddNamed(uuid4(), session, "zzz")).item
        assert item is not None
        with pytest.raises(PriceChanged):
            services.basket_operations.apply(ChoosePrice(uuid4(), session, item.id, Decimal("1.00")))


class TestWhatEachDoes:
    def test_a_line_is_added(self, services: KioskServices, session: UUID, apple: Product) -> None:
        operation = AddLine(uuid4(), session, apple.id, 2, "apples, red", 0.7)
        result = services.basket_operations.apply(operation)

        assert result.item is not None
        assert (result.item.quantity, result.item.detected_name, result.item.confidence) == (
            2,
            "apples, red",
            0.7,
        )
        assert (result.operation_id, result.changes, result.before, result.is_repeat) == (
            operation.operation_id,
            {apple.id: 2},
            None,
            False,
        )
        assert result.basket == services.sessions.get_basket(session)
        assert result.basket.session.total_amount == result.basket.total

    def test_a_line_without_a_name_has_the_products(
        self, services: KioskServices, session: UUID, apple: Product
    ) -> None:
        result = services.basket_operations.apply(AddLine(uuid4(), session, apple.id))
        assert result.item is not None
        assert result.item.detected_name == "Red Apple"

    def test_a_name_is_matched(self, services: KioskServices, session: UUID, apple: Product) -> None:
        result = services.basket_operations.apply(AddNamed(uuid4(), session, "red apple", 0.8, 3))
        assert result.changes == {apple.id: 3}

    def test_a_name_that_is_not_sure_stays_a_line_to_be_named(
        self, services: KioskServices, session: UUID, apple: Product, make_product: MakeProduct
    ) -> None:
        make_product("Red Apples")
        asked = services.basket_operations.apply(AddNamed(uuid4(), session, "red aple"))
        taken = services.basket_operations.apply(
            AddNamed(uuid4(), session, "red aple", ask_when_ambiguous=False)
        )
        assert asked.changes == {}
        assert asked.item is not None
        assert not asked.item.is_matched
        assert sum(taken.changes.values()) == 1

    def test_a_line_gets_another_product(
        self, services: KioskServices, session: UUID, apple: Product, pear: Product
    ) -> None:
        added = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2)).item
        services.basket_operations.apply(AddLine(uuid4(), session, pear.id))
        assert added is not None
        result = services.basket_operations.apply(AssignProduct(uuid4(), session, added.id, pear.id))

        assert result.changes == {apple.id: -2, pear.id: 2}
        assert result.item is not None
        assert (result.item.inventory_id, result.item.quantity) == (pear.id, 3)
        assert lines(services, session) == {"Pear": 3}

    def test_assigning_what_it_is_already_changes_nothing(
        self, services: KioskServices, session: UUID, apple: Product
    ) -> None:
        added = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2)).item
        assert added is not None
        assert (
            services.basket_operations.apply(AssignProduct(uuid4(), session, added.id, apple.id)).changes
            == {}
        )

    def test_the_quantity_is_set(self, services: KioskServices, session: UUID, apple: Product) -> None:
        added = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2)).item
        assert added is not None
        result = services.basket_operations.apply(SetQuantity(uuid4(), session, added.id, 5))
        assert (result.changes, result.before and result.before.quantity) == ({apple.id: 3}, 2)

    def test_pieces_are_taken_back_and_the_line_with_the_last(
        self, services: KioskServices, session: UUID, apple: Product
    ) -> None:
        added = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 3)).item
        assert added is not None
        some_back = services.basket_operations.apply(TakeBack(uuid4(), session, added.id, 1))
        all_back = services.basket_operations.apply(TakeBack(uuid4(), session, added.id, 9))
        assert (some_back.changes, all_back.changes) == ({apple.id: -1}, {apple.id: -2})
        assert all_back.item is None
        assert lines(services, session) == {}

    def test_one_piece_of_a_product_is_taken_out(
        self, services: KioskServices, session: UUID, apple: Product
    ) -> None:
        services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2))
        result = services.basket_operations.apply(TakePiece(uuid4(), session, apple.id))
        assert result.changes == {apple.id: -1}
        assert lines(services, session) == {"Red Apple": 1}

    def test_a_line_is_removed_and_kept_for_undo(
        self, services: KioskServices, session: UUID, apple: Product
    ) -> None:
        added = services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2, "seen so", 0.5)).item
        assert added is not None
        result = services.basket_operations.apply(RemoveLine(uuid4(), session, added.id))
        assert result.before is not None
        before = result.before
        assert (before.product_id, before.detected_name, before.confidence, before.quantity) == (
            apple.id,
            "seen so",
            0.5,
            2,
        )
        assert before.name == "Red Apple"

    def test_a_piece_is_exchanged(
        self, services: KioskServices, session: UUID, apple: Product, pear: Product
    ) -> None:
        services.basket_operations.apply(AddLine(uuid4(), session, apple.id, 2))
        result = services.basket_operations.apply(ExchangePiece(uuid4(), session, apple.id, pear.id))
        assert result.changes == {apple.id: -1, pear.id: 1}
        assert result.before is not None
        assert (result.before.product_id, result.before.quantity) == (apple.id, 2)
        assert lines(services, session) == {"Red Apple": 1, "Pear": 1}

    def test_where_the_line_is_gone_the_product_is_added(
        self, services: KioskServices, session: UUID, apple: Product, pear: Product
    ) -> None:
        result = services.basket_operations.apply(ExchangePiece(uuid4(), session, apple.id, pear.id))
        assert (result.changes, result.before) == ({pear.id: 1}, None)

    def test_an_exchange_that_is_gone_is_not_undone(
        self, services: KioskServices, session: UUID, apple: Product, pear: Product
    ) -> None:
        with pytest.raises(PieceNotFound):
            services.basket_operations.apply(
                ExchangePiece(uuid4(), session, apple.id, pear.id, undoes=uuid4())
            )
        assert lines(services, session) == {}


def every_kind(session: UUID, item: UUID, apple: UUID, pear: UUID) -> list[Operation]:
    return [
        AddLine(uuid4(), session, apple, 2),
        AddNamed(uuid4(), session, "red apple"),
        AddNamed(uuid4(), session, "never seen"),
        AssignProduct(uuid4(), session, item, pear),
        SetQuantity(uuid4(), session, item, 7),
        TakeBack(uuid4(), session, item, 1),
        TakePiece(uuid4(), session, apple),
        RemoveLine(uuid4(), session, item),
        ExchangePiece(uuid4(), session, apple, pear, "seen", 0.4),
    ]


KINDS = range(9)


@pytest.fixture
def pick(services: KioskServices, session: UUID, apple: Product, pear: Product) -> Callable[[int], Operation]:
    item = services.sessions.add_product(session, apple.id, 3).item.id
    return lambda kind: every_kind(session, item, apple.id, pear.id)[kind]


@pytest.mark.parametrize("kind", KINDS)
class TestSentAgain:
    def test_changes_nothing_and_tells_what_was_done(
        self, services: KioskServices, session: UUID, pick: Callable[[int], Operation], kind: int
    ) -> None:
        operation = pick(kind)
        first = services.basket_operations.apply(operation)
        again = services.basket_operations.apply(operation)

        assert again == replace(first, is_repeat=True)
        assert services.sessions.get_basket(session) == first.basket

    @pytest.mark.parametrize("outcome", list(SessionOutcome))
    def test_tells_it_also_when_the_session_was_closed_since(
        self,
        services: KioskServices,
        session: UUID,
        pick: Callable[[int], Operation],
        kind: int,
        outcome: SessionOutcome,
    ) -> None:
        operation = pick(kind)
        first = services.basket_operations.apply(operation)
        for line in first.basket.unmatched:
            services.sessions.remove_item(session, line.id)
        if outcome is SessionOutcome.SOLD and services.sessions.list_items(session):
            services.checkout.check_out(session)
        else:
            services.sessions.end_session(session)
        again = services.basket_operations.apply(operation)

        assert (again.changes, again.is_repeat) == (first.changes, True)
        assert again.basket.session.status is SessionStatus.COMPLETED

    def test_with_other_content_it_is_refused(
        self, services: KioskServices, session: UUID, pick: Callable[[int], Operation], kind: int
    ) -> None:
        operation = pick(kind)
        services.basket_operations.apply(operation)
        before = services.sessions.get_basket(session)
        other = replace(pick((kind + 1) % len(KINDS)), operation_id=operation.operation_id)
        with pytest.raises(OperationConflict, match="Another change was made under the same number"):
            services.basket_operations.apply(other)
        assert services.sessions.get_basket(session) == before

    def test_a_closed_session_takes_nothing_new(
        self, services: KioskServices, session: UUID, pick: Callable[[int], Operation], kind: int
    ) -> None:
        operation = pick(kind)
        services.sessions.end_session(session)
        for _ in range(2):
            with pytest.raises(SessionNotActive):
                services.basket_operations.apply(operation)


class TestRefused:
    @pytest.mark.parametrize(
        ("make", "error"),
        [
            (lambda session, _item: AddLine(uuid4(), session, uuid4()), ProductNotFound),
            (lambda session, _item: AddLine(uuid4(), session, uuid4(), 1, "seen"), ProductNotFound),
            (lambda session, _item: AddNamed(uuid4(), session, " "), InvalidInput),
            (lambda session, item: SetQuantity(uuid4(), session, item, 10_000), InvalidInput),
            (lambda session, item: TakeBack(uuid4(), session, item, 0), InvalidInput),
            (lambda session, _item: RemoveLine(uuid4(), session, uuid4()), ItemNotFound),
            (lambda session, _item: TakePiece(uuid4(), session, uuid4()), PieceNotFound),
            (lambda session, item: AssignProduct(uuid4(), session, item, uuid4()), ProductNotFound),
            (lambda _session, item: RemoveLine(uuid4(), uuid4(), item), SessionNotFound),
        ],
    )
    def test_leaves_no_trace_and_may_be_sent_again(
        self,
        services: KioskServices,
        session: UUID,
        apple: Product,
        make: Callable[[UUID, UUID], Operation],
        error: type[KioskError],
    ) -> None:
        item = services.sessions.add_product(session, apple.id, 2).item
        operation = make(session, item.id)
        before = services.sessions.get_basket(session)
        for _ in range(2):
            with pytest.raises(error):
                services.basket_operations.apply(operation)
        assert services.sessions.get_basket(session) == before

    def test_more_than_a_line_may_have(
        self, services: KioskServices, session: UUID, apple: Product, pear: Product
    ) -> None:
        services.sessions.add_product(session, pear.id, 9999)
        services.sessions.add_product(session, apple.id, 1)
        for operation in (
            AddLine(uuid4(), session, pear.id),
            ExchangePiece(uuid4(), session, apple.id, pear.id),
        ):
            with pytest.raises(InvalidInput):
                services.basket_operations.apply(operation)
        assert lines(services, session) == {"Pear": 9999, "Red Apple": 1}

    def test_an_id_of_another_basket(self, services: KioskServices, session: UUID, apple: Product) -> None:
        operation = AddLine(uuid4(), session, apple.id)
        services.basket_operations.apply(operation)
        other = services.sessions.start_session().id
        with pytest.raises(OperationConflict):
            services.basket_operations.apply(replace(operation, session_id=other))
        assert lines(services, other) == {}


class TestForgetting:
    @pytest.fixture
    def aged(self, engine: Engine) -> Callable[[str], None]:
        def age(what: str) -> None:
            with engine.begin() as connection:
                connection.execute(text(what))

        return age

    def test_operations_of_sessions_long_completed_are_removed(
        self, services: KioskServices, session: UUID, apple: Product, aged: Callable[[str], None]
    ) -> None:
        operation = AddLine(uuid4(), session, apple.id)
        services.basket_operations.apply(operation)
        services.sessions.end_session(session)
        assert services.basket_operations.forget_old() == 0

        aged("UPDATE basket_operations SET created_at = created_at - interval '49 hours'")
        assert services.basket_operations.forget_old() == 0
        aged("UPDATE scan_sessions SET check_out_time = check_out_time - interval '49 hours'")
        assert services.basket_operations.forget_old() == 1
        with pytest.raises(SessionNotActive):
            services.basket_operations.apply(operation)

    def test_an_open_basket_keeps_its_operations(
        self, services: KioskServices, session: UUID, apple: Product, aged: Callable[[str], None]
    ) -> None:
        operation = AddLine(uuid4(), session, apple.id)
        services.basket_operations.apply(operation)
        aged("UPDATE basket_operations SET created_at = created_at - interval '490 hours'")
        assert services.basket_operations.forget_old() == 0
        assert services.basket_operations.apply(operation).is_repeat

    def test_they_go_with_their_session(
        self, services: KioskServices, session: UUID, apple: Product, aged: Callable[[str], None]
    ) -> None:
        services.basket_operations.apply(AddNamed(uuid4(), session, "never seen"))
        aged("DELETE FROM scan_items; DELETE FROM scan_sessions")
        aged("DO $$ BEGIN ASSERT (SELECT count(*) FROM basket_operations) = 0; END $$")


class InMemory:
    """A basket in memory with two products, and operations on it by small numbers."""

    def __init__(self) -> None:
        shop = FakeShop()
        self.unit_of_work = shop.unit_of_work
        self.service = BasketOperationService(
            shop.unit_of_work,
            ProductCatalogue(shop.unit_of_work, CatalogueMatcher()),  # type: ignore[arg-type]
        )
        with shop.unit_of_work() as work:
            self.products = [work.products.add(new_product(name)).id for name in ("Apple", "Pear")]
            self.session = work.sessions.add(None).id
            work.commit()

    def make(self, kind: int, product: int, quantity: int) -> Operation:
        with self.unit_of_work() as work:
            items = work.items.list(self.session)
        item = items[product % len(items)].id if items else uuid4()
        first, second = self.products[product], self.products[1 - product]
        return [
            AddLine(uuid4(), self.session, first, quantity),
            AssignProduct(uuid4(), self.session, item, first),
            SetQuantity(uuid4(), self.session, item, quantity),
            TakeBack(uuid4(), self.session, item, quantity),
            TakePiece(uuid4(), self.session, first),
            RemoveLine(uuid4(), self.session, item),
            ExchangePiece(uuid4(), self.session, first, second),
            AddNamed(uuid4(), self.session, f"thing {product}"),
        ][kind]


@given(
    some.lists(
        some.tuples(some.integers(0, 7), some.integers(0, 1), some.integers(1, 3), some.integers(0, 2)),
        max_size=30,
    )
)
def test_the_changes_told_explain_every_basket(script: list[tuple[int, int, int, int]]) -> None:
    """Sum of all changes is the basket, also when operations are sent again later, in any order."""
    shop, told, sent = InMemory(), {}, []
    counted: dict[UUID, int] = {}
    for kind, product, quantity, repeats in script:
        operation = shop.make(kind, product, quantity)
        try:
            result = shop.service.apply(operation)
        except KioskError:
            continue
        sent.append(operation)
        told[operation.operation_id] = result.changes
        for key, pieces in result.changes.items():
            counted[key] = counted.get(key, 0) + pieces
        assert {key: pieces for key, pieces in counted.items() if pieces} == pieces_of(result.basket)
        for earlier in sent[:repeats]:
            again = shop.service.apply(earlier)
            assert (again.changes, again.is_repeat) == (told[earlier.operation_id], True)
            assert again.basket == result.basket


@pytest.fixture
def fresh_engine(engine: Engine) -> Iterator[Engine]:
    """One that has compiled no statement yet, as at the start of the program."""
    made = create_engine_for(engine.url.render_as_string(hide_password=False))
    yield made
    made.dispose()


def test_warming_up_keeps_nothing_and_leaves_no_statement_to_prepare(
    fresh_engine: Engine, picture_detector: FakePictureDetector
) -> None:
    services = build_services(lambda: SqlUnitOfWork(fresh_engine), picture_detector)
    product = services.inventory.create_product(new_product("Milk", sku="MILK"))
    session = services.sessions.open_basket("till").session
    services.inventory.match_text("MILK")
    services.basket_operations.warm_up(product.id)
    with fresh_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM scan_sessions")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM basket_operations")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM scan_items")).scalar_one() == 0

    prepared = len(fresh_engine._compiled_cache)
    services.inventory.match_text("MILK")
    services.basket_operations.apply(AddLine(uuid4(), session.id, product.id, 1, None, 1.0))
    assert len(fresh_engine._compiled_cache) == prepared
