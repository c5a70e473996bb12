"""The manager's page of teaching: which product, its live picture, what was taken, and what is kept."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QWidget

from visionscan_kiosk.gui.manager_views import TaughtPhotoView, TeachView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, TARGET, TARGET_FIELD, TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import (
    ActionButton,
    Button,
    ButtonKind,
    IconLabel,
    column,
    frame,
    label,
    named,
    row,
)
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.empty_state import EmptyState
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture
from visionscan_kiosk.gui.widgets.shown_pictures import ShownPictures

_SIDE_WIDTH = 336
_NARROW_SIDE = 312
_PHOTO = 64
_START_AGAIN = "Start again"


class ChoicePanel(QFrame):
    """Which product is to be taught: those that are, and a search for any other."""

    search_changed = Signal(str)
    product_chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._rows: tuple[object, ...] = ()
        self.setProperty("kind", "card")
        self.setObjectName("teach_choice")
        self.search = Field(
            theme,
            "",
            name="teach_search",
            placeholder="Which product do you want to show?",
            icon=Icon.SEARCH,
            has_keyboard_button=True,
        )
        new = Button(theme, "New product", ButtonKind.PRIMARY, Icon.ADD, height=TARGET_FIELD)
        self._trouble = named(Notice(theme, Tone.STOP), "teach_choice_trouble")
        self._title = named(label("", Role.TITLE), "teach_title")
        self._list = DragArea("Products")
        self.search.edited.connect(self.search_changed)
        named(new, "teach_new").clicked.connect(self.new_requested)
        head = row(spacing=SPACE_M)
        head.addWidget(self.search, 1)
        head.addWidget(new, 0, Qt.AlignmentFlag.AlignTop)
        parts = column(self, (SPACE_L,) * 4, SPACE_M)
        parts.addLayout(head)
        parts.addWidget(self._trouble)
        parts.addWidget(self._title)
        parts.addWidget(self._list, 1)

    def show_view(self, view: TeachView) -> None:
        """Show what was found, or the products that are taught."""
        if not self.search.line_edit.hasFocus():
            self.search.set_text(view.query)
        self._trouble.set_text(view.trouble)
        is_searching = bool(view.query)
        self._title.setText("Found" if is_searching else "Taught products")
        rows = (
            tuple((tile.product_id, tile.name, tile.category, tile.sku) for tile in view.results)
            if is_searching
            else tuple((entry.product_id, entry.name, entry.category, entry.detail) for entry in view.taught)
        )
        if rows != self._rows or self._list.widget() is None:
            self._rows = rows
            self._list.setWidget(self._make_rows(rows, is_searching=is_searching))

    def _make_rows(self, rows: tuple[tuple[object, str, str, str], ...], *, is_searching: bool) -> QWidget:
        holder = QWidget()
        parts = column(holder)
        for product_id, name, category, detail in rows:
            parts.addWidget(self._make_row(product_id, name, category, detail))
        if not rows and not is_searching:
            parts.addWidget(
                EmptyState(
                    self._theme,
                    Icon.CAMERA_LIGHT,
                    "Nothing is taught yet",
                    "Search a product above and show it to the camera from all sides.",
                )
            )
        parts.addStretch(1)
        return holder

    def _make_row(self, product_id: object, name: str, category: str, detail: str) -> QWidget:
        made = frame("subtle")
        parts = row(made, (SPACE_S, SPACE_S, SPACE_S, SPACE_S), SPACE_M)
        picture = ProductPicture(self._pictures, self._theme, TARGET)
        picture.show_product(product_id, name, category)  # type: ignore[arg-type]  # a UUID from the view
        words = column(spacing=0)
        words.addWidget(label(name, Role.STRONG, wrap=True))
        words.addWidget(label(detail, Role.DETAIL, "2", wrap=True))
        choose = named(Button(self._theme, "Show it", ButtonKind.OUTLINED, Icon.CAMERA), "teach_choose")
        choose.setAccessibleName(f"Show {name} to the camera")
        choose.clicked.connect(partial(self.product_chosen.emit, product_id))
        parts.addWidget(picture)
        parts.addLayout(words, 1)
        parts.addWidget(choose)
        return made


class ShowPanel(QFrame):
    """The live picture with the hint of the moment and the pictures taken."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName("teach_show")
        self.picture = PictureView(theme, "surface")
        self.picture.setObjectName("teach_picture")
        self._count = named(label("", Role.STRONG, "2"), "teach_count")
        self._hint = named(label("", Role.STRONG, "accent", wrap=True), "teach_hint")
        self._shown = ShownPictures(theme)
        self._trouble = named(Notice(theme, Tone.STOP), "teach_trouble")
        head = row()
        head.addWidget(label("Show the product from all sides", Role.TITLE, wrap=True), 1)
        head.addWidget(self._count)
        box = frame("accentbox")
        inside = row(box, (SPACE_L, SPACE_M, SPACE_L, SPACE_M), SPACE_M)
        inside.addWidget(IconLabel(theme, Icon.LOOK_AGAIN, "accent_text"))
        inside.addWidget(self._hint, 1)
        parts = column(self, (SPACE_L,) * 4, SPACE_M)
        parts.addLayout(head)
        parts.addWidget(self.picture, 1)
        parts.addWidget(box)
        parts.addWidget(self._shown)
        parts.addWidget(self._trouble)

    def show_view(self, view: TeachView) -> None:
        """Show how far it is."""
        self._count.setText(view.count_text)
        self._hint.setText(view.hint)
        self._shown.show_pictures(view.shown)
        self._trouble.set_text(view.trouble)


