"""The files of one PostgreSQL cluster: made whole or not at all, its password, its major version."""

import errno
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres.account import Account
from visionscan_kiosk.persistence.embedded_postgres.tools import last_line

SUPERUSER = "visionscan"
_PATIENCE_S = 300.0
_LEAST_FREE_BYTES = 2 * 1024 * 1024


class Cluster:
    """The data below one folder. `make` is safe to interrupt at any moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._password_file = folder / "password"

    @property
    def exists(self) -> bool:
        """Whether the cluster was made completely."""
        return self.data.is_dir()

    def password(self) -> str:
        """Return the superuser's password. Raises DatabaseUnavailable when its file is gone."""
        try:
            return self._password_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise DatabaseUnavailable(self._without_password()) from None

    def _without_password(self) -> str:
        if not self.exists:
            return f"The database in {self.folder} was not started yet."
        return (
            f"The database's password file {self._password_file} is missing. Put it back from a copy of the "
            "folder, or restore a backup into a new --data-dir."
        )

    def make(self, binaries: Path, account: Account, *, guard: int, durable: bool) -> None:
        """Run `initdb` aside and rename its result into place, so that half a cluster never counts.

        It inherits the lock `guard`: when we are killed, the next start waits until it no longer writes.
        """
        for abandoned in self.folder.glob("initdb-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        self._write_password(account)
        fresh = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.folder))
        account.give(fresh)
        command: list[str | Path] = [binaries / "initdb", "-D", fresh, f"--pwfile={self._password_file}"]
        command += ["-U", SUPERUSER, "-E", "UTF8", "--auth=scram-sha-256", "--no-instructions"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if durable else ["--no-sync", "--wal-segsize=1"]
        done = account.run(command, output=subprocess.PIPE, timeout_s=_PATIENCE_S, descriptors=(guard,))
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self.failure("The database could not be made", done.stdout.decode(errors="replace"))
        fresh.rename(self.data)

    def _write_password(self, account: Account) -> None:
        """Store a new random password; `initdb` reads it as the server's user, nobody else can."""
        partial = self.folder / "password.new"
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
            file.flush()
            os.fsync(file.fileno())
        account.give(partial)
        partial.replace(self._password_file)

    def refuse_other_major(self, postgres: Path) -> None:
        """Raise DatabaseUnavailable unless these binaries can open the data."""
        written_by = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        ours = _major_version(postgres)
        if written_by > ours:
            raise DatabaseUnavailable(
                f"The data in {self.data} was written by PostgreSQL {written_by}; this program brings "
                f"{ours}. Install the newer VisionScan Kiosk that was used before."
            )
        if written_by < ours:
            raise DatabaseUnavailable(
                f"The data in {self.data} was written by PostgreSQL {written_by}; this program brings "
                f"{ours}. Make a backup with the former version of VisionScan Kiosk (db backup FILE), then "
                "restore it into a new --data-dir (db restore FILE)."
            )

    def failure(self, what: str, output: str) -> DatabaseUnavailable:
        """Put what a PostgreSQL program said into a sentence that says what to do."""
        full = os.strerror(errno.ENOSPC)
        if full in output or _free_bytes(self.folder) < _LEAST_FREE_BYTES:
            return DatabaseUnavailable(
                f"{what}: the disk of {self.folder} is full. Free at least 100 MB and start again."
            )
        return DatabaseUnavailable(f"{what}: {last_line(output)}")


def _major_version(postgres: Path) -> int:
    printed = subprocess.run([postgres, "-V"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", printed)
    if found is None:
        raise DatabaseUnavailable(f"{postgres} does not tell its version. Install the program again.")
    return int(found.group())


def _free_bytes(folder: Path) -> int:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(existing).free
