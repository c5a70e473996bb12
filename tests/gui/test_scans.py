"""A hand scanner at the real window: whatever is in front and has the cursor, no code is lost or lands there.

The camera never has a picture here. Keys go to the window as the display system sends them, with their own
times; a witness sees every key that the till lets through to a widget.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import build_services
from tests.gui.flow.doubles import ScriptedDetector, ScriptedFinder, ScriptedGate
from tests.gui.till_shop import OAT_MILK_CODE, PROFILE, stock_shop
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.barcode import check_digit
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.till_app import TillApp
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.camera_feed import CameraState, Capture, Frame
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.kiosk import KioskServices, TillEquipment
from visionscan_kiosk.services.ports import UnitOfWorkFactory

pytestmark = pytest.mark.long(seconds=40)

STOPS, SCANS_A_STOP = 125, 8
SCANNER_MS, BETWEEN_MS, PERSON_MS = 15, 40, 130
ENDINGS = ("\r", "\t", "\r\r", "\n", "")
F8, F10, DOWN, ACCENT = "\uf708", "\uf70a", "\uf701", "\uf7ff"
"""Stand for keys that have no text of their own; the last one is dead until the next sign."""
_KEYS = {
    "\r": Qt.Key.Key_Return,
    "\t": Qt.Key.Key_Tab,
    F8: Qt.Key.Key_F8,
    F10: Qt.Key.Key_F10,
    DOWN: Qt.Key.Key_Down,
    ACCENT: Qt.Key.Key_Dead_Circumflex,
}
_TEXTLESS = (F8, F10, DOWN, ACCENT)
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class NoCamera:
    """A camera that is plugged in and has nothing to show."""

    def __init__(self) -> None:
        self._stopped = Event()

    def run(self) -> None:
        self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()


def open_no_camera(
    slot: LatestSlot[Frame], on_frame: Callable[[], None], on_state: Callable[[CameraState], None]
) -> Capture:
    return NoCamera()


class Witness(QObject):
    """Sees the keys that came through: filters that were installed later had their say before."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.seen.append(event.text())
        return False


class Desk:
    """A running till, a scanner, and a person's fingers."""

    def __init__(self, qtbot: QtBot, till: TillApp, services: KioskServices) -> None:
        self.qtbot, self.till, self.services = qtbot, till, services
        self.now_ms = 1000
        self.announced: list[str] = []
        said = till.window.announce

        def announce(sentence: str, tone: Tone = Tone.ASK) -> None:
            self.announced += [sentence] if sentence else []
            said(sentence, tone)

        till.window.announce = announce  # type: ignore[method-assign] # listens, and says it

    def keys(
        self,
        texts: str,
        apart_ms: int,
        *,
        in_steps: bool = False,
        held: Qt.KeyboardModifier = _NO_MODIFIER,
        repeats: bool = False,
    ) -> None:
        """Send keys to the window, all at once or with the program running in between."""
        for text in texts:
            self.now_ms += apart_ms
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                is_feed = text == "\n"
                key = Qt.Key.Key_J if is_feed else _KEYS.get(text, Qt.Key.Key_unknown)
                sign = "" if text in _TEXTLESS else text
                event = QKeyEvent(kind, key, _CTRL if is_feed else held, sign, autorep=repeats)
                event.setTimestamp(self.now_ms)
                QApplication.sendEvent(self.till.window.windowHandle(), event)
            if in_steps:
                QApplication.processEvents()

    def scan(self, code: str, ending: str, *, in_steps: bool = False) -> None:
        self.keys(code + ending, SCANNER_MS, in_steps=in_steps)
        self.now_ms += BETWEEN_MS - SCANNER_MS

    def wait(self, happened: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(happened()))

    def pieces(self) -> int:
        return self.till.flow.basket.view().item_count

    def settle(self) -> None:
        """Until nothing is held, looked up or written."""
        flow = self.till.flow
        self.wait(
            lambda: (
                not self.till._keys._reader.is_holding
                and flow.basket.is_settled
                and self.till.lanes.is_idle(Lane.DATABASE)
            )
        )

    def texts(self, name: str) -> list[str]:
        return [label.text() for label in self.till.window.findChildren(QLabel, name) if label.isVisible()]

    def focusable(self) -> list[QWidget]:
        front: QWidget = self.till.window.open_dialog or self.till.window
        widgets = front.findChildren(QWidget)
        return [w for w in widgets if w.isVisible() and w.isEnabled() and w.focusPolicy() is not NO_FOCUS]


