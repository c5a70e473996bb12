"""When a cashier's choice becomes an alias, and when it must not."""

from __future__ import annotations

import pytest

from tests.domain.matching.shops import product
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.learned_aliases import ChoiceMemory, check_alias

RED = product("R", "Red Apple", "ruby", barcodes=("4006381333931",))
GREEN = product("G", "Green Apple")
MATCHER = CatalogueMatcher([RED, GREEN])


def test_three_equal_choices_in_a_row_are_worth_remembering() -> None:
    memory, match = ChoiceMemory(), MATCHER.match("apple")
    assert [memory.chosen(match, RED.id) for _ in range(4)] == [False, False, True, False]


def test_another_choice_between_starts_the_count_again() -> None:
    memory, match = ChoiceMemory(), MATCHER.match("apple")
    assert not any(memory.chosen(match, chosen.id) for chosen in (RED, RED, GREEN, RED, RED))
    assert memory.chosen(MATCHER.match("APPLE"), RED.id)


def test_a_sure_match_teaches_nothing() -> None:
    memory = ChoiceMemory()
    assert not any(memory.chosen(MATCHER.match("red apple"), GREEN.id) for _ in range(5))


def test_a_free_text_may_become_an_alias() -> None:
    assert check_alias("  the  big one ", RED.id, MATCHER.match("the big one")) == "the big one"
    assert check_alias("ruby", RED.id, MATCHER.match("ruby")) == "ruby"


@pytest.mark.parametrize("text", ["red apple", "R", "ruby"])
def test_what_already_stands_for_another_product_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"Choose another alias|2 to 120"):
        check_alias(text, GREEN.id, MATCHER.match(text))


@pytest.mark.parametrize("text", ["", "x", "4711", "🍎🍎", "y" * 121])
def test_texts_that_name_nothing_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="2 to 120"):
        check_alias(text, RED.id, MATCHER.match(text))
