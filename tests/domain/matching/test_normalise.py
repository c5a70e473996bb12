"""One form for everything that only looks different."""

from __future__ import annotations

import pytest

from visionscan_kiosk.domain.matching.normalise import fold, singular, skeleton, sound, split_words, stem


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Crème\u00a0 BRÛLÉE ", "creme brulee"),
        ("ＷＡＦＦＬＥ　３０", "waffle 30"),
        ("Weißbier", "weissbier"),
        ("Smørrebrød", "smorrebrod"),
        ("İÇECEK", "icecek"),
        ("a\u200bb\x00c", "ab c"),
        ("८ दूध", "8 दूध"),
        ("🍎", "🍎"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_keep_percentages_initials_and_possessives_together() -> None:
    assert split_words(fold("U.S. Baker's milk 1,5% 90/10 दूध")) == [
        "us",
        "baker",
        "milk",
        "1.5%",
        "90",
        "10",
        "दूध",
    ]


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("apples", "apple"),
        ("berries", "berry"),
        ("tomatoes", "tomato"),
        ("boxes", "box"),
        ("glasses", "glass"),
        ("loaves", "loaf"),
        ("hummus", "hummus"),
        ("asparagus", "asparagus"),
        ("swiss", "swiss"),
    ],
)
def test_english_plurals(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_cookie_and_cookies_are_one_word() -> None:
    assert singular("cookies") == singular("cookie")


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("tomaten", "tomate"),
        ("bananer", "banan"),
        ("gateaux", "gateau"),
        ("limones", "limon"),
        ("birnen", "birne"),
    ],
)
def test_plurals_of_other_languages_share_a_stem(plural: str, one: str) -> None:
    assert stem(plural) == stem(one) or stem(plural) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dhaniya", "dhania"),
        ("chawal", "chaval"),
        ("jeera", "jira"),
        ("yoghurt", "yogurt"),
        ("mueller", "muller"),
    ],
)
def test_spellings_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_a_skeleton_keeps_the_first_letter() -> None:
    assert skeleton("orange") == "orng"
