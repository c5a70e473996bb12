"""The description of the facade, made to say what really happens."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from visionscan_kiosk.api.access import OPEN_PATHS
from visionscan_kiosk.api.schemas.errors import InvalidRequest, Problem

Responses = dict[int | str, dict[str, Any]]

_MEANINGS = {
    304: "Nothing changed since the answer with this ETag.",
    401: "No valid API key, where the server asks for one.",
    403: "The key's scope does not reach this far, or a foreign host or origin asks a server without keys.",
    404: "Nothing has this id.",
    408: "The body did not arrive in time.",
    409: "Does not fit the present state, or the Idempotency-Key is in use.",
    413: "The body is too large.",
    429: "Too many requests; `Retry-After` says when to try again.",
    500: "A fault of the server.",
    503: "The database or the vision model is away.",
    504: "The vision model was too slow.",
}
_ALWAYS = (401, 403, 429, 500, 503)

DESCRIPTION = """\
Other software drives the use cases of the till. Money is a JSON number, ids are UUIDs, times are ISO 8601
with zone. Every POST takes an `Idempotency-Key`. Errors are `{"detail": ...}`: a sentence, for 400 a list."""


def may_answer(*statuses: int, conflict: type[Problem] = Problem) -> Responses:
    """Return the errors of a route besides those that every route may answer; `conflict` is its 409."""
    problems: Responses = {
        status: {"model": conflict if status == 409 else Problem, "description": _MEANINGS[status]}
        for status in sorted({*statuses, *_ALWAYS} - {400, 304})
    }
    if 304 in statuses:
        problems[304] = {"description": _MEANINGS[304]}
    if 400 in statuses:
        problems[400] = {"model": InvalidRequest, "description": "What was sent cannot be accepted."}
    return problems


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` return the mended description."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _mended(
                get_openapi(
                    title=app.title, version=app.version, description=app.description, routes=app.routes
                )
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # the way FastAPI documents


def _mended(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop the 422 that never comes, and name the ways to bring a key."""
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            if path in OPEN_PATHS:
                operation["security"] = []
    components = schema["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "Bearer": {"type": "http", "scheme": "bearer"},
        "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    schema["security"] = [{"Bearer": []}, {"ApiKey": []}, {}]
    return schema
