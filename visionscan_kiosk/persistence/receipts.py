"""Tenders and receipts of sold sessions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine, Tender, TenderMethod
from visionscan_kiosk.domain.errors import ReceiptNotFound, SessionNotFound
from visionscan_kiosk.domain.money import line_total
from visionscan_kiosk.persistence.tables import AnyRow, items, sessions, tenders


class SqlReceiptRepository:
    """Implements services.ports.ReceiptRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_tenders(self, session_id: UUID, paid: Sequence[Tender]) -> None:
        """Record how a sale was paid."""
        if not paid:
            return
        rows = [
            {
                "session_id": session_id,
                "position": position,
                "method": tender.method,
                "amount": tender.amount,
                "given": tender.given,
            }
            for position, tender in enumerate(paid)
        ]
        self._connection.execute(tenders.insert().values(rows))

    def get(self, session_id: UUID) -> Receipt:
        """Return the receipt of a sold session; raise SessionNotFound or ReceiptNotFound."""
        session = self._connection.execute(select(sessions).where(sessions.c.id == session_id)).one_or_none()
        if session is None:
            raise SessionNotFound(session_id)
        if session.receipt_number is None:
            raise ReceiptNotFound(session_id)
        return Receipt(
            session_id=session_id,
            number=session.receipt_number,
            till_id=session.till_id,
            lines=self._lines(session_id),
            total=session.total_amount,
            tenders=self._tenders(session_id),
            completed_at=session.check_out_time,
        )

    def _lines(self, session_id: UUID) -> tuple[ReceiptLine, ...]:
        statement = (
            select(items).where(items.c.session_id == session_id).order_by(items.c.first_seen, items.c.id)
        )
        return tuple(_to_line(row) for row in self._connection.execute(statement))

    def _tenders(self, session_id: UUID) -> tuple[Tender, ...]:
        statement = select(tenders).where(tenders.c.session_id == session_id).order_by(tenders.c.position)
        rows = self._connection.execute(statement)
        return tuple(Tender(TenderMethod(row.method), row.amount, row.given) for row in rows)


def _to_line(row: AnyRow) -> ReceiptLine:
    return ReceiptLine(
        inventory_id=row.inventory_id,
        sku=row.sold_sku,
        name=row.sold_name,
        quantity=row.quantity,
        unit_price=row.unit_price,
        line_total=line_total(row.unit_price, row.quantity),
    )
