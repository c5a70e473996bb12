"""Products whose names a person or a model would confuse: which, why, and what to do about it.

Every check is a lookup by a key made of the words of a name, so 100,000 products take seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations, islice
from typing import NamedTuple

from rapidfuzz.distance import OSA

from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.matching.normalise import fold
from visionscan_kiosk.domain.matching.phrase import Role, read_product, role_of
from visionscan_kiosk.domain.matching.sizes import Measure

_LIKE_LETTERS = 0.75
_COMPARED_AT_ONCE = 40
"""Names that share all words but one; more than these are a series, not a confusion."""


class Confusion(IntEnum):
    """Why two products are confused, the worst first."""

    SAME_NAME = 1
    ALIAS_OF_BOTH = 2
    ALIAS_IS_NAME = 3
    SIZE_MISSING = 4
    LIKE_LETTERS = 5
    NAME_INSIDE = 6


@dataclass(frozen=True, slots=True)
class ConfusablePair:
    """Two products that a text would confuse.

    `reason` and `advice` are sentences for the manager. `proposed_name` would replace the name of `second`,
    `proposed_alias` would be added to it, `dropped_alias` taken from it. At most one of the three is set.
    """

    first: MatchableProduct
    second: MatchableProduct
    kind: Confusion
    reason: str
    advice: str
    proposed_name: str = ""
    proposed_alias: str = ""
    dropped_alias: str = ""


class _Named(NamedTuple):
    product: MatchableProduct
    words: frozenset[str]
    measures: frozenset[Measure]


def confusable_pairs(products: Iterable[MatchableProduct], limit: int = 1000) -> list[ConfusablePair]:
    """Return up to `limit` pairs, the worst kind first, then by SKU; each pair once, for its worst reason."""
    catalogue = sorted(products, key=lambda product: product.sku)
    named = [_read(product) for product in catalogue]
    checks = (_same_names(named), _shared_aliases(catalogue), _missing_sizes(named), _like_names(named))
    found: dict[tuple[str, str], ConfusablePair] = {}
    for check in checks:
        for pair in check:
            key = (min(pair.first.sku, pair.second.sku), max(pair.first.sku, pair.second.sku))
            if key not in found or pair.kind < found[key].kind:
                found[key] = pair
    ranked = sorted(found.values(), key=lambda pair: (pair.kind, pair.first.sku, pair.second.sku))
    return ranked[:limit]


def _read(product: MatchableProduct) -> _Named:
    phrase, _ = read_product(product.name)
    return _Named(product, frozenset(word for word in phrase.words if role_of(word)), phrase.measures)


def _same_names(named: list[_Named]) -> Iterator[ConfusablePair]:
    groups: defaultdict[tuple[frozenset[str], frozenset[Measure]], list[MatchableProduct]] = defaultdict(list)
    for item in named:
        groups[item.words, item.measures].append(item.product)
    for group in groups.values():
        for other in group[1:]:
            yield ConfusablePair(
                group[0],
                other,
                Confusion.SAME_NAME,
                "Both names say the same.",
                f"Rename {other.sku} so that it says what is different.",
                proposed_name=f"{other.name} ({_tells_apart(group[0], other)})",
            )


def _tells_apart(first: MatchableProduct, second: MatchableProduct) -> str:
    return second.category if second.category and second.category != first.category else second.sku


def _shared_aliases(catalogue: list[MatchableProduct]) -> Iterator[ConfusablePair]:
    by_name = {fold(product.name): product for product in reversed(catalogue)}
    by_alias: dict[str, MatchableProduct] = {}
    for product in catalogue:
        for alias in product.aliases:
            key = fold(alias)
            namesake, earlier = by_name.get(key), by_alias.setdefault(key, product)
            if namesake is not None and namesake.id != product.id:
                yield _shared(namesake, product, alias, Confusion.ALIAS_IS_NAME)
            if earlier.id != product.id:
                yield _shared(earlier, product, alias, Confusion.ALIAS_OF_BOTH)


def _shared(first: MatchableProduct, second: MatchableProduct, alias: str, kind: Confusion) -> ConfusablePair:
    whose = "is the name of" if kind is Confusion.ALIAS_IS_NAME else "is an alias of"
    return ConfusablePair(
        first,
        second,
        kind,
        f'"{alias}" {whose} {first.sku} and an alias of {second.sku}.',
        f"Take the alias from {second.sku}.",
        dropped_alias=alias,
    )


def _missing_sizes(named: list[_Named]) -> Iterator[ConfusablePair]:
    groups: defaultdict[frozenset[str], list[_Named]] = defaultdict(list)
    for item in named:
        groups[item.words].append(item)
    for group in groups.values():
        sized = next((item for item in group if item.measures), None)
        for item in group if sized is not None else ():
            if not item.measures and sized is not None:
                yield ConfusablePair(
                    sized.product,
                    item.product,
                    Confusion.SIZE_MISSING,
                    f"Only the size tells them apart, and {item.product.sku} does not give its size.",
                    f"Add the size to the name of {item.product.sku}.",
                )


def _like_names(named: list[_Named]) -> Iterator[ConfusablePair]:
    """Yield names equal but for one word: a similar word, or none at all."""
    whole = {(item.words, item.measures): item for item in reversed(named)}
    by_rest: defaultdict[int, list[tuple[_Named, str]]] = defaultdict(list)
    for item in named:
        for word in item.words if len(item.words) > 1 else ():
            rest = (item.words - {word}, item.measures)
            shorter = whole.get(rest)
            if shorter is not None and role_of(word) is Role.CONTENT:
                yield _inside(shorter.product, item.product, word)
            if len(word) > 3 and word.isalpha():
                # Only the hash is kept: a collision is weeded out where the words are compared.
                by_rest[hash(rest)].append((item, word))
    for group in by_rest.values():
        yield from _like_letters(group)


def _inside(shorter: MatchableProduct, longer: MatchableProduct, word: str) -> ConfusablePair:
    return ConfusablePair(
        longer,
        shorter,
        Confusion.NAME_INSIDE,
        f'"{shorter.name}" is also said for {longer.sku}, whose name only adds "{word}".',
        f'Add "plain" as an alias of {shorter.sku}, and say it.',
        proposed_alias=f"plain {shorter.name}",
    )


def _like_letters(group: list[tuple[_Named, str]]) -> Iterator[ConfusablePair]:
    for (one, word), (other, other_word) in combinations(islice(group, _COMPARED_AT_ONCE), 2):
        if one.words - {word} != other.words - {other_word} or one.measures != other.measures:
            continue
        if word != other_word and OSA.normalized_similarity(word, other_word) >= _LIKE_LETTERS:
            yield ConfusablePair(
                one.product,
                other.product,
                Confusion.LIKE_LETTERS,
                f'Only "{word}" and "{other_word}" tell them apart; one typing mistake leads to the other.',
                f"Rename {other.product.sku} with one more word.",
                proposed_name=f"{other.product.name} ({_tells_apart(one.product, other.product)})",
            )
