"""The matcher of the till: the whole catalogue in memory, asked by text, told of changes.

Tiers, first hit wins: SKU, barcode, name, alias (`exact`), then words (`index`, `rerank`, `vetoes`,
`decide`).
Nothing here reads a database or a clock.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from visionscan_kiosk.domain.matching.decide import Judged, decide, tie_reason
from visionscan_kiosk.domain.matching.exact import ExactHit, ExactTexts
from visionscan_kiosk.domain.matching.fields import as_question_of_brand, name_without_brand, whole_name
from visionscan_kiosk.domain.matching.index import WordIndex
from visionscan_kiosk.domain.matching.match import (
    Candidate,
    Decision,
    DetectedFields,
    Match,
    MatchableProduct,
    MatchMethod,
)
from visionscan_kiosk.domain.matching.rerank import Fit, Reranker
from visionscan_kiosk.domain.matching.said import Said, understand
from visionscan_kiosk.domain.matching.type_ahead import find_as_typed
from visionscan_kiosk.domain.matching.vetoes import objection, sizes_of

_Item = TypeVar("_Item")

_CANDIDATES_SHOWN = 5
_SHORTLIST = 64
_HARD_PENALTY = 0.25
_SOFT_PENALTY = 0.08
_SAME_SIZE = 0.04
_WORTH_SHOWING = 0.45
_CHANGES_AT_ONCE = 50
"""Products taken in before waiting readers get their turn."""


class CatalogueMatcher:
    """Finds products by SKU, barcode, name, alias or similar words; safe to read while it is updated.

    `threshold` (0..1) is the least score at which a similar product counts as a candidate to ask about.
    Texts longer than 10,000 characters are cut there.
    """

    def __init__(self, products: Iterable[MatchableProduct] = (), *, threshold: float = 0.6) -> None:
        self._threshold = threshold
        self._lock = threading.Lock()
        self._products: dict[UUID, MatchableProduct] = {}
        self._exact = ExactTexts()
        self._index = WordIndex()
        self.update(products)

    def __len__(self) -> int:
        return len(self._products)

    def match(self, text: str) -> Match:
        """Return the best product for `text`, or the reason why a person must choose."""
        with self._lock:
            hit = self._exact.find(text)
            return self._exact_match(text, hit) if hit else self._similar(text)

    def match_fields(self, fields: DetectedFields) -> Match:
        """Return the best product for what a model read in fields.

        A brand that no candidate has leads to a question about the product without it, never to a match.
        """
        match = self.match(whole_name(fields))
        if match.decision is Decision.MATCHED or not fields.brand.strip():
            return match
        bare = as_question_of_brand(self.match(name_without_brand(fields)), fields.brand)
        return bare if bare.product is not None and bare.score > match.score else match

    def search(self, text: str, limit: int = 20) -> Sequence[Candidate]:
        """Return products for search-as-you-type, best first; an empty text gives the best sellers."""
        with self._lock:
            found = self._search(text, limit)
        return tuple(_candidate(product, 1.0) for product in found[:limit])

    def _search(self, text: str, limit: int) -> list[MatchableProduct]:
        """Return the product of a SKU or barcode, then what fits as typed, or else what sounds like it."""
        if not text.strip():
            return heapq.nsmallest(limit, self._products.values(), key=_by_sales)
        hit = self._exact.find(text)
        coded = hit is not None and hit.method in (MatchMethod.SKU, MatchMethod.BARCODE)
        first = self._sorted(hit.owners) if hit and coded else []
        found = find_as_typed(text, self._index, self._products, limit)
        if not first and not found:
            similar = self._rank(understand(text, self._index))
            found = [judged.product for judged in similar if judged.fit.score >= _WORTH_SHOWING]
        return list({product.id: product for product in (*first, *found)}.values())

    def best_allowed(self, match: Match) -> Candidate | None:
        """Return the best candidate that may be taken without a person, for callers that cannot ask.

        That is the best one at or above the threshold that is not vetoed (another size, flavour, count or
        diet word); None when there is none.
        """
        allowed = (c for c in match.candidates if not c.vetoed and c.score >= self._threshold)
        return next(allowed, None)

    def update(self, products: Iterable[MatchableProduct], removed: Iterable[UUID] = ()) -> None:
        """Take in new or changed products and drop removed ones, without building everything again.

        Readers may ask meanwhile; they see the catalogue with a part of the changes.
        """
        for some in _in_parts(removed):
            with self._lock:
                for product_id in some:
                    self._drop(product_id)
        for changed in _in_parts(products):
            with self._lock:
                for product in changed:
                    self._replace(product)
        with self._lock:
            self._index.settle()

    def _replace(self, product: MatchableProduct) -> None:
        old = self._products.get(product.id)
        if old is not None and (old.name, old.aliases) == (product.name, product.aliases):
            self._exact.remove(old)
        else:
            self._drop(product.id)
            for text in (product.name, *product.aliases):
                self._index.add(product.id, text)
        self._products[product.id] = product
        self._exact.add(product)
        self._index.sold(product.id, product.times_sold)

    def _drop(self, product_id: UUID) -> None:
        product = self._products.pop(product_id, None)
        if product is not None:
            self._exact.remove(product)
            self._index.remove(product_id)

    def _exact_match(self, text: str, hit: ExactHit) -> Match:
        found, others = self._sorted(hit.owners), self._sorted(hit.others)
        shown = tuple(_candidate(product, 1.0) for product in (*found, *others)[:_CANDIDATES_SHOWN])
        sure = len(found) == 1
        decision = Decision.MATCHED if sure else Decision.ASK
        reason = "" if sure else tie_reason(len(found))
        return Match(text, decision, hit.method, 1.0, shown[0], shown, reason)

    def _sorted(self, owners: Iterable[UUID]) -> list[MatchableProduct]:
        return sorted((self._products[owner] for owner in owners), key=_by_sales)

    def _similar(self, text: str) -> Match:
        said = understand(text, self._index)
        ranked = self._rank(said)
        verdict = decide(said, ranked, self._threshold)
        candidates = [
            _judged_candidate(judged) for judged in ranked[: _CANDIDATES_SHOWN + (verdict.place or 0)]
        ]
        if verdict.place is None:
            score = candidates[0].score if candidates else 0.0
            shown = tuple(candidates[:_CANDIDATES_SHOWN])
            return Match(text, verdict.decision, MatchMethod.NONE, score, None, shown, verdict.reason)
        best = candidates.pop(verdict.place)
        shown = (best, *candidates[: _CANDIDATES_SHOWN - 1])
        return Match(text, verdict.decision, MatchMethod.FUZZY, best.score, best, shown, verdict.reason)

    def _rank(self, said: Said) -> list[Judged]:
        """Return the products that may be meant, best first; ties by sales, then by SKU."""
        if said.is_empty():
            return []
        reranker = Reranker(said, self._index, self._products)
        best: dict[UUID, Fit] = {}
        for entry in self._index.shortlist(said.terms(), _SHORTLIST):
            fit = reranker.fit(entry)
            if entry.owner not in best or fit.score > best[entry.owner].score:
                best[entry.owner] = fit
        judged = [self._judge(said, owner, fit) for owner, fit in best.items()]
        return sorted(judged, key=lambda j: (-round(j.score, 4), -j.product.times_sold, j.product.sku))

    def _judge(self, said: Said, owner: UUID, fit: Fit) -> Judged:
        printed = sizes_of(self._index.entries_of(owner))
        against = objection(said, fit, printed)
        score = fit.score
        if against is not None:
            score -= _HARD_PENALTY if against.hard else _SOFT_PENALTY
        elif said.phrase.measures and printed:
            score += _SAME_SIZE
        return Judged(self._products[owner], fit, against, min(1.0, max(0.0, score)))


def _by_sales(product: MatchableProduct) -> tuple[int, str]:
    return -product.times_sold, product.sku


def _in_parts(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    remaining = iter(items)
    while part := list(islice(remaining, _CHANGES_AT_ONCE)):
        yield part


def _judged_candidate(judged: Judged) -> Candidate:
    return _candidate(judged.product, round(judged.score, 4), vetoed=judged.vetoed)


def _candidate(product: MatchableProduct, score: float, *, vetoed: bool = False) -> Candidate:
    return Candidate(product.id, product.sku, product.name, score, vetoed)
