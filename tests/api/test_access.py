"""Who may call the facade."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import MakeClient
from tests.waiting import wait_until
from visionscan_kiosk.api.access import is_loopback, needed_scope
from visionscan_kiosk.api.app import create_app
from visionscan_kiosk.api.facade_settings import ApiSettings, Rate
from visionscan_kiosk.api.rate_limits import RateLimit
from visionscan_kiosk.services.facade import FacadeEquipment
from visionscan_kiosk.services.facade_ports import ApiScope

WITH_KEYS = ApiSettings(requires_key=True, key_memory_s=0)


@pytest.fixture
def keyed(make_client: MakeClient) -> Iterator[httpx.Client]:
    with make_client(WITH_KEYS) as client:
        yield client


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "LOCALHOST"])
def test_without_keys_this_machine_is_served(client: httpx.Client, host: str) -> None:
    assert client.get("/inventory", headers={"Host": f"{host}:8000"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1", "", "127.0.0.1.nip.io"]
)
def test_a_name_that_was_made_to_point_here_is_refused(client: httpx.Client, host: str) -> None:
    answer = client.post("/sessions/start", headers={"Host": host})

    assert (answer.status_code, "host name" in answer.json()["detail"]) == (403, True)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999"])
def test_a_web_page_of_another_origin_is_refused(client: httpx.Client, origin: str) -> None:
    answer = client.post("/sessions/start", headers={"Origin": origin})

    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_pages_may_call(client: httpx.Client) -> None:
    origin = str(client.base_url).rstrip("/")

    assert client.post("/sessions/start", headers={"Origin": origin}).status_code == 201


def test_behind_a_proxy_keys_are_needed(client: httpx.Client) -> None:
    answer = client.get("/inventory", headers={"X-Forwarded-For": "203.0.113.9"})

    assert (answer.status_code, "--require-api-key" in answer.json()["detail"]) == (403, True)


def test_listed_origins_may_call_and_others_may_not(make_client: MakeClient) -> None:
    allowed, foreign = "https://shop.example", "https://evil.example"
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "idempotency-key"}

    with make_client(ApiSettings(cors_origins=(allowed,))) as client:
        preflight = client.options("/sessions/start", headers={"Origin": allowed, **asking})
        called = client.post("/sessions/start", headers={"Origin": allowed})
        refused = client.options("/sessions/start", headers={"Origin": foreign, **asking})
        foreign_call = client.post("/sessions/start", headers={"Origin": foreign})

    assert preflight.headers["access-control-allow-origin"] == allowed
    assert (called.status_code, called.headers["access-control-allow-origin"]) == (201, allowed)
    assert "access-control-allow-origin" not in refused.headers
    assert foreign_call.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer vsk_wrong"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"X-API-Key": "' OR 1=1 --"},
        {"X-API-Key": "ü".encode()},
    ],
)
def test_without_a_valid_key_nothing_is_told(keyed: httpx.Client, headers: dict[str, str]) -> None:
    answer = keyed.get("/inventory", headers=headers)

    assert (answer.status_code, answer.json()) == (401, {"detail": "A valid API key is needed."})
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/health", "/docs", "/redoc", "/openapi.json", "/docs-assets/start.js"])
def test_health_and_documentation_are_open(keyed: httpx.Client, path: str) -> None:
    assert keyed.get(path).status_code == 200


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [(ApiScope.READ, [200, 403, 403]), (ApiScope.SELL, [200, 201, 403]), (ApiScope.MANAGE, [200, 201, 400])],
)
def test_a_key_reaches_as_far_as_its_scope(
    keyed: httpx.Client, equipment: FacadeEquipment, scope: ApiScope, statuses: list[int]
) -> None:
    _, token = equipment.api_keys.create_key("web", scope)
    headers = {"Authorization": f"Bearer {token}"}

    answers = [
        keyed.get("/inventory", headers=headers),
        keyed.post("/sessions/start", headers={"X-API-Key": token}),
        keyed.post("/inventory", headers=headers, json={}),
    ]

    assert [answer.status_code for answer in answers] == statuses


def test_a_revoked_key_is_refused(keyed: httpx.Client, equipment: FacadeEquipment) -> None:
    _, token = equipment.api_keys.create_key("web", ApiScope.READ)
    headers = {"X-API-Key": token}
    assert keyed.get("/inventory", headers=headers).status_code == 200

    equipment.api_keys.revoke_key("web")

    assert keyed.get("/inventory", headers=headers).status_code == 401


def test_guessing_keys_is_slowed_down(make_client: MakeClient, equipment: FacadeEquipment) -> None:
    _, token = equipment.api_keys.create_key("web", ApiScope.READ)
    with make_client(ApiSettings(requires_key=True, refused_rate=Rate(0.01, 3))) as client:
        statuses = [
            client.get("/inventory", headers={"X-API-Key": f"guess-{n}"}).status_code for n in range(5)
        ]
        other = client.get("/inventory", headers={"X-API-Key": token, "X-Forwarded-For": "203.0.113.9"})

    assert statuses == [401, 401, 401, 429, 429]
    assert other.status_code == 200


def test_another_machine_is_limited_and_told_when_to_come_back(
    make_client: MakeClient, equipment: FacadeEquipment
) -> None:
    _, token = equipment.api_keys.create_key("web", ApiScope.READ)
    with make_client(ApiSettings(requires_key=True, remote_rate=Rate(0.01, 4))) as client:
        headers = {"X-API-Key": token, "X-Forwarded-For": "203.0.113.9"}
        answers = [client.get("/inventory", headers=headers) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0


def test_no_secret_reaches_the_log(
    keyed: httpx.Client, equipment: FacadeEquipment, caplog: pytest.LogCaptureFixture
) -> None:
    _, token = equipment.api_keys.create_key("web", ApiScope.READ)
    with caplog.at_level(logging.DEBUG):
        keyed.get("/inventory?q=hidden", headers={"X-API-Key": token})
        keyed.get("/inventory", headers={"X-API-Key": "wrong-secret"})
        wait_until(lambda: "GET /inventory 401" in _written(caplog))

    assert not any(secret in _written(caplog) for secret in (token, "wrong-secret", "hidden"))


def _written(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the program logged; a request is logged after its answer is on the way."""
    others = ("http", "uvicorn.access")  # the client's own; and a log that is off, but pytest listens to it
    ours = [record for record in caplog.records if not record.name.startswith(others)]
    return " ".join(f"{record.getMessage()} {getattr(record, 'fields', '')}" for record in ours)


