"""The words of a catalogue, and which of them a said word may mean: typos, plurals, short forms."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from visionscan_kiosk.domain.matching.lexicon import FLAVOURS, MEANINGFUL, RECEIPT_WORDS, TRANSLATIONS
from visionscan_kiosk.domain.matching.normalise import singular, skeleton, sound, stem

SAME_SOUND = 0.95
SAME_STEM = 0.92
_RECEIPT_FORM = 0.9
_MISREAD = 0.9
_TRANSLATED = 0.9
_BEGINNING = 0.8
_SKELETON = 0.76
_KNOWN_WORD_STEM = 0.88
_KNOWN_WORD_TYPO = 0.7
"""A said word that the shop knows may still be a typing mistake for another; that is never sure."""

_LEAST_LIKENESS = 0.7
_MOST_COMPARED = 400
_MOST_BEGINNINGS = 200
_CACHED_WORDS = 20_000
_MISREAD_LETTERS = str.maketrans("0158962", "olsbgbz")
_MISREAD_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("nn", "m"))

Variants = dict[int, float]
"""Word id -> how surely that word is meant, 0..1."""


class Vocabulary:
    """All words of the catalogue by id, with the number of entries each stands in."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._texts: list[str] = []
        self._lengths = array("i")
        self._counts = array("i")
        self._by_sound: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)
        self._by_pair: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        self._sorted_texts: list[tuple[str, int]] = []
        self._sorted_skeletons: list[tuple[str, int]] = []
        self._cache: dict[str, Variants] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def id_of(self, word: str) -> int | None:
        """Return the id of a word that stands in the catalogue now."""
        word_id = self._ids.get(word)
        return word_id if word_id is not None and self._counts[word_id] else None

    def text_of(self, word_id: int) -> str:
        """Return a word by its id."""
        return self._texts[word_id]

    def count_of(self, word_id: int) -> int:
        """Return the number of entries a word stands in."""
        return self._counts[word_id]

    def weight(self, word_id: int, entries: int) -> float:
        """Return how much a word tells apart among `entries` entries (inverse document frequency)."""
        return math.log(1 + entries / max(self._counts[word_id], 1))

    def add(self, word: str) -> int:
        """Count one more entry with `word` and return its id."""
        word_id = self._ids.get(word)
        if word_id is None:
            word_id = self._take_in(word)
        if not self._counts[word_id]:
            self._cache.clear()
        self._counts[word_id] += 1
        return word_id

    def remove(self, word_id: int) -> None:
        """Count one entry less with a word."""
        self._counts[word_id] -= 1
        if not self._counts[word_id]:
            self._cache.clear()

    def _take_in(self, word: str) -> int:
        word_id = self._ids[word] = len(self._texts)
        self._texts.append(word)
        self._lengths.append(len(word))
        self._counts.append(0)
        self._by_sound[sound(word)].append(word_id)
        self._by_stem[stem(word)].append(word_id)
        for pair in _pairs(word):
            self._by_pair[pair].append(word_id)
        return word_id

    def unsettled(self) -> int:
        """Return how many words came since the last `settle`."""
        return len(self._texts) - len(self._sorted_texts)

    def beginning_with(self, letters: str, limit: int = _MOST_BEGINNINGS) -> list[int]:
        """Return the ids of up to `limit` words that begin with `letters`, the most frequent first."""
        self.settle()
        return self._frequent(self._between(self._sorted_texts, letters), limit)

    def variants(self, word: str) -> Variants:
        """Return every word of the catalogue that `word` may mean."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > _CACHED_WORDS:
                self._cache.clear()
            found = self._cache[word] = self._find_variants(word)
        return found

    def _find_variants(self, word: str) -> Variants:
        found: Variants = {}
        known = self.id_of(word)
        real_word = known is not None or word in MEANINGFUL
        self._join(found, self._typos(word), _KNOWN_WORD_TYPO if real_word else 1.0)
        if known is None and len(word) >= 3 and word.isalpha():
            self._join(found, self._short_forms(word))
        if len(word) >= 3:
            likeness = SAME_STEM if known is None else _KNOWN_WORD_STEM
            self._join(found, dict.fromkeys(self._by_stem.get(stem(word), ()), likeness))
            self._join(found, dict.fromkeys(self._by_sound.get(sound(word), ()), SAME_SOUND))
        if word in FLAVOURS:
            meant = (self._ids.get(name) for name in TRANSLATIONS[FLAVOURS[word]])
            self._join(found, dict.fromkeys([name for name in meant if name is not None], _TRANSLATED))
        if known is not None:
            found[known] = 1.0
        return found

    def _join(self, found: Variants, more: Variants, certainty: float = 1.0) -> None:
        for word_id, likeness in more.items():
            if self._counts[word_id] and likeness * certainty > found.get(word_id, 0.0):
                found[word_id] = likeness * certainty

    def _typos(self, word: str) -> Variants:
        """Return words within a few typing mistakes: about one for each four letters."""
        if len(word) < 3 or not word.isalnum():
            return {}
        found = self._nearby(word) if len(word) > 3 else {}
        for misread in _as_misread(word):
            word_id = self.id_of(misread)
            if word_id is not None:
                found[word_id] = max(found.get(word_id, 0.0), _MISREAD)
        return found

    def _nearby(self, word: str) -> Variants:
        """Return known words at a small edit distance, among those that share enough pairs of letters."""
        pairs = [self._by_pair[pair] for pair in _pairs(word) if pair in self._by_pair]
        if not pairs:
            return {}
        mistakes = max(1, int(len(word) * (1 - _LEAST_LIKENESS)))
        shared = np.bincount(np.concatenate(pairs), minlength=len(self._texts))
        # A mistake spoils two pairs of letters, swapped letters a third.
        likely = shared >= max(2, len(word) - 2 * mistakes)
        likely &= np.abs(np.frombuffer(self._lengths, np.int32) - len(word)) <= mistakes
        near = np.flatnonzero(likely)
        if len(near) > _MOST_COMPARED:
            least = np.partition(shared[near], -_MOST_COMPARED)[-_MOST_COMPARED]
            near = near[shared[near] >= least]
        choices = [self._texts[word_id] for word_id in near]
        hits = process.extract(
            word, choices, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKENESS, limit=None
        )
        return {
            int(near[place]): 0.55 + 0.45 * likeness for text, likeness, place in hits if _may_be(word, text)
        }

    def _short_forms(self, word: str) -> Variants:
        """Return words that `word` may abbreviate: by its beginning, or by its consonants as on receipts."""
        found: Variants = {}
        whole = RECEIPT_WORDS.get(word)
        if whole is not None:
            for word_id in (*self._by_sound.get(sound(whole), ()), *self._by_stem.get(stem(whole), ())):
                found[word_id] = _RECEIPT_FORM
        self.settle()
        beginnings = self._frequent(self._between(self._sorted_texts, word), _MOST_BEGINNINGS)
        self._join(found, dict.fromkeys(beginnings, _BEGINNING))
        if skeleton(word) == word:
            bones = self._frequent(self._between(self._sorted_skeletons, word), _MOST_BEGINNINGS)
            self._join(found, dict.fromkeys(bones, _SKELETON))
        return found

    def settle(self) -> None:
        """Sort in the words that came since the last time; lookups do it too, when it was not done before."""
        start = len(self._sorted_texts)
        if start == len(self._texts):
            return
        new = [(text, word_id) for word_id, text in enumerate(self._texts[start:], start)]
        self._sorted_texts += new
        self._sorted_texts.sort()
        self._sorted_skeletons += [(skeleton(text), word_id) for text, word_id in new]
        self._sorted_skeletons.sort()

    @staticmethod
    def _between(ordered: list[tuple[str, int]], beginning: str) -> list[int]:
        start = bisect_left(ordered, (beginning, -1))
        end = bisect_right(ordered, (beginning + "\U0010ffff", 0))
        return [word_id for _, word_id in ordered[start:end]]

    def _frequent(self, word_ids: list[int], limit: int) -> list[int]:
        alive = [word_id for word_id in word_ids if self._counts[word_id]]
        return sorted(alive, key=lambda word_id: (-self._counts[word_id], self._texts[word_id]))[:limit]


def _pairs(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[place : place + 2] for place in range(len(padded) - 1)}


def _may_be(said: str, text: str) -> bool:
    """Refuse a number for another number: 250 is no typing mistake for 350."""
    return not (any(map(str.isdigit, text)) and any(map(str.isdigit, said)))


def _as_misread(word: str) -> list[str]:
    """Return what a word would be if a camera misread letters of it: cornf1akes, plurn."""
    readings = [word.translate(_MISREAD_LETTERS)] if any(map(str.isdigit, word)) else []
    readings += [word.replace(wrong, right) for wrong, right in _MISREAD_PAIRS if wrong in word]
    return list(map(singular, readings))
