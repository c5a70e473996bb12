"""Answers kept under the key that a client gave to its request."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import idempotency_keys
from visionscan_kiosk.services.facade_ports import HttpAnswer, KeyedRequest, KeyRecord


class SqlIdempotencyRepository:
    """Implements services.ports.IdempotencyRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def try_lock(self, request: KeyedRequest) -> bool:
        """Hold this key until the transaction ends; False when another transaction holds it.

        An advisory lock and not the row's insertion: nobody waits in line for an answer that can be
        fetched later, so a hundred retries do not use up the connections.
        """
        name = f"{request.scope}\n{request.key}".encode()
        number = int.from_bytes(hashlib.sha256(name).digest()[:8], signed=True)
        return bool(self._connection.scalar(select(func.pg_try_advisory_xact_lock(number))))

    def find(self, request: KeyedRequest, lifetime: timedelta, lease: timedelta) -> KeyRecord | None:
        """Return what is known of the key; answers older than `lifetime`, reservations older than `lease`
        count as gone."""
        row = self._connection.execute(
            select(
                idempotency_keys.c.fingerprint,
                idempotency_keys.c.status,
                idempotency_keys.c.body,
                (func.clock_timestamp() - idempotency_keys.c.created_at).label("age"),
            ).where(_is(request))
        ).one_or_none()
        if row is None or row.age > (lease if row.status is None else lifetime):
            return None
        answer = None if row.status is None else HttpAnswer(row.status, bytes(row.body))
        return KeyRecord(bytes(row.fingerprint), answer)

    def reserve(self, request: KeyedRequest) -> None:
        """Mark the key as taken by a request that still runs."""
        self._put(request, None, None)

    def store(self, request: KeyedRequest, answer: HttpAnswer) -> None:
        """Keep the answer."""
        self._put(request, answer.status, answer.body)

    def release(self, request: KeyedRequest) -> None:
        """Free the key again."""
        self._connection.execute(idempotency_keys.delete().where(_is(request)))

    def remove_older_than(self, lifetime: timedelta) -> int:
        """Forget answers that nobody may ask for any more; return how many."""
        statement = idempotency_keys.delete().where(
            idempotency_keys.c.created_at < func.clock_timestamp() - lifetime
        )
        return self._connection.execute(statement).rowcount

    def _put(self, request: KeyedRequest, status: int | None, body: bytes | None) -> None:
        values = {"fingerprint": request.fingerprint, "status": status, "body": body}
        self._connection.execute(
            insert(idempotency_keys)
            .values(scope=request.scope, key=request.key, **values)
            .on_conflict_do_update(
                index_elements=["scope", "key"], set_={**values, "created_at": func.clock_timestamp()}
            )
        )


def _is(request: KeyedRequest) -> ColumnElement[bool]:
    return and_(idempotency_keys.c.scope == request.scope, idempotency_keys.c.key == request.key)
