"""Sales over HTTP."""

from __future__ import annotations

from datetime import datetime

import httpx

from tests.api.conftest import NOBODY, create, movements_of, scan, start, stock_of

Product = dict[str, object]


def test_a_sale_answers_its_receipt_and_takes_the_stock(client: httpx.Client, apple: Product) -> None:
    session = start(client)
    scan(client, session, "red apple", quantity=2)

    answer = client.post(session.replace("/sessions", "/checkout"))

    sale = answer.json()
    assert answer.status_code == 200
    assert sale["session_id"] == session.removeprefix("/sessions/")
    assert sale["items"] == [
        {
            "inventory_id": apple["id"],
            "sku": "APPLE001",
            "name": "Red Apple",
            "quantity": 2,
            "unit_price": 1.25,
            "line_total": 2.5,
        }
    ]
    assert sale["total"] == 2.5
    assert datetime.fromisoformat(sale["completed_at"]).tzinfo is not None
    assert stock_of(client, apple) == 1
    assert movements_of(client, apple) == [("sale", -2), ("opening", 3)]
    sold = client.get(session).json()
    assert (sold["status"], sold["outcome"], sold["total_amount"]) == ("completed", "sold", 2.5)


def test_stock_below_zero_goes_out_and_comes_back(client: httpx.Client, apple: Product) -> None:
    address = f"/inventory/{apple['id']}"
    below = client.put(address, json={"stock": -2})

    assert (below.status_code, below.json()["stock"]) == (200, -2)
    again = client.put(address, json={"stock": client.get(address).json()["stock"], "name": "Red one"})
    assert (again.status_code, again.json()["stock"]) == (200, -2)
    assert movements_of(client, apple)[0] == ("adjustment", -5)
    opening = {"sku": "NEW", "name": "New", "category": "Fruit", "price": 1.25, "stock": -1}
    assert client.post("/inventory", json=opening).status_code == 400


def test_short_stock_names_all_products_and_sells_nothing(client: httpx.Client, apple: Product) -> None:
    pear = create(client, "Pear", stock=5)
    session = start(client)
    scan(client, session, "pear", quantity=6)
    scan(client, session, "red apple", quantity=4)

    answer = client.post(session.replace("/sessions", "/checkout"))

    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "Insufficient stock for Pear. Available: 5, Required: 6",
        "short": [
            {"inventory_id": pear["id"], "name": "Pear", "available": 5, "required": 6},
            {"inventory_id": apple["id"], "name": apple["name"], "available": 3, "required": 4},
        ],
    }
    assert (stock_of(client, apple), stock_of(client, pear)) == (3, 5)


def test_a_refused_sale_is_counted(client: httpx.Client, apple: Product) -> None:
    def counted() -> str:
        lines = client.get("/metrics").text.splitlines()
        return next(line for line in lines if line.startswith("visionscan_stock_conflicts_total"))

    before = counted()
    session = start(client)
    scan(client, session, "red apple", quantity=4)

    client.post(session.replace("/sessions", "/checkout"))

    assert counted() != before


def test_an_empty_basket_an_unmatched_line_and_a_second_sale_are_409(
    client: httpx.Client, apple: Product
) -> None:
    empty, unmatched, sold = start(client), start(client), start(client)
    scan(client, unmatched, "hammer")
    scan(client, sold, "red apple")

    answers = [
        client.post(session.replace("/sessions", "/checkout")) for session in (empty, unmatched, sold, sold)
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 200, 409]
    assert answers[0].json() == {"detail": "The basket is empty"}
    assert "hammer" in answers[1].json()["detail"]
    assert answers[3].json() == {"detail": "Session is not active"}
    assert stock_of(client, apple) == 2


def test_an_unknown_session_is_404_and_a_malformed_id_400(client: httpx.Client) -> None:
    assert client.post(f"/checkout/{NOBODY}").json() == {"detail": "Session not found"}
    assert client.post("/checkout/42").status_code == 400


def test_restock_is_no_session_and_a_session_no_restock(client: httpx.Client, apple: Product) -> None:
    assert client.post("/checkout/restock").status_code == 400
    assert client.get(f"/checkout/restock/{apple['id']}").status_code == 405
