"""The outermost layer: request ids, log lines, counts, security headers, and a 500 that tells nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visionscan_kiosk.api.error_handlers import INTERNAL_ERROR, problem
from visionscan_kiosk.api.metrics import Metrics
from visionscan_kiosk.api.request_id import begin_request

_LOG = logging.getLogger(__name__)

SECURITY_HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_ROUTINE = frozenset({"GET", "HEAD", "OPTIONS"})
_TLS_HEADER = (b"strict-transport-security", b"max-age=31536000")


class ObservedRequests:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watch = _Watch(scope, send)
        try:
            await self._app(scope, receive, watch.send)
        except Exception:
            _LOG.exception("%s %s failed", scope["method"], scope["path"])
            if watch.status:
                raise
            await problem(500, INTERNAL_ERROR)(scope, receive, watch.send)
        finally:
            watch.report(self._metrics)


class _Watch:
    """One request: adds headers to its answer and remembers the status."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self._request_id = begin_request(Headers(scope=scope).get("x-request-id", ""))
        self.status = 0

    async def send(self, message: Message) -> None:
        """Send on; the head of the answer gets our headers where the route set none of the name."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"] = list(message["headers"])
            present = {name for name, _ in headers}
            headers += [header for header in _RAW_HEADERS if header[0] not in present]
            headers.append((b"x-request-id", self._request_id.encode()))
            if self._scope["scheme"] == "https":
                headers.append(_TLS_HEADER)
        await self._send(message)

    def report(self, metrics: Metrics) -> None:
        """Count the request and write its log line, without the query, which may hold what is secret."""
        seconds = time.perf_counter() - self._started
        route = getattr(self._scope.get("route"), "path", "none")
        metrics.requests.labels(self._scope["method"][:16], route, self.status).inc()
        metrics.seconds.observe(seconds)
        is_routine = self._scope["method"] in _ROUTINE and self.status < 400
        _LOG.log(
            logging.DEBUG if is_routine else logging.INFO,
            "%s %s %d",
            self._scope["method"],
            self._scope["path"],
            self.status,
            extra={
                "fields": {
                    "method": self._scope["method"],
                    "path": self._scope["path"],
                    "status": self.status,
                    "milliseconds": round(seconds * 1000, 1),
                    "client": (self._scope.get("client") or ("",))[0],
                    "key": self._scope.get("state", {}).get("credential", ""),
                }
            },
        )