def test_every_route_needs_a_scope_and_changes_of_products_the_highest() -> None:
    app = create_app(lambda: pytest.fail("not opened"), ApiSettings())
    needed = {
        (method.upper(), path): needed_scope(method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }

    assert {scope for (method, _), scope in needed.items() if method == "GET"} == {ApiScope.READ}
    managing = {path for path, scope in needed.items() if scope is ApiScope.MANAGE}
    assert managing == {
        ("POST", "/inventory"),
        ("PUT", "/inventory/{inventory_id}"),
        ("POST", "/checkout/restock/{inventory_id}"),
    }


def test_security_headers_are_on_every_answer(client: httpx.Client) -> None:
    for path in ("/health", "/inventory", "/nowhere", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers
    assert client.get("/inventory", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert client.get("/inventory", headers={"X-Request-ID": "a b"}).headers["x-request-id"] != "a b"


def test_a_bucket_fills_up_again_and_forgets_the_longest_unseen() -> None:
    now = [0.0]
    limit = RateLimit(Rate(per_second=2, burst=2), clock=lambda: now[0])

    assert [limit.take("a") for _ in range(3)] == [0, 0, 1]
    now[0] = 0.5
    assert [limit.take("a"), limit.take("a"), limit.take("b")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("shop", False),
    ],
)
def test_what_counts_as_this_machine(host: str, is_this_machine: bool) -> None:
    assert is_loopback(host) is is_this_machine
