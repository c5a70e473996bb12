"""Use cases of a scan session: start, scan, correct, end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import Effect
from visionscan_kiosk.domain.errors import SessionNotActive, TillHasOpenBasket
from visionscan_kiosk.domain.matching.match import Candidate, Decision, Match, MatchMethod
from visionscan_kiosk.domain.money import ZERO
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.scan_session import (
    Basket,
    HeldBasket,
    ScanItem,
    ScannedLine,
    ScanResult,
    ScanSession,
    SessionOutcome,
    SessionStatus,
    check_quantity,
)
from visionscan_kiosk.services.basket_lines import (
    add_piece,
    assign,
    checked_piece,
    find_product,
    lock_active,
    read_basket,
    take_off,
)
from visionscan_kiosk.services.basket_operations import CarriedOut
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.ports import ScannedPiece, UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

LEFT_AFTER = timedelta(hours=2)
"""A till's basket that nobody touched for so long was left: no customer stands there for hours."""


class SessionService:
    """Every method is one transaction; it locks the session's row before it touches a line."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue

    @retried
    def start_session(self, till_id: str | None = None) -> ScanSession:
        """Start a scan session; raise TillHasOpenBasket when the till has one."""
        with self._unit_of_work() as work:
            if till_id is not None and work.sessions.find_open(till_id):
                raise TillHasOpenBasket(till_id)
            session = work.sessions.add(till_id)
            work.commit()
            return session

    @retried
    def open_basket(self, till_id: str) -> Basket:
        """Return the till's open basket, as a crash or a restart left it, or start a new one.

        One that nobody touched for hours is not today's: it is held first.
        """
        with self._unit_of_work() as work:
            session = _find_touched(work, till_id) or work.sessions.add(till_id)
            basket = read_basket(work, session)
            work.commit()
            return basket

    @retried
    def hold_left(self, till_id: str) -> bool:
        """Hold the till's open basket when nobody touched it for hours; return whether it was."""
        with self._unit_of_work() as work:
            had_one = work.sessions.find_open(till_id) is not None
            is_held = had_one and _find_touched(work, till_id) is None
            work.commit()
            return is_held

    def list_held(self) -> Sequence[HeldBasket]:
        """Return the held baskets of the shop, those that were left last first."""
        with self._unit_of_work().reading() as work:
            return work.sessions.list_held()

    @retried
    def go_on(self, session_id: UUID, till_id: str) -> Basket:
        """Let a held basket be the open one of this till; the empty one that was open is over.

        Raises TillHasOpenBasket when that one has lines, SessionNotActive when the held one was closed or
        another till went on with it. Asked for again, it answers the same. That somebody went on with it is
        kept as an operation: from now on it was touched.
        """
        with self._unit_of_work() as work:
            session = work.sessions.lock(session_id)
            if session.status is not SessionStatus.ACTIVE:
                raise SessionNotActive(session_id)
            if session.held_at is not None:
                _end_empty(work, till_id)
                session = work.sessions.go_on(session_id, till_id)
                work.basket_operations.add(CarriedOut(uuid4(), session_id, "GoOn", "{}", Effect({})))
            elif session.till_id != till_id:
                raise SessionNotActive(session_id)
            basket = read_basket(work, session)
            work.commit()
            return basket

    def get_session(self, session_id: UUID) -> ScanSession:
        """Return a session."""
        with self._unit_of_work().reading() as work:
            return work.sessions.get(session_id)

    def get_basket(self, session_id: UUID) -> Basket:
        """Return a session with its lines."""
        with self._unit_of_work().reading() as work:
            return read_basket(work, work.sessions.get(session_id))

    def list_items(self, session_id: UUID) -> Sequence[ScanItem]:
        """Return a session's lines in order of first sight."""
        return self.get_basket(session_id).items

    @retried
    def end_session(self, session_id: UUID) -> ScanSession:
        """Close a session without a sale: total 0, no movement."""
        with self._unit_of_work() as work:
            if work.sessions.lock(session_id).status is not SessionStatus.ACTIVE:
                raise SessionNotActive(session_id)
            session = work.sessions.complete(session_id, SessionOutcome.ENDED, ZERO)
            work.commit()
            return session

    @retried
    def scan_product(
        self,
        session_id: UUID,
        detected_name: str,
        confidence: float = 1.0,
        quantity: int = 1,
        *,
        ask_when_ambiguous: bool = False,
    ) -> ScanResult:
        """Match a detected name and add it to the basket; unmatched names stay for reconciliation.

        The best product that no veto rules out is taken at or above the threshold; with
        `ask_when_ambiguous` only a sure match is.
        """
        piece = checked_piece(detected_name, confidence, quantity)
        match, product_id = find_product(
            self._catalogue.current(), piece.detected_name, ask_when_ambiguous=ask_when_ambiguous
        )
        with self._unit_of_work() as work:
            line = _scan(work, session_id, product_id, piece, match)
            return _scanned(work, session_id, line.item.id, line.match)

    @retried
    def scan_line(
        self,
        session_id: UUID,
        detected_name: str,
        confidence: float = 1.0,
        quantity: int = 1,
        *,
        ask_when_ambiguous: bool = False,
    ) -> ScannedLine:
        """Do what `scan_product` does, for who wants the line alone: the other lines are not read."""
        piece = checked_piece(detected_name, confidence, quantity)
        match, product_id = find_product(
            self._catalogue.current(), piece.detected_name, ask_when_ambiguous=ask_when_ambiguous
        )
        with self._unit_of_work() as work:
            line = _scan(work, session_id, product_id, piece, match)
            work.sessions.refresh_total(session_id)
            work.commit()
            return line

    @retried
    def add_product(
        self,
        session_id: UUID,
        product_id: UUID,
        quantity: int = 1,
        *,
        detected_name: str | None = None,
        confidence: float = 1.0,
    ) -> ScanResult:
        """Add a product that a person or a barcode named; no matching."""
        with self._unit_of_work() as work:
            product = work.products.get(product_id)
            piece = checked_piece(detected_name or product.name, confidence, quantity)
            lock_active(work, session_id)
            item = add_piece(work, session_id, product.id, piece)
            return _scanned(work, session_id, item.id, _chosen(product, piece.detected_name))

    @retried
    def set_quantity(self, session_id: UUID, item_id: UUID, quantity: int) -> Basket:
        """Set a line's quantity, 1 to 9999."""
        with self._unit_of_work() as work:
            lock_active(work, session_id)
            item = work.items.get(session_id, item_id)
            work.items.set_quantity(item.id, check_quantity(quantity))
            return _changed(work, session_id)

    @retried
    def change_item(
        self, session_id: UUID, item_id: UUID, *, product_id: UUID | None = None, quantity: int | None = None
    ) -> ScanItem:
        """Set a line's quantity, then its product, merging with that one's line; return what it became."""
        with self._unit_of_work() as work:
            lock_active(work, session_id)
            item = work.items.get(session_id, item_id)
            if quantity is not None:
                work.items.set_quantity(item.id, check_quantity(quantity))
                item = work.items.get(session_id, item_id)
            if product_id is not None and item.inventory_id != product_id:
                assign(work, item, work.products.get(product_id))
            basket = _changed(work, session_id)
        return _line_of(basket, item_id, product_id)

    @retried
    def take_back(self, session_id: UUID, item_id: UUID, quantity: int) -> Basket:
        """Undo a scan: take `quantity` off a line, and the line away when nothing is left."""
        with self._unit_of_work() as work:
            lock_active(work, session_id)
            take_off(work, work.items.get(session_id, item_id), check_quantity(quantity))
            return _changed(work, session_id)

    @retried
    def remove_item(self, session_id: UUID, item_id: UUID) -> Basket:
        """Take a line out of the basket."""
        with self._unit_of_work() as work:
            lock_active(work, session_id)
            work.items.remove(work.items.get(session_id, item_id).id)
            return _changed(work, session_id)


