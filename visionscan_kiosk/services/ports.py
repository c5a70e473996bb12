"""What the use cases need from the outside, as Protocols. Persistence and vision implement them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.checkout import Receipt, SaleSummary, Tender
from visionscan_kiosk.domain.detection import Detection, Sighting
from visionscan_kiosk.domain.matching.learned_aliases import LearnedAlias
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.product import NewProduct, Product, ProductChanges, ProductPicture
from visionscan_kiosk.domain.scan_session import HeldBasket, ScanItem, ScanSession, SessionOutcome
from visionscan_kiosk.domain.stock import MovementReason, StockMovement

if TYPE_CHECKING:
    from visionscan_kiosk.services.accuracy_storage import RecognitionEventRepository
    from visionscan_kiosk.services.auto_add import AddedWhenSureRepository
    from visionscan_kiosk.services.basket_operations import BasketOperationRepository
    from visionscan_kiosk.services.counter_memory import CounterMemoryRepository
    from visionscan_kiosk.services.empty_counter import EmptyCounterRepository
    from visionscan_kiosk.services.priors import SalesRepository
    from visionscan_kiosk.services.recognition_storage import TaughtPhotoRepository
    from visionscan_kiosk.services.shop_settings import ShopSettingsRepository
    from visionscan_kiosk.services.till_lease import TillLeaseRepository
    from visionscan_kiosk.services.wrong_items import WrongItemRepository

Image = NDArray[np.uint8]
"""A picture: height x width x 3, BGR, 0..255."""


@dataclass(frozen=True, slots=True)
class ProductQuery:
    """Which products to list: `text` in SKU, name, alias or barcode; None means no limit on that side."""

    text: str = ""
    category: str | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ScannedPiece:
    """What a scan adds to a basket."""

    detected_name: str
    confidence: float
    quantity: int


@dataclass(frozen=True, slots=True)
class CatalogueChanges:
    """Products changed since a revision of the catalogue, and the revision they lead to."""

    revision: int
    products: tuple[MatchableProduct, ...]


@dataclass(frozen=True, slots=True)
class SaleQuery:
    """Which sales to list: from `since` on and before `until`, at most `limit`; None means no limit."""

    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None


class ProductRepository(Protocol):
    """Products, their barcodes, pictures and stock."""

    def get(self, product_id: UUID) -> Product:
        """Return the product; raise ProductNotFound."""

    def get_many(self, product_ids: Iterable[UUID]) -> Mapping[UUID, Product]:
        """Return those of the products that exist."""

    def find_by_sku(self, sku: str) -> Product | None:
        """Return the product with exactly this SKU."""

    def find_by_barcode(self, barcode: str) -> Product | None:
        """Return the product with this barcode (any spelling of a GTIN)."""

    def list(self, query: ProductQuery) -> Sequence[Product]:
        """Return products ordered by name, then SKU."""

    def count(self, query: ProductQuery) -> int:
        """Return how many products the query has without its limit and offset."""

    def categories(self) -> Sequence[str]:
        """Return all categories in use, ordered."""

    def best_sellers(self, limit: int) -> Sequence[Product]:
        """Return what sold most often, best first, filled up by name when little was sold."""

    def add(self, product: NewProduct) -> Product:
        """Insert without stock (stock 0: movements give it); raise DuplicateSku or DuplicateBarcode."""

    def change(self, product_id: UUID, changes: ProductChanges) -> Product:
        """Change the given fields except stock; raise ProductNotFound, DuplicateSku or DuplicateBarcode."""

    def lock(self, product_ids: Iterable[UUID]) -> Mapping[UUID, int]:
        """Lock the products in order of id until the transaction ends; return their fresh stock."""

    def change_stock(self, product_id: UUID, change_qty: int) -> bool:
        """Add to (or take from) the stock; return False when it would leave LOWEST_STOCK to HIGHEST_STOCK."""

    def release_barcodes(self, skus: Sequence[str]) -> None:
        """Take all barcodes off these products, so that an import may give them to each other."""

    def upsert_many(
        self, products: Sequence[NewProduct], keep: frozenset[str] = frozenset()
    ) -> tuple[int, int]:
        """Create or replace by SKU, stock through movements; return (created, updated).

        Existing products are locked in order of id and keep their fields named in `keep` (of stock, aliases
        and barcodes).
        """

    def barcode_owners(self, barcodes: Iterable[str]) -> Mapping[str, str]:
        """Return the SKU that owns each normalised barcode, where one does."""

    def picture(self, product_id: UUID) -> ProductPicture | None:
        """Return the picture of a product, None when it has none."""

    def set_picture(self, picture: ProductPicture) -> None:
        """Store or replace the picture of a product."""

    def catalogue_revision(self) -> int:
        """Return the number that grows with every change to names, SKUs, aliases or barcodes."""

    def changed_since(self, revision: int) -> CatalogueChanges:
        """Return what changed after `revision`; 0 gives everything."""


class SessionRepository(Protocol):
    """Scan sessions."""

    def add(self, till_id: str | None) -> ScanSession:
        """Start an active session."""

    def get(self, session_id: UUID) -> ScanSession:
        """Return the session; raise SessionNotFound."""

    def lock(self, session_id: UUID) -> ScanSession:
        """Return the session and lock it until the transaction ends; raise SessionNotFound."""

    def find_open(self, till_id: str) -> ScanSession | None:
        """Return the active session of a till that is not held, None when it has none."""

    def hold_left(self, session_id: UUID, untouched_for: timedelta) -> bool:
        """Hold a session that has lines and was not touched for so long; return whether it was."""

    def go_on(self, session_id: UUID, till_id: str) -> ScanSession:
        """Let a held session be the open one of this till, which has none."""

    def list_held(self) -> Sequence[HeldBasket]:
        """Return the held sessions of all tills, those that were left last first."""

    def refresh_total(self, session_id: UUID) -> ScanSession:
        """Write the sum of the matched lines as the session's total."""

    def complete(self, session_id: UUID, outcome: SessionOutcome, total: Decimal) -> ScanSession:
        """Complete the session now; a sold one draws its receipt number."""


