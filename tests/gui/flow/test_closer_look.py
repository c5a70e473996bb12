"""Labels read after the question is on screen: tiles know better, and stay where they are."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest

from tests.fake_label_reader import FakeLabelReader
from tests.gui.flow.conftest import Till
from tests.gui.flow.test_goods_flow import APPLE, BUTTER, LEFT, NOT_QUITE_APPLE, RIGHT, UNSALTED, tray_of
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.gui import goods_wording
from visionscan_kiosk.gui.flow.piece_questions import in_place
from visionscan_kiosk.gui.flow.ports import Lane, Sound
from visionscan_kiosk.gui.views import TileView, TrayKind
from visionscan_kiosk.services.ports import Image

BUTTER_NAME = "Salted butter 250 g"
STRANGE: Image = np.full((64, 64, 3), (210, 200, 20), np.uint8)


def colour(image: Image) -> tuple[int, int, int]:
    blue, green, red = image.reshape(-1, 3).mean(axis=0).astype(int)
    return int(blue), int(green), int(red)


@pytest.fixture
def reader() -> FakeLabelReader:
    made = FakeLabelReader()
    made.print_on(colour(APPLE), "Red apple of the valley")
    made.print_on(colour(BUTTER), "Salted butter")
    return made


@pytest.fixture
def till(till: Till) -> Till:
    """One that was shown three products."""
    for sku, picture in (("APL-R", APPLE), ("BUT-S", BUTTER), ("BUT-U", UNSALTED)):
        till.teach(sku, picture)
    return till


def tiles(till: Till) -> dict[str, TileView]:
    return {tile.name: tile for tile in tray_of(till).tiles}


def lay_unsure(till: Till, reader: FakeLabelReader, text: str) -> list[str]:
    """Lay something between apple and butter; return the tiles before its label is read."""
    reader._printed = [(colour(NOT_QUITE_APPLE), text)]
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((LEFT, NOT_QUITE_APPLE))
    shown = [*tiles(till)]
    till.tasks.held_lanes = set()
    return shown


def test_tiles_know_better_and_stay_in_their_places(till: Till, reader: FakeLabelReader) -> None:
    before = lay_unsure(till, reader, "SALTED BUTTER")
    first, heard = tiles(till), till.sounds.heard.count(Sound.QUESTION)
    till.settle()
    after = tiles(till)

    assert before[:2] == ["Red apple", BUTTER_NAME] == [*after][:2]
    assert [tile.key for tile in after.values()] == [tile.key for tile in first.values()]
    assert after[BUTTER_NAME].bars > after["Red apple"].bars
    assert till.sounds.heard.count(Sound.QUESTION) == heard


def test_a_label_names_what_was_taken_away_and_is_not_heard(till: Till, reader: FakeLabelReader) -> None:
    reader._printed = [(colour(STRANGE), "SALTED BUTTER 250 G")]
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((LEFT, STRANGE))
    till.lay()
    till.tasks.held_lanes = set()
    heard = till.sounds.heard.count(Sound.QUESTION)
    assert tray_of(till).title == goods_wording.WHAT_IS_THIS
    till.settle()
    assert till.sounds.heard.count(Sound.QUESTION) == heard
    assert next(iter(tiles(till))) == BUTTER_NAME


def test_what_the_label_said_outlives_the_next_look(till: Till, reader: FakeLabelReader) -> None:
    lay_unsure(till, reader, "SALTED BUTTER")
    till.settle()
    known, read = tiles(till), reader.pictures_read
    till.lay((LEFT, NOT_QUITE_APPLE), (RIGHT, UNSALTED))
    till.flow.trays.act()  # the unsalted butter, of which it is sure
    till.settle()
    assert tiles(till) == known
    assert reader.pictures_read == read


def test_a_person_may_answer_before_the_label_is_read(till: Till, reader: FakeLabelReader) -> None:
    lay_unsure(till, reader, "SALTED BUTTER")
    till.tasks.held_lanes = {Lane.LABELS}
    read = reader.pictures_read
    till.flow.trays.choose(0)
    till.settle()
    read = reader.pictures_read
    till.tasks.held_lanes = set()
    till.settle()
    assert till.screens.line("Red apple")
    assert tray_of(till).kind is TrayKind.OFTEN_SOLD
    assert reader.pictures_read == read


def test_what_looks_like_nothing_is_asked_by_its_label(till: Till, reader: FakeLabelReader) -> None:
    reader._printed = [(colour(STRANGE), "RED APPLE")]
    till.lay((LEFT, STRANGE))
    assert tray_of(till).kind is TrayKind.ASK
    assert "Red apple" in tiles(till)
    assert till.sounds.heard[-1] is Sound.QUESTION


def test_a_reader_that_fails_changes_nothing(till: Till, reader: FakeLabelReader) -> None:
    before = lay_unsure(till, reader, "SALTED BUTTER")
    reader.error = InvalidInput("unreadable")
    till.settle()
    assert [*tiles(till)] == before


def test_where_nothing_reads_nobody_is_asked_to(till: Till, reader: FakeLabelReader) -> None:
    reader._printed = []
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((LEFT, NOT_QUITE_APPLE))
    assert till.tasks.count(Lane.LABELS) == 0


def candidates(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ((1, 2, 3), (3, 2, 1), (1, 2, 3)),
        ((1, 2, 3), (4, 1, 2), (1, 2, 4)),
        ((1, 2, 3), (5, 4, 3), (5, 4, 3)),
        ((1, 2), (3, 2, 1), (1, 2, 3)),
        ((1, 2, 3), (2, 1), (1, 2)),
        ((), (2, 1), (2, 1)),
    ],
)
def test_places(before: tuple[int, ...], after: tuple[int, ...], shown: tuple[int, ...]) -> None:
    assert in_place(candidates(*before), candidates(*after)) == candidates(*shown)
