"""Which entries (names and aliases) hold which words: finds the few dozen worth a closer look."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from visionscan_kiosk.domain.matching.lexicon import MEANINGFUL
from visionscan_kiosk.domain.matching.phrase import read_product
from visionscan_kiosk.domain.matching.sizes import Measure
from visionscan_kiosk.domain.matching.vocabulary import Variants, Vocabulary

_WORTH_A_LOOK = 0.6
_ALWAYS_LOOKED_AT = 10
"""A closer look is worth it at this share of the best entry's held weight; the first few always.

Those that hold as much as the last of them too: the order in which names came decides nothing.
"""

_LEAST_OF_A_BRAND = 3
_MANY_NEW_WORDS = 500
_MOST_SOLD = 2**31 - 1
_HALF_OF_AN_ID = 2**64 - 1
_MOST_DEAD = 2_000
"""Entries that may lie dead before the lists are swept; at least a quarter of all must be."""


class Entry(NamedTuple):
    """One name or alias of a product, taken apart. `words` are ids of the vocabulary, in their order."""

    owner: UUID
    words: tuple[int, ...]
    measures: frozenset[Measure]
    numbers: frozenset[str]
    claims: frozenset[str]


class Term(NamedTuple):
    """One said word: its weight and the words of the catalogue it may mean."""

    weight: float
    variants: Variants


class WordIndex:
    """Entries by word, growing and shrinking one product at a time."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self._entries: list[Entry | None] = []
        self._lengths = array("f")
        self._sold = array("i")
        self._owners = array("Q")
        self._holders: list[array[int]] = []
        self._by_owner: dict[UUID, list[int]] = {}
        self._first: dict[tuple[int, ...], int] = {}
        self._dead = 0

    def __len__(self) -> int:
        return len(self._entries) - self._dead

    def add(self, owner: UUID, text: str) -> Entry:
        """Take in one name or alias."""
        phrase, claims = read_product(text)
        words = tuple(map(self.vocabulary.add, phrase.words))
        entry = Entry(owner, words, phrase.measures, phrase.numbers, claims)
        place = len(self._entries)
        self._entries.append(entry)
        self._lengths.append(len(words) ** 0.5 or 1.0)
        self._sold.append(0)
        self._owners.append(owner.int & _HALF_OF_AN_ID)
        self._by_owner.setdefault(owner, []).append(place)
        while len(self._holders) < len(self.vocabulary):
            self._holders.append(array("i"))
        for word in words:
            self._holders[word].append(place)
        self._count_beginnings(words, 1)
        return entry

    def remove(self, owner: UUID) -> None:
        """Forget every entry of a product."""
        for place in self._by_owner.pop(owner, ()):
            entry = self._entries[place]
            if entry is not None:
                for word in entry.words:
                    self.vocabulary.remove(word)
                self._count_beginnings(entry.words, -1)
                self._entries[place] = None
                self._lengths[place] = float("inf")
                self._dead += 1
        if self._dead > max(_MOST_DEAD, len(self._entries) // 4):
            self._sweep()

    def entries_of(self, owner: UUID) -> list[Entry]:
        """Return the entries of a product: its name first, then its aliases."""
        places = self._by_owner.get(owner, ())
        return [entry for place in places if (entry := self._entries[place]) is not None]

    def holding_all(self, groups: Sequence[Sequence[int]], limit: int) -> list[Entry]:
        """Return up to `limit` entries that hold a word of every group, those of best sellers first."""
        held = np.ones(len(self._entries), bool)
        for words in groups:
            any_of_them = np.zeros(len(self._entries), bool)
            for word in words:
                any_of_them[np.frombuffer(self._holders[word], np.int32)] = True
            held &= any_of_them
        places = np.flatnonzero(held)
        sold = np.frombuffer(self._sold, np.int32)[places]
        best = places[np.argsort(-sold, kind="stable")]
        alive = (entry for place in best if (entry := self._entries[place]) is not None)
        return list(islice(alive, limit))

    def settle(self) -> None:
        """Do now what the first question would wait for, after many new names."""
        if self.vocabulary.unsettled() > _MANY_NEW_WORDS:
            self.vocabulary.settle()

    def sold(self, owner: UUID, times: int) -> None:
        """Note how often a product was sold; it is shown earlier in a search."""
        for place in self._by_owner.get(owner, ()):
            self._sold[place] = min(times, _MOST_SOLD)

    def weight(self, word: int) -> float:
        """Return how much a word tells products apart."""
        return self.vocabulary.weight(word, len(self))

    def weight_of_unknown(self) -> float:
        """Return the weight of a said word that stands nowhere in the catalogue."""
        return 0.8 * float(np.log(1 + max(len(self), 1)))

    def brand_length(self, entry: Entry) -> int:
        """Return how many leading words look like a brand: they begin names and hardly stand elsewhere."""
        for length in (1, 2):
            words = entry.words[:length]
            if len(entry.words) <= length:
                return 0
            if self.vocabulary.text_of(words[-1]) in MEANINGFUL:
                continue
            begun = self._first.get(words, 0)
            if begun >= _LEAST_OF_A_BRAND and begun >= 0.85 * min(map(self.vocabulary.count_of, words)):
                return length + self._brand_goes_on(entry, length, begun)
        return 0

    def _brand_goes_on(self, entry: Entry, length: int, begun: int) -> bool:
        """Tell whether nearly every name that begins so has the same second word: Great Value."""
        longer = self._first.get(entry.words[: length + 1], 0)
        return length == 1 and len(entry.words) > 2 and longer >= 0.8 * begun

    def _count_beginnings(self, words: tuple[int, ...], change: int) -> None:
        for beginning in {words[:1], words[:2]} - {()}:
            count = self._first.get(beginning, 0) + change
            if count:
                self._first[beginning] = count
            else:
                del self._first[beginning]

    def shortlist(self, terms: Sequence[Term], limit: int) -> list[Entry]:
        """Return the up to `limit` entries that hold most of the weight of what was said."""
        if not self._entries:
            return []
        held = self._held_weight(terms)
        total = sum(term.weight for term in terms) or 1.0
        # Of two that hold as much, the shorter is nearer.
        lengths = np.frombuffer(self._lengths, np.float32)
        score = held * (0.75 + 0.25 / lengths) / total
        if self._dead:
            score[np.isinf(lengths)] = 0  # the dead take nobody's place
        best = self._highest(score, limit)
        if not len(best):
            return []
        least = float(score[best[0]]) * _WORTH_A_LOOK
        always = float(score[best[min(_ALWAYS_LOOKED_AT, len(best)) - 1]])  # with all that hold as much
        kept = best[score[best] >= min(least, always)]
        return [entry for place in kept if (entry := self._entries[place]) is not None]

    def _highest(self, score: npt.NDArray[np.floating], count: int) -> npt.NDArray[np.intp]:
        """Return the places of up to `count` scores above zero, highest first; for equal ones the product
        decides."""
        places = np.flatnonzero(score > 0)
        if count < len(places):
            places = places[score[places] >= np.partition(score[places], -count)[-count]]
        owners = np.frombuffer(self._owners, np.uint64)[places]
        return places[np.lexsort((owners, -score[places]))[:count]]

    def _held_weight(self, terms: Sequence[Term]) -> npt.NDArray[np.float32]:
        held = np.zeros(len(self._entries), np.float32)
        for term in terms:
            if len(term.variants) == 1:
                ((word, likeness),) = term.variants.items()
                held[np.frombuffer(self._holders[word], np.int32)] += np.float32(likeness * term.weight)
            elif term.variants:
                held += self._held_by_any(term)
        return held

    def _held_by_any(self, term: Term) -> npt.NDArray[np.float32]:
        best = np.zeros(len(self._entries), np.float32)
        for word, likeness in sorted(term.variants.items(), key=lambda pair: pair[1]):
            best[np.frombuffer(self._holders[word], np.int32)] = likeness
        best *= np.float32(term.weight)
        return best

    def _sweep(self) -> None:
        """Drop dead entries from all lists; costs one pass over the lists, no text is read again."""
        alive = [place for place, entry in enumerate(self._entries) if entry is not None]
        new_place = np.full(len(self._entries), -1, np.int32)
        new_place[alive] = np.arange(len(alive), dtype=np.int32)
        self._entries = [self._entries[place] for place in alive]
        self._lengths = array("f", (self._lengths[place] for place in alive))
        self._sold = array("i", (self._sold[place] for place in alive))
        self._owners = array("Q", (self._owners[place] for place in alive))
        for word, holders in enumerate(self._holders):
            moved = new_place[np.frombuffer(holders, np.int32)] if holders else np.empty(0, np.int32)
            self._holders[word] = array("i", moved[moved >= 0].tobytes())
        self._by_owner = {
            owner: [int(new_place[place]) for place in places] for owner, places in self._by_owner.items()
        }
        self._dead = 0
