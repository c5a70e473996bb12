"""A till without widgets on real PostgreSQL: lanes, time and eyes are moved by the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from tests.gui.flow.doubles import HandMovedTime, HeardSounds, HeldTasks, ScriptedDetector, ShownScreens
from tests.gui.till_shop import PROFILE, build_services, stock_shop
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.ports import Surroundings
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWork

_GONE_FOR_GOOD_MS = 5000
_READINGS = 4


class Till:
    """A started till and the hands that move it."""

    def __init__(
        self, services: KioskServices, detector: ScriptedDetector, goods: Mapping[str, Product]
    ) -> None:
        self.services = services
        self.detector = detector
        self.goods = goods
        self.screens = ShownScreens()
        self.tasks = HeldTasks()
        self.time = HandMovedTime()
        self.sounds = HeardSounds()
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
            )
        )

    def start(self) -> None:
        self.flow.start()
        self.settle()

    def settle(self) -> None:
        self.tasks.settle()

    def restarted(self, *, is_database_away: bool = False) -> Till:
        """Start another program on the same data, as after a crash."""
        again = Till(self.services, self.detector, self.goods)
        again.tasks.is_database_away = is_database_away
        again.start()
        return again

    def add(self, sku: str) -> None:
        self.flow.basket.add_product(self.goods[sku].id)
        self.settle()

    def submit(self, text: str) -> None:
        self.flow.catalogue.submit(text)
        self.settle()

    def open_manager(self) -> None:
        self.flow.menu()
        self.flow.menu_action("manager")
        self.settle()

    def take_picture(self) -> None:
        self._pictures += 1
        image = np.zeros((8, 8, 3), np.uint8)
        self.flow.sight.frame_arrived(Frame(image, self._pictures, self.time.seconds()))

    def show_codes(self, *codes: str) -> None:
        """Let the camera see these codes for about half a second."""
        self.detector.codes = tuple(Sighting(code, "EAN13", Box(10, 20, 30, 40)) for code in codes)
        for _ in range(_READINGS):
            self.take_picture()
            self.time.pass_by(125)
            self.settle()

    def clear_counter(self) -> None:
        self.show_codes()
        for _ in range(_GONE_FOR_GOOD_MS // 125):
            self.take_picture()
            self.time.pass_by(125)
            self.settle()

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
def till(unit_of_work: Callable[[], UnitOfWork]) -> Till:
    """A till that has just started in a stocked shop."""
    detector = ScriptedDetector()
    services = build_services(unit_of_work, detector)
    made = Till(services, detector, stock_shop(services))
    made.start()
    return made
