"""Where the log goes: a rotating file in the data folder, and stderr for what a person should know."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MEGABYTE = 1024 * 1024


def write_logs(data_dir: Path, *, debug: bool, command: str) -> None:
    """Log to `<data-dir>/logs/<command>.log`; a folder that cannot be written is no obstacle."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    root.addHandler(_to_stderr(debug=debug))
    try:
        root.addHandler(_to_file(data_dir / "logs", command))
    except OSError as error:
        logging.getLogger(__name__).warning("No log file in %s: %s", data_dir / "logs", error.strerror)
    for noisy in ("alembic", "httpx", "httpcore", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _to_stderr(*, debug: bool) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    return handler


def _to_file(folder: Path, command: str) -> logging.Handler:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / f"{command}.log", maxBytes=_MEGABYTE, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler
