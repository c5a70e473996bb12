"""One line of the basket: picture, whole name with where it came from, stepper, total."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_M, SPACE_S, TARGET, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font, sized_font
from visionscan_kiosk.gui.views import LineSource, LineView
from visionscan_kiosk.gui.widgets.basics import column, named, row
from visionscan_kiosk.gui.widgets.fitted import FittedAmount
from visionscan_kiosk.gui.widgets.painting import TextBlock, draw_block, fit_text, mirrored
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture
from visionscan_kiosk.gui.widgets.stepper import WIDTH as STEPPER_WIDTH
from visionscan_kiosk.gui.widgets.stepper import Stepper

_SOURCE_ICONS = {
    LineSource.BARCODE: Icon.BARCODE,
    LineSource.TYPED: Icon.KEYBOARD,
    LineSource.SEEN: Icon.EYE,
    LineSource.TAPPED: Icon.HAND,
    LineSource.UNKNOWN: Icon.QUESTION,
}
_MOST_NAME_ROWS = 5
_MOST_NOTICE_ROWS = 5
"""A price in a notice is never cut: the row grows."""
_TOTAL_WIDTH = 64
_NARROWEST_NAME = 112
_FRAME = 2


class LineName(QAbstractButton):
    """The name in up to two rows and a quiet row below; a button where nobody has named the line yet."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: LineView | None = None
        self.has_cut_text = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(TARGET, TARGET)
        theme.changed.connect(self.update)

    def show_line(self, line: LineView) -> None:
        """Show this line's words."""
        self._line = line
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if _is_choice(line) else Qt.FocusPolicy.NoFocus)
        self.setEnabled(_is_choice(line))
        said = f"{line.quantity} {line.name}, {line.below_name}, {line.total_text}"
        unnamed = f"Choose the product of {line.name}" if line.product_id is None else ""
        self.setAccessibleName(unnamed or ". ".join(filter(None, (said, line.choice))))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a modest width: the row gives it all there is."""
        return QSize(120, TARGET)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint name and detail, centred upright."""
        if self._line is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, detail = self._words(self._line, self.width())
        self.has_cut_text = name.is_cut or detail.is_cut
        top = (self.height() - name.height - detail.height) // 2
        draw_block(painter, name, QRectF(0, top, self.width(), name.height), self._theme.color("text"))
        self._paint_detail(painter, self._line, detail, top + name.height)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def needed_height(self, width: int) -> int:
        """Return the height in which all its words stand at this width."""
        if self._line is None:
            return 0
        name, detail = self._words(self._line, width)
        return name.height + detail.height

    def _words(self, line: LineView, width: int) -> tuple[TextBlock, TextBlock]:
        fonts = (font(Role.STRONG), font(Role.STRONG_SMALL))
        name = fit_text(line.name, width, 2, fonts)
        if name.is_cut:
            name = fit_text(line.name, width, _MOST_NAME_ROWS, (*fonts[1:], sized_font(14)))
        rows = _MOST_NOTICE_ROWS if line.notice else 2
        return name, fit_text(line.below_name, width - 22, rows, (font(Role.DETAIL),))

    def _paint_detail(self, painter: QPainter, line: LineView, detail: TextBlock, top: int) -> None:
        ink = "ask_text" if line.product_id is None or line.notice else "text2"
        sign = Icon.WARNING if line.notice else _SOURCE_ICONS[line.source]
        icon = self._theme.pixmap(sign, ink, 16, self.devicePixelRatioF())
        painter.drawPixmap(mirrored(self, QRect(0, top + 2, 16, 16)), icon)
        place = mirrored(self, QRect(22, top, self.width() - 22, detail.height))
        draw_block(painter, detail, QRectF(place), self._theme.color(ink))


