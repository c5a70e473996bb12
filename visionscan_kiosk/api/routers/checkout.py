"""Sales and deliveries."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from visionscan_kiosk.api.answers import CarriedOutOnce
from visionscan_kiosk.api.openapi import may_answer
from visionscan_kiosk.api.schemas.checkout import CheckoutAnswer
from visionscan_kiosk.api.schemas.errors import SaleProblem
from visionscan_kiosk.api.schemas.inventory import ProductAnswer, RestockRequest

router = APIRouter(prefix="/checkout", tags=["checkout"])


@router.post(
    "/{session_id}",
    response_model=CheckoutAnswer,
    responses=may_answer(400, 404, 409, conflict=SaleProblem),
)
def check_out(session_id: UUID, request: Request, once: CarriedOutOnce) -> Response:
    """Sell the basket: all or nothing. Give an `Idempotency-Key` and retry freely: it is sold once."""
    sold = once(lambda services: CheckoutAnswer.of(services.checkout.check_out(session_id)))
    if "idempotency-replayed" not in sold.headers:
        request.app.state.metrics.checkouts.inc()
    return sold


@router.post(
    "/restock/{inventory_id}",
    response_model=ProductAnswer,
    responses=may_answer(400, 404, 408, 409, 413),
)
def restock(inventory_id: UUID, body: RestockRequest, once: CarriedOutOnce) -> Response:
    """Add pieces to a product's stock."""
    return once(
        lambda services: ProductAnswer.of(services.movements.restock(inventory_id, body.quantity, body.note))
    )
