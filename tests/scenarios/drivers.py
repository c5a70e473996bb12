"""Two ways to drive one shop: other software over HTTP, and the cashier at the till."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

import httpx

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.detection import Detection, DetectionSource
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.ports import Place


class Refused(Exception):
    """The shop did not do it, and says why."""


class Driver(Protocol):
    """One customer's visit. Products and unnamed lines go by the name that is shown."""

    def scan(self, text: str) -> None:
        """Type, say or see a text."""

    def scan_barcode(self, code: str) -> None:
        """Read a barcode off goods that are put down and taken away again."""

    def keep_unnamed(self, text: str) -> None:
        """Put something into the basket that no product is known for."""

    def assign(self, shown: str, product: str) -> None:
        """Say which product an unnamed line is."""

    def choose(self, product: str) -> None:
        """Answer the question that an ambiguous text raised."""

    def set_quantity(self, shown: str, quantity: int) -> None:
        """Change a line; raise Refused."""

    def remove(self, shown: str) -> None:
        """Take a line out."""

    def lines(self) -> Mapping[str, int]:
        """Return the pieces by name, without what nobody has chosen a product for yet by question."""

    def total(self) -> Decimal:
        """Return what the basket costs now."""

    def end(self) -> None:
        """Close the visit without a sale; the next customer comes."""

    def check_out(self) -> Decimal:
        """Sell; return what was paid. Raise Refused when nothing was sold."""

    def restock(self, product: str, pieces: int) -> None:
        """Take a delivery in."""


class HttpDriver:
    """What a web page or a phone does."""

    def __init__(self, client: httpx.Client, goods: Mapping[str, Product]) -> None:
        self._client = client
        self._ids = {product.name: str(product.id) for product in goods.values()}
        self._asked: str | None = None
        self._start()

    def scan(self, text: str) -> None:
        line = self._call("POST", f"{self._session}/scan?on_ambiguous=ask", detected_name=text)
        self._asked = line["id"] if line["inventory_id"] is None and line["candidates"] else None

    def scan_barcode(self, code: str) -> None:
        self.scan(code)

    def keep_unnamed(self, text: str) -> None:
        self.scan(text)

    def assign(self, shown: str, product: str) -> None:
        self._call("PUT", self._line(shown), inventory_id=self._ids[product])

    def choose(self, product: str) -> None:
        path = f"{self._session}/items/{self._asked}"
        self._asked = None
        self._call("PUT", path, inventory_id=self._ids[product])

    def set_quantity(self, shown: str, quantity: int) -> None:
        self._call("PUT", self._line(shown), quantity=quantity)

    def remove(self, shown: str) -> None:
        self._call("DELETE", self._line(shown))

    def lines(self) -> Mapping[str, int]:
        items = self._call("GET", f"{self._session}/items")
        return {_shown(item): item["quantity"] for item in items if item["id"] != self._asked}

    def total(self) -> Decimal:
        return Decimal(str(self._call("GET", self._session)["total_amount"]))

    def end(self) -> None:
        self._call("POST", f"{self._session}/end")
        self._start()

    def check_out(self) -> Decimal:
        sale = self._call("POST", self._session.replace("/sessions", "/checkout"))
        self._start()
        return Decimal(str(sale["total"]))

    def restock(self, product: str, pieces: int) -> None:
        self._call("POST", f"/checkout/restock/{self._ids[product]}", quantity=pieces)

    def _start(self) -> None:
        self._session = f"/sessions/{self._call('POST', '/sessions/start')['id']}"

    def _line(self, shown: str) -> str:
        items = self._call("GET", f"{self._session}/items")
        (item,) = [item["id"] for item in items if _shown(item) == shown]
        return f"{self._session}/items/{item}"

    def _call(self, method: str, path: str, **body: object) -> Any:
        answer = self._client.request(method, path, json=body or None)
        if answer.status_code >= 400:
            raise Refused(str(answer.json()["detail"]))
        return answer.json() if answer.content else None


class TillDriver:
    """What the cashier does."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._ids = {product.name: product.id for product in till.goods.values()}
        till.start()

    def scan(self, text: str) -> None:
        self._till.submit(text)

    def scan_barcode(self, code: str) -> None:
        self._till.show_codes(code)
        self._till.clear_counter()

    def keep_unnamed(self, text: str) -> None:
        self._till.detector.names = (Detection(text, 0.4, 1, DetectionSource.OLLAMA),)
        self._till.look()
        self._till.flow.trays.act()
        self._till.settle()

    def assign(self, shown: str, product: str) -> None:
        self._till.flow.line_chosen(self._till.screens.line(shown).item_id)
        self._till.settle()
        self._till.flow.tile_chosen(self._ids[product])
        self._till.settle()

    def choose(self, product: str) -> None:
        assert self._till.screens.tray is not None
        names = [tile.name for tile in self._till.screens.tray.tiles]
        self._till.flow.trays.choose(names.index(product))
        self._till.settle()

    def set_quantity(self, shown: str, quantity: int) -> None:
        line = self._till.screens.line(shown)
        self._till.flow.basket.set_quantity(line.item_id, quantity)
        self._till.settle()
        if self._till.screens.line(shown).quantity != quantity:
            assert self._till.screens.tray is not None
            raise Refused(self._till.screens.tray.title)

    def remove(self, shown: str) -> None:
        self._till.flow.basket.remove(self._till.screens.line(shown).item_id)
        self._till.settle()

    def lines(self) -> Mapping[str, int]:
        return {line.name: line.quantity for line in self._till.screens.basket.lines}

    def total(self) -> Decimal:
        return _amount(self._till.screens.basket.total_text)

    def end(self) -> None:
        self._till.flow.menu()
        self._till.flow.menu_action("end")
        self._till.flow.way_out.confirmation.go_on()
        self._till.settle()

    def check_out(self) -> Decimal:
        self._till.flow.pay()
        self._till.settle()
        if self._till.screens.place is not Place.PAYMENT:
            raise Refused(self._till.screens.basket.hint)
        paid = self._pay_by_card()
        self._till.flow.next_customer()
        self._till.settle()
        return paid

    def restock(self, product: str, pieces: int) -> None:
        self._till.open_manager()
        self._till.flow.restock.open(self._ids[product])
        self._till.settle()
        for key in str(pieces):
            self._till.flow.restock.press(key)
        self._till.flow.restock.confirm()
        self._till.settle()
        self._till.flow.escape()
        self._till.settle()

    def _pay_by_card(self) -> Decimal:
        self._till.flow.payment.choose_method("card")
        self._till.settle()
        self._till.flow.payment.confirm()
        self._till.settle()
        view = self._till.screens.payment
        assert view is not None
        if self._till.screens.place is Place.PAYMENT:
            self._till.flow.payment.cancel()
            raise Refused(view.trouble)
        return _amount(view.total_text)


def _shown(item: Mapping[str, Any]) -> str:
    return str(item["name"] or item["detected_name"])


def _amount(text: str) -> Decimal:
    return Decimal(text.removeprefix("€").replace(",", ""))
