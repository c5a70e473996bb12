"""A till without widgets on real PostgreSQL: lanes, time and eyes are moved by the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from tests.conftest import build_services
from tests.fake_label_reader import FakeLabelReader
from tests.fake_vision_models import FakeVisionModels
from tests.gui.flow.doubles import (
    HandMovedTime,
    HeardSounds,
    HeldTasks,
    ScriptedDetector,
    ScriptedFinder,
    ScriptedGate,
    ShownScreens,
)
from tests.gui.till_shop import PROFILE, stock_shop
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.ports import Surroundings
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.views import TrayKind
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image, UnitOfWork
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.services.till_preferences import AS_INSTALLED, TillPreferences

_GONE_FOR_GOOD_MS = 15_000
_READINGS = 4
_EMPTY = SceneState(SceneKind.EMPTY)


class Till:
    """A started till and the hands that move it."""

    def __init__(
        self,
        services: KioskServices,
        detector: ScriptedDetector,
        goods: Mapping[str, Product],
        preferences: TillPreferences = AS_INSTALLED,
    ) -> None:
        self.kept = preferences
        self.camera_used: list[bool] = []
        self.services = services
        self.detector = detector
        self.goods = goods
        self.screens = ShownScreens()
        self.tasks = HeldTasks()
        self.time = HandMovedTime()
        self.sounds = HeardSounds()
        self.gate = ScriptedGate()
        self.finder = ScriptedFinder()
        self.scene: Image = np.zeros((480, 640, 3), np.uint8)
        self._pictures = 0
        self.flow = TillFlow(
            Surroundings(
                services=services,
                profile=PROFILE,
                display=self.screens,
                tasks=self.tasks,
                timers=self.time,
                sounds=self.sounds,
                clock=self.time,
                check_model=lambda: DetectorHealth(is_ready=True, message="answers", model="scripted"),
                gate=self.gate,
                finder=self.finder,
                preferences=preferences,
                keep_preferences=lambda changed: self.keep(changed),  # noqa: PLW0108 - tests replace it
                use_camera=self.camera_used.append,
            )
        )

    def start(self) -> None:
        """Open the till; for a moment nothing moves before its camera."""
        self.flow.start()
        self.settle()
        self.gate.state = SceneState(SceneKind.STILL)
        self.rest(500)

    def keep(self, preferences: TillPreferences) -> None:
        self.kept = preferences

    def settle(self) -> None:
        self.tasks.settle()

    def restarted(self, *, is_database_away: bool = False) -> Till:
        """Start another program on the same data, as after a crash; the same goods lie there."""
        again = Till(self.services, self.detector, self.goods, self.kept)
        again.tasks.is_database_away = is_database_away
        again.finder.boxes, again.scene = self.finder.boxes, self.scene
        again.start()
        return again

    @property
    def note_text(self) -> str:
        """The sentence that the tray says now, empty when it shows something else."""
        tray = self.screens.tray
        return tray.title if tray is not None and tray.kind is TrayKind.NOTE else ""

    def add(self, sku: str) -> None:
        self.flow.basket.add_product(self.goods[sku].id)
        self.settle()

    def pay(self) -> None:
        """Tap Pay and wait whether the sale can be made."""
        self.flow.pay()
        self.settle()

    def submit(self, text: str) -> None:
        self.flow.catalogue.submit(text)
        self.settle()

    def open_manager(self) -> None:
        self.flow.menu()
        self.flow.menu_action("manager")
        self.settle()

    def take_picture(self) -> None:
        self.show_picture(self.scene)

    def show_codes(self, *codes: str) -> None:
        """Let the camera see these codes for about half a second, after hands moved where others were before.

        Nothing is known of an empty counter: codes are all there is.
        """
        packs = tuple(
            Sighting(code, "EAN13", Box(10 + 120 * place, 20, 30, 40)) for place, code in enumerate(codes)
        )
        if packs != self.detector.codes:
            self.move_hands()
        self.detector.codes = packs
        self.rest(_READINGS * 125)

    def move_hands(self) -> None:
        """Something moves for a moment."""
        self.gate.state = SceneState(SceneKind.MOVING)
        self.detector.codes = ()
        self.rest(125)
        self.gate.state = SceneState(SceneKind.STILL, is_new_still=True)

    def rest(self, milliseconds: int) -> None:
        """Let time pass with a picture for each reading; what lies there stays."""
        for _ in range(milliseconds // 125):
            self.show_picture(self.scene)
            self.time.pass_by(125)
            self.settle()

    def clear_counter(self) -> None:
        """Everything is taken away, for so long that nobody expects it back."""
        self.show_codes()
        self.finder.boxes = ()
        self.gate.state = _EMPTY if self.finder.knows_empty_counter else SceneState(SceneKind.STILL)
        self.rest(_GONE_FOR_GOOD_MS)

    def teach(self, sku: str, *pictures: Image) -> None:
        """Let the till know a product by these pictures."""
        self.services.teaching.teach(self.goods[sku].id, pictures)

    def lay(self, *things: tuple[Box, Image], touching: bool = False) -> None:
        """Let hands move, and then these things lie still on the counter."""
        self.scene = np.full((480, 640, 3), 90, np.uint8)
        for box, picture in things:
            self.scene[box.y : box.y + box.height, box.x : box.x + box.width] = picture
        self.finder.knows_empty_counter = True
        self.finder.boxes = tuple(box for box, _ in things)
        self.finder.touching = frozenset(self.finder.boxes) if touching else frozenset()
        codes, self.detector.codes = self.detector.codes, ()
        self.gate.state = SceneState(SceneKind.MOVING)
        self.rest(250)
        self.detector.codes = codes
        self.gate.state = SceneState(SceneKind.STILL, is_new_still=True) if things else _EMPTY
        self.rest(750)

    def linger(self) -> None:
        """Nothing happens for a while."""
        self.rest(1250)

    def show_picture(self, image: Image) -> None:
        self._pictures += 1
        self.flow.frame_arrived(Frame(image, self._pictures, self.time.seconds()))

    def look(self) -> None:
        self.take_picture()
        self.flow.sight.look()
        self.settle()

    def stock(self, sku: str) -> int:
        products = self.services.inventory.list_products()
        return next(product.stock for product in products if product.sku == sku)

    def sell_elsewhere(self, sku: str) -> None:
        """Another till sells one piece."""
        session = self.services.sessions.start_session()
        self.services.sessions.add_product(session.id, self.goods[sku].id)
        self.services.checkout.check_out(session.id)


@pytest.fixture
def models() -> FakeVisionModels:
    """The server of vision models; a module may have one of its own."""
    return FakeVisionModels()


@pytest.fixture
def reader() -> FakeLabelReader:
    """What reads labels; a module may print some."""
    return FakeLabelReader()


@pytest.fixture
def till(unit_of_work: Callable[[], UnitOfWork], models: FakeVisionModels, reader: FakeLabelReader) -> Till:
    """A till that has just started in a stocked shop."""
    detector = ScriptedDetector()
    services = build_services(unit_of_work, detector, models, reader)
    made = Till(services, detector, stock_shop(services))
    made.start()
    return made
