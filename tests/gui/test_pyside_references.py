"""The pinned PySide6 counts references right on this Python (docs/adr/0003)."""

import sys

from PySide6.QtGui import QColor, QImage, QPainter

CALLS = 1_000


def test_void_calls_do_not_lose_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 loses about one in every void call, until the process dies."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    color = QColor("black")
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        painter.setPen(color)
    lost = before - sys.getrefcount(None)
    painter.end()
    assert lost < CALLS // 10
