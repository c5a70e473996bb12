"""A text taken apart: its words, sizes, containers, diet claims and flavours."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from visionscan_kiosk.domain.matching import lexicon
from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.domain.matching.sizes import UNIT_WORDS, Measure, read_sizes


class Role(IntEnum):
    """How much a word says about which product is meant."""

    NOISE = 0
    LIGHT = 1
    NUMBER = 2
    """A number, a percentage or a single letter: vitamin C is not vitamin D."""

    CONTENT = 3


@lru_cache(maxsize=1 << 16)
def role_of(word: str) -> Role:
    """Return the role of a folded, singular word."""
    if word in lexicon.LIGHT:
        return Role.LIGHT
    if word in lexicon.FILLER or word in UNIT_WORDS:
        return Role.NOISE
    if len(word) == 1 or (word[0].isdigit() and word.rstrip("%").replace(".", "").isdigit()):
        return Role.NUMBER
    return Role.CONTENT


class Phrase(NamedTuple):
    """What a text says. `words` are distinct, in their order; `numbers` are those that stood in a size."""

    words: tuple[str, ...]
    measures: frozenset[Measure]
    numbers: frozenset[str]

    def containers(self) -> frozenset[str]:
        """Return the groups of containers named: bottle, can, box ..."""
        return frozenset(lexicon.CONTAINERS[word] for word in self.words if word in lexicon.CONTAINERS)

    def flavours(self) -> frozenset[str]:
        """Return the flavours named, in English."""
        return frozenset(lexicon.FLAVOURS[word] for word in self.words if word in lexicon.FLAVOURS)


def read_product(text: str) -> tuple[Phrase, frozenset[str]]:
    """Return the phrase and the diet claims of a product's name or alias."""
    return _read(fold(text))


def read_query(text: str) -> tuple[Phrase, frozenset[str]]:
    """Return the phrase and the diet claims of what a person or a model said."""
    return _read(lexicon.without_speech(fold(text)))


def _read(folded: str) -> tuple[Phrase, frozenset[str]]:
    sized = read_sizes(folded)
    words = split_words(sized.rest)
    phrase = Phrase(tuple(dict.fromkeys(words)), sized.measures, sized.numbers)
    return phrase, lexicon.claims(words)
