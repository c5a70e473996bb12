"""Carries out what a till asks of a basket, once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Protocol
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ChoosePrice,
    Effect,
    ExchangePiece,
    Mending,
    Operation,
    OperationResult,
    RemoveLine,
    SetQuantity,
    TakeBack,
    TakePiece,
    content_of,
    is_operation,
    kind_of,
    line_before,
    operation_of,
)
from visionscan_kiosk.domain.checkout import check_stock
from visionscan_kiosk.domain.errors import OperationConflict, PieceNotFound, PriceChanged
from visionscan_kiosk.domain.line_sources import Done
from visionscan_kiosk.domain.matching.match import ProductMatcher
from visionscan_kiosk.domain.scan_session import Basket, ScanItem, check_quantity
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.services.basket_lines import (
    add_piece,
    assign,
    check_active,
    checked_piece,
    find_product,
    line_of_product,
    read_basket,
    take_off,
)
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.shop_settings import settings_in

KEPT_FOR = timedelta(hours=48)
"""How long the operations of a completed session are remembered; nobody sends them again after that."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What is kept of an operation: what was asked for, to know a repetition, and its effect."""

    operation_id: UUID
    session_id: UUID
    kind: str
    content: str
    effect: Effect


class BasketOperationRepository(Protocol):
    """Operations that were carried out. The caller holds the session's lock."""

    def find(self, operation_id: UUID) -> CarriedOut | None:
        """Return what is kept of the operation, None when it was never carried out."""

    def add(self, carried_out: CarriedOut) -> None:
        """Keep an operation; raise OperationConflict when another basket has one with this id."""

    def list_of(self, session_id: UUID) -> Sequence[CarriedOut]:
        """Return the operations of a session, oldest first."""

    def remove_of_completed(self, kept_for: timedelta) -> int:
        """Forget what is older than this and whose session is completed; return how many."""


