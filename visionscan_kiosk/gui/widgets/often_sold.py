"""The often sold products in a column of their own, on screens that have the room."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.basics import column, label
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid

_COLUMNS = 3
_MOST = 12


class OftenSold(QFrame):
    """Up to twelve tiles, three across."""

    tile_chosen = Signal(object)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setFixedWidth(456)
        self._title = label("", Role.TITLE)
        self._tiles = TileGrid(theme, pictures)
        self._tiles.chosen.connect(self._tapped)
        parts = column(self, (SPACE_L, SPACE_L, SPACE_L, SPACE_L), SPACE_M)
        parts.addWidget(self._title)
        parts.addWidget(self._tiles, 1)

    def show_tiles(self, title: str, tiles: tuple[TileView, ...]) -> None:
        """Show the first twelve of these."""
        self._title.setText(title)
        self._tiles.show_tiles(tiles[:_MOST], _COLUMNS)

    def _tapped(self, place: int) -> None:
        shown = self._tiles.tiles[place].view
        if shown is not None:
            self.tile_chosen.emit(shown.product_id)
