"""The manager area: the product list and the product form."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from visionscan_kiosk.domain.errors import DuplicateBarcode, DuplicateSku, KioskError
from visionscan_kiosk.domain.product import NewProduct, Product
from visionscan_kiosk.gui import scan_wording, wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound, Surroundings, Ticket
from visionscan_kiosk.gui.flow.product_fields import empty_texts, read_form, texts_of
from visionscan_kiosk.gui.manager_views import ProductFormView, ProductListView
from visionscan_kiosk.gui.presenters import product_row
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import ProductQuery
from visionscan_kiosk.services.shop_settings import AutoAdd

ROWS_SHOWN = 200

_LOG = logging.getLogger(__name__)
_ADDING_TEXTS = {
    AutoAdd.OFF: wording.ADD_WHEN_SURE_OFF,
    AutoAdd.CHOSEN: wording.ADD_WHEN_SURE_DETAIL,
    AutoAdd.LIKELY: wording.ADD_WHEN_SURE_ALL,
}


class ManagerFlow:
    """Lists, adds and edits products. `on_close` leads back to selling, `on_picture` to its picture."""

    def __init__(
        self,
        around: Surroundings,
        go_to: Callable[[Place], None],
        on_close: Callable[[], None],
        on_picture: Callable[[Product], None],
    ) -> None:
        self._around = around
        self._go_to = go_to
        self._on_close = on_close
        self._on_picture = on_picture
        self._query = ""
        self._message = ""
        self._products: tuple[Product, ...] = ()
        self._count = 0
        self._ticket: Ticket | None = None
        self._edited: Product | None = None
        self._texts: dict[str, str] = {}
        self._messages: tuple[tuple[str, str], ...] = ()
        self._trouble = ""
        self._is_saving = False
        self._adding = _Adding()
        self._after_save: Callable[[Product], None] | None = None
        self._after_leaving: Callable[[], None] | None = None
        self._opened_with: dict[str, str] = {}
        self._is_name_guessed = self._is_name_typed = self._is_for_teaching = False

    @property
    def takes_name(self) -> bool:
        """Whether the form is that of a product about to be taught, and nobody typed its name."""
        return self._is_for_teaching and self._edited is None and not self._is_name_typed

    @property
    def is_changed(self) -> bool:
        """Whether leaving the form would lose what somebody filled in."""
        return self._texts != self._opened_with or self._adding.is_changed

    def open(self, message: str = "") -> None:
        """Show the product list."""
        self._message = message
        self._go_to(Place.PRODUCTS)
        self.search(self._query)

    def close(self) -> None:
        """Back to selling."""
        self._query = self._message = ""
        self._on_close()

    def search(self, text: str) -> None:
        """Search in the list while the person types."""
        if self._ticket is not None:
            self._ticket.drop()
        self._query = text
        inventory, query = self._around.services.inventory, ProductQuery(text.strip(), limit=ROWS_SHOWN)
        self._ticket = self._around.tasks.run(
            Lane.DATABASE, lambda: _listed(inventory, query), self._found, self._search_failed
        )

    def product(self, product_id: UUID) -> Product | None:
        """Return a listed product."""
        return next((product for product in self._products if product.id == product_id), None)

    def new_product(
        self,
        barcode: str = "",
        after_save: Callable[[Product], None] | None = None,
        after_leaving: Callable[[], None] | None = None,
        *,
        is_for_teaching: bool = False,
    ) -> None:
        """Open an empty form, with a barcode that was just read.

        `after_save` goes on with the product, `after_leaving` without one; the list is opened otherwise.
        """
        self._edited = None
        self._after_save, self._after_leaving = after_save, after_leaving
        self._open_form(empty_texts(barcodes=barcode))
        self._is_for_teaching = is_for_teaching

    def edit(self, product_id: UUID) -> None:
        """Open the form of a product; one that is not listed is read first."""
        listed, inventory = self.product(product_id), self._around.services.inventory
        if listed is not None:
            self._edit(listed)
        else:
            self._around.tasks.run(
                Lane.DATABASE, lambda: inventory.get_product(product_id), self._edit, self._edit_failed
            )

    def code_read(self, code: str) -> None:
        """A code was scanned while the form is open: it is one of the product's barcodes."""
        present = self._texts.get("barcodes", "").strip()
        if not self._has_code(code):
            self._texts["barcodes"] = f"{present}, {code}" if present else code
            self._show_form()

    def scanned(self, code: str, product: Product | None) -> str:
        """A scanner read a code while the form is open; `product` has it already."""
        if self._is_saving:
            return scan_wording.still_saving(code)
        if self._has_code(code):
            return scan_wording.is_its_code(code)
        if product is not None and (self._edited is None or product.id != self._edited.id):
            return scan_wording.code_of(code, product.name)
        self.code_read(code)
        self._around.sounds.play(Sound.ADDED)
        self._around.display.announce(scan_wording.now_its_code(code), Tone.FINE)
        return ""

    def scanned_in_list(self, code: str, product: Product | None) -> str:
        """A scanner read a code while the list is open: show its product, and not the one before."""
        if product is None:
            self._message = ""
            self.search(self._query)
            return scan_wording.unknown_in_list(code)
        if self._ticket is not None:
            self._ticket.drop()
        self._query, self._message = "", scan_wording.found(code)
        self._found(((product,), 1))
        return ""

    def _has_code(self, code: str) -> bool:
        return code in (part.strip() for part in self._texts.get("barcodes", "").split(","))

    def guess_name(self, name: str) -> None:
        """Fill in what the product may be called, as a guess; what somebody typed stays."""
        if name and self.takes_name and not self._is_saving:
            self._texts["name"] = self._opened_with["name"] = (
                name  # leaving loses nothing that a person typed
            )
            self._is_name_guessed = True
            self._show_form()

    def change_field(self, name: str, text: str) -> None:
        """A field was typed in; its message goes, the others stay."""
        if name == "name":
            self._is_name_typed, self._is_name_guessed = True, False
        self._texts[name] = text
        self._messages = tuple(message for message in self._messages if message[0] != name)

    def switch_adding(self, is_added: bool) -> None:  # noqa: FBT001 - a switch's signal
        """Whether the camera may add the product without a tap; kept with the form."""
        self._adding = replace(self._adding, wanted=is_added)
        self._show_form()

    def choose_picture(self) -> None:
        """Choose the picture of the product; it is kept at once, whatever becomes of the form."""
        if self._edited is not None:
            self._on_picture(self._edited)

    def save(self, texts: Mapping[str, str]) -> None:
        """Save the form; wrong fields are named and nothing is lost."""
        if self._is_saving:
            return
        self._texts = dict(texts)
        form = read_form(self._texts)
        self._messages = form.messages
        self._trouble = ""
        if form.messages:
            self._around.sounds.play(Sound.REFUSED)
            self._show_form()
        elif self._edited is None:
            self._create(form.new_product())
        else:
            product, changes = self._edited, form.changes_to(self._edited)
            inventory, adds = self._around.services.inventory, self._adding.wanted
            self._save(lambda: inventory.update_product(product.id, changes, adds_when_sure=adds))

    def _edit(self, product: Product) -> None:
        self._edited = product
        self._after_save = self._after_leaving = None
        self._open_form(texts_of(product))

    def _edit_failed(self, error: KioskError) -> None:
        self.open(str(error))

    def leave_form(self) -> None:
        """Close the form without saving; what is being saved is waited for."""
        if self._is_saving:
            return
        after, self._after_save, self._after_leaving = self._after_leaving, None, None
        if after is not None:
            after()
        else:
            self.open()

    def _create(self, product: NewProduct) -> None:
        inventory, adds = self._around.services.inventory, bool(self._adding.wanted)
        self._save(lambda: inventory.create_product(product, adds_when_sure=adds))

    def _save(self, work: Callable[[], Product]) -> None:
        self._is_saving = True
        self._around.tasks.run(Lane.DATABASE, work, self._saved, self._save_failed)

    def _saved(self, product: Product) -> None:
        self._is_saving = False
        after, self._after_save, self._after_leaving = self._after_save, None, None
        if after is not None:
            after(product)
        else:
            self.open(wording.saved(product.name))

    def _save_failed(self, error: KioskError) -> None:
        self._is_saving = False
        field = _field_of(error)
        self._messages = ((field, str(error)),) if field else ()
        self._trouble = "" if field else str(error)
        self._around.sounds.play(Sound.REFUSED)
        self._show_form()

    def _open_form(self, texts: dict[str, str]) -> None:
        self._texts, self._opened_with = texts, dict(texts)
        self._is_name_guessed = self._is_name_typed = self._is_for_teaching = False
        self._messages = ()
        self._trouble = ""
        self._go_to(Place.FORM)
        self._load_adding()
        self._show_form()

    def _load_adding(self) -> None:
        """Ask what the camera may add: the form says whether a mark counts at all."""
        self._adding = _Adding()
        services, product = self._around.services, self._edited
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: _read_adding(services, product),
            lambda adding: self._adding_loaded(product, adding),
            self._adding_failed,
        )

    def _adding_loaded(self, product: Product | None, adding: _Adding) -> None:
        if product is self._edited and not self._adding.is_known:
            self._adding = adding
            self._show_form()

    def _adding_failed(self, error: KioskError) -> None:
        _LOG.warning("whether the camera may add the product is not known: %s", error)

    def _show_form(self) -> None:
        self._around.display.show_form(
            ProductFormView(
                self._edited.id if self._edited else None,
                tuple(self._texts.items()),
                self._messages,
                self._trouble,
                adds_when_sure=self._adding.is_marked,
                adds_when_sure_text=self._adding.text,
                guesses=(("name", wording.READ_FROM_LABEL),) if self._is_name_guessed else (),
            )
        )

    def _found(self, found: tuple[Sequence[Product], int]) -> None:
        products, self._count = found
        self._products = tuple(products)
        self._show_list()

    def _search_failed(self, error: KioskError) -> None:
        self._message = str(error)
        self._show_list()

    def _show_list(self) -> None:
        rows = tuple(product_row(product) for product in self._products)
        self._around.display.show_products(
            ProductListView(self._query, rows, wording.products_count(len(rows), self._count), self._message)
        )


@dataclass(frozen=True, slots=True)
class _Adding:
    """Whether the product is `marked` to be added without a tap, and what a person `wanted` since."""

    marked: bool = False
    wanted: bool | None = None
    text: str = ""
    is_known: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether a person wanted another thing than there was."""
        return self.wanted is not None and self.wanted != self.marked

    @property
    def is_marked(self) -> bool | None:
        """What the form shows; None while nothing is known."""
        return (self.marked if self.wanted is None else self.wanted) if self.is_known else None


def _read_adding(services: KioskServices, product: Product | None) -> _Adding:
    text = _ADDING_TEXTS[services.shop_settings.read().auto_add]
    is_marked = product is not None and services.auto_add.is_marked(product.id)
    return _Adding(is_marked, text=text, is_known=True)


def _listed(inventory: InventoryService, query: ProductQuery) -> tuple[Sequence[Product], int]:
    return inventory.list_products(query), inventory.count_products(query)


def _field_of(error: KioskError) -> str:
    if isinstance(error, DuplicateSku):
        return "sku"
    if isinstance(error, DuplicateBarcode):
        return "barcodes"
    return str(getattr(error, "field", None) or "")
