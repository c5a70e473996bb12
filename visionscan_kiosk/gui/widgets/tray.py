"""The slot under the picture: a question, an offer, one sentence, or the products that sell often."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_L, SPACE_M, SPACE_S, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import TileView, TrayKind, TrayView
from visionscan_kiosk.gui.widgets.basics import (
    ActionButton,
    Button,
    ButtonKind,
    IconLabel,
    column,
    label,
    named,
    restyle,
    row,
    set_tone,
)
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid

_FRAMES = {TrayKind.ASK: "ask", TrayKind.SURE: "sure"}
_ICONS = {
    TrayKind.ASK: (Icon.QUESTION_FILL, "ask_text"),
    TrayKind.SURE: (Icon.CHECK_CIRCLE, "sure_text"),
    TrayKind.NOTE: (Icon.INFO, "text2"),
}
_TONES = {TrayKind.ASK: "ask", TrayKind.SURE: "sure"}
_ADD_ALL_WIDTH = 240
_NARROW_ADD_ALL = 220
_MOST_SUGGESTIONS = 3
_MOST_KNOWN = 4
_GRID_ROWS = 3
_LOWEST_TILE = 112


class Tray(QFrame):
    """Shows a `TrayView`. `tray_chosen` counts a question's tiles from 0; `tile_chosen` names a product."""

    tray_chosen = Signal(int)
    tile_chosen = Signal(object)
    add_all_requested = Signal()
    search_requested = Signal()
    skipped = Signal()

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._view: TrayView | None = None
        self._often_sold: tuple[TileView, ...] = ()
        self._metrics = BASE
        self._is_grown = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._icon = IconLabel(theme, Icon.QUESTION_FILL, "ask_text", 28)
        self._title = named(label("", Role.TITLE), "tray_title")
        self._detail = named(label("", Role.BODY, "2", wrap=True), "tray_detail")
        self._tiles = TileGrid(theme, pictures)
        self._tiles.chosen.connect(self._tile_tapped)
        self._add_all = named(ActionButton(theme, "Add", Icon.ADD, height=88), "tray_add_all")
        self._add_all.setFixedWidth(_ADD_ALL_WIDTH)
        self._add_all.setMaximumHeight(16777215)
        self._add_all.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._add_all.clicked.connect(self.add_all_requested)
        self._act = self._button("Add", Icon.ADD, "tray_act")
        self._search = self._button("None of these", Icon.SEARCH, "tray_search")
        self._skip = self._button("Skip", Icon.CLOSE, "tray_skip")
        self._act.clicked.connect(self.add_all_requested)
        self._search.clicked.connect(self.search_requested)
        self._skip.clicked.connect(self.skipped)
        self._lay_out()
        self.set_metrics(BASE)
        self.hide()

    @property
    def grid(self) -> TileGrid:
        """The tiles in sight."""
        return self._tiles

    @property
    def is_asking(self) -> bool:
        """Whether it waits for an answer."""
        return self._view is not None and self._view.kind in (TrayKind.ASK, TrayKind.SURE)

    @property
    def is_offering(self) -> bool:
        """Whether its own button is the next step."""
        return self._view is not None and self._view.kind is TrayKind.SURE

    @property
    def is_often_sold(self) -> bool:
        """Whether it shows nothing but the often sold products."""
        return self._view is not None and self._view.kind is TrayKind.OFTEN_SOLD

    def show_view(self, view: TrayView | None) -> None:
        """Show this; None hides the tray."""
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        if view.kind is TrayKind.OFTEN_SOLD:
            self._often_sold = view.tiles
        self._dress(view)
        self._word(view)
        self._show_buttons(view)
        self._fit_header(view)
        self._show_tiles(view)

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self._metrics = metrics
        self.set_grown(is_grown=self._is_grown)

    def set_grown(self, *, is_grown: bool) -> None:
        """Take the picture's room too, with the often sold products in rows."""
        self._is_grown = is_grown
        self.setMinimumHeight(0 if is_grown else self._metrics.tray_height)
        self.setMaximumHeight(16777215 if is_grown else self._metrics.tray_height)
        self.show_view(self._view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find out again what the header has room for."""
        super().resizeEvent(event)
        if self._view is not None:
            self._fit_header(self._view)
            self._show_tiles(self._view)

    def press(self, event: QKeyEvent) -> bool:
        """Answer an open question by key: 1, 2, 3 choose, Escape skips. Return whether it was one of them."""
        if self._view is None or not self.is_asking:
            return False
        if event.key() == Qt.Key.Key_Escape and self._view.can_skip:
            self.skipped.emit()
            return True
        keys = [tile.key for tile in self._view.tiles]
        if not event.text() or event.text() not in keys:
            return False
        self.tray_chosen.emit(keys.index(event.text()))
        return True

    def _button(self, text: str, icon: Icon, name: str) -> Button:
        return named(Button(self._theme, text, ButtonKind.OUTLINED, icon), name)

    def _lay_out(self) -> None:
        self._header = row()
        self._header.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._beside = row(spacing=SPACE_M)
        self._beside.addWidget(self._title)
        self._beside.addWidget(self._detail, 1)
        self._header.addLayout(self._beside, 1)
        self._buttons = QWidget()
        buttons = row(self._buttons)
        for button in (self._act, self._search, self._skip):
            buttons.addWidget(button)
        self._header.addWidget(self._buttons)
        self._own_row = QHBoxLayout()
        body = row(spacing=SPACE_M)
        body.addWidget(self._tiles, 1)
        body.addWidget(self._add_all)
        parts = column(self, (SPACE_L, SPACE_S, SPACE_L, SPACE_L))
        parts.addLayout(self._header)
        parts.addLayout(self._own_row)
        parts.addLayout(body, 1)

    def _dress(self, view: TrayView) -> None:
        restyle(self, "kind", _FRAMES.get(view.kind, "card"))
        self._icon.setVisible(view.kind in _ICONS)
        if view.kind in _ICONS:
            self._icon.set_icon(*_ICONS[view.kind])
        set_tone(self._detail, _TONES.get(view.kind, "2"))

    def _word(self, view: TrayView) -> None:
        is_note = _is_sentence(view)
        title = "Tap what you sell" if self._is_grown and self.is_often_sold else view.title
        self._title.setText(title)
        self._title.setFont(font(Role.STRONG if is_note else Role.TITLE))
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._beside.setDirection(down if is_note else across)
        self._beside.setSpacing(0 if is_note else SPACE_M)
        self._detail.setText(view.detail)
        self.setAccessibleName(f"{title} {view.detail}".strip())

    def _show_buttons(self, view: TrayView) -> None:
        is_note = _is_sentence(view)
        is_crowded = len(view.tiles) > _MOST_SUGGESTIONS and view.kind is TrayKind.SURE
        is_beside_title = is_note or (is_crowded and self._metrics.is_compact)
        self._act.setVisible(is_beside_title and bool(view.add_all_text))
        self._act.set_text(view.add_all_text if is_beside_title else "")
        self._act.set_kind(ButtonKind.OUTLINED if is_note else ButtonKind.PRIMARY)
        self._act.set_icon(Icon.DELETE if view.takes_out else Icon.CHECK if is_note else Icon.ADD)
        self._search.setVisible(view.can_search)
        self._search.set_text("Search" if is_note else "None of these")
        self._skip.setVisible(view.can_skip)
        self._skip.set_text(view.skip_text or ("Close" if is_note else "Skip"))
        self._add_all.setVisible(not is_beside_title and bool(view.add_all_text))
        self._add_all.setFixedWidth(_NARROW_ADD_ALL if is_crowded else _ADD_ALL_WIDTH)
        self._add_all.set_text(view.add_all_text)
        is_other_answer = view.kind is TrayKind.ASK and bool(view.tiles)
        self._add_all.set_trailing(Icon.CHECK if is_other_answer else Icon.ADD)
        self._move_buttons(to_own_row=is_note and bool(view.add_all_text or view.can_search))

    def _fit_header(self, view: TrayView) -> None:
        """Short of room a question's count gives way, then its title wraps; a note's words always wrap."""
        is_note = _is_sentence(view)
        taken = 2 * SPACE_L + (self._icon.width() + SPACE_S) + self._buttons.sizeHint().width() + 3 * SPACE_S
        room = self.width() - taken
        title = QFontMetrics(self._title.font()).horizontalAdvance(self._title.text())
        detail = QFontMetrics(self._detail.font()).horizontalAdvance(view.detail)
        shows_detail = bool(view.detail) and (is_note or title + SPACE_M + detail <= room)
        self._detail.setVisible(shows_detail)
        self._title.setWordWrap(is_note or title > room)
        self._beside.setStretch(0, 0 if shows_detail else 1)

    def _move_buttons(self, *, to_own_row: bool) -> None:
        wanted = self._own_row if to_own_row else self._header
        if wanted.indexOf(self._buttons) < 0:
            (self._header if to_own_row else self._own_row).removeWidget(self._buttons)
            wanted.addWidget(self._buttons)
        self._own_row.setAlignment(self._buttons, Qt.AlignmentFlag.AlignLeft)

    def _show_tiles(self, view: TrayView) -> None:
        tiles = view.tiles
        if _is_sentence(view):
            needs_room = view.add_all_text or view.can_search or self._metrics.is_compact
            tiles = () if needs_room else self._often_sold
        columns = self._columns(view)
        most = columns * self._rows_that_fit() if self._is_grown and self.is_often_sold else columns
        shown = tiles[:most]
        self._tiles.setVisible(bool(shown))
        self._tiles.show_tiles(shown, columns)

    def _rows_that_fit(self) -> int:
        """Whole rows only: a banner above takes some of the room."""
        room = self.height() - self._header.sizeHint().height() - SPACE_S - SPACE_L - SPACE_M
        return max(1, min(_GRID_ROWS, (room + SPACE_M) // (_LOWEST_TILE + SPACE_M)))

    def _columns(self, view: TrayView) -> int:
        if view.kind in (TrayKind.ASK, TrayKind.SURE):
            most = _MOST_KNOWN if view.kind is TrayKind.SURE else _MOST_SUGGESTIONS
            return max(1, min(most, len(view.tiles)))
        return min(5, self._metrics.grid_columns)

    def _tile_tapped(self, place: int) -> None:
        if self.is_asking:
            self.tray_chosen.emit(place)
            return
        shown = self._tiles.tiles[place].view
        if shown is not None:
            self.tile_chosen.emit(shown.product_id)


def _is_sentence(view: TrayView) -> bool:
    """Whether it is words with buttons below: a note, or a question that no tile can answer."""
    return view.kind is TrayKind.NOTE or (view.kind is TrayKind.ASK and not view.tiles)
