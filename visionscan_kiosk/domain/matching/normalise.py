"""From any text to comparable words: one form for case, accents, width, spacing and plural.

Nothing here knows a catalogue. Meaning of words (sizes, flavours, diet words) lives in the files beside it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_TEXT = 10_000
"""Characters of a text that are read; what follows is ignored, so that any text answers in bounded time."""

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l",
        "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ħ": "h", "þ": "th", "Þ": "th", "ð": "d", "Ð": "d",
        "×": "x", "✕": "x", "⁄": "/", "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_INITIALS = re.compile(r"(?<![^\W_]{2})(?<=[^\W\d_])\.(?=[^\W\d_](?:\.|\W|$))")
_NUMBER = r"\d{1,12}(?:[.,]\d{1,12}){1,3}%?|\d{1,12}%"
_ASCII_WORD = re.compile(rf"{_NUMBER}|[a-z0-9]{{1,60}}")
# The second class: vowel signs of Indic and Thai scripts, which `\w` leaves out.
_WORD = re.compile(rf"{_NUMBER}|(?:[^\W_]|[\u0900-\u0963\u0966-\u0eff]){{1,60}}")
_KEEPS_ITS_S = ("ss", "us", "is")
_IRREGULAR = {"leaves": "leaf", "loaves": "loaf", "halves": "half", "knives": "knife", "feuilles": "feuille"}


def strict_key(text: str) -> str:
    """Return the form in which only case, width and spacing are forgotten."""
    text = text[:LONGEST_TEXT]
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().split())


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Return `text` without case, accents, width, control characters and runs of spaces."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        text = _fold_letters(text)
    elif not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.casefold().split())


def _fold_letters(text: str) -> str:
    # Once more after casefold: some capitals decompose only in their small form (İ).
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_DECOMPOSITION))
    decomposed = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(map(_plain_letter, decomposed)).translate(_LETTERS_WITHOUT_DECOMPOSITION)


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    """Return one decomposed character as it counts: nothing for marks, a space for control characters."""
    if unicodedata.combining(letter):
        return ""
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Cf":
        return ""
    return " " if category in ("Cc", "Zs", "Zl", "Zp", "Cs", "Co", "Cn") else letter


def split_words(folded: str) -> list[str]:
    """Return the words of a folded text in the singular: letters and digits, a percentage as one word.

    Longer words than 60 letters are cut into pieces.
    """
    joined = _INITIALS.sub("", _APOSTROPHE.sub("", folded)) if "'" in folded or "." in folded else folded
    pattern = _ASCII_WORD if joined.isascii() else _WORD
    return list(map(singular, pattern.findall(joined)))


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """Return the English singular of a word by rule; other languages are compared by `stem`."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word[0].isdigit():
        return word.replace(",", ".")
    if word.endswith("ie") and len(word) > 4:
        return word[:-2] + "y"
    return _without_plural_s(word)


def _without_plural_s(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEEPS_ITS_S):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "zzes", "oes")) else word[:-1]


_PLURAL_ENDINGS = (
    "orna", "arna", "erna", "ens", "nen", "en", "es", "or", "ar", "er", "na", "ne",
    "e", "n", "s", "x",
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return a word without a German, French, Spanish, Italian or Swedish plural ending.

    Only compared with other stems, at a discount: it joins more words than a plural would.
    """
    for ending in _PLURAL_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


_SOUNDS = (
    ("ph", "f"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("ck", "k"),
    ("w", "v"), ("z", "j"), ("q", "k"), ("iy", "i"), ("y", "i"),
)  # fmt: skip
_SILENT_H = re.compile(r"(?<=[bdfgjklmnprtv])h")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return how a word sounds, roughly: joins transliterations (dhaniya, dhania) and yoghurt, yogurt."""
    heard = word
    for letters, one in _SOUNDS:
        heard = heard.replace(letters, one)
    return _DOUBLED.sub(r"\1", _SILENT_H.sub("", heard))


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """Return a word without the vowels after its first letter, as receipts shorten it (chicken -> chckn)."""
    return word[:1] + "".join(letter for letter in word[1:] if letter not in "aeiou")
