"""Catalogues and questions for the matching benchmark: read from a folder, or recombined from it by seed.

A folder holds `catalog-NAME.csv` (sku,name,category,price,aliases,barcode,brand,size,product) and
`queries-NAME.csv` (query,expected_sku,kind,origin,split). Recombination makes large shops out of small ones:
brands, kinds, variants and sizes of a pack are drawn together anew, so no made name is a row of the pack.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.matching.normalise import skeleton

NEAR_MISS = ("neg_size", "neg_flavour", "neg_realsize", "neg_count", "neg_variant")


@dataclass(frozen=True)
class Question:
    """A text, the SKUs that are right (several: asking is right; none: not stocked) and its kind."""

    text: str
    expected: frozenset[str]
    kind: str

    @property
    def group(self) -> str:
        if self.expected:
            return "unique" if len(self.expected) == 1 else "ambiguous"
        return "near" if self.kind in NEAR_MISS else "plain"


@dataclass(frozen=True)
class Pack:
    """A shop and what is asked in it."""

    name: str
    products: list[MatchableProduct]
    questions: list[Question] = field(default_factory=list)


@dataclass(frozen=True)
class Parts:
    """One product name in parts."""

    brand: str
    kind: str
    variant: str
    size: str

    @property
    def words(self) -> str:
        return f"{self.brand} {self.kind}" + (f" - {self.variant}" if self.variant else "")

    @property
    def name(self) -> str:
        return f"{self.words}, {self.size}" if self.size else self.words


def product(pack: str, sku: str, name: str, row: dict[str, str] | None = None) -> MatchableProduct:
    row = row or {}
    lists = [tuple(filter(None, row.get(column, "").split("|"))) for column in ("aliases", "barcode")]
    return MatchableProduct(
        uuid5(NAMESPACE_URL, f"{pack}/{sku}"), sku, name, lists[0], lists[1], row.get("category", "")
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_pack(folder: Path, name: str, split: str) -> Pack:
    catalogue = [product(name, row["sku"], row["name"], row) for row in rows(folder / f"catalog-{name}.csv")]
    questions = [
        Question(row["query"], frozenset(filter(None, row["expected_sku"].split("|"))), row["kind"])
        for row in rows(folder / f"queries-{name}.csv")
        if split in ("all", row["split"])
    ]
    return Pack(name, catalogue, questions)


def pack_names(folder: Path) -> list[str]:
    return sorted(path.stem.removeprefix("catalog-") for path in folder.glob("catalog-*.csv"))


def read_parts(folder: Path) -> list[Parts]:
    """Return the products of every pack that gives brand, product and size apart."""
    found = []
    for name in pack_names(folder):
        for row in rows(folder / f"catalog-{name}.csv"):
            if row["brand"] and row["product"]:
                kind, _, variant = row["product"].partition(" - ")
                found.append(Parts(row["brand"], kind, variant, row["size"]))
    return found


_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeio"]


def _invented(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4))).title()


def recombine(
    parts: list[Parts], count: int, seed: int, *, sizes: bool, invented: bool = False
) -> list[Parts]:
    """Return `count` different products whose brand, kind, variant and size never stood together.

    With `invented` brands, and a word of its own in every second variant, the vocabulary grows with the shop.
    """
    chance = random.Random(seed)
    brands = [_invented(chance) for _ in range(max(count // 20, 50))]
    variants = [part.variant for part in parts if part.variant and len(part.variant) < 40]
    made: dict[str, Parts] = {}
    while len(made) < count:
        kind, brand, size = (chance.choice(parts) for _ in range(3))
        variant = chance.choice(variants) if chance.random() < 0.7 else ""
        name = chance.choice(brands) if invented else brand.brand
        if invented and chance.random() < 0.5:
            variant = f"{_invented(chance)} {variant}".strip()
        new = Parts(name, kind.kind, variant, size.size if sizes else "")
        if not any(part.brand == new.brand and part.kind == new.kind for part in (kind, brand)):
            made.setdefault(new.name.casefold(), new)
    return list(made.values())


def made_pack(
    parts: list[Parts], count: int, seed: int, *, sizes: bool, asked: int = 1500, invented: bool = False
) -> Pack:
    """Return a recombined shop with questions of every kind; a fifth of what was drawn is not stocked."""
    drawn = recombine(parts, count + count // 4, seed, sizes=sizes, invented=invented)
    stocked, missing = drawn[:count], drawn[count:]
    name = f"made-{count // 1000}k-{'sized' if sizes else 'bare'}"
    catalogue = [product(name, f"M{place:06}", part.name) for place, part in enumerate(stocked)]
    return Pack(name, catalogue, _Questions(stocked, missing, seed).make(asked))


class _Questions:
    """Makes questions about a recombined shop; what is right follows from the parts alone."""

    def __init__(self, stocked: list[Parts], missing: list[Parts], seed: int) -> None:
        self._chance = random.Random(seed + 1)
        self._stocked = stocked
        self._missing = missing
        self._by_words: defaultdict[str, set[str]] = defaultdict(set)
        self._by_kind: defaultdict[str, set[str]] = defaultdict(set)
        for place, part in enumerate(stocked):
            self._by_words[_bag(part.words)].add(f"M{place:06}")
            self._by_kind[_bag(f"{part.kind} {part.variant}")].add(f"M{place:06}")

    def make(self, count: int) -> list[Question]:
        makers = (
            self._exact, self._typo, self._abbreviated, self._no_size, self._no_brand,
            self._shuffled, self._plain_miss, self._other_size, self._other_variant,
        )  # fmt: skip
        made = [maker() for maker in makers for _ in range(count // len(makers))]
        return [question for question in made if question is not None]

    def _one(self) -> tuple[Parts, frozenset[str]]:
        place = self._chance.randrange(len(self._stocked))
        return self._stocked[place], frozenset({f"M{place:06}"})

    def _exact(self) -> Question:
        part, sku = self._one()
        return Question(part.name.upper(), sku, "exact")

    def _typo(self) -> Question:
        part, sku = self._one()
        words = part.words.split()
        long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
        for place in self._chance.sample(long, min(2, len(long))):
            words[place] = self._mistyped(words[place])
        return Question(" ".join(words) + (f", {part.size}" if part.size else ""), sku, "typo")

    def _mistyped(self, word: str) -> str:
        at = self._chance.randrange(1, len(word) - 1)
        letter = self._chance.choice("abcdefghijklmnopqrstuvwxyz")
        return self._chance.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )

    def _abbreviated(self) -> Question:
        part, sku = self._one()
        words = [
            skeleton(word)[:5] if len(word) > 5 and self._chance.random() < 0.5 else word
            for word in re.findall(r"[a-z0-9]+", part.words.casefold())
        ]
        return Question(f"{' '.join(words)} {part.size}".strip().upper(), sku, "abbreviated")

    def _no_size(self) -> Question:
        part, _ = self._one()
        return Question(part.words, frozenset(self._by_words[_bag(part.words)]), "nosize")

    def _no_brand(self) -> Question:
        part, _ = self._one()
        text = f"{part.kind} {part.variant}".strip()
        return Question(text, frozenset(self._by_kind[_bag(text)]), "nobrand")

    def _shuffled(self) -> Question:
        part, sku = self._one()
        words = part.words.split()
        self._chance.shuffle(words)
        return Question(" ".join(words) + (f" {part.size}" if part.size else ""), sku, "wordorder")

    def _plain_miss(self) -> Question | None:
        part = self._chance.choice(self._missing)
        known = self._by_words.get(_bag(part.words))
        return None if known else Question(part.name, frozenset(), "neg_sameshop")

    def _other_size(self) -> Question | None:
        part, _ = self._one()
        number = re.search(r"\d+", part.size)
        if number is None or len(self._by_words[_bag(part.words)]) > 1:
            return None
        size = part.size.replace(number[0], str(int(number[0]) * 3 + 1), 1)
        return Question(f"{part.words}, {size}", frozenset(), "neg_size")

    def _other_variant(self) -> Question | None:
        part, _ = self._one()
        other = Parts(part.brand, part.kind, self._chance.choice(self._stocked).variant, part.size)
        if not part.variant or not other.variant or self._by_words.get(_bag(other.words)):
            return None
        return Question(other.name, frozenset(), "neg_variant")


def _bag(text: str) -> str:
    return " ".join(sorted(set(re.findall(r"\w+", text.casefold()))))
