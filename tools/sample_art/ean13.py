"""EAN-13 printed as a label: digits in, picture out (ISO/IEC 15420)."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

MODULES = 113
"""Width of the symbol with its quiet zones: 11 left, 95 bars, 7 right."""
MODULE_PX = 3
LABEL_HEIGHT_PX = 90

_QUIET_LEFT = 11
_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111",
        "0001011")  # fmt: skip
_FIRST_DIGIT = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO",
                "OEEOEO")  # fmt: skip
_GUARDS = frozenset({0, 2, 46, 48, 92, 94})


def _right(digit: int) -> str:
    return _ODD[digit].translate(str.maketrans("01", "10"))


def _left(digit: int, parity: str) -> str:
    return _ODD[digit] if parity == "O" else _right(digit)[::-1]


def bars(code: str) -> str:
    """Return the 95 modules of a 13-digit code, `1` for a bar."""
    digits = [int(character) for character in code]
    left = "".join(
        _left(digit, parity) for digit, parity in zip(digits[1:7], _FIRST_DIGIT[digits[0]], strict=True)
    )
    right = "".join(_right(digit) for digit in digits[7:])
    return f"101{left}01010{right}101"


def label(code: str) -> QImage:
    """Return a white label with the bars and the digits under them, `MODULE_PX` pixels a module."""
    image = QImage(MODULES * MODULE_PX, LABEL_HEIGHT_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    for place, bar in enumerate(bars(code)):
        if bar == "1":
            long = place in _GUARDS
            painter.fillRect(
                (_QUIET_LEFT + place) * MODULE_PX, 5, MODULE_PX, 72 if long else 64, QColor("black")
            )
    _print_digits(painter, code)
    painter.end()
    return image


def _print_digits(painter: QPainter, code: str) -> None:
    font = QFont("IBM Plex Sans")
    font.setPixelSize(19)
    font.setWeight(QFont.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor("black"))
    for digits, first, modules in ((code[0], 2, 8), (code[1:7], 15, 41), (code[7:], 61, 41)):
        step = modules / len(digits)
        for place, digit in enumerate(digits):
            left = round((first + place * step) * MODULE_PX)
            painter.drawText(
                QRect(left, 69, round(step * MODULE_PX), 20), Qt.AlignmentFlag.AlignCenter, digit
            )
