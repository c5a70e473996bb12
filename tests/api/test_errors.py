"""Every error in its shape, and nothing of the inside in any of them."""

from __future__ import annotations

import inspect
import json
import logging

import httpx
import pytest

from tests.api.conftest import MakeClient, Surroundings, start
from visionscan_kiosk.api.error_handlers import STATUS_OF
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.request_id import JsonFormatter, RequestIdFilter, begin_request
from visionscan_kiosk.domain import errors
from visionscan_kiosk.domain.errors import DatabaseUnavailable, TransientConflict
from visionscan_kiosk.services.facade import FacadeEquipment, SchemaState


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/inventory", 405),
        ("PATCH", "/sessions/start", 405),
        ("GET", "//", 404),
    ],
)
def test_unknown_routes_and_methods_answer_in_the_same_shape(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)

    assert (answer.status_code, list(answer.json())) == (status, ["detail"])
    assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"detected_name": "x", "confidence": NaN}',
        b'{"detected_name": "x", "confidence": Infinity}',
        b'{"detected_name": "x", "confidence": 2}',
        b'{"detected_name": "x", "confidence": -0.01}',
        b'{"detected_name": "x", "confidence": "0.5"}',
        b'{"detected_name": "x", "quantity": 0}',
        b'{"detected_name": "x", "quantity": 10000}',
        b'{"detected_name": "x", "quantity": 1' + b"0" * 5_000 + b"}",
        b'{"detected_name": "x", "quantity": true}',
        b'{"detected_name": "x", "quantity": 1.5}',
        b'{"detected_name": ""}',
        b'{"detected_name": " \\n\\t "}',
        b'{"detected_name": "a\\u0000b"}',
        b'{"detected_name": "\\ud800"}',
        b'{"detected_name": ["x"]}',
        b'{"detected_name": {"x": 1}}',
        b'{"detected_name": 42}',
        b'{"detected_name": null}',
        b'{"detected_name": "' + b"x" * 900_000 + b'"}',
        b'{"confidence": 0.5}',
    ],
)
def test_what_is_no_scan_is_400_with_a_list_and_writes_nothing(client: httpx.Client, body: bytes) -> None:
    session = start(client)

    answer = client.post(f"{session}/scan", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400, answer.text
    for problem in answer.json()["detail"]:
        assert set(problem) == {"type", "loc", "msg"}
        assert problem["loc"][0] == "body"
    assert len(answer.content) < 1_000, "what was sent is not sent back"
    assert client.get(f"{session}/items").json() == []


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "'; DROP TABLE scan_items; --", "%s %(x)s", "<script>", "ﷺ" * 90]
)
def test_odd_names_are_only_names(client: httpx.Client, name: str) -> None:
    answer = client.post(f"{start(client)}/scan", json={"detected_name": name})

    assert (answer.status_code, answer.json()["detected_name"]) == (200, name)


def test_a_body_that_is_not_json_by_its_type_is_told_so(client: httpx.Client) -> None:
    answer = client.post(f"{start(client)}/scan", content=b'{"detected_name": "x"}')

    assert answer.status_code == 400
    assert "application/json" in answer.json()["detail"][0]["msg"]


def test_a_fault_tells_nothing_of_the_inside(
    make_client: MakeClient,
    equipment: FacadeEquipment,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret plan")

    monkeypatch.setattr(type(equipment.services.inventory), "list_products", fail)
    with make_client(ApiSettings()) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/inventory")

    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal server error"})
    assert "x-request-id" in answer.headers
    assert any("the secret plan" in str(record.exc_info) for record in caplog.records)


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (
            DatabaseUnavailable("The database refused user kiosk at db:5432."),
            "The database is not available. Try again later.",
        ),
        (TransientConflict("Another till is busy. Try again."), "Another till is busy. Try again."),
    ],
)
def test_a_database_that_is_away_is_503_without_its_address(
    client: httpx.Client,
    equipment: FacadeEquipment,
    monkeypatch: pytest.MonkeyPatch,
    error: errors.KioskError,
    detail: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(type(equipment.services.inventory), "list_products", fail)
    answer = client.get("/inventory")

    assert (answer.status_code, answer.json()) == (503, {"detail": detail})
    assert int(answer.headers["retry-after"]) > 0


def test_every_error_of_the_shop_has_a_status() -> None:
    kinds = [
        kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.KioskError)
    ]
    unplaced = {
        kind.__name__
        for kind in kinds
        if next(STATUS_OF[parent] for parent in kind.__mro__ if parent in STATUS_OF) == 500
    }

    assert unplaced == {"KioskError"}


def test_health_stays_as_specified(client: httpx.Client) -> None:
    assert client.get("/health").content == b'{"status":"ok"}'


def test_readiness_tells_each_part(client: httpx.Client, surroundings: Surroundings) -> None:
    def ready() -> tuple[int, list[bool]]:
        answer = client.get("/health/ready")
        parts = answer.json()
        return answer.status_code, [parts[name]["is_ready"] for name in ("database", "migrations", "model")]

    assert ready() == (200, [True, True, True])
    surroundings.model_is_ready = False
    assert ready() == (200, [True, True, False])
    surroundings.schema = SchemaState("0001", "0002")
    assert ready() == (503, [True, False, False])
    surroundings.schema = DatabaseUnavailable("The database at db:5432 is away.")
    assert ready() == (503, [False, False, False])
    assert "db:5432" not in client.get("/health/ready").text


def test_the_log_is_json_with_the_id_of_the_request() -> None:
    begin_request("abc-1")
    record = logging.LogRecord("sqlalchemy.engine", logging.INFO, "", 0, "SELECT %s", ("ä",), None)
    RequestIdFilter().filter(record)

    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["request_id"], line["logger"]) == ("SELECT ä", "abc-1", "sqlalchemy.engine")
