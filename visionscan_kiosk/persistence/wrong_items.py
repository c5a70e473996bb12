"""Where a barcode and the camera did not agree, and what people said to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select

from visionscan_kiosk.domain.errors import ProductNotFound, SessionNotFound
from visionscan_kiosk.persistence.tables import inventory, sessions, wrong_item_notices
from visionscan_kiosk.services.wrong_items import WrongItem, WrongItemAnswer, WrongItemCounts

_NOTICE = wrong_item_notices.c


class SqlWrongItemRepository:
    """Implements services.wrong_items.WrongItemRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, wrong_item: WrongItem, session_id: UUID | None) -> UUID:
        """Note it and return its id; raise ProductNotFound or SessionNotFound."""
        self._check(wrong_item, session_id)
        statement = insert(wrong_item_notices).values(
            session_id=session_id,
            coded_inventory_id=wrong_item.coded_id,
            seen_inventory_id=wrong_item.seen_id,
            confidence=wrong_item.confidence,
        )
        notice_id: UUID = self._connection.execute(statement.returning(_NOTICE.id)).scalar_one()
        return notice_id

    def answer(self, notice_id: UUID, answer: WrongItemAnswer) -> None:
        """Note what the cashier said; nothing happens when the notice is gone."""
        self._connection.execute(
            wrong_item_notices.update().where(_NOTICE.id == notice_id).values(answer=answer)
        )

    def was_noticed(self, wrong_item: WrongItem, session_id: UUID) -> bool:
        """Return whether this pair was noticed in the session."""
        found = select(_NOTICE.id).where(_is_pair(wrong_item), _NOTICE.session_id == session_id).limit(1)
        return self._connection.execute(found).one_or_none() is not None

    def last_answers(self, wrong_item: WrongItem, limit: int) -> Sequence[WrongItemAnswer]:
        """Return what was said of this pair, newest first."""
        statement = (
            select(_NOTICE.answer)
            .where(_is_pair(wrong_item), _NOTICE.answer.is_not(None))
            .order_by(_NOTICE.created_at.desc(), _NOTICE.id)
            .limit(limit)
        )
        return [WrongItemAnswer(answer) for answer in self._connection.execute(statement).scalars()]

    def counts(self, days: int) -> WrongItemCounts:
        """Count what was noticed in the last days."""
        answered = (
            func.count().filter(_NOTICE.answer == answer)
            for answer in (WrongItemAnswer.KEPT, WrongItemAnswer.REPLACED)
        )
        statement = select(func.count(), *answered).where(
            _NOTICE.created_at > func.now() - timedelta(days=days)
        )
        row = self._connection.execute(statement).one()
        return WrongItemCounts(asked=row[0], kept=row[1], replaced=row[2])

    def purge(self, older_than_days: int | None = None) -> int:
        """Forget all notices, or those older than so many days; return how many there were."""
        statement = delete(wrong_item_notices)
        if older_than_days is not None:
            statement = statement.where(_NOTICE.created_at < func.now() - timedelta(days=older_than_days))
        return self._connection.execute(statement).rowcount

    def _check(self, wrong_item: WrongItem, session_id: UUID | None) -> None:
        """A foreign key would only say that something is missing."""
        for product_id in (wrong_item.coded_id, wrong_item.seen_id):
            known = self._connection.execute(select(inventory.c.id).where(inventory.c.id == product_id))
            if known.one_or_none() is None:
                raise ProductNotFound(product_id)
        if session_id is not None:
            known = self._connection.execute(select(sessions.c.id).where(sessions.c.id == session_id))
            if known.one_or_none() is None:
                raise SessionNotFound(session_id)


def _is_pair(wrong_item: WrongItem) -> ColumnElement[bool]:
    """Two products are as alike whichever of them has the code."""
    one, other = wrong_item.coded_id, wrong_item.seen_id
    return or_(
        and_(_NOTICE.coded_inventory_id == one, _NOTICE.seen_inventory_id == other),
        and_(_NOTICE.coded_inventory_id == other, _NOTICE.seen_inventory_id == one),
    )
