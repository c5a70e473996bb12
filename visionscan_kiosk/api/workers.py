"""Several processes that serve on one socket: what dies or hangs is replaced, and the end has a limit.

uvicorn's own supervisor asks one worker after the other and waits for each; a worker that is slow to import
and one that hangs look the same to it, and it joins without a limit. Here nobody is waited for.
"""

from __future__ import annotations

import logging
import pickle
import socket
import time
from collections.abc import Callable

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

LONGEST_START_S = 120.0
"""A slow machine takes long to import everything, and the worker answers only after that."""
LONGEST_SILENCE_S = 10.0
LONGEST_END_S = 30.0
"""Five more than a worker gives its requests. Then the database is stopped: all within the unit's 60 s."""
PAUSE_S = 5.0
"""A worker that never came up is not replaced sooner after its start."""

_LOG = logging.getLogger(__name__)


class Worker(Process):
    """A process, and what was heard of it."""

    def __init__(
        self,
        config: uvicorn.Config,
        sockets: list[socket.socket],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config, sockets)
        self._clock = clock
        self._asked_at: float | None = None
        self.has_answered = False
        self.has_served = False
        self.began_at = clock()

    @property
    def is_lost(self) -> bool:
        """Whether it is dead or hangs. Asks and listens, and never waits."""
        if not self.process.is_alive():
            return True
        try:
            self._listen()
            self._ask()
        except (OSError, EOFError, pickle.UnpicklingError):
            return True
        patience_s = LONGEST_SILENCE_S if self.has_answered else LONGEST_START_S
        return self._asked_at is not None and self._clock() - self._asked_at > patience_s

    def _ask(self) -> None:
        if self._asked_at is None:
            self.parent_conn.send(b"ping")
            self._asked_at = self._clock()

    def _listen(self) -> None:
        if self._asked_at is not None and self.parent_conn.poll():
            self.has_served = self.parent_conn.recv() or self.has_served
            self.has_answered = True
            self._asked_at = None


class Supervisor(Multiprocess):
    """Keeps as many workers as the configuration names. `has_failed`: it ended because none could start."""

    processes: list[Worker]  # type: ignore[assignment] # uvicorn names its own class

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self.has_failed = False
        self._has_served = False

    def init_processes(self) -> None:
        """Start all workers."""
        self.processes = [self._start() for _ in range(self.processes_num)]

    def keep_subprocess_alive(self) -> None:
        """Replace what is lost. Before anything served, a worker that cannot start ends all."""
        for index, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            is_lost = worker.is_lost
            self._has_served = self._has_served or worker.has_served
            if not is_lost:
                continue
            if worker.exitcode == STARTUP_FAILURE and not self._has_served:
                _LOG.error("worker %s could not start: the server ends", worker.pid)
                self.has_failed = True
                self.should_exit.set()
            elif worker.has_served or time.monotonic() - worker.began_at > PAUSE_S:
                _LOG.warning("worker %s is lost (exit code %s): replacing it", worker.pid, worker.exitcode)
                _end_at_once(worker)
                self.processes[index] = self._start()

    def join_all(self) -> None:
        """Give all workers together some time to end, then end them."""
        until = time.monotonic() + LONGEST_END_S
        for worker in self.processes:
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                _LOG.warning("worker %s did not end in time: killed", worker.pid)
                worker.process.kill()
                worker.process.join()

    def handle_hup(self) -> None:
        """Ignore it: uvicorn would wait for every worker, deaf to SIGTERM meanwhile."""

    handle_ttin = handle_ttou = handle_hup

    def _start(self) -> Worker:
        worker = Worker(self.config, self.sockets)
        worker.start()
        return worker


def _end_at_once(worker: Worker) -> None:
    if worker.process.is_alive():
        worker.process.kill()
    worker.process.join()
    worker.parent_conn.close()
    worker.child_conn.close()
