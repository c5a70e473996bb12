"""From errors to answers: the one place that knows which class is which status."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from visionscan_kiosk.api.schemas.errors import ShortProductAnswer
from visionscan_kiosk.domain.errors import (
    Conflict,
    DatabaseUnavailable,
    DetectionCancelled,
    DetectorTimeout,
    InsufficientStock,
    InvalidInput,
    KioskError,
    NotFound,
    TransientConflict,
    Unavailable,
)
from visionscan_kiosk.services.idempotency import RequestInFlight

STATUS_OF: Mapping[type[KioskError], int] = {
    NotFound: 404,
    InvalidInput: 400,
    Conflict: 409,
    DetectorTimeout: 504,
    DetectionCancelled: 503,
    Unavailable: 503,
    KioskError: 500,
}
RETRY_AFTER_S: Mapping[type[KioskError], int] = {
    RequestInFlight: 1,
    TransientConflict: 1,
    DetectionCancelled: 5,
    Unavailable: 5,
}
INTERNAL_ERROR = "Internal server error"

_LOG = logging.getLogger(__name__)


def add_error_handlers(app: FastAPI) -> None:
    """Let every error leave as `{"detail": ...}`."""
    app.add_exception_handler(KioskError, _on_kiosk_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error with one sentence."""
    return JSONResponse({"detail": detail}, status, headers=dict(headers or {}))


def invalid(problems: Iterable[tuple[str, Iterable[str | int], str]]) -> Response:
    """Return a 400 with (type, location, sentence) of everything that is wrong."""
    detail = [{"type": kind, "loc": list(loc), "msg": message} for kind, loc, message in problems]
    return JSONResponse({"detail": detail}, 400)


async def _on_kiosk_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, KioskError):
        raise error
    if isinstance(error, InvalidInput):
        loc = ["body"] if error.field is None else ["body", error.field]
        return invalid([("value_error", loc, str(error))])
    if isinstance(error, InsufficientStock):
        request.app.state.metrics.stock_conflicts.inc()
        return _short(error)
    status = _by_class(STATUS_OF, error) or 500
    if status >= 500:
        _LOG.warning("%s: %s", type(error).__name__, error)
    return problem(status, _sentence(error, status), _retry_after(error))


def _short(error: InsufficientStock) -> Response:
    """The sentence is the specified one, of the first product; several are listed beside it."""
    detail = {"detail": str(error)}
    if len(error.short) == 1:
        return JSONResponse(detail, 409)
    short = [
        ShortProductAnswer(
            inventory_id=product.product_id,
            name=product.name,
            available=product.available,
            required=product.required,
        ).model_dump(mode="json")
        for product in error.short
    ]
    return JSONResponse({**detail, "short": short}, 409)


async def _on_invalid_request(_request: Request, error: Exception) -> Response:
    """Keep type, place and message. What was sent is not sent back: it may be long or secret."""
    if not isinstance(error, RequestValidationError):
        raise error
    return invalid((item["type"], map(_printable, item["loc"]), _message(item)) for item in error.errors())


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 400:
        return invalid([("body_unreadable", ["body"], "The body cannot be read. Send JSON in UTF-8.")])
    return problem(error.status_code, error.detail, error.headers)


def _sentence(error: KioskError, status: int) -> str:
    """The database's sentences are for who runs the shop: they name hosts and users."""
    if status == 500:
        return INTERNAL_ERROR
    if isinstance(error, DatabaseUnavailable):
        return "The database is not available. Try again later."
    return str(error)


def _retry_after(error: KioskError) -> dict[str, str]:
    seconds = _by_class(RETRY_AFTER_S, error)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def _by_class(table: Mapping[type[KioskError], int], error: KioskError) -> int | None:
    return next((table[kind] for kind in type(error).__mro__ if kind in table), None)


def _message(item: Mapping[str, Any]) -> str:
    is_no_object = item["type"] == "model_attributes_type" and tuple(item["loc"]) == ("body",)
    return "Send a JSON object with Content-Type: application/json." if is_no_object else str(item["msg"])


def _printable(part: str | int) -> str | int:
    return part.encode("utf-8", errors="replace").decode() if isinstance(part, str) else part
