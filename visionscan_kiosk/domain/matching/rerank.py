"""How well one entry fits what was said, counted word by word in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz

from visionscan_kiosk.domain.matching.index import Entry, WordIndex
from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.domain.matching.phrase import Role, role_of
from visionscan_kiosk.domain.matching.said import Said, SaidWord, weight_of

COVERED = 0.7
"""Least likeness at which a said word counts as standing in the product."""

_FROM_CONTEXT = 0.9
_BARE_CONSONANTS = 0.72
_NOT_EXACT = 0.999


@dataclass(frozen=True, slots=True)
class Fit:
    """How an entry fits: all numbers 0..1.

    `cover` is how much of what was said the entry holds; `back` how much of the entry was said; `core` the
    same without brand and size; `missing` are said words the entry lacks, `unsaid` entry words not said.
    """

    entry: Entry
    score: float
    cover: float
    back: float
    core: float
    missing: tuple[SaidWord, ...]
    doubtful: tuple[SaidWord, ...]
    unsaid: tuple[str, ...]
    unsaid_core: tuple[str, ...]


class Reranker:
    """Scores entries against one said text; made for each question."""

    def __init__(self, said: Said, index: WordIndex, categories: Mapping[UUID, str]) -> None:
        self._said = said
        self._index = index
        self._categories = categories
        self._sorted_text = " ".join(sorted(word.text for word in said.words if word.role >= Role.LIGHT))
        self._length = sum(word.weight**2 for word in said.words) ** 0.5 or 1.0
        self._weights: dict[int, float] = {}

    def fit(self, entry: Entry) -> Fit:
        """Return how `entry` fits what was said."""
        likeness, used = self._likeness(entry)
        cover = self._cover(likeness)
        weights = [self._weight(word) for word in entry.words]
        back = _share(weights, [used.get(word, 0.0) for word in entry.words])
        brand = self._index.brand_length(entry)
        core = _share(weights[brand:], [used.get(word, 0.0) for word in entry.words[brand:]])
        texts = list(map(self._index.vocabulary.text_of, entry.words))
        unsaid = [text for text, word in zip(texts, entry.words, strict=True) if word not in used]
        unsaid_core = [
            t for t, word in zip(texts[brand:], entry.words[brand:], strict=True) if word not in used
        ]
        characters = fuzz.ratio(self._sorted_text, " ".join(sorted(texts))) / 100
        cosine = self._cosine(entry, used, weights)
        return Fit(
            entry,
            0.58 * cover + 0.17 * back + 0.10 * characters + 0.15 * cosine,
            cover,
            back,
            core,
            tuple(word for word, like in zip(self._said.words, likeness, strict=True) if _lacks(word, like)),
            tuple(
                w for w, like in zip(self._said.words, likeness, strict=True) if w.known and 0 < like < 0.9
            ),
            tuple(unsaid),
            tuple(unsaid_core),
        )

    def _weight(self, word: int) -> float:
        weight = self._weights.get(word)
        if weight is None:
            weight = self._weights[word] = weight_of(self._index, word)
        return weight

    def _likeness(self, entry: Entry) -> tuple[list[float], dict[int, float]]:
        """Return how surely each said word stands in the entry, and which entry words were said."""
        used: dict[int, float] = {}
        found: list[float] = []
        for said in self._said.words:
            likeness, word = self._best_word(said, entry)
            if word is not None:
                used[word] = max(used.get(word, 0.0), likeness)
            found.append(likeness)
        for place, said in enumerate(self._said.words):
            if not found[place] and said.role >= Role.LIGHT:
                found[place] = self._second_look(said, entry, used)
        return found, used

    def _best_word(self, said: SaidWord, entry: Entry) -> tuple[float, int | None]:
        best, best_word = 0.0, None
        for word in entry.words:
            likeness = said.variants.get(word, 0.0)
            if likeness > best:
                best, best_word = likeness, word
        if not best and said.role == Role.NUMBER and said.text in entry.numbers:
            return 1.0, None
        return best, best_word

    def _second_look(self, said: SaidWord, entry: Entry, used: dict[int, float]) -> float:
        """Find a said word in the product's category or other names, or as bare consonants of a word."""
        if said.text in _category_words(self._categories.get(entry.owner, "")):
            return _FROM_CONTEXT
        others = self._index.entries_of(entry.owner)
        if any(said.variants.get(word, 0.0) >= 0.9 for other in others for word in other.words):
            return _FROM_CONTEXT
        if not said.known and len(said.text) >= 3 and said.text.isalpha() and not _has_vowel(said.text[1:]):
            for word in entry.words:
                if word not in used and _is_bones(said.text, self._index.vocabulary.text_of(word)):
                    used[word] = _BARE_CONSONANTS
                    return _BARE_CONSONANTS
        return 0.0

    def _cover(self, likeness: list[float]) -> float:
        """Return the share of what was said that was found; filler counts only where it was found."""
        pairs = [
            (word.weight, like)
            for word, like in zip(self._said.words, likeness, strict=True)
            if like or word.role > Role.NOISE
        ]
        return _share([weight for weight, _ in pairs], [like for _, like in pairs])

    def _cosine(self, entry: Entry, used: dict[int, float], weights: list[float]) -> float:
        shared = sum(w**2 * used.get(word, 0.0) for w, word in zip(weights, entry.words, strict=True))
        length = sum(weight**2 for weight in weights) ** 0.5 or 1.0
        return min(1.0, shared / (length * self._length))


def _share(weights: list[float], parts: list[float]) -> float:
    whole = sum(weights)
    return sum(map(lambda weight, part: weight * part, weights, parts)) / whole if whole else 0.0


def _lacks(word: SaidWord, likeness: float) -> bool:
    return likeness < COVERED and word.role > Role.NOISE


def _has_vowel(text: str) -> bool:
    return any(letter in "aeiou" for letter in text)


def _is_bones(said: str, text: str) -> bool:
    """Tell whether the letters of `said` stand in `text` in their order, from its first letter on."""
    letters = iter(text)
    return text[0] == said[0] and len(text) > len(said) and all(letter in letters for letter in said)


@lru_cache(maxsize=4096)
def _category_words(category: str) -> frozenset[str]:
    return frozenset(split_words(fold(category)))
