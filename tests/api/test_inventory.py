"""Products over HTTP, by the examples of the specification."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.api.conftest import NOBODY, create, movements_of, stock_of

Product = dict[str, object]
APPLE = {"sku": "APPLE001", "name": "Red Apple", "category": "Fruit", "price": 15.50}


def test_a_created_product_has_the_fields_of_the_specification(client: httpx.Client) -> None:
    answer = client.post("/inventory", json={**APPLE, "stock": 3, "barcodes": ["4006381333931"]})

    product = answer.json()
    assert answer.status_code == 201
    assert {name: product[name] for name in APPLE} == APPLE
    assert b'"price":15.5,' in answer.content
    assert (product["stock"], product["aliases"], product["barcodes"]) == (3, [], ["4006381333931"])
    assert client.get(f"/inventory/{product['id']}").json() == product
    assert movements_of(client, product) == [("opening", 3)]


def test_products_are_listed_by_name_and_can_be_searched(client: httpx.Client) -> None:
    for name, category in (("Pear", "Fruit"), ("Apple", "Fruit"), ("Soap", "Household")):
        create(client, name, category=category)

    def names(query: str = "") -> list[str]:
        return [product["name"] for product in client.get(f"/inventory{query}").json()]

    assert names() == ["Apple", "Pear", "Soap"]
    assert names("?q=pea") == ["Pear"]
    assert names("?category=Household") == ["Soap"]
    assert names("?limit=1&offset=1") == ["Pear"]
    assert names("?q=%00%27%3B--") == []


def test_a_list_that_did_not_change_is_not_sent_again(client: httpx.Client, apple: Product) -> None:
    first = client.get("/inventory")
    tag = first.headers["etag"]

    same = client.get("/inventory", headers={"If-None-Match": f'"other", W/{tag}'})
    client.post(f"/checkout/restock/{apple['id']}", json={"quantity": 1})
    changed = client.get("/inventory", headers={"If-None-Match": tag})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (changed.status_code, changed.json()[0]["stock"]) == (200, 4)


def test_put_changes_what_is_sent_and_leaves_the_rest(client: httpx.Client, apple: Product) -> None:
    answer = client.put(f"/inventory/{apple['id']}", json={"price": 2, "stock": 7})

    assert answer.status_code == 200
    assert answer.json() == {
        **apple,
        "price": 2.0,
        "stock": 7,
        "updated_at": answer.json()["updated_at"],
    }
    assert movements_of(client, apple) == [("adjustment", 4), ("opening", 3)]
    assert client.put(f"/inventory/{apple['id']}", json={}).json()["price"] == 2.0


def test_put_takes_back_what_get_gave(client: httpx.Client, apple: Product) -> None:
    answer = client.put(f"/inventory/{apple['id']}", json={**apple, "aliases": ["braeburn"]})

    assert (answer.status_code, answer.json()["aliases"]) == (200, ["braeburn"])


def test_restocking_adds_and_explains(client: httpx.Client, apple: Product) -> None:
    answer = client.post(f"/checkout/restock/{apple['id']}", json={"quantity": 10, "note": "Monday"})

    assert (answer.status_code, answer.json()["stock"]) == (200, 13)
    newest = client.get(f"/inventory/{apple['id']}/movements").json()[0]
    assert (newest["reason"], newest["change_qty"], newest["note"]) == ("restock", 10, "Monday")
    assert (newest["inventory_id"], newest["session_id"]) == (apple["id"], None)


def test_duplicates_are_refused(client: httpx.Client, apple: Product) -> None:
    create(client, "Pear", barcodes=["4006381333931"])

    same_sku = client.post("/inventory", json=APPLE)
    same_code = client.post("/inventory", json={**APPLE, "sku": "X", "barcodes": ["04006381333931"]})
    renamed = client.put(f"/inventory/{apple['id']}", json={"sku": "PEAR"})

    assert [answer.status_code for answer in (same_sku, same_code, renamed)] == [409, 409, 409]
    assert same_sku.json() == {"detail": "A product with SKU APPLE001 exists already"}
    assert "belongs to another product" in same_code.json()["detail"]
    assert len(client.get("/inventory").json()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"price": -1},
        {"price": 0.125},
        {"price": 1e300},
        {"price": "1.25"},
        {"price": True},
        {"price": None},
        {"stock": -1_000_000_001},
        {"stock": 10**30},
        {"stock": 1.5},
        {"stock": "3"},
        {"stock": True},
        {"name": ""},
        {"name": " "},
        {"name": "x" * 1_000},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"name": None},
        {"name": 3},
        {"sku": "x" * 65},
        {"aliases": "apple"},
        {"aliases": [""]},
        {"aliases": ["x"] * 101},
        {"barcodes": ["4006381333932"]},
        {"barcodes": [4006381333931]},
    ],
)
def test_what_no_product_can_be_is_400_and_changes_nothing(
    client: httpx.Client, apple: Product, wrong: Product
) -> None:
    headers = {"Content-Type": "application/json"}
    created = client.post("/inventory", content=json.dumps({**APPLE, "sku": "NEW", **wrong}), headers=headers)
    changed = client.put(f"/inventory/{apple['id']}", content=json.dumps(wrong), headers=headers)

    for answer in (created, changed):
        assert answer.status_code == 400, answer.text
        (problem, *_) = answer.json()["detail"]
        assert problem["loc"][:2] == ["body", *wrong]
        assert problem["msg"]
    assert client.get("/inventory").json() == [apple]


@pytest.mark.parametrize("wrong", [{"quantity": 0}, {"quantity": 1_000_001}, {"quantity": 1.5}, {}, []])
def test_a_wrong_delivery_is_400(client: httpx.Client, apple: Product, wrong: object) -> None:
    assert client.post(f"/checkout/restock/{apple['id']}", json=wrong).status_code == 400
    assert stock_of(client, apple) == 3


def test_the_stock_has_an_upper_end(client: httpx.Client, apple: Product) -> None:
    client.put(f"/inventory/{apple['id']}", json={"stock": 1_000_000_000})

    assert client.post(f"/checkout/restock/{apple['id']}", json={"quantity": 1}).status_code == 400


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "offset=-1", "q=" + "x" * 201, "limit=99999999999"])
def test_a_wrong_query_is_400(client: httpx.Client, query: str) -> None:
    assert client.get(f"/inventory?{query}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/inventory/{}", None),
        ("PUT", "/inventory/{}", {"price": 1}),
        ("GET", "/inventory/{}/movements", None),
        ("POST", "/checkout/restock/{}", {"quantity": 1}),
    ],
)
def test_an_unknown_product_is_404_and_a_malformed_id_400(
    client: httpx.Client, method: str, path: str, body: object
) -> None:
    unknown = client.request(method, path.format(NOBODY), json=body)

    assert (unknown.status_code, unknown.json()) == (404, {"detail": "Product not found"})
    assert client.request(method, path.format("1 OR 1=1"), json=body).status_code == 400


def test_a_name_with_joiners_is_kept_and_other_controls_are_refused(client: httpx.Client) -> None:
    name = "نیم\u200cچرب 👩\u200d👧"
    product = client.post("/inventory", json={**APPLE, "name": name}).json()

    assert client.get(f"/inventory/{product['id']}").json()["name"] == name
    refused = client.put(f"/inventory/{product['id']}", json={"name": "Mi\u202elk"})
    assert (refused.status_code, "cannot be printed" in refused.text) == (400, True)
