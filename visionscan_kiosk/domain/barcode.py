"""Barcodes as the shop keeps them: GTINs with a right check digit, or internal texts as they are.

GTIN rules: GS1 General Specifications, section 7.9 (check digit) and 7.10 (UPC-E expansion).
"""

from __future__ import annotations

from visionscan_kiosk.domain.errors import InvalidInput

_GTIN_LENGTHS = (8, 12, 13, 14)
_LONGEST_TEXT = 80


def check_digit(body: str) -> int:
    """Return the GS1 check digit for the digits before it."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return -weighted % 10


def is_gtin(text: str) -> bool:
    """Tell whether `text` has the length of a GTIN and a right check digit."""
    return (
        text.isascii()
        and text.isdigit()
        and len(text) in _GTIN_LENGTHS
        and check_digit(text[:-1]) == int(text[-1])
    )


def normalise_barcode(text: str) -> str:
    """Return the form under which codes are compared: a GTIN as 14 digits, any other text as it is.

    Digits of a GTIN's length with a wrong check digit are refused with InvalidInput: a misread code must
    never find a product.
    """
    code = text.strip()
    if not code or len(code) > _LONGEST_TEXT or not code.isprintable():
        raise InvalidInput("A barcode has 1 to 80 printable characters.", field="barcodes")
    if not (code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS):
        return code
    if not is_gtin(code):
        raise InvalidInput(
            f"Barcode {code} is not complete: its check digit is wrong. Scan again.", field="barcodes"
        )
    return code.zfill(14)


def expand_upc_e(code: str) -> str:
    """Return the 12-digit UPC-A of an 8-digit UPC-E code (number system, six digits, check digit)."""
    system, body, check = code[0], code[1:7], code[7]
    last = body[5]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        middle = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        middle = f"{body[:4]}00000{body[4]}"
    else:
        middle = f"{body[:5]}0000{last}"
    return f"{system}{middle}{check}"
