"""One till's identity is in use in one place: whoever opens the screen holds a lease in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from visionscan_kiosk.domain.errors import TillIdentityInUse, TransientConflict
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

LASTS = timedelta(seconds=60)
"""How long a lease holds that is not renewed, by the database's clock."""


@dataclass(frozen=True, slots=True)
class TillHolder:
    """Who holds a till's identity: `key` is one place (a folder of a machine), the same after a crash.

    `name` and `folder` are for people.
    """

    key: str
    name: str
    folder: str


@dataclass(frozen=True, slots=True)
class TillLease:
    """A lease as the database has it."""

    till_id: str
    holder_key: str
    holder_name: str
    taken_at: datetime
    expires_at: datetime


class TillLeaseRepository(Protocol):
    """One lease a till, by the database's clock."""

    def take(self, till_id: str, holder: TillHolder, lasts: timedelta) -> TillLease | None:
        """Take or renew the lease and return it as it then stands: another's while that one holds.

        None when the other let go at the very moment.
        """

    def release(self, till_id: str, holder: TillHolder) -> None:
        """Give the lease up, if this holder has it."""


class TillLeaseService:
    """Sees to it that two copies of one till's folder never share a basket."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def take(self, till_id: str, holder: TillHolder) -> TillLease:
        """Hold the till's identity for a while; raise TillIdentityInUse when it is held elsewhere.

        The same place takes it again at once, as after a crash. Renewing is taking once more: a lease that
        ran out while the database was away is taken again unless somebody else has it by now.
        """
        with self._unit_of_work() as work:
            lease = work.till_leases.take(till_id, holder, LASTS)
            work.commit()
        if lease is None:
            raise TransientConflict("Another till let go of this till's identity just now. Try again.")
        if lease.holder_key != holder.key:
            raise TillIdentityInUse(lease.holder_name, lease.taken_at, holder.folder)
        return lease

    @retried
    def release(self, till_id: str, holder: TillHolder) -> None:
        """Let go of the identity; one that others hold stays theirs."""
        with self._unit_of_work() as work:
            work.till_leases.release(till_id, holder)
            work.commit()