class ScanItemRepository(Protocol):
    """The lines of sessions. The caller holds the session's lock."""

    def list(self, session_id: UUID) -> Sequence[ScanItem]:
        """Return the lines in order of first sight."""

    def get(self, session_id: UUID, item_id: UUID) -> ScanItem:
        """Return one line of this session; raise ItemNotFound."""

    def add_product(self, session_id: UUID, product_id: UUID, piece: ScannedPiece) -> ScanItem:
        """Add to the product's line or open one at its present price; raise ProductNotFound.

        The unit price stays that of the first scan.
        """

    def add_unmatched(self, session_id: UUID, piece: ScannedPiece) -> ScanItem:
        """Add to the unmatched line of the same text (any case) or open one."""

    def set_quantity(self, item_id: UUID, quantity: int) -> None:
        """Set a line's quantity."""

    def set_price(self, item_id: UUID, unit_price: Decimal) -> None:
        """Set the unit price of a line that has a product."""

    def assign(self, item_id: UUID, product: Product) -> None:
        """Give an item another product at its present price; the product has no line yet."""

    def remove(self, item_id: UUID) -> None:
        """Delete a line."""


class MovementRepository(Protocol):
    """Stock movements."""

    def add(
        self,
        product_id: UUID,
        change_qty: int,
        reason: MovementReason,
        *,
        session_id: UUID | None = None,
        note: str | None = None,
    ) -> None:
        """Write one movement; zero changes write none."""

    def list(self, product_id: UUID, limit: int | None = None) -> Sequence[StockMovement]:
        """Return the movements of a product, newest first."""


class ReceiptRepository(Protocol):
    """Tenders and receipts of sold sessions."""

    def add_tenders(self, session_id: UUID, tenders: Sequence[Tender]) -> None:
        """Record how a sale was paid."""

    def get(self, session_id: UUID) -> Receipt:
        """Return the receipt of a sold session; raise SessionNotFound or ReceiptNotFound."""

    def get_numbered(self, number: int) -> Receipt:
        """Return the receipt with this number; raise SaleNotFound."""

    def list(self, query: SaleQuery) -> Sequence[SaleSummary]:
        """Return sales, newest first."""

    def keep_unacknowledged(self, session_id: UUID, till_id: str) -> None:
        """Keep that nobody saw yet that this till sold that session."""

    def list_unacknowledged(self, till_id: str) -> Sequence[SaleSummary]:
        """Return the sales of a till that nobody saw yet, oldest first."""

    def acknowledge(self, session_id: UUID) -> None:
        """Somebody saw that it was sold; nothing happens when that is known."""


