"""What only the use cases behind HTTP need from persistence, as Protocols and plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from visionscan_kiosk.services.ports import UnitOfWork


class ApiScope(StrEnum):
    """What an HTTP client may do. Each scope includes the ones before it."""

    READ = "read"
    SELL = "sell"
    MANAGE = "manage"

    def includes(self, needed: ApiScope) -> bool:
        """Whether a key with this scope may do what needs `needed`."""
        order = list(ApiScope)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an HTTP client; the secret itself is kept nowhere."""

    id: UUID
    name: str
    scope: ApiScope
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request that its client named: `scope` is who asks what, `fingerprint` a hash of what was sent."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer of success as it went out; `is_replay` when it is given once more."""

    status: int
    body: bytes
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is known of a key; no answer while its request still runs."""

    fingerprint: bytes
    answer: HttpAnswer | None


class ApiKeyRepository(Protocol):
    """Keys of HTTP clients, as SHA-256 hashes."""

    def add(self, name: str, scope: ApiScope, token_hash: bytes) -> ApiKey:
        """Keep a new key; raise Conflict when the name is taken."""

    def put(self, name: str, scope: ApiScope, token_hash: bytes) -> None:
        """Create the key or bring it up to date by name; a revoked one stays as it is."""

    def find(self, token_hash: bytes) -> tuple[ApiKey, bytes] | None:
        """Return the valid key with this hash and the hash as it is kept, None when there is none."""

    def list(self) -> Sequence[ApiKey]:
        """Return all keys, also revoked ones, by name."""

    def revoke(self, name: str) -> ApiKey:
        """End a key for good; raise NotFound."""


class IdempotencyRepository(Protocol):
    """Answers kept under the key that a client gave to its request."""

    def try_lock(self, request: KeyedRequest) -> bool:
        """Hold this key until the transaction ends; False when another transaction holds it."""

    def find(self, request: KeyedRequest, lifetime: timedelta, lease: timedelta) -> KeyRecord | None:
        """Return what is known; answers older than `lifetime`, reservations than `lease` count as gone."""

    def reserve(self, request: KeyedRequest) -> None:
        """Mark the key as taken by a request that still runs."""

    def store(self, request: KeyedRequest, answer: HttpAnswer) -> None:
        """Keep the answer."""

    def release(self, request: KeyedRequest) -> None:
        """Free the key again."""

    def remove_older_than(self, lifetime: timedelta) -> int:
        """Forget answers that nobody may ask for any more; return how many."""


class FacadeUnitOfWork(UnitOfWork, Protocol):
    """A unit of work that also holds what only the HTTP facade needs."""

    @property
    def api_keys(self) -> ApiKeyRepository:
        """Keys of HTTP clients in this transaction."""

    @property
    def idempotency(self) -> IdempotencyRepository:
        """Kept answers in this transaction."""

    def nested(self) -> UnitOfWork:
        """Return a unit of work inside this one: its commit becomes permanent with this one's."""


FacadeUnitOfWorkFactory = Callable[[], FacadeUnitOfWork]
