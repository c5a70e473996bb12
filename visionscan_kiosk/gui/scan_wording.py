"""The sentences about codes that a hand scanner read: what they meant, or why they were not taken."""

from __future__ import annotations

from typing import Final

from visionscan_kiosk.gui import wording

LOOKING_UP: Final = "Looking up the code…"

_LONGEST_SHOWN: Final = 40


def not_taken(code: str) -> str:
    """Say that the page in front has no use for a code."""
    return f"Code {_shown(code)} was not taken: this page uses no codes."


def nothing_readable() -> str:
    """Say that a scanner sent nothing but spaces."""
    return "The scanner sent a code without any signs. Scan it again, or key its number."


def not_while_paying(code: str) -> str:
    """Say that nothing is added to a basket that is being paid."""
    return f"Code {_shown(code)} was not added: this basket is being paid. Go back to the basket, then scan."


def page_left(code: str) -> str:
    """Say that the page was left before the code was known."""
    return f"Code {_shown(code)} was not taken: its page was left. Scan it again where it belongs."


def no_answer(code: str) -> str:
    """Say that the database could not tell what a code is."""
    return f"Code {_shown(code)} was not taken: the database is not answering. Scan it again."


def dialog_in_front(code: str) -> str:
    """Say that a dialog has to be answered first."""
    return f"Code {_shown(code)} was not taken. Close the dialog in front, then scan it again."


def unknown_code(code: str) -> str:
    """Say that no product has a code, on a page that only works with known ones."""
    return f"No product has the code {_shown(code)}. Add the product first."


def unknown_on_receipt(code: str) -> str:
    """Say that no product has a code, while a receipt is in sight."""
    return f"No product has the code {_shown(code)}. Scan it again, or tap Next to add the product."


def unknown_in_list(code: str) -> str:
    """Say that no product has a code, on the page where products are made."""
    return f"No product has the code {_shown(code)}. Tap New product to add it."


def found(code: str) -> str:
    """Head the list that shows a scanned product."""
    return f"Scanned: {_shown(code)}"


def is_its_code(code: str) -> str:
    """Say that the form has this code already."""
    return f"Code {_shown(code)} is one of its barcodes already."


def now_its_code(code: str) -> str:
    """Say that the form got a code."""
    return f"Code {_shown(code)} is one of its barcodes now."


def code_of(code: str, name: str) -> str:
    """Say that the form did not get the code of another product."""
    return f"Code {_shown(code)} is of {name} and was not added here. Save or leave this form to sell it."


def has_other_codes(code: str) -> str:
    """Say that a code was not given to a product that has codes already."""
    return f"Code {_shown(code)} was not added: the product has a barcode. Add more in its form."


def still_saving(code: str) -> str:
    """Say that the page is being saved."""
    return f"Code {_shown(code)} was not taken: the page is being saved. Scan it again."


def pieces_not_added(pieces: int, name: str) -> str:
    """Say that a number that was keyed for one product is not taken over to another."""
    return f"{pieces:,} of {name} are not added yet. Add them or clear the number, then scan again."


def codes_wait(count: int) -> str:
    """Say how many codes wait for the database."""
    return wording.waiting(0, count)


def _shown(code: str) -> str:
    """A code is any text: long ones and signs that cannot be seen would hide the sentence."""
    seen = "".join(sign if sign.isprintable() else " " for sign in code)
    return seen if len(seen) <= _LONGEST_SHOWN else f"{seen[: _LONGEST_SHOWN - 1]}…"
