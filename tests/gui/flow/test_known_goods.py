"""Names and prices of what lies there follow the catalogue, also when another till changes it."""

from __future__ import annotations

from decimal import Decimal

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui.flow.goods_tray import READ_AGAIN_S


def test_a_name_that_is_changed_elsewhere_is_on_the_outline(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    assert [outline.label for outline in till.screens.outlines] == ["Oat milk 1 l"]
    product = till.goods["OAT-1L"].id
    till.detector.codes = ()
    till.services.inventory.update_product(
        product, ProductChanges(name="Oat drink 1 l", price=Decimal("2.49"))
    )
    till.rest(round(1000 * READ_AGAIN_S) + 500)
    assert [outline.label for outline in till.screens.outlines] == ["Oat drink 1 l"]


def test_taking_out_has_a_drawing_of_its_own(till: Till) -> None:
    till.show_codes(OAT_MILK_CODE)
    piece = till.screens.outlines[0].piece
    till.flow.outline_tapped(piece)
    assert till.screens.tray is not None
    assert till.screens.tray.takes_out
    till.flow.trays.act()
    till.settle()
    till.flow.outline_tapped(piece)
    assert not till.screens.tray.takes_out
