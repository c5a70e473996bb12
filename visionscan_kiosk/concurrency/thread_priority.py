"""Which threads the machine runs first when there are more of them than cores."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

_GIVES_WAY_BY, _LAST = 5, 19


def give_way() -> None:
    """Let the calling thread come after the screen and the camera, for good.

    What it gains was not told apart from the noise of a shared machine: of two comparisons one showed a fifth
    of the screen's stalls over 50 ms, the other as many. Only Linux gives single threads a priority;
    elsewhere nothing happens.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it: then all threads stay equal
            thread = threading.get_native_id()
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, min(now + _GIVES_WAY_BY, _LAST))