NO_FOCUS = Qt.FocusPolicy.NoFocus


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, unit_of_work: UnitOfWorkFactory) -> Iterator[Desk]:
    services = build_services(unit_of_work, ScriptedDetector())
    goods = stock_shop(services)
    services.inventory.update_product(goods["OAT-1L"].id, ProductChanges(stock=5000))
    equipment = TillEquipment(
        services,
        PROFILE,
        open_no_camera,
        None,
        lambda: DetectorHealth(is_ready=True, message="answers", model="scripted"),
        ScriptedGate(),
        ScriptedFinder(),
    )
    till = TillApp(qapp, equipment)
    till.window.resize(1280, 800)
    till.window.show()
    till.start()
    made = Desk(qtbot, till, services)
    made.settle()
    yield made
    till.close()


@pytest.fixture
def witness(qapp: QApplication, desk: Desk) -> Iterator[Witness]:
    """Installed anew before the till's own filter, which has to be asked first."""
    made = Witness()
    keys = desk.till._keys
    qapp.removeEventFilter(keys)
    qapp.installEventFilter(made)
    qapp.installEventFilter(keys)
    yield made
    qapp.removeEventFilter(made)


def new_codes(chance: random.Random, count: int) -> list[str]:
    bodies = [f"59{chance.randrange(10**10):010d}" for _ in range(count)]
    return [body + str(check_digit(body)) for body in bodies]


def test_the_witness_sees_what_a_person_types(desk: Desk, witness: Witness) -> None:
    """The control of what follows: it would see a scanner's keys."""
    desk.till.flow.search()
    desk.keys("oat", PERSON_MS)
    field = desk.till.window.findChild(QLineEdit, "search")
    assert field is not None
    desk.wait(lambda: field.text() == "oat")

    assert "".join(witness.seen) == "oat"


