"""Who may call: host and origin checks without keys, keys and their scopes with them, and rates."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from visionscan_kiosk.api.error_handlers import problem
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.rate_limits import RateLimit
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.services.facade_ports import ApiKey, ApiScope

FindKey = Callable[[str], ApiKey | None]

OPEN_PATHS = frozenset({"/health", "/health/ready", "/docs", "/redoc", "/openapi.json"})
OPEN_FOLDER = "/docs-assets/"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXY_HEADERS = ("x-forwarded-for", "x-forwarded-host", "forwarded")
_MOST_REMEMBERED = 1000


def needed_scope(method: str, path: str) -> ApiScope:
    """Return which scope a request needs; what is not known needs the highest."""
    if method in _READING:
        return ApiScope.READ
    if path.startswith("/sessions/") or (
        path.startswith("/checkout/") and not path.startswith("/checkout/restock/")
    ):
        return ApiScope.SELL
    return ApiScope.MANAGE


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine and no other."""
    bare = host.strip("[]").lower()
    try:
        return bare == "localhost" or ip_address(bare).is_loopback
    except ValueError:
        return False


class Gate:
    """ASGI middleware: refuses what may not come in, before anything is read or looked up."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, find_key: FindKey) -> None:
        self._app = app
        self._settings = settings
        self._keys = _KnownKeys(find_key, settings.key_memory_s)
        self._local = RateLimit(settings.local_rate)
        self._remote = RateLimit(settings.remote_rate)
        self._refused = RateLimit(settings.refused_rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a refusal, or pass the request on."""
        if scope["type"] == "http":
            refusal = await self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        address = _address(scope)
        too_often = self._too_often(address)
        if too_often is not None:
            return too_often
        if self._settings.requires_key:
            return await self._without_key(scope, headers, address)
        return _from_elsewhere(headers, self._settings.cors_origins)

    def _too_often(self, caller: str) -> Response | None:
        limit = self._local if is_loopback(caller) else self._remote
        wait_s = limit.take(caller)
        return _slow_down(wait_s) if wait_s else None

    async def _without_key(self, scope: Scope, headers: Headers, address: str) -> Response | None:
        if scope["path"] in OPEN_PATHS or scope["path"].startswith(OPEN_FOLDER):
            return None
        wait_s = self._refused.wait_s(address)
        if wait_s:
            return _slow_down(wait_s)
        token = _token(headers)
        try:
            key = await self._keys.find(token) if token else None
        except KioskError:
            return problem(503, "The database is not available. Try again later.", {"Retry-After": "5"})
        if key is None:
            self._refused.take(address)
            return problem(401, "A valid API key is needed.", {"WWW-Authenticate": "Bearer"})
        return self._beyond_scope(scope, key, address)

    def _beyond_scope(self, scope: Scope, key: ApiKey, address: str) -> Response | None:
        scope.setdefault("state", {})["credential"] = key.name
        needed = needed_scope(scope["method"], scope["path"])
        if not key.scope.includes(needed):
            return problem(403, f"This key may only {key.scope}. A key with scope {needed} is needed.")
        limit = self._local if is_loopback(address) else self._remote
        wait_s = limit.take(f"key {key.id}")
        return _slow_down(wait_s) if wait_s else None


class _KnownKeys:
    """Remembers for seconds what the database said of a key, so that not every request asks it."""

    def __init__(self, find_key: FindKey, memory_s: float) -> None:
        self._find_key = find_key
        self._memory_s = memory_s
        self._known: OrderedDict[bytes, tuple[float, ApiKey]] = OrderedDict()

    async def find(self, token: str) -> ApiKey | None:
        """Return the key with this secret; the memory is searched by hash, never by the secret."""
        digest = hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).digest()
        until, known = self._known.get(digest, (0.0, None))
        if known is not None and until > time.monotonic():
            return known
        self._known.pop(digest, None)
        key = await run_in_threadpool(self._find_key, token)
        if key is not None:
            self._known[digest] = (time.monotonic() + self._memory_s, key)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return key


def _from_elsewhere(headers: Headers, allowed: tuple[str, ...]) -> Response | None:
    """Without keys only this machine's own programs are let in, not web pages of others in its browser.

    A page that made its name point to 127.0.0.1 shows in `Host`, another origin in `Origin`.
    """
    host = headers.get("host", "")
    if not is_loopback(_without_port(host)):
        return problem(403, "This host name is not served. Use localhost, or start the server with keys.")
    if any(name in headers for name in _PROXY_HEADERS):
        return problem(403, "Behind a proxy the server must be started with --require-api-key.")
    origin = headers.get("origin")
    if origin is not None and origin not in {*allowed, f"http://{host}", f"https://{host}"}:
        return problem(403, "This origin may not call the server. CORS_ORIGINS lists those that may.")
    return None


def _without_port(host: str) -> str:
    return host[: host.index("]") + 1] if host.startswith("[") and "]" in host else host.partition(":")[0]


def _address(scope: Scope) -> str:
    """Return who calls: an address, for IPv6 its /64 network, which one caller has to itself."""
    client = scope.get("client")
    if client is None:
        return "local socket"
    try:
        address = ip_address(client[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return address.exploded[:19]
    return str(address)


def _token(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def _slow_down(wait_s: int) -> Response:
    return problem(429, f"Too many requests. Try again in {wait_s} s.", {"Retry-After": str(wait_s)})
