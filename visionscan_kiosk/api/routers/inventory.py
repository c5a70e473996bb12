"""Products: list, find, create, change; and why their stock is what it is."""

from __future__ import annotations

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from visionscan_kiosk.api.answers import JSON, CarriedOutOnce, answer, services_of
from visionscan_kiosk.api.openapi import may_answer
from visionscan_kiosk.api.schemas.inventory import (
    MOVEMENTS,
    PRODUCTS,
    MovementAnswer,
    ProductAnswer,
    ProductChange,
    ProductCreation,
)
from visionscan_kiosk.services.ports import ProductQuery

router = APIRouter(prefix="/inventory", tags=["inventory"])

_REVALIDATE = "no-cache"


@router.get("", response_model=list[ProductAnswer], responses=may_answer(304, 400))
def list_products(
    request: Request,
    q: Annotated[str, Query(max_length=200, description="Words in SKU, name, alias or barcode.")] = "",
    category: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int | None, Query(ge=1, le=10_000, description="Without it: all.")] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Return products by name."""
    products = services_of(request).inventory.list_products(ProductQuery(q, category, limit, offset))
    body = PRODUCTS.dump_json([ProductAnswer.of(product) for product in products])
    return _unless_known(body, if_none_match)


@router.post("", status_code=201, response_model=ProductAnswer, responses=may_answer(400, 408, 409, 413))
def create_product(body: ProductCreation, once: CarriedOutOnce) -> Response:
    """Create a product."""
    product = body.to_product()
    return once(lambda services: ProductAnswer.of(services.inventory.create_product(product)), 201)


@router.get("/{inventory_id}", response_model=ProductAnswer, responses=may_answer(400, 404))
def get_product(inventory_id: UUID, request: Request) -> Response:
    """Return a product."""
    return answer(ProductAnswer.of(services_of(request).inventory.get_product(inventory_id)))


@router.put("/{inventory_id}", response_model=ProductAnswer, responses=may_answer(400, 404, 408, 409, 413))
def change_product(inventory_id: UUID, body: ProductChange, request: Request) -> Response:
    """Change the fields that are sent and leave the others."""
    return answer(
        ProductAnswer.of(services_of(request).inventory.update_product(inventory_id, body.to_changes()))
    )


@router.get("/{inventory_id}/movements", response_model=list[MovementAnswer], responses=may_answer(400, 404))
def list_movements(
    inventory_id: UUID, request: Request, limit: Annotated[int | None, Query(ge=1, le=10_000)] = None
) -> Response:
    """Return a product's stock movements, newest first."""
    movements = services_of(request).movements.list_movements(inventory_id, limit)
    return Response(
        MOVEMENTS.dump_json([MovementAnswer.of(movement) for movement in movements]), media_type=JSON
    )


def _unless_known(body: bytes, if_none_match: str | None) -> Response:
    """The tag is a hash of the body: right whatever changed a field, and without a counter to contend for."""
    tag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": _REVALIDATE}
    if if_none_match is not None and _names(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def _names(if_none_match: str, tag: str) -> bool:
    """Compare weakly, as RFC 9110 (13.1.2) wants it."""
    named = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return tag in named or "*" in named
