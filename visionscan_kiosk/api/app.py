"""Puts the facade together. Whoever calls hands over how to open the shop; nothing is opened before start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, suppress

import anyio.to_thread
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Lifespan

from visionscan_kiosk import __version__
from visionscan_kiosk.api.access import Gate
from visionscan_kiosk.api.body_limits import LimitedBodies
from visionscan_kiosk.api.detections import Detections
from visionscan_kiosk.api.docs_pages import add_docs_pages
from visionscan_kiosk.api.error_handlers import add_error_handlers
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.metrics import Metrics
from visionscan_kiosk.api.observation import ObservedRequests
from visionscan_kiosk.api.openapi import DESCRIPTION, describe
from visionscan_kiosk.api.routers import checkout, health, inventory, sessions
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.services.api_keys import ApiKeyService
from visionscan_kiosk.services.facade import FacadeEquipment
from visionscan_kiosk.services.facade_ports import ApiKey
from visionscan_kiosk.services.idempotency import IdempotencyService

OpenEquipment = Callable[[], AbstractContextManager[FacadeEquipment]]

_CLEAN_UP_EVERY_S = 3600
_ANSWERED_HEADERS = ("ETag", "Retry-After", "X-Request-ID", "Idempotency-Replayed")
_SENT_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "X-API-Key")

_LOG = logging.getLogger(__name__)


def create_app(open_equipment: OpenEquipment, settings: ApiSettings) -> FastAPI:
    """Return the application; it opens the shop when it starts and closes it when it stops."""
    app = FastAPI(
        title="VisionScan Kiosk",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(open_equipment, settings),
    )
    app.state.metrics = Metrics()
    app.state.detections = Detections(settings.parallel_detections)
    for part in (inventory, sessions, checkout, health):  # routes are tried in this order
        app.include_router(part.router)
    add_docs_pages(app)
    add_error_handlers(app)
    describe(app)
    _wrap(app, settings)
    return app


def _wrap(app: FastAPI, settings: ApiSettings) -> None:
    """Add the layers, innermost first."""

    def find_key(token: str) -> ApiKey | None:
        keys: ApiKeyService = app.state.equipment.api_keys
        return keys.find_key(token)

    app.add_middleware(LimitedBodies, settings=settings)
    app.add_middleware(Gate, settings=settings, find_key=find_key)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "PUT", "DELETE"),
            allow_headers=_SENT_HEADERS,
            expose_headers=_ANSWERED_HEADERS,
        )
    app.add_middleware(ObservedRequests, metrics=app.state.metrics)


def _lifespan(open_equipment: OpenEquipment, settings: ApiSettings) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threads = settings.parallel_requests + settings.parallel_detections
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        with ExitStack() as stack:
            equipment = await run_in_threadpool(stack.enter_context, open_equipment())
            app.state.equipment = equipment
            cleaning = asyncio.create_task(_clean_up(equipment.idempotency))
            yield
            cleaning.cancel()
            with suppress(asyncio.CancelledError):
                await cleaning
            app.state.detections.stop()

    return lifespan


async def _clean_up(idempotency: IdempotencyService) -> None:
    """Forget old answers, now and every hour."""
    while True:
        try:
            await run_in_threadpool(idempotency.forget_expired)
        except KioskError as error:
            _LOG.warning("Old answers were not deleted: %s", error)
        await asyncio.sleep(_CLEAN_UP_EVERY_S)
