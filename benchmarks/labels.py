"""What reading labels adds, from a folder of photographs, and what it costs.

`python -m benchmarks.labels FOLDER`: `teach/PRODUCT/*.jpg`, `query/PRODUCT/*.jpg` and, to find what was never
taught, `catalogue.csv` whose names are those of the folders. Needs the extra `ocr`. A product counts as a
package when words are read on most of its teaching photographs; the others show what reading spoils.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import cv2
import numpy as np

from benchmarks.photographs import photographs
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import Decision, MatchableProduct
from visionscan_kiosk.services.label_evidence import Label, weigh, words_of
from visionscan_kiosk.services.label_naming import guess_name
from visionscan_kiosk.services.label_ports import LabelText
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import QueryVectors, TaughtPhoto, Vectors
from visionscan_kiosk.vision.labels import RapidLabelReader
from visionscan_kiosk.vision.recogniser import PictureEmbedder, TaughtRecogniser, load_network

TAUGHT = (3, 5, 10)
DRAWS = 5
SURE = 0.99

R = TypeVar("R")
Chances = Mapping[UUID, float]


@dataclass(frozen=True)
class Shown:
    vectors: Vectors
    label: LabelText


@dataclass(frozen=True)
class Query:
    product: UUID
    vectors: QueryVectors
    label: LabelText


@dataclass(frozen=True)
class Answer:
    truth: UUID
    by_looks: Chances
    with_label: Chances
    was_sure: bool


class Costs:
    def __init__(self) -> None:
        self.milliseconds: list[float] = []

    def of(self, work: Callable[[], R]) -> R:
        started = time.process_time()
        result = work()
        self.milliseconds.append((time.process_time() - started) * 1000)
        return result


def main(folders: Sequence[str]) -> None:
    cv2.setNumThreads(1)
    embedder, reader, costs = PictureEmbedder(load_network()), RapidLabelReader(), Costs()
    reader.load()
    for folder in map(Path, folders):
        shown, queries, names = _load(folder, embedder, reader, costs)
        packages = {key for key, photos in shown.items() if _has_words(photos)}
        print(
            f"\n{folder.name}: {len(shown)} products, {len(packages)} of them packages; mean of {DRAWS} draws"
        )
        for taught in TAUGHT:
            if min(map(len, shown.values())) >= taught:
                answers = [a for draw in range(DRAWS) for a in _answers(shown, queries, taught, draw)]
                _print_answers(taught, "packages", [a for a in answers if a.truth in packages])
                _print_answers(taught, "others", [a for a in answers if a.truth not in packages])
        if (folder / "catalogue.csv").exists():
            _print_catalogue(folder / "catalogue.csv", names, [q for q in queries if q.product in packages])
    if costs.milliseconds:
        middle, slow = np.percentile(costs.milliseconds, [50, 95])
        print(f"\nreading a picture, CPU ms: median {middle:.0f}, 95 % {slow:.0f}")


def _load(
    folder: Path, embedder: PictureEmbedder, reader: RapidLabelReader, costs: Costs
) -> tuple[dict[UUID, list[Shown]], list[Query], dict[UUID, str]]:
    names = {UUID(int=n): path.name for n, path in enumerate(sorted((folder / "teach").iterdir()), start=1)}

    def read(image: Image) -> LabelText:
        return costs.of(lambda: reader.read(image))

    shown = {
        key: [
            Shown(embedder.embed_photo(image), read(image)) for image in photographs(folder / "teach" / name)
        ]
        for key, name in names.items()
    }
    queries = [
        Query(key, embedder.embed_query(image), read(image))
        for key, name in names.items()
        for image in photographs(folder / "query" / name)
    ]
    return shown, queries, names


def _has_words(photos: Sequence[Shown]) -> bool:
    return sum(bool(words_of(photo.label.text)) for photo in photos) * 2 > len(photos)


def _answers(
    shown: Mapping[UUID, Sequence[Shown]], queries: Sequence[Query], taught: int, draw: int
) -> Iterator[Answer]:
    random = np.random.default_rng(draw)
    chosen = {
        key: [photos[n] for n in random.permutation(len(photos))[:taught]] for key, photos in shown.items()
    }
    recogniser = TaughtRecogniser()
    recogniser.load(TaughtPhoto(uuid4(), key, p.vectors) for key, photos in chosen.items() for p in photos)
    words: dict[UUID, list[Label]] = {
        key: [words_of(photo.label.text) for photo in photos if photo.label.text]
        for key, photos in chosen.items()
    }
    for query in queries:
        seen = recogniser.recognise(query.vectors)
        chances = {item.product_id: item.probability for item in seen.candidates}
        weighed = {} if seen.is_sure else weigh(chances, words_of(query.label.text), words)
        yield Answer(query.product, chances, weighed or chances, seen.is_sure)


def _print_answers(taught: int, kind: str, answers: Sequence[Answer]) -> None:
    looks = [_ranked(answer.by_looks) for answer in answers]
    label = [_ranked(answer.with_label) for answer in answers]
    truths = [answer.truth for answer in answers]
    would = [
        ranked[0] == answer.truth
        for ranked, answer in zip(label, answers, strict=True)
        if not answer.was_sure and answer.with_label[ranked[0]] >= SURE
    ]
    print(
        f"  {taught:>2} photos, {kind:<8} ({len(answers) // DRAWS:>3} pictures)"
        f"  looks {_share(looks, truths, 1):.3f} / {_share(looks, truths, 3):.3f}"
        f"  with label {_share(label, truths, 1):.3f} / {_share(label, truths, 3):.3f}"
        f"  over {SURE} by label {len(would) / len(answers):.2f}"
        f", right of it {np.mean(would or [np.nan]):.3f}",
        flush=True,
    )


def _ranked(chances: Chances) -> list[UUID]:
    return sorted(chances, key=lambda key: -chances[key])


def _share(ranked: Sequence[Sequence[UUID]], truths: Sequence[UUID], among: int) -> float:
    return float(np.mean([truth in found[:among] for found, truth in zip(ranked, truths, strict=True)]))


def _print_catalogue(path: Path, names: Mapping[UUID, str], queries: Sequence[Query]) -> None:
    """Names alone: nothing is taught."""
    folders = {name.replace("-", " ").casefold(): key for key, name in names.items()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    products = [
        MatchableProduct(
            folders.get(row["name"].replace("-", " ").casefold(), uuid4()), row["sku"], row["name"]
        )
        for row in rows
    ]
    matcher, counts = CatalogueMatcher(products), Counter[str]()
    for query in queries:
        name = guess_name(query.label)
        match = matcher.match(name) if name else None
        if match is None or match.decision is Decision.UNMATCHED:
            continue
        found = [candidate.product_id for candidate in match.candidates]
        counts.update(asked=1, first=found[0] == query.product, three=query.product in found[:3])
    asked = counts["asked"] or 1
    print(
        f"  by name among {len(products)}: {counts['asked'] / len(queries):.2f} of the packages asked,"
        f" right first {counts['first'] / asked:.2f}, among three {counts['three'] / asked:.2f}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
