"""What every unit of work promises, run against PostgreSQL and against the fake of these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.conftest import new_product
from tests.services.fake_unit_of_work import FakeShop
from visionscan_kiosk.domain.basket_operations import Effect, LineBefore
from visionscan_kiosk.domain.checkout import card, cash
from visionscan_kiosk.domain.errors import (
    DuplicateBarcode,
    DuplicateSku,
    InvalidInput,
    ItemNotFound,
    OperationConflict,
    ProductNotFound,
    ReceiptNotFound,
    SessionNotFound,
    TransientConflict,
)
from visionscan_kiosk.domain.product import (
    HIGHEST_STOCK,
    LOWEST_STOCK,
    Product,
    ProductChanges,
    ProductPicture,
)
from visionscan_kiosk.domain.scan_session import ScanSession, SessionOutcome, SessionStatus
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.services.basket_operations import CarriedOut
from visionscan_kiosk.services.ports import ProductQuery, ScannedPiece, UnitOfWork, UnitOfWorkFactory

EAN, SAME_AS_GTIN_14 = "4006381333931", "04006381333931"
PIECE = ScannedPiece("apple", 0.5, 1)


@pytest.fixture(params=["postgresql", "fake"])
def open_work(request: pytest.FixtureRequest) -> UnitOfWorkFactory:
    if request.param == "fake":
        return FakeShop().unit_of_work
    factory: UnitOfWorkFactory = request.getfixturevalue("unit_of_work")
    return factory


def add_product(open_work: UnitOfWorkFactory, name: str = "Red Apple", **fields: object) -> Product:
    with open_work() as work:
        product = work.products.add(new_product(name, **fields))
        work.commit()
        return product


def stocked(open_work: UnitOfWorkFactory, stock: int) -> Product:
    product = add_product(open_work)
    with open_work() as work:
        work.products.change_stock(product.id, stock)
        work.movements.add(product.id, stock, MovementReason.OPENING)
        work.commit()
    return replace(product, stock=stock)


def start(open_work: UnitOfWorkFactory, till_id: str | None = None) -> ScanSession:
    with open_work() as work:
        session = work.sessions.add(till_id)
        work.commit()
        return session


def sell(work: UnitOfWork, product: Product, pieces: int) -> ScanSession:
    session = work.sessions.add(None)
    work.items.add_product(session.id, product.id, ScannedPiece(product.name, 1.0, pieces))
    work.movements.add(product.id, -pieces, MovementReason.SALE, session_id=session.id)
    return work.sessions.complete(session.id, SessionOutcome.SOLD, product.price * pieces)


class TestTransaction:
    def test_commit_keeps(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work)
        with open_work() as work:
            assert work.products.get(product.id).name == "Red Apple"

    def test_leaving_without_commit_forgets(self, open_work: UnitOfWorkFactory) -> None:
        with open_work() as work:
            product = work.products.add(new_product())
        with open_work() as work, pytest.raises(ProductNotFound):
            work.products.get(product.id)

    def test_an_error_forgets(self, open_work: UnitOfWorkFactory) -> None:
        def fail_half_way() -> None:
            with open_work() as work:
                work.products.add(new_product("Pear"))
                work.products.get(uuid4())

        with pytest.raises(ProductNotFound):
            fail_half_way()
        with open_work() as work:
            assert work.products.list(ProductQuery()) == []


class TestProducts:
    def test_a_new_product_has_no_stock_yet(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work, stock=7, aliases=("a", "b"), barcodes=(EAN, "INT-1"))
        assert (product.stock, product.aliases, product.barcodes) == (0, ("a", "b"), (EAN, "INT-1"))
        assert product.price == Decimal("1.25")
        assert product.created_at.tzinfo is not None

    def test_unknown_product(self, open_work: UnitOfWorkFactory) -> None:
        with open_work() as work:
            with pytest.raises(ProductNotFound):
                work.products.get(uuid4())
            with pytest.raises(ProductNotFound):
                work.products.change(uuid4(), ProductChanges(name="Pear"))
            assert work.products.find_by_sku("NIX") is None
            assert work.products.find_by_barcode("NIX") is None

    def test_a_sku_belongs_to_one_product(self, open_work: UnitOfWorkFactory) -> None:
        add_product(open_work, sku="A")
        pear = add_product(open_work, "Pear", sku="P")
        with open_work() as work, pytest.raises(DuplicateSku, match="SKU A exists already"):
            work.products.add(new_product(sku="A"))
        with open_work() as work, pytest.raises(DuplicateSku, match="SKU A exists already"):
            work.products.change(pear.id, ProductChanges(sku="A"))

    def test_a_barcode_belongs_to_one_product(self, open_work: UnitOfWorkFactory) -> None:
        add_product(open_work, barcodes=(EAN,))
        pear = add_product(open_work, "Pear")
        with open_work() as work, pytest.raises(DuplicateBarcode, match=f"Barcode {SAME_AS_GTIN_14} belongs"):
            work.products.add(new_product("Plum", barcodes=(SAME_AS_GTIN_14,)))
        with open_work() as work, pytest.raises(DuplicateBarcode, match=f"Barcode {EAN} belongs"):
            work.products.change(pear.id, ProductChanges(barcodes=(EAN,)))

    def test_found_by_any_spelling_of_its_barcode(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work, barcodes=(EAN,))
        with open_work() as work:
            assert work.products.find_by_barcode(SAME_AS_GTIN_14) == product
            with pytest.raises(InvalidInput):
                work.products.find_by_barcode("4006381333932")

    def test_change_leaves_the_rest(self, open_work: UnitOfWorkFactory) -> None:
        before = add_product(open_work, aliases=("a",), barcodes=(EAN,))
        with open_work() as work:
            after = work.products.change(before.id, ProductChanges(price=Decimal("2.00"), stock=5))
        assert after == replace(before, price=Decimal("2.00"), updated_at=after.updated_at)

    def test_change_replaces_aliases_and_barcodes(self, open_work: UnitOfWorkFactory) -> None:
        before = add_product(open_work, aliases=("a",), barcodes=(EAN, "X"))
        with open_work() as work:
            work.products.change(before.id, ProductChanges(aliases=("b",), barcodes=("X", "Y")))
            after = work.products.get(before.id)
        assert (after.aliases, after.barcodes) == (("b",), ("X", "Y"))

    def test_listed_by_name(self, open_work: UnitOfWorkFactory) -> None:
        for name in ("pear", "Apple", "Quince", "banana"):
            add_product(open_work, name)
        with open_work() as work:
            names = [product.name for product in work.products.list(ProductQuery())]
            page = [product.name for product in work.products.list(ProductQuery(limit=2, offset=1))]
        assert names == ["Apple", "banana", "pear", "Quince"]
        assert page == ["banana", "pear"]

    @pytest.mark.parametrize(
        "text", ["red", "APPLE", "RED-AP", "rosy", "133393", EAN, SAME_AS_GTIN_14, "apple red"]
    )
    def test_found_by_text(self, open_work: UnitOfWorkFactory, text: str) -> None:
        add_product(open_work, aliases=("rosy one",), barcodes=(EAN,))
        add_product(open_work, "Leek", category="Vegetables")
        with open_work() as work:
            assert [product.name for product in work.products.list(ProductQuery(text))] == ["Red Apple"]
            assert work.products.count(ProductQuery(text, limit=0)) == 1

    @pytest.mark.parametrize("text", ["%", "_", "\\", "apple%", "\0", "\ud800", "'; DROP TABLE x"])
    def test_signs_of_sql_mean_themselves(self, open_work: UnitOfWorkFactory, text: str) -> None:
        add_product(open_work)
        with open_work() as work:
            assert work.products.count(ProductQuery(text)) == 0

    def test_categories(self, open_work: UnitOfWorkFactory) -> None:
        for name, category in (("Leek", "Vegetables"), ("Pear", "Fruit"), ("Plum", "Fruit")):
            add_product(open_work, name, category=category)
        with open_work() as work:
            assert list(work.products.categories()) == ["Fruit", "Vegetables"]
            assert work.products.count(ProductQuery(category="Fruit")) == 2

    def test_best_sellers_come_first_then_names(self, open_work: UnitOfWorkFactory) -> None:
        apple, pear, _ = (add_product(open_work, name) for name in ("Apple", "Pear", "Quince"))
        with open_work() as work:
            sell(work, apple, 1)
            sell(work, pear, 3)
            best = work.products.best_sellers(3)
            assert [product.name for product in best] == ["Pear", "Apple", "Quince"]
            assert len(work.products.best_sellers(1)) == 1

    def test_stock_changes_within_its_bounds(self, open_work: UnitOfWorkFactory) -> None:
        product = stocked(open_work, 3)
        with open_work() as work:
            assert work.products.change_stock(product.id, -4)
            assert not work.products.change_stock(product.id, LOWEST_STOCK)
            assert not work.products.change_stock(product.id, HIGHEST_STOCK + 2)
            assert work.products.lock([product.id, uuid4(), product.id]) == {product.id: -1}

    def test_picture(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work)
        with open_work() as work:
            assert work.products.picture(product.id) is None
            work.products.set_picture(ProductPicture(product.id, b"\x00old", "image/png"))
            work.products.set_picture(ProductPicture(product.id, b"\xffnew", "image/webp"))
            assert work.products.picture(product.id) == ProductPicture(product.id, b"\xffnew", "image/webp")


class TestImport:
    def test_creates_and_updates_with_movements(self, open_work: UnitOfWorkFactory) -> None:
        apple = stocked(open_work, 3)
        with open_work() as work:
            counts = work.products.upsert_many(
                [
                    new_product(stock=5, price="2.00", aliases=("x",), barcodes=(EAN,)),
                    new_product("Pear", stock=4),
                    new_product("Plum", stock=0),
                ]
            )
            changed = work.products.get(apple.id)
            pear = work.products.find_by_sku("PEAR")
            assert pear is not None
            assert counts == (2, 1)
            assert (changed.stock, changed.price, changed.aliases) == (5, Decimal("2.00"), ("x",))
            assert changed.barcodes == (EAN,)
            assert [m.change_qty for m in work.movements.list(apple.id)] == [2, 3]
            assert work.movements.list(apple.id)[0].reason is MovementReason.ADJUSTMENT
            assert [(m.change_qty, m.reason) for m in work.movements.list(pear.id)] == [
                (4, MovementReason.OPENING)
            ]

    def test_keeps_what_the_file_does_not_say(self, open_work: UnitOfWorkFactory) -> None:
        apple = add_product(open_work, aliases=("a",), barcodes=(EAN,))
        with open_work() as work:
            work.products.change_stock(apple.id, 3)
            keep = frozenset({"stock", "aliases", "barcodes"})
            work.products.upsert_many(
                [new_product(price="9.00", stock=0), new_product("Pear", stock=2)], keep
            )
            kept, pear = work.products.get(apple.id), work.products.find_by_sku("PEAR")
            assert pear is not None
            assert (kept.price, kept.stock, kept.aliases, kept.barcodes) == (9, 3, ("a",), (EAN,))
            assert pear.stock == 2

    def test_released_barcodes_can_be_swapped(self, open_work: UnitOfWorkFactory) -> None:
        add_product(open_work, "Apple", barcodes=("A",))
        add_product(open_work, "Pear", barcodes=("P",))
        with open_work() as work:
            assert work.products.barcode_owners(["A", "P", "X"]) == {"A": "APPLE", "P": "PEAR"}
            work.products.release_barcodes(["APPLE", "PEAR"])
            work.products.upsert_many(
                [new_product("Apple", barcodes=("P",)), new_product("Pear", barcodes=("A",))]
            )
            assert work.products.barcode_owners(["A", "P"]) == {"A": "PEAR", "P": "APPLE"}


class TestCatalogueRevision:
    def test_everything_is_new_to_who_knows_nothing(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work, aliases=("a",), barcodes=(EAN,))
        with open_work() as work:
            changes = work.products.changed_since(0)
            assert changes.revision == work.products.catalogue_revision()
            (found,) = changes.products
        assert (found.id, found.sku, found.name) == (product.id, "RED-APPLE", "Red Apple")
        assert (found.aliases, found.barcodes, found.category) == (("a",), (EAN,), "Fruit")

    def test_says_what_sold(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work)
        with open_work() as work:
            sell(work, product, 3)
            assert work.products.changed_since(0).products[0].times_sold == 3

    @pytest.mark.parametrize(
        ("changes", "is_seen"),
        [
            (ProductChanges(name="Pear"), True),
            (ProductChanges(sku="P"), True),
            (ProductChanges(aliases=("p",)), True),
            (ProductChanges(barcodes=("P",)), True),
            (ProductChanges(category="Pears"), True),
            (ProductChanges(price=Decimal(2)), False),
        ],
    )
    def test_grows_with_what_products_are_found_by(
        self, open_work: UnitOfWorkFactory, changes: ProductChanges, is_seen: bool
    ) -> None:
        product = add_product(open_work)
        add_product(open_work, "Untouched")
        with open_work() as work:
            before = work.products.catalogue_revision()
            work.products.change(product.id, changes)
            seen = [found.id for found in work.products.changed_since(before).products]
            assert (work.products.catalogue_revision() > before) is is_seen
        assert seen == ([product.id] if is_seen else [])


class TestSessions:
    def test_a_new_session_is_active(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work, "till-1")
        assert (session.status, session.total_amount, session.outcome) == (SessionStatus.ACTIVE, 0, None)
        assert (session.check_out_time, session.till_id) == (None, "till-1")
        with open_work() as work:
            assert work.sessions.get(session.id) == work.sessions.lock(session.id) == session

    def test_unknown_session(self, open_work: UnitOfWorkFactory) -> None:
        with open_work() as work:
            for ask in (
                work.sessions.get,
                work.sessions.lock,
                work.sessions.refresh_total,
                work.receipts.get,
            ):
                with pytest.raises(SessionNotFound, match=r"^Session not found$"):
                    ask(uuid4())

    def test_a_till_has_one_open_basket(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work, "till-1")
        other = start(open_work, "till-2")
        with open_work() as work:
            assert work.sessions.find_open("till-1") == session
            assert work.sessions.find_open("till-2") == other
            assert work.sessions.find_open("till-3") is None
        with pytest.raises(TransientConflict):
            start(open_work, "till-1")

    def test_a_completed_basket_is_open_no_more(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work, "till-1")
        with open_work() as work:
            ended = work.sessions.complete(session.id, SessionOutcome.ENDED, Decimal("0.00"))
            assert (ended.status, ended.outcome) == (SessionStatus.COMPLETED, SessionOutcome.ENDED)
            assert ended.check_out_time is not None
            assert work.sessions.find_open("till-1") is None
            work.sessions.add("till-1")

    def test_total_is_the_sum_of_matched_lines(self, open_work: UnitOfWorkFactory) -> None:
        apple, pear = add_product(open_work, price="1.25"), add_product(open_work, "Pear", price="0.33")
        session = start(open_work)
        with open_work() as work:
            work.items.add_product(session.id, apple.id, ScannedPiece("a", 1.0, 3))
            work.items.add_product(session.id, pear.id, ScannedPiece("p", 1.0, 2))
            work.items.add_unmatched(session.id, ScannedPiece("?", 1.0, 9))
            assert work.sessions.refresh_total(session.id).total_amount == Decimal("4.41")


class TestScanItems:
    def test_the_same_product_grows_its_line(self, open_work: UnitOfWorkFactory) -> None:
        apple, session = add_product(open_work, price="1.00"), start(open_work)
        with open_work() as work:
            first = work.items.add_product(session.id, apple.id, ScannedPiece("apple", 0.5, 1))
            work.products.change(apple.id, ProductChanges(price=Decimal(2), name="Gala"))
            second = work.items.add_product(session.id, apple.id, ScannedPiece("gala", 0.9, 2))
        assert (second.id, second.quantity, second.unit_price) == (first.id, 3, Decimal("1.00"))
        assert (second.detected_name, second.confidence) == ("gala", 0.9)
        assert (second.first_seen, second.name, second.sku) == (first.first_seen, "Gala", "RED-APPLE")

    def test_the_same_unmatched_text_grows_its_line(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work)
        with open_work() as work:
            first = work.items.add_unmatched(session.id, ScannedPiece("Äpfel STRASSE", 0.5, 1))
            second = work.items.add_unmatched(session.id, ScannedPiece("äpfel straße", 0.7, 2))
            other = work.items.add_unmatched(session.id, ScannedPiece("other", 0.7, 1))
            assert (second.id, second.quantity, second.detected_name) == (first.id, 3, "äpfel straße")
            assert (second.inventory_id, second.unit_price, second.name, second.sku) == (None,) * 4
            assert [item.id for item in work.items.list(session.id)] == [first.id, other.id]

    def test_lines_belong_to_their_session(self, open_work: UnitOfWorkFactory) -> None:
        session, other = start(open_work), start(open_work)
        with open_work() as work:
            item = work.items.add_unmatched(session.id, PIECE)
            assert work.items.get(session.id, item.id) == item
            assert work.items.list(other.id) == []
            with pytest.raises(ItemNotFound, match=r"^Item not found$"):
                work.items.get(other.id, item.id)

    def test_assign_set_and_remove(self, open_work: UnitOfWorkFactory) -> None:
        apple, session = add_product(open_work), start(open_work)
        with open_work() as work:
            item = work.items.add_unmatched(session.id, PIECE)
            work.items.assign(item.id, apple)
            work.items.set_quantity(item.id, 4)
            changed = work.items.get(session.id, item.id)
            assert (changed.inventory_id, changed.unit_price, changed.quantity) == (apple.id, apple.price, 4)
            assert changed.detected_name == "apple"
            work.items.remove(item.id)
            assert work.items.list(session.id) == []


class TestMovementsAndReceipts:
    def test_movements_newest_first(self, open_work: UnitOfWorkFactory) -> None:
        product = add_product(open_work)
        with open_work() as work:
            work.movements.add(product.id, 5, MovementReason.OPENING)
            work.movements.add(product.id, 0, MovementReason.RESTOCK)
            work.movements.add(product.id, 2, MovementReason.RESTOCK, note="van")
            newest, oldest = work.movements.list(product.id)
            assert (newest.change_qty, newest.reason, newest.note) == (2, MovementReason.RESTOCK, "van")
            assert (oldest.change_qty, oldest.session_id, oldest.note) == (5, None, None)
            assert work.movements.list(product.id, limit=1) == [newest]

    def test_a_sale_has_a_receipt(self, open_work: UnitOfWorkFactory) -> None:
        apple = add_product(open_work)
        with open_work() as work:
            session = sell(work, apple, 3)
            paid = (card(Decimal("3.00")), cash(Decimal("0.75"), Decimal("1.00")))
            work.receipts.add_tenders(session.id, paid)
            receipt = work.receipts.get(session.id)
            second = work.receipts.get(sell(work, apple, 1).id)
        (line,) = receipt.lines
        assert (line.sku, line.name, line.quantity, line.line_total) == (
            "RED-APPLE",
            "Red Apple",
            3,
            Decimal("3.75"),
        )
        assert (receipt.total, receipt.tenders, receipt.change) == (Decimal("3.75"), paid, Decimal("0.25"))
        assert second.number == receipt.number + 1
        assert second.tenders == ()

    def test_no_sale_no_receipt(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work)
        with open_work() as work, pytest.raises(ReceiptNotFound):
            work.receipts.get(session.id)


class TestBasketOperations:
    @pytest.mark.parametrize(
        "effect",
        [
            Effect({}),
            Effect({uuid4(): 2, uuid4(): -1}, uuid4()),
            Effect({}, uuid4(), LineBefore(None, "Äpfel", 0.1, 3, "Äpfel")),
            Effect({}, uuid4(), LineBefore(uuid4(), "x", 1.0, 1, "Apple")),
        ],
    )
    def test_are_kept_as_they_were(self, open_work: UnitOfWorkFactory, effect: Effect) -> None:
        kept = CarriedOut(uuid4(), start(open_work).id, "AddLine", '{"quantity": 1}', effect)
        with open_work() as work:
            assert work.basket_operations.find(kept.operation_id) is None
            work.basket_operations.add(kept)
            work.commit()
        with open_work() as work:
            assert work.basket_operations.find(kept.operation_id) == kept
            assert work.basket_operations.remove_of_completed(timedelta()) == 0

    def test_an_id_is_used_once(self, open_work: UnitOfWorkFactory) -> None:
        kept = CarriedOut(uuid4(), start(open_work).id, "AddLine", "{}", Effect({}))
        other = replace(kept, session_id=start(open_work).id)
        with open_work() as work:
            work.basket_operations.add(kept)
            with pytest.raises(OperationConflict) as caught:
                work.basket_operations.add(other)
        assert caught.value.operation_id == kept.operation_id

    def test_those_of_completed_sessions_are_forgotten(self, open_work: UnitOfWorkFactory) -> None:
        session = start(open_work)
        with open_work() as work:
            work.basket_operations.add(CarriedOut(uuid4(), session.id, "AddLine", "{}", Effect({})))
            work.sessions.complete(session.id, SessionOutcome.ENDED, Decimal("0.00"))
            work.commit()
        with open_work() as work:
            assert work.basket_operations.remove_of_completed(timedelta(hours=1)) == 0
            assert work.basket_operations.remove_of_completed(timedelta()) == 1
