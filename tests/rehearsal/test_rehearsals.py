"""Plays the project's own rehearsals, and sees to it that every state of a piece meets every event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.rehearsal.coverage import EVENTS, STATES, Coverage
from visionscan_kiosk.rehearsal.player import Played, play
from visionscan_kiosk.rehearsal.scene import sample_packs
from visionscan_kiosk.rehearsal.script import read_script
from visionscan_kiosk.rehearsal.shop import RehearsalShops, open_shops
from visionscan_kiosk.settings import load_settings

pytestmark = pytest.mark.long(seconds=210)

FOLDER = Path(__file__).parent.parent / "rehearsals"
REHEARSALS = sorted(path.stem for path in FOLDER.glob("*.json"))
OUTLINED = ("asked", "in basket", "left", "sold")
CAN_MEET = {
    "tap": OUTLINED,
    "answer": ("asked",),
    "add all": OUTLINED,
    "skip": ("asked",),
    "undo": ("in basket",),
    "remove": ("in basket",),
    "quantity": ("in basket",),
    "pay": (*OUTLINED, "adding"),
    "next customer": ("left", "sold"),
    "open payment cash": OUTLINED,
    "open payment card": OUTLINED,
    "elsewhere remove": OUTLINED,
}
"""What a person can only do to some pieces; everything else happens to all."""
AT_OTHER_RATES = (
    "next-customer-same-product",
    "on-the-receipt",
    "one-after-the-other",
    "pushed",
    "sold-goods-stay",
    "third-piece",
    "undone",
)


class Theatre:
    """Plays by name, and remembers what was covered."""

    def __init__(self, shops: RehearsalShops) -> None:
        self._shops = shops
        self.coverage = Coverage()
        self.played: set[str] = set()

    def play(self, name: str, fps: float | None = None) -> Played:
        script = read_script(FOLDER / f"{name}.json", sample_packs())
        with self._shops.fresh() as settings:
            played = play(script if fps is None else replace(script, fps=fps), settings, self.coverage.note)
        self.played.add(name)
        return played


@pytest.fixture(scope="module")
def theatre(database_server: SpareDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    settings = load_settings(tmp_path_factory.mktemp("rehearsals"))
    with open_shops(settings, server_url=database_server.url("postgres")) as shops:
        yield Theatre(shops)


@pytest.mark.parametrize("name", REHEARSALS)
def test_it_holds(theatre: Theatre, name: str) -> None:
    assert [failure.sentence for failure in theatre.play(name).failures] == []


@pytest.mark.parametrize("fps", [5, 60])
@pytest.mark.parametrize("name", AT_OTHER_RATES)
def test_it_holds_at_other_rates(theatre: Theatre, name: str, fps: float) -> None:
    assert [failure.sentence for failure in theatre.play(name, fps).failures] == []


def test_playing_twice_is_playing_the_same(theatre: Theatre) -> None:
    first, second = theatre.play("seldom-readable"), theatre.play("seldom-readable")

    assert first == second


def test_every_state_of_a_piece_has_met_every_event(theatre: Theatre) -> None:
    if not theatre.played.issuperset(REHEARSALS):
        pytest.skip("tells something when all rehearsals were played")

    wanted = {(event, state) for event in EVENTS for state in CAN_MEET.get(event, STATES)}
    assert sorted(wanted - set(theatre.coverage.counts)) == []
