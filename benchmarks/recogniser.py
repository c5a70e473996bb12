"""How well taught products are recognised, from a folder of photographs, and what it costs.

`python benchmarks/recogniser.py FOLDER`: `teach/PRODUCT/*.jpg` and `query/PRODUCT/*.jpg`. Without a folder
only the drawn counter and the cost are measured. One thread for pictures; matrices take what BLAS takes, so
set OMP_NUM_THREADS=1 to measure one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import QueryVectors, Recognition, TaughtPhoto, Vectors
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate
from visionscan_kiosk.vision.recogniser import PictureEmbedder, TaughtRecogniser, load_network
from visionscan_kiosk.vision.recogniser.calibration import expected_calibration_error
from visionscan_kiosk.vision.recogniser.embedder import DIMENSIONS

TAUGHT = (3, 5, 10)
DRAWS = 5
LEFT_OUT = 0.25
MANY_PRODUCTS = 2_000
PHOTOS_OF_MANY = 5

Photos = dict[int, list[Vectors]]


class Query(NamedTuple):
    product: int
    vectors: QueryVectors


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said to the queries of taught products and to those of products left out."""

    queries: Sequence[Query]
    answers: Sequence[Recognition]
    taught: frozenset[int]
    estimated_error: float

    def figures(self) -> dict[str, float]:
        is_known = np.array([query.product in self.taught for query in self.queries])
        right = np.array([_rank(answer, query) == 0 for answer, query in self._pairs()])
        within_three = np.array([_rank(answer, query) < 3 for answer, query in self._pairs()])
        sure = np.array([answer.is_sure for answer in self.answers])
        chances = np.array([answer.candidates[0].probability for answer in self.answers])
        familiar = np.array([answer.familiarity for answer in self.answers])
        return {
            "top-1": right[is_known].mean(),
            "top-3": within_three[is_known].mean(),
            "decided": sure[is_known].mean(),
            "right of it": _mean(right[is_known & sure]),
            "cal. error": expected_calibration_error(chances[is_known], right[is_known].astype(float)),
            "own guess": self.estimated_error,
            "AUROC": _auroc(familiar[is_known], familiar[~is_known]),
            "strangers sure": _mean(sure[~is_known]),
        }

    def _pairs(self) -> Iterator[tuple[Recognition, Query]]:
        return zip(self.answers, self.queries, strict=True)


def main(folders: Sequence[str]) -> None:
    cv2.setNumThreads(1)
    embedder = PictureEmbedder(load_network())
    for folder in folders:
        print(f"\n{Path(folder).name}, photographs, mean of {DRAWS} draws")
        _accuracy(*_embedded_folder(Path(folder), embedder))
    print(f"\ndrawn counter, sample shop, mean of {DRAWS} draws")
    _accuracy(*_embedded_counter(embedder))
    _costs(embedder)
    _many_products()


def _accuracy(photos: Photos, queries: Sequence[Query]) -> None:
    for taught in TAUGHT:
        if min(len(shown) for shown in photos.values()) >= taught:
            _row(f"{taught} photos", [_judged(photos, queries, taught, draw, 0.0) for draw in range(DRAWS)])
            name = f"{taught} photos, {LEFT_OUT:.0%} of the products left out"
            _row(name, [_judged(photos, queries, taught, draw, LEFT_OUT) for draw in range(DRAWS)])


def _judged(photos: Photos, queries: Sequence[Query], taught: int, draw: int, left_out: float) -> Judged:
    random = np.random.default_rng(draw)
    products = random.permutation(list(photos))[int(len(photos) * left_out) :]
    chosen = [
        TaughtPhoto(uuid4(), UUID(int=int(product) + 1), photos[int(product)][place])
        for product in products
        for place in random.permutation(len(photos[int(product)]))[:taught]
    ]
    recogniser = TaughtRecogniser()
    recogniser.load(chosen)
    answers = [recogniser.recognise(query.vectors) for query in queries]
    known = frozenset(int(product) for product in products)
    return Judged(queries, answers, known, recogniser.calibration_error or np.nan)


def _row(name: str, draws: Sequence[Judged]) -> None:
    figures = [judged.figures() for judged in draws]
    means = {key: np.nanmean([each[key] for each in figures]) for key in figures[0] if _any(figures, key)}
    print(f"  {name:<44}" + "  ".join(f"{key} {value:.3f}" for key, value in means.items()), flush=True)


def _any(figures: Sequence[dict[str, float]], key: str) -> bool:
    return any(not np.isnan(each[key]) for each in figures)


