"""The user of this system that the server runs as.

PostgreSQL refuses to run as root. Then it runs as a user of its own, or as the owner of an existing cluster.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres.tools import clean_environment

SERVER_USER = "visionscan"
_LAST_RESORT = "nobody"
_FIRST_CLOSED = 'for path; do [ -x "$path" ] || { printf %s "$path"; exit 1; }; done'
_ALL_READABLE = 'for path; do [ -r "$path" ] || exit 1; done'
_USER_MAKERS = (
    ("useradd", "--system", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin"),
    ("adduser", "-S", "-D", "-H", "-s", "/sbin/nologin"),  # busybox
)

Output = int | IO[bytes]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this system: who runs the server and owns its files."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether this is not the user that runs the program."""
        return self.uid != os.geteuid()

    def give(self, path: Path) -> None:
        """Make this user the owner of something that we have just created."""
        if self.is_another:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        output: Output,
        timeout_s: float = 60,
        environment: Mapping[str, str] | None = None,
        descriptors: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program as this user, output and errors going to `output`; it inherits `descriptors` too."""
        return subprocess.run(
            command,
            user=self.uid if self.is_another else None,
            group=self.gid if self.is_another else None,
            extra_groups=[] if self.is_another else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            pass_fds=descriptors,
            env=clean_environment() | dict(environment or {}),
            timeout=timeout_s,
            check=False,
        )

    def blocked_at(self, path: Path) -> Path | None:
        """Return the first folder on the way to `path` (itself included) that this user may not enter."""
        way = [*reversed(path.parents), path]
        answer = self.run(["/bin/sh", "-c", _FIRST_CLOSED, "sh", *way], output=subprocess.PIPE)
        return Path(os.fsdecode(answer.stdout)) if answer.returncode else None

    def can_read(self, *paths: Path) -> bool:
        """Whether this user can read every one of the files and folders."""
        answer = self.run(["/bin/sh", "-c", _ALL_READABLE, "sh", *paths], output=subprocess.PIPE)
        return answer.returncode == 0


def account_for(cluster: Path) -> Account:
    """Return who must run the server of `cluster`, which need not exist yet.

    Raises DatabaseUnavailable when we are root and there is nobody to hand the server to.
    """
    if os.geteuid() != 0:
        return _by_id(os.geteuid(), os.getegid())
    if cluster.exists():
        return _owner(cluster)
    return _by_name(SERVER_USER) or _created() or _by_name(_LAST_RESORT) or _nobody_left()


def _by_id(uid: int, gid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, gid)
    return Account(entry.pw_name, uid, entry.pw_gid)


def _by_name(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _owner(cluster: Path) -> Account:
    found = cluster.stat()
    if found.st_uid == 0:
        raise DatabaseUnavailable(
            f"{cluster} belongs to root, and PostgreSQL does not run as root. Give it to the user "
            f"{SERVER_USER} (chown -R {SERVER_USER} {cluster}) or use another --data-dir."
        )
    return _by_id(found.st_uid, found.st_gid)


def _created() -> Account | None:
    """Make the dedicated system user with whichever program this system has."""
    for command in _USER_MAKERS:
        if shutil.which(command[0]):
            subprocess.run(
                [*command, SERVER_USER], stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            if account := _by_name(SERVER_USER):
                return account
    return None


def _nobody_left() -> Account:
    raise DatabaseUnavailable(
        f"PostgreSQL does not run as root, and the user {SERVER_USER} could not be made. Run the program as "
        "an ordinary user, or set DATABASE_URL."
    )
