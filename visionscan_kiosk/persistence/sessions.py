"""Scan sessions: whose basket is open, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Executable, bindparam, func, literal_column, select

from visionscan_kiosk.domain.errors import SessionNotFound
from visionscan_kiosk.domain.scan_session import HeldBasket, ScanSession, SessionOutcome, SessionStatus
from visionscan_kiosk.persistence.tables import (
    AnyRow,
    basket_operations,
    inventory,
    items,
    receipt_numbers,
    sessions,
)

_SESSION = (
    sessions.c.id,
    sessions.c.status,
    sessions.c.check_in_time,
    sessions.c.check_out_time,
    sessions.c.total_amount,
    sessions.c.created_at,
    sessions.c.outcome,
    sessions.c.till_id,
    sessions.c.held_at,
)

# Built once: building a statement costs more than running it, and every scan needs these.
_BY_ID = select(*_SESSION).where(sessions.c.id == bindparam("wanted"))
_LOCK = _BY_ID.with_for_update()
_REFRESH_TOTAL = (
    sessions.update()
    .where(sessions.c.id == bindparam("wanted"))
    .values(
        total_amount=select(func.coalesce(func.sum(items.c.unit_price * items.c.quantity), 0))
        .where(items.c.session_id == bindparam("wanted"))
        .scalar_subquery()
    )
    .returning(*_SESSION)
)


_LINES = items.c.session_id == sessions.c.id
_COUNT = select(func.count()).select_from(items).where(_LINES).scalar_subquery()
_PIECES = select(func.coalesce(func.sum(items.c.quantity), 0)).where(_LINES).scalar_subquery()
_TOUCHED_AT = func.greatest(
    sessions.c.check_in_time,
    select(func.max(items.c.created_at)).where(_LINES).scalar_subquery(),
    select(func.max(basket_operations.c.created_at))
    .where(basket_operations.c.session_id == sessions.c.id)
    .scalar_subquery(),
)


class SqlSessionRepository:
    """Implements services.ports.SessionRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, till_id: str | None) -> ScanSession:
        """Start an active session; raise TransientConflict when the till has one already."""
        statement = sessions.insert().values(till_id=till_id).returning(*_SESSION)
        return _to_session(self._connection.execute(statement).one())

    def get(self, session_id: UUID) -> ScanSession:
        """Return the session; raise SessionNotFound."""
        return self._found(session_id, _BY_ID, {"wanted": session_id})

    def lock(self, session_id: UUID) -> ScanSession:
        """Return the session and lock it until the transaction ends; raise SessionNotFound."""
        return self._found(session_id, _LOCK, {"wanted": session_id})

    def find_open(self, till_id: str) -> ScanSession | None:
        """Return the active session of a till that is not held, None when it has none."""
        statement = select(*_SESSION).where(
            sessions.c.till_id == till_id,
            sessions.c.status == SessionStatus.ACTIVE,
            sessions.c.held_at.is_(None),
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else _to_session(row)

    def hold_left(self, session_id: UUID, untouched_for: timedelta) -> bool:
        """Hold a session that has lines and was not touched for so long; return whether it was.

        The database's clock decides, which is the one that all the moments are from.
        """
        statement = (
            sessions.update()
            .where(
                sessions.c.id == session_id,
                _COUNT > 0,
                func.clock_timestamp() - untouched_for > _TOUCHED_AT,
            )
            .values(held_at=func.clock_timestamp())
        )
        return self._connection.execute(statement).rowcount == 1

    def go_on(self, session_id: UUID, till_id: str) -> ScanSession:
        """Let a held session be the open one of this till, which has none."""
        statement = (
            sessions.update()
            .where(sessions.c.id == session_id)
            .values(held_at=None, held_by=None, hold_note=None, till_id=till_id)
            .returning(*_SESSION)
        )
        return self._found(session_id, statement)

    def list_held(self) -> Sequence[HeldBasket]:
        """Return the held sessions of all tills, those that were left last first."""
        statement = (
            select(*_SESSION, _TOUCHED_AT.label("left_at"), _PIECES.label("pieces"))
            .where(sessions.c.held_at.is_not(None), sessions.c.status == SessionStatus.ACTIVE)
            .order_by(literal_column("left_at").desc(), sessions.c.id)
        )
        rows = self._connection.execute(statement)
        return [HeldBasket(_to_session(row), row.left_at, row.pieces) for row in rows]

    def refresh_total(self, session_id: UUID) -> ScanSession:
        """Write the sum of the matched lines as the session's total."""
        return self._found(session_id, _REFRESH_TOTAL, {"wanted": session_id})

    def complete(self, session_id: UUID, outcome: SessionOutcome, total: Decimal) -> ScanSession:
        """Complete the session now; a sold one draws its number and keeps the names of its goods."""
        values: dict[str, Any] = {
            "status": SessionStatus.COMPLETED,
            "outcome": outcome,
            "total_amount": total,
            "check_out_time": func.clock_timestamp(),
        }
        if outcome is SessionOutcome.SOLD:
            values["receipt_number"] = receipt_numbers.next_value()
            self._keep_names(session_id)
        statement = sessions.update().where(sessions.c.id == session_id).values(**values).returning(*_SESSION)
        return self._found(session_id, statement)

    def _keep_names(self, session_id: UUID) -> None:
        self._connection.execute(
            items.update()
            .where(items.c.session_id == session_id, items.c.inventory_id == inventory.c.id)
            .values(sold_sku=inventory.c.sku, sold_name=inventory.c.name)
        )

    def _found(
        self, session_id: UUID, statement: Executable, values: dict[str, Any] | None = None
    ) -> ScanSession:
        row = self._connection.execute(statement, values).one_or_none()
        if row is None:
            raise SessionNotFound(session_id)
        return _to_session(row)


def _to_session(row: AnyRow) -> ScanSession:
    return ScanSession(
        id=row.id,
        status=SessionStatus(row.status),
        check_in_time=row.check_in_time,
        check_out_time=row.check_out_time,
        total_amount=row.total_amount,
        created_at=row.created_at,
        outcome=row.outcome and SessionOutcome(row.outcome),
        till_id=row.till_id,
        held_at=row.held_at,
    )
