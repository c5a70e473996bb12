"""The empty counter of each till, as its camera last saw it."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import empty_counters


class SqlEmptyCounterRepository:
    """Implements services.empty_counter.EmptyCounterRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, till_id: str) -> bytes | None:
        """Return the picture of a till, None when it has none."""
        wanted = select(empty_counters.c.picture).where(empty_counters.c.till_id == till_id)
        picture = self._connection.execute(wanted).scalar_one_or_none()
        return None if picture is None else bytes(picture)

    def put(self, till_id: str, picture: bytes) -> None:
        """Keep this picture in place of what was there."""
        statement = insert(empty_counters).values(till_id=till_id, picture=picture)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["till_id"],
                set_={"picture": statement.excluded.picture, "learned_at": func.clock_timestamp()},
            )
        )

    def remove(self, till_id: str) -> None:
        """Forget the picture of a till."""
        self._connection.execute(delete(empty_counters).where(empty_counters.c.till_id == till_id))

    def remove_all(self) -> int:
        """Forget the pictures of all tills; return how many there were."""
        return self._connection.execute(delete(empty_counters)).rowcount
