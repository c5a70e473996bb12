"""The selling screen: picture and questions on the leading side, the basket on the trailing side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from visionscan_kiosk.gui.theme.metrics import BASE, SMALLEST, metrics_for
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import (
    BannerView,
    BasketView,
    CatalogueView,
    CounterPackView,
    LookView,
    OfferView,
    OutlineView,
    Tone,
    TopBarView,
    TrayKind,
    TrayView,
)
from visionscan_kiosk.gui.widgets.banner import Banner
from visionscan_kiosk.gui.widgets.basics import column, row
from visionscan_kiosk.gui.widgets.basket_panel import BasketPanel
from visionscan_kiosk.gui.widgets.counter_strip import CounterStrip
from visionscan_kiosk.gui.widgets.keyboard import Keyboard
from visionscan_kiosk.gui.widgets.often_sold import OftenSold
from visionscan_kiosk.gui.widgets.picture_stage import PictureStage
from visionscan_kiosk.gui.widgets.product_grid import ProductGrid
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.search_row import SearchRow
from visionscan_kiosk.gui.widgets.top_bar import TopBar
from visionscan_kiosk.gui.widgets.tray import Tray

_LOW_SCREEN = 740
_EMPTY_COUNTER = "Put goods on the counter"


class SellingScreen(QWidget):
    """Passive: shows views, emits what the person did. Chooses one of three layouts by its size."""

    quantity_changed = Signal(object, int)
    quantity_keyed = Signal(object)
    line_removed = Signal(object)
    line_chosen = Signal(object)
    undo_requested = Signal()
    remember_requested = Signal()
    pay_requested = Signal()
    tile_chosen = Signal(object)
    tray_chosen = Signal(int)
    add_all_requested = Signal()
    tray_search_requested = Signal()
    tray_skipped = Signal()
    look_requested = Signal()
    outline_tapped = Signal(int)
    search_changed = Signal(str)
    search_submitted = Signal(str)
    category_chosen = Signal(str)
    catalogue_opened = Signal()
    catalogue_closed = Signal()
    banner_action = Signal(str)
    menu_requested = Signal()
    counter_toggled = Signal(str)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._metrics = BASE
        self._basket_view = BasketView()
        self._catalogue_view = CatalogueView()
        self._packs: tuple[CounterPackView, ...] | None = None
        self._picture_text = ""
        self._is_in_trouble = False
        self._has_camera = True
        self._has_keyboard = False
        self._often_tiles: TrayView | None = None
        self._tray_view: TrayView | None = None
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._top_bar = TopBar(theme)
        self._search = SearchRow(theme)
        self._banner = Banner(theme)
        self._strip = CounterStrip(theme, pictures)
        self._stage = PictureStage(theme)
        self._tray = Tray(theme, pictures)
        self._grid = ProductGrid(theme, pictures)
        self._keyboard = Keyboard(theme)
        self._often_sold = OftenSold(theme, pictures)
        self._basket = BasketPanel(theme, pictures)
        self._lay_out()
        self._connect()
        self._apply_metrics()

    def show_top_bar(self, view: TopBarView) -> None:
        """Show shop, chips and clock."""
        self._top_bar.show_view(view)

    def show_basket(self, view: BasketView) -> None:
        """Show the basket."""
        before, self._basket_view = self._basket_view, view
        self._basket.show_view(view)
        if view.undo is not None and view.item_count != before.item_count:
            self._announce(f"{view.undo.text}. Total {view.total_text}")
        self._hint()

    def show_tray(self, view: TrayView | None) -> None:
        """Show the tray under the picture, or nothing."""
        self._tray_view = view
        if view is not None and view.kind is TrayKind.OFTEN_SOLD:
            self._often_tiles = view
            self._often_sold.show_tiles(view.title, view.tiles)
        self._tray.show_view(view)
        self._basket.set_calm(is_calm=self._tray.is_offering)
        if view is not None and view.kind is not TrayKind.OFTEN_SOLD:
            self._announce(f"{view.title} {view.detail}")
        self._arrange()

    def show_offer(self, view: OfferView | None) -> None:
        """Show what the till could remember, or take it away."""
        self._basket.show_offer(view)
        if view is not None:
            self._announce(view.text)

    def show_catalogue(self, view: CatalogueView) -> None:
        """Show or leave the product grid and the search results."""
        self._catalogue_view = view
        self._search.show_state(view.query, is_open=view.is_open)
        self._grid.show_view(view)
        if not view.is_open:
            self._has_keyboard = False
        self._arrange()

    def show_banner(self, view: BannerView | None) -> None:
        """Show trouble that stays, or nothing."""
        self._is_in_trouble = view is not None and view.tone is Tone.STOP
        self._banner.show_view(view)
        self._arrange()

    def show_look(self, view: LookView) -> None:
        """Show what the button on the picture does."""
        self._stage.show_look(view)

    def show_outlines(self, outlines: tuple[OutlineView, ...]) -> None:
        """Outline what was found, in pixels of the frame."""
        self._stage.picture.set_outlines(outlines)

    def show_frame(self, pixels: NDArray[np.uint8]) -> None:
        """Show a BGR picture, height x width x 3; the array is kept, not copied."""
        self._stage.picture.set_frame(pixels)

    def show_picture_state(self, text: str) -> None:
        """Say why there is no picture; empty while it is live."""
        self._picture_text = text
        self._stage.picture.set_state(text)
        self._arrange()

    def show_camera_place(self, *, has_camera: bool) -> None:
        """Keep a place for the picture, or give it to the tiles."""
        self._has_camera = has_camera
        self._arrange()

    def show_counter(self, packs: tuple[CounterPackView, ...] | None) -> None:
        """Show the demo's packs; None in a real shop."""
        self._packs = packs
        self._strip.show_packs(packs)
        self._hint()
        self._arrange()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self._search.focus()

    def minimumSizeHint(self) -> QSize:
        """Return the smallest window there is a layout for."""
        return QSize(*SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the layout for the new size."""
        super().resizeEvent(event)
        metrics = metrics_for(self.width(), self.height())
        if metrics is not self._metrics:
            self._metrics = metrics
            self._apply_metrics()
        else:
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the focus off the buttons: a ring that nobody asked for looks like a choice."""
        super().showEvent(event)
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of an open question."""
        if not self._tray.press(event):
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        whole = column(self, spacing=0)
        # The layout follows the window; without this a large one could never be made small again.
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.addWidget(self._top_bar)
        self._body = row()
        whole.addLayout(self._body, 1)
        self._body.addLayout(self._leading_side(), 1)
        self._body.addWidget(self._often_sold)
        self._body.addWidget(self._basket)

    def _leading_side(self) -> QVBoxLayout:
        self._seen_box = QWidget()
        self._seen = row(self._seen_box)
        self._seen.addWidget(self._strip)
        self._seen.addWidget(self._stage, 1)
        self._leading = column()
        self._leading.addWidget(self._search)
        self._leading.addWidget(self._banner)
        self._leading.addWidget(self._seen_box, 1)
        self._leading.addWidget(self._grid, 1)
        self._leading.addWidget(self._tray)
        self._leading.addWidget(self._keyboard)
        return self._leading

    def _connect(self) -> None:
        for source, target in (
            (self._basket.quantity_changed, self.quantity_changed),
            (self._basket.quantity_keyed, self.quantity_keyed),
            (self._basket.line_removed, self.line_removed),
            (self._basket.line_chosen, self.line_chosen),
            (self._basket.undo_requested, self.undo_requested),
            (self._basket.remember_requested, self.remember_requested),
            (self._basket.pay_requested, self.pay_requested),
            (self._tray.tile_chosen, self.tile_chosen),
            (self._tray.tray_chosen, self.tray_chosen),
            (self._tray.add_all_requested, self.add_all_requested),
            (self._tray.search_requested, self.tray_search_requested),
            (self._tray.skipped, self.tray_skipped),
            (self._often_sold.tile_chosen, self.tile_chosen),
            (self._grid.tile_chosen, self.tile_chosen),
            (self._grid.category_chosen, self.category_chosen),
            (self._stage.look_requested, self.look_requested),
            (self._stage.picture.outline_tapped, self.outline_tapped),
            (self._search.changed, self.search_changed),
            (self._search.submitted, self.search_submitted),
            (self._search.opened, self.catalogue_opened),
            (self._search.closed, self.catalogue_closed),
            (self._banner.action_requested, self.banner_action),
            (self._top_bar.menu_requested, self.menu_requested),
            (self._strip.toggled, self.counter_toggled),
        ):
            source.connect(target)
        self._keyboard.attach(self._search.line_edit)
        self._keyboard.hide_requested.connect(self._toggle_keyboard)
        self._search.keyboard_toggled.connect(self._toggle_keyboard)

    def _toggle_keyboard(self) -> None:
        self._has_keyboard = not self._has_keyboard
        if self._has_keyboard:
            self._search.focus()
        self._arrange()

    def _apply_metrics(self) -> None:
        margin = self._metrics.margin
        self._body.setContentsMargins(margin, margin, margin, margin)
        self._body.setSpacing(margin)
        self._leading.setSpacing(margin)
        self._seen.setSpacing(margin)
        for part in (self._top_bar, self._stage, self._tray, self._grid, self._basket, self._strip):
            part.set_metrics(self._metrics)
        self._arrange()

    def _arrange(self) -> None:
        """Decide what of the leading side is in sight."""
        is_open = self._catalogue_view.is_open
        tiles_fill = self._tiles_take_the_picture()
        has_column = self._metrics.is_wide and not is_open and not tiles_fill
        self._often_sold.setVisible(has_column and self._often_tiles is not None)
        self._keyboard.setVisible(self._has_keyboard)
        self._keyboard.set_key_height(48 if self.height() < _LOW_SCREEN else 56)
        self._grid.setVisible(is_open)
        self._grid.set_categories_visible(is_visible=not (self._metrics.is_compact and self._has_keyboard))
        self._seen_box.setVisible(not is_open and not tiles_fill)
        self._tray.set_grown(is_grown=tiles_fill)
        self._tray.setVisible(self._has_tray() and not is_open and not self._has_keyboard)

    def _tiles_take_the_picture(self) -> bool:
        """Without a camera the tiles are what sells, and a dead picture only takes their room."""
        is_dead = bool(self._picture_text) and (self._is_in_trouble or not self._has_camera)
        is_blind = is_dead and self._packs is None
        has_column = self._metrics.is_wide and self._has_camera
        return is_blind and self._tray.is_often_sold and not has_column

    def _has_tray(self) -> bool:
        if self._tray_view is None:
            return False
        is_beside = self._metrics.is_wide and not self._tiles_take_the_picture()
        return not (is_beside and self._tray.is_often_sold)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _hint(self) -> None:
        lies_something = any(pack.is_on_counter for pack in self._packs or ())
        is_idle = not self._basket_view.lines and not lies_something
        self._stage.picture.set_hint(_EMPTY_COUNTER if is_idle else "")
