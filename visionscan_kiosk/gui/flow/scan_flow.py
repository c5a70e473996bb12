"""What a code from a hand scanner means on the page in front; where it means nothing it is refused aloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import scan_wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound, Surroundings
from visionscan_kiosk.gui.flow.product_reading import product_with_code

Meaning = Callable[[str], str]
"""Takes a code, or returns the sentence that refuses it; empty when it was taken."""
ProductMeaning = Callable[[str, Product | None], str]
"""The same for pages that need the code's product, None when the shop does not know it."""
Visit = tuple[Place, int]
"""A page, and the how manieth time that any was opened: the form of another product is another visit."""


class ScanFlow:
    """One stream of codes for the whole program. A page with neither kind of meaning takes no codes."""

    def __init__(
        self,
        around: Surroundings,
        where: Callable[[], Visit],
        meanings: Mapping[Place, Meaning],
        of_products: Mapping[Place, ProductMeaning],
    ) -> None:
        self._around = around
        self._where = where
        self._meanings = meanings
        self._of_products = of_products

    def heard(self, code: str) -> None:
        """A scanner read this."""
        self._around.display.announce("")
        place, visit = self._where()
        if place in self._of_products:
            self._find(code, (place, visit))
        else:
            self._answer(self._meanings.get(place, scan_wording.not_taken)(code))

    def refuse(self, sentence: str) -> None:
        """Say with a sound that a code was not taken."""
        self._around.sounds.play(Sound.REFUSED)
        self._around.display.announce(sentence)

    def _find(self, code: str, visit: Visit) -> None:
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: product_with_code(inventory, code),
            lambda product: self._found(code, visit, product),
            lambda error: self._not_found(code, error),
        )

    def _found(self, code: str, visit: Visit, product: Product | None) -> None:
        if self._where() == visit:
            self._answer(self._of_products[visit[0]](code, product))
        else:
            self.refuse(scan_wording.page_left(code))

    def _not_found(self, code: str, error: KioskError) -> None:
        is_away = isinstance(error, Unavailable)
        self.refuse(scan_wording.no_answer(code) if is_away else str(error))

    def _answer(self, refusal: str) -> None:
        if refusal:
            self.refuse(refusal)
