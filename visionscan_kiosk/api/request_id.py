"""The id of the request that is being answered, for every log line written on its behalf."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import UTC, datetime

from visionscan_kiosk.concurrency.request_name import current_request, is_plain_name, name_request


def begin_request(given: str) -> str:
    """Take the id that a caller gave when it is a plain one, or make one; worker threads inherit it."""
    request_id = given if is_plain_name(given) else secrets.token_hex(8)
    name_request(request_id)
    return request_id


class RequestIdFilter(logging.Filter):
    """Stamps records with the id; on a handler it reaches every logger, the database's too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; let every record pass."""
        record.request_id = current_request()
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