class BasketOperationService:
    """One transaction an operation. It locks the session's row before it looks whether the id is known.

    It never repeats a transaction by itself: whoever sends an operation sends it again when no answer came,
    also after TransientConflict, and that is safe.
    """

    def __init__(self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue

    def apply(self, operation: Operation) -> OperationResult:
        """Carry the operation out, or tell what it did when it was carried out before.

        A known id answers also when the session was completed since. Raises OperationConflict for a known id
        with other content, SessionNotActive, SessionNotFound, ItemNotFound, PieceNotFound, ProductNotFound,
        PriceChanged, InvalidInput, and InsufficientStock where the shop refuses to sell what is short at its
        tills; then nothing was changed.
        """
        matcher = self._catalogue.current() if isinstance(operation, AddNamed) else None
        with self._unit_of_work() as work:
            session = work.sessions.lock(operation.session_id)
            known = work.basket_operations.find(operation.operation_id)
            if known is not None:
                _check_same(operation, known)
                return _result(work, operation, known.effect, read_basket(work, session), is_repeat=True)
            check_active(session)
            result = _applied(work, operation, matcher)
            check_stock(result.short, result.short_stock)
            work.commit()
            return result

    def warm_up(self, product_id: UUID) -> None:
        """Add a line and keep nothing of it: what is loaded on first use is there afterwards."""
        with self._unit_of_work() as work:
            session = work.sessions.lock(work.sessions.add(None).id)
            operation = AddLine(uuid4(), session.id, product_id, 1, None, 1.0)
            work.basket_operations.find(operation.operation_id)
            _applied(work, operation, None)

    def history(self, session_id: UUID) -> tuple[Done, ...]:
        """Return what tills did to a basket, oldest first; only as far as it is still remembered."""
        with self._unit_of_work().reading() as work:
            kept = work.basket_operations.list_of(session_id)
            return tuple(_done(one) for one in kept if is_operation(one.kind))

    def forget_old(self) -> int:
        """Remove the operations of sessions that are long completed; return how many."""
        with self._unit_of_work() as work:
            count = work.basket_operations.remove_of_completed(KEPT_FOR)
            work.commit()
            return count


def _applied(work: UnitOfWork, operation: Operation, matcher: ProductMatcher | None) -> OperationResult:
    effect = _carry_out(work, operation, matcher)
    work.basket_operations.add(_carried_out(operation, effect))
    basket = read_basket(work, work.sessions.refresh_total(operation.session_id))
    return _result(work, operation, effect, basket, is_repeat=False)


def _carry_out(work: UnitOfWork, operation: Operation, matcher: ProductMatcher | None) -> Effect:
    """Do what was asked for; only a name needs a `matcher`."""
    if isinstance(operation, AddNamed):
        return _add_named(work, operation, matcher)
    if isinstance(operation, AddLine):
        return _add_line(work, operation)
    return _exchange(work, operation) if isinstance(operation, ExchangePiece) else _mend(work, operation)


def _add_named(work: UnitOfWork, operation: AddNamed, matcher: ProductMatcher | None) -> Effect:
    if matcher is None:
        raise AssertionError("a name without a matcher")
    piece = checked_piece(operation.detected_name, operation.confidence, operation.quantity)
    _, product_id = find_product(
        matcher, piece.detected_name, ask_when_ambiguous=operation.ask_when_ambiguous
    )
    item = add_piece(work, operation.session_id, product_id, piece)
    return Effect(_changes((product_id, piece.quantity)), item.id)


def _done(one: CarriedOut) -> Done:
    operation = operation_of(one.kind, one.content, one.operation_id)
    return Done(operation, one.effect.item_id, one.effect.before)


def _mend(work: UnitOfWork, operation: Mending) -> Effect:
    if isinstance(operation, TakePiece):
        return _take_piece(work, operation)
    item = work.items.get(operation.session_id, operation.item_id)
    match operation:
        case AssignProduct():
            return _assign(work, item, operation.product_id)
        case SetQuantity():
            return _set_quantity(work, item, check_quantity(operation.quantity))
        case TakeBack():
            return _take_back(work, item, check_quantity(operation.quantity))
        case RemoveLine():
            return _take_back(work, item, item.quantity)
        case ChoosePrice():
            return _choose_price(work, item, operation)


def _add_line(work: UnitOfWork, operation: AddLine) -> Effect:
    name = operation.detected_name or work.products.get(operation.product_id).name
    piece = checked_piece(name, operation.confidence, operation.quantity)
    item = add_piece(work, operation.session_id, operation.product_id, piece)
    return Effect(_changes((operation.product_id, piece.quantity)), item.id)


def _exchange(work: UnitOfWork, operation: ExchangePiece) -> Effect:
    line = line_of_product(work, operation.session_id, operation.before_product_id)
    if line is None and operation.undoes is not None:
        raise PieceNotFound(operation.before_product_id)
    taken = take_off(work, line, 1) if line is not None else 0
    name = operation.detected_name or work.products.get(operation.product_id).name
    piece = checked_piece(name, operation.confidence, 1)
    item = add_piece(work, operation.session_id, operation.product_id, piece)
    changes = _changes((operation.before_product_id, -taken), (operation.product_id, 1))
    return Effect(changes, item.id, line_before(line) if line is not None else None)


def _take_piece(work: UnitOfWork, operation: TakePiece) -> Effect:
    line = line_of_product(work, operation.session_id, operation.product_id)
    if line is None:
        raise PieceNotFound(operation.product_id)
    return _take_back(work, line, 1)


def _assign(work: UnitOfWork, item: ScanItem, product_id: UUID) -> Effect:
    if item.inventory_id == product_id:
        return Effect({}, item.id, line_before(item))
    item_id = assign(work, item, work.products.get(product_id))
    changes = _changes((item.inventory_id, -item.quantity), (product_id, item.quantity))
    return Effect(changes, item_id, line_before(item))


def _set_quantity(work: UnitOfWork, item: ScanItem, quantity: int) -> Effect:
    work.items.set_quantity(item.id, quantity)
    return Effect(_changes((item.inventory_id, quantity - item.quantity)), item.id, line_before(item))


def _take_back(work: UnitOfWork, item: ScanItem, quantity: int) -> Effect:
    taken = take_off(work, item, quantity)
    return Effect(_changes((item.inventory_id, -taken)), item.id, line_before(item))


def _choose_price(work: UnitOfWork, item: ScanItem, operation: ChoosePrice) -> Effect:
    """A price that nobody saw is never charged: not one that changed again since."""
    allowed = item.present_price if operation.undoes is None else _price_before(work, operation)
    if item.inventory_id is None or operation.unit_price != allowed:
        raise PriceChanged(item.display_name)
    work.items.set_price(item.id, operation.unit_price)
    return Effect({}, item.id, line_before(item))


def _price_before(work: UnitOfWork, operation: ChoosePrice) -> Decimal | None:
    undone = work.basket_operations.find(operation.undoes) if operation.undoes is not None else None
    is_of_line = undone is not None and undone.effect.item_id == operation.item_id
    return undone.effect.before.unit_price if is_of_line and undone and undone.effect.before else None


def _changes(*changes: tuple[UUID | None, int]) -> Mapping[UUID, int]:
    """Sum up by product; lines without a product, and what comes to nothing, are left out."""
    products = {product_id for product_id, _ in changes if product_id is not None}
    sums = {product: sum(pieces for key, pieces in changes if key == product) for product in products}
    return {product: pieces for product, pieces in sums.items() if pieces}


def _check_same(operation: Operation, known: CarriedOut) -> None:
    if (known.kind, known.content) != (kind_of(operation), content_of(operation)):
        raise OperationConflict(operation.operation_id)


def _carried_out(operation: Operation, effect: Effect) -> CarriedOut:
    return CarriedOut(
        operation.operation_id, operation.session_id, kind_of(operation), content_of(operation), effect
    )


def _result(
    work: UnitOfWork, operation: Operation, effect: Effect, basket: Basket, *, is_repeat: bool
) -> OperationResult:
    item = next((line for line in basket.items if line.id == effect.item_id), None)
    short = tuple(product for product in basket.short if effect.changes.get(product.product_id, 0) > 0)
    policy = settings_in(work).short_stock_at_till if short else ShortStock.SELL
    return OperationResult(
        operation.operation_id,
        basket,
        effect.changes,
        item,
        effect.before,
        is_repeat=is_repeat,
        short=short,
        short_stock=policy,
    )
