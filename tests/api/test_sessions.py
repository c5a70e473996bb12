"""Scan sessions over HTTP, by the examples of the specification."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from tests.api.conftest import NOBODY, create, movements_of, scan, start, stock_of

Product = dict[str, object]


def test_a_started_session_has_the_fields_of_the_specification(client: httpx.Client) -> None:
    answer = client.post("/sessions/start")

    assert answer.status_code == 201
    session = answer.json()
    assert set(session) == {
        "id",
        "status",
        "check_in_time",
        "check_out_time",
        "total_amount",
        "created_at",
        "outcome",
        "till_id",
    }
    assert (session["status"], session["total_amount"], session["outcome"]) == ("active", 0.0, None)
    assert datetime.fromisoformat(session["check_in_time"]).tzinfo is not None
    assert client.get(f"/sessions/{session['id']}").json() == session


def test_a_scan_answers_the_line_as_it_now_stands(client: httpx.Client, apple: Product) -> None:
    session = start(client)

    first = scan(client, session, "red apple", confidence=0.95)
    again = scan(client, session, "rosy apple", confidence=0.5, quantity=2)

    assert (first["inventory_id"], first["sku"], first["unit_price"]) == (apple["id"], "APPLE001", 1.25)
    assert (first["match_method"], first["match_score"], first["needs_confirmation"]) == ("name", 1.0, False)
    assert (again["id"], again["quantity"]) == (first["id"], 3)
    assert (again["detected_name"], again["confidence"]) == ("rosy apple", 0.5)
    assert again["first_seen"] == first["first_seen"]
    assert client.get(session).json()["total_amount"] == 3.75


def test_the_price_of_a_line_is_that_of_its_first_scan(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    scan(client, session, "red apple")

    client.put(f"/inventory/{apple['id']}", json={"price": 9.99})

    assert scan(client, session, "red apple")["unit_price"] == 1.25


def test_an_ambiguous_name_takes_the_best_or_asks_when_told_to(client: httpx.Client, apple: Product) -> None:
    create(client, "Green Apple")
    session = start(client)

    taken = scan(client, session, "apple")
    asked = client.post(f"{session}/scan?on_ambiguous=ask", json={"detected_name": "apple"}).json()

    assert taken["inventory_id"] is not None
    assert taken["needs_confirmation"] is True
    assert (asked["inventory_id"], asked["name"], asked["sku"], asked["unit_price"]) == (None,) * 4
    assert (asked["match_method"], asked["needs_confirmation"]) == ("none", True)
    assert {candidate["name"] for candidate in asked["candidates"]} == {"Red Apple", "Green Apple"}


def test_another_size_is_never_taken(client: httpx.Client) -> None:
    create(client, "Whole Milk 1 l")
    session = start(client)

    assert scan(client, session, "Whole Milk 2 l")["inventory_id"] is None


def test_an_unmatched_text_adds_to_its_own_line(client: httpx.Client, apple: Product) -> None:
    session = start(client)

    first = scan(client, session, "hammer")
    second = scan(client, session, "Hammer")

    assert (first["id"], second["quantity"]) == (second["id"], 2)
    assert client.get(session).json()["total_amount"] == 0


def test_lines_come_in_order_of_first_sight(client: httpx.Client, apple: Product) -> None:
    create(client, "Banana")
    session = start(client)
    for name in ("banana", "red apple", "banana"):
        scan(client, session, name)

    lines = client.get(f"{session}/items").json()

    assert [(line["name"], line["quantity"]) for line in lines] == [("Banana", 2), ("Red Apple", 1)]


def test_a_line_gets_another_quantity_and_product(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    line = scan(client, session, "hammer")

    answer = client.put(f"{session}/items/{line['id']}", json={"inventory_id": apple["id"], "quantity": 2})

    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["quantity"]) == ("Red Apple", 2)
    assert client.get(session).json()["total_amount"] == 2.5


def test_assigning_a_product_that_has_a_line_merges_the_two(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    line = scan(client, session, "red apple")
    unmatched = scan(client, session, "hammer", quantity=2)

    answer = client.put(f"{session}/items/{unmatched['id']}", json={"inventory_id": apple["id"]})

    assert (answer.json()["id"], answer.json()["quantity"]) == (line["id"], 3)
    assert len(client.get(f"{session}/items").json()) == 1


def test_a_deleted_line_is_gone(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    line = scan(client, session, "red apple")

    deleted = client.delete(f"{session}/items/{line['id']}")

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.get(f"{session}/items").json() == []
    assert client.delete(f"{session}/items/{line['id']}").status_code == 404


def test_an_ended_session_sold_nothing(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    scan(client, session, "red apple")

    ended = client.post(f"{session}/end")

    assert ended.status_code == 200
    assert (ended.json()["status"], ended.json()["outcome"], ended.json()["total_amount"]) == (
        "completed",
        "ended",
        0.0,
    )
    assert stock_of(client, apple) == 3
    assert movements_of(client, apple) == [("opening", 3)]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/end", None),
        ("POST", "/scan", {"detected_name": "red apple"}),
        ("PUT", "/items/{item}", {"quantity": 2}),
        ("DELETE", "/items/{item}", None),
    ],
)
def test_a_completed_session_stays_as_it_is(
    client: httpx.Client, apple: Product, method: str, path: str, body: object
) -> None:
    session = start(client)
    line = scan(client, session, "red apple")
    client.post(f"{session}/end")

    answer = client.request(method, session + path.format(item=line["id"]), json=body)

    assert (answer.status_code, answer.json()) == (409, {"detail": "Session is not active"})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/end", None),
        ("GET", "/items", None),
        ("POST", "/scan", {"detected_name": "x"}),
        ("PUT", f"/items/{NOBODY}", {"quantity": 2}),
        ("DELETE", f"/items/{NOBODY}", None),
        ("POST", "/scan/detect-from-image", {"image_base64": "AAAA"}),
    ],
)
def test_an_unknown_session_is_404_and_a_malformed_id_400(
    client: httpx.Client, method: str, path: str, body: object
) -> None:
    unknown = client.request(method, f"/sessions/{NOBODY}{path}", json=body)
    malformed = client.request(method, f"/sessions/not-an-id{path}", json=body)

    assert (unknown.status_code, unknown.json()) == (404, {"detail": "Session not found"})
    assert malformed.status_code == 400
    assert malformed.json()["detail"][0]["loc"] == ["path", "session_id"]


def test_an_unknown_line_or_product_is_404(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    line = scan(client, session, "red apple")

    assert client.put(f"{session}/items/{NOBODY}", json={"quantity": 2}).json() == {
        "detail": "Item not found"
    }
    answer = client.put(f"{session}/items/{line['id']}", json={"inventory_id": NOBODY})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Product not found"})
