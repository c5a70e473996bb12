"""Whole sales through the real window on real PostgreSQL: a drawn counter before the camera, real HTTP behind
the model, mouse and keys in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine

from tests.conftest import build_services
from tests.gui.till_shop import PROFILE
from tests.ollama_stand_in import OllamaStandIn, hangs, says_products
from tests.waiting import PATIENCE_S
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.errors import CameraUnavailable
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.tray_contents import Question
from visionscan_kiosk.gui.presenters import product_tile
from visionscan_kiosk.gui.till_app import TillApp
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.camera_feed import CameraState, Capture, Frame
from visionscan_kiosk.services.kiosk import KioskServices, TillEquipment
from visionscan_kiosk.services.ports import Image, ProductQuery
from visionscan_kiosk.services.shop_settings import AutoAdd
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.camera import CaptureLoop
from visionscan_kiosk.vision.counter import CounterSource, SimulatedCounter, load_packs
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate
from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaServer
from visionscan_kiosk.vision.pipeline import DetectionPipeline

pytestmark = pytest.mark.long(seconds=35)

OAT_MILK = "2040010001039"


class Cable:
    """A camera on the drawn counter that can be unplugged."""

    description = "test camera"

    def __init__(self, counter: SimulatedCounter) -> None:
        self._counter = counter
        self.is_plugged_in = True

    def open(self) -> Cable:
        self._check()
        self._source = CounterSource(self._counter)
        return self

    def read(self) -> Image | None:
        self._check()
        return self._source.read()

    def close(self) -> None:
        self._source.close()

    def _check(self) -> None:
        if not self.is_plugged_in:
            raise CameraUnavailable("The camera is unplugged.")


class Shop:
    """The sample shop with its counter, its camera and a scripted model."""

    def __init__(self, engine: Engine, model: OllamaStandIn) -> None:
        self.model = model
        self.counter = SimulatedCounter(load_packs(bundled("resources/sample_shop/packs")))
        self.cable = Cable(self.counter)
        self.server = OllamaServer(model.endpoint)
        self.detector = OllamaDetector(self.server, "llava-phi3", answer_timeout_s=PATIENCE_S)
        eyes = DetectionPipeline(BarcodeReader(), self.detector)
        self.services: KioskServices = build_services(lambda: SqlUnitOfWork(engine), eyes)
        with bundled("resources/sample_shop/products.csv").open(encoding="utf-8", newline="") as file:
            self.services.product_files.import_products(file)
        self.equipment = TillEquipment(
            self.services,
            PROFILE,
            self._open_capture,
            self.counter,
            self.detector.health,
            StillSceneGate(),
            CounterItemFinder(),
        )

    def stock(self, sku: str) -> int:
        return next(item.stock for item in self.services.inventory.list_products() if item.sku == sku)

    def sales(self, sku: str) -> int:
        product = next(item for item in self.services.inventory.list_products() if item.sku == sku)
        return sum(move.reason == "sale" for move in self.services.movements.list_movements(product.id))

    def _open_capture(
        self, slot: LatestSlot[Frame], on_frame: Callable[[], None], on_state: Callable[[CameraState], None]
    ) -> Capture:
        return CaptureLoop(self.cable.open, slot, on_frame, on_state, back_off_s=(0.05,))


class Cashier:
    """Hands and eyes at one running till."""

    def __init__(self, qtbot: QtBot, till: TillApp) -> None:
        self._qtbot = qtbot
        self.till = till

    def click(self, name: str) -> None:
        QTest.mouseClick(self._find(name), Qt.MouseButton.LeftButton)

    def double_click(self, name: str) -> None:
        widget = self._find(name)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton)

    def type(self, text: str, *, enter: bool = False) -> None:
        """Type as a wedge scanner does: at once, to whoever has the focus."""
        for character in text:
            QTest.keyClick(QApplication.focusWidget() or self.till.window, character)
        if enter:
            QTest.keyClick(QApplication.focusWidget() or self.till.window, Qt.Key.Key_Return)

    def put_on_counter(self, sku: str) -> None:
        self.till.flow.counter_toggled(sku)

    def show_to_the_till(self, shop: Shop, sku: str, *, as_sku: str) -> None:
        """Let the till learn how what lies there looks, before it is sold; then everything is taken away."""
        products = {item.sku: item for item in shop.services.inventory.list_products()}
        flow = self.till.flow
        self.put_on_counter(sku)
        self.wait(lambda: flow.scene.is_at_rest and any(piece.body for piece in flow.goods.counter.pieces))
        if products[sku].barcodes:
            self.wait_for_line(products[sku].name)
        picture = flow.sight.newest_picture
        assert picture is not None
        shop.services.teaching.teach(products[as_sku].id, [picture], finder=shop.equipment.item_finder)
        self.put_on_counter(sku)
        self.wait(lambda: flow.scene.is_bare and not any(each.is_there for each in flow.goods.counter.pieces))
        self.till.flow.menu_action("end")
        self.till.flow.way_out.confirmation.go_on()
        self.wait(lambda: self.till.flow.basket.is_settled and not self.lines())

    def wait_for_line(self, name: str) -> None:
        self.wait(lambda: name in self.lines())

    def lines(self) -> list[str]:
        return [line.name for line in self.till.flow.basket.view().lines]

    def wait(self, happened: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(happened)

    def wait_for(self, place: Place) -> None:
        self.wait(lambda: self.till.flow.place is place)

    def wait_for_text(self, name: str, text: str) -> None:
        self.wait(lambda: text in self.text(name))

    def text(self, name: str) -> str:
        labels = self.till.window.findChildren(QLabel, name)
        return " ".join(label.text() for label in labels if label.isVisible())

    def pay_cash(self) -> None:
        self.click("pay")
        self.wait_for(Place.PAYMENT)
        exact = self.till.window.payment.findChildren(QWidget)
        name = next(widget.objectName() for widget in exact if widget.objectName().startswith("quick_"))
        self.click(name)

    def _find(self, name: str) -> QWidget:
        found: list[QWidget] = []

        def is_there() -> bool:
            found[:] = [w for w in self.till.window.findChildren(QWidget, name) if w.isVisible()]
            return bool(found) and found[0].isEnabled()

        self.wait(is_there)
        return found[0]


@pytest.fixture
def model() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        yield running


@pytest.fixture
def shop(engine: Engine, model: OllamaStandIn) -> Iterator[Shop]:
    made = Shop(engine, model)
    yield made
    made.server.close()


@pytest.fixture
def open_till(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[[Shop], Cashier]]:
    tills: list[TillApp] = []

    def open_one(shop: Shop) -> Cashier:
        till = TillApp(qapp, shop.equipment)
        tills.append(till)
        till.window.resize(1280, 800)
        till.window.show()
        till.start()
        cashier = Cashier(qtbot, till)
        cashier.wait(lambda: till.flow.basket.is_settled and till.flow.goods.counter.has_rested)
        return cashier

    yield open_one
    for till in tills:
        till.close()


def test_a_sale_from_the_barcode_in_the_picture_to_the_receipt(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(shop)
    cashier.put_on_counter("OATMILK001")
    cashier.wait_for_line("Oat Milk 1 l")
    cashier.pay_cash()
    cashier.click("confirm")
    cashier.wait_for(Place.RECEIPT)

    assert "Oat Milk 1 l" in cashier.till.window.receipt_text
    assert shop.stock("OATMILK001") == 23
    cashier.click("next_customer")
    cashier.wait(lambda: cashier.till.flow.place is Place.SELLING and not cashier.lines())


def test_a_sale_from_the_model_s_reply_to_the_receipt(
    shop: Shop, model: OllamaStandIn, open_till: Callable[[Shop], Cashier]
) -> None:
    model.will(says_products({"name": "Bananas 500 g", "quantity": 1, "confidence": 90}))
    cashier = open_till(shop)
    cashier.wait(lambda: cashier.till.flow.scene.knows_counter)
    cashier.put_on_counter("BANANA001")
    cashier.wait(lambda: bool(cashier.till.flow.goods.counter.pieces))
    cashier.click("look")
    cashier.wait_for_text("tray_title", wording.WHICH_ONE)
    assert cashier.lines() == []

    cashier.type("1")
    cashier.wait_for_line("Bananas 500 g")
    cashier.click("pay")
    cashier.click("segment_card")
    cashier.click("confirm")
    cashier.wait_for(Place.RECEIPT)
    assert "Card" in cashier.till.window.receipt_text
    assert shop.stock("BANANA001") == 30


def test_an_unplugged_camera_is_a_banner_and_comes_back(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(shop)
    cashier.wait(lambda: cashier.till.flow.sight.has_picture)
    shop.cable.is_plugged_in = False
    cashier.wait_for_text("banner_title", wording.CAMERA_LOST_TITLE)
    cashier.type("Lemon", enter=True)
    cashier.wait_for_line("Lemon")

    shop.cable.is_plugged_in = True
    cashier.wait_for_text("banner_title", wording.CAMERA_BACK)
    cashier.put_on_counter("OATMILK001")
    cashier.wait_for_line("Oat Milk 1 l")


def test_while_the_model_hangs_the_till_sells_and_closes(
    shop: Shop, model: OllamaStandIn, open_till: Callable[[Shop], Cashier]
) -> None:
    model.will(hangs())
    cashier = open_till(shop)
    cashier.wait(lambda: cashier.till.flow.sight.has_picture)
    cashier.click("look")
    model.wait_for_chat()
    cashier.put_on_counter("OATMILK001")
    cashier.wait_for_line("Oat Milk 1 l")
    assert cashier.till.flow.sight.is_looking

    cashier.till.close()
    model.wait_for_leaver()


def test_a_hanging_look_can_be_cancelled(
    shop: Shop, model: OllamaStandIn, open_till: Callable[[Shop], Cashier]
) -> None:
    model.will(hangs())
    cashier = open_till(shop)
    cashier.wait(lambda: cashier.till.flow.sight.has_picture)
    cashier.click("look")
    model.wait_for_chat()
    cashier.click("look")

    model.wait_for_leaver()
    assert not cashier.till.flow.sight.is_looking


def test_a_double_tap_on_the_last_button_sells_once(shop: Shop, open_till: Callable[[Shop], Cashier]) -> None:
    cashier = open_till(shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    cashier.pay_cash()
    cashier.double_click("confirm")
    cashier.wait_for(Place.RECEIPT)

    assert shop.sales("OATMILK001") == 1


def test_a_scanned_code_never_answers_an_open_question(
    shop: Shop, model: OllamaStandIn, open_till: Callable[[Shop], Cashier]
) -> None:
    model.will(says_products({"name": "butter", "quantity": 1, "confidence": 60}))
    cashier = open_till(shop)
    cashier.wait(lambda: cashier.till.flow.sight.has_picture)
    cashier.click("look")
    cashier.wait_for_text("tray_title", wording.WHICH_ONE)
    cashier.type(OAT_MILK, enter=True)  # begins with 2, which alone would choose the second tile
    cashier.wait_for_line("Oat Milk 1 l")

    assert cashier.lines() == ["Oat Milk 1 l"]
    assert cashier.till.flow.trays.is_asking


def test_a_number_key_answers_the_question_it_was_pressed_for(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(shop)
    bananas, lemon = [_question(shop, name) for name in ("Bananas 500 g", "Lemon")]
    trays = cashier.till.flow.trays
    trays.ask((bananas,))
    cashier.wait_for_text("tray_title", wording.WHICH_ONE)
    cashier.type("1")
    trays.ask((lemon,))  # within the moment in which the key may yet be the start of a code
    moments: list[str] = []
    cashier.till.timers.after(200, lambda: moments.append("after that moment"))
    cashier.wait(lambda: bool(moments) and cashier.till.flow.basket.is_settled)
    assert cashier.lines() == []
    assert trays.keyed_products == (lemon.tiles[0].product_id,)

    cashier.type("1")
    cashier.wait_for_line("Lemon")
    assert cashier.lines() == ["Lemon"]


def _question(shop: Shop, name: str) -> Question:
    (product,) = shop.services.inventory.list_products(ProductQuery(name))
    return Question((product_tile(product, key=1, score=0.6),), name)


def test_two_codes_in_a_row_are_two_lines(shop: Shop, open_till: Callable[[Shop], Cashier]) -> None:
    cashier = open_till(shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.type("2040010002012", enter=True)
    cashier.wait(lambda: len(cashier.lines()) == 2)

    assert cashier.till.flow.place is Place.SELLING


def test_the_basket_of_a_crashed_till_is_on_screen_again(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    before = open_till(shop)
    before.type(OAT_MILK, enter=True)
    before.wait_for_line("Oat Milk 1 l")
    before.till.close()

    after = open_till(shop)
    assert after.lines() == ["Oat Milk 1 l"]


def test_what_the_page_of_settings_allows_is_added_by_its_looks(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(shop)
    cashier.show_to_the_till(shop, "APPLE001", as_sku="APPLE001")
    for name in ("menu", "menu_manager", "side_settings", "auto_add_likely"):
        cashier.click(name)
    cashier.wait(lambda: shop.services.shop_settings.read().auto_add is AutoAdd.LIKELY)
    cashier.click("side_close")
    cashier.put_on_counter("APPLE001")
    cashier.wait_for_line("Red Apple")

    cashier.click("toast_action")
    cashier.wait_for_text("tray_title", wording.WHICH_ONE)
    assert cashier.lines() == []


def test_a_code_on_the_wrong_thing_is_asked_about_beside_the_sale(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    shop.services.shop_settings.change(asks_about_wrong_items=True)
    cashier = open_till(shop)
    cashier.show_to_the_till(shop, "OATMILK001", as_sku="LEMON001")
    cashier.put_on_counter("OATMILK001")
    cashier.wait_for_line("Oat Milk 1 l")
    cashier.wait_for_text("tray_title", goods_wording.code_and_looks("Oat Milk 1 l", "Lemon"))
    cashier.click("tray_act")
    cashier.wait(lambda: cashier.lines() == ["Lemon"])

    counts = shop.services.wrong_items.counts(days=1)
    assert (counts.asked, counts.replaced) == (1, 1)


@pytest.fixture
def breakable_shop(own_database_url: str, model: OllamaStandIn) -> Iterator[Shop]:
    engine = create_engine_for(own_database_url)
    made = Shop(engine, model)
    yield made
    made.server.close()
    engine.dispose()


def test_a_database_that_stops_in_the_middle_loses_nothing(
    breakable_shop: Shop, own_database_url: str, database_url: str, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(breakable_shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    _let_in(database_url, own_database_url, is_open=False)
    cashier.type("Lemon", enter=True)
    cashier.wait_for_text("banner_title", wording.DATABASE_AWAY_TITLE)

    _let_in(database_url, own_database_url, is_open=True)
    cashier.wait_for_line("Lemon")
    cashier.wait_for_text("banner_title", "")
    cashier.pay_cash()
    cashier.click("confirm")
    cashier.wait_for(Place.RECEIPT)
    assert breakable_shop.sales("OATMILK001") == 1


def test_what_fails_unforeseen_is_told_and_the_till_goes_on(
    shop: Shop, open_till: Callable[[Shop], Cashier]
) -> None:
    cashier = open_till(shop)
    cashier.till.something_failed()
    cashier.wait_for_text("banner_title", wording.UNEXPECTED)
    cashier.click("banner_dismiss")
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")


def _let_in(admin_url: str, url: str, *, is_open: bool) -> None:
    """Let nobody into the till's database any more, or let them in again."""
    name = url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    with closing(psycopg2.connect(admin_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(is_open).lower()}')
            if not is_open:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
                )
