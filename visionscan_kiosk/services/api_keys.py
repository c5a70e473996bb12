"""Keys of HTTP clients: made once, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.facade_ports import ApiKey, ApiScope, FacadeUnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

SHORTEST_TOKEN = 24
_PREFIX = "vsk_"


@dataclass(frozen=True, slots=True)
class KeySeed:
    """A key that the environment brings along."""

    name: str
    scope: ApiScope
    token: str = field(repr=False)


class ApiKeyService:
    """Who may call the HTTP facade from another machine."""

    def __init__(self, unit_of_work: FacadeUnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def create_key(self, name: str, scope: ApiScope) -> tuple[ApiKey, str]:
        """Make a key; return it with its secret text, which cannot be read again later."""
        token = _PREFIX + secrets.token_urlsafe(32)
        with self._unit_of_work() as work:
            key = work.api_keys.add(_clean_name(name), scope, hash_token(token))
            work.commit()
            return key, token

    @retried
    def seed_keys(self, seeds: Iterable[KeySeed]) -> None:
        """Bring the keys of the environment into the database; a revoked one stays revoked."""
        with self._unit_of_work() as work:
            for seed in seeds:
                work.api_keys.put(seed.name, seed.scope, hash_token(seed.token))
            work.commit()

    def list_keys(self) -> Sequence[ApiKey]:
        """Return all keys, also revoked ones, by name."""
        with self._unit_of_work() as work:
            return work.api_keys.list()

    def has_valid_key(self) -> bool:
        """Whether anybody could come in."""
        return any(key.revoked_at is None for key in self.list_keys())

    @retried
    def revoke_key(self, name: str) -> ApiKey:
        """End a key for good; servers that run notice within seconds."""
        with self._unit_of_work() as work:
            key = work.api_keys.revoke(name)
            work.commit()
            return key

    def find_key(self, token: str) -> ApiKey | None:
        """Return the key with this secret text, None when there is none.

        The search is by hash, of which a caller can guess no part; the last comparison takes constant time.
        """
        wanted = hash_token(token)
        with self._unit_of_work().reading() as work:
            found = work.api_keys.find(wanted)
        return found[0] if found is not None and hmac.compare_digest(found[1], wanted) else None


def hash_token(token: str) -> bytes:
    """Return what is kept of a key. The keys are long and random: no salt, no slow hash."""
    return hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).digest()


def read_key_seeds(text: str) -> tuple[KeySeed, ...]:
    """Read `name:scope:secret`, comma-separated; raise InvalidInput without ever repeating a secret."""
    return tuple(_read_seed(part.strip()) for part in text.split(",") if part.strip())


def _read_seed(text: str) -> KeySeed:
    name, _, rest = text.partition(":")
    scope, _, token = rest.partition(":")
    if not token or scope not in set(ApiScope):
        raise InvalidInput(
            "API_KEYS is wrong: write name:scope:secret, comma-separated, with scope read, sell or manage.",
            field="api_keys",
        )
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise InvalidInput(
            f"API_KEYS is wrong: the secret of {name} must have at least {SHORTEST_TOKEN} plain characters.",
            field="api_keys",
        )
    return KeySeed(_clean_name(name), ApiScope(scope), token)


def _clean_name(name: str) -> str:
    text = name.strip()
    if not text or len(text) > 100 or not text.isprintable():
        raise InvalidInput("The name of a key has 1 to 100 printable characters.", field="name")
    return text
