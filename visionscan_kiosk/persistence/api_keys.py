"""Keys of HTTP clients, as hashes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.domain.errors import Conflict, NotFound
from visionscan_kiosk.persistence.tables import AnyRow, api_keys
from visionscan_kiosk.services.facade_ports import ApiKey, ApiScope

_KEY = (api_keys.c.id, api_keys.c.name, api_keys.c.scope, api_keys.c.created_at, api_keys.c.revoked_at)


class SqlApiKeyRepository:
    """Implements services.ports.ApiKeyRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, scope: ApiScope, token_hash: bytes) -> ApiKey:
        """Keep a new key; raise Conflict when the name (or the key itself) is taken."""
        statement = (
            insert(api_keys)
            .values(name=name, scope=scope, token_hash=token_hash)
            .on_conflict_do_nothing()
            .returning(*_KEY)
        )
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise Conflict(f"There is a key called {name} already. Choose another name.")
        return _to_key(row)

    def put(self, name: str, scope: ApiScope, token_hash: bytes) -> None:
        """Create the key or bring it up to date by name; a revoked one stays as it is."""
        values = {"scope": scope, "token_hash": token_hash}
        self._connection.execute(
            insert(api_keys)
            .values(name=name, **values)
            .on_conflict_do_update(
                index_elements=["name"], set_=values, where=api_keys.c.revoked_at.is_(None)
            )
        )

    def find(self, token_hash: bytes) -> tuple[ApiKey, bytes] | None:
        """Return the valid key with this hash and the hash as it is kept, None when there is none."""
        statement = select(*_KEY, api_keys.c.token_hash).where(
            api_keys.c.token_hash == token_hash, api_keys.c.revoked_at.is_(None)
        )
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else (_to_key(row), bytes(row.token_hash))

    def list(self) -> Sequence[ApiKey]:
        """Return all keys, also revoked ones, by name."""
        statement = select(*_KEY).order_by(api_keys.c.name)
        return [_to_key(row) for row in self._connection.execute(statement)]

    def revoke(self, name: str) -> ApiKey:
        """End a key for good; raise NotFound. A second time changes nothing."""
        statement = (
            api_keys.update()
            .where(api_keys.c.name == name)
            .values(revoked_at=func.coalesce(api_keys.c.revoked_at, func.now()))
            .returning(*_KEY)
        )
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound(f"There is no key called {name}.")
        return _to_key(row)


def _to_key(row: AnyRow) -> ApiKey:
    return ApiKey(row.id, row.name, ApiScope(row.scope), row.created_at, row.revoked_at)
