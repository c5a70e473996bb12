"""Tiles side by side in columns of one width; what the tray, the often sold and the catalogue are made of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from visionscan_kiosk.gui.theme.metrics import SPACE_M
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.product_tile import ProductTile

_AT_ONCE = 12
_BEAT_MS = 16


class TileGrid(QWidget):
    """Keeps its tiles and fills them again, so that a new list does not flicker. `chosen` counts from 0.

    A long list comes in portions, one a beat of the screen, so that the camera's picture goes on meanwhile.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._tiles: list[ProductTile] = []
        self._views: tuple[TileView, ...] = ()
        self._filled = 0
        self._columns = 0
        self._tile_height = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_M)
        self._next_beat = QTimer(self)
        self._next_beat.setSingleShot(True)
        self._next_beat.setInterval(_BEAT_MS)
        self._next_beat.timeout.connect(self._fill)

    @property
    def tiles(self) -> list[ProductTile]:
        """The tiles of the list; those of its next portions may still be missing."""
        return self._tiles[: len(self._views)]

    @property
    def is_whole(self) -> bool:
        """Whether no portion of the list is still to come."""
        return not self._next_beat.isActive()

    def show_tiles(self, views: tuple[TileView, ...], columns: int, *, tile_height: int = 0) -> None:
        """Show these products in `columns`; without a height the rows share the room there is."""
        is_arranged = (columns, tile_height) == (self._columns, self._tile_height)
        if is_arranged and views == self._views:
            return
        self._views, self._filled = views, 0
        if not is_arranged:
            self._columns, self._tile_height = columns, tile_height
            self._arrange()
        self._reserve_height()
        self._hide_others()
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Align the names anew."""
        super().resizeEvent(event)
        self._align_names()

    def _reserve_height(self) -> None:
        """Be as high as the whole list at once: growing with every portion would paint all tiles anew."""
        rows = -(-len(self._views) // max(1, self._columns)) if self._tile_height else 0
        self.setMinimumHeight(max(0, rows * (self._tile_height + SPACE_M) - SPACE_M))
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop if rows else Qt.AlignmentFlag(0))

    def _hide_others(self) -> None:
        """Hide what is not in the list, and what waits for its portion with another product on it."""
        for place, tile in enumerate(self._tiles[_AT_ONCE:], start=_AT_ONCE):
            tile.setVisible(place < len(self._views) and tile.view == self._views[place])
        for tile in self._tiles[len(self._views) :]:
            tile.hide()

    def _fill(self) -> None:
        """Show the next portion, and the one after it in another beat."""
        start, end = self._filled, min(self._filled + _AT_ONCE, len(self._views))
        while len(self._tiles) < end:
            self._tiles.append(self._make_tile(len(self._tiles)))
        self._filled = end
        for tile, view in zip(self._tiles[start:end], self._views[start:end], strict=True):
            tile.show_view(view)
        for tile in self._tiles[start:end]:
            tile.show()
        self._grid.activate()
        self._align_names()
        if self._filled < len(self._views):
            self._next_beat.start()

    def _make_tile(self, place: int) -> ProductTile:
        tile = ProductTile(self._theme, self._pictures)
        tile.clicked.connect(partial(self._tapped, place))
        self._place(tile, place)
        return tile

    def _tapped(self, place: int) -> None:
        self.chosen.emit(place)

    def _arrange(self) -> None:
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
        for place, tile in enumerate(self._tiles):
            self._grid.removeWidget(tile)
            self._place(tile, place)

    def _place(self, tile: ProductTile, place: int) -> None:
        columns = max(1, self._columns)
        if self._tile_height:
            tile.setFixedHeight(self._tile_height)
        else:
            tile.setMinimumHeight(112)
            tile.setMaximumHeight(16777215)
        self._grid.addWidget(tile, place // columns, place % columns)

    def _align_names(self) -> None:
        columns = max(1, self._columns)
        shown = self._tiles[: self._filled]
        for start in range(0, self._filled, columns):
            side_by_side = shown[start : start + columns]
            rows = max(tile.needed_name_rows() for tile in side_by_side)
            for tile in side_by_side:
                tile.set_name_rows(rows)
