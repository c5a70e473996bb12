"""Tiles of a long list come in portions; whatever list comes meanwhile, none shows another product."""

import pytest

from tests.gui.widgets.examples import tile
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import CatalogueView, TileView
from visionscan_kiosk.gui.widgets.product_grid import ProductGrid
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.tile_grid import TileGrid

LONG = tuple(tile(f"Apple {number}") for number in range(120))
OTHER = tuple(tile(f"Bread {number}") for number in range(60))
SHORT = OTHER[:3]


@pytest.fixture
def grid(theme: Theme, qtbot) -> TileGrid:
    made = TileGrid(theme, PictureStore(theme))
    qtbot.addWidget(made)
    made.resize(800, 2000)
    made.show()
    return made


def _seen(grid: TileGrid) -> tuple[TileView | None, ...]:
    return tuple(shown.view for shown in grid.tiles if not shown.isHidden())


def test_a_long_list_ends_up_whole_and_in_order(grid: TileGrid, qtbot) -> None:
    grid.show_tiles(LONG, 5, tile_height=126)
    assert 5 <= len(_seen(grid)) < len(LONG)
    qtbot.waitUntil(lambda: _seen(grid) == LONG)
    assert {shown.y() // shown.height() for shown in grid.tiles[:5]} == {0}


def test_a_short_list_ends_the_long_one_that_was_still_coming(grid: TileGrid, qtbot) -> None:
    grid.show_tiles(LONG, 5, tile_height=126)
    grid.show_tiles(SHORT, 5, tile_height=126)
    qtbot.waitUntil(lambda: grid.is_whole)
    assert _seen(grid) == SHORT


def test_no_tile_keeps_the_product_of_the_list_before(grid: TileGrid, qtbot) -> None:
    grid.show_tiles(LONG, 5, tile_height=126)
    qtbot.waitUntil(lambda: _seen(grid) == LONG)
    grid.show_tiles(OTHER, 5, tile_height=126)
    assert _seen(grid) == OTHER[: len(_seen(grid))]
    qtbot.waitUntil(lambda: _seen(grid) == OTHER)


def test_another_height_leaves_the_same_products(grid: TileGrid, qtbot) -> None:
    grid.show_tiles(LONG, 5, tile_height=126)
    grid.show_tiles(LONG, 4, tile_height=150)
    qtbot.waitUntil(lambda: _seen(grid) == LONG)
    assert {shown.height() for shown in grid.tiles} == {150}


def test_the_catalogue_comes_back_with_what_is_found_now(theme: Theme, qtbot) -> None:
    catalogue = ProductGrid(theme, PictureStore(theme))
    qtbot.addWidget(catalogue)
    catalogue.resize(800, 600)
    catalogue.show()
    for view in (
        CatalogueView(is_open=True, tiles=OTHER),
        CatalogueView(is_open=False),
        CatalogueView(is_open=True, query="xyz", empty_text="Nothing found"),
    ):
        catalogue.show_view(view)
    assert not any(shown.isVisible() for shown in catalogue.grid.tiles)
    catalogue.show_view(CatalogueView(is_open=True, query="bread", tiles=SHORT))
    assert _seen(catalogue.grid) == SHORT
    assert all(shown.isVisible() for shown in catalogue.grid.tiles)
