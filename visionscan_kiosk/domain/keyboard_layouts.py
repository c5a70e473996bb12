"""What a scanner that believes in an American keyboard types on a till with another one.

Where the row of digits needs Shift, a code arrives as the signs of that row. Digits are told from such signs
by the check digit. Rows: the national layouts of XKB (symbols/fr, be, cz, sk, hu), keys 1 to 9 and 0.
"""

from __future__ import annotations

from typing import Final

from visionscan_kiosk.domain.barcode import is_gtin

_DIGITS: Final = "1234567890"
_ROWS: Final = ("&é\"'(-è_çà", "&é\"'(§è!çà", "+ěščřžýáíé", "+ľščťžýáíé", "123456789ö")


def digits_of(text: str) -> str:
    """Return the GTIN that a scanner meant by signs of one row of digits; any other text as it is."""
    for row in _ROWS:
        read = text.translate(str.maketrans(row, _DIGITS))
        if not text.isdigit() and is_gtin(read):
            return read
    return text
