"""Files that processes agree by: one starts or stops at a time, and every user of the server is counted.

The kernel gives a lock back when its process dies, however it dies, so nothing here goes stale.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visionscan_kiosk.domain.errors import DatabaseUnavailable

LOCK_PATIENCE_S = 180.0
_PAUSE_S = 0.02


class DatabaseBusy(DatabaseUnavailable):
    """Another program has been starting or stopping the database all the time."""


def open_private(path: Path) -> int:
    """Open (or make) a file for the owner of its folder alone, for adding; never follows a link."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


@contextmanager
def one_at_a_time(path: Path, patience_s: float = LOCK_PATIENCE_S) -> Iterator[int]:
    """Hold `path` alone and give its descriptor; a process that inherits it goes on holding when we die.

    Raises DatabaseBusy when another one keeps it for longer than `patience_s`.
    """
    descriptor = open_private(path)
    try:
        _acquire(descriptor, patience_s)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while not _taken(descriptor):
        if time.monotonic() > deadline:
            raise DatabaseBusy(
                "Another VisionScan program has been starting or stopping the database for minutes. "
                "Close it and start again."
            )
        time.sleep(_PAUSE_S)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Membership:
    """Our place among the users of a server. Join and leave only while holding `one_at_a_time`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def join(self) -> None:
        """Count us; doing so twice counts once."""
        if self._descriptor is None:
            self._descriptor = open_private(self._path)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Stop counting us; true when nobody is left. Without having joined: false."""
        if self._descriptor is None:
            return False
        descriptor, self._descriptor = self._descriptor, None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            return _taken(descriptor)
        finally:
            os.close(descriptor)
