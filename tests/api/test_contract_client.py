"""A client written from the specification alone, run unchanged against a real server process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.api.serving import serving
from tests.waiting import PATIENCE_S

CLIENT = """
import json, sys, urllib.error, urllib.request

BASE = sys.argv[1]

def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)

def expect(status, answer):
    assert answer[0] == status, answer
    return answer[1]

assert expect(200, call("GET", "/health")) == {"status": "ok"}
apple = expect(201, call("POST", "/inventory", {
    "sku": "APPLE001", "name": "Red Apple", "category": "Fruit", "price": 15.50, "stock": 1,
    "aliases": ["rosy apple"]}))
assert set(apple) >= {"id", "sku", "name", "category", "price", "stock", "aliases", "created_at",
                      "updated_at"}
assert apple["price"] == 15.50 and apple["stock"] == 1
assert [p["sku"] for p in expect(200, call("GET", "/inventory"))] == ["APPLE001"]
assert expect(200, call("GET", "/inventory/" + apple["id"])) == apple
renamed = expect(200, call("PUT", "/inventory/" + apple["id"], {"category": "Fresh fruit"}))
assert renamed["category"] == "Fresh fruit" and renamed["price"] == 15.50

session = expect(201, call("POST", "/sessions/start"))
assert set(session) >= {"id", "status", "check_in_time", "check_out_time", "total_amount", "created_at"}
assert session["status"] == "active"
path = "/sessions/" + session["id"]
line = expect(200, call("POST", path + "/scan", {"detected_name": "red apple", "confidence": 0.95}))
assert set(line) >= {"id", "session_id", "inventory_id", "detected_name", "confidence", "quantity",
                     "unit_price", "first_seen", "created_at"}
assert line["inventory_id"] == apple["id"] and line["quantity"] == 1
line = expect(200, call("POST", path + "/scan",
                        {"detected_name": "rosy apple", "confidence": 0.9, "quantity": 2}))
assert line["quantity"] == 3
assert [item["id"] for item in expect(200, call("GET", path + "/items"))] == [line["id"]]
assert expect(200, call("GET", path))["total_amount"] == 46.50

refused = expect(409, call("POST", "/checkout/" + session["id"]))
assert refused == {"detail": "Insufficient stock for Red Apple. Available: 1, Required: 3"}
assert expect(200, call("POST", "/checkout/restock/" + apple["id"], {"quantity": 10}))["stock"] == 11
sale = expect(200, call("POST", "/checkout/" + session["id"]))
assert sale["session_id"] == session["id"] and sale["total"] == 46.50 and len(sale["items"]) == 1
assert expect(200, call("GET", path))["status"] == "completed"
assert expect(200, call("GET", "/inventory/" + apple["id"]))["stock"] == 8
expect(409, call("POST", path + "/end"))

other = "/sessions/" + expect(201, call("POST", "/sessions/start"))["id"]
expect(200, call("POST", other + "/scan", {"detected_name": "zzz unknown", "confidence": 0.9}))
expect(409, call("POST", "/checkout/" + other.rpartition("/")[2]))
ended = expect(200, call("POST", other + "/end"))
assert ended["status"] == "completed" and ended["total_amount"] == 0

expect(400, call("POST", "/inventory", {"sku": "X"}))
expect(400, call("GET", "/sessions/no-uuid"))
expect(404, call("GET", "/sessions/00000000-0000-4000-8000-000000000000"))
expect(409, call("POST", "/inventory", {"sku": "APPLE001", "name": "A", "category": "B", "price": 1}))
expect(400, call("POST", path + "/scan/detect-from-image", {"image_base64": "no picture"}))
assert "/sessions/start" in expect(200, call("GET", "/openapi.json"))["paths"]
print("contract kept")
"""


def test_a_client_of_the_specification_works_unchanged(own_database_url: str, tmp_path: Path) -> None:
    script = tmp_path / "client.py"
    script.write_text(CLIENT)

    with serving(own_database_url, tmp_path / "data") as (address, _):
        done = subprocess.run(
            [sys.executable, str(script), address],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    assert (done.returncode, done.stdout) == (0, "contract kept\n"), done.stderr
