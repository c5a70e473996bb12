"""A request that its client named is carried out once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.api.conftest import FailingDetector, MakeClient, create, movements_of, scan, start, stock_of
from tests.waiting import wait_until
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.services.facade import FacadeEquipment
from visionscan_kiosk.services.facade_ports import ApiScope, HttpAnswer, KeyedRequest
from visionscan_kiosk.services.idempotency import RequestInFlight
from visionscan_kiosk.services.ports import UnitOfWorkFactory

Product = dict[str, object]
KEY = {"Idempotency-Key": "sale-1"}


def test_a_repeated_sale_gets_the_same_bytes(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    scan(client, session, "red apple")
    path = session.replace("/sessions", "/checkout")

    first, second = client.post(path, headers=KEY), client.post(path, headers=KEY)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert movements_of(client, apple) == [("sale", -1), ("opening", 3)]


def test_every_post_is_carried_out_once(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    requests = [
        ("/sessions/start", None),
        (f"{session}/scan", {"detected_name": "red apple"}),
        ("/inventory", {"sku": "P", "name": "Pear", "category": "Fruit", "price": 1}),
        (f"/checkout/restock/{apple['id']}", {"quantity": 5}),
        (session.replace("/sessions", "/checkout"), None),
        (f"{start(client)}/end", None),
    ]

    for path, body in requests:
        answers = [client.post(path, json=body, headers=KEY) for _ in range(3)]
        assert len({(answer.status_code, answer.content) for answer in answers}) == 1, path
        assert answers[0].status_code in {200, 201}
    assert stock_of(client, apple) == 7
    assert len(client.get("/inventory").json()) == 2


def test_the_key_of_another_body_is_409(client: httpx.Client, apple: Product) -> None:
    path = f"/checkout/restock/{apple['id']}"
    client.post(path, json={"quantity": 5}, headers=KEY)

    other = client.post(path, json={"quantity": 6}, headers=KEY)

    assert other.status_code == 409
    assert "another request" in other.json()["detail"]
    assert stock_of(client, apple) == 8


def test_another_route_may_use_the_same_key(client: httpx.Client, apple: Product) -> None:
    pear = create(client, "Pear", stock=0)
    for product in (apple, pear):
        client.post(f"/checkout/restock/{product['id']}", json={"quantity": 5}, headers=KEY)

    assert (stock_of(client, apple), stock_of(client, pear)) == (8, 5)


def test_an_error_leaves_the_key_free(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    path = session.replace("/sessions", "/checkout")

    empty = client.post(path, headers=KEY)
    scan(client, session, "red apple")
    sold = client.post(path, headers=KEY)

    assert (empty.status_code, sold.status_code) == (409, 200)


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb"])
def test_a_key_that_is_none_is_400(client: httpx.Client, key: str) -> None:
    assert client.post("/sessions/start", headers={"Idempotency-Key": key}).status_code == 400


def test_a_hundred_parallel_retries_sell_once(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    scan(client, session, "red apple", quantity=2)
    path = session.replace("/sessions", "/checkout")

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: client.post(path, headers=KEY), range(100)))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 409}
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    assert client.post(path, headers=KEY).status_code == 200
    assert movements_of(client, apple) == [("sale", -2), ("opening", 3)]


def test_without_a_key_parallel_sales_of_one_basket_sell_once_too(
    client: httpx.Client, apple: Product
) -> None:
    session = start(client)
    scan(client, session, "red apple")
    path = session.replace("/sessions", "/checkout")

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(answer.status_code for answer in pool.map(lambda _: client.post(path), range(8)))

    assert statuses == {200: 1, 409: 7}
    assert stock_of(client, apple) == 2


def test_a_request_in_flight_is_409_with_retry_after(
    client: httpx.Client, apple: Product, equipment: FacadeEquipment, unit_of_work: UnitOfWorkFactory
) -> None:
    path = f"/checkout/restock/{apple['id']}"
    with unit_of_work() as work:
        work.idempotency.try_lock(KeyedRequest(f" {path}", "sale-1", b""))  # type: ignore[attr-defined]
        waiting = client.post(path, json={"quantity": 5}, headers=KEY)
    done = client.post(path, json={"quantity": 5}, headers=KEY)

    assert (waiting.status_code, waiting.headers["retry-after"]) == (409, "1")
    assert (done.status_code, stock_of(client, apple)) == (200, 8)


def test_a_detection_in_flight_is_409_until_its_lease_ends(
    client: httpx.Client,
    picture: str,
    engine: Engine,
    equipment: FacadeEquipment,
    picture_detector: FailingDetector,
) -> None:
    request = KeyedRequest("somebody", "look-1", b"")
    entered: list[str] = []

    def act() -> HttpAnswer:
        entered.append("first")
        with pytest.raises(RequestInFlight):
            equipment.idempotency.answer_outside(request, act)
        _age(engine, timedelta(minutes=6))
        return equipment.idempotency.answer_outside(request, lambda: HttpAnswer(200, b"second"))

    assert equipment.idempotency.answer_outside(request, act).body == b"second"
    assert entered == ["first"]


def test_an_answer_is_kept_for_48_hours(client: httpx.Client, apple: Product, engine: Engine) -> None:
    path = f"/checkout/restock/{apple['id']}"
    client.post(path, json={"quantity": 5}, headers=KEY)

    _age(engine, timedelta(hours=47))
    kept = client.post(path, json={"quantity": 5}, headers=KEY)
    _age(engine, timedelta(hours=2))
    forgotten = client.post(path, json={"quantity": 5}, headers=KEY)

    assert "idempotency-replayed" in kept.headers
    assert "idempotency-replayed" not in forgotten.headers
    assert stock_of(client, apple) == 13


def test_old_answers_are_deleted(client: httpx.Client, equipment: FacadeEquipment, engine: Engine) -> None:
    client.post("/sessions/start", headers=KEY)
    _age(engine, timedelta(hours=49))
    client.post("/sessions/start", headers={"Idempotency-Key": "new"})

    assert equipment.idempotency.forget_expired() == 1


def test_two_credentials_do_not_share_keys(make_client: MakeClient, equipment: FacadeEquipment) -> None:
    tokens = [equipment.api_keys.create_key(name, ApiScope.SELL)[1] for name in ("one", "two")]

    with make_client(ApiSettings(requires_key=True)) as client:
        answers = [
            client.post("/sessions/start", headers={**KEY, "Authorization": f"Bearer {token}"})
            for token in tokens
        ]

    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_use_case_that_must_be_repeated_is_repeated_inside(
    client: httpx.Client, apple: Product, engine: Engine
) -> None:
    """A lock that another till holds for a while makes the sale wait, not fail."""
    session = start(client)
    scan(client, session, "red apple")
    with engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("SELECT 1 FROM inventory_master FOR UPDATE"))
        sale = pool.submit(client.post, session.replace("/sessions", "/checkout"), headers=KEY)
        _wait_for_a_second_try(engine)
        assert not sale.done()
        other.rollback()
        assert sale.result().status_code == 200
    assert movements_of(client, apple) == [("sale", -1), ("opening", 3)]


def _wait_for_a_second_try(engine: Engine) -> None:
    """Return when somebody waits for a lock who waited for it before, in vain."""
    waiting = text("SELECT pid, query_start FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    tries: set[tuple[object, ...]] = set()

    def look() -> bool:
        with engine.connect() as connection:
            tries.update(tuple(row) for row in connection.execute(waiting))
        return len(tries) > 1

    wait_until(look)


def _age(engine: Engine, by: timedelta) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE idempotency_keys SET created_at = created_at - :by"), {"by": by})
