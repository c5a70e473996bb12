"""Which aliases were learned from cashiers. The aliases themselves stand with their products."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, any_, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.domain.matching.learned_aliases import LearnedAlias
from visionscan_kiosk.persistence.tables import inventory, learned_aliases


class SqlLearnedAliasRepository:
    """Implements services.ports.LearnedAliasRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Sequence[LearnedAlias]:
        """Return the learned aliases that products still have, newest first."""
        statement = (
            select(
                learned_aliases.c.inventory_id,
                inventory.c.sku,
                inventory.c.name,
                learned_aliases.c.alias,
                learned_aliases.c.created_at,
            )
            .join_from(learned_aliases, inventory, learned_aliases.c.inventory_id == inventory.c.id)
            .where(learned_aliases.c.alias == any_(inventory.c.aliases))
            .order_by(learned_aliases.c.created_at.desc(), learned_aliases.c.alias)
        )
        return [LearnedAlias(*row) for row in self._connection.execute(statement)]

    def add(self, product_id: UUID, alias: str) -> None:
        """Note that this alias was learned."""
        statement = insert(learned_aliases).values(inventory_id=product_id, alias=alias)
        self._connection.execute(statement.on_conflict_do_nothing())

    def remove(self, product_id: UUID, alias: str) -> None:
        """Forget that this alias was learned."""
        self._connection.execute(
            learned_aliases.delete().where(
                learned_aliases.c.inventory_id == product_id, learned_aliases.c.alias == alias
            )
        )
