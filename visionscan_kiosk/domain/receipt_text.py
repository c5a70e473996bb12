"""A receipt as plain text for paper, screen and file. Pure: the zone of the shop is passed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from unicodedata import category, east_asian_width

from visionscan_kiosk.domain.checkout import Receipt, ReceiptLine, Tender, TenderMethod
from visionscan_kiosk.domain.money import format_amount
from visionscan_kiosk.domain.text import one_line

NARROWEST = 24
_LEAST_LABEL = 8
_DEEPEST_INDENT = 6
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})


def receipt_text(
    receipt: Receipt,
    shop_name: str,
    currency_sign: str,
    width: int = 42,
    *,
    zone: tzinfo,
    till_name: str | None = None,
) -> str:
    """Return the receipt in lines of at most `width` columns (a wide character takes two).

    `till_name` is what people call the till; without it the receipt shows the till's id. Long names are
    wrapped, never cut. Raises ValueError when `width` is below 24.
    """
    if width < NARROWEST:
        raise ValueError(f"a receipt needs at least {NARROWEST} columns, not {width}")
    rule = "-" * width
    till = till_name or receipt.till_id
    rows = [*_head(receipt, shop_name, till, width, zone), "", rule]
    for line in receipt.lines:
        rows += _sold_rows(line, width)
    rows.append(rule)
    rows += _row("Total", currency_sign + format_amount(receipt.total), width)
    rows += _paid_rows(receipt, width)
    return "\n".join(rows) + "\n"


def text_width(text: str) -> int:
    """Return how many columns `text` takes on paper: wide characters two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if category(character) in _INVISIBLE:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _head(receipt: Receipt, shop_name: str, till: str | None, width: int, zone: tzinfo) -> Iterator[str]:
    number = f"Receipt {receipt.number}" + (f" · {till}" if till else "")
    for text in (shop_name, number, _local_time(receipt.completed_at, zone)):
        for piece in _wrap(text, width):
            yield " " * ((width - text_width(piece)) // 2) + piece


def _local_time(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} {local:%H:%M}"


def _sold_rows(line: ReceiptLine, width: int) -> list[str]:
    count = f"{line.quantity} × "
    rows = _row(count + line.name, format_amount(line.line_total), width, indent=len(count))
    if line.quantity > 1:
        rows += _row(
            " " * min(len(count), _DEEPEST_INDENT) + f"{format_amount(line.unit_price)} each", "", width
        )
    return rows


def _paid_rows(receipt: Receipt, width: int) -> Iterator[str]:
    for tender in receipt.tenders:
        yield from _tender_rows(tender, width)
    if any(tender.method is TenderMethod.CASH for tender in receipt.tenders):
        yield from _row("Change", format_amount(receipt.change), width)


def _tender_rows(tender: Tender, width: int) -> Iterator[str]:
    yield from _row(tender.method.value.capitalize(), format_amount(tender.amount), width)
    if tender.method is TenderMethod.CASH:
        yield from _row("Given", format_amount(tender.given), width)


def _row(label: str, amount: str, width: int, indent: int = 0) -> list[str]:
    """Put `amount` at the trailing edge of the label's last line, or below when the two do not fit."""
    room = width - text_width(amount) - (2 if amount else 0)
    if room < _LEAST_LABEL:
        pieces = [_right(piece, width) for piece in _wrap(amount, width)]
        return [*_wrap(label, width, indent), *pieces]
    *above, last = _wrap(label, room, indent) or [""]
    return [*above, last + _right(amount, width - text_width(last))] if amount else [*above, last]


def _right(text: str, width: int) -> str:
    return " " * (width - text_width(text)) + text


def _wrap(text: str, width: int, indent: int = 0) -> list[str]:
    """Break `text` between words, and inside words longer than a line; later lines are indented."""
    lead = text[: len(text) - len(text.lstrip(" "))]
    later = " " * min(indent, _DEEPEST_INDENT, width // 2)
    rows, row = [], lead
    for word in _fitting_words(text, width - max(len(later), len(lead))):
        gap = "" if not row.strip() else " "
        if text_width(row + gap + word) > width:
            rows.append(row)
            row, gap = later, ""
        row += gap + word
    return [*rows, row] if row.strip() else rows


def _fitting_words(text: str, width: int) -> Iterator[str]:
    for word in one_line(text).split():
        yield from _chunks(word, width)


def _chunks(word: str, width: int) -> Sequence[str]:
    """Cut a word into pieces of at most `width` columns; marks stay with their letter."""
    pieces = [""]
    for character in word:
        if text_width(pieces[-1]) + _columns(character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
