"""Operations that tills had carried out, kept in the transaction of their effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, select

from visionscan_kiosk.domain.basket_operations import Effect, LineBefore
from visionscan_kiosk.persistence.tables import AnyRow, basket_operations, sessions
from visionscan_kiosk.services.basket_operations import CarriedOut

# Built once: building a statement costs more than running it, and every scan needs these.
_ALL = select(
    basket_operations.c.id,
    basket_operations.c.session_id,
    basket_operations.c.kind,
    basket_operations.c.content,
    basket_operations.c.changes,
    basket_operations.c.item_id,
    basket_operations.c.before,
)
_FIND = _ALL.where(basket_operations.c.id == bindparam("wanted"))
_OF_SESSION = _ALL.where(basket_operations.c.session_id == bindparam("session")).order_by(
    basket_operations.c.created_at, basket_operations.c.id
)
_ADD = basket_operations.insert()


class SqlBasketOperationRepository:
    """Implements services.basket_operations.BasketOperationRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, operation_id: UUID) -> CarriedOut | None:
        """Return what is kept of the operation, None when it was never carried out."""
        row = self._connection.execute(_FIND, {"wanted": operation_id}).one_or_none()
        return None if row is None else _to_carried_out(row)

    def add(self, carried_out: CarriedOut) -> None:
        """Keep an operation; raise OperationConflict when another basket has one with this id."""
        effect = carried_out.effect
        values = {
            "id": carried_out.operation_id,
            "session_id": carried_out.session_id,
            "kind": carried_out.kind,
            "content": carried_out.content,
            "changes": {str(product): pieces for product, pieces in effect.changes.items()},
            "item_id": effect.item_id,
            "before": _from_line(effect.before),
        }
        self._connection.execute(_ADD, values)

    def list_of(self, session_id: UUID) -> Sequence[CarriedOut]:
        """Return the operations of a session, oldest first."""
        rows = self._connection.execute(_OF_SESSION, {"session": session_id})
        return [_to_carried_out(row) for row in rows]

    def remove_of_completed(self, kept_for: timedelta) -> int:
        """Forget what is older than this and whose session is completed; return how many.

        What another till removes at the same moment is left to it, so that the two never wait for each other.
        """
        old = (
            select(basket_operations.c.id)
            .join(sessions, sessions.c.id == basket_operations.c.session_id)
            .where(basket_operations.c.created_at < func.clock_timestamp() - kept_for)
            .where(sessions.c.check_out_time < func.clock_timestamp() - kept_for)
            .with_for_update(skip_locked=True, of=basket_operations)
        )
        statement = delete(basket_operations).where(basket_operations.c.id.in_(old))
        return self._connection.execute(statement).rowcount


def _from_line(line: LineBefore | None) -> Mapping[str, Any] | None:
    if line is None:
        return None
    texts = {"product_id": line.product_id, "unit_price": line.unit_price}
    return {**asdict(line), **{name: None if value is None else str(value) for name, value in texts.items()}}


def _to_line(values: Mapping[str, Any] | None) -> LineBefore | None:
    if values is None:
        return None
    product_id = UUID(values["product_id"]) if values["product_id"] is not None else None
    price = values.get("unit_price")
    unit_price = None if price is None else Decimal(price)
    return LineBefore(**{**values, "product_id": product_id, "unit_price": unit_price})


def _to_carried_out(row: AnyRow) -> CarriedOut:
    changes = {UUID(product): pieces for product, pieces in row.changes.items()}
    effect = Effect(changes, row.item_id, _to_line(row.before))
    return CarriedOut(row.id, row.session_id, row.kind, row.content, effect)
