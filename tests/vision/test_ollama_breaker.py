"""A model that fails again and again rests, longer each time, and one success forgives all."""

from __future__ import annotations

import pytest

from visionscan_kiosk.vision.ollama.breaker import CircuitBreaker


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(30, failures_allowed=3, longest_rest_s=200, clock=clock)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        breaker.failed("it took too long")


def test_a_few_failures_are_borne(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    assert breaker.rest_s == 0


def test_too_many_in_a_row_open_it_for_as_long_as_an_answer_may_take(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    assert (breaker.rest_s, breaker.failures, breaker.reason) == (30, 3, "it took too long")
    clock.seconds = 12
    assert breaker.rest_s == 18
    clock.seconds = 31
    assert breaker.rest_s == 0


def test_a_success_in_between_counts(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.rest_s == 0


def test_one_failure_after_a_pause_opens_it_again_for_longer(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    rests = []
    for _ in range(4):
        clock.seconds += 1000
        fail(breaker, 1)
        rests.append(breaker.rest_s)
    assert rests == [60, 120, 200, 200]


def test_a_success_after_a_pause_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.seconds = 1000
    breaker.succeeded()
    fail(breaker, 2)
    assert (breaker.rest_s, breaker.failures) == (0, 2)


def test_a_night_of_failures_does_not_overflow(breaker: CircuitBreaker) -> None:
    fail(breaker, 5000)
    assert breaker.rest_s == 200


def test_a_long_answer_deadline_is_kept_even_beyond_the_longest_rest(clock: Clock) -> None:
    patient = CircuitBreaker(900, longest_rest_s=200, clock=clock)
    fail(patient, 3)
    assert patient.rest_s == 900
