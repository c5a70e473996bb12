"""How well one entry fits what was said, counted word by word in both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from visionscan_kiosk.domain.matching import lexicon
from visionscan_kiosk.domain.matching.index import Entry, WordIndex
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.domain.matching.phrase import Role
from visionscan_kiosk.domain.matching.said import Said, SaidWord, weight_of

COVERED = 0.7
"""Least likeness at which a said word counts as standing in the product."""

_SURELY_THERE = 0.9
_LONG_WORD, _LONG_BONES = 6, 4
_FROM_CONTEXT = 0.9
_BARE_CONSONANTS = 0.72
_GARBLED = 0.72
_LEAST_GARBLED = 0.6
_COVER, _BACK, _CHARACTERS, _COSINE = 0.58, 0.17, 0.10, 0.15


@dataclass(frozen=True, slots=True)
class Fit:
    """How an entry fits: `score`, `cover` and `back` are 0..1.

    `cover` is how much of what was said the entry holds, `back` how much of the entry was said. `missing` are
    said words the entry lacks, `doubtful` known words that stand there only in a similar form. `unsaid` are
    entry words not said: all of them, those after the brand (`unsaid_core`), and those after the first said
    word (`unsaid_inside`). A fit is `guessed` when all it rests on is one short, mistyped word.
    """

    entry: Entry
    score: float
    cover: float
    back: float
    missing: tuple[SaidWord, ...]
    doubtful: tuple[SaidWord, ...]
    unsaid: tuple[str, ...]
    unsaid_core: tuple[str, ...]
    unsaid_inside: tuple[str, ...]
    brand_said: bool
    guessed: bool


class Reranker:
    """Scores entries against one said text; made for each question."""

    def __init__(self, said: Said, index: WordIndex, products: Mapping[UUID, MatchableProduct]) -> None:
        self._said = said
        self._index = index
        self._products = products
        self._sorted_text = " ".join(sorted(word.text for word in said.words if word.role >= Role.LIGHT))
        self._length = sum(word.weight**2 for word in said.words) ** 0.5 or 1.0
        self._weights: dict[int, float] = {}

    def fit(self, entry: Entry) -> Fit:
        """Return how `entry` fits what was said."""
        likeness, used = self._likeness(entry)
        texts = list(map(self._index.vocabulary.text_of, entry.words))
        said = [word in used for word in entry.words]
        brand = self._index.brand_length(entry)
        cover, back, score = self._score(entry, likeness, used, texts)
        return Fit(
            entry=entry,
            score=score,
            cover=cover,
            back=back,
            missing=tuple(self._words_where(likeness, _lacks)),
            doubtful=tuple(self._words_where(likeness, _doubts)),
            unsaid=_unsaid(texts, said, 0),
            unsaid_core=_unsaid(texts, said, brand),
            unsaid_inside=_unsaid(texts, said, _start_inside(texts, said)),
            brand_said=any(said[:brand]),
            guessed=self._is_guess(likeness, entry),
        )

    def _score(
        self, entry: Entry, likeness: list[float], used: dict[int, float], texts: list[str]
    ) -> tuple[float, float, float]:
        weights = list(map(self._weight, entry.words))
        heard = [used.get(word, 0.0) for word in entry.words]
        cover, back = self._cover(likeness), _share(weights, heard)
        characters = fuzz.ratio(self._sorted_text, " ".join(sorted(texts))) / 100
        cosine = self._cosine(weights, heard)
        score = _COVER * cover + _BACK * back + _CHARACTERS * characters + _COSINE * cosine
        return cover, back, score

    def _words_where(self, likeness: list[float], holds: Callable[[SaidWord, float], bool]) -> list[SaidWord]:
        return [word for word, like in zip(self._said.words, likeness, strict=True) if holds(word, like)]

    def _is_guess(self, likeness: list[float], entry: Entry) -> bool:
        pairs = zip(self._said.words, likeness, strict=True)
        telling = [(word, like) for word, like in pairs if word.role is Role.CONTENT]
        if len(telling) != 1 or (self._said.phrase.measures and self._said.phrase.measures == entry.measures):
            return False
        word, like = telling[0]
        return like < _SURELY_THERE and len(word.text) < (_LONG_BONES if word.is_bare else _LONG_WORD)

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
            if word is not None and likeness >= COVERED:
                used[word] = max(used.get(word, 0.0), likeness)
            found.append(likeness)
        if min(found) < COVERED:
            self._look_again(entry, found, used)
        return found, used

    @staticmethod
    def _best_word(said: SaidWord, entry: Entry) -> tuple[float, int | None]:
        best, best_word = 0.0, None
        variants, words = said.variants, entry.words
        common = variants.keys() & words if len(variants) > 8 else [w for w in variants if w in words]
        for word in common:
            if variants[word] > best:
                best, best_word = variants[word], word
        if not best and said.role is Role.NUMBER and said.text in entry.numbers:
            return 1.0, None
        return best, best_word

    def _look_again(self, entry: Entry, found: list[float], used: dict[int, float]) -> None:
        """Find said words in the product's category or other names, or garbled in this entry."""
        category = _category_words(self._products[entry.owner].category)
        others = [word for other in self._index.entries_of(entry.owner) for word in other.words]
        unused = [word for word in entry.words if word not in used]
        for place, said in enumerate(self._said.words):
            if found[place] >= COVERED or said.role < Role.LIGHT:
                continue
            if (
                (lexicon.speaks_of(said.text, self._said.claims) and self._same_claims(entry, unused, used))
                or said.text in category
                or any(said.variants.get(w, 0.0) >= _SURELY_THERE for w in others)
            ):
                found[place] = _FROM_CONTEXT
            elif self._said.receipt or not said.known:
                found[place] = max(found[place], self._vouched_for(said, unused, used))

    def _same_claims(self, entry: Entry, unused: list[int], used: dict[int, float]) -> bool:
        """Take `without salt` for `unsalted`: other words, the same claim."""
        if not self._said.claims <= entry.claims:
            return False
        texts = {word: self._index.vocabulary.text_of(word) for word in unused}
        claiming = [word for word, text in texts.items() if lexicon.speaks_of(text, self._said.claims)]
        used.update(dict.fromkeys(claiming, _FROM_CONTEXT))
        return True

    def _vouched_for(self, said: SaidWord, unused: list[int], used: dict[int, float]) -> float:
        """Compare a said word with the entry words nobody said: the rest of the entry vouches for it."""
        if len(said.text) < 3 or said.role is Role.NUMBER:
            return 0.0
        for word in unused:
            likeness = self._shortened_or_garbled(said, self._index.vocabulary.text_of(word))
            if likeness:
                used[word] = likeness
                unused.remove(word)
                return likeness
        return 0.0

    def _shortened_or_garbled(self, said: SaidWord, text: str) -> float:
        if text[0].isdigit():
            return 0.0
        if self._said.receipt and text.startswith(said.text):
            return _BARE_CONSONANTS
        if said.known:
            return 0.0
        if said.is_bare and _is_bones(said.text, text):
            return _BARE_CONSONANTS
        return _GARBLED if OSA.normalized_similarity(said.text, text) >= _LEAST_GARBLED else 0.0

    def _cover(self, likeness: list[float]) -> float:
        """Return the share of what was said that was found; filler counts only where it was found."""
        pairs = [
            (word.weight, like)
            for word, like in zip(self._said.words, likeness, strict=True)
            if like or word.role > Role.NOISE
        ]
        return _share([weight for weight, _ in pairs], [like for _, like in pairs])

    def _cosine(self, weights: list[float], heard: list[float]) -> float:
        """Return the tf-idf cosine of text and entry; every word stands once in each."""
        shared = sum(weight * weight * part for weight, part in zip(weights, heard, strict=True))
        length = sum(weight * weight for weight in weights) ** 0.5 or 1.0
        return min(1.0, shared / (length * self._length))


