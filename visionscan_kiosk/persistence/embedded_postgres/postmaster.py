"""The server process of one cluster: whether it lives, starting it, stopping it."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from visionscan_kiosk.persistence.embedded_postgres.account import Account
from visionscan_kiosk.persistence.embedded_postgres.cluster import Cluster
from visionscan_kiosk.persistence.embedded_postgres.locks import open_private

_LARGEST_LOG_BYTES = 1024 * 1024
_START_S = 120
_KILLED_S = 5
_STOPS = (("fast", 15), ("immediate", 5))
"""Ways to stop and the seconds each gets: with a frozen server too a service ends within its minute."""


class Postmaster:
    """Believes `postmaster.pid` only when that process really is the server of this cluster."""

    def __init__(self, cluster: Cluster, account: Account) -> None:
        self._cluster = cluster
        self._account = account
        self._pid_file = cluster.data / "postmaster.pid"
        self._log = cluster.folder / "server.log"

    def pid(self) -> int | None:
        """Return the process id of the living server: starting, working, recovering or stopping."""
        named = _named_pid(self._pid_file)
        return named if named is not None and self._is_ours(named) else None

    def was_stopped(self, binaries: Path) -> bool:
        """Whether the server ended in order, by whoever stopped it: one that fell over wrote down no end."""
        command: list[str | Path] = [binaries / "pg_controldata", "-D", self._cluster.data]
        told = self._account.run(command, output=subprocess.PIPE).stdout.decode(errors="replace")
        state = next((line for line in told.splitlines() if "cluster state:" in line), "")
        is_stopping = "shutting down" in state and self.pid() is not None
        return "shut down" in state or is_stopping

    def _is_ours(self, pid: int) -> bool:
        """Look at the command line: unlike the working folder, root may read it in every container."""
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and str(self._cluster.data) in process.cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def forget_foreign_pids(self, socket_folder: Path) -> None:
        """Remove pid files without a number, or whose number is another process's now or a dead one's.

        PostgreSQL would believe those. A number that belongs to nobody is left: it sees through that itself.
        """
        for file in (self._pid_file, *socket_folder.glob(".s.PGSQL.*.lock")):
            named = _named_pid(file)
            if named is None or (psutil.pid_exists(named) and not self._is_ours(named)):
                file.unlink(missing_ok=True)

    def launch(self, binaries: Path, settings: Mapping[str, str]) -> str | None:
        """Start the server and wait until it answers; return what it logged when it failed, else None."""
        options = ["-D", str(self._cluster.data)]
        for name, value in settings.items():
            options += ["-c", f"{name}={value}"]
        command: list[str | Path] = [binaries / "pg_ctl", "--silent", "-w"]
        command += ["-t", str(_START_S), "-o", shlex.join(options), "start"]
        with self._open_log() as log:
            before = log.tell()
            done = self._account.run(
                command,
                output=log,
                timeout_s=_START_S + 30,
                environment={"PGDATA": str(self._cluster.data)},  # -D would reach a shell unquoted
            )
        return None if done.returncode == 0 else self._logged_since(before)

    def _open_log(self) -> IO[bytes]:
        """Open the log for adding to it; a large one is put aside first."""
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        log = os.fdopen(open_private(self._log), "ab")
        log.seek(0, os.SEEK_END)
        return log

    def _logged_since(self, position: int) -> str:
        return self._log.read_bytes()[position:].decode(errors="replace")

    def stop(self, binaries: Path) -> str | None:
        """Stop the server, at once if it will not end by itself; return what was said when it failed.

        One that is frozen hears nothing: it is killed, or the next start would wait for what is left of it.
        """
        if self.pid() is None:
            return None
        for mode, seconds in _STOPS:
            command: list[str | Path] = [binaries / "pg_ctl", "-D", self._cluster.data, "-m", mode]
            command += ["-w", "-t", str(seconds), "stop"]
            done = self._account.run(command, output=subprocess.PIPE, timeout_s=seconds + 30)
            if done.returncode == 0 or self.pid() is None:
                return None
        return None if self._kill() else done.stdout.decode(errors="replace")

    def _kill(self) -> bool:
        """Kill every process of the server; return whether none is left."""
        pid = self.pid()
        if pid is None:
            return True
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            first = psutil.Process(pid)
            for process in (first, *first.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs([first], timeout=_KILLED_S)
        return self.pid() is None


def _named_pid(file: Path) -> int | None:
    try:
        return int(file.read_bytes().split(b"\n", 1)[0])  # the next line is a path in any encoding
    except (FileNotFoundError, ValueError):
        return None
