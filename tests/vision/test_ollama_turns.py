"""One question at a time, first come first served, and the number of those who wait."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from tests.waiting import PATIENCE_S, wait_until
from visionscan_kiosk.domain.errors import DetectionCancelled, DetectorBusy
from visionscan_kiosk.services.vision_models import ModelActivity, ModelWork
from visionscan_kiosk.vision.ollama.turns import Turns

LONG_S = PATIENCE_S


def nobody_cares() -> None:
    """Everybody still waits for the answer."""


def test_idle_when_nobody_works() -> None:
    assert Turns().work() == ModelWork()


def test_tells_what_is_done_since_when() -> None:
    now = [100.0]
    turns = Turns(clock=lambda: now[0])
    with turns.turn(LONG_S, nobody_cares):
        turns.now(ModelActivity.LOADING, "seer:2b")
        now[0] = 107.0
        assert turns.work() == ModelWork(ModelActivity.LOADING, "seer:2b", 7.0, 0)
        turns.now(ModelActivity.ANSWERING, "seer:2b")
        assert turns.work().since_s == 0
    assert turns.work() == ModelWork()


def test_takes_turns_in_the_order_of_coming() -> None:
    turns, order = Turns(), []

    def ask(name: int) -> None:
        with turns.turn(LONG_S, nobody_cares):
            order.append(name)

    helpers = [Thread(target=ask, args=(name,)) for name in range(4)]
    with turns.turn(LONG_S, nobody_cares):
        for count, helper in enumerate(helpers, start=1):
            helper.start()
            wait_until(lambda count=count: turns.work().waiting == count)
    for helper in helpers:
        helper.join()
    assert order == [0, 1, 2, 3]
    assert turns.work().waiting == 0


def test_who_is_cancelled_leaves_the_queue() -> None:
    turns = Turns()

    def unwanted() -> None:
        raise DetectionCancelled("nobody waits")

    with turns.turn(LONG_S, nobody_cares):
        with pytest.raises(DetectionCancelled), turns.turn(LONG_S, unwanted):
            pytest.fail("it was not wanted")
        assert turns.work().waiting == 0
    with turns.turn(LONG_S, nobody_cares):
        pass


def test_patience_ends_while_others_are_answered() -> None:
    turns = Turns()
    with turns.turn(LONG_S, nobody_cares):
        turns.now(ModelActivity.ANSWERING, "seer:2b")
        with pytest.raises(DetectorBusy), turns.turn(0.05, nobody_cares):
            pytest.fail("the turn was taken")


def test_waiting_for_a_model_that_is_loaded_takes_no_patience() -> None:
    now = [0.0]
    turns, reached = Turns(clock=lambda: now[0]), Event()

    def look() -> None:
        now[0] += 1

    def ask() -> None:
        with turns.turn(0.5, look):
            reached.set()

    with turns.turn(LONG_S, nobody_cares):
        turns.now(ModelActivity.LOADING, "seer:2b")
        helper = Thread(target=ask)
        helper.start()
        wait_until(lambda: now[0] > 3 or not helper.is_alive())
    helper.join()
    assert reached.is_set()


def test_a_pause_keeps_everybody_waiting() -> None:
    now = [0.0]
    turns = Turns(clock=lambda: now[0])
    looks = []

    def look() -> None:
        looks.append(turns.work().waiting)
        now[0] += 1

    turns.pause(3.0)
    with turns.turn(0.5, look):
        assert now[0] >= 3
    assert set(looks) == {1}


def test_an_error_in_a_turn_frees_it() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(LONG_S, nobody_cares):
        1 / 0  # noqa: B018 - it raises
    with turns.turn(LONG_S, nobody_cares):
        turns.now(ModelActivity.ANSWERING, "seer:2b")
