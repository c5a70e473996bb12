"""A scanner's digits are no amount."""

from __future__ import annotations

import pytest

from visionscan_kiosk.gui.code_guard import CodeGuard


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def key(digits: int, gap_s: float, pause_s: float) -> bool:
    clock = Clock()
    guard = CodeGuard(clock)
    for _ in range(digits):
        clock.seconds += gap_s
        guard.digit()
    clock.seconds += pause_s
    return guard.ends_code()


@pytest.mark.parametrize(
    ("digits", "gap_s", "pause_s", "is_code"),
    [
        (13, 0.01, 0.01, True),
        (8, 0.03, 0.03, True),
        (4, 0.01, 0.01, False),
        (13, 0.2, 0.01, False),
        (13, 0.01, 0.5, False),
    ],
    ids=["ean 13", "slow scanner", "short", "by hand", "enter by hand"],
)
def test_only_a_fast_long_run_with_enter_is_a_code(
    digits: int, gap_s: float, pause_s: float, is_code: bool
) -> None:
    assert key(digits, gap_s, pause_s) is is_code


def test_a_code_is_told_once() -> None:
    guard = CodeGuard(Clock())
    for _ in range(13):
        guard.digit()
    assert [guard.ends_code(), guard.ends_code()] == [True, False]
