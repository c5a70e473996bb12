"""Keys: a person who types, and a hand scanner that types like a very fast one.

The till's own reader takes the scanner's keys out. What is left is decided by the key flow on the selling
screen; the other pages have one field or a keypad that takes the keys while they are open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from visionscan_kiosk.domain.checkout import TenderMethod
from visionscan_kiosk.gui.flow.key_flow import KeyFlow
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.flow.wedge import Key, KeyKind, WedgeReader
from visionscan_kiosk.rehearsal.display import RememberedScreens
from visionscan_kiosk.rehearsal.scene import Scene
from visionscan_kiosk.services.kiosk import ScannerHabits

_SCANNER_S: Final = 0.015
_PERSON_S: Final = 0.15
_ENTER: Final = "\n"
_TAB: Final = "\t"
_SUFFIXES: Final = {"enter": _ENTER, "tab": _TAB, "": ""}


class Keyboard:
    """Sends keys, one after the other, to where the cursor of the open page is."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._keys: ProgramKeys | None = None

    def scan(self, code: str, suffix: str) -> None:
        """A hand scanner reads a code."""
        self._press(code + _SUFFIXES[suffix], _SCANNER_S)

    def scan_all(self, codes: Sequence[str], apart: float, suffix: str) -> None:
        """A hand scanner reads codes one after the other."""
        for code in codes:
            self.scan(code, suffix)
            self._scene.wait(apart)

    def type(self, text: str) -> None:
        """A person types a text, and no Enter."""
        self._press(text, _PERSON_S)

    def _press(self, keys: str, apart: float) -> None:
        for key in keys:
            self._scene.wait(apart)
            self._of_this_program().press(key)

    def _of_this_program(self) -> ProgramKeys:
        """A restarted program knows nothing of keys that were pressed before."""
        if self._keys is None or self._keys.flow is not self._scene.till.flow:
            self._keys = ProgramKeys(self._scene)
        return self._keys


class ProgramKeys:
    """The cursor of one running program, page by page."""

    def __init__(self, scene: Scene) -> None:
        till = scene.till
        self.flow: TillFlow = till.flow
        self._screens: RememberedScreens = till.screens
        self._field = _ShownSearch(till.flow, till.screens)
        self._selling = KeyFlow(till.flow, self._field)
        self._reader = WedgeReader(till.timers, scene.time, till.flow.scanned, ScannerHabits())
        self._now = scene.time.seconds
        self._place = Place.SELLING
        self._typed = ""
        self._cursor = 0
        self._pages: Mapping[Place, Callable[[str], None]] = {
            Place.PAYMENT: self._on_payment,
            Place.RECEIPT: self._on_receipt,
            Place.RESTOCK: self._on_restock,
            Place.PRODUCTS: lambda key: self._search(key, self.flow.manager.search),
            Place.TEACH: lambda key: self._search(key, self.flow.teach.search),
            Place.FORM: self._on_form,
        }

    def press(self, key: str) -> None:
        """Press a key."""
        kind = KeyKind.END if key in {_ENTER, _TAB} else KeyKind.TEXT
        choices = self._selling.choices
        at_ms = round(self._now() * 1000)
        self._reader.press(Key(kind, key, at_ms, lambda: self._deliver(key, choices)))

    def _deliver(self, key: str, choices: tuple[UUID, ...]) -> None:
        """Give a person's key to the open page; a menu that is open takes all of them."""
        if self._place is not self.flow.place:
            self._place, self._typed, self._cursor = self.flow.place, "", 0
        if self._screens.menu is not None:
            return
        if self._place is Place.SELLING:
            self._on_selling(key, choices)
        elif self._place in self._pages:
            self._pages[self._place](key)

    def _on_selling(self, key: str, choices: tuple[UUID, ...]) -> None:
        is_in_field = self._field.has_cursor
        if key == _ENTER:
            self._selling.enter()
        elif key.isprintable() and not self._selling.typed(key, choices, is_in_field=is_in_field):
            self._field.type(key)

    def _on_payment(self, key: str) -> None:
        payment = self._screens.payment
        if payment is None or payment.is_busy:
            return
        if key == _ENTER:
            self.flow.payment.confirm()
        elif payment.method == TenderMethod.CASH and key.isdigit():
            self.flow.payment.press(key)

    def _on_receipt(self, key: str) -> None:
        if key == _ENTER:
            self.flow.next_customer()

    def _on_restock(self, key: str) -> None:
        view = self._screens.restock
        if view is None or view.tile is None:
            self._search(key, self.flow.restock.search, self.flow.restock.submit)
        elif key == _ENTER:
            self.flow.restock.confirm()
        elif key.isdigit():
            self.flow.restock.press(key)

    def _on_form(self, key: str) -> None:
        """The cursor begins in the name; Enter and Tab go to the next field."""
        form = self._screens.form
        texts = dict(form.fields) if form is not None else {}
        names = sorted(texts, key=lambda name: name != "name")
        if key in {_ENTER, _TAB}:
            self._cursor += 1
        elif self._cursor < len(names):
            name = names[self._cursor]
            self._typed = self._typed + key if self._typed else texts[name] + key
            self.flow.manager.change_field(name, self._typed)

    def _search(
        self, key: str, search: Callable[[str], None], submit: Callable[[str], None] = lambda _: None
    ) -> None:
        if key == _ENTER:
            submit(self._typed)
            self._typed = ""
        elif key.isprintable():
            self._typed += key
            search(self._typed)


class _ShownSearch:
    """Implements the key flow's SearchField: what the selling screen's field does without a screen."""

    def __init__(self, flow: TillFlow, screens: RememberedScreens) -> None:
        self._flow = flow
        self._screens = screens
        self._typed = ""
        self._shown = screens.catalogue

    @property
    def text(self) -> str:
        """What was typed, unless the till has shown something else in the field since."""
        if self._screens.catalogue is not self._shown:
            self._shown = self._screens.catalogue
            if self._typed.strip() != self._shown.query.strip():
                self._typed = self._shown.query
        return self._typed

    @property
    def has_cursor(self) -> bool:
        """Whether a person or the scanner has begun to type."""
        return bool(self.text)

    def type(self, text: str) -> None:
        """Type this, key by key."""
        for character in text:
            self._typed = self.text + character
            self._flow.catalogue.type(self._typed)

    def submit(self) -> None:
        """Press Enter in it."""
        self._flow.catalogue.submit(self.text)
