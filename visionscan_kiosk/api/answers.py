"""Answers as bytes, and requests that are carried out once however often they are sent.

The routes build their answers here and not through FastAPI, which would validate them a second time; an
idempotent answer must exist as bytes before its transaction is committed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from visionscan_kiosk.services.facade import FacadeEquipment
from visionscan_kiosk.services.facade_ports import HttpAnswer, KeyedRequest
from visionscan_kiosk.services.kiosk import KioskServices

JSON = "application/json"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Name the request, and a retry within 48 hours gets the same answer again.",
    ),
]


def answer(body: BaseModel, status: int = 200) -> Response:
    """Return a body as JSON."""
    return Response(body.__pydantic_serializer__.to_json(body), status, media_type=JSON)


def equipment_of(request: Request) -> FacadeEquipment:
    """Return what the facade works with; there while the application runs.

    A call and not a FastAPI dependency, which would cost each request as much as its routing.
    """
    found: FacadeEquipment = request.app.state.equipment
    return found


def services_of(request: Request) -> KioskServices:
    """Return the use cases."""
    return equipment_of(request).services


class Once:
    """Carries out the use case of one POST, in the transaction of its key when it has one."""

    def __init__(self, equipment: FacadeEquipment, keyed: KeyedRequest | None) -> None:
        self._equipment = equipment
        self._keyed = keyed

    def __call__(self, use_case: Callable[[KioskServices], BaseModel], status: int = 200) -> Response:
        """Answer what `use_case` returns."""
        if self._keyed is None:
            return answer(use_case(self._equipment.services), status)
        return _replayable(
            self._equipment.idempotency.answer_once(
                self._keyed, lambda services: _kept(use_case(services), status)
            )
        )

    def outside(self, act: Callable[[], BaseModel]) -> Response:
        """Answer what `act` returns, with no transaction open while it runs."""
        if self._keyed is None:
            return answer(act())
        return _replayable(self._equipment.idempotency.answer_outside(self._keyed, lambda: _kept(act(), 200)))


async def once(request: Request, key: IdempotencyKey = None) -> Once:
    """Return how this POST is to be carried out."""
    tools = equipment_of(request)
    if key is None:
        return Once(tools, None)
    fingerprint = hashlib.sha256(request.url.query.encode() + b"\n" + await request.body()).digest()
    credential = request.scope.get("state", {}).get("credential", "")
    return Once(tools, KeyedRequest(f"{credential} {request.url.path}", key, fingerprint))


CarriedOutOnce = Annotated[Once, Depends(once)]


def _kept(body: BaseModel, status: int) -> HttpAnswer:
    return HttpAnswer(status, body.__pydantic_serializer__.to_json(body))


def _replayable(kept: HttpAnswer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if kept.is_replay else None
    return Response(kept.body, kept.status, headers=headers, media_type=JSON)
