"""How the facade is, for machines that watch it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from visionscan_kiosk.api.answers import answer, equipment_of
from visionscan_kiosk.api.metrics import MEDIA_TYPE
from visionscan_kiosk.api.openapi import may_answer
from visionscan_kiosk.api.schemas.health import Alive, Part, ReadinessAnswer
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.services.facade import FacadeEquipment

router = APIRouter(tags=["health"])

_UNKNOWN = Part(is_ready=False, message="cannot be read while the database is away")


@router.get("/health", response_model=Alive, responses=may_answer())
async def health() -> Response:
    """Tell that the process answers."""
    return answer(Alive())


@router.get(
    "/health/ready",
    response_model=ReadinessAnswer,
    responses=may_answer() | {503: {"model": ReadinessAnswer, "description": "The shop cannot sell now."}},
)
def ready(request: Request) -> Response:
    """Tell how database, tables and model are; 503 when the shop cannot sell."""
    tools = equipment_of(request)
    database, migrations = _database(tools)
    can_sell = database.is_ready and migrations.is_ready
    readiness = ReadinessAnswer(
        status="ready" if can_sell else "unavailable",
        database=database,
        migrations=migrations,
        model=_model(tools),
    )
    return answer(readiness, 200 if can_sell else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses=may_answer() | {200: {"content": {MEDIA_TYPE: {}}, "description": "Counts and times."}},
)
def metrics(request: Request) -> Response:
    """Return what was counted, for Prometheus."""
    return Response(request.app.state.metrics.as_text(), headers={"Content-Type": MEDIA_TYPE})


def _database(tools: FacadeEquipment) -> tuple[Part, Part]:
    try:
        schema = tools.check_schema()
    except KioskError:
        return Part(is_ready=False, message="away"), _UNKNOWN
    words = "current" if schema.is_current else f"at {schema.present}, {schema.needed} is needed"
    return Part(is_ready=True, message="ok"), Part(is_ready=schema.is_current, message=words)


def _model(tools: FacadeEquipment) -> Part:
    """The model's own words name addresses, and this route is open to all."""
    is_ready = tools.check_model().is_ready
    return Part(is_ready=is_ready, message="ok" if is_ready else "away")