class LineRow(QFrame):
    """Shows one line. A new one is tinted with a bar at its leading edge; an unnamed one wants a tap."""

    quantity_changed = Signal(object, int)
    quantity_keyed = Signal(object)
    removed = Signal(object)
    chosen = Signal(object)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._line: LineView | None = None
        self._picture = ProductPicture(pictures, theme, TARGET)
        self._name = LineName(theme)
        self._stepper = Stepper(theme)
        self._total = named(FittedAmount((Role.AMOUNT, Role.STRONG_SMALL)), "line_amount")
        self._beside = row(spacing=SPACE_M)
        self._beside.addWidget(self._name, 1)
        self._beside.addWidget(self._stepper)
        self._beside.addWidget(self._total)
        words = column(spacing=0)
        words.addLayout(self._beside, 1)
        self._below = row()
        words.addLayout(self._below)
        parts = row(self, (SPACE_M, 0, SPACE_M, 0), SPACE_M)
        parts.addWidget(self._picture)
        parts.addLayout(words, 1)
        self._name.clicked.connect(self._choose)
        self._stepper.changed.connect(self._change)
        self._stepper.removed.connect(self._remove)
        self._stepper.keyed.connect(self._key)
        theme.changed.connect(self.update)

    @property
    def line(self) -> LineView | None:
        """What it shows."""
        return self._line

    @property
    def has_cut_text(self) -> bool:
        """Whether its name or detail had to be elided when it was painted last."""
        return self._name.has_cut_text

    def show_line(self, line: LineView, metrics: ScreenMetrics) -> None:
        """Show this line at the layout's height."""
        self._line = line
        self.setObjectName(f"line_{line.item_id}")
        self._picture.show_product(line.product_id or line.item_id, line.name, line.category)
        self._name.show_line(line)
        self._stepper.show_quantity(line.quantity, line.name)
        self._total.setText(line.total_text)
        self._make_room(metrics)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the tint, the bar and the hairline."""
        painter = QPainter(self)
        tone = self._tone()
        if tone:
            painter.fillRect(self.rect(), self._theme.color(f"{tone}_soft"))
            painter.fillRect(mirrored(self, QRect(0, 0, 4, self.height())), self._theme.color(tone))
        hairline = QRect(SPACE_M, self.height() - 1, self.width() - 2 * SPACE_M, 1)
        painter.fillRect(hairline, self._theme.color("line"))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take a tap anywhere on a line that wants one."""
        super().mouseReleaseEvent(event)
        if self._line is not None and _is_choice(self._line) and self.rect().contains(event.pos()):
            self._choose()

    def _make_room(self, metrics: ScreenMetrics) -> None:
        """Where a wide amount leaves the name too little, the picture goes, then the amount goes below."""
        amount = max(_TOTAL_WIDTH, self._total.sizeHint().width())
        alone = metrics.basket_width - 2 * SPACE_M - SPACE_M - STEPPER_WIDTH - _FRAME
        beside = alone - SPACE_M - amount
        picture = TARGET + SPACE_M
        shows_picture = metrics.has_thumbnails and beside - picture >= _NARROWEST_NAME
        is_below = beside < _NARROWEST_NAME
        shows_picture = shows_picture or (metrics.has_thumbnails and is_below)
        self._total.setMinimumWidth(amount)
        self._picture.setVisible(shows_picture)
        self._place_total(is_below=is_below)
        name = (alone if is_below else beside) - (picture if shows_picture else 0)
        below = self._total.sizeHint().height() + SPACE_S if is_below else 0
        self.setFixedHeight(max(metrics.line_height, self._name.needed_height(name) + 8) + below)

    def _place_total(self, *, is_below: bool) -> None:
        wanted = self._below if is_below else self._beside
        if wanted.indexOf(self._total) < 0:
            (self._beside if is_below else self._below).removeWidget(self._total)
            wanted.addWidget(self._total)
        self._below.setContentsMargins(0, 0, 0, SPACE_S if is_below else 0)

    def _tone(self) -> str:
        if self._line is None:
            return ""
        if self._line.product_id is None:
            return "ask"
        return "sure" if self._line.is_new else ""

    def _item_id(self) -> UUID | None:
        return self._line.item_id if self._line is not None else None

    def _choose(self) -> None:
        self.chosen.emit(self._item_id())

    def _change(self, quantity: int) -> None:
        self.quantity_changed.emit(self._item_id(), quantity)

    def _key(self) -> None:
        self.quantity_keyed.emit(self._item_id())

    def _remove(self) -> None:
        self.removed.emit(self._item_id())


def _is_choice(line: LineView) -> bool:
    """Whether a tap on the line does something."""
    return line.product_id is None or bool(line.choice)
