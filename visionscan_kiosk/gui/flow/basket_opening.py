"""Opening the till's basket, and looking what became of the one that is left. Runs in the database lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import AddLine, ExchangePiece, Operation
from visionscan_kiosk.domain.errors import NotFound
from visionscan_kiosk.domain.line_sources import Done
from visionscan_kiosk.domain.scan_session import Basket, ScanSession, SessionOutcome
from visionscan_kiosk.services.kiosk import KioskServices


@dataclass(frozen=True, slots=True)
class Opening:
    """The open basket, how the one before was left, and the names of products that waited for that one.

    `is_held`: the one before waits for somebody to go on with it. `history`: what was done to the open one.
    """

    basket: Basket
    outcome: SessionOutcome | None
    names: Mapping[UUID, str]
    is_held: bool = False
    history: tuple[Done, ...] = ()


def open_basket(
    services: KioskServices, till_id: str, left: UUID | None, waiting: Iterable[Operation]
) -> Opening:
    """Return the till's open basket or start one; `left` was closed elsewhere, `waiting` may be for it."""
    basket = services.sessions.open_basket(till_id)
    late = [operation for operation in waiting if operation.session_id != basket.session.id]
    before = None if left is None else _session(services, left)
    history = services.basket_operations.history(basket.session.id) if basket.items else ()
    return Opening(
        basket,
        before.outcome if before is not None else None,
        _names(services, late),
        is_held=before is not None and before.held_at is not None,
        history=history,
    )


def _session(services: KioskServices, session_id: UUID) -> ScanSession | None:
    with suppress(NotFound):
        return services.sessions.get_session(session_id)
    return None


def _names(services: KioskServices, operations: Iterable[Operation]) -> dict[UUID, str]:
    names: dict[UUID, str] = {}
    for operation in operations:
        if isinstance(operation, AddLine | ExchangePiece) and operation.product_id not in names:
            with suppress(NotFound):
                names[operation.product_id] = services.inventory.get_product(operation.product_id).name
    return names
