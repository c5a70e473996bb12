"""Pictures over HTTP."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from tests.api.conftest import FailingDetector, start
from visionscan_kiosk.domain.errors import DetectorTimeout, DetectorUnavailable

Product = dict[str, object]


def detect(client: httpx.Client, session: str, picture: str, **headers: str):  # type: ignore[no-untyped-def]
    return client.post(f"{session}/scan/detect-from-image", json={"image_base64": picture}, headers=headers)


def test_a_known_code_is_matched_and_the_basket_stays_empty(
    client: httpx.Client, picture_detector: FailingDetector, picture: str
) -> None:
    product = client.post(
        "/inventory",
        json={"sku": "M", "name": "Milk", "category": "D", "price": 1, "barcodes": ["4006381333931"]},
    ).json()
    picture_detector.show_barcode("4006381333931")
    session = start(client)

    answer = detect(client, session, picture)

    body = answer.json()
    assert (answer.status_code, body["model_used"]) == (200, "barcode")
    assert isinstance(body["processing_time_ms"], int)
    (seen,) = body["results"]
    assert (seen["inventory_id"], seen["name"], seen["sku"]) == (product["id"], "Milk", "M")
    assert (seen["confidence"], seen["quantity"], seen["matched_from"]) == (1.0, 1, "4006381333931")
    assert (seen["decision"], seen["source"], seen["box"]) == ("matched", "barcode", [0, 0, 100, 50])
    assert client.get(f"{session}/items").json() == []


def test_a_named_thing_offers_candidates_and_an_unknown_one_says_what_was_read(
    client: httpx.Client, apple: Product, picture_detector: FailingDetector, picture: str
) -> None:
    picture_detector.show_name("red apple", confidence=0.9, quantity=2)
    picture_detector.show_name("hammer")

    known, unknown = detect(client, start(client), picture).json()["results"]

    assert (known["name"], known["quantity"], known["decision"]) == ("Red Apple", 2, "ask")
    assert known["candidates"][0]["inventory_id"] == apple["id"]
    assert (unknown["inventory_id"], unknown["name"], unknown["sku"]) == (None, None, None)
    assert (unknown["decision"], unknown["matched_from"]) == ("unmatched", "hammer")


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_pictures_come_as_png_jpeg_or_webp_bare_or_as_a_data_url(
    client: httpx.Client, kind: str, prefix: str
) -> None:
    data = cv2.imencode(kind, np.full((30, 30, 3), 90, np.uint8))[1].tobytes()
    text = base64.encodebytes(data).decode()

    assert detect(client, start(client), prefix + text).status_code == 200


def png_bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 30,000 x 30,000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        "AAAA",
        "AAA",
        "data:text/plain;base64,AAAA",
        "data:image/png;base64,",
        "http://127.0.0.1:1/picture.png",
        "\0",
        base64.b64encode(png_bomb()).decode(),
        base64.b64encode(b"GIF89a" + b"\0" * 50).decode(),
        base64.b64encode(b"PK\x03\x04" + b"\0" * 50).decode(),
    ],
)
def test_what_is_no_picture_is_400_with_a_sentence(client: httpx.Client, text: str) -> None:
    answer = detect(client, start(client), text)

    assert answer.status_code == 400, answer.text
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["body", "image_base64"]


def test_a_text_that_names_a_file_is_not_read(client: httpx.Client, picture: str, tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(base64.b64decode(picture))

    for text in (str(path), f"file://{path}", f"data:image/png;base64,{path}"):
        assert detect(client, start(client), text).status_code == 400


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DetectorUnavailable("The model is away."), 503),
        (DetectorTimeout("The model is too slow."), 504),
    ],
)
def test_a_model_that_is_away_is_503_and_a_slow_one_504(
    client: httpx.Client,
    picture_detector: FailingDetector,
    picture: str,
    error: DetectorUnavailable,
    status: int,
) -> None:
    picture_detector.error = error

    answer = detect(client, start(client), picture)

    assert (answer.status_code, answer.json()) == (status, {"detail": str(error)})
    assert answer.headers["retry-after"]


def test_a_detection_with_a_key_is_replayed_and_an_error_leaves_the_key_free(
    client: httpx.Client, picture_detector: FailingDetector, picture: str
) -> None:
    session, key = start(client), {"Idempotency-Key": "look-1"}
    picture_detector.error = DetectorUnavailable("away")
    assert detect(client, session, picture, **key).status_code == 503
    picture_detector.error = None

    first = detect(client, session, picture, **key)
    picture_detector.show_name("hammer")
    second = detect(client, session, picture, **key)

    assert (first.status_code, first.json()["results"]) == (200, [])
    assert (second.content, second.headers["idempotency-replayed"]) == (first.content, "true")
    assert detect(client, session, picture + "AAAA", **key).status_code == 409


def test_a_body_beyond_the_picture_limit_is_413(client: httpx.Client) -> None:
    answer = detect(client, start(client), "A" * 35_000_000)

    assert answer.status_code == 413
