"""What a till keeps in its data folder besides the database: its identity, and the lock of its one screen."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO

from visionscan_kiosk.domain.errors import TillBusy, TillFolderUnwritable
from visionscan_kiosk.persistence.machine import machine_identity
from visionscan_kiosk.services.till_lease import TillHolder
from visionscan_kiosk.services.till_preferences import TillPreferences

_LOG = logging.getLogger(__name__)
_PREFERENCES = "till-settings.json"


class TillFolder:
    """One folder is one till: command-line calls beside its screen are fine, a second screen is not."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def till_id(self) -> str:
        """Return the name under which this till's open basket is kept, made once."""
        path = self._data_dir / "till-id"
        if not path.exists():
            self._data_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, f"till-{secrets.token_hex(4)}")
        return path.read_text(encoding="ascii").strip()

    def known_till_id(self) -> str | None:
        """Return the till's name, None when no till was ever opened on this folder."""
        path = self._data_dir / "till-id"
        return path.read_text(encoding="ascii").strip() if path.exists() else None

    def holder(self) -> TillHolder:
        """Return who holds the till's identity when its screen is open on this folder of this machine.

        The same after a crash, and another one on a copy of the folder or of the whole disk.
        """
        folder = self._data_dir.resolve()
        place = "\n".join((machine_identity(), str(folder), str(folder.stat().st_ino)))
        key = hashlib.sha256(place.encode("utf-8", errors="surrogateescape")).hexdigest()[:32]
        return TillHolder(key, platform.node() or "another machine", str(folder))

    def preferences(self) -> TillPreferences:
        """Return what was set on this till; a file that cannot be read counts as none."""
        path = self._data_dir / _PREFERENCES
        try:
            stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            return _preferences(stored)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            _LOG.warning("%s is not understood and left out: %s", path, error)
            return TillPreferences()

    def keep_preferences(self, preferences: TillPreferences) -> None:
        """Keep what was set on this till; raise TillFolderUnwritable."""
        path = self._data_dir / _PREFERENCES
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, json.dumps(asdict(preferences)))
        except OSError as error:
            raise TillFolderUnwritable(str(path), error.strerror or str(error)) from error

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the till's screen; raise TillBusy when another process does. A crash lets go by itself."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with (self._data_dir / "till.lock").open("a") as file:
            if not _try_lock(file):
                raise TillBusy(
                    f"A till is open on {self._data_dir} already. "
                    "Close it, or give this one a --data-dir of its own."
                )
            yield


def _preferences(stored: dict[str, object]) -> TillPreferences:
    theme = stored.get("theme")
    known = {name: stored[name] for name in ("has_camera", "has_model") if isinstance(stored.get(name), bool)}
    preferences = TillPreferences(str(theme) if theme in ("light", "dark") else None)
    return replace(preferences, **known)  # type: ignore[arg-type] # each was checked to be a bool


def _write_once(path: Path, text: str) -> None:
    """Write so that a power cut leaves the whole text or nothing."""
    partial = path.with_suffix(".new")
    partial.write_text(text, encoding="ascii")
    partial.replace(path)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
