"""The demo's strip of packs: a tap puts a pack on the drawn counter or takes it away."""

from __future__ import annotations

from collections.abc import Sequence

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.views import CounterPackView
from visionscan_kiosk.services.ports import ProductQuery, SimulatedCounterPort

PACKS_SHOWN = 48


class CounterStrip:
    """Shown only when the till has a drawn counter."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._products: tuple[Product, ...] = ()

    @property
    def lying(self) -> tuple[str, ...]:
        """The SKUs that lie on the drawn counter."""
        return self._around.counter.on_counter if self._around.counter is not None else ()

    def load(self) -> None:
        """Read which products there are; without a drawn counter there is no strip."""
        if self._around.counter is None:
            self._around.display.show_counter(None)
            return
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: inventory.list_products(ProductQuery(limit=PACKS_SHOWN)),
            self._loaded,
            self._load_failed,
        )

    def toggle(self, sku: str) -> None:
        """Put a pack on the counter, or take it away."""
        counter = self._around.counter
        if counter is not None:
            if sku in counter.on_counter:
                counter.take_away(sku)
            else:
                counter.place(sku)
            self._show(counter)

    def clear(self) -> None:
        """The customer takes everything along."""
        counter = self._around.counter
        if counter is not None:
            counter.clear()
            self._show(counter)

    def _loaded(self, products: Sequence[Product]) -> None:
        self._products = tuple(products)
        if self._around.counter is not None:
            self._show(self._around.counter)

    def _load_failed(self, error: KioskError) -> None:
        del error  # the banner of the basket says already that the database is away
        self._around.timers.after(2000, self.load)

    def _show(self, counter: SimulatedCounterPort) -> None:
        lying = frozenset(counter.on_counter)
        self._around.display.show_counter(
            tuple(
                CounterPackView(product.sku, product.name, product.id, product.category, product.sku in lying)
                for product in self._products
            )
        )