def _share(weights: list[float], parts: list[float]) -> float:
    whole = sum(weights)
    return sum(weight * part for weight, part in zip(weights, parts, strict=True)) / whole if whole else 0.0


def _unsaid(texts: list[str], said: list[bool], start: int) -> tuple[str, ...]:
    return tuple(text for text, heard in zip(texts[start:], said[start:], strict=True) if not heard)


def _start_inside(texts: list[str], said: list[bool]) -> int:
    """Return where a name begins when the words before may be its brand: after what was not said, and after
    `Organic India` where organic was said of something else.
    """
    first = said.index(True) if any(said) else 0
    may_be_brand = first == 0 and len(texts) > 2 and texts[0] in lexicon.DIET_WORDS and not said[1]
    return 2 if may_be_brand else first


def _lacks(word: SaidWord, likeness: float) -> bool:
    return likeness < COVERED and word.role > Role.NOISE


def _doubts(word: SaidWord, likeness: float) -> bool:
    return word.known and word.role is Role.CONTENT and COVERED <= likeness < _SURELY_THERE


def _is_bones(said: str, text: str) -> bool:
    """Tell whether the letters of `said` stand in `text` in their order, from its first letter on."""
    letters = iter(text)
    bones = said.removesuffix("s")
    return text[0] == said[0] and len(text) > len(bones) > 1 and all(letter in letters for letter in bones)


@lru_cache(maxsize=4096)
def _category_words(category: str) -> frozenset[str]:
    return frozenset(split_words(fold(category)))
