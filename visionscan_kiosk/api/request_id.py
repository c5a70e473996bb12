"""The id of the request that is being answered, for every log line written on its behalf."""

from __future__ import annotations

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime

_current: ContextVar[str] = ContextVar("request_id", default="")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")


def begin_request(given: str) -> str:
    """Take the id that a caller gave when it is a plain one, or make one; worker threads inherit it."""
    request_id = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
    _current.set(request_id)
    return request_id


class RequestIdFilter(logging.Filter):
    """Stamps records with the id; on a handler it reaches every logger, the database's too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; let every record pass."""
        record.request_id = _current.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record with time, level, logger, message and request id."""
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        fields.update(getattr(record, "fields", {}))
        if record.exc_info:
            fields["error"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)