class LearnedAliasRepository(Protocol):
    """Which aliases were learned; the aliases themselves stand with their products."""

    def list(self) -> Sequence[LearnedAlias]:
        """Return the learned aliases that products still have, newest first."""

    def add(self, product_id: UUID, alias: str) -> None:
        """Note that this alias was learned."""

    def remove(self, product_id: UUID, alias: str) -> None:
        """Forget that this alias was learned."""


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` rolls back."""

    @property
    def products(self) -> ProductRepository:
        """Products in this transaction."""

    @property
    def sessions(self) -> SessionRepository:
        """Scan sessions in this transaction."""

    @property
    def items(self) -> ScanItemRepository:
        """Basket lines in this transaction."""

    @property
    def movements(self) -> MovementRepository:
        """Stock movements in this transaction."""

    @property
    def receipts(self) -> ReceiptRepository:
        """Tenders and receipts in this transaction."""

    @property
    def learned_aliases(self) -> LearnedAliasRepository:
        """Learned aliases in this transaction."""

    @property
    def taught_photos(self) -> TaughtPhotoRepository:
        """Photos of taught products in this transaction."""

    @property
    def recognition_events(self) -> RecognitionEventRepository:
        """What stages said and people decided, in this transaction."""

    @property
    def shop_settings(self) -> ShopSettingsRepository:
        """What the shop set on the screen, in this transaction."""

    @property
    def added_when_sure(self) -> AddedWhenSureRepository:
        """Products that a sure look adds without a tap, in this transaction."""

    @property
    def wrong_items(self) -> WrongItemRepository:
        """Where codes and looks did not agree, in this transaction."""

    @property
    def empty_counters(self) -> EmptyCounterRepository:
        """The empty counters of the tills, in this transaction."""

    @property
    def basket_operations(self) -> BasketOperationRepository:
        """What tills asked of baskets, in this transaction."""

    @property
    def counter_memories(self) -> CounterMemoryRepository:
        """What the tills know of the pieces on their counters, in this transaction."""

    @property
    def till_leases(self) -> TillLeaseRepository:
        """Where each till's identity is in use, in this transaction."""

    @property
    def sales(self) -> SalesRepository:
        """What was sold, in this transaction."""

    def reading(self) -> Self:
        """Return this unit of work for a use case that only reads: it has nothing to commit, so no
        transaction is begun and ended around its statements. Call it before entering."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make everything permanent."""


UnitOfWorkFactory = Callable[[], UnitOfWork]


OnFirst = Callable[[Detection], None]
"""Told the first thing that is named, in the asking thread, before the answer is whole."""


class ProductNamer(Protocol):
    """A model that names what lies in a picture."""

    @property
    def model_used(self) -> str:
        """Name of the model that answers `name_products`."""

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        """Ask the vision model; raise DetectorUnavailable, DetectorTimeout or DetectionCancelled.

        `on_first` may be called once before; what it gets may turn out otherwise in the answer.
        """


class PictureDetector(ProductNamer, Protocol):
    """Finds codes and names in one picture; knows nothing of products."""

    def read_barcodes(self, image: Image, *, thorough: bool) -> Sequence[Sighting]:
        """Return the codes in the picture; `thorough` tries harder, for still pictures."""


class SimulatedCounterPort(Protocol):
    """The drawn counter of the demo, on which goods are put by tapping."""

    @property
    def on_counter(self) -> tuple[str, ...]:
        """SKUs that lie on the counter."""

    def place(self, sku: str) -> None:
        """Put a pack on the counter."""

    def take_away(self, sku: str) -> None:
        """Take a pack off the counter."""

    def clear(self) -> None:
        """Take everything off the counter."""
