"""What can be done to a basket: changes that wait in line, and who is told what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import Operation, OperationResult, Source
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui.flow.entered_units import EnteredUnits

NO_BASKET_YET = UUID(int=0)
"""The session of an operation that was asked for while no basket is known."""


class BasketListener(Protocol):
    """Learns what became of the basket and of every operation of this till. Exactly one of `applied` and
    `refused` comes for each operation, once; before it `asked`, unless it was refused at once."""

    def opened(self, basket: Basket) -> None:
        """A basket is open: at the start, for the next customer, after one was closed elsewhere."""

    def asked(self, operation: Operation, units: EnteredUnits | None, *, is_undo: bool) -> None:
        """The operation is about to be sent. `units`: what it brings when nothing comes between."""

    def applied(self, operation: Operation, result: OperationResult) -> None:
        """The operation is in the database."""

    def refused(self, operation: Operation, error: KioskError) -> None:
        """The operation is not in the database and will not be."""

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        """Others added or took pieces: these are the pieces of each product that the basket has now.

        When the answer to an operation brought it to light, it is told in the order in which it happened:
        before `applied`, without that operation's own changes, or, for a repetition, after `applied`. So
        counting what is told always leads to the basket.
        """

    def closed(self, *, is_sold: bool) -> None:
        """Another client sold or ended the basket. What waited for it is refused next, then one opens."""


class SilentListener:
    """A BasketListener for who needs none."""

    def opened(self, basket: Basket) -> None:
        """Ignore it."""

    def asked(self, operation: Operation, units: EnteredUnits | None, *, is_undo: bool) -> None:
        """Ignore it."""

    def applied(self, operation: Operation, result: OperationResult) -> None:
        """Ignore it."""

    def refused(self, operation: Operation, error: KioskError) -> None:
        """Ignore it."""

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        """Ignore it."""

    def closed(self, *, is_sold: bool) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A product to add that the camera saw.

    `undone` is called when the addition is taken back at once, and when it was refused. Its operation has
    `operation_id`.
    """

    product_id: UUID
    quantity: int
    seen_as: str
    confidence: float
    undone: Callable[[], None] | None = None
    source: Source = Source.SEEN
    operation_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Change:
    """An operation on its way, and what the screen makes of its end.

    Changes of one `batch` are undone together; `undone` is called when this one is, or was refused. `remark`
    is shown when an undo is done.
    """

    operation: Operation
    batch: object = None
    undone: Callable[[], None] | None = None
    is_undo: bool = False
    remark: str = ""

    def bound_to(self, session_id: UUID) -> Change:
        """Return the same change for this session, unless it has one."""
        if self.operation.session_id != NO_BASKET_YET:
            return self
        return replace(self, operation=replace(self.operation, session_id=session_id))
