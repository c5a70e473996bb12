"""The manager's product list: painted rows, so that a long list costs no more than a short one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QScroller,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from visionscan_kiosk.gui.manager_views import ProductRowView
from visionscan_kiosk.gui.theme.metrics import RADIUS_CONTROL, SPACE_M, SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font, sized_font
from visionscan_kiosk.gui.widgets.painting import draw_block, fit_text, rounded
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

PRICE_WIDTH: Final = 96
STOCK_WIDTH: Final = 88
_PICTURE: Final = 48
_DETAIL_HEIGHT: Final = 20
_Index = QModelIndex | QPersistentModelIndex


class ProductRowsModel(QAbstractListModel):
    """The rows as Qt wants them; a screen reader hears name, code, price and stock."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ProductRowView, ...] = ()

    def show_rows(self, rows: tuple[ProductRowView, ...]) -> None:
        """Replace all rows; the same ones again change nothing."""
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def row_at(self, place: int) -> ProductRowView:
        """Return one row."""
        return self._rows[place]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, or what is read out."""
        view = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return view.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{view.name}, {view.sku}, {view.price_text}, {view.stock_text} in stock"
        return None


class ProductRowPainter(QStyledItemDelegate):
    """Paints picture, name, code and category, price, stock; low stock is a pill with its number."""

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self.row_height = 72

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        """Return the height of a row."""
        return QSize(0, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row in reading direction."""
        view = index.model().row_at(index.row())  # type: ignore[attr-defined]  # always a ProductRowsModel
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRect(option.rect)
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), self._theme.color("line"))
        self._paint_focus(painter, option, place)
        self._paint_picture(painter, view, self._part(option, SPACE_S, _PICTURE))
        text_start = SPACE_S + _PICTURE + SPACE_M
        text_width = place.width() - text_start - PRICE_WIDTH - STOCK_WIDTH - SPACE_M
        self._paint_words(painter, view, self._part(option, text_start, text_width))
        price = self._part(option, place.width() - PRICE_WIDTH - STOCK_WIDTH, PRICE_WIDTH)
        self._paint_number(painter, view.price_text, price)
        stock = self._part(option, place.width() - STOCK_WIDTH, STOCK_WIDTH - SPACE_M)
        self._paint_stock(painter, view, stock)
        painter.restore()

    def _part(self, option: QStyleOptionViewItem, start: int, width: int) -> QRect:
        """Return a part of the row, given from its leading edge, where the reading direction wants it."""
        place = option.rect
        is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        left = place.right() + 1 - start - width if is_mirrored else place.left() + start
        return QRect(left, place.top(), width, place.height())

    def _paint_focus(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect) -> None:
        widget = option.widget
        is_current = isinstance(widget, ProductRows) and widget.shows_focus_at(place)
        if is_current:
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(place).adjusted(1, 2, -1, -2), RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_picture(self, painter: QPainter, view: ProductRowView, part: QRect) -> None:
        place = QRect(part.left(), part.center().y() - _PICTURE // 2, _PICTURE, _PICTURE)
        ratio = painter.device().devicePixelRatio()
        drawn = self._pictures.pixmap(view.product_id, view.name, view.category, place.size(), ratio)
        painter.save()
        painter.setClipPath(rounded(QRectF(place), 10))
        painter.drawPixmap(place.topLeft(), drawn)
        painter.restore()

    def _paint_words(self, painter: QPainter, view: ProductRowView, part: QRect) -> None:
        fonts = (font(Role.STRONG), font(Role.STRONG_SMALL), sized_font(14))
        name = fit_text(view.name, part.width(), 2, fonts)
        top = part.center().y() - (name.height + _DETAIL_HEIGHT) // 2
        draw_block(
            painter, name, QRectF(part.left(), top, part.width(), name.height), self._theme.color("text")
        )
        painter.setFont(font(Role.DETAIL))
        painter.setPen(self._theme.color("text2"))
        detail = QFontMetrics(painter.font()).elidedText(
            f"{view.sku} · {view.category}", Qt.TextElideMode.ElideRight, part.width()
        )
        painter.drawText(
            QRect(part.left(), top + name.height, part.width(), _DETAIL_HEIGHT),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            detail,
        )

    def _paint_number(self, painter: QPainter, text: str, part: QRect) -> None:
        painter.setFont(font(Role.STRONG))
        painter.setPen(self._theme.color("text"))
        painter.drawText(part, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_stock(self, painter: QPainter, view: ProductRowView, part: QRect) -> None:
        if not view.is_low:
            self._paint_number(painter, view.stock_text, part)
            return
        painter.setFont(font(Role.STRONG))
        width = QFontMetrics(painter.font()).horizontalAdvance(view.stock_text) + 2 * SPACE_M
        is_mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = part.left() if is_mirrored else part.right() + 1 - width + SPACE_M
        pill = QRect(left, part.center().y() - 15, width, 30)
        painter.fillPath(rounded(QRectF(pill), 15), self._theme.color("ask_soft"))
        painter.setPen(self._theme.color("ask_text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, view.stock_text)


class ProductRows(QListView):
    """A list that is dragged, tapped, or walked through with the arrow keys and Enter."""

    product_chosen = Signal(object)
    """The `UUID` of the tapped product."""

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self.setObjectName("product_rows")
        self.setAccessibleName("Products")
        self._rows = ProductRowsModel()
        self._painter = ProductRowPainter(theme, pictures)
        self.setModel(self._rows)
        self.setItemDelegate(self._painter)
        self.setUniformItemSizes(True)
        self.setMouseTracking(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)
        self.clicked.connect(self._choose)
        pictures.arrived.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    def show_rows(self, rows: tuple[ProductRowView, ...]) -> None:
        """Show these products."""
        self._rows.show_rows(rows)

    def set_row_height(self, height: int) -> None:
        """Make the rows `height` pixels high, 64 at least."""
        if height != self._painter.row_height:
            self._painter.row_height = height
            self.scheduleDelayedItemsLayout()

    def shows_focus_at(self, place: QRect) -> bool:
        """Whether the row painted at `place` is the one the keyboard stands on."""
        return self.hasFocus() and self.visualRect(self.currentIndex()) == place

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter; arrows move as in every list."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _choose(self, index: _Index) -> None:
        product_id: UUID = self._rows.row_at(index.row()).product_id
        self.product_chosen.emit(product_id)
