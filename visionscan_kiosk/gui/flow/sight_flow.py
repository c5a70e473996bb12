"""What the camera shows eight times a second: codes and what hides the counter; and "Look" asks the model."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.recognition.looks import Scene
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.counter_looks import look_of
from visionscan_kiosk.gui.flow.goods_flow import GoodsFlow
from visionscan_kiosk.gui.flow.model_look import ModelLook
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.tray_contents import Note
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.views import OutlineView
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.sight import Glance

_LOG = logging.getLogger(__name__)
READ_PERIOD_MS = 125


@dataclass(frozen=True, slots=True)
class SightActions:
    """What sight needs of the others; `scene` returns what the gate says and when anything moved.

    `has_model`: whether there is one to ask.
    """

    scene: Callable[[], tuple[Scene, float | None]]
    keep_unnamed: Callable[[str, float, int], None]
    has_model: Callable[[], bool] = lambda: True


class SightFlow:
    """Reads the newest frame on every page, never two readings at once; the model has a lane of its own.

    The counter is followed also while nobody sells: what is put down meanwhile must not be missed.
    """

    def __init__(
        self, around: Surroundings, status: Status, trays: Trays, goods: GoodsFlow, actions: SightActions
    ) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._goods = goods
        self._actions = actions
        self._newest: Frame | None = None
        self._read_number = -1
        self._is_reading = False
        self._moved_unread: float | None = None
        self._is_shown = False
        self._outlines: tuple[OutlineView, ...] = ()
        self._model = ModelLook(around, status, trays, goods, actions.keep_unnamed, actions.has_model)

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

    def start(self) -> None:
        """Begin to read about eight times a second."""
        self._around.timers.every(READ_PERIOD_MS, self.read)
        self._model.show()

    def show(self, *, is_shown: bool) -> None:
        """Outline things only while a screen is open that shows the picture for selling."""
        self._is_shown = is_shown
        self.show_outlines()

    def frame_arrived(self, frame: Frame) -> None:
        """Keep the newest picture."""
        self._newest = frame

    def read(self) -> None:
        """Read the newest picture, unless it was read or a reading is under way."""
        frame = self._newest
        if frame is None or self._is_reading or frame.number == self._read_number:
            return
        self._is_reading = True
        self._read_number = frame.number
        detection, finder = self._around.services.detection, self._around.finder
        scene, moved_at = self._scene()
        self._around.tasks.run(
            Lane.VISION,
            lambda: detection.glance(frame.image, finder),
            lambda glance: self._glanced(frame, scene, glance, moved_at),
            lambda error: self._reading_failed(error, moved_at),
        )

    def _scene(self) -> tuple[Scene, float | None]:
        """Return the newest scene, and when anything moved since the last picture that was read."""
        scene, moved_at = self._actions.scene()
        unread, self._moved_unread = self._moved_unread, None
        return scene, unread if moved_at is None else moved_at

    def look(self) -> None:
        """The button on the picture: ask the model, or cancel while it is asked."""
        if self._model.is_looking:
            self._model.stop()
        elif self._newest is None:
            self._trays.say(Note(wording.NO_PICTURE))
        else:
            self._model.ask(self._newest.image)

    def show_look(self) -> None:
        """Show whether there is a model to ask."""
        self._model.show()

    def stop_looking(self) -> None:
        """Nobody waits for the model any more."""
        self._model.stop()

    def show_outlines(self) -> None:
        """Outline what is followed, where it is seen."""
        outlines = self._goods.outlines if self._is_shown else ()
        if outlines != self._outlines:
            self._outlines = outlines
            self._around.display.show_outlines(outlines)

    def _glanced(self, frame: Frame, scene: Scene, glance: Glance, moved_at: float | None) -> None:
        self._is_reading = False
        if glance.trouble is not None:
            self._status.database(is_away=True)
        else:
            self._status.database_answered(was_asked=bool(glance.codes))
        size = frame.image.shape[1], frame.image.shape[0]
        self._goods.glanced(look_of(glance, scene, frame.captured_at, moved_at), glance.codes or (), size)

    def _reading_failed(self, error: KioskError, moved_at: float | None) -> None:
        """The next reading tells what moved in this one's time. No database is no failure: see `glance`."""
        _LOG.warning("a picture was not read: %s", error)
        self._is_reading = False
        self._moved_unread = moved_at
