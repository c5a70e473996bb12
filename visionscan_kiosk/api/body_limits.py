"""Bodies are limited in size and time while they come in, whatever their head says."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visionscan_kiosk.api.error_handlers import problem
from visionscan_kiosk.api.facade_settings import ApiSettings

_PICTURE_ROUTE = "/scan/detect-from-image"
_CLOSE = {"Connection": "close"}


class LimitedBodies:
    """ASGI middleware: 413 for a body that is too large, 408 for one that does not come."""

    def __init__(self, app: ASGIApp, settings: ApiSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse at once what says it is too large, and count the rest."""
        if scope["type"] != "http" or not _may_have_body(scope):
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        if _announced(scope) > limit:
            await problem(413, _too_large(limit), _CLOSE)(scope, receive, send)
            return
        body = _CountedBody(receive, limit, self._settings.body_timeout_s)
        await self._app(scope, body.receive, send)

    def _limit(self, path: str) -> int:
        is_picture = path.endswith(_PICTURE_ROUTE)
        return self._settings.largest_picture_body_bytes if is_picture else self._settings.largest_body_bytes


class _CountedBody:
    """Raises HTTPException from `receive`; FastAPI turns it into the answer."""

    def __init__(self, receive: Receive, limit: int, timeout_s: float) -> None:
        self._receive = receive
        self._limit = limit
        self._timeout_s = timeout_s
        self._deadline: float | None = None
        self._size = 0
        self._is_complete = False

    async def receive(self) -> Message:
        """Return the next piece; once the body is complete, wait for the disconnect without a limit."""
        if self._is_complete:
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._deadline = self._deadline or loop.time() + self._timeout_s
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The body did not arrive in time.", _CLOSE) from None
        self._count(message)
        return message

    def _count(self, message: Message) -> None:
        self._size += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        if self._size > self._limit:
            raise HTTPException(413, _too_large(self._limit), _CLOSE)


def _may_have_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _announced(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length[:20]) if length.isdigit() else 0


def _too_large(limit: int) -> str:
    return f"The body is too large. At most {limit:,} bytes are taken."
