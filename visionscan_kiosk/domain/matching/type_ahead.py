"""Search while a person types: the last word is a beginning, and the best sellers come first."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from visionscan_kiosk.domain.matching.index import Entry, WordIndex
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.domain.matching.sizes import UNIT_WORDS, SizedText, read_sizes

_MOST_TYPED_WORDS = 12
_MOST_ENTRIES = 300
_SAME_WORD = 0.9


def find_as_typed(
    text: str, index: WordIndex, products: Mapping[UUID, MatchableProduct], limit: int
) -> list[MatchableProduct]:
    """Return up to `limit` products that hold every typed word, the last one as a beginning.

    Best sellers first; then names that begin with the text, then short names, then by SKU.
    """
    typed = fold(text)
    sized = read_sizes(typed)
    words = split_words(sized.rest)[:_MOST_TYPED_WORDS]
    numbers = {*sized.numbers, *(word for word in words if word.isdigit())}
    names = [word for word in words if not word.isdigit() and not (numbers and word in UNIT_WORDS)]
    groups = [_meant(word, index, unfinished=word == words[-1]) for word in names]
    if not groups:
        return []
    entries = index.holding_all(groups, _MOST_ENTRIES)
    owners = dict.fromkeys(entry.owner for entry in entries if _fits(entry, index, sized, numbers))
    ranked = sorted((products[owner] for owner in owners), key=lambda product: _rank(product, typed))
    return ranked[:limit]


def _meant(word: str, index: WordIndex, *, unfinished: bool) -> list[int]:
    """Return the words of the catalogue that a typed word is, or may become when it is the last one."""
    vocabulary = index.vocabulary
    begun = vocabulary.beginning_with(word) if unfinished or len(word) > 2 else []
    same = [meant for meant, likeness in vocabulary.variants(word).items() if likeness >= _SAME_WORD]
    return list(dict.fromkeys([*begun, *same]))


def _fits(entry: Entry, index: WordIndex, sized: SizedText, numbers: set[str]) -> bool:
    """Tell whether an entry agrees with the sizes and numbers typed so far."""
    if sized.measures and entry.measures:
        return any(one.agrees(other) for one in sized.measures for other in entry.measures)
    printed = [*entry.numbers, *map(index.vocabulary.text_of, entry.words)]
    return all(any(text.startswith(number) for text in printed) for number in numbers)


def _rank(product: MatchableProduct, typed: str) -> tuple[int, bool, int, str]:
    name = fold(product.name)
    return -product.times_sold, not name.startswith(typed), len(name), product.sku
