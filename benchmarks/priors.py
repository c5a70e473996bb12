"""What ordering by sales gains, on made-up sales: no real ones are here. And what wrong sales would cost.

`python -m benchmarks.priors FOLDER`: `teach/PRODUCT/*.jpg` and `query/PRODUCT/*.jpg` are recognised once,
then sold in made-up receipts (popularity by Zipf's law, products with hours of their own, groups bought
together). What is learned from past receipts orders new ones. `useless`: the same with products swapped at
random, as if sales told nothing.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.photographs import photographs
from visionscan_kiosk.services.priors import BANDS, Pair, SalesFigures, SalesPrior
from visionscan_kiosk.services.recognition_ports import QueryVectors, Recognition, TaughtPhoto, Vectors
from visionscan_kiosk.vision.recogniser import PictureEmbedder, TaughtRecogniser, load_network

_PAST, _NEW = 2_000, 400
_SHOPS = 3
_DRAWS = 3
_GROUPS = 8
_OPEN = (0.02, 0.08, 0.25, 0.3, 0.25, 0.1)


class _Product(NamedTuple):
    photos: Sequence[Vectors]
    queries: Sequence[QueryVectors]


_Answers = Sequence[Sequence[Recognition]]
"""What was said to each query of each product."""


class _MadeReceipt(NamedTuple):
    band: int
    products: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Figures:
    top_1: float
    top_3: float


class _MadeShop:
    """Sells `products` things; `zipf` 0 sells all alike, with `habits` 0 at any hour and with anything."""

    def __init__(self, products: int, zipf: float, habits: float, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._popularity = self._random.permutation(np.arange(1, products + 1) ** -zipf)
        self._hours = np.exp(self._random.normal(0, 0.6 * habits, (products, BANDS)))
        self._groups = self._random.integers(0, _GROUPS, products)
        self._together = 1 + 4 * habits

    def sell(self, times: int) -> list[_MadeReceipt]:
        return [self._receipt() for _ in range(times)]

    def _receipt(self) -> _MadeReceipt:
        band = int(self._random.choice(BANDS, p=_OPEN))
        is_of_group = self._groups == self._random.integers(0, _GROUPS)
        chances = self._popularity * self._hours[:, band] * np.where(is_of_group, self._together, 1)
        length = min(len(chances), 1 + self._random.poisson(4))
        products = self._random.choice(len(chances), length, replace=False, p=chances / chances.sum())
        return _MadeReceipt(band, [int(product) for product in products])


def main(folder: Path) -> None:
    cv2.setNumThreads(1)
    products = _described(folder)
    print(f"{'simulated shop':<34}{'plain':>13}{'by sales':>13}{'useless':>13}  worst  (top-1/top-3)")
    for photos in (3, 5):
        draws = [_recognised(products, photos, draw) for draw in range(_DRAWS)]
        for zipf, habits in ((0.0, 0.0), (0.0, 1.0), (0.7, 1.0), (1.0, 1.0)):
            _row(f"{photos} photos, Zipf {zipf}, habits {habits:.0f}", draws, zipf, habits)


def _described(folder: Path) -> list[_Product]:
    embedder = PictureEmbedder(load_network())
    names = sorted(path.name for path in (folder / "teach").iterdir() if path.is_dir())
    return [
        _Product(
            [embedder.embed_photo(picture) for picture in photographs(folder / "teach" / name)],
            [embedder.embed_query(picture) for picture in photographs(folder / "query" / name)],
        )
        for name in names
    ]


def _recognised(products: Sequence[_Product], photos: int, draw: int) -> _Answers:
    random, recogniser = np.random.default_rng(draw), TaughtRecogniser()
    recogniser.load(
        TaughtPhoto(uuid4(), _id(number), product.photos[place])
        for number, product in enumerate(products)
        for place in random.permutation(len(product.photos))[:photos]
    )
    return [[recogniser.recognise(query) for query in product.queries] for product in products]


def _row(name: str, draws: Sequence[_Answers], zipf: float, habits: float) -> None:
    products = len(draws[0])
    plain, by_sales, useless = [], [], []
    for number, answers in enumerate(draws):
        for seed in range(_SHOPS):
            shop = _MadeShop(products, zipf, habits, 100 * number + seed)
            past, new = shop.sell(_PAST), shop.sell(_NEW)
            swapped = np.random.default_rng(seed).permutation(products)
            plain.append(_judge(SalesPrior(), answers, new))
            by_sales.append(_judge(SalesPrior(_learned(past, np.arange(products))), answers, new))
            useless.append(_judge(SalesPrior(_learned(past, swapped)), answers, new))
    worst = min(with_it.top_1 - without.top_1 for with_it, without in zip(useless, plain, strict=True))
    cells = "".join(
        f"{np.mean([each.top_1 for each in figures]):>7.3f}/{np.mean([each.top_3 for each in figures]):.3f} "
        for figures in (plain, by_sales, useless)
    )
    print(f"{name:<34}{cells} {worst:>+6.3f}", flush=True)


def _judge(prior: SalesPrior, answers: _Answers, receipts: Sequence[_MadeReceipt]) -> _Figures:
    """Let every line of every receipt lie on the counter after those before it."""
    random, ranks = np.random.default_rng(0), []
    for band, products in receipts:
        for place, product in enumerate(products):
            seen = answers[product][int(random.integers(len(answers[product])))]
            ordered = prior.order(seen, band * 24 // BANDS, [_id(other) for other in products[:place]])
            ranks.append(_rank(ordered, _id(product)))
    return _Figures(float(np.mean(np.array(ranks) == 0)), float(np.mean(np.array(ranks) < 3)))


def _rank(seen: Recognition, product: UUID) -> int:
    return next((rank for rank, item in enumerate(seen.candidates) if item.product_id == product), 99)


def _learned(receipts: Sequence[_MadeReceipt], names: NDArray[np.int64]) -> SalesFigures:
    counts = [0.0] * BANDS
    sold: defaultdict[UUID, list[float]] = defaultdict(lambda: [0.0] * BANDS)
    together: defaultdict[Pair, float] = defaultdict(float)
    for band, products in receipts:
        counts[band] += 1
        lines = [_id(int(names[product])) for product in products]
        for line in lines:
            sold[line][band] += 1
            for other in lines:
                together[line, other] += line != other
    return SalesFigures(counts, dict(sold), dict(together))


def _id(product: int) -> UUID:
    return UUID(int=product + 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