class Stops:
    """Pages, dialogs and menus, and what a scan means at each: how many pieces and refusals it makes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.flow = desk.till.flow

    def go(self, name: str) -> None:
        self.home()
        getattr(self, name)()

    def home(self) -> None:
        flow = self.flow
        while flow.place is not Place.SELLING or flow._is_menu_open:
            before = (flow.place, flow._is_menu_open)
            if flow.place is Place.RECEIPT:
                flow.next_customer()
            else:
                flow.picture.close()
                flow.escape()
                flow.way_out.confirmation.go_on()
            self.desk.wait(lambda b=before: (flow.place, flow._is_menu_open) != b)
        self.desk.settle()

    def selling(self) -> None:
        """Where it begins."""

    def grid(self) -> None:
        self.flow.catalogue.open()

    def menu(self) -> None:
        self.flow.menu()

    def payment(self) -> None:
        if not self.desk.pieces():
            self.desk.scan(OAT_MILK_CODE, "\r")
            self.desk.settle()
        self.flow.pay()
        self.desk.wait(lambda: self.flow.place is Place.PAYMENT)

    def card(self) -> None:
        self.payment()
        self.flow.payment.choose_method("card")
        self.desk.settle()

    def receipt(self) -> None:
        self.card()
        self.flow.payment.confirm()
        self.desk.wait(lambda: self.flow.place is Place.RECEIPT)

    def manager(self) -> None:
        self.flow.menu()
        self.flow.menu_action("manager")
        self.desk.wait(lambda: self.flow.place is Place.PRODUCTS)

    def settings(self) -> None:
        self.manager()
        self.flow.settings.open()

    def names(self) -> None:
        self.manager()
        self.flow.naming.open()

    def form(self) -> None:
        self.manager()
        self.flow.manager.new_product()

    def restock(self) -> None:
        self.manager()
        self.flow.restock.open()


SELLS = ("selling", "grid", "menu", "receipt")
REFUSES = ("payment", "card", "settings", "names", "manager", "restock")


def test_a_thousand_scans_over_all_pages_are_lines_or_told_and_reach_no_widget(
    desk: Desk, witness: Witness
) -> None:
    """Known codes where they sell, unknown ones where only known codes are of use, new ones in the form."""
    chance = random.Random(20)
    stops = Stops(desk)
    for _ in range(STOPS):
        name = chance.choice((*SELLS, *REFUSES, "form"))
        stops.go(name)
        focusable = desk.focusable()
        if focusable:
            chance.choice(focusable).setFocus()
        place, refused = desk.till.flow.place, len(desk.announced)
        pieces = 0 if name == "receipt" else desk.pieces()
        codes = new_codes(chance, SCANS_A_STOP)
        if name in SELLS:
            codes = [OAT_MILK_CODE] * SCANS_A_STOP
        ending, in_steps = chance.choice(ENDINGS), chance.random() < 0.3
        for code in codes:
            desk.scan(code, ending, in_steps=in_steps)

        desk.settle()
        how = (name, ending, in_steps, QApplication.focusWidget())
        assert witness.seen == [], how
        assert len(desk.announced) - refused == (SCANS_A_STOP if name in (*REFUSES, "form") else 0), how
        if name in SELLS:
            assert desk.pieces() == pieces + SCANS_A_STOP, how
            assert desk.till.flow.place is Place.SELLING
        elif name == "form":
            texts = desk.till.flow.manager._texts
            assert texts["barcodes"] == ", ".join(codes)
        else:
            assert desk.till.flow.place is place


class OddScanner:
    """Sends what scanners in shops really send: codes that are short, blank, cut off, or in odd keys."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self._desk = desk
        self._chance = chance

    def scan(self) -> str:
        """Send one code; return what it was."""
        kind = self._chance.choice(
            [self._short, self._blank, self._cut, self._textless, self._held, self._repeat]
        )
        kind(self._chance.choice(new_codes(self._chance, 1)))
        self._desk.now_ms += BETWEEN_MS - SCANNER_MS
        return kind.__name__

    def _send(self, text: str) -> None:
        self._desk.keys(text, SCANNER_MS)

    def _end(self) -> str:
        return self._chance.choice(ENDINGS[:-1])

    def _short(self, code: str) -> None:
        self._send(code[: self._chance.randint(2, 5)] + self._end())

    def _blank(self, _: str) -> None:
        self._send(" " * self._chance.randint(2, 9) + self._end())

    def _cut(self, code: str) -> None:
        self._send(code[: self._chance.randint(3, 12)])
        self._desk.now_ms += 160  # nothing more comes of it

    def _textless(self, code: str) -> None:
        place = self._chance.randint(1, len(code))
        self._send(code[:place] + self._chance.choice(_TEXTLESS) + code[place:] + self._end())

    def _held(self, code: str) -> None:
        """Alt and digits, AltGr as Windows reports it, and Ctrl+] for the separator."""
        held = self._chance.choice([_ALT, _CTRL | _ALT, Qt.KeyboardModifier.GroupSwitchModifier, _CTRL])
        if self._chance.random() < 0.5:
            self._desk.keys(code, SCANNER_MS, held=held)
        else:
            self._send(code[:6])
            self._desk.keys("@", SCANNER_MS, held=held)
            self._send(code[6:])
        self._send(self._end())

    def _repeat(self, code: str) -> None:
        """A busy machine repeats a key that came up too late."""
        self._send(code[:4])
        self._desk.keys(code[3], SCANNER_MS, repeats=True)
        self._send(code[4:] + self._end())


