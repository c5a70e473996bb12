"""Which place each till's identity is in use at; the database's clock decides, not the tills'."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import AnyRow, till_leases
from visionscan_kiosk.services.till_lease import TillHolder, TillLease

_LEASE = (
    till_leases.c.till_id,
    till_leases.c.holder,
    till_leases.c.holder_name,
    till_leases.c.taken_at,
    till_leases.c.expires_at,
)
_LONGEST_NAME = 200


class SqlTillLeaseRepository:
    """Implements services.till_lease.TillLeaseRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, till_id: str, holder: TillHolder, lasts: timedelta) -> TillLease | None:
        """Take or renew the lease and return it as it then stands: another's while that one holds.

        One statement decides: two machines that take it at the same moment meet at the row. None when the
        other let go between that and the look at it.
        """
        now = func.clock_timestamp()
        row = {
            "till_id": till_id,
            "holder": holder.key,
            "holder_name": holder.name[:_LONGEST_NAME],
            "taken_at": now,
            "renewed_at": now,
            "expires_at": now + lasts,
        }
        new = insert(till_leases).values(row)
        is_own = till_leases.c.holder == holder.key
        statement = new.on_conflict_do_update(
            index_elements=["till_id"],
            set_={**row, "taken_at": case((is_own, till_leases.c.taken_at), else_=now)},
            where=or_(is_own, till_leases.c.expires_at <= now),
        ).returning(*_LEASE)
        taken = self._connection.execute(statement).one_or_none()
        return self._get(till_id) if taken is None else _to_lease(taken)

    def release(self, till_id: str, holder: TillHolder) -> None:
        """Give the lease up, if this holder has it."""
        self._connection.execute(
            delete(till_leases).where(till_leases.c.till_id == till_id, till_leases.c.holder == holder.key)
        )

    def _get(self, till_id: str) -> TillLease | None:
        row = self._connection.execute(select(*_LEASE).where(till_leases.c.till_id == till_id)).one_or_none()
        return None if row is None else _to_lease(row)


def _to_lease(row: AnyRow) -> TillLease:
    return TillLease(row.till_id, row.holder, row.holder_name, row.taken_at, row.expires_at)
