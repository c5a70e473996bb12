"""The product grid and the search field: browse, search as you type, and codes with Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.errors import InvalidInput, KioskError, Unavailable
from visionscan_kiosk.domain.matching.match import Decision, MatchMethod
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.look_ups import RETRY_MS, Answer, LookUpActions, LookUps
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.flow.product_reading import is_exact
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.tray_contents import Note, Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.presenters import product_tile, suggestion_tiles
from visionscan_kiosk.gui.views import CatalogueView, TileView
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.ports import ProductQuery

RESULTS_SHOWN = 24
GRID_SHOWN = 120
_SHORTEST_CODE = 8


@dataclass(frozen=True, slots=True)
class CatalogueActions:
    """What the catalogue leads to.

    `begun`: somebody types. `add` and `new_product` get how their text was entered. `seeks`, `found`: a text
    is looked up, and was; `ended`: after each one; `refused`: a text means no product. `admits` is asked
    before a scanned code is used, and told whether a product is meant.
    """

    begun: Callable[[], None]
    add: Callable[[UUID, Source], None]
    new_product: Callable[[str, Source], None]
    seeks: Callable[[str], None]
    found: Callable[[str], None]
    ended: Callable[[], None]
    refused: Callable[[], None]
    admits: Callable[[str, bool], bool]


class CatalogueFlow:
    """What the stage shows beside the picture. Only the newest question to the database counts."""

    def __init__(self, around: Surroundings, status: Status, trays: Trays, actions: CatalogueActions) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._actions = actions
        self._is_open = False
        self._query = ""
        self._category = ""
        self._categories: tuple[str, ...] = ()
        self._tiles: tuple[TileView, ...] = ()
        self._empty_text = ""
        self._ticket: Ticket | None = None
        self._retry: Timer | None = None
        self.look_ups = LookUps(
            around, status, LookUpActions(actions.seeks, actions.found, actions.ended, self._say)
        )

    @property
    def is_open(self) -> bool:
        """Whether the grid covers the picture."""
        return self._is_open

    def open(self) -> None:
        """Show the grid."""
        self._is_open = True
        self._category = ""
        self._load()
        self.show()

    def close(self) -> None:
        """Back to the picture; the search field is emptied."""
        self._forget_question()
        self._is_open = False
        self._query = self._category = ""
        self._tiles = ()
        self.show()

    def choose_category(self, category: str) -> None:
        """Show one category, or all with an empty text."""
        self._category = category
        self._query = ""
        self._load()

    def type(self, text: str) -> None:
        """Search while the person types."""
        self._query = text
        if text.strip():
            self._actions.begun()
            self._is_open = True
            self._category = ""
        self._load()

    def submit(self, text: str) -> None:
        """Enter in the search field: a code, SKU or name adds; what is not sure becomes a question."""
        wanted = text.strip()
        if wanted:
            self._actions.begun()
            self._forget_question()
            self._query = ""
            self.show()  # the field is empty at once: the next text may follow
            self.look_ups.look_up(wanted, self._answered)

    def scanned(self, code: str) -> None:
        """A scanner read a code; what is typed and shown stays as it is."""
        self.look_ups.look_up(code, self._scan_answered)

    def try_again(self) -> None:
        """Ask again what the database did not answer."""
        self.look_ups.try_again()
        if self._retry is not None:
            self._load()

    def offer_new_product(self, code: str, source: Source) -> None:
        """Say that no product has this code, with adding it one tap away."""
        self._around.sounds.play(Sound.REFUSED)
        self._trays.say(
            Note(
                wording.UNKNOWN_BARCODE,
                detail=code,
                action_text=wording.ADD_PRODUCT,
                action=lambda: self._actions.new_product(code, source),
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

    def _answered(self, answer: Answer) -> None:
        match = answer.match
        self._leave_unless_typing()
        if match.decision is Decision.MATCHED and match.product is not None:
            self._actions.add(match.product.product_id, Source.TYPED)
        elif _looks_like_code(answer.text):
            self._refuse_code(answer.text, Source.TYPED)
        else:
            self._ask(answer)

    def _scan_answered(self, answer: Answer) -> None:
        """A code means what is written on a product; what only looks like it is nobody's."""
        match = answer.match
        is_asked = match.decision is Decision.ASK and match.method is not MatchMethod.FUZZY
        is_one = is_exact(match) and match.product is not None
        if not self._actions.admits(answer.text, is_one or is_asked):
            return
        if is_one and match.product is not None:
            self._actions.add(match.product.product_id, Source.SCANNED)
        elif is_asked:
            self._ask(answer)
        else:
            self._refuse_code(answer.text, Source.SCANNED)

    def _leave_unless_typing(self) -> None:
        """Back to the picture, unless a person has begun to look for something else."""
        if not self._query:
            self.close()

    def _refuse_code(self, code: str, source: Source) -> None:
        self._actions.refused()
        try:
            normalise_barcode(code)
        except InvalidInput:
            self.refuse_barcode()
        else:
            self.offer_new_product(code, source)

    def _ask(self, answer: Answer) -> None:
        tiles = suggestion_tiles(answer.match.candidates, answer.products)
        if tiles:
            self._trays.ask((Question(tiles, answer.text),))
            return
        self._actions.refused()
        self._around.sounds.play(Sound.REFUSED)
        self._trays.say(Note(wording.nothing_found(answer.text)))

    def _failed(self, error: KioskError) -> None:
        if not isinstance(error, Unavailable):
            self._say(str(error))
            return
        self._status.database(is_away=True)
        self._tiles, self._empty_text = (), wording.SEARCH_WAITS
        self._retry = self._around.timers.after(RETRY_MS, self._load)
        self.show()

    def _say(self, sentence: str) -> None:
        self._trays.say(Note(sentence))

    def _forget_question(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None


def _looks_like_code(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= _SHORTEST_CODE


def _find(inventory: InventoryService, query: str, category: str) -> Sequence[Product]:
    if not query:
        listed = inventory.list_products(ProductQuery(category=category or None, limit=GRID_SHOWN))
        return sorted(listed, key=lambda product: product.stock <= 0)
    found = inventory.get_products([item.product_id for item in inventory.search(query, RESULTS_SHOWN)])
    return tuple(found.values())
