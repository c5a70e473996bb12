"""A code that is scanned or typed leaves beside the basket what was there: the picture, or the grid."""

from __future__ import annotations

import pytest

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import MISREAD_CODE, OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.gui.flow.catalogue_flow import PAUSE_MS

KEY_MS = 15


def scan(till: Till, code: str) -> list[bool]:
    """Send a code as a wedge does; return after each key whether the grid covers the picture."""
    seen = []
    for end in range(1, len(code) + 1):
        till.flow.catalogue.type(code[:end])
        till.settle()
        till.time.pass_by(KEY_MS)
        seen.append(till.screens.catalogue.is_open)
    till.submit(code)
    return [*seen, till.screens.catalogue.is_open]


@pytest.mark.parametrize("code", [OAT_MILK_CODE, UNKNOWN_CODE, MISREAD_CODE])
def test_a_scan_never_covers_the_picture(till: Till, code: str) -> None:
    assert not any(scan(till, code))
    till.time.pass_by(2 * PAUSE_MS)
    till.settle()
    assert not till.screens.catalogue.is_open


@pytest.mark.parametrize("code", [OAT_MILK_CODE, UNKNOWN_CODE, MISREAD_CODE])
def test_a_scan_leaves_the_grid_of_a_category_open(till: Till, code: str) -> None:
    till.flow.catalogue.open()
    till.flow.catalogue.choose_category("Dairy")
    till.settle()
    assert all(scan(till, code))
    till.settle()
    assert (till.screens.catalogue.query, till.screens.catalogue.category) == ("", "Dairy")
    assert len(till.screens.catalogue.tiles) == 2


def test_a_number_that_a_person_types_is_searched_when_they_pause(till: Till) -> None:
    till.flow.catalogue.type("40")
    till.settle()
    assert not till.screens.catalogue.is_open
    till.time.pass_by(PAUSE_MS)
    till.settle()
    assert till.screens.catalogue.is_open
    assert till.screens.catalogue.query == "40"


def test_a_code_typed_slowly_gives_the_picture_back(till: Till) -> None:
    till.flow.catalogue.type(OAT_MILK_CODE)
    till.time.pass_by(PAUSE_MS)
    till.settle()
    assert till.screens.catalogue.is_open
    till.submit(OAT_MILK_CODE)
    assert not till.screens.catalogue.is_open


def test_a_name_that_is_found_gives_the_picture_back(till: Till) -> None:
    till.flow.catalogue.type("oat milk 1 l")
    till.submit("oat milk 1 l")
    assert not till.screens.catalogue.is_open
    assert till.screens.line("Oat milk 1 l").quantity == 1


def test_the_code_that_names_a_line_ends_its_search(till: Till) -> None:
    till.flow.basket.add_unnamed("sponge", 0.5, 1)
    till.settle()
    till.flow.line_chosen(till.screens.basket.lines[0].item_id)
    till.submit(OAT_MILK_CODE)
    assert not till.screens.catalogue.is_open
    assert [line.name for line in till.screens.basket.lines] == ["Oat milk 1 l"]
