"""The product grid and the search field: browse, search as you type, and codes with Enter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.errors import InvalidInput, KioskError, ProductNotFound, Unavailable
from visionscan_kiosk.domain.matching.match import Decision, Match
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.tray_contents import Note, Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.presenters import product_tile, suggestion_tiles
from visionscan_kiosk.gui.views import CatalogueView, TileView
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.ports import ProductQuery

RESULTS_SHOWN = 24
GRID_SHOWN = 120
RETRY_MS = 2000
PAUSE_MS = 400
"""After the last digit: a scanner sent its Enter long before, so only a person's number opens the grid."""
_SHORTEST_CODE = 8


@dataclass(frozen=True, slots=True)
class CatalogueActions:
    """What the catalogue leads to. `add` gets how its text was entered.

    `seeks`, `found`: this text is looked up, and was.
    """

    add: Callable[[UUID, Source], None]
    new_product: Callable[[str], None]
    seeks: Callable[[str], None]
    found: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a typed text means, with the products its tiles need."""

    text: str
    source: Source
    match: Match
    products: Mapping[UUID, Product]


class CatalogueFlow:
    """What the stage shows beside the picture. Only the newest question to the database counts."""

    def __init__(self, around: Surroundings, status: Status, trays: Trays, actions: CatalogueActions) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._actions = actions
        self._is_open = self._is_open_by_typing = False
        self._query = ""
        self._category = self._browsed = ""
        self._categories: tuple[str, ...] = ()
        self._tiles: tuple[TileView, ...] = ()
        self._empty_text = ""
        self._ticket: Ticket | None = None
        self._unanswered: list[tuple[str, Source]] = []
        self._retry: Timer | None = None
        self._pause: Timer | None = None

    @property
    def is_open(self) -> bool:
        """Whether the grid covers the picture."""
        return self._is_open

    def open(self) -> None:
        """Show the grid."""
        self._is_open, self._is_open_by_typing = True, False
        self._category = self._browsed = ""
        self._load()
        self.show()

    def close(self) -> None:
        """Back to the picture; the search field is emptied."""
        self._forget_pause()
        self._forget_question()
        self._is_open = self._is_open_by_typing = False
        self._query = self._category = ""
        self._tiles = ()
        self.show()

    def choose_category(self, category: str) -> None:
        """Show one category, or all with an empty text."""
        self._category = self._browsed = category
        self._query = ""
        self._load()

    def type(self, text: str) -> None:
        """Search while the person types; what may become a scanned code waits until it pauses."""
        self._forget_pause()
        self._query = text
        if not self._is_open and _may_become_code(text):
            self._forget_question()
            self._pause = self._around.timers.after(PAUSE_MS, self._search)
        else:
            self._search()

    def _search(self) -> None:
        self._forget_pause()
        if self._query.strip():
            self._is_open_by_typing = self._is_open_by_typing or not self._is_open
            self._is_open = True
            self._category = ""
        self._load()

    def _forget_pause(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None

    def submit(self, text: str, source: Source = Source.TYPED) -> None:
        """A whole code, SKU or name: it adds; what is not sure becomes a question."""
        wanted = text.strip()
        if wanted:
            self._forget_pause()
            self._forget_question()
            self._query = ""
            self.show()  # the field is empty at once: the next code of a scanner may follow
            self._actions.seeks(wanted)
            self._look_up(wanted, source)

    def try_again(self) -> None:
        """Look up again what the database did not answer."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        unanswered, self._unanswered = self._unanswered, []
        for text, source in unanswered:
            self._look_up(text, source)

    def offer_new_product(self, code: str) -> None:
        """Say that no product has this code, with adding it one tap away."""
        self._around.sounds.play(Sound.REFUSED)
        self._trays.say(
            Note(
                wording.UNKNOWN_BARCODE,
                detail=code,
                action_text=wording.ADD_PRODUCT,
                action=lambda: self._actions.new_product(code),
                can_search=True,
            )
        )

    def refuse_barcode(self) -> None:
        """Say that a code was misread or mistyped."""
        self._around.sounds.play(Sound.REFUSED)
        self._trays.say(Note(wording.BAD_BARCODE))

    def show(self) -> None:
        """Show the grid as it is."""
        self._around.display.show_catalogue(
            CatalogueView(
                self._is_open, self._query, self._categories, self._category, self._tiles, self._empty_text
            )
        )

    def _look_up(self, text: str, source: Source) -> None:
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: _answer(inventory, text, source),
            self._answered,
            lambda error: self._look_up_failed(text, source, error),
        )

    def _look_up_failed(self, text: str, source: Source, error: KioskError) -> None:
        """A scanned code is kept until the database answers."""
        self._failed(error)
        if not isinstance(error, Unavailable):
            self._actions.found(text)
        else:
            self._unanswered.append((text, source))
            self._retry = self._retry or self._around.timers.after(RETRY_MS, self.try_again)

    def _load(self) -> None:
        self._forget_question()
        if not self._is_open:
            return
        inventory, query, category = self._around.services.inventory, self._query.strip(), self._category
        self._ticket = self._around.tasks.run(
            Lane.DATABASE,
            lambda: (inventory.list_categories(), _find(inventory, query, category)),
            self._loaded,
            self._failed,
        )

    def _loaded(self, found: tuple[Sequence[str], Sequence[Product]]) -> None:
        categories, products = found
        self._status.database(is_away=False)
        self._categories = tuple(categories)
        self._tiles = tuple(product_tile(product) for product in products)
        self._empty_text = "" if products else wording.nothing_found(self._query.strip())
        self.show()

    def _answered(self, answer: _Answer) -> None:
        self._status.database(is_away=False)
        self._actions.found(answer.text)
        match = answer.match
        if match.decision is Decision.MATCHED and match.product is not None:
            self._is_done_with(answer.text)
            self._actions.add(match.product.product_id, answer.source)
        elif _looks_like_code(answer.text):
            self._is_done_with(answer.text)
            self._refuse_code(answer.text)
        else:
            self._ask(answer)

    def _is_done_with(self, text: str) -> None:
        """A code leaves beside the basket what was there; a name was what the grid was open for."""
        if self._is_open_by_typing or not _looks_like_code(text):
            self.close()
        else:
            self._category = self._browsed
            self._load()

    def _refuse_code(self, code: str) -> None:
        try:
            normalise_barcode(code)
        except InvalidInput:
            self.refuse_barcode()
        else:
            self.offer_new_product(code)

    def _ask(self, answer: _Answer) -> None:
        tiles = suggestion_tiles(answer.match.candidates, answer.products)
        self.close()
        if tiles:
            self._trays.ask((Question(tiles, answer.text),))
            return
        self._around.sounds.play(Sound.REFUSED)
        self._trays.say(Note(wording.nothing_found(answer.text)))

    def _failed(self, error: KioskError) -> None:
        if isinstance(error, Unavailable):
            self._status.database(is_away=True)
        else:
            self._trays.say(Note(str(error)))

    def _forget_question(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None


def _looks_like_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= _SHORTEST_CODE


def _may_become_code(text: str) -> bool:
    return text.isascii() and text.strip().isdigit()


def _find(inventory: InventoryService, query: str, category: str) -> Sequence[Product]:
    if not query:
        listed = inventory.list_products(ProductQuery(category=category or None, limit=GRID_SHOWN))
        return sorted(listed, key=lambda product: product.stock <= 0)
    found = products_of(inventory, [item.product_id for item in inventory.search(query, RESULTS_SHOWN)])
    return tuple(found.values())


def _answer(inventory: InventoryService, text: str, source: Source) -> _Answer:
    match = inventory.match_text(text)
    return _Answer(
        text, source, match, products_of(inventory, [item.product_id for item in match.candidates])
    )


def products_of(inventory: InventoryService, product_ids: Sequence[UUID]) -> Mapping[UUID, Product]:
    """Return the products that still exist, in the given order. For a background lane."""
    found: dict[UUID, Product] = {}
    for product_id in product_ids:
        try:
            found[product_id] = inventory.get_product(product_id)
        except ProductNotFound:
            continue
    return found
