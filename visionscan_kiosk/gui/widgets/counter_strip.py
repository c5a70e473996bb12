"""The demo's packs beside the picture: a tap puts one on the simulated counter or takes it off."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import RADIUS_CONTROL, SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font, sized_font
from visionscan_kiosk.gui.views import CounterPackView
from visionscan_kiosk.gui.widgets.basics import column, label
from visionscan_kiosk.gui.widgets.painting import draw_block, fit_text, mirrored, rounded
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.touch_list import TouchList

_WIDTH = 136
_PACK_HEIGHT = 108
_PHOTO_HEIGHT = 62


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
        self._paint_photo(painter, self._view)
        self._paint_name(painter, self._view)
        painter.setClipping(False)
        self._paint_border(painter, ground)
        painter.end()

    def _paint_photo(self, painter: QPainter, view: CounterPackView) -> None:
        size = QSize(self.width(), _PHOTO_HEIGHT)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            0, 0, self._pictures.pixmap(view.product_id, view.name, view.category, size, ratio)
        )

    def _paint_name(self, painter: QPainter, view: CounterPackView) -> None:
        room = QRectF(6, _PHOTO_HEIGHT + 2, self.width() - 12, self.height() - _PHOTO_HEIGHT - 4)
        block = fit_text(view.name, room.width(), 2, (font(Role.LABEL), sized_font(14)))
        self.has_cut_text = block.is_cut
        top = room.adjusted(0, (room.height() - block.height) / 2, 0, 0)
        draw_block(painter, block, top, self._theme.color("text"), Qt.AlignmentFlag.AlignHCenter)

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
        holder = QWidget()
        self._column = column(holder)
        self._column.addStretch()
        parts = column(self, (SPACE_S, SPACE_S, SPACE_S, SPACE_S), SPACE_S)
        parts.addWidget(label("Tap to put on the counter", Role.LABEL, "2", wrap=True))
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

    def _add_pack(self, place: int) -> None:
        pack = CounterPack(self._theme, self._pictures)
        pack.clicked.connect(partial(self._tapped, place))
        self._column.insertWidget(place, pack)
        self._packs.append(pack)

    def _tapped(self, place: int) -> None:
        self.toggled.emit(self._views[place].sku)
