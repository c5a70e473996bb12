"""A shop in memory that keeps the same contract as PostgreSQL; for tests of the use cases alone.

One thread only. A unit of work copies the shop's state, works on the copy and puts it back on commit.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine, SaleSummary, Tender
from visionscan_kiosk.domain.errors import (
    DuplicateBarcode,
    DuplicateSku,
    ItemNotFound,
    OperationConflict,
    ProductNotFound,
    ReceiptNotFound,
    SaleNotFound,
    SessionNotFound,
    TransientConflict,
)
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.money import ZERO
from visionscan_kiosk.domain.product import (
    HIGHEST_STOCK,
    LOWEST_STOCK,
    NewProduct,
    Product,
    ProductChanges,
    ProductPicture,
)
from visionscan_kiosk.domain.scan_session import (
    HeldBasket,
    ScanItem,
    ScanSession,
    SessionOutcome,
    SessionStatus,
)
from visionscan_kiosk.domain.stock import MovementReason, StockMovement
from visionscan_kiosk.services.basket_operations import CarriedOut
from visionscan_kiosk.services.ports import CatalogueChanges, ProductQuery, SaleQuery, ScannedPiece
from visionscan_kiosk.services.shop_settings import SettingValue

OPENED = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)


@dataclass
class State:
    """All rows of the shop."""

    products: dict[UUID, Product] = field(default_factory=dict)
    product_revisions: dict[UUID, int] = field(default_factory=dict)
    revision: int = 1
    pictures: dict[UUID, ProductPicture] = field(default_factory=dict)
    sessions: dict[UUID, ScanSession] = field(default_factory=dict)
    items: dict[UUID, ScanItem] = field(default_factory=dict)
    movements: list[StockMovement] = field(default_factory=list)
    tenders: dict[UUID, tuple[Tender, ...]] = field(default_factory=dict)
    receipt_numbers: dict[UUID, int] = field(default_factory=dict)
    operations: dict[UUID, CarriedOut] = field(default_factory=dict)
    unacknowledged: dict[UUID, str] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    ticks: int = 0

    def now(self) -> datetime:
        """A clock that never shows one time twice."""
        self.ticks += 1
        return OPENED + timedelta(milliseconds=self.ticks)


class FakeShop:
    """Holds the committed state; `unit_of_work` is the factory that services want."""

    def __init__(self) -> None:
        self.state = State()

    def unit_of_work(self) -> FakeUnitOfWork:
        return FakeUnitOfWork(self)


class FakeProducts:
    def __init__(self, state: State) -> None:
        self._state = state
        self._revision: int | None = None

    def get(self, product_id: UUID) -> Product:
        if product_id not in self._state.products:
            raise ProductNotFound(product_id)
        return self._state.products[product_id]

    def get_many(self, product_ids: Iterable[UUID]) -> Mapping[UUID, Product]:
        return {key: self._state.products[key] for key in product_ids if key in self._state.products}

    def find_by_sku(self, sku: str) -> Product | None:
        return next((product for product in self._state.products.values() if product.sku == sku), None)

    def find_by_barcode(self, barcode: str) -> Product | None:
        code = normalise_barcode(barcode)
        return next((p for p in self._state.products.values() if code in _codes(p)), None)

    def list(self, query: ProductQuery) -> Sequence[Product]:
        end = None if query.limit is None else query.offset + query.limit
        return self._fitting(query)[query.offset : end]

    def count(self, query: ProductQuery) -> int:
        return len(self._fitting(query))

    def categories(self) -> Sequence[str]:
        return sorted({product.category for product in self._state.products.values()})

    def best_sellers(self, limit: int) -> Sequence[Product]:
        return sorted(self._state.products.values(), key=lambda p: (-self._times_sold(p), p.name, p.sku))[
            :limit
        ]

    def add(self, product: NewProduct) -> Product:
        if self.find_by_sku(product.sku):
            raise DuplicateSku(product.sku)
        now = self._state.now()
        self._keep(
            Product(
                uuid4(),
                product.sku,
                product.name,
                product.category,
                product.price,
                0,
                product.aliases,
                (),
                now,
                now,
            )
        )
        added = self.find_by_sku(product.sku)
        assert added is not None
        return self._with_barcodes(added, product.barcodes)

    def change(self, product_id: UUID, changes: ProductChanges) -> Product:
        product = self.get(product_id)
        given = {name: value for name, value in changes.given().items() if name != "stock"}
        if "sku" in given and self.find_by_sku(given["sku"]) not in (None, product):
            raise DuplicateSku(given["sku"])
        barcodes = given.pop("barcodes", None)
        changed = replace(product, **given, updated_at=self._state.now())
        self._keep(changed, searched=bool(given.keys() - {"price"}))
        return changed if barcodes is None else self._with_barcodes(replace(changed, barcodes=()), barcodes)

    def lock(self, product_ids: Iterable[UUID]) -> Mapping[UUID, int]:
        found = (self._state.products.get(product_id) for product_id in sorted(set(product_ids)))
        return {product.id: product.stock for product in found if product}

    def change_stock(self, product_id: UUID, change_qty: int) -> bool:
        product = self._state.products[product_id]
        if not LOWEST_STOCK <= product.stock + change_qty <= HIGHEST_STOCK:
            return False
        self._keep(replace(product, stock=product.stock + change_qty), searched=False)
        return True

    def release_barcodes(self, skus: Sequence[str]) -> None:
        for product in [p for p in self._state.products.values() if p.sku in skus]:
            self._keep(replace(product, barcodes=()))

    def upsert_many(
        self, products: Sequence[NewProduct], keep: frozenset[str] = frozenset()
    ) -> tuple[int, int]:
        existing = {product.sku for product in self._state.products.values()}
        for product in products:
            self._upsert(product, keep if product.sku in existing else frozenset())
        updated = sum(product.sku in existing for product in products)
        return len(products) - updated, updated

    def barcode_owners(self, barcodes: Iterable[str]) -> Mapping[str, str]:
        owners = {code: p.sku for p in self._state.products.values() for code in _codes(p)}
        return {code: owners[code] for code in barcodes if code in owners}

    def picture(self, product_id: UUID) -> ProductPicture | None:
        return self._state.pictures.get(product_id)

    def set_picture(self, picture: ProductPicture) -> None:
        self._state.pictures[picture.product_id] = picture

    def catalogue_revision(self) -> int:
        return self._state.revision

    def changed_since(self, revision: int) -> CatalogueChanges:
        changed = (p for p in self._state.products.values() if self._state.product_revisions[p.id] > revision)
        return CatalogueChanges(self._state.revision, tuple(self._matchable(product) for product in changed))

    def _upsert(self, wanted: NewProduct, keep: frozenset[str]) -> None:
        present = self.find_by_sku(wanted.sku)
        product = present or self.add(replace(wanted, barcodes=()))
        fields = {name: getattr(wanted, name) for name in ("name", "category", "price")}
        fields |= {"aliases": wanted.aliases} if "aliases" not in keep else {}
        self._keep(replace(product, **fields))
        if "barcodes" not in keep:
            self._with_barcodes(replace(self.get(product.id), barcodes=()), wanted.barcodes)
        if "stock" not in keep and wanted.stock != product.stock:
            reason = MovementReason.ADJUSTMENT if present else MovementReason.OPENING
            FakeMovements(self._state).add(product.id, wanted.stock - product.stock, reason)
            self.change_stock(product.id, wanted.stock - product.stock)

    def _with_barcodes(self, product: Product, barcodes: tuple[str, ...]) -> Product:
        self._keep(product)
        for barcode in barcodes:
            if self.find_by_barcode(barcode):
                raise DuplicateBarcode(barcode)
            product = replace(product, barcodes=(*product.barcodes, barcode))
            self._keep(product)
        return product

    def _keep(self, product: Product, *, searched: bool = True) -> None:
        self._state.products[product.id] = product
        if not searched:
            return
        if self._revision is None:
            self._revision = self._state.revision = self._state.revision + 1
        self._state.product_revisions[product.id] = self._revision

    def _fitting(self, query: ProductQuery) -> list[Product]:
        fitting = [product for product in self._state.products.values() if _fits(product, query)]
        return sorted(fitting, key=lambda product: (product.name.lower(), product.name, product.sku))

    def _times_sold(self, product: Product) -> int:
        sales = (m for m in self._state.movements if m.reason is MovementReason.SALE)
        return -sum(movement.change_qty for movement in sales if movement.inventory_id == product.id)

    def _matchable(self, product: Product) -> MatchableProduct:
        return MatchableProduct(
            product.id,
            product.sku,
            product.name,
            product.aliases,
            product.barcodes,
            product.category,
            self._times_sold(product),
        )


class FakeSessions:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, till_id: str | None) -> ScanSession:
        if till_id is not None and self.find_open(till_id):
            raise TransientConflict("This till opened a basket at the same moment. Try again.")
        now = self._state.now()
        return self._keep(ScanSession(uuid4(), SessionStatus.ACTIVE, now, None, ZERO, now, None, till_id))

    def get(self, session_id: UUID) -> ScanSession:
        if session_id not in self._state.sessions:
            raise SessionNotFound(session_id)
        return self._state.sessions[session_id]

    def lock(self, session_id: UUID) -> ScanSession:
        return self.get(session_id)

    def find_open(self, till_id: str) -> ScanSession | None:
        sessions = self._state.sessions.values()
        return next((s for s in sessions if s.till_id == till_id and s.is_open), None)

    def hold_left(self, session_id: UUID, untouched_for: timedelta) -> bool:
        has_lines = any(item.session_id == session_id for item in self._state.items.values())
        if not has_lines or self._touched_at(session_id) >= self._state.now() - untouched_for:
            return False
        self._keep(replace(self.get(session_id), held_at=self._state.now()))
        return True

    def go_on(self, session_id: UUID, till_id: str) -> ScanSession:
        return self._keep(replace(self.get(session_id), held_at=None, till_id=till_id))

    def list_held(self) -> Sequence[HeldBasket]:
        held = [
            HeldBasket(session, self._touched_at(session.id), self._pieces(session.id))
            for session in self._state.sessions.values()
            if session.held_at is not None and session.status is SessionStatus.ACTIVE
        ]
        return sorted(held, key=lambda basket: basket.left_at, reverse=True)

    def _touched_at(self, session_id: UUID) -> datetime:
        lines = [item.created_at for item in self._state.items.values() if item.session_id == session_id]
        return max([self.get(session_id).check_in_time, *lines])

    def _pieces(self, session_id: UUID) -> int:
        return sum(item.quantity for item in self._state.items.values() if item.session_id == session_id)

    def refresh_total(self, session_id: UUID) -> ScanSession:
        lines = (item for item in self._state.items.values() if item.session_id == session_id)
        total = sum((item.line_total for item in lines), ZERO)
        return self._keep(replace(self.get(session_id), total_amount=total))

    def complete(self, session_id: UUID, outcome: SessionOutcome, total: Decimal) -> ScanSession:
        if outcome is SessionOutcome.SOLD:
            self._state.receipt_numbers[session_id] = len(self._state.receipt_numbers) + 1
        return self._keep(
            replace(
                self.get(session_id),
                status=SessionStatus.COMPLETED,
                outcome=outcome,
                total_amount=total,
                check_out_time=self._state.now(),
            )
        )

    def _keep(self, session: ScanSession) -> ScanSession:
        self._state.sessions[session.id] = session
        return session


class FakeItems:
    def __init__(self, state: State) -> None:
        self._state = state

    def list(self, session_id: UUID) -> Sequence[ScanItem]:
        lines = (item for item in self._state.items.values() if item.session_id == session_id)
        return sorted((self._named(item) for item in lines), key=lambda item: item.first_seen)

    def get(self, session_id: UUID, item_id: UUID) -> ScanItem:
        item = self._state.items.get(item_id)
        if item is None or item.session_id != session_id:
            raise ItemNotFound(item_id)
        return self._named(item)

    def add_product(self, session_id: UUID, product_id: UUID, piece: ScannedPiece) -> ScanItem:
        if product_id not in self._state.products:
            raise ProductNotFound(product_id)
        line = next((item for item in self.list(session_id) if item.inventory_id == product_id), None)
        if line is not None:
            return self._add(line, piece)
        return self._open(session_id, self._state.products[product_id], piece)

    def add_unmatched(self, session_id: UUID, piece: ScannedPiece) -> ScanItem:
        wanted = piece.detected_name.casefold()
        unmatched = (item for item in self.list(session_id) if not item.is_matched)
        line = next((item for item in unmatched if item.detected_name.casefold() == wanted), None)
        return self._add(line, piece) if line else self._open(session_id, None, piece)

    def set_quantity(self, item_id: UUID, quantity: int) -> None:
        self._keep(replace(self._state.items[item_id], quantity=quantity))

    def set_price(self, item_id: UUID, unit_price: Decimal) -> None:
        self._keep(replace(self._state.items[item_id], unit_price=unit_price))

    def assign(self, item_id: UUID, product: Product) -> None:
        self._keep(replace(self._state.items[item_id], inventory_id=product.id, unit_price=product.price))

    def remove(self, item_id: UUID) -> None:
        del self._state.items[item_id]

    def _add(self, line: ScanItem, piece: ScannedPiece) -> ScanItem:
        return self._keep(
            replace(
                line,
                quantity=line.quantity + piece.quantity,
                detected_name=piece.detected_name,
                confidence=piece.confidence,
            )
        )

    def _open(self, session_id: UUID, product: Product | None, piece: ScannedPiece) -> ScanItem:
        now = self._state.now()
        return self._keep(
            ScanItem(
                id=uuid4(),
                session_id=session_id,
                inventory_id=product.id if product else None,
                detected_name=piece.detected_name,
                confidence=piece.confidence,
                quantity=piece.quantity,
                unit_price=product.price if product else None,
                first_seen=now,
                created_at=now,
                name=None,
                sku=None,
                category=None,
            )
        )

    def _keep(self, item: ScanItem) -> ScanItem:
        self._state.items[item.id] = item
        return self._named(item)

    def _named(self, item: ScanItem) -> ScanItem:
        if item.inventory_id is None:
            return item
        product = self._state.products[item.inventory_id]
        return replace(
            item,
            name=product.name,
            sku=product.sku,
            category=product.category,
            present_price=product.price,
            present_stock=product.stock,
        )


class FakeMovements:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(
        self,
        product_id: UUID,
        change_qty: int,
        reason: MovementReason,
        *,
        session_id: UUID | None = None,
        note: str | None = None,
    ) -> None:
        if change_qty:
            self._state.movements.append(
                StockMovement(uuid4(), product_id, change_qty, reason, session_id, note, self._state.now())
            )

    def list(self, product_id: UUID, limit: int | None = None) -> Sequence[StockMovement]:
        newest_first = reversed(self._state.movements)
        return [movement for movement in newest_first if movement.inventory_id == product_id][:limit]


class FakeReceipts:
    def __init__(self, state: State) -> None:
        self._state = state

    def add_tenders(self, session_id: UUID, tenders: Sequence[Tender]) -> None:
        self._state.tenders[session_id] = tuple(tenders)

    def get(self, session_id: UUID) -> Receipt:
        session = FakeSessions(self._state).get(session_id)
        if session_id not in self._state.receipt_numbers or session.check_out_time is None:
            raise ReceiptNotFound(session_id)
        return Receipt(
            session_id,
            self._state.receipt_numbers[session_id],
            session.till_id,
            tuple(_receipt_line(item) for item in FakeItems(self._state).list(session_id)),
            session.total_amount,
            self._state.tenders.get(session_id, ()),
            session.check_out_time,
        )

    def get_numbered(self, number: int) -> Receipt:
        for session_id, drawn in self._state.receipt_numbers.items():
            if drawn == number:
                return self.get(session_id)
        raise SaleNotFound(number)

    def list(self, query: SaleQuery) -> Sequence[SaleSummary]:
        sales = [self._summary(session_id) for session_id in self._state.receipt_numbers]
        wanted = [
            sale
            for sale in sales
            if (query.since is None or sale.completed_at >= query.since)
            and (query.until is None or sale.completed_at < query.until)
        ]
        return sorted(wanted, key=lambda sale: sale.completed_at, reverse=True)[: query.limit]

    def keep_unacknowledged(self, session_id: UUID, till_id: str) -> None:
        self._state.unacknowledged[session_id] = till_id

    def list_unacknowledged(self, till_id: str) -> Sequence[SaleSummary]:
        mine = [self._summary(key) for key, till in self._state.unacknowledged.items() if till == till_id]
        return sorted(mine, key=lambda sale: sale.completed_at)

    def acknowledge(self, session_id: UUID) -> None:
        self._state.unacknowledged.pop(session_id, None)

    def _summary(self, session_id: UUID) -> SaleSummary:
        sold = self.get(session_id)
        return SaleSummary(session_id, sold.number, sold.till_id, sold.total, sold.tenders, sold.completed_at)


class FakeShopSettings:
    def __init__(self, state: State) -> None:
        self._state = state

    def read(self) -> Mapping[str, object]:
        return dict(self._state.settings)

    def put(self, values: Mapping[str, SettingValue]) -> None:
        self._state.settings.update(values)


class FakeBasketOperations:
    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, operation_id: UUID) -> CarriedOut | None:
        return self._state.operations.get(operation_id)

    def add(self, carried_out: CarriedOut) -> None:
        if carried_out.operation_id in self._state.operations:
            raise OperationConflict(carried_out.operation_id)
        self._state.operations[carried_out.operation_id] = carried_out

    def list_of(self, session_id: UUID) -> Sequence[CarriedOut]:
        return [kept for kept in self._state.operations.values() if kept.session_id == session_id]

    def remove_of_completed(self, kept_for: timedelta) -> int:
        old = [key for key, kept in self._state.operations.items() if self._is_old(kept, kept_for)]
        for key in old:
            del self._state.operations[key]
        return len(old)

    def _is_old(self, kept: CarriedOut, kept_for: timedelta) -> bool:
        ended = self._state.sessions[kept.session_id].check_out_time
        return ended is not None and ended < self._state.now() - kept_for


class FakeUnitOfWork:
    def __init__(self, shop: FakeShop) -> None:
        self._shop = shop

    def reading(self) -> Self:
        return self

    def __enter__(self) -> Self:
        self._state = copy.copy(self._shop.state)
        for name, value in vars(self._state).items():
            setattr(self._state, name, copy.copy(value))
        self.products = FakeProducts(self._state)
        self.sessions = FakeSessions(self._state)
        self.items = FakeItems(self._state)
        self.movements = FakeMovements(self._state)
        self.receipts = FakeReceipts(self._state)
        self.basket_operations = FakeBasketOperations(self._state)
        self.shop_settings = FakeShopSettings(self._state)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What was not committed is forgotten with the copy."""

    def commit(self) -> None:
        self._shop.state = self._state


def _codes(product: Product) -> set[str]:
    return {normalise_barcode(barcode) for barcode in product.barcodes}


def _fits(product: Product, query: ProductQuery) -> bool:
    if query.category is not None and product.category != query.category:
        return False
    texts = [product.sku, product.name, *product.aliases, *product.barcodes, *_codes(product)]
    return all(any(word.lower() in text.lower() for text in texts) for word in query.text.split())


def _receipt_line(item: ScanItem) -> ReceiptLine:
    assert item.inventory_id is not None
    assert item.unit_price is not None
    return ReceiptLine(
        item.inventory_id, item.sku or "", item.name or "", item.quantity, item.unit_price, item.line_total
    )
