"""Tenders and receipts of sold sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine, SaleSummary, Tender, TenderMethod
from visionscan_kiosk.domain.errors import ReceiptNotFound, SaleNotFound, SessionNotFound
from visionscan_kiosk.domain.money import line_total
from visionscan_kiosk.domain.scan_session import SessionOutcome
from visionscan_kiosk.persistence.tables import AnyRow, items, sessions, tenders, unacknowledged_sales
from visionscan_kiosk.services.ports import SaleQuery

_SALE = select(
    sessions.c.id,
    sessions.c.receipt_number,
    sessions.c.till_id,
    sessions.c.total_amount,
    sessions.c.check_out_time,
).where(sessions.c.outcome == SessionOutcome.SOLD)


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

    def get_numbered(self, number: int) -> Receipt:
        """Return the receipt with this number; raise SaleNotFound."""
        statement = select(sessions.c.id).where(sessions.c.receipt_number == number)
        session_id = self._connection.execute(statement).scalar_one_or_none()
        if session_id is None:
            raise SaleNotFound(number)
        return self.get(session_id)

    def list(self, query: SaleQuery) -> Sequence[SaleSummary]:
        """Return sales, newest first."""
        sold_at = sessions.c.check_out_time
        statement = _SALE.order_by(sold_at.desc(), sessions.c.receipt_number.desc()).limit(query.limit)
        if query.since is not None:
            statement = statement.where(sold_at >= query.since)
        if query.until is not None:
            statement = statement.where(sold_at < query.until)
        return self._summaries(statement)

    def keep_unacknowledged(self, session_id: UUID, till_id: str) -> None:
        """Keep that nobody saw yet that this till sold that session."""
        self._connection.execute(unacknowledged_sales.insert().values(session_id=session_id, till_id=till_id))

    def list_unacknowledged(self, till_id: str) -> Sequence[SaleSummary]:
        """Return the sales of a till that nobody saw yet, oldest first."""
        mine = unacknowledged_sales.c.till_id == till_id
        return self._summaries(
            _SALE.join(unacknowledged_sales, unacknowledged_sales.c.session_id == sessions.c.id)
            .where(mine)
            .order_by(sessions.c.check_out_time, sessions.c.receipt_number)
        )

    def acknowledge(self, session_id: UUID) -> None:
        """Somebody saw that it was sold; nothing happens when that is known."""
        self._connection.execute(
            unacknowledged_sales.delete().where(unacknowledged_sales.c.session_id == session_id)
        )

    def _summaries(self, statement: Select[Any]) -> Sequence[SaleSummary]:
        rows = self._connection.execute(statement).all()
        paid = self._tenders_of([row.id for row in rows])
        return [
            SaleSummary(
                session_id=row.id,
                number=row.receipt_number,
                till_id=row.till_id,
                total=row.total_amount,
                tenders=tuple(paid[row.id]),
                completed_at=row.check_out_time,
            )
            for row in rows
        ]

    def _tenders_of(self, session_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Tender]]:
        statement = (
            select(tenders)
            .where(tenders.c.session_id.in_(session_ids))
            .order_by(tenders.c.session_id, tenders.c.position)
        )
        paid: defaultdict[UUID, list[Tender]] = defaultdict(list)
        for row in self._connection.execute(statement):
            paid[row.session_id].append(_to_tender(row))
        return paid

    def _lines(self, session_id: UUID) -> tuple[ReceiptLine, ...]:
        statement = (
            select(items).where(items.c.session_id == session_id).order_by(items.c.first_seen, items.c.id)
        )
        return tuple(_to_line(row) for row in self._connection.execute(statement))

    def _tenders(self, session_id: UUID) -> tuple[Tender, ...]:
        return tuple(self._tenders_of([session_id])[session_id])


def _to_tender(row: AnyRow) -> Tender:
    return Tender(TenderMethod(row.method), row.amount, row.given)


def _to_line(row: AnyRow) -> ReceiptLine:
    return ReceiptLine(
        inventory_id=row.inventory_id,
        sku=row.sold_sku,
        name=row.sold_name,
        quantity=row.quantity,
        unit_price=row.unit_price,
        line_total=line_total(row.unit_price, row.quantity),
    )
