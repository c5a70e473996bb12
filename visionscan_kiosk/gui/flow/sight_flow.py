"""What the camera sees: barcodes become lines by themselves, and "Look" asks the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import (
    InvalidInput,
    KioskError,
    Unavailable,
)
from visionscan_kiosk.domain.placement import PlacementTracker
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.goods_flow import GoodsFlow
from visionscan_kiosk.gui.flow.model_look import ModelLook
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.trays import Note, Trays
from visionscan_kiosk.gui.views import OutlineKind, OutlineView
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.detection import SeenCode
from visionscan_kiosk.services.ports import Image

READ_PERIOD_MS = 125
OUTLINE_LIFE_S = 0.6
_PADDING = 10


@dataclass(frozen=True, slots=True)
class SightActions:
    """What seen things lead to. A code goes to whoever is on screen: basket, restock or product form."""

    code_placed: Callable[[SeenCode], None]
    bad_code: Callable[[], None]
    keep_unnamed: Callable[[str, float, int], None]


class SightFlow:
    """Reads barcodes on the newest frame, never two readings at once; the model has a lane of its own."""

    def __init__(
        self, around: Surroundings, status: Status, trays: Trays, goods: GoodsFlow, actions: SightActions
    ) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._goods = goods
        self._actions = actions
        self._codes: tuple[OutlineView, ...] = ()
        self._tracker = PlacementTracker()
        self._newest: Frame | None = None
        self._read_number = -1
        self._is_reading = False
        self._is_watching = False
        self._outlines: tuple[OutlineView, ...] = ()
        self._outlined_at = 0.0
        self._model = ModelLook(around, status, trays, goods, actions.keep_unnamed)

    @property
    def is_looking(self) -> bool:
        """Whether the model is being asked."""
        return self._model.is_looking

    @property
    def has_picture(self) -> bool:
        """Whether the camera has shown anything yet."""
        return self._newest is not None

    @property
    def frames_seen(self) -> int:
        """The number of the newest picture."""
        return self._newest.number if self._newest is not None else 0

    @property
    def newest_picture(self) -> Image | None:
        """What the camera showed last."""
        return self._newest.image if self._newest is not None else None

    @property
    def lying_codes(self) -> frozenset[str]:
        """Which barcodes are counted as lying there: one of them that is seen again is no further piece."""
        return frozenset(self._tracker.lying)

    def start(self) -> None:
        """Begin to read barcodes about eight times a second."""
        self._around.timers.every(READ_PERIOD_MS, self.read)
        self._model.show()

    def watch(self, *, is_watching: bool) -> None:
        """Read barcodes only while a screen is open that can use them."""
        self._is_watching = is_watching
        if not is_watching:
            self._codes = ()
            self._around.display.show_outlines(())
            self._outlines = ()

    def frame_arrived(self, frame: Frame) -> None:
        """Keep the newest picture."""
        self._newest = frame

    def read(self) -> None:
        """Read the newest picture, unless it was read or a reading is under way."""
        frame = self._newest
        if frame is None or self._is_reading or not self._is_watching or frame.number == self._read_number:
            return
        self._is_reading = True
        self._read_number = frame.number
        detection, image = self._around.services.detection, frame.image
        self._around.tasks.run(
            Lane.VISION, lambda: detection.read_barcodes(image), self._codes_read, self._reading_failed
        )

    def look(self) -> None:
        """The button on the picture: ask the model, or cancel while it is asked."""
        if self._model.is_looking:
            self._model.stop()
        elif self._newest is None:
            self._trays.say(Note(wording.NO_PICTURE))
        else:
            self._model.ask(self._newest.image)

    def stop_looking(self) -> None:
        """Nobody waits for the model any more."""
        self._model.stop()

    def _codes_read(self, codes: Sequence[SeenCode]) -> None:
        self._is_reading = False
        if not self._is_watching:
            return
        self._status.database_answered(was_asked=bool(codes))
        texts = [_compared(code.sighting.text) for code in codes]
        self._goods.codes_seen(
            [(code.sighting.box, code.product.id if code.product else None) for code in codes]
        )
        for text in self._tracker.observe(texts, self._around.clock.seconds()):
            self._actions.code_placed(self._uncounted(text, codes))
        self._show_codes(codes)

    def _uncounted(self, text: str, codes: Sequence[SeenCode]) -> SeenCode:
        """Of several packs with this code, one that does not lie where its product is counted already."""
        packs = [code for code in codes if _compared(code.sighting.text) == text]
        counted = self._goods.is_counted
        return next(
            (
                pack
                for pack in packs
                if pack.product is None or not counted(pack.sighting.box, pack.product.id)
            ),
            packs[-1],
        )

    def _reading_failed(self, error: KioskError) -> None:
        self._is_reading = False
        if isinstance(error, InvalidInput):
            self._actions.bad_code()
        elif isinstance(error, Unavailable):
            self._status.database(is_away=True)

    def _show_codes(self, codes: Sequence[SeenCode]) -> None:
        now = self._around.clock.seconds()
        if codes:
            self._outlined_at = now
            self._codes = tuple(self._outline(code) for code in codes)
        elif now - self._outlined_at > OUTLINE_LIFE_S:
            self._codes = ()
        self.show_outlines()

    def _outline(self, code: SeenCode) -> OutlineView:
        """The whole pack where it is known, else its code."""
        box = self._goods.pack_around(code.sighting.box) or _padded(code.sighting.box)
        if code.product is None:
            return OutlineView(box, OutlineKind.ASK, "No product")
        return OutlineView(box, OutlineKind.SURE, code.product.name)

    def show_outlines(self) -> None:
        """Outline what codes and looks tell, while a screen is open that shows it."""
        outlines = (*self._codes, *self._goods.outlines) if self._is_watching else ()
        if outlines != self._outlines:
            self._outlines = outlines
            self._around.display.show_outlines(outlines)


def _compared(text: str) -> str:
    """Two spellings of one code are one pack; a misread code is compared as it is."""
    try:
        return normalise_barcode(text)
    except InvalidInput:
        return text


def _padded(box: Box) -> Box:
    """A code may be found by one line across it: show a box that a person takes for the code."""
    least = max(24, round(0.5 * max(box.width, box.height)))
    across, down = max(0, least - box.width) // 2 + _PADDING, max(0, least - box.height) // 2 + _PADDING
    return Box(box.x - across, box.y - down, box.width + 2 * across, box.height + 2 * down)
