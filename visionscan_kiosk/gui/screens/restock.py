"""The restock dialog: find or scan a product, key the pieces, say what it was, add to stock."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from visionscan_kiosk.gui.entry import CLEAR, DELETE
from visionscan_kiosk.gui.manager_views import RestockView
from visionscan_kiosk.gui.screens.restock_parts import (
    ChosenProduct,
    MovementList,
    PiecesPart,
    QuickPieces,
    StockFigures,
)
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XXL, TARGET, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import TileView, Tone
from visionscan_kiosk.gui.widgets.basics import column, label, named, row
from visionscan_kiosk.gui.widgets.dialog import Dialog
from visionscan_kiosk.gui.widgets.field import Field
from visionscan_kiosk.gui.widgets.keyboard import Keyboard
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.pills import Pills
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid

_NOTES: Final = (("Delivery", "Delivery"), ("Return", "Return"))
_ROOMY: Final = 650
_TALL: Final = 740
_LOW: Final = 600
_KEYS: Final = {Qt.Key.Key_Backspace: DELETE, Qt.Key.Key_Delete: CLEAR}


class RestockDialog(Dialog):
    """Three pages in one card that never changes its size: find, count, and the note with the keyboard."""

    query_changed = Signal(str)
    code_submitted = Signal(str)
    product_chosen = Signal(object)
    change_requested = Signal()
    key_pressed = Signal(str)
    pieces_added = Signal(int)
    note_changed = Signal(str)

    def __init__(self, theme: Theme, pictures: PictureStore, parent: QWidget) -> None:
        super().__init__(theme, parent, "Restock", width=976)
        self.setObjectName("restock_dialog")
        self._tiles: tuple[TileView, ...] = ()
        self._is_counting = False
        self._trouble = named(Notice(theme, Tone.STOP), "restock_trouble")
        self._search = Field(
            theme,
            "",
            name="restock_search",
            placeholder="Scan a product, or type its name or code",
            icon=Icon.SEARCH,
            has_keyboard_button=True,
        )
        self._results = TileGrid(theme, pictures)
        self._product = ChosenProduct(theme, pictures)
        self._figures = StockFigures()
        self._quick = QuickPieces(theme)
        self._pieces = PiecesPart(theme)
        self._note_pills = Pills(theme, "Usual notes")
        self._note_pills.set_options(_NOTES)
        self._note_pills.setFixedWidth(208)
        self._note = Field(theme, "", name="restock_note", placeholder="Other note", has_keyboard_button=True)
        self._typed_note = Field(theme, "Note", name="restock_typed_note", placeholder="What was it?")
        self._movements = MovementList()
        self._keyboard = Keyboard(theme, "Done")
        self._lay_out_pages()
        self._connect_parts()
        self._show_page()

    def show_view(self, view: RestockView) -> None:
        """Show what was found, or the product with its figures."""
        was_counting, self._is_counting = self._is_counting, view.tile is not None
        self._tiles = view.results
        self._trouble.set_text(view.trouble)
        self.primary.set_text(view.confirm_text)
        self.primary.setEnabled(view.can_confirm)
        if view.tile is not None:
            self._show_product(view.tile, view)
        if was_counting is not self._is_counting:
            self._keyboard.hide()
            self._search.set_text("")
        self._show_page()
        if was_counting is not self._is_counting and self.isVisible():
            self.place_focus()

    def place_focus(self) -> None:
        """Type into the search, or key pieces at once."""
        if self._is_counting:
            self.setFocus()
        else:
            self._search.line_edit.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the guide lets go first: the movements, then the large product row."""
        super().resizeEvent(event)
        self._show_page()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits and delete as the keypad does; Esc first hides the keyboard."""
        if event.key() == Qt.Key.Key_Escape and not self._keyboard.isHidden():
            self._hide_keyboard()
            event.accept()
        elif self._is_counting and (key := _piece_key(event)):
            self.key_pressed.emit(key)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _lay_out_pages(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._find_page = self._make_find_page()
        self._count_page = QWidget()
        halves = row(self._count_page, spacing=SPACE_XXL)
        self._leading = self._make_leading()
        halves.addLayout(self._leading, 1)
        halves.addWidget(self._pieces)
        self._keyboard.hide()
        self.body.addWidget(self._find_page, 1)
        self.body.addWidget(self._count_page, 1)
        self.body.addWidget(self._typed_note, 1, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._keyboard)

    def _make_find_page(self) -> QWidget:
        page = QWidget()
        parts = column(page)
        parts.addWidget(self._search)
        parts.addWidget(self._results)
        parts.addStretch(1)
        return page

    def _make_leading(self) -> QVBoxLayout:
        parts = column(spacing=SPACE_L)
        parts.addWidget(self._product)
        parts.addWidget(self._figures)
        self._note_row = QWidget()
        inside = column(self._note_row)
        inside.addWidget(label("Note", Role.STRONG))
        inside.addLayout(self._make_note())
        parts.addWidget(self._note_row)
        parts.addWidget(self._movements)
        parts.addStretch(1)
        parts.addWidget(self._trouble)
        return parts

    def _make_note(self) -> QHBoxLayout:
        note = row()
        note.addWidget(self._note_pills)
        note.addWidget(self._note, 1)
        return note

    def _connect_parts(self) -> None:
        self._search.edited.connect(self.query_changed)
        self._search.submitted.connect(lambda: self.code_submitted.emit(self._search.text))
        self._search.keyboard_requested.connect(lambda: self._show_keyboard(self._search.line_edit))
        self._results.chosen.connect(lambda place: self.product_chosen.emit(self._tiles[place].product_id))
        self._product.change_requested.connect(self.change_requested)
        self._pieces.key_pressed.connect(self.key_pressed)
        self._quick.chosen.connect(self.pieces_added)
        self._note_pills.chosen.connect(self._take_note)
        self._note.edited.connect(self._take_note)
        self._typed_note.edited.connect(self._take_note)
        self._note.keyboard_requested.connect(lambda: self._show_keyboard(self._typed_note.line_edit))
        self._keyboard.hide_requested.connect(self._hide_keyboard)
        self._keyboard.submitted.connect(self._hide_keyboard)

    def _show_product(self, tile: TileView, view: RestockView) -> None:
        self._product.show_tile(tile)
        self._figures.show_view(view)
        self._pieces.show_view(view)
        self._movements.show_rows(view.movements[: _movements_that_fit(self.room.height())])
        self._show_note(view.note)

    def _take_note(self, text: str) -> None:
        self._show_note(text)
        self.note_changed.emit(text)

    def _show_note(self, text: str) -> None:
        """A usual note is a pill that is on; any other stands in the field."""
        usual = {value for value, _ in _NOTES}
        self._note_pills.select(text)
        self._note.set_text("" if text in usual else text)
        self._typed_note.set_text(text)

    def _show_keyboard(self, target: QLineEdit) -> None:
        self._keyboard.attach(target)
        self._keyboard.show()
        self._show_page()
        target.setFocus()

    def _hide_keyboard(self) -> None:
        self._keyboard.hide()
        self._show_page()
        if QApplication.focusWidget() is self._typed_note.line_edit:
            self.place_focus()

    def _show_page(self) -> None:
        """Show the page that is due, in the measures of the room there is."""
        is_typing = not self._keyboard.isHidden()
        room = self.room.height()
        self._find_page.setVisible(not self._is_counting)
        self._count_page.setVisible(self._is_counting and not is_typing)
        self._typed_note.setVisible(self._is_counting and is_typing)
        self._keyboard.set_key_height(TARGET if room < _ROOMY else TARGET_FIELD)
        tile_height = (112 if is_typing else 130) if room < _LOW else 148
        self._results.show_tiles(self._tiles[:3] if is_typing else self._tiles, 3, tile_height=tile_height)
        self._place_trouble()
        self._set_room(room)
        self.set_footer_visible(visible=not is_typing)
        self.set_head_visible(visible=not (is_typing and room < _LOW))
        self.prefer_height(722 if room >= _TALL else _ROOMY)

    def _place_trouble(self) -> None:
        """One notice, on whichever page is in sight."""
        if self._is_counting:
            self._leading.addWidget(self._trouble)
        else:
            page = self._find_page.layout()
            if page is not None:
                page.addWidget(self._trouble)

    def _set_room(self, room: int) -> None:
        is_low = room < _LOW
        self._pieces.set_key_height(72 if room >= _ROOMY else 64)
        self._product.set_low(is_low=room < _ROOMY)
        self._movements.setVisible(room >= _LOW and not self._trouble.text)
        self._note_row.setVisible(not (is_low and self._trouble.text))
        self._leading.setSpacing(SPACE_S if is_low else SPACE_L)
        self._pieces.parts.setSpacing(SPACE_S if is_low else SPACE_M)
        if is_low:
            self._leading.insertWidget(2, self._quick)
        else:
            self._pieces.parts.insertWidget(1, self._quick)


def _piece_key(event: QKeyEvent) -> str:
    """Return what a key of a keyboard means for the pieces, empty when nothing."""
    if event.text() and event.text() in "0123456789":
        return event.text()
    return _KEYS.get(Qt.Key(event.key()), "")


def _movements_that_fit(room: int) -> int:
    if room >= _TALL:
        return 5
    return 3 if room >= _ROOMY else 2
