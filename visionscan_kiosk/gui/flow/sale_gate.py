"""Whether a sale can be made, asked of the database by the checkout's own rule before money is asked for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from visionscan_kiosk.domain.checkout import SaleCheck
from visionscan_kiosk.domain.errors import KioskError, TillBusy, Unavailable
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket
from visionscan_kiosk.gui.flow.status import Status


class SaleGate:
    """One question at a time. `held_because` says why this till may write nothing now, empty while it may."""

    def __init__(self, around: Surroundings, status: Status, held_because: Callable[[], str]) -> None:
        self._around = around
        self._status = status
        self._held_because = held_because
        self._ticket: Ticket | None = None

    @property
    def is_asking(self) -> bool:
        """Whether the answer is not there yet."""
        return self._ticket is not None

    def ask(
        self, session_id: UUID, can: Callable[[SaleCheck], None], cannot: Callable[[KioskError], None]
    ) -> None:
        """Ask about this basket; a question that was asked before is forgotten."""
        self.forget()
        if self._held_because():
            cannot(TillBusy(self._held_because()))
            return
        checkout = self._around.services.checkout
        self._ticket = self._around.tasks.run(
            Lane.DATABASE,
            lambda: checkout.check_sale(session_id),
            lambda check: self._answered(lambda: can(check)),
            lambda error: self._failed(error, cannot),
        )

    def forget(self) -> None:
        """The answer is not wanted any more."""
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None

    def _answered(self, told: Callable[[], None]) -> None:
        self._ticket = None
        self._status.database(is_away=False)
        told()

    def _failed(self, error: KioskError, cannot: Callable[[KioskError], None]) -> None:
        if isinstance(error, Unavailable):
            self._ticket = None
            self._status.database(is_away=True)
            cannot(error)
        else:
            self._answered(lambda: cannot(error))
