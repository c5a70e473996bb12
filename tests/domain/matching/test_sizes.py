"""Sizes as people, labels and receipts write them."""

from __future__ import annotations

import pytest

from visionscan_kiosk.domain.matching.normalise import fold
from visionscan_kiosk.domain.matching.sizes import Measure, first_difference, read_sizes


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("Milk 1 l", ["1 l"]),
        ("Milk 1000ML", ["1 l"]),
        ("Milk 1,5 Liter", ["1.5 l"]),
        ("Milk ½ litre", ["500 ml"]),
        ("Milk 1/2 l", ["500 ml"]),
        ("Sauce 33cl", ["330 ml"]),
        ("Soap 2x100 g", ["2x100 g"]),
        ("Soap 100 g x 2", ["2x100 g"]),
        ("Cola 6er 330 ml", ["6x330 ml"]),
        ("Dünger 1.000 g", ["1 kg"]),
        ("Eggs, 1 dozen", ["12 pcs"]),
        ("Oeufs 1 douzaine", ["12 pcs"]),
        ("Eier 10 Stück", ["10 pcs"]),
        ("Ägg 6 st", ["6 pcs"]),
        ("Huevos 12 unidades", ["12 pcs"]),
        ("Pita, 300 g (Pack of 6)", ["300 g", "6 pcs"]),
        ("Yaourts lot de 8", ["8 pcs"]),
        ("Tea, 30 g (15 bags x 2 g)", ["15 pcs", "2 g", "30 g"]),
        ("Flour 5LB", ["2.268 kg"]),
        ("Chawal 5 kilo", ["5 kg"]),
        ("चावल १ किलो 500 ग्राम 2 kg", ["2 kg"]),
        ("Beef 90/10", []),
        ("24 Mantra 7up", []),
        ("Grade 2.55 count", []),
        ("1/0 l", []),
        ("", []),
    ],
)
def test_sizes_are_read(text: str, sizes: list[str]) -> None:
    assert sorted(map(str, read_sizes(fold(text)).measures)) == sizes


def test_what_was_counted_stays_a_word_of_the_name() -> None:
    assert read_sizes("sweetener 100 pellets").rest.split() == ["sweetener", "pellets"]
    assert read_sizes("sweetener 100 pcs").rest.split() == ["sweetener"]


def test_numbers_of_sizes_are_kept_for_texts_that_lost_the_unit() -> None:
    assert read_sizes("soap 2x1,5 kg").numbers == {"2", "1.5"}


def measure(text: str) -> Measure:
    (only,) = read_sizes(text).measures
    return only


@pytest.mark.parametrize(
    ("said", "printed"), [("1 l", "1000 ml"), ("16 oz", "454 g"), ("1 dozen", "12 pcs"), ("500 g", "6 pcs")]
)
def test_equal_or_incomparable_sizes_do_not_differ(said: str, printed: str) -> None:
    assert first_difference([measure(said)], [measure(printed)]) is None


@pytest.mark.parametrize(
    ("said", "printed"), [("1 l", "2 l"), ("200 g", "2x100 g"), ("500 g", "500 ml"), ("6 pcs", "12 pcs")]
)
def test_other_sizes_differ(said: str, printed: str) -> None:
    assert first_difference([measure(said)], [measure(printed)]) == (measure(said), measure(printed))
