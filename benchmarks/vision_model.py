"""What the till adds to a vision model's own time. There is no model here: a scripted server answers.

Run by hand: `python -m benchmarks.vision_model [QUESTIONS]`. Rows: the request without any thinking time, the
first product against the whole answer of a server that writes a token every 20 ms, a model that rests, and
the short-list of a shop with 10,000 products. Seconds of real models are for `try-model` to say.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.ollama_stand_in import OllamaStandIn, refuses, says
from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import DetectedCandidate, Detection
from visionscan_kiosk.domain.errors import DetectorUnavailable
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.services.vision_model_short_list import short_list
from visionscan_kiosk.settings import load_settings
from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaServer

QUESTIONS = 20
PRODUCTS = 10_000
NAMES = [f"Product number {number} 250 g" for number in range(80)]
FOUND = {
    "products": [
        {"name": f"Found {number}", "brand": "", "size": "", "quantity": 1, "confidence": 90 - number}
        for number in range(4)
    ]
}
Row = tuple[str, list[float]]


def main() -> None:
    questions = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    with OllamaStandIn() as server:
        rows = [*_requests(server, questions), *_first(server, max(2, questions // 5)), _resting(server)]
    rows.append(_short_list(questions))
    table = Table("", "wall ms, median", "p95", "n")
    for title, seconds in rows:
        ordered = sorted(seconds)
        p95 = ordered[max(0, round(0.95 * len(ordered)) - 1)]
        table.add_row(
            title, f"{statistics.median(ordered) * 1000:.1f}", f"{p95 * 1000:.1f}", str(len(ordered))
        )
    Console().print(table)


def _requests(server: OllamaStandIn, questions: int) -> list[Row]:
    server.will(says(json.dumps(FOUND)))
    asked, picture = _detector(server), _picture()
    asked.name_products(picture, NAMES, CancelToken())
    processor = time.process_time()
    wall = [_timed(lambda: asked.name_products(picture, NAMES, CancelToken())) for _ in range(questions)]
    per_question = (time.process_time() - processor) / questions
    return [
        ("a question answered at once, 1280x720", wall),
        ("the same, CPU of till and stand-in", [per_question]),
    ]


def _first(server: OllamaStandIn, questions: int) -> list[Row]:
    server.will(says(json.dumps(FOUND), between_s=0.02))
    asked, picture = _detector(server), _picture()
    first: list[float] = []
    whole: list[float] = []
    for _ in range(questions):
        started = time.perf_counter()

        def tell(_seen: Detection, started: float = started) -> None:
            first.append(time.perf_counter() - started)

        asked.name_products(picture, NAMES, CancelToken(), tell)
        whole.append(time.perf_counter() - started)
    return [("four products dripping: the first one told", first), ("four products dripping: all", whole)]


def _resting(server: OllamaStandIn) -> Row:
    server.will(refuses(400, "no"))
    asked, picture = _detector(server), _picture()
    times = [_timed(lambda: _failing(asked, picture)) for _ in range(13)]
    return "skipping a model that rests", times[3:]


def _failing(asked: OllamaDetector, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    try:
        asked.name_products(picture, NAMES, CancelToken())
    except DetectorUnavailable:
        return


def _short_list(questions: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root the server runs as another user
        with open_shop(load_settings(Path(folder) / "data")) as shop:
            goods = [
                NewProduct(f"SKU-{number}", f"Product {number}", f"Category {number % 40}", Decimal(1), 1)
                for number in range(PRODUCTS)
            ]
            with shop.unit_of_work() as work:
                work.products.upsert_many(goods)
                work.commit()
            likely = [
                DetectedCandidate(product.id, product.sku, product.name, 0.5)
                for product in shop.services.inventory.list_best_sellers(5)
            ]

            def make() -> None:
                with shop.unit_of_work() as work:
                    short_list(work.products, likely)

            return f"short-list among {PRODUCTS} products", [_timed(make) for _ in range(questions)]


def _detector(server: OllamaStandIn) -> OllamaDetector:
    return OllamaDetector(OllamaServer(server.endpoint), "llava-phi3", answer_timeout_s=60)


def _picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 255, (720, 1280, 3), np.uint8)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
