"""The restock dialog: find or scan a product, key the pieces, note the reason, add to stock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.stock import StockMovement
from visionscan_kiosk.gui import scan_wording, wording
from visionscan_kiosk.gui.entry import QuantityEntry
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound, Surroundings, Ticket
from visionscan_kiosk.gui.manager_views import RestockView
from visionscan_kiosk.gui.presenters import movement_row, product_tile, signed
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices

RESULTS_SHOWN = 6
MOVEMENTS_SHOWN = 5


class RestockFlow:
    """Adds pieces to one product's stock; `on_close` gets one line of news."""

    def __init__(
        self, around: Surroundings, go_to: Callable[[Place], None], on_close: Callable[[str], None]
    ) -> None:
        self._around = around
        self._go_to = go_to
        self._on_close = on_close
        self._product: Product | None = None
        self._movements: tuple[StockMovement, ...] = ()
        self._entry = QuantityEntry()
        self._note = ""
        self._results: tuple[TileView, ...] = ()
        self._trouble = ""
        self._is_saving = False
        self._ticket: Ticket | None = None

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose what was keyed or noted."""
        return self._product is not None and bool(self._entry.quantity or self._note.strip())

    def open(self, product_id: UUID | None = None) -> None:
        """Open the dialog, for a product or to find one."""
        self._product = None
        self._movements = ()
        self._entry = QuantityEntry()
        self._note = self._trouble = ""
        self._results = ()
        self._go_to(Place.RESTOCK)
        self.show()
        if product_id is not None:
            self.choose(product_id)
        else:
            self.search("")

    def search(self, text: str) -> None:
        """Find a product while the person types a name or a code."""
        self._forget_question()
        inventory = self._around.services.inventory
        self._ticket = self._around.tasks.run(
            Lane.DATABASE, lambda: _found(inventory, text.strip()), self._searched, self._failed
        )

    def submit(self, code: str) -> None:
        """Enter: a wedge scanner or a person typed a whole code."""
        if code.strip():
            self._forget_question()
            inventory = self._around.services.inventory
            self._ticket = self._around.tasks.run(
                Lane.DATABASE, lambda: _found(inventory, code.strip()), self._submitted, self._failed
            )

    def choose(self, product_id: UUID) -> None:
        """Take this product and read its last movements."""
        self._trouble = ""
        self._reload(product_id)

    def scanned(self, code: str, product: Product | None) -> str:
        """A scanner read a product's code: take it, unless a number is keyed for another one."""
        present = self._product
        if self._is_saving:
            return scan_wording.still_saving(code)
        if product is None:
            return scan_wording.unknown_code(code)
        if present is not None and present.id != product.id and self._entry.quantity:
            return scan_wording.pieces_not_added(self._entry.quantity, present.name)
        if present is None or present.id != product.id:
            self.choose(product.id)
        return ""

    def change_product(self) -> None:
        """Look for another product."""
        self._product = None
        self._movements = ()
        self.search("")

    def press(self, key: str) -> None:
        """A key of the keypad."""
        self._set_entry(self._entry.press(key))

    def plus(self, pieces: int) -> None:
        """A quick button such as +12."""
        self._set_entry(self._entry.plus(pieces))

    def set_note(self, text: str) -> None:
        """What the delivery was."""
        self._note = text
        self.show()

    def confirm(self) -> None:
        """Add the pieces to the stock, once."""
        product, quantity, note = self._product, self._entry.quantity, self._note
        if product is None or not quantity or self._is_saving:
            return
        self._is_saving = True
        movements = self._around.services.movements
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: movements.restock(product.id, quantity, note),
            lambda restocked: self._restocked(restocked, quantity),
            self._restock_failed,
        )

    def close(self) -> None:
        """Leave without adding anything."""
        self._forget_question()
        self._on_close("")

    def show(self) -> None:
        """Show the dialog."""
        self._around.display.show_restock(self._view())

    def _view(self) -> RestockView:
        product, quantity = self._product, self._entry.quantity
        if product is None:
            return RestockView(None, self._entry.text, results=self._results, trouble=self._trouble)
        now = self._around.clock.now()
        return RestockView(
            tile=product_tile(product),
            quantity_text=self._entry.text,
            before_text=signed(product.stock),
            after_text=signed(product.stock + quantity),
            note=self._note,
            movements=tuple(movement_row(movement, now) for movement in self._movements),
            trouble=self._trouble,
            can_confirm=quantity > 0 and not self._is_saving,
            confirm_text=wording.add_to_stock(quantity),
        )

    def _reload(self, product_id: UUID) -> None:
        self._forget_question()
        services = self._around.services
        self._ticket = self._around.tasks.run(
            Lane.DATABASE, lambda: _with_movements(services, product_id), self._chosen, self._failed
        )

    def _set_entry(self, entry: QuantityEntry) -> None:
        self._entry = entry
        self._trouble = ""
        self.show()

    def _searched(self, products: Sequence[Product]) -> None:
        self._results = tuple(product_tile(product) for product in products)
        self._trouble = ""
        self.show()

    def _submitted(self, products: Sequence[Product]) -> None:
        self._searched(products)
        if len(products) == 1:
            self.choose(products[0].id)
        elif not products:
            self._trouble = wording.NO_SUCH_PRODUCT
            self.show()

    def _chosen(self, chosen: tuple[Product, Sequence[StockMovement]]) -> None:
        product, movements = chosen
        self._product = product
        self._movements = tuple(movements)
        self.show()

    def _restocked(self, product: Product, quantity: int) -> None:
        self._is_saving = False
        self._around.sounds.play(Sound.ADDED)
        self._on_close(wording.restocked(quantity, product.name, product.stock))

    def _restock_failed(self, error: KioskError) -> None:
        """Without an answer nobody knows whether the pieces were added: the movements tell."""
        self._is_saving = False
        self._failed(error)
        if isinstance(error, Unavailable) and self._product is not None:
            self._trouble = wording.RESTOCK_UNSURE
            self.show()
            self._reload(self._product.id)

    def _failed(self, error: KioskError) -> None:
        self._trouble = str(error)
        self._around.sounds.play(Sound.REFUSED)
        self.show()

    def _forget_question(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None


def _found(inventory: InventoryService, text: str) -> Sequence[Product]:
    """A text that means one product for sure finds it alone."""
    exact = inventory.match_text(text) if text else None
    if exact is not None and exact.decision is Decision.MATCHED and exact.product is not None:
        return tuple(inventory.get_products([exact.product.product_id]).values())
    found = inventory.search(text, RESULTS_SHOWN)
    return tuple(inventory.get_products([item.product_id for item in found]).values())


def _with_movements(services: KioskServices, product_id: UUID) -> tuple[Product, Sequence[StockMovement]]:
    product = services.inventory.get_product(product_id)
    return product, services.movements.list_movements(product_id, MOVEMENTS_SHOWN)