def test_odd_scans_over_all_pages_reach_no_widget_and_are_heard(desk: Desk, witness: Witness) -> None:
    chance = random.Random(21)
    stops, scanner = Stops(desk), OddScanner(desk, chance)
    heard: list[str] = []
    take = desk.till.flow.scanned
    desk.till.flow.scanned = lambda code: (heard.append(code), take(code))  # type: ignore[method-assign,assignment,func-returns-value]
    for _ in range(STOPS):
        name = chance.choice((*SELLS, *REFUSES))
        stops.go(name)
        focusable = desk.focusable()
        if focusable:
            chance.choice(focusable).setFocus()
        place, refused = desk.till.flow.place, len(desk.announced)
        heard.clear()
        kinds = [scanner.scan() for _ in range(SCANS_A_STOP // 2)]

        desk.settle()
        how = (name, kinds, heard, QApplication.focusWidget())
        assert witness.seen == [], how
        assert len(heard) == len(kinds), how
        if name in REFUSES:
            assert desk.till.flow.place is place, how
            assert len(desk.announced) - refused == len(kinds), how


def test_an_unknown_code_is_told_whatever_has_the_cursor(desk: Desk, witness: Witness) -> None:
    for widget, code in zip(desk.focusable(), new_codes(random.Random(1), 100), strict=False):
        widget.setFocus()
        desk.scan(code, "\r")
        desk.settle()
        assert wording.UNKNOWN_BARCODE in desk.texts("tray_title")
        assert code in desk.texts("tray_detail")

    assert witness.seen == []


@pytest.mark.parametrize("separator", [F8, "\x1d"])
def test_the_parts_of_a_gs1_code_are_one_scan_and_no_cash(
    desk: Desk, witness: Witness, separator: str
) -> None:
    """Many scanners send the separator, FNC1, as F8."""
    desk.scan(OAT_MILK_CODE, "\r")
    desk.settle()
    desk.till.flow.pay()
    desk.wait(lambda: desk.till.flow.place is Place.PAYMENT)
    witness.seen.clear()
    desk.now_ms += 3000
    desk.scan(f"010{OAT_MILK_CODE}10AB{separator}372", "\r")
    desk.settle()

    assert desk.till.flow.place is Place.PAYMENT
    assert witness.seen == []
    assert desk.announced[-1].startswith("Code 010")


def test_a_person_goes_on_typing_after_a_scan(desk: Desk) -> None:
    field = desk.till.window.findChild(QLineEdit, "search")
    assert field is not None
    field.setFocus()
    desk.keys("but", PERSON_MS)
    desk.now_ms += PERSON_MS
    desk.scan(OAT_MILK_CODE, "\r")
    desk.now_ms += 1000
    desk.keys("ter", PERSON_MS)
    desk.wait(lambda: field.text() == "butter")
    desk.settle()

    assert desk.pieces() == 1


def test_tab_and_enter_of_a_person_still_reach_the_buttons(desk: Desk) -> None:
    desk.till.flow.menu()
    desk.keys("\t", PERSON_MS)
    focused = QApplication.focusWidget()
    desk.keys("\t", PERSON_MS)

    assert QApplication.focusWidget() is not focused
    desk.now_ms += 1000
    desk.keys("\r", PERSON_MS)
    desk.wait(lambda: desk.till.window.open_dialog is None or desk.till.flow.place is not Place.SELLING)


def test_enter_presses_the_button_that_tab_went_to_and_pays_otherwise(desk: Desk) -> None:
    desk.scan(OAT_MILK_CODE, "\r")
    desk.settle()
    grid = desk.till.window.findChild(QWidget, "catalogue_open")
    assert grid is not None
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    desk.now_ms += 1000
    desk.keys("\r", PERSON_MS)
    assert desk.till.flow.catalogue.is_open
    assert desk.till.flow.place is Place.SELLING

    desk.till.flow.catalogue_closed()
    desk.till.window.selling.setFocus()
    desk.keys("\r", PERSON_MS)
    desk.wait(lambda: desk.till.flow.place is Place.PAYMENT)
