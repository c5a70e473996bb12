"""A token is cancelled once, wakes who waits, and runs late callbacks at once."""

from threading import Thread

from tests.waiting import PATIENCE_S
from visionscan_kiosk.concurrency.cancel_token import CancelToken


def test_a_new_token_is_not_cancelled() -> None:
    token = CancelToken()
    assert not token.is_cancelled
    assert not token.wait(0)


def test_callbacks_run_once_however_often_it_is_cancelled() -> None:
    token, calls = CancelToken(), []
    token.on_cancel(lambda: calls.append("before"))
    token.cancel()
    token.cancel()
    token.on_cancel(lambda: calls.append("after"))
    assert calls == ["before", "after"]
    assert token.is_cancelled


def test_cancelling_wakes_a_waiting_thread() -> None:
    token, answers = CancelToken(), []
    waiter = Thread(target=lambda: answers.append(token.wait(PATIENCE_S)))
    waiter.start()
    token.cancel()
    waiter.join(PATIENCE_S)
    assert answers == [True]
