"""What the words on a label say about which product it is.

Words are counted on the photos of each product that a thing may be; one that they all show says nothing. The
constants were chosen on 156 photographs of 13 packages, the weight on the other packages for each of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz, process

from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.services.label_sizes import sizes_on, without_sizes

_WEIGHT = 0.85
"""Below 1: words of one label do not speak independently of each other."""
_ALIKE = 75
"""Least likeness, 0..100, from which on two words are one word misread."""
_ANYWHERE = 0.02
"""How often a word stands on any label."""
_SHORTEST = 3
_SHORTEST_MISREAD = 4
_LEAST_CHANCE = 1e-6
_LEAST_REST = 1e-3
_LEAST_EVIDENCE = 0.1

Label = frozenset[str]
"""The words of one label."""


@lru_cache(maxsize=4096)
def words_of(text: str) -> Label:
    """Return the words of a label that tell things apart and its sizes; no short words, no bare numbers."""
    words = split_words(fold(without_sizes(text)))
    sizes = map(str, sizes_on(text))
    return frozenset([*sizes, *(word for word in words if len(word) >= _SHORTEST and not word.isdecimal())])


def weigh(
    chances: Mapping[UUID, float], seen: Label, known: Mapping[UUID, Sequence[Label]]
) -> dict[UUID, float]:
    """Return the chances (0..1) of products once the words `seen` are taken into account.

    `known`: the words on each photo of a product. Empty when the words speak for none of them.
    """
    evidence = {key: _evidence(seen, known.get(key, ())) for key in chances}
    if max(evidence.values(), default=0) < _LEAST_EVIDENCE:
        return {}
    strongest = max(evidence.values())  # which keeps the powers below 1
    scores = {
        key: max(chance, _LEAST_CHANCE) * math.exp(_WEIGHT * (evidence[key] - strongest))
        for key, chance in chances.items()
    }
    rest = max(1 - sum(chances.values()), _LEAST_REST) * math.exp(-_WEIGHT * strongest)
    whole = math.fsum(scores.values()) + rest
    return {key: score / whole for key, score in scores.items()}


def _evidence(seen: Label, labels: Sequence[Label]) -> float:
    """Return the logarithm of how much likelier the words are on this product than on any."""
    if not labels:
        return 0.0
    return math.fsum(math.log(_share(word, labels) / _ANYWHERE) for word in sorted(seen))


def _share(word: str, labels: Sequence[Label]) -> float:
    """Return the part of the labels that show a word, as if one more label were any label."""
    return (math.fsum(_shows(label, word) for label in labels) + _ANYWHERE) / (len(labels) + 1)


def _shows(label: Label, word: str) -> float:
    """Return 1 for a word that stands on a label, less for one that was misread."""
    if word in label:
        return 1.0
    may_be_misread = len(word) >= _SHORTEST_MISREAD and not any(map(str.isdecimal, word))
    return _best_likeness(word, label) if may_be_misread else 0.0


@lru_cache(maxsize=1 << 14)
def _best_likeness(word: str, label: Label) -> float:
    found = process.extractOne(word, sorted(label), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[1] / 100 if found else 0.0
