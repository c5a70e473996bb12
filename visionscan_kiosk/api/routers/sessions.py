"""Scan sessions: start, scan, correct, end; and pictures."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from visionscan_kiosk.api.answers import JSON, CarriedOutOnce, answer, equipment_of, services_of
from visionscan_kiosk.api.openapi import may_answer
from visionscan_kiosk.api.schemas.detection import DetectionAnswer, PictureRequest
from visionscan_kiosk.api.schemas.sessions import (
    LINES,
    LineAnswer,
    LineChange,
    ScanAnswer,
    ScanRequest,
    SessionAnswer,
)
from visionscan_kiosk.domain.scan_session import ScannedLine

router = APIRouter(prefix="/sessions", tags=["sessions"])


class OnAmbiguous(StrEnum):
    """What to do with a name that fits several products."""

    TAKE = "take"
    ASK = "ask"


@router.post("/start", status_code=201, response_model=SessionAnswer, responses=may_answer(400, 409))
def start_session(once: CarriedOutOnce) -> Response:
    """Start a scan session."""
    return once(lambda services: SessionAnswer.of(services.sessions.start_session()), 201)


@router.get("/{session_id}", response_model=SessionAnswer, responses=may_answer(400, 404))
def get_session(session_id: UUID, request: Request) -> Response:
    """Return a session."""
    return answer(SessionAnswer.of(services_of(request).sessions.get_session(session_id)))


@router.post("/{session_id}/end", response_model=SessionAnswer, responses=may_answer(400, 404, 409))
def end_session(session_id: UUID, once: CarriedOutOnce) -> Response:
    """Close a session without a sale: total 0, no stock movement."""
    return once(lambda services: SessionAnswer.of(services.sessions.end_session(session_id)))


@router.post("/{session_id}/scan", response_model=ScanAnswer, responses=may_answer(400, 404, 408, 409, 413))
def scan(
    session_id: UUID,
    body: ScanRequest,
    request: Request,
    once: CarriedOutOnce,
    on_ambiguous: Annotated[OnAmbiguous, Query()] = OnAmbiguous.TAKE,
) -> Response:
    """Add what was seen to the basket; answer the line as it now stands.

    The best product at or above the threshold is taken unless something rules it out, such as another size.
    With `on_ambiguous=ask` a name that fits several stays unmatched.
    """

    def count(result: ScannedLine) -> ScanAnswer:
        line = ScanAnswer.of_scan(result)
        request.app.state.metrics.scans.labels(line.match_method.value).inc()
        return line

    return once(
        lambda services: count(
            services.sessions.scan_line(
                session_id,
                body.detected_name,
                body.confidence,
                body.quantity,
                ask_when_ambiguous=on_ambiguous is OnAmbiguous.ASK,
            )
        )
    )


@router.get("/{session_id}/items", response_model=list[LineAnswer], responses=may_answer(400, 404))
def list_items(session_id: UUID, request: Request) -> Response:
    """Return the lines in order of first sight."""
    items = services_of(request).sessions.list_items(session_id)
    return Response(LINES.dump_json([LineAnswer.of(item) for item in items]), media_type=JSON)


@router.put(
    "/{session_id}/items/{item_id}",
    response_model=LineAnswer,
    responses=may_answer(400, 404, 408, 409, 413),
)
def change_item(session_id: UUID, item_id: UUID, body: LineChange, request: Request) -> Response:
    """Set a line's quantity, its product, or both. When the product has a line already the two become one."""
    return answer(
        LineAnswer.of(services_of(request).sessions.change_item(session_id, item_id, **body.given()))
    )


@router.delete("/{session_id}/items/{item_id}", status_code=204, responses=may_answer(400, 404, 409))
def remove_item(session_id: UUID, item_id: UUID, request: Request) -> Response:
    """Take a line out of the basket."""
    services_of(request).sessions.remove_item(session_id, item_id)
    return Response(status_code=204)


@router.post(
    "/{session_id}/scan/detect-from-image",
    response_model=DetectionAnswer,
    responses=may_answer(400, 404, 408, 409, 413, 504),
)
def detect_from_image(
    session_id: UUID, body: PictureRequest, request: Request, once: CarriedOutOnce
) -> Response:
    """Name what lies in the picture, best first. The basket stays as it is: post the choice to `scan`."""

    def detect() -> DetectionAnswer:
        services_of(request).sessions.get_session(session_id)
        image = body.to_image(equipment_of(request).decode_picture)
        report = request.app.state.detections.detect(services_of(request).detection, image, session_id)
        request.app.state.metrics.model_seconds.observe(report.processing_time_ms / 1000)
        return DetectionAnswer.of(report)

    return once.outside(detect)
