"""What can be done to a basket: changes that wait in line, and what each needs to be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.scan_session import Basket, ScanItem, ScanResult
from visionscan_kiosk.services.sessions import SessionService


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to the basket. `apply` runs in the database lane with the session's id.

    Changes of one `batch` are undone together; `undone` is called when this one is. `exchange` makes a piece
    another product.
    """

    apply: Callable[[UUID], Basket | ScanResult]
    added: int = 0
    removed: ScanItem | None = None
    is_undo: bool = False
    remark: str = ""
    batch: object = None
    undone: Callable[[], None] | None = None
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """A product to add that the camera saw. `undone` is called when the addition is taken back at once."""

    product_id: UUID
    quantity: int
    seen_as: str
    confidence: float
    undone: Callable[[], None] | None = None


class Exchange:
    """Looks for the line when it is due: what was asked for before may only then be in the basket."""

    def __init__(self, sessions: SessionService, product_id: UUID, entry: Addition) -> None:
        self._sessions = sessions
        self._product_id = product_id
        self._entry = entry
        self.before: ScanItem | None = None

    def __call__(self, session_id: UUID) -> ScanResult:
        """Exchange one piece, or add it; `before` is the line of which it was one."""
        items = self._sessions.list_items(session_id)
        self.before = next((item for item in items if item.inventory_id == self._product_id), None)
        if self.before is not None:
            return exchange_piece(self._sessions, session_id, self.before.id, self._entry)
        return add_product(self._sessions, session_id, self._entry)


def exchanged_line(change: Change) -> ScanItem | None:
    """Return the line of which a piece was exchanged, as it was before."""
    return change.exchange.before if change.exchange is not None else None


def exchange_piece(sessions: SessionService, session_id: UUID, item_id: UUID, entry: Addition) -> ScanResult:
    """Make one piece of a line another product."""
    return sessions.exchange_piece(
        session_id,
        item_id,
        entry.product_id,
        detected_name=entry.seen_as,
        confidence=entry.confidence,
    )


def add_product(sessions: SessionService, session_id: UUID, entry: Addition) -> ScanResult:
    """Add what the camera saw."""
    return sessions.add_product(
        session_id,
        entry.product_id,
        entry.quantity,
        detected_name=entry.seen_as,
        confidence=entry.confidence,
    )