class KeptPanel(QFrame):
    """The product, what there is to know about it, its kept pictures, and the next step."""

    take_requested = Signal()
    done_requested = Signal()
    again_requested = Signal()
    other_requested = Signal()
    photo_removed = Signal(object)

    def __init__(self, theme: Theme, pictures: PictureStore, photos: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._photos = photos
        self._kept: tuple[TaughtPhotoView, ...] | None = None
        self.setProperty("kind", "card")
        self.setObjectName("teach_kept")
        self._picture = ProductPicture(pictures, theme, TARGET)
        self._name = named(label("", Role.TITLE, wrap=True), "teach_product")
        self._message = named(Notice(theme, Tone.FINE), "teach_message")
        self._looks_like = named(Notice(theme, Tone.ASK), "teach_looks_like")
        self._title = label("", Role.LABEL, "2")
        self._grid_holder = QWidget()
        self._grid = QGridLayout(self._grid_holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_S)
        self._make_buttons(theme)
        self._lay_out()

    def show_view(self, view: TeachView) -> None:
        """Show product, news and pictures."""
        if view.product is not None:
            self._picture.show_product(view.product.product_id, view.product.name, view.product.category)
            self._name.setText(view.product.name)
        self._message.set_text(view.message)
        self._looks_like.set_text(view.looks_like)
        self._take.setEnabled(view.can_take)
        self._again.setVisible(bool(view.shown) and not view.is_done)
        self._again.setEnabled(not view.is_busy)
        self._done.setVisible(not view.is_done)
        self._done.setEnabled(view.can_finish)
        self._done.set_text("Keeping" if view.is_busy else "Done")
        self._other.setVisible(view.is_done)
        if view.photos != self._kept:
            self._kept = view.photos
            self._show_photos(view.photos)

    def set_compact(self, *, is_compact: bool) -> None:
        """Leave the pictures more room on small screens."""
        self.setFixedWidth(_NARROW_SIDE if is_compact else _SIDE_WIDTH)
        self._name.setFont(font(Role.STRONG if is_compact else Role.TITLE))
        side_by_side, stacked = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._pair.setDirection(side_by_side if is_compact else stacked)
        self._again.set_icon_only(icon_only=is_compact, text=_START_AGAIN, width=TARGET_FIELD)

    def _make_buttons(self, theme: Theme) -> None:
        self._take = named(
            Button(theme, "Take picture", ButtonKind.OUTLINED, Icon.CAMERA, height=TARGET_FIELD), "teach_take"
        )
        self._again = named(
            Button(theme, _START_AGAIN, ButtonKind.PLAIN, Icon.UNDO, height=TARGET), "teach_again"
        )
        self._done = named(ActionButton(theme, "Done", Icon.CHECK, height=TARGET_KEY), "teach_done")
        self._other = named(
            ActionButton(theme, "Next product", Icon.ARROW_FORWARD, height=TARGET_KEY), "teach_other"
        )
        for button, signal in (
            (self._take, self.take_requested),
            (self._again, self.again_requested),
            (self._done, self.done_requested),
            (self._other, self.other_requested),
        ):
            button.clicked.connect(signal)

    def _lay_out(self) -> None:
        head = row(spacing=SPACE_M)
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        holder = QWidget()
        inside = column(holder, spacing=SPACE_M)
        inside.addLayout(head)
        inside.addWidget(self._looks_like)
        inside.addWidget(self._message)
        inside.addWidget(self._title)
        inside.addWidget(self._grid_holder)
        inside.addStretch(1)
        area = DragArea("The product and its pictures")
        area.setWidget(holder)
        parts = column(self, (SPACE_L,) * 4)
        parts.addWidget(area, 1)
        self._pair = column()
        self._pair.addWidget(self._take, 1)
        self._pair.addWidget(self._again)
        parts.addLayout(self._pair)
        parts.addWidget(self._done)
        parts.addWidget(self._other)

    def _show_photos(self, photos: tuple[TaughtPhotoView, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        count = len(photos)
        self._title.setText("No pictures kept yet" if not count else f"Pictures kept: {count}")
        for place, photo in enumerate(photos):
            self._grid.addWidget(self._make_photo(photo, place + 1), place // 2, place % 2)

    def _make_photo(self, photo: TaughtPhotoView, number: int) -> QWidget:
        made = frame("subtle")
        parts = row(made, (0, 0, 0, 0), 0)
        picture = ProductPicture(self._photos, self._theme, _PHOTO)
        picture.show_product(photo.photo_id, str(number), photo.source_text)
        picture.setAccessibleName(f"Picture {number}, {photo.source_text}")
        remove = named(
            Button(self._theme, "", ButtonKind.PLAIN, Icon.DELETE, name=f"Remove picture {number}"),
            "teach_remove",
        )
        remove.clicked.connect(partial(self.photo_removed.emit, photo.photo_id))
        parts.addWidget(picture)
        parts.addWidget(remove)
        parts.addStretch(1)
        return made


class TeachPanel(QWidget):
    """Both steps of teaching; its signals are those of its parts."""

    search_changed = Signal(str)
    product_chosen = Signal(object)
    new_requested = Signal()
    take_requested = Signal()
    done_requested = Signal()
    again_requested = Signal()
    other_requested = Signal()
    photo_removed = Signal(object)

    def __init__(self, theme: Theme, pictures: PictureStore, photos: PictureStore) -> None:
        super().__init__()
        self.setObjectName("teach_panel")
        self.choice = ChoicePanel(theme, pictures)
        self._show = ShowPanel(theme)
        self._kept = KeptPanel(theme, pictures, photos)
        self._parts = row(self, spacing=SPACE_L)
        self._parts.addWidget(self.choice, 1)
        self._parts.addWidget(self._show, 1)
        self._parts.addWidget(self._kept)
        for part in (self.choice, self._kept):
            for name in ("search_changed", "product_chosen", "new_requested", "take_requested"):
                self._pass_on(part, name)
            for name in ("done_requested", "again_requested", "other_requested", "photo_removed"):
                self._pass_on(part, name)
        self._show.hide()
        self._kept.hide()

    def show_view(self, view: TeachView) -> None:
        """Show the step that is due."""
        has_product = view.product is not None
        self.choice.setVisible(not has_product)
        self._show.setVisible(has_product)
        self._kept.setVisible(has_product)
        if has_product:
            self._show.show_view(view)
            self._kept.show_view(view)
        else:
            self.choice.show_view(view)

    def show_frame(self, pixels: NDArray[np.uint8]) -> None:
        """Show what the camera sees: height x width x 3, BGR."""
        self._show.picture.set_state("")
        self._show.picture.set_frame(pixels)

    def show_picture_state(self, text: str) -> None:
        """Say why there is no picture."""
        self._show.picture.set_state(text)

    def set_compact(self, *, is_compact: bool, spacing: int) -> None:
        """Give the picture room on small screens."""
        self._kept.set_compact(is_compact=is_compact)
        self._parts.setSpacing(spacing)

    def _pass_on(self, part: QWidget, name: str) -> None:
        signal = getattr(part, name, None)
        if signal is not None:
            signal.connect(getattr(self, name))
