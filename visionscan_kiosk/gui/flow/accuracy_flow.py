"""The manager's page "Accuracy": how well the till recognises what this shop sells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.accuracy_presenter import NOTHING_EVER, NOTHING_NOW, PERIODS, days_of, meter_view
from visionscan_kiosk.gui.accuracy_views import AccuracyView
from visionscan_kiosk.gui.flow.ports import Lane, Place, Surroundings, Ticket, Timer
from visionscan_kiosk.services.accuracy import AccuracyService

SLOW_MS = 300
_FIRST_SHOWN = PERIODS[1][0]


class AccuracyFlow:
    """Reads the meter in a lane of its own: a long report never holds up a sale. `teach` opens a product."""

    def __init__(
        self, around: Surroundings, go_to: Callable[[Place], None], teach: Callable[[UUID], None]
    ) -> None:
        self._around = around
        self._go_to = go_to
        self._teach = teach
        self._view = AccuracyView(_FIRST_SHOWN)
        self._ticket: Ticket | None = None
        self._slow_timer: Timer | None = None

    @property
    def is_loading(self) -> bool:
        """Whether the page still waits for its figures."""
        return self._view.is_loading

    def open(self) -> None:
        """Show the page with fresh figures."""
        self._go_to(Place.ACCURACY)
        self.choose_period(self._view.period)

    def choose_period(self, period: str) -> None:
        """Show another period, a value of PERIODS; what is shown stays until its figures are there."""
        if self._ticket is not None:
            self._ticket.drop()
        self._show(replace(self._view, period=period, trouble="", is_loading=True))
        self._slow_timer = self._around.timers.after(SLOW_MS, self._say_slow)
        accuracy = self._around.services.accuracy
        self._ticket = self._around.tasks.run(
            Lane.REPORTS, lambda: _read(accuracy, period), self._show, self._failed
        )

    def teach(self, product_id: UUID) -> None:
        """A product that is often missed: show it to the till again."""
        self._teach(product_id)

    def _say_slow(self) -> None:
        self._show(replace(self._view, is_slow=True))

    def _failed(self, error: KioskError) -> None:
        self._show(replace(self._view, trouble=str(error), is_loading=False, is_slow=False))

    def _show(self, view: AccuracyView) -> None:
        """Show a view; whatever it is, the wait for it is over."""
        if self._slow_timer is not None:
            self._slow_timer.cancel()
            self._slow_timer = None
        self._view = view
        self._around.display.show_accuracy(view)


def _read(accuracy: AccuracyService, period: str) -> AccuracyView:
    report = accuracy.report(days_of(period))
    meter = meter_view(report)
    if meter is not None:
        return AccuracyView(period, meter)
    return AccuracyView(period, empty=NOTHING_EVER if report.is_complete else NOTHING_NOW)
