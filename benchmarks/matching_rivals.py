"""Well-known ways to find a name, for comparison: each gets the exact tiers first and one tuned threshold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import psycopg2
from rapidfuzz import fuzz, process, utils

from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.exact import ExactTexts
from visionscan_kiosk.domain.matching.match import Decision, MatchableProduct


class Answer(NamedTuple):
    """The best SKU, its score, its lead over the next; `added` is set by a method that decides itself."""

    sku: str | None
    score: float
    lead: float
    added: bool | None = None


class Method(Protocol):
    """A way to find a product by text."""

    name: str

    def answer(self, text: str) -> Answer: ...


class Ours:
    name = "this matcher"

    def __init__(self, products: Sequence[MatchableProduct]) -> None:
        self.matcher = CatalogueMatcher(products)

    def answer(self, text: str) -> Answer:
        match = self.matcher.match(text)
        best = match.product or (match.candidates[0] if match.candidates else None)
        added = match.decision is Decision.MATCHED
        return Answer(best.sku if best else None, match.score, 1.0, added=added)


class Ranked:
    """A scorer of names, given the exact tiers first."""

    def __init__(
        self, name: str, products: Sequence[MatchableProduct], rank: Callable[[str], list[tuple[float, str]]]
    ) -> None:
        self.name = name
        self._rank = rank
        self._exact = ExactTexts()
        self._skus = {product.id: product.sku for product in products}
        for product in products:
            self._exact.add(product)

    def answer(self, text: str) -> Answer:
        hit = self._exact.find(text)
        if hit is not None:
            return Answer(self._skus[hit.owners[0]], 1.0, 1.0 if len(hit.owners) == 1 else 0.0)
        ranked = sorted(self._rank(text), reverse=True)
        if not ranked:
            return Answer(None, 0.0, 0.0)
        score, sku = ranked[0]
        rival = next((other for other, other_sku in ranked if other_sku != sku), 0.0)
        return Answer(sku, score, score - rival)


def rapidfuzz_method(name: str, products: Sequence[MatchableProduct]) -> Ranked:
    scorer = getattr(fuzz, name)
    texts = [
        (utils.default_process(text), product.sku)
        for product in products
        for text in (product.name, *product.aliases)
    ]
    names = [text for text, _ in texts]

    def rank(text: str) -> list[tuple[float, str]]:
        hits = process.extract(utils.default_process(text), names, scorer=scorer, limit=8)
        return [(score / 100, texts[place][1]) for _, score, place in hits]

    return Ranked(f"rapidfuzz {name}", products, rank)


def tf_idf_method(products: Sequence[MatchableProduct]) -> Ranked:
    texts = [(text, product.sku) for product in products for text in (product.name, *product.aliases)]
    holders: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, (text, _) in enumerate(texts):
        for gram, count in Counter(_grams(text)).items():
            holders[gram].append((place, count))
    weights = {gram: math.log(1 + len(texts) / len(held)) for gram, held in holders.items()}
    places = {gram: np.array([place for place, _ in held], np.int32) for gram, held in holders.items()}
    parts = {
        gram: np.array([count for _, count in held], np.float32) * weights[gram]
        for gram, held in holders.items()
    }
    lengths = np.zeros(len(texts), np.float32)
    for gram, part in parts.items():
        lengths[places[gram]] += part**2
    lengths = np.sqrt(lengths)

    def rank(text: str) -> list[tuple[float, str]]:
        said = {
            gram: count * weights[gram] for gram, count in Counter(_grams(text)).items() if gram in weights
        }
        if not said:
            return []
        scores = np.zeros(len(texts), np.float32)
        for gram, weight in said.items():
            scores[places[gram]] += weight * parts[gram]
        scores /= lengths * math.sqrt(sum(weight**2 for weight in said.values()))
        best = np.argsort(-scores)[:8]
        return [(float(scores[place]), texts[place][1]) for place in best]

    return Ranked("char 3-gram tf-idf", products, rank)


def _grams(text: str) -> Iterable[str]:
    padded = f" {' '.join(text.casefold().split())} "
    return (padded[place : place + 3] for place in range(len(padded) - 2))


def pg_trgm_method(products: Sequence[MatchableProduct], database_url: str) -> Ranked:
    """Needs the right to create the pg_trgm extension; everything else is temporary."""
    connection = psycopg2.connect(database_url.replace("+psycopg2", ""))
    cursor = connection.cursor()
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute("DROP TABLE IF EXISTS matched_names")
    cursor.execute("CREATE TEMPORARY TABLE matched_names (sku text, name text)")
    texts = [(product.sku, text) for product in products for text in (product.name, *product.aliases)]
    cursor.executemany("INSERT INTO matched_names VALUES (%s, %s)", texts)
    cursor.execute("CREATE INDEX ON matched_names USING gist (name gist_trgm_ops)")

    def rank(text: str) -> list[tuple[float, str]]:
        cursor.execute(
            "SELECT similarity(name, %s), sku FROM matched_names ORDER BY name <-> %s LIMIT 8", (text, text)
        )
        return [(float(score), sku) for score, sku in cursor.fetchall()]

    return Ranked("pg_trgm similarity", products, rank)
