"""On whose behalf a thread works: the name of a request, for log lines here and in the database."""

from __future__ import annotations

import re
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_name", default="")
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,64}")


def is_plain_name(name: str) -> bool:
    """Whether a name is short and harmless enough to stand in any log line and SQL comment."""
    return _PLAIN.fullmatch(name) is not None


def name_request(name: str) -> None:
    """Name what this context does from now on; raise ValueError for a name that is not plain."""
    if not is_plain_name(name):
        raise ValueError("a request's name has 1 to 64 letters, digits, dots, dashes or underscores")
    _current.set(name)


def current_request() -> str:
    """Return the name of what this context does, empty when it has none."""
    return _current.get()
