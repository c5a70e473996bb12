"""From the driver's errors to the one tree of errors that people may see. Nothing else translates them.

SQLSTATE codes: PostgreSQL manual, appendix A.
"""

from __future__ import annotations

import re
from uuid import UUID

import psycopg2
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from visionscan_kiosk.domain.errors import (
    DatabaseUnavailable,
    DuplicateBarcode,
    DuplicateSku,
    KioskError,
    OperationConflict,
    TransientConflict,
)

_TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})
_DISK_FULL = frozenset({"53100", "58030"})
_TOO_SLOW = "57014"
_UNIQUE_VIOLATION = "23505"
_CONNECTION_CLASSES = ("08", "53", "57P", "25P03", "25P04")
_KEY_IN_DETAIL = re.compile(r"\)=\((.*)\)", re.DOTALL)


def translate_errors(engine: Engine) -> None:
    """Let every statement of `engine` raise errors of the shop where one fits."""
    event.listen(engine, "handle_error", _raise_translated)


def translate_statement_error(error: psycopg2.Error) -> KioskError | None:
    """Return the shop's error for a failed statement, None for what is a mistake of the program."""
    code = error.pgcode or ""
    if code in _TRY_AGAIN:
        return TransientConflict("Another till is working on the same goods. Try again.")
    if code == _UNIQUE_VIOLATION:
        return _duplicate(error)
    if code in _DISK_FULL:
        return DatabaseUnavailable("The disk of the database is full. Make room, then try again.")
    if code == _TOO_SLOW:
        return DatabaseUnavailable("The database took too long to answer. Try again.")
    if code.startswith(_CONNECTION_CLASSES):
        return DatabaseUnavailable("The connection to the database was lost. Try again.")
    return None


def _raise_translated(context: ExceptionContext) -> None:
    error = context.original_exception
    if not isinstance(error, psycopg2.Error) or context.is_pre_ping:
        return
    translated = translate_statement_error(error)
    if translated is None and context.is_disconnect:
        translated = DatabaseUnavailable("The connection to the database was lost. Try again.")
    if translated is not None:
        raise translated from error


def _duplicate(error: psycopg2.Error) -> KioskError | None:
    constraint = error.diag.constraint_name
    if constraint == "uq_inventory_master_sku":
        return DuplicateSku(_key(error))
    if constraint == "product_barcodes_pkey":
        return DuplicateBarcode(_key(error))
    if constraint == "basket_operations_pkey":
        return OperationConflict(UUID(_key(error)))
    if constraint == "uq_scan_sessions_open_till":
        return TransientConflict("This till opened a basket at the same moment. Try again.")
    return None


def _key(error: psycopg2.Error) -> str:
    found = _KEY_IN_DETAIL.search(error.diag.message_detail or "")
    return found.group(1) if found else ""
