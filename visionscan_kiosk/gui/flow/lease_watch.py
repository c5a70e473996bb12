"""Keeps this till's identity while the screen is open, and stops selling when another machine has it."""

from __future__ import annotations

from visionscan_kiosk.domain.errors import KioskError, TillBusy
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.flow.status import Status

RENEW_MS = 20_000


class LeaseWatch:
    """Renews three times as often as needed. A database that is away never stops the till."""

    def __init__(self, around: Surroundings, status: Status, basket: BasketFlow) -> None:
        self._around = around
        self._status = status
        self._basket = basket
        self._is_asking = False
        self._is_lost = False

    def start(self) -> None:
        """Renew from now on."""
        self._around.timers.every(RENEW_MS, self.renew)

    def renew(self) -> None:
        """Ask for the identity once more."""
        if not self._is_asking:
            self._is_asking = True
            self._around.tasks.run(Lane.DATABASE, self._around.renew_lease, self._renewed, self._not_renewed)

    def _renewed(self, _: None) -> None:
        self._is_asking = False
        if self._is_lost:
            self._is_lost = False
            self._status.unexpected("")
            self._basket.go_on()

    def _not_renewed(self, error: KioskError) -> None:
        """Only another holder matters; anything else may be over at the next attempt."""
        self._is_asking = False
        if isinstance(error, TillBusy):
            self._is_lost = True
            self._status.unexpected(str(error))
            self._basket.hold(str(error))
