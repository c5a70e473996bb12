"""The person at the till: taps, answers, pays, goes through the screens. Each act takes its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.views import TrayKind
from visionscan_kiosk.rehearsal.expectations import outline_of
from visionscan_kiosk.rehearsal.scene import Scene
from visionscan_kiosk.rehearsal.shop import TILL

TAP_S: Final = 0.3
"""From one tap to the next."""
_PATIENCE_S: Final = 10.0
_DECIDED_S: Final = 4.0
"""For so long Pay may wait for what is being looked at."""
_MOST_STEPS_BACK: Final = 6


class CannotDo(Exception):
    """The till gives no way to do what the script wants; a sentence."""


class Person:
    """Does with the till what its screens offer."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    @property
    def _flow(self) -> TillFlow:
        return self._scene.till.flow

    def tap(self, name: str) -> None:
        """Tap on the outline of a piece."""
        outline = outline_of(self._scene, name)
        if outline is None:
            raise CannotDo(f"nothing is outlined where {name} lies")
        self._flow.outline_tapped(outline.piece)
        self._pause()

    def undo(self) -> None:
        """Take the last change back."""
        if self._scene.till.screens.basket.undo is None:
            raise CannotDo("no undo is offered")
        self._flow.basket.undo()
        self._pause()

    def remove(self, sku: str) -> None:
        """Take a line out."""
        self._flow.basket.remove(self._line(sku).id)
        self._pause()

    def quantity(self, sku: str, pieces: int) -> None:
        """Set the quantity of a line."""
        self._flow.basket.set_quantity(self._line(sku).id, pieces)
        self._pause()

    def answer(self, sku: str) -> None:
        """Choose a product for the open question, by its tile or by searching."""
        if self._is_noting and self._flow.trays.is_asking:
            self._flow.trays.skip()
            self._pause()
        if self._is_offered(sku):
            return
        tray = self._scene.till.screens.tray
        if tray is None or not (tray.kind is TrayKind.ASK or (self._is_noting and tray.can_search)):
            raise CannotDo("no question is open")
        skus = [tile.sku for tile in tray.tiles]
        if sku in skus:
            self._flow.trays.choose(skus.index(sku))
        elif tray.can_search:
            self._answer_by_search(sku)
        else:
            raise CannotDo(f"the question offers {', '.join(skus) or 'nothing'}")
        self._pause()

    def _is_offered(self, sku: str) -> bool:
        """Take what the till is sure of: by its one tap, or of several by its own question first."""
        tray = self._scene.till.screens.tray
        if tray is None or tray.kind is not TrayKind.SURE or sku not in [tile.sku for tile in tray.tiles]:
            return False
        if len(tray.tiles) == 1:
            self._flow.trays.act()
            self._pause()
            return True
        place = [tile.sku for tile in tray.tiles].index(sku)
        self._flow.trays.choose(place)
        product = tray.tiles[place].product_id
        asked = self._flow.goods.counter.questions
        self._flow.outline_tapped(next(piece.id for piece in asked if piece.candidates[:1] == (product,)))
        self._pause()
        return False

    def add_all(self) -> None:
        """Tap the button of the tray."""
        tray = self._scene.till.screens.tray
        if tray is None or not tray.add_all_text:
            raise CannotDo("the tray has no button")
        self._flow.trays.act()
        self._pause()

    def skip(self) -> None:
        """Leave what the tray asks or says."""
        tray = self._scene.till.screens.tray
        if tray is None or not tray.can_skip:
            raise CannotDo("there is nothing to skip")
        self._flow.trays.skip()
        self._pause()

    def pay(self, method: str) -> None:
        """Pay the whole basket; the receipt stays on screen. A till that does not go on is left as it is."""
        if not self._open_payment(method):
            return
        basket = self._flow.basket.basket
        if method == "cash" and basket is not None:
            self._flow.payment.quick(str(basket.total))
            self._pause()
        self._scene.wait(_PATIENCE_S, lambda: self._can_confirm)
        self._flow.payment.confirm()
        self._scene.wait(_PATIENCE_S, lambda: self._place is not Place.PAYMENT)
        self._pause()

    def next_customer(self) -> None:
        """Leave the receipt."""
        if self._place is not Place.RECEIPT:
            raise CannotDo("no receipt is shown")
        self._flow.next_customer()
        self._pause()

    def end_without_sale(self) -> None:
        """Choose that entry of the menu, and mean it."""
        self._choose_in_menu("end")
        self._flow.way_out.confirmation.go_on()

    def open(self, page: str) -> None:
        """Go to a page from wherever the person is."""
        if page == "search":
            self._flow.search()
        elif page == "menu":
            self._flow.menu()
        elif page.startswith("payment"):
            self._open_payment(page.removeprefix("payment "))
        else:
            self._open_managed(page)
        self._pause()

    def back(self) -> None:
        """Go back, step by step, to selling; a receipt stays."""
        for _ in range(_MOST_STEPS_BACK):
            screens = self._scene.till.screens
            if self._place is Place.SELLING and screens.menu is None and not screens.catalogue.is_open:
                break
            self._flow.escape()
            self._pause()

    def elsewhere(self, act: str, value: Any) -> None:
        """Another client of the shop does something to this basket or to a product."""
        acts: Mapping[str, Callable[[Any], object]] = {
            "add": self._added_elsewhere,
            "remove": self._removed_elsewhere,
            "sell": self._sold_elsewhere,
            "rename": lambda named: self._changed_elsewhere(named[0], ProductChanges(name=named[1])),
            "price": lambda priced: self._changed_elsewhere(priced[0], ProductChanges(price=priced[1])),
        }
        try:
            acts[act](value)
        except KioskError as error:
            raise CannotDo(str(error)) from error

    @property
    def _place(self) -> Place:
        return self._scene.till.place

    @property
    def _is_held(self) -> bool:
        """Whether Pay waits for an answer of the person."""
        return self._flow.goods.is_open or self._flow.trays.is_asking

    @property
    def _is_noting(self) -> bool:
        """Whether a note stands in the tray, which may hide a question."""
        tray = self._scene.till.screens.tray
        return tray is not None and tray.kind is TrayKind.NOTE

    def _pause(self) -> None:
        self._scene.wait(TAP_S)

    def _line(self, sku: str) -> ScanItem:
        basket = self._flow.basket.basket
        items = basket.items if basket is not None else ()
        found = next((item for item in items if item.sku == sku), None)
        if found is None:
            raise CannotDo(f"{sku} is not in the basket")
        return found

    def _answer_by_search(self, sku: str) -> None:
        product = self._product(sku)
        self._flow.trays.search()
        self._pause()
        self._flow.catalogue.type(product.name)
        self._scene.wait(_PATIENCE_S, lambda: self._offers(product.id))
        if not self._offers(product.id):
            raise CannotDo(f"the search does not find {product.name}")
        self._flow.tile_chosen(product.id)

    def _offers(self, product_id: UUID) -> bool:
        return product_id in {tile.product_id for tile in self._scene.till.screens.catalogue.tiles}

    def _open_payment(self, method: str) -> bool:
        if self._place is Place.SELLING:
            self._flow.pay()
            self._scene.wait(_DECIDED_S, lambda: self._place is Place.PAYMENT or self._is_held)
            self._pause()
        if self._place is not Place.PAYMENT:
            return False
        self._flow.payment.choose_method(method)
        self._pause()
        return True

    @property
    def _can_confirm(self) -> bool:
        payment = self._scene.till.screens.payment
        return payment is not None and payment.can_confirm

    def _open_managed(self, page: str) -> None:
        if self._place is not Place.PRODUCTS:
            self._choose_in_menu("manager")
        opened: Mapping[str, Callable[[], None]] = {
            "products": lambda: None,
            "form": self._flow.manager.new_product,
            "restock": self._flow.restock.open,
            "teach": self._flow.teach.open,
            "settings": self._flow.settings.open,
        }
        opened[page]()

    def _choose_in_menu(self, action: str) -> None:
        self._flow.menu()
        menu = self._scene.till.screens.menu
        self._pause()
        if menu is None or action not in {name for name, _ in (*menu.actions, *menu.endings)}:
            self._flow.menu()
            raise CannotDo(f'the menu has no "{action}" on the page {self._place}')
        self._flow.menu_action(action)
        self._pause()

    def _product(self, sku: str) -> Product:
        return next(
            product for product in self._scene.elsewhere.inventory.list_products() if product.sku == sku
        )

    def _session(self) -> UUID:
        return self._scene.elsewhere.sessions.open_basket(TILL).session.id

    def _added_elsewhere(self, sku: str) -> None:
        self._scene.elsewhere.sessions.add_product(self._session(), self._product(sku).id)

    def _removed_elsewhere(self, sku: str) -> None:
        sessions, session_id = self._scene.elsewhere.sessions, self._session()
        line = next((item for item in sessions.list_items(session_id) if item.sku == sku), None)
        if line is None:
            raise CannotDo(f"{sku} is not in the basket")
        sessions.remove_item(session_id, line.id)

    def _sold_elsewhere(self, what: bool | str) -> None:  # noqa: FBT001 - as it stands in the script
        services = self._scene.elsewhere
        if isinstance(what, str):
            session_id = services.sessions.start_session().id
            services.sessions.add_product(session_id, self._product(what).id)
        else:
            session_id = self._session()
        services.checkout.check_out(session_id)

    def _changed_elsewhere(self, sku: str, changes: ProductChanges) -> None:
        self._scene.elsewhere.inventory.update_product(self._product(sku).id, changes)
