"""The matcher of the till: the whole catalogue in memory, asked by text, told of changes.

Tiers, first hit wins: SKU, barcode, name, alias, similar text. Nothing here reads a database or a clock.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Sequence
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.decide import Judged, decide
from visionscan_kiosk.domain.matching.index import WordIndex
from visionscan_kiosk.domain.matching.match import (
    Candidate,
    Decision,
    Match,
    MatchableProduct,
    MatchMethod,
)
from visionscan_kiosk.domain.matching.rerank import Fit, Reranker
from visionscan_kiosk.domain.matching.said import Said, understand
from visionscan_kiosk.domain.matching.vetoes import objection, sizes_of

_CANDIDATES_SHOWN = 5
_SHORTLIST = 64
_HARD_PENALTY = 0.25
_SOFT_PENALTY = 0.05
_SAME_SIZE = 0.04


def _key(text: str) -> str:
    """Return the form in which two texts are the same text."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _barcode_key(text: str) -> str | None:
    """Return the compared form of a code, or None for a text that cannot be a code."""
    try:
        return normalise_barcode(text)
    except InvalidInput:
        return None


class CatalogueMatcher:
    """Finds products by SKU, barcode, name, alias or similar text; safe to read while it is updated.

    `threshold` (0..1) is the least score at which a similar product counts as a candidate to ask about.
    """

    def __init__(self, products: Iterable[MatchableProduct] = (), *, threshold: float = 0.6) -> None:
        self._threshold = threshold
        self._lock = threading.RLock()
        self._products: dict[UUID, MatchableProduct] = {}
        self._tiers: dict[MatchMethod, dict[str, set[UUID]]] = {
            method: {}
            for method in (MatchMethod.SKU, MatchMethod.BARCODE, MatchMethod.NAME, MatchMethod.ALIAS)
        }
        self._categories: dict[UUID, str] = {}
        self._index = WordIndex()
        self.update(products)

    def __len__(self) -> int:
        with self._lock:
            return len(self._products)

    def match(self, text: str) -> Match:
        """Return the best product for `text`, or the reason why a person must choose."""
        with self._lock:
            return self._exact(text) or self._similar(text)

    def search(self, text: str, limit: int = 20) -> Sequence[Candidate]:
        """Return products for search-as-you-type, best first; an empty text gives the best sellers."""
        wanted = _key(text)
        with self._lock:
            ranked = sorted(
                ((self._search_score(wanted, product), product) for product in self._products.values()),
                key=lambda pair: (-pair[0], -pair[1].times_sold, pair[1].sku),
            )
        return tuple(_candidate(product, score) for score, product in ranked[:limit] if score > 0)

    def best_allowed(self, match: Match) -> Candidate | None:
        """Return the best candidate that may be taken without a person, for callers that cannot ask.

        That is the best one at or above the threshold that is not vetoed (another size, flavour, count or
        diet word); None when there is none.
        """
        allowed = (c for c in match.candidates if not c.vetoed and c.score >= self._threshold)
        return next(allowed, None)

    def update(self, products: Iterable[MatchableProduct], removed: Iterable[UUID] = ()) -> None:
        """Take in new or changed products and drop removed ones, without building everything again."""
        with self._lock:
            for product_id in removed:
                self._drop(product_id)
            for product in products:
                self._drop(product.id)
                self._take_in(product)

    def _take_in(self, product: MatchableProduct) -> None:
        self._products[product.id] = product
        self._categories[product.id] = product.category
        for text in (product.name, *product.aliases):
            self._index.add(product.id, text)
        for method, key in _keys(product):
            self._tiers[method].setdefault(key, set()).add(product.id)

    def _drop(self, product_id: UUID) -> None:
        product = self._products.pop(product_id, None)
        if product is None:
            return
        del self._categories[product_id]
        self._index.remove(product_id)
        for method, key in _keys(product):
            owners = self._tiers[method].get(key, set())
            owners.discard(product_id)
            if not owners:
                self._tiers[method].pop(key, None)

    def _exact(self, text: str) -> Match | None:
        keys = {MatchMethod.BARCODE: _barcode_key(text)}
        for method, owners_by_key in self._tiers.items():
            key = keys.get(method, _key(text))
            owners = owners_by_key.get(key) if key else None
            if owners:
                found = sorted((self._products[owner] for owner in owners), key=lambda p: p.sku)
                return _exact_match(text, method, [_candidate(product, 1.0) for product in found])
        return None

    def _similar(self, text: str) -> Match:
        said = understand(text, self._index)
        ranked = self._rank(said)
        verdict = decide(said, ranked, self._threshold)
        candidates = [_judged_candidate(judged) for judged in ranked]
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
        reranker = Reranker(said, self._index, self._categories)
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

    @staticmethod
    def _search_score(wanted: str, product: MatchableProduct) -> float:
        name = _key(product.name)
        if name.startswith(wanted) or _key(product.sku) == wanted or wanted in product.barcodes:
            return 1.0
        if f" {wanted}" in name:
            return 0.9
        return 0.8 if any(wanted in _key(alias) for alias in product.aliases) or wanted in name else 0.0


def _keys(product: MatchableProduct) -> Iterable[tuple[MatchMethod, str]]:
    yield MatchMethod.SKU, _key(product.sku)
    yield MatchMethod.NAME, _key(product.name)
    for alias in product.aliases:
        yield MatchMethod.ALIAS, _key(alias)
    for barcode in product.barcodes:
        key = _barcode_key(barcode)
        if key:
            yield MatchMethod.BARCODE, key


def _judged_candidate(judged: Judged) -> Candidate:
    product = judged.product
    return Candidate(product.id, product.sku, product.name, round(judged.score, 4), judged.vetoed)


def _candidate(product: MatchableProduct, score: float) -> Candidate:
    return Candidate(product.id, product.sku, product.name, score)


def _exact_match(text: str, method: MatchMethod, found: list[Candidate]) -> Match:
    decision = Decision.MATCHED if len(found) == 1 else Decision.ASK
    reason = "" if len(found) == 1 else f"{len(found)} products fit equally"
    return Match(text, decision, method, 1.0, found[0], tuple(found[:_CANDIDATES_SHOWN]), reason)
