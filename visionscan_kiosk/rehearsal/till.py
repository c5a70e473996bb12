"""The program that is rehearsed: the whole flow on lanes and timers in virtual time. It can be restarted."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Final

from visionscan_kiosk.gui.flow.ports import Place, Surroundings
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.rehearsal.camera import DrawnCamera
from visionscan_kiosk.rehearsal.database_line import DatabaseLine
from visionscan_kiosk.rehearsal.display import RememberedScreens, Silence
from visionscan_kiosk.rehearsal.eyes import RehearsingEyes
from visionscan_kiosk.rehearsal.finder import RememberingFinder
from visionscan_kiosk.rehearsal.lanes import VirtualLanes
from visionscan_kiosk.rehearsal.shop import open_till
from visionscan_kiosk.rehearsal.virtual_time import Effort, ProgramTimers, VirtualTime
from visionscan_kiosk.services.kiosk import KioskServices, TillProfile
from visionscan_kiosk.settings import KioskSettings
from visionscan_kiosk.vision.counter.stage import Stage

START_S: Final = 1.0
"""From one program's end to the next one's first picture."""


class RehearsedTill:
    """One till program after the other on one shop, one counter and one camera."""

    def __init__(self, settings: KioskSettings, time: VirtualTime, stage: Stage, camera: DrawnCamera) -> None:
        self._settings = settings
        self._time = time
        self._stage = stage
        self._camera = camera
        self._effort = Effort()
        self._open = ExitStack()
        self.line = DatabaseLine(self._effort)
        self._build()

    def start(self) -> None:
        """Open the program: the flow starts, and pictures reach it."""
        self.flow.start()
        self._camera.on_frame = self.flow.frame_arrived
        self._camera.on_state = self.flow.status.camera
        self._camera.tell_state()

    def close(self) -> None:
        """End the program in order; goods and camera stay."""
        self._camera.on_frame = self._camera.on_state = None
        self.timers.close()
        self.flow.sight.stop_looking()
        self.flow.models.stop()
        self.lanes.close()
        self._open.close()

    def restart(self) -> None:
        """Close and open the program on the same database."""
        self.close()
        self._time.pass_by(START_S)
        self._build()
        self.start()

    @property
    def place(self) -> Place:
        """Which screen is open."""
        return self.flow.place

    def _build(self) -> None:
        self._open = ExitStack()
        equipment = self._open.enter_context(
            open_till(
                self._settings,
                SeenStage(self._stage),
                RehearsingEyes(self._effort),
                self.line.begin_transaction,
            )
        )
        self.services: KioskServices = equipment.services
        self.profile: TillProfile = equipment.profile
        self.screens = RememberedScreens()
        self.timers = ProgramTimers(self._time)
        self.lanes = VirtualLanes(self._time, self.line, self._effort)
        self.flow = TillFlow(
            Surroundings(
                services=equipment.services,
                profile=equipment.profile,
                display=self.screens,
                tasks=self.lanes,
                timers=self.timers,
                sounds=Silence(),
                clock=self._time,
                check_model=equipment.check_model,
                counter=equipment.counter,
                gate=equipment.scene_gate,
                finder=RememberingFinder(equipment.item_finder),
                renew_lease=equipment.renew_lease,
            )
        )


class SeenStage:
    """Implements the port SimulatedCounterPort: the till learns from it that the drawn counter is bare.

    Goods are put and taken by the script's hands alone.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def on_counter(self) -> tuple[str, ...]:
        """What lies there, and whatever else hides the counter."""
        stage = self._stage
        others = ("hand",) * len(stage.hands) + ("bag",) * len(stage.bags)
        return (*stage.names, *others, *(("another light",) if stage.light != 1.0 else ()))

    def place(self, sku: str) -> None:
        """Nobody taps on the strip."""

    def take_away(self, sku: str) -> None:
        """Nobody taps on the strip."""

    def clear(self) -> None:
        """What a customer leaves, lies there."""
