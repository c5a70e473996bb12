"""What recognising costs on one core: describing and finding an item, and a shop of 2,000 taught products."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID, uuid4

import numpy as np

from visionscan_kiosk.services.recognition_ports import TaughtPhoto
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate
from visionscan_kiosk.vision.recogniser import PictureEmbedder, TaughtRecogniser
from visionscan_kiosk.vision.recogniser.embedder import DIMENSIONS, PHOTO_VIEWS, QUERY_VIEWS

MANY_PRODUCTS = 2_000
PHOTOS_OF_MANY = 5


class Costs(NamedTuple):
    """CPU milliseconds."""

    describe: float
    compare: float
    teach_one: float
    load: float


def measure(embedder: PictureEmbedder) -> Costs:
    """Print every cost and return those that have an aim."""
    counter = sample_counter()
    finder, gate = CounterItemFinder(), StillSceneGate()
    finder.learn_empty_counter(counter.render_still([], 0))
    frame = counter.render_still(["MILK001", "APPLE001", "COFFEE001", "OIL001"], 1)
    item = finder.find(frame)[0].crop
    print("\nCPU ms")
    _cost("scene gate, a 1280 x 720 frame", lambda: gate.feed(frame, 0.0))
    _cost("four items found and cut out", lambda: finder.find(frame))
    describe = _cost("one item described (recognition)", lambda: embedder.embed_query(item))
    _cost("one photo described (teaching)", lambda: embedder.embed_photo(item), rounds=5)
    return _many_products(describe)


def _many_products(describe: float) -> Costs:
    random, recogniser = np.random.default_rng(1), TaughtRecogniser()
    print(f"\n{MANY_PRODUCTS} made-up products of {PHOTOS_OF_MANY} photos, CPU ms")
    photos = [_made_up(random, product) for product in range(MANY_PRODUCTS) for _ in range(PHOTOS_OF_MANY)]
    load = _cost("load all", lambda: recogniser.load(photos), rounds=1)
    more = [_made_up(random, MANY_PRODUCTS) for _ in range(PHOTOS_OF_MANY)]
    teach = _cost("teach one more", lambda: recogniser.add(more), rounds=1)
    query = more[0].vectors[: len(QUERY_VIEWS)].astype(np.float32)
    compare = _cost("compare one item with all", lambda: recogniser.recognise(query))
    _cost("forget one photo", lambda: recogniser.forget([more[0].id]), rounds=1)
    print(f"  {'megabytes of vectors kept':<44}{recogniser.bytes_kept / 1e6:>9.1f}")
    return Costs(describe, compare, teach, load)


def _made_up(random: np.random.Generator, product: int) -> TaughtPhoto:
    middle = np.random.default_rng(product).normal(size=DIMENSIONS)
    rows = middle + 0.7 * random.normal(size=(len(PHOTO_VIEWS), DIMENSIONS))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return TaughtPhoto(uuid4(), UUID(int=product + 1), rows.astype(np.float16))


def _cost(name: str, work: Callable[[], object], rounds: int = 20) -> float:
    if rounds > 1:
        work()
    started = time.process_time()
    for _ in range(rounds):
        work()
    spent = (time.process_time() - started) * 1000 / rounds
    print(f"  {name:<44}{spent:>9.1f}", flush=True)
    return spent
