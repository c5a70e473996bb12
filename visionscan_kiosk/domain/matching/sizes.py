"""Sizes written in a name: how much, and in how many pieces.

"2x100 g" is not "200 g": the number of pieces is part of a size. Grams, millilitres, pieces and millimetres
are the four dimensions; everything else becomes one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_TOLERANCE = 0.02
"""Two amounts nearer than this are one size: 16 oz is printed as 453, 454 or 455 g."""


class Measure(NamedTuple):
    """An amount in `g`, `ml`, `ct` (pieces) or `mm`: the total, and the number of equal parts it comes in."""

    dimension: str
    total: float
    parts: int

    def __str__(self) -> str:
        """Return the size as a shelf label would print it: `2x100 g`, `1 l`, `6 pcs`."""
        each = self.total / self.parts
        if self.dimension in ("g", "ml") and each >= 1000:
            text = f"{each / 1000:g} {'kg' if self.dimension == 'g' else 'l'}"
        else:
            text = f"{each:.4g} {'pcs' if self.dimension == 'ct' else self.dimension}"
        return text if self.parts == 1 else f"{self.parts}x{text}"

    def agrees(self, other: Measure) -> bool:
        """Tell whether both are the same size in the same number of parts."""
        return (
            self.dimension == other.dimension
            and self.parts == other.parts
            and abs(self.total - other.total) <= _TOLERANCE * max(self.total, other.total)
        )


class SizedText(NamedTuple):
    """A text without its sizes, the sizes, and every number that stood in them (`2x100 g`: 2 and 100)."""

    rest: str
    measures: frozenset[Measure]
    numbers: frozenset[str]


_UNIT_WORDS = {
    ("g", 1.0): "g gm gms gr grs gram grams gramm gramme grammes gramo gramos grammi",
    ("g", 1000.0): "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogramo kilogramos kgm",
    ("g", 0.001): "mg mgs milligram milligrams",
    ("g", 100.0): "hg hekto",
    ("g", 28.35): "oz ozs ounce ounces unze unzen onza onzas once onces",
    ("g", 453.6): "lb lbs pound pounds libra libras",
    ("g", 500.0): "pfund livre livres",
    ("ml", 1.0): "ml mls millilitre millilitres milliliter milliliters mililitro mililitros",
    ("ml", 10.0): "cl cls centilitre centilitres zentiliter",
    ("ml", 100.0): "dl dls deciliter",
    ("ml", 1000.0): "l lt ltr ltrs litre litres liter liters litro litros litri litar",
    ("ml", 29.5735): "floz",
    ("ml", 473.18): "pt pint pints",
    ("ml", 946.35): "qt quart quarts",
    ("ml", 3785.4): "gal gallon gallons",
    ("ct", 1.0): "ct cts count cnt pc pcs pce pces piece pieces stk stck stuck stuecke stucke st stycken "
    "u ud uds unidad unidades unite unites unit units pieza piezas pezzi nos nags er pack packs pk pks pak "
    "paket pck",
    ("ct", 12.0): "dozen dozens dz doz dutzend douzaine douzaines docena docenas dussin darjan",
    ("mm", 1.0): "mm",
    ("mm", 10.0): "cm cms",
    ("mm", 1000.0): "mtr mtrs meter meters metre metres metro metros",
    ("mm", 25.4): "inch inches zoll pulgada pulgadas pouces tum",
}
_COUNTED = frozenset(
    [
        "tablet",
        "tablets",
        "capsule",
        "capsules",
        "bag",
        "bags",
        "sachet",
        "sachets",
        "slice",
        "slices",
        "roll",
        "rolls",
        "wipe",
        "wipes",
        "sheet",
        "sheets",
        "pellet",
        "pellets",
        "pull",
        "pulls",
        "cube",
        "cubes",
        "stick",
        "sticks",
        "scheiben",
        "rollen",
        "blatt",
        "beutel",
        "packet",
        "packets",
        "diaper",
        "diapers",
        "nappy",
        "nappies",
        "pad",
        "pads",
        "egg",
        "eggs",
        "bar",
        "bars",
        "can",
        "cans",
        "bottle",
        "bottles",
    ]
)
"""Things that are counted: a number before them is a count, and the word itself is kept."""

_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
UNIT_WORDS = frozenset(
    [
        "g",
        "gm",
        "gr",
        "kg",
        "mg",
        "ml",
        "l",
        "lt",
        "ltr",
        "cl",
        "dl",
        "oz",
        "fl",
        "lb",
        "ct",
        "cnt",
        "pc",
        "st",
        "stk",
        "x",
        "each",
        "per",
    ]
)
"""Words that stand beside a number; alone they say nothing about a product."""

_DIGIT = re.compile(r"\d")
_NUMBER = r"(?:\d{1,9}\s\d/\d|\d{1,9}/\d{1,9}|\d{1,9}(?:[.,]\d{1,9}){0,3}|[.,]\d{1,9})"
_UNIT = "fl\\.?\\s*oz|" + "|".join(sorted(_UNITS.keys() | _COUNTED, key=len, reverse=True))
_END = r"(?![^\W_])"
_SIZE = re.compile(
    rf"(?=[\d.,])(?<![^\W_])(?<!\d[.,])(?:(?P<before>\d{{1,3}})\s*(?:x|\*|er)\s*)?(?P<amount>{_NUMBER})\s*-?\s*"
    rf"(?P<unit>{_UNIT}){_END}\.?(?:\s*(?:x|\*)\s*(?P<after>\d{{1,3}}){_END}(?!\s*(?:{_UNIT}){_END}))?"
)
_PACK_OF = re.compile(
    r"(?<![^\W_])(?:packs?|pk|set|box|lot|paquet|packung|paket|bundle|case)\s+(?:of|de|von|om|med|mit)\s+"
    r"()(\d{1,3})(?![^\W_])"
)
_MAY_NAME_A_PACK = re.compile(r" (?:of|de|von|om|med|mit) \d")


def read_sizes(folded: str) -> SizedText:
    """Return a folded text (see `normalise.fold`) parted into its words and its sizes."""
    if _DIGIT.search(folded) is None:
        return SizedText(folded, frozenset(), frozenset())
    sizes: list[_Size] = []

    def take(found: re.Match[str]) -> str:
        size = _read_size(*found.groups())
        if size is None:
            return found[0]
        sizes.append(size)
        return size.left

    packs_read = _PACK_OF.sub(take, folded) if _MAY_NAME_A_PACK.search(folded) else folded
    rest = _SIZE.sub(take, packs_read)
    return SizedText(rest, *_together(tuple(sizes)))


@lru_cache(maxsize=1 << 14)
def _together(sizes: tuple[_Size, ...]) -> tuple[frozenset[Measure], frozenset[str]]:
    """Return all measures and numbers; names with the same sizes share them, which saves time and memory."""
    return (
        frozenset(size.measure for size in sizes),
        frozenset(number for size in sizes for number in size.numbers),
    )


class _Size(NamedTuple):
    measure: Measure
    numbers: tuple[str, ...]
    left: str
    """What stays in the text: the thing that was counted, if it is a word of its own."""


@lru_cache(maxsize=1 << 14)
def _read_size(
    before: str | None, written: str, unit: str | None = None, after: str | None = None
) -> _Size | None:
    unit = unit or "pc"
    dimension, factor = ("ct", 1.0) if unit in _COUNTED else _UNITS.get(unit, ("ml", 29.5735))
    amount = _number(written, thousands=factor == 1.0)
    parts = int(before or after or 1)
    if not 0 < amount < 1e9 or parts < 1 or (dimension == "ct" and not amount.is_integer()):
        return None
    numbers = tuple(number.replace(",", ".") for number in (before, written, after) if number)
    measure = Measure(dimension, round(amount * factor * parts, 3), parts)
    return _Size(measure, numbers, f" {unit} " if unit in _COUNTED else " ")


def _number(text: str, *, thousands: bool) -> float:
    """Return the value of `1.5`, `1,5`, `1/2`, `1 1/2`; with `thousands`, also of `1,000` and `1.000`."""
    if "/" in text:
        *whole, fraction = text.split()
        over, under = fraction.split("/")
        return sum(map(float, whole)) + (float(over) / float(under) if int(under) else 0.0)
    groups = re.split(r"[.,]", text)
    if len(groups) > 2 or (
        thousands and len(groups) == 2 and len(groups[1]) == 3 and groups[0] not in ("", "0")
    ):
        return float("".join(groups))
    return float(".".join(groups))


def first_difference(said: Iterable[Measure], printed: Iterable[Measure]) -> tuple[Measure, Measure] | None:
    """Return the first size said that a product contradicts, with the product's own; None when none does.

    A product that prints nothing comparable contradicts nothing.
    """
    printed = sorted(printed)
    for measure in sorted(said):
        rivals = [other for other in printed if _comparable(measure, other)]
        if rivals and not any(measure.agrees(other) for other in rivals):
            return measure, rivals[0]
    return None


def _comparable(one: Measure, other: Measure) -> bool:
    """Tell whether two sizes can contradict each other; weight against volume can."""
    return one.dimension == other.dimension or {one.dimension, other.dimension} == {"g", "ml"}