def _rank(answer: Recognition, query: Query) -> int:
    ids = [candidate.product_id.int - 1 for candidate in answer.candidates]
    return ids.index(query.product) if query.product in ids else len(ids) + 3


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _auroc(known: NDArray[np.float64], unknown: NDArray[np.float64]) -> float:
    if not len(unknown):
        return float("nan")
    pairs = known[:, None] - unknown[None]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def _embedded_folder(folder: Path, embedder: PictureEmbedder) -> tuple[Photos, list[Query]]:
    products = sorted(path.name for path in (folder / "teach").iterdir() if path.is_dir())
    photos = {
        number: [embedder.embed_photo(image) for image in _pictures(folder / "teach" / product)]
        for number, product in enumerate(products)
    }
    queries = [
        Query(number, embedder.embed_query(image))
        for number, product in enumerate(products)
        for image in _pictures(folder / "query" / product)
    ]
    return photos, queries


def _pictures(folder: Path) -> Iterator[Image]:
    for path in sorted(folder.glob("*")):
        picture = cv2.imread(str(path))
        if picture is None:
            print(f"  {path}: cannot be read, skipped")
            continue
        yield np.asarray(picture, np.uint8)


def _embedded_counter(embedder: PictureEmbedder) -> tuple[Photos, list[Query]]:
    counter = sample_counter()
    finder = CounterItemFinder()
    finder.learn_empty_counter(counter.render_still([], 0))
    skus = sorted(path.stem for path in Path("resources/sample_shop/packs").glob("*.png"))
    photos: Photos = {}
    queries: list[Query] = []
    for number, sku in enumerate(skus):
        photos[number] = [embedder.embed_photo(crop) for crop in _crops(counter, finder, sku, range(10))]
        crops = _crops(counter, finder, sku, range(100, 106))
        queries += [Query(number, embedder.embed_query(crop)) for crop in crops]
    return photos, queries


def _crops(
    counter: SimulatedCounter, finder: CounterItemFinder, sku: str, seeds: Sequence[int]
) -> Iterator[Image]:
    """Each time under another light; a pack in pieces counts as its first piece."""
    for seed in seeds:
        light = np.random.default_rng(seed).uniform(0.8, 1.15)
        frame = np.clip(counter.render_still([sku], seed) * light, 0, 255).astype(np.uint8)
        yield finder.find(frame)[0].crop


def _costs(embedder: PictureEmbedder) -> None:
    counter = sample_counter()
    finder, gate = CounterItemFinder(), StillSceneGate()
    finder.learn_empty_counter(counter.render_still([], 0))
    frame = counter.render_still(["MILK001", "APPLE001", "COFFEE001", "OIL001"], 1)
    item = finder.find(frame)[0].crop
    print("\nCPU ms")
    _cost("scene gate, a 1280 x 720 frame", lambda: gate.feed(frame, 0.0))
    _cost("four items found and cut out", lambda: finder.find(frame))
    _cost("one item described (recognition)", lambda: embedder.embed_query(item))
    _cost("one photo described (teaching)", lambda: embedder.embed_photo(item), rounds=5)


def _many_products() -> None:
    random = np.random.default_rng(1)
    recogniser = TaughtRecogniser()
    print(f"\n{MANY_PRODUCTS} made-up products of {PHOTOS_OF_MANY} photos, CPU ms")
    photos = [_made_up(random, product) for product in range(MANY_PRODUCTS) for _ in range(PHOTOS_OF_MANY)]
    megabytes = sum(photo.vectors.nbytes for photo in photos) / 1e6
    _cost(f"load all ({megabytes:.0f} MB of vectors)", lambda: recogniser.load(photos), rounds=1)
    more = [_made_up(random, MANY_PRODUCTS) for _ in range(PHOTOS_OF_MANY)]
    _cost("teach one more", lambda: recogniser.add(more), rounds=1)
    query = more[0].vectors[:2].astype(np.float32)
    _cost("recognise, without describing", lambda: recogniser.recognise(query))
    _cost("forget one photo", lambda: recogniser.forget([more[0].id]), rounds=1)


def _made_up(random: np.random.Generator, product: int) -> TaughtPhoto:
    middle = np.random.default_rng(product).normal(size=DIMENSIONS)
    rows = middle + 0.7 * random.normal(size=(10, DIMENSIONS))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return TaughtPhoto(uuid4(), UUID(int=product + 1), rows.astype(np.float16))


def _cost(name: str, work: Callable[[], object], rounds: int = 20) -> None:
    if rounds > 1:
        work()
    started = time.process_time()
    for _ in range(rounds):
        work()
    print(f"  {name:<44}{(time.process_time() - started) * 1000 / rounds:>9.1f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
