"""The receipt as it will look on paper: white in both themes, painted from its plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_XL
from visionscan_kiosk.gui.theme.palette import PAPER, PAPER_TEXT, PAPER_TEXT2
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font

_RULE = re.compile(r"^-{3,}$")
_COLUMNS = re.compile(r"^(?P<label>.*?\S)\s{2,}(?P<amount>\S+)$")
_INDENT = re.compile(r"^ {2,}\S")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One row of the receipt: a hairline, a centred text, or a text with an amount at the end."""

    text: str = ""
    amount: str = ""
    role: Role = Role.DETAIL
    is_rule: bool = False
    is_centred: bool = False
    is_quiet: bool = False
    indent: int = 0

    @property
    def height(self) -> int:
        """Its height in pixels."""
        if self.is_rule:
            return 17
        if not self.text:
            return 6
        return 30 if self.role is Role.TITLE else 24


def paper_rows(text: str) -> Iterator[PaperRow]:
    """Read the rows of a receipt: centred down to the first rule, then columns; the total stands out."""
    is_head = True
    for place, line in enumerate(text.rstrip("\n").splitlines()):
        if _RULE.match(line):
            is_head = False
            yield PaperRow(is_rule=True)
        elif is_head:
            role = Role.TITLE if place == 0 else Role.DETAIL
            yield PaperRow(line.strip(), role=role, is_centred=True, is_quiet=place > 0)
        else:
            yield _body_row(line)


def _body_row(line: str) -> PaperRow:
    columns = _COLUMNS.match(line)
    text, amount = (columns["label"], columns["amount"]) if columns else (line, "")
    indent = 2 if _INDENT.match(line) else 0
    role = Role.TITLE if text.strip() == "Total" else Role.DETAIL
    return PaperRow(text.strip(), amount, role=role, indent=indent, is_quiet=bool(indent) and not amount)


class Paper(QWidget):
    """Paints the receipt; as high as its text needs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[PaperRow, ...] = ()
        self.setObjectName("paper")
        self.setAccessibleName("Receipt")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        """Show this receipt."""
        self._rows = tuple(paper_rows(text))
        self.setAccessibleDescription(text)
        self.setFixedHeight(sum(row.height for row in self._rows) + 2 * SPACE_XL)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a width in which a receipt of 42 columns fits."""
        return QSize(400, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint sheet and rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("line"))
        painter.setBrush(QColor(PAPER))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        top = SPACE_XL
        for row in self._rows:
            place = QRectF(SPACE_L, top, self.width() - 2 * SPACE_L, row.height)
            _paint_row(painter, row, place.adjusted(8, 0, -8, 0))
            top += row.height
        painter.end()


def _paint_row(painter: QPainter, row: PaperRow, place: QRectF) -> None:
    if row.is_rule:
        painter.fillRect(QRectF(place.left(), int(place.center().y()), place.width(), 1), QColor("#B9B6AE"))
        return
    painter.setFont(font(row.role))
    painter.setPen(QColor(PAPER_TEXT2 if row.is_quiet else PAPER_TEXT))
    middle = Qt.AlignmentFlag.AlignVCenter
    if row.is_centred:
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | middle, row.text)
        return
    indent = row.indent * QFontMetricsF(painter.font()).horizontalAdvance("0")
    painter.drawText(place.adjusted(indent, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, row.text)
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | middle, row.amount)
