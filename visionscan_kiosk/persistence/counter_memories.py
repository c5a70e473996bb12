"""What each till knew of the pieces on its counter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import counter_memories
from visionscan_kiosk.services.counter_memory import KeptMemory


class SqlCounterMemoryRepository:
    """Implements services.counter_memory.CounterMemoryRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, till_id: str) -> KeptMemory | None:
        """Return what is kept of a till, None when it is nothing."""
        age = func.extract("epoch", func.clock_timestamp() - counter_memories.c.kept_at)
        wanted = select(counter_memories.c.session_id, counter_memories.c.content, age.label("age_s"))
        row = self._connection.execute(wanted.where(counter_memories.c.till_id == till_id)).one_or_none()
        return None if row is None else KeptMemory(row.session_id, row.content, float(row.age_s))

    def put(self, till_id: str, session_id: UUID, content: Mapping[str, Any]) -> None:
        """Keep this in place of what was there."""
        statement = insert(counter_memories).values(till_id=till_id, session_id=session_id, content=content)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["till_id"],
                set_={
                    "session_id": statement.excluded.session_id,
                    "content": statement.excluded.content,
                    "kept_at": func.clock_timestamp(),
                },
            )
        )
