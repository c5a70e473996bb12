"""The one tree of errors that people may see.

Every error carries its data as attributes and a sentence that says what to do. Each edge (screen, HTTP,
command line) translates a class once. Programming mistakes are not errors of this tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShortProduct:
    """A product of which a basket has more pieces than the books say the shop has.

    `available` is its stock and may be below zero; `required` counts all lines of the basket.
    """

    product_id: UUID
    name: str
    available: int
    required: int


class KioskError(Exception):
    """Base of everything that a person can be told."""


class NotFound(KioskError):
    """The thing that was named does not exist."""


class SessionNotFound(NotFound):
    """No scan session has this id."""

    def __init__(self, session_id: UUID) -> None:
        super().__init__("Session not found")
        self.session_id = session_id


class ProductNotFound(NotFound):
    """No product has this id, SKU or barcode."""

    def __init__(self, key: object) -> None:
        super().__init__("Product not found")
        self.key = key


class ItemNotFound(NotFound):
    """The basket has no line with this id."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__("Item not found")
        self.item_id = item_id


class PieceNotFound(NotFound):
    """The basket has no piece of this product."""

    def __init__(self, product_id: UUID) -> None:
        super().__init__("No piece of this product is in the basket")
        self.product_id = product_id


class ReceiptNotFound(NotFound):
    """The session was never sold."""

    def __init__(self, session_id: UUID) -> None:
        super().__init__("This session has no receipt: it was not sold")
        self.session_id = session_id


class SaleNotFound(NotFound):
    """No sale has this receipt number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no sale number {number}. List the sales to see their numbers.")
        self.number = number


class InvalidInput(KioskError):
    """What was sent cannot be accepted as it is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(KioskError):
    """The request is well formed but does not fit the present state."""


class SessionNotActive(Conflict):
    """The session was completed already."""

    def __init__(self, session_id: UUID) -> None:
        super().__init__("Session is not active")
        self.session_id = session_id


class BasketHeld(SessionNotActive):
    """The basket is held: nothing is added to it or sold before somebody goes on with it."""


class OperationConflict(Conflict):
    """An operation's id belongs to another operation."""

    def __init__(self, operation_id: UUID) -> None:
        super().__init__("Another change was made under the same number. Nothing was changed; do it again.")
        self.operation_id = operation_id


class BasketEmpty(Conflict):
    """There is nothing to sell."""

    def __init__(self) -> None:
        super().__init__("The basket is empty")


class UnmatchedItems(Conflict):
    """Lines without a product stand in the way of a sale."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Not matched to a product yet: {', '.join(names)}. Choose a product or remove the line."
        )
        self.names = tuple(names)


class InsufficientStock(Conflict):
    """Products have fewer pieces than the basket asks for.

    The sentence names the first of them, as HTTP specifies it; `short` has all, ordered by name.
    """

    def __init__(self, short: Sequence[ShortProduct]) -> None:
        first = short[0]
        super().__init__(
            f"Insufficient stock for {first.name}. Available: {first.available}, Required: {first.required}"
        )
        self.short = tuple(short)


class PriceChanged(Conflict):
    """The price that was chosen for a line is not one that it may have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The price of {name} changed again. Look at it once more.")
        self.name = name


class DuplicateSku(Conflict):
    """Another product has this SKU."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"A product with SKU {sku} exists already")
        self.sku = sku


class DuplicateBarcode(Conflict):
    """Another product has this barcode."""

    def __init__(self, barcode: str) -> None:
        super().__init__(f"Barcode {barcode} belongs to another product")
        self.barcode = barcode


class TenderMismatch(Conflict):
    """What was paid is not what the basket costs now."""


class TillHasOpenBasket(Conflict):
    """A till serves one customer at a time."""

    def __init__(self, till_id: str) -> None:
        super().__init__("This till has an open basket. Sell or end it first.")
        self.till_id = till_id


class TillBusy(Conflict):
    """Another till screen uses this data folder."""


class TillIdentityInUse(TillBusy):
    """Another machine or folder has this till's identity open: it was copied."""

    def __init__(self, holder_name: str, since: datetime, folder: str) -> None:
        super().__init__(
            f"This till's identity was copied: {holder_name} has it open since {since.astimezone():%H:%M}. "
            f"Delete the file till-id in {folder} on one of the two and start that one again, or close the "
            "other till. If the other one does not run any more, try again in a minute."
        )
        self.holder_name = holder_name
        self.since = since


class Unavailable(KioskError):
    """A part the program depends on does not answer now; trying again later may work."""


class TillFolderUnwritable(Unavailable):
    """The till's own folder cannot be written to."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be written: {reason}. Check the disk and the rights of the folder.")
        self.path = path


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached or refused the connection."""


class SchemaTooNew(DatabaseUnavailable):
    """The database was written by a newer version of the program."""


class TransientConflict(Unavailable):
    """The database asked to try the whole use case again (deadlock, serialisation, lock timeout)."""


class CameraUnavailable(Unavailable):
    """The camera cannot be opened or stopped sending pictures."""


class DetectorUnavailable(Unavailable):
    """The vision model cannot be reached, is missing or refused the request."""


class DetectorTimeout(DetectorUnavailable):
    """The vision model did not answer before the deadline."""


class DetectorReplyInvalid(DetectorUnavailable):
    """The vision model answered something that is not a list of products."""


class DetectorBusy(DetectorUnavailable):
    """Somebody else's question to the vision model took longer than this one could wait."""


class DetectorResting(DetectorUnavailable):
    """The vision model failed several times in a row and is left in peace for a while."""


class LabelsUnavailable(Unavailable):
    """Nothing that reads labels is installed."""


class DetectionCancelled(KioskError):
    """The person no longer wants the answer."""
