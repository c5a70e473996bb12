"""The demo's packs beside the picture: a tap puts one on the simulated counter or takes it off."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import RADIUS_CONTROL, SPACE_S, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import CounterPackView
from visionscan_kiosk.gui.widgets.basics import column, label
from visionscan_kiosk.gui.widgets.painting import TextBlock, draw_block, fit_text, mirrored, rounded
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.touch_list import TouchList

_WIDTH = 136
_PACK_HEIGHT = 100
_PAD = 6
_MOST_NAME_ROWS = 3


class CounterPack(QAbstractButton):
    """One pack; while it lies on the counter it has an accent border and a check."""

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._view: CounterPackView | None = None
        self.has_cut_text = False
        self.setCheckable(True)
        self.setFixedHeight(_PACK_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        pictures.arrived.connect(self._picture_arrived)
        theme.changed.connect(self.update)

    def show_view(self, view: CounterPackView) -> None:
        """Show this pack."""
        self._view = view
        self.setObjectName(f"pack_{view.sku}")
        self.setChecked(view.is_on_counter)
        verb = "Take off the counter" if view.is_on_counter else "Put on the counter"
        self.setAccessibleName(f"{verb}: {view.name}")
        self.update()

    def nextCheckState(self) -> None:
        """Stay as it is: what lies on the counter is told from outside."""

    def sizeHint(self) -> QSize:
        """Return its usual size."""
        return QSize(_WIDTH - 2 * SPACE_S, _PACK_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint picture, name, border and check."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setClipPath(rounded(ground, RADIUS_CONTROL))
        painter.fillRect(self.rect(), self._theme.color("raised" if self.isDown() else "surface"))
        used = font(Role.LABEL)
        name = fit_text(self._view.name, self.width() - 2 * _PAD, _MOST_NAME_ROWS, (used,))
        self.has_cut_text = name.is_cut
        photo_height = self.height() - max(2, len(name.rows)) * name.row_height - 6
        self._paint_photo(painter, self._view, photo_height)
        self._paint_name(painter, name, photo_height)
        painter.setClipping(False)
        self._paint_border(painter, ground)
        painter.end()

    def _paint_photo(self, painter: QPainter, view: CounterPackView, height: int) -> None:
        size = QSize(self.width(), height)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            0, 0, self._pictures.pixmap(view.product_id, view.name, view.category, size, ratio)
        )

    def _paint_name(self, painter: QPainter, name: TextBlock, photo_height: int) -> None:
        top = photo_height + (self.height() - photo_height - name.height) / 2
        place = QRectF(_PAD, top, self.width() - 2 * _PAD, name.height)
        draw_block(painter, name, place, self._theme.color("text"), Qt.AlignmentFlag.AlignHCenter)

    def _paint_border(self, painter: QPainter, ground: QRectF) -> None:
        is_on = self.isChecked()
        is_marked = is_on or self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent" if is_marked else "line"), 3 if is_marked else 1))
        edge = 1.0 if is_marked else 0.0
        painter.drawRoundedRect(ground.adjusted(edge, edge, -edge, -edge), RADIUS_CONTROL, RADIUS_CONTROL)
        if is_on:
            place = mirrored(self, QRect(self.width() - 30, 6, 24, 24))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("surface"))
            painter.drawEllipse(place)
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(place, self._theme.pixmap(Icon.CHECK_CIRCLE, "accent", 24, ratio))

    def _picture_arrived(self, product_id: object) -> None:
        if self._view is not None and self._view.product_id == product_id:
            self.update()


class CounterStrip(QFrame):
    """All packs, scrolled by dragging."""

    toggled = Signal(str)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._views: tuple[CounterPackView, ...] = ()
        self._packs: list[CounterPack] = []
        self.setProperty("kind", "card")
        self.setFixedWidth(_WIDTH)
        self._caption = label("Tap to put on the counter", Role.LABEL, "2", wrap=True)
        holder = QWidget()
        self._column = column(holder)
        self._column.addStretch()
        parts = column(self, (SPACE_S, SPACE_S, SPACE_S, SPACE_S), SPACE_S)
        parts.addWidget(self._caption)
        parts.addWidget(TouchList(holder), 1)
        self.hide()

    def show_packs(self, views: tuple[CounterPackView, ...] | None) -> None:
        """Show these packs; None hides the strip."""
        self.setVisible(views is not None)
        self._views = views or ()
        while len(self._packs) < len(self._views):
            self._add_pack(len(self._packs))
        for pack, view in zip(self._packs, self._views, strict=False):
            pack.show_view(view)
        for place, pack in enumerate(self._packs):
            pack.setVisible(place < len(self._views))

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures: short of room the packs speak for themselves."""
        self._caption.setVisible(not metrics.is_compact)

    def _add_pack(self, place: int) -> None:
        pack = CounterPack(self._theme, self._pictures)
        pack.clicked.connect(partial(self._tapped, place))
        self._column.insertWidget(place, pack)
        self._packs.append(pack)

    def _tapped(self, place: int) -> None:
        self.toggled.emit(self._views[place].sku)
