"""Goods are counted once per placement."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.placement import PlacementTracker

STEP_S = 0.2


def added(reads: list[str], *, step_s: float = STEP_S) -> list[str]:
    """Feed reads (a letter a piece seen) and return all pieces that counted."""
    tracker = PlacementTracker(gone_after_s=1.0, gone_after_reads=3)
    return [code for place, read in enumerate(reads) for code in tracker.observe(read, place * step_s)]


def test_two_successive_reads_must_agree() -> None:
    assert added(["a"]) == []
    assert added(["a", "", "a"]) == []
    assert added(["a", "a"]) == ["a"]


def test_lingering_goods_count_once() -> None:
    assert added(["a"] * 500) == ["a"]


def test_single_misses_do_not_count_again() -> None:
    assert added(["a", "a", "", "a", "a", "", "", "a", "a"]) == ["a"]


def test_gone_and_back_counts_again() -> None:
    assert added(["a", "a", *[""] * 8, "a", "a"]) == ["a", "a"]


def test_fast_reads_need_time_and_slow_reads_need_reads() -> None:
    assert added(["a", "a", *[""] * 8, "a", "a"], step_s=0.01) == ["a"]
    assert added(["a", "a", "", "", "a", "a"], step_s=5.0) == ["a"]


def test_two_of_the_same_count_as_two() -> None:
    assert added(["aa", "aa", "aa"]) == ["a", "a"]
    assert added(["a", "a", "aa", "aa"]) == ["a", "a"]


def test_one_of_two_taken_away_and_put_back_counts_again() -> None:
    assert added(["aa", "aa", *["a"] * 8, "aa", "aa"]) == ["a", "a", "a"]


def test_a_second_sighting_in_one_read_alone_does_not_count() -> None:
    assert added(["a", "aa", "a", "aa", "a"]) == ["a"]


def test_codes_do_not_disturb_each_other() -> None:
    assert added(["a", "ab", "ab", "b", "ab"]) == ["a", "b"]


def test_what_lies_there_is_known() -> None:
    tracker = PlacementTracker()
    tracker.observe("aab", 0.0)
    tracker.observe("aab", 0.2)
    assert tracker.lying == {"a": 2, "b": 1}


def test_codes_that_left_are_forgotten() -> None:
    tracker = PlacementTracker(gone_after_s=1.0, gone_after_reads=3)
    for place in range(100):
        tracker.observe([str(place)], float(place))
    assert len(tracker._placements) <= 6


@given(st.lists(st.text(alphabet="ab", max_size=3), max_size=40))
def test_never_more_counted_than_two_neighbouring_reads_showed(reads: list[str]) -> None:
    counted = added(reads, step_s=0.0)
    for code in "ab":
        pairs = pairwise(reads)
        most = max((min(one.count(code), other.count(code)) for one, other in pairs), default=0)
        assert counted.count(code) == most


@given(st.integers(1, 4), st.integers(2, 30), st.lists(st.booleans(), min_size=1, max_size=200))
def test_single_misses_between_hits_never_count_again(pieces: int, start: int, flicker: list[bool]) -> None:
    reads = ["a" * pieces] * start
    for is_missed in flicker:
        reads += ["", "a" * pieces] if is_missed else ["a" * pieces]
    assert len(added(reads)) == pieces