def _scan(
    work: UnitOfWork, session_id: UUID, product_id: UUID | None, piece: ScannedPiece, match: Match
) -> ScannedLine:
    lock_active(work, session_id)
    return ScannedLine(add_piece(work, session_id, product_id, piece), match)


def _find_touched(work: UnitOfWork, till_id: str) -> ScanSession | None:
    """Return the till's open session, None when it has none or the one it had is held now."""
    session = work.sessions.find_open(till_id)
    if session is None:
        return None
    work.sessions.lock(session.id)
    return None if work.sessions.hold_left(session.id, LEFT_AFTER) else work.sessions.find_open(till_id)


def _end_empty(work: UnitOfWork, till_id: str) -> None:
    """Session rows are locked one after the other here; nobody else locks two of one till."""
    present = work.sessions.find_open(till_id)
    if present is None:
        return
    lock_active(work, present.id)
    if work.items.list(present.id):
        raise TillHasOpenBasket(till_id)
    work.sessions.complete(present.id, SessionOutcome.ENDED, ZERO)


def _chosen(product: Product, query: str) -> Match:
    candidate = Candidate(product.id, product.sku, product.name, 1.0)
    return Match(query, Decision.MATCHED, MatchMethod.SKU, 1.0, candidate, (candidate,))


def _line_of(basket: Basket, item_id: UUID, product_id: UUID | None) -> ScanItem:
    """Return the line with this id, or the product's line that it was merged into."""
    same = [line for line in basket.items if line.id == item_id]
    return same[0] if same else next(line for line in basket.items if line.inventory_id == product_id)


def _changed(work: UnitOfWork, session_id: UUID) -> Basket:
    basket = read_basket(work, work.sessions.refresh_total(session_id))
    work.commit()
    return basket


def _scanned(work: UnitOfWork, session_id: UUID, item_id: UUID, match: Match) -> ScanResult:
    basket = _changed(work, session_id)
    item = next(line for line in basket.items if line.id == item_id)
    return ScanResult(item, match, basket)
