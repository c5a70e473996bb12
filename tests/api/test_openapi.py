"""The description of the facade is complete, true and does not change by accident."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import create, scan, start
from visionscan_kiosk.api.app import create_app
from visionscan_kiosk.api.facade_settings import ApiSettings

SNAPSHOT = Path(__file__).parent / "openapi.json"
"""Written by `python -m tests.api.test_openapi` after a change that is meant."""

SPECIFIED = {
    "POST /sessions/start",
    "GET /sessions/{session_id}",
    "POST /sessions/{session_id}/end",
    "POST /sessions/{session_id}/scan",
    "GET /sessions/{session_id}/items",
    "POST /sessions/{session_id}/scan/detect-from-image",
    "GET /inventory",
    "POST /inventory",
    "GET /inventory/{inventory_id}",
    "PUT /inventory/{inventory_id}",
    "POST /checkout/{session_id}",
    "POST /checkout/restock/{inventory_id}",
    "GET /health",
}


def describe() -> dict[str, Any]:
    schema = create_app(lambda: pytest.fail("not opened"), ApiSettings()).openapi()
    schema["info"]["version"] = "any"
    return schema


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return describe()


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_the_description_is_the_committed_one(schema: dict[str, Any]) -> None:
    assert schema == json.loads(SNAPSHOT.read_text()), "run `python -m tests.api.test_openapi` if it is meant"


def test_every_specified_route_is_described(schema: dict[str, Any]) -> None:
    assert set(operations(schema)) >= SPECIFIED


def test_no_route_claims_422_and_each_tells_its_errors(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema).items():
        statuses = set(operation["responses"])
        assert "422" not in statuses, name
        assert statuses >= {"401", "403", "429", "500", "503"}, name
        if "{" in name:
            assert {"400", "404"} <= statuses, name
        if "requestBody" in operation:
            assert {"400", "408", "413"} <= statuses, name
        assert operation["summary"], name


def test_every_post_takes_an_idempotency_key(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema).items():
        takes_one = any(part["name"] == "Idempotency-Key" for part in operation.get("parameters", ()))
        assert takes_one == name.startswith("POST"), name


def test_money_is_described_as_a_number(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    for name, field in (
        ("ProductAnswer", "price"),
        ("ProductCreation", "price"),
        ("SessionAnswer", "total_amount"),
    ):
        assert parts[name]["properties"][field]["type"] == "number", name


def test_answers_have_exactly_the_described_fields(client: httpx.Client, schema: dict[str, Any]) -> None:
    product = create(client, "Red Apple", stock=3)
    session = start(client)
    line = scan(client, session, "apple")
    sale = client.post(session.replace("/sessions", "/checkout")).json()
    movement = client.get(f"/inventory/{product['id']}/movements").json()[0]

    described = schema["components"]["schemas"]
    for name, answer in (
        ("ProductAnswer", product),
        ("SessionAnswer", client.get(session).json()),
        ("ScanAnswer", line),
        ("LineAnswer", client.get(f"{session}/items").json()[0]),
        ("CheckoutAnswer", sale),
        ("SoldLine", sale["items"][0]),
        ("MovementAnswer", movement),
    ):
        assert set(answer) == set(described[name]["properties"]) == set(described[name]["required"]), name


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
FIELDS = [
    "detected_name",
    "confidence",
    "quantity",
    "inventory_id",
    "image_base64",
    "sku",
    "name",
    "category",
    "price",
    "stock",
    "aliases",
    "barcodes",
    "note",
]
WILD_IDS = st.text(st.characters(exclude_characters="/.", exclude_categories=["Cs"]), min_size=1, max_size=12)
BODIES = JSON_VALUES | st.dictionaries(st.sampled_from(FIELDS), JSON_VALUES, max_size=6)


def test_no_body_is_a_fault_of_the_server(client: httpx.Client, schema: dict[str, Any]) -> None:
    """Whatever is sent to whichever route: the answer has a described status and never is a 500."""
    product, session = create(client, "Red Apple"), start(client)
    line = scan(client, session, "red apple")
    ids = {"session_id": session.rpartition("/")[2], "inventory_id": product["id"], "item_id": line["id"]}
    routes = {name: found for name, found in operations(schema).items() if "requestBody" in found}

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sorted(routes)), BODIES, WILD_IDS | st.none())
    def send(name: str, body: object, wild: str | None) -> None:
        operation, (method, path) = routes[name], name.split()
        filled = re.sub(r"{(\w+)}", lambda part: quote(str(ids[part[1]] if wild is None else wild)), path)
        answer = client.request(
            method, filled, content=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        assert str(answer.status_code) in {*operation["responses"], "405"}, (answer.status_code, answer.text)
        assert answer.status_code != 500
        if answer.status_code >= 400:
            assert answer.json()["detail"]

    send()


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(describe(), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
