"""Pictures of products at the size they are shown; they come from whoever answers `wanted`."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from uuid import UUID

from PySide6.QtCore import QBuffer, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import sized_font
from visionscan_kiosk.gui.widgets.painting import rounded

_MOST_IMAGES = 300
_MOST_PIXMAPS = 900
_LARGEST_SIDE = 640
_Key = tuple[UUID, int, int, int, float, tuple[str, str, str]]


def decode(data: bytes | None) -> QImage:
    """Return an encoded picture at a size worth keeping, a null image without one. For any thread."""
    buffer = QBuffer()
    buffer.setData(data or b"")
    # Not `QImage.fromData`: that keeps Python's lock, and the screen would wait for a lane's picture.
    return _bounded(QImageReader(buffer).read())


def initials(name: str) -> str:
    """Return one or two letters that stand for a product without a picture."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or name[:1].upper()


class PictureStore(QObject):
    """Gives a picture at once: the product's own, or a tinted card with its initials meanwhile.

    `wanted(product_id)` asks for the picture, once per product; answer with `provide`.
    `arrived(product_id)`
    tells widgets to paint again.
    """

    wanted = Signal(object)
    arrived = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images: OrderedDict[UUID, QImage] = OrderedDict()
        self._asked: set[UUID] = set()
        self._pixmaps: OrderedDict[_Key, QPixmap] = OrderedDict()

    def provide(self, product_id: UUID, image: QImage) -> None:
        """Take in a product's picture from `decode`; a null image means it has none."""
        self._drop_pixmaps(product_id)
        self._images[product_id] = image
        if len(self._images) > _MOST_IMAGES:
            forgotten, _ = self._images.popitem(last=False)
            self._asked.discard(forgotten)
        self.arrived.emit(product_id)

    def forget(self, product_id: UUID) -> None:
        """Ask again at the next painting, after a product's picture was changed."""
        self._images.pop(product_id, None)
        self._asked.discard(product_id)
        self._drop_pixmaps(product_id)
        self.arrived.emit(product_id)

    def pixmap(
        self, product_id: UUID, name: str, category: str, size: QSize, ratio: float, kept_free: int = 0
    ) -> QPixmap:
        """Return a picture of exactly `size` logical pixels, its ground tinted by category.

        Cut-out artwork leaves `kept_free` pixels at the right (negative: at the left) for what lies over it.
        """
        dress = (name, category, self._theme.palette.name)
        key = (product_id, size.width(), size.height(), kept_free, ratio, dress)
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        made = self._paint(product_id, dress, size, ratio, kept_free)
        if product_id in self._images:
            self._pixmaps[key] = made
            if len(self._pixmaps) > _MOST_PIXMAPS:
                self._pixmaps.popitem(last=False)
        return made

    def _paint(
        self, product_id: UUID, dress: tuple[str, str, str], size: QSize, ratio: float, kept_free: int
    ) -> QPixmap:
        name, category, _ = dress
        made = QPixmap(size * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(self._theme.color(self._tint(category)))
        image = self._image(product_id)
        painter = QPainter(made)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(QPointF(0, 0), size)
        if image.isNull():
            self._paint_initials(painter, _free(place, kept_free), initials(name))
        else:
            _paint_image(painter, _free(place, kept_free) if image.hasAlphaChannel() else place, image, ratio)
        painter.end()
        return made

    def _image(self, product_id: UUID) -> QImage:
        if product_id in self._images:
            self._images.move_to_end(product_id)
            return self._images[product_id]
        if product_id not in self._asked:
            self._asked.add(product_id)
            self.wanted.emit(product_id)
        return self._images.get(product_id, QImage())

    def _tint(self, category: str) -> str:
        tints = self._theme.palette.tints
        return tints[zlib.crc32(category.casefold().encode()) % len(tints)]

    def _paint_initials(self, painter: QPainter, place: QRectF, text: str) -> None:
        side = min(place.width(), place.height())
        painter.setFont(sized_font(max(14, round(side * 0.38))))
        painter.setPen(self._theme.color("text2"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _drop_pixmaps(self, product_id: UUID) -> None:
        for key in [key for key in self._pixmaps if key[0] == product_id]:
            del self._pixmaps[key]


class ProductPicture(QWidget):
    """A product's picture at a fixed size, as beside a line of the basket."""

    def __init__(self, store: PictureStore, theme: Theme, size: int) -> None:
        super().__init__()
        self._store = store
        self._shown: tuple[UUID, str, str] | None = None
        self.setFixedSize(size, size)
        store.arrived.connect(self._arrived)
        theme.changed.connect(self.update)

    def show_product(self, product_id: UUID, name: str, category: str) -> None:
        """Show this product."""
        self._shown = (product_id, name, category)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the picture with round corners."""
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(rounded(QRectF(self.rect()), 10 if self.width() < 80 else 12))
        painter.drawPixmap(0, 0, self._store.pixmap(*self._shown, self.size(), self.devicePixelRatioF()))
        painter.end()

    def _arrived(self, product_id: UUID) -> None:
        if self._shown is not None and self._shown[0] == product_id:
            self.update()


def _free(place: QRectF, kept_free: int) -> QRectF:
    return place.adjusted(max(0, -kept_free), 0, -max(0, kept_free), 0)


def _bounded(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= _LARGEST_SIDE:
        return image
    return image.scaled(
        _LARGEST_SIDE,
        _LARGEST_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _paint_image(painter: QPainter, place: QRectF, image: QImage, ratio: float) -> None:
    """Cut-out artwork stands whole on the tint; a photograph fills the place."""
    is_cut_out = image.hasAlphaChannel()
    edge = min(place.width(), place.height()) * 0.07 if is_cut_out else 0
    room = place.adjusted(edge, edge, -edge, -edge)
    mode = Qt.AspectRatioMode.KeepAspectRatio if is_cut_out else Qt.AspectRatioMode.KeepAspectRatioByExpanding
    # Scaled by QImage first: the painter's own smooth scaling skips pixels below half size.
    scaled = image.scaled((room.size() * ratio).toSize(), mode, Qt.TransformationMode.SmoothTransformation)
    scaled.setDevicePixelRatio(ratio)
    size = scaled.deviceIndependentSize()
    painter.drawImage(
        QPointF(room.center().x() - size.width() / 2, room.center().y() - size.height() / 2), scaled
    )
