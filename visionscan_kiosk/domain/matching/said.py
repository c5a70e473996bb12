"""What was said, word by word, against the words of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from visionscan_kiosk.domain.matching import lexicon
from visionscan_kiosk.domain.matching.index import Term, WordIndex
from visionscan_kiosk.domain.matching.normalise import skeleton
from visionscan_kiosk.domain.matching.phrase import Phrase, Role, read_query, role_of
from visionscan_kiosk.domain.matching.vocabulary import SAME_SOUND, Variants, Vocabulary

_MOST_WORDS = 40
"""Words of a text that are looked up; of a longer text the rarest that the catalogue knows."""

_ROLE_WEIGHT = {Role.NOISE: 0.05, Role.LIGHT: 0.35, Role.NUMBER: 0.8, Role.CONTENT: 1.0}


@dataclass(frozen=True, slots=True)
class SaidWord:
    """One said word: its role, its weight and the words of the catalogue it may mean.

    A `known` word is no typing mistake: it stands in the catalogue or in the vocabulary of the trade.
    """

    text: str
    role: Role
    weight: float
    variants: Variants
    known: bool

    @property
    def is_bare_number(self) -> bool:
        """Tell whether the word is a number or a percentage."""
        return self.role is Role.NUMBER

    @property
    def is_bare(self) -> bool:
        """Tell whether the word has no vowel after its first letter, as on receipts."""
        return len(self.text) > 2 and self.text.isalpha() and skeleton(self.text) == self.text


@dataclass(frozen=True, slots=True)
class Said:
    """A text as the matcher understands it."""

    phrase: Phrase
    claims: frozenset[str]
    words: tuple[SaidWord, ...]
    receipt: bool

    def terms(self) -> list[Term]:
        """Return what to look up in the index."""
        return [Term(word.weight, word.variants) for word in self.words]

    def is_empty(self) -> bool:
        """Tell whether there is no word at all that could find a product."""
        return not any(word.variants for word in self.words)


def weight_of(index: WordIndex, word: int) -> float:
    """Return the weight of a catalogue word: rare words weigh more, containers and filler little."""
    return index.weight(word) * _ROLE_WEIGHT[role_of(index.vocabulary.text_of(word))]


def understand(text: str, index: WordIndex) -> Said:
    """Look up every word of `text` in the vocabulary of the index."""
    phrase, claims = read_query(text)
    looked_up = _most_telling(phrase.words, index)
    words = [_said_word(word, index) for word in _split_compounds(looked_up, index)]
    words = [_without_garbled_unit(word, before) for word, before in zip(words, (None, *words), strict=False)]
    _join_neighbours(words, index)
    receipt = any(word.is_bare and not word.known for word in words)
    return Said(phrase, claims, tuple(words), receipt)


def _most_telling(words: tuple[str, ...], index: WordIndex) -> list[str]:
    """Return the words to look up: all of a usual text, of a very long one those the catalogue knows best."""
    if len(words) <= _MOST_WORDS:
        return list(words)
    ids = {word: index.vocabulary.id_of(word) for word in words}
    weights = {word: index.weight(word_id) for word, word_id in ids.items() if word_id is not None}
    chosen = set(sorted(words, key=lambda word: -weights.get(word, 0.0))[:_MOST_WORDS])
    return [word for word in words if word in chosen]


def _without_garbled_unit(word: SaidWord, before: SaidWord | None) -> SaidWord:
    """Take an unknown short word after a number for a misread unit: `14 ozz`."""
    if before is None or word.known or not before.is_bare_number or len(word.text) > 3:
        return word
    return replace(word, role=Role.NOISE, weight=word.weight * _ROLE_WEIGHT[Role.NOISE], variants={})


def _said_word(word: str, index: WordIndex) -> SaidWord:
    role = role_of(word)
    word_id = index.vocabulary.id_of(word)
    variants = dict(index.vocabulary.variants(word)) if role >= Role.LIGHT else {}
    if word_id is not None and role == Role.NOISE:
        variants = {word_id: 1.0}
    weight = index.weight(word_id) if word_id is not None else index.weight_of_unknown()
    known = word_id is not None or word in lexicon.MEANINGFUL
    return SaidWord(word, role, weight * _ROLE_WEIGHT[role], variants, known)


def _join_neighbours(words: list[SaidWord], index: WordIndex) -> None:
    """Let `water melon` mean `watermelon` too."""
    for left, right in pairwise(words):
        joined = index.vocabulary.id_of(left.text + right.text)
        if joined is not None:
            left.variants.setdefault(joined, SAME_SOUND)
            right.variants.setdefault(joined, SAME_SOUND)


def _split_compounds(words: list[str], index: WordIndex) -> list[str]:
    """Let an unknown `apelsinjuice` mean `apelsin juice`, when the catalogue knows both parts."""
    parts: list[str] = []
    for word in words:
        parts.extend(_compound_parts(word, index) or (word,))
    return list(dict.fromkeys(parts))


def _compound_parts(word: str, index: WordIndex) -> tuple[str, str] | None:
    vocabulary = index.vocabulary
    if len(word) < 7 or vocabulary.id_of(word) is not None or word in lexicon.FLAVOURS or not word.isalpha():
        return None
    if any(likeness >= SAME_SOUND - 0.05 for likeness in vocabulary.variants(word).values()):
        return None
    splits = ((word[:place], word[place:]) for place in range(3, len(word) - 2))
    known = [(left, right) for left, right in splits if _both_known(left, right, vocabulary)]
    return min(known, key=lambda pair: abs(len(pair[0]) - len(pair[1])), default=None)


def _both_known(left: str, right: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.id_of(left) is not None and vocabulary.id_of(right) is not None
