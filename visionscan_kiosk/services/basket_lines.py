"""What use cases of a basket do to its lines, inside a transaction that holds the session's lock."""

from __future__ import annotations

from uuid import UUID

from visionscan_kiosk.domain.errors import BasketHeld, SessionNotActive
from visionscan_kiosk.domain.matching.match import Candidate, Decision, Match, ProductMatcher
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.scan_session import (
    Basket,
    ScanItem,
    ScanSession,
    SessionStatus,
    check_confidence,
    check_detected_name,
    check_quantity,
)
from visionscan_kiosk.services.ports import ScannedPiece, UnitOfWork


def checked_piece(detected_name: str, confidence: float, quantity: int) -> ScannedPiece:
    """Return what a scan adds; raise InvalidInput where a line cannot have it."""
    return ScannedPiece(
        check_detected_name(detected_name), check_confidence(confidence), check_quantity(quantity)
    )


def lock_active(work: UnitOfWork, session_id: UUID) -> ScanSession:
    """Lock the session until the transaction ends; raise SessionNotActive, BasketHeld or SessionNotFound."""
    return check_active(work.sessions.lock(session_id))


def check_active(session: ScanSession) -> ScanSession:
    """Return the session; raise SessionNotActive when it was completed, BasketHeld while it is held."""
    if session.status is not SessionStatus.ACTIVE:
        raise SessionNotActive(session.id)
    if session.held_at is not None:
        raise BasketHeld(session.id)
    return session


def find_product(
    matcher: ProductMatcher, detected_name: str, *, ask_when_ambiguous: bool
) -> tuple[Match, UUID | None]:
    """Match a name; the product is None where nothing fits, or nothing surely and that was asked for."""
    match = matcher.match(detected_name)
    taken = _sure(match) if ask_when_ambiguous else matcher.best_allowed(match)
    return match, taken.product_id if taken else None


def add_piece(work: UnitOfWork, session_id: UUID, product_id: UUID | None, piece: ScannedPiece) -> ScanItem:
    """Add to the product's line, or to one that still needs a product; raise ProductNotFound."""
    if product_id is None:
        return _checked_line(work.items.add_unmatched(session_id, piece))
    return _checked_line(work.items.add_product(session_id, product_id, piece))


def take_off(work: UnitOfWork, item: ScanItem, quantity: int) -> int:
    """Make the line smaller, without pieces it goes; return how many were taken."""
    if item.quantity > quantity:
        work.items.set_quantity(item.id, item.quantity - quantity)
        return quantity
    work.items.remove(item.id)
    return item.quantity


def assign(work: UnitOfWork, item: ScanItem, product: Product) -> UUID:
    """Give the line a product, merging it with that one's line; return the id of the line it became."""
    existing = line_of_product(work, item.session_id, product.id)
    if existing is None:
        work.items.assign(item.id, product)
        return item.id
    work.items.set_quantity(existing.id, check_quantity(existing.quantity + item.quantity))
    work.items.remove(item.id)
    return existing.id


def line_of_product(work: UnitOfWork, session_id: UUID, product_id: UUID) -> ScanItem | None:
    """Return the product's line, None when it has none."""
    return next((line for line in work.items.list(session_id) if line.inventory_id == product_id), None)


def read_basket(work: UnitOfWork, session: ScanSession) -> Basket:
    """Return a session with its lines."""
    return Basket(session, tuple(work.items.list(session.id)))


def _checked_line(item: ScanItem) -> ScanItem:
    check_quantity(item.quantity)
    return item


def _sure(match: Match) -> Candidate | None:
    return match.product if match.decision is Decision.MATCHED else None
