"""Without a known empty counter a picture is one whole: what it looks like is asked, never followed."""

from __future__ import annotations

from collections.abc import Sequence

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.piece_questions import SURE_AT_MOST, thing_tiles
from visionscan_kiosk.gui.flow.tray_contents import Question
from visionscan_kiosk.services.sight import SeenThing


class WholePicture:
    """One question at a time; what a person answered or left is not asked again while it looks the same."""

    def __init__(self, known: KnownGoods) -> None:
        self._known = known
        self._thing: SeenThing | None = None
        self._settled = ""

    def saw(self, things: Sequence[SeenThing]) -> None:
        """Take in one look; a code in the picture says more than its looks."""
        by_looks = [thing for thing in things if thing.product.source is not DetectionSource.BARCODE]
        has_code = len(by_looks) < len(things)
        whole = next((thing for thing in by_looks if thing.is_whole_picture), None)
        name = whole.product.matched_from if whole is not None else ""
        self._thing = None if has_code or name == self._settled else whole
        if whole is None:
            self._settled = ""

    def question(self, *, knows_counter: bool) -> Question | None:
        """Return what is to be asked, None when there is nothing, or when places are known."""
        thing = self._thing
        tiles = thing_tiles(thing, self._known.products) if thing is not None and not knows_counter else ()
        if thing is None or not tiles:
            return None
        confidence = min(thing.product.confidence, SURE_AT_MOST)
        return Question(tiles, thing.product.matched_from, confidence, thing=thing)

    def left(self, question: Question) -> None:
        """A person answered or left it."""
        if self._thing is not None and question.thing is self._thing:
            self._settled, self._thing = self._thing.product.matched_from, None

    def leave(self) -> None:
        """The customer is gone."""
        self._thing, self._settled = None, ""
