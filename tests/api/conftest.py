"""The facade on the real database: through its application object, and on a real port."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import cv2
import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from tests.conftest import build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.waiting import PATIENCE_S
from visionscan_kiosk.api.app import create_app
from visionscan_kiosk.api.embedded_server import EmbeddedServer
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.domain.errors import DatabaseUnavailable, DetectorTimeout, DetectorUnavailable
from visionscan_kiosk.persistence.answer_watch import WATCH_NAME
from visionscan_kiosk.services.api_keys import ApiKeyService
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.facade import FacadeEquipment, SchemaState
from visionscan_kiosk.services.idempotency import IdempotencyService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.vision.pictures import decode_picture

MakeClient = Callable[[ApiSettings], AbstractContextManager[httpx.Client]]


class Surroundings:
    """What the tests change around the facade: the model's and the database's health."""

    def __init__(self) -> None:
        self.schema: SchemaState | DatabaseUnavailable = SchemaState("0002", "0002")
        self.model_is_ready = True

    def check_schema(self) -> SchemaState:
        if isinstance(self.schema, DatabaseUnavailable):
            raise self.schema
        return self.schema

    def check_model(self) -> DetectorHealth:
        return DetectorHealth(self.model_is_ready, "in words", "fake-detector")


class _NothingYet:
    """Stands in until the first test brings its equipment."""

    class idempotency:  # noqa: N801 - the name of the field
        @staticmethod
        def forget_expired() -> int:
            return 0


class FailingDetector(FakePictureDetector):
    """Eyes that can fail: raises `error` when it is set."""

    error: DetectorUnavailable | DetectorTimeout | None = None

    def name_products(self, *arguments: object) -> object:  # type: ignore[override]
        if self.error is not None:
            raise self.error
        return super().name_products(*arguments)  # type: ignore[arg-type]


@pytest.fixture
def picture_detector() -> FailingDetector:
    return FailingDetector()


@pytest.fixture
def surroundings() -> Surroundings:
    return Surroundings()


@pytest.fixture
def equipment(
    engine: Engine,
    services: KioskServices,
    unit_of_work: UnitOfWorkFactory,
    picture_detector: FailingDetector,
    surroundings: Surroundings,
) -> FacadeEquipment:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM api_keys; DELETE FROM idempotency_keys"))
    return FacadeEquipment(
        services=services,
        idempotency=IdempotencyService(
            unit_of_work,  # type: ignore[arg-type] # the real unit of work has both parts
            lambda factory: build_services(factory, picture_detector),
        ),
        api_keys=ApiKeyService(unit_of_work),  # type: ignore[arg-type] # as above
        decode_picture=lambda data: decode_picture(data, max_bytes=2_000_000, max_pixels=4_000_000),
        check_schema=surroundings.check_schema,
        check_model=surroundings.check_model,
    )


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[FastAPI, str]]:
    """One server for all tests that need no settings of their own; each test gives it its own equipment."""
    settings = ApiSettings()
    app = create_app(lambda: nullcontext(_NothingYet()), settings)  # type: ignore[arg-type] # replaced below
    with EmbeddedServer(app, settings, "127.0.0.1", 0) as server:
        yield app, server.url


@pytest.fixture
def client(_served: tuple[FastAPI, str], equipment: FacadeEquipment) -> Iterator[httpx.Client]:
    """A client of a real server on loopback without keys, as on the till's own machine."""
    app, url = _served
    app.state.equipment = equipment
    with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def make_client(equipment: FacadeEquipment) -> MakeClient:
    """A client of a server with settings of its own."""

    @contextmanager
    def make(settings: ApiSettings) -> Iterator[httpx.Client]:
        app = create_app(lambda: nullcontext(equipment), settings)
        with (
            EmbeddedServer(app, settings, "127.0.0.1", 0) as server,
            httpx.Client(base_url=server.url, timeout=PATIENCE_S) as client,
        ):
            yield client

    return make


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """The shared server keeps its workers, the shared engine its watch; every other thread must end."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name not in {"AnyIO worker thread", WATCH_NAME}:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), f"{thread.name} still runs"


@pytest.fixture
def picture() -> str:
    """A small PNG as base64."""
    image = np.full((40, 60, 3), 200, np.uint8)
    return base64.b64encode(cv2.imencode(".png", image)[1].tobytes()).decode()


@pytest.fixture
def apple(client: httpx.Client) -> dict[str, object]:
    return create(client, "Red Apple", sku="APPLE001", price=1.25, stock=3, aliases=["rosy apple"])


def create(client: httpx.Client, name: str, **fields: object) -> dict[str, object]:
    """Create a product through the client."""
    body = {"sku": name.upper().replace(" ", "-"), "name": name, "category": "Fruit", "price": 1.25, **fields}
    answer = client.post("/inventory", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def start(client: httpx.Client) -> str:
    """Start a session and return its address."""
    answer = client.post("/sessions/start")
    assert answer.status_code == 201, answer.text
    return f"/sessions/{answer.json()['id']}"


def scan(client: httpx.Client, session: str, name: str, **fields: object) -> dict[str, object]:
    answer = client.post(f"{session}/scan", json={"detected_name": name, **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def stock_of(client: httpx.Client, product: dict[str, object]) -> int:
    return int(client.get(f"/inventory/{product['id']}").json()["stock"])


def movements_of(client: httpx.Client, product: dict[str, object]) -> list[tuple[str, int]]:
    answer = client.get(f"/inventory/{product['id']}/movements")
    return [(movement["reason"], movement["change_qty"]) for movement in answer.json()]


NOBODY = "00000000-0000-4000-8000-000000000000"
