"""The dialog in which a product gets its picture: the present one large, and what could take its place."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QDir, QRectF, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import PictureChoiceView, TaughtPhotoView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import (
    RADIUS_CONTROL,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    TARGET_FIELD,
    TARGET_KEY,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, label, named, row
from visionscan_kiosk.gui.widgets.dialog import Dialog
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.painting import rounded
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture

_LARGE = 232
_PHOTO = 96
_COLUMNS = 5
_FILES_SIZE = QSize(840, 520)
_FILES = "Pictures (*.png *.jpg *.jpeg *.webp)"


class PhotoButton(QAbstractButton):
    """A taught photo that can be tapped."""

    def __init__(self, theme: Theme, photos: PictureStore, view: TaughtPhotoView, number: int) -> None:
        super().__init__()
        self._theme = theme
        self._store = photos
        self._photo_id = view.photo_id
        self._number = number
        self.setFixedSize(_PHOTO, _PHOTO)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Use photo {number}, {view.source_text}")
        photos.arrived.connect(self._arrived)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the photo, dimmed while it is pressed, with a ring when it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect())
        painter.setClipPath(rounded(place, RADIUS_CONTROL))
        size = QSize(_PHOTO, _PHOTO)
        painter.setOpacity(0.6 if self.isDown() or not self.isEnabled() else 1.0)
        painter.drawPixmap(
            0, 0, self._store.pixmap(self._photo_id, str(self._number), "", size, self.devicePixelRatioF())
        )
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("accent"), 6))
            painter.drawPath(rounded(place, RADIUS_CONTROL))
        painter.end()

    def _arrived(self, photo_id: UUID) -> None:
        if photo_id == self._photo_id:
            self.update()


class PictureDialog(Dialog):
    """Shows a `PictureChoiceView`. A choice is kept at once, so that the only way out is "Done"."""

    photo_chosen = Signal(object)
    camera_chosen = Signal()
    file_chosen = Signal(str)

    def __init__(self, theme: Theme, pictures: PictureStore, photos: PictureStore, parent: QWidget) -> None:
        super().__init__(theme, parent, wording.PICTURE_TITLE, width=840)
        self.setObjectName("picture_dialog")
        self._photos = photos
        self._shown: tuple[TaughtPhotoView, ...] | None = None
        self._buttons: list[PhotoButton] = []
        self._trouble = named(Notice(theme, Tone.STOP), "picture_trouble")
        self._picture = ProductPicture(pictures, theme, _LARGE)
        self._name = label("", Role.STRONG, wrap=True)
        self._none = label(wording.NO_PHOTOS, Role.BODY, "2", wrap=True)
        self._camera = self._source("Take it with the camera", Icon.CAMERA, "picture_camera")
        self._file = self._source("Choose a file", Icon.IMAGE, "picture_file")
        self._camera.clicked.connect(self.camera_chosen)
        self._file.clicked.connect(self._ask_for_file)
        self._grid_holder = QWidget()
        self._grid = QGridLayout(self._grid_holder)
        self.cancel_button.hide()
        self.primary.set_text("Done")
        self._lay_out()

    def show_view(self, view: PictureChoiceView) -> None:
        """Show what the product looks like now, and its photos."""
        self._trouble.set_text(view.trouble)
        self._picture.show_product(view.product_id, view.name, view.category)
        self._name.setText(view.name)
        if view.photos != self._shown:
            self._shown = view.photos
            self._show_photos(view.photos)
        for part in (self._camera, self._file, *self._buttons):
            part.setEnabled(not view.is_busy)

    def place_focus(self) -> None:
        """Nothing is chosen by an Enter that came too early."""
        self.setFocus()

    def _source(self, text: str, icon: Icon, name: str) -> Button:
        return named(Button(self._theme, text, ButtonKind.OUTLINED, icon, height=TARGET_FIELD), name)

    def _lay_out(self) -> None:
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_S)
        columns = row(spacing=SPACE_XL)
        columns.addLayout(self._make_present())
        columns.addLayout(self._make_sources(), 1)
        self.body.addWidget(self._trouble)
        self.body.addLayout(columns, 1)

    def _make_present(self) -> QVBoxLayout:
        present = column(spacing=SPACE_S)
        self._name.setFixedWidth(_LARGE)
        present.addWidget(self._picture)
        present.addWidget(self._name)
        present.addStretch(1)
        return present

    def _make_sources(self) -> QVBoxLayout:
        area = DragArea("Taught photos")
        holder = QWidget()
        inside = column(holder)
        inside.addWidget(self._none)
        inside.addWidget(self._grid_holder, 0, Qt.AlignmentFlag.AlignLeading)
        inside.addStretch(1)
        area.setWidget(holder)
        area.setMinimumHeight(_PHOTO + TARGET_KEY)
        sources = column(spacing=SPACE_M)
        sources.addWidget(label(wording.PHOTOS_TITLE, Role.STRONG))
        sources.addWidget(area, 1)
        others = row(spacing=SPACE_M)
        others.addWidget(self._camera, 1)
        others.addWidget(self._file, 1)
        sources.addLayout(others)
        return sources

    def _show_photos(self, photos: tuple[TaughtPhotoView, ...]) -> None:
        for old in self._buttons:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = [self._make_photo(photo, number) for number, photo in enumerate(photos, start=1)]
        for place, made in enumerate(self._buttons):
            self._grid.addWidget(made, place // _COLUMNS, place % _COLUMNS)
        self._none.setVisible(not photos)
        self._grid_holder.setVisible(bool(photos))

    def _make_photo(self, photo: TaughtPhotoView, number: int) -> PhotoButton:
        made = named(PhotoButton(self._theme, self._photos, photo, number), "picture_photo")
        made.clicked.connect(partial(self.photo_chosen.emit, photo.photo_id))
        return made

    def _ask_for_file(self) -> None:
        """Qt's own dialog: the system's may lie behind a full-screen till."""
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        folder = pictures if QDir(pictures).exists() else QDir.homePath()
        asked = QFileDialog(self, wording.PICTURE_TITLE, folder, _FILES)
        asked.setOption(QFileDialog.Option.DontUseNativeDialog)
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        asked.resize(_FILES_SIZE)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.fileSelected.connect(self.file_chosen)
        asked.open()
