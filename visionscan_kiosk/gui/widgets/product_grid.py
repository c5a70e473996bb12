"""The catalogue: categories as pills, products as tiles, scrolled by whole rows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScroller, QStackedWidget, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_M, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import CatalogueView
from visionscan_kiosk.gui.widgets.basics import column
from visionscan_kiosk.gui.widgets.empty_state import EmptyState
from visionscan_kiosk.gui.widgets.pills import Pills
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid
from visionscan_kiosk.gui.widgets.touch_list import TouchList

_LOWEST_TILE = 126
_HIGHEST_TILE = 232
_FEW = 4


class ProductGrid(QWidget):
    """Shows a `CatalogueView`. The rows share the height so that none is cut at the foot."""

    tile_chosen = Signal(object)
    category_chosen = Signal(str)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._view = CatalogueView()
        self._metrics = BASE
        self._pills = Pills(theme, "Categories")
        self._pills.chosen.connect(self.category_chosen)
        self._tiles = TileGrid(theme, pictures)
        self._tiles.chosen.connect(self._tapped)
        holder = QWidget()
        inside = column(holder, spacing=0)
        inside.addWidget(self._tiles)
        inside.addStretch()
        self._list = TouchList(holder)
        self._empty = EmptyState(theme, Icon.SEARCH, "", "", 32)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._list)
        self._middle.addWidget(self._empty)
        self._parts = column(self, spacing=BASE.margin)
        self._parts.addWidget(self._pills)
        self._parts.addWidget(self._middle, 1)

    @property
    def grid(self) -> TileGrid:
        """The tiles in sight."""
        return self._tiles

    def show_view(self, view: CatalogueView) -> None:
        """Show these categories and products; a new search or category starts at the top."""
        is_other = (view.query, view.category) != (self._view.query, self._view.category)
        self._view = view
        self._pills.set_options((("", "All"), *((name, name) for name in view.categories)))
        self._pills.select(view.category)
        self._middle.setCurrentWidget(self._list if view.tiles else self._empty)
        self._empty.set_text(view.empty_text)
        self._arrange()
        if is_other and view.tiles:
            self._list.verticalScrollBar().setValue(0)

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self._metrics = metrics
        self._parts.setSpacing(metrics.margin)
        self._arrange()

    def set_categories_visible(self, *, is_visible: bool) -> None:
        """Give the pills' room to the tiles, when the keyboard leaves little of it."""
        self._pills.setVisible(is_visible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height among whole rows."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Fill the rows; without products the tiles are out of sight and are kept for the next time."""
        if not self._view.tiles:
            return
        pills = 0 if self._pills.isHidden() else self._pills.height() + self._parts.spacing()
        room = max(_LOWEST_TILE, self.height() - pills)
        rows = max(1, (room + SPACE_M) // (_LOWEST_TILE + SPACE_M))
        tile_height = min(_HIGHEST_TILE, (room - SPACE_M * (rows - 1)) // rows)
        columns = self._metrics.grid_columns
        if rows == 1 and len(self._view.tiles) <= _FEW:
            columns = _FEW
        self._tiles.show_tiles(self._view.tiles, columns, tile_height=tile_height)
        scroller = QScroller.scroller(self._list.viewport())
        scroller.setSnapPositionsY(0.0, float(tile_height + SPACE_M))

    def _tapped(self, place: int) -> None:
        shown = self._tiles.tiles[place].view
        if shown is not None:
            self.tile_chosen.emit(shown.product_id)
