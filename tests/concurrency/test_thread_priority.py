"""A thread that gives way does so alone."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from visionscan_kiosk.concurrency.thread_priority import give_way


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives single threads a priority")
def test_only_the_thread_itself_gives_way() -> None:
    seen: list[int] = []

    def work() -> None:
        give_way()
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen[0] == min(before + 5, 19)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
