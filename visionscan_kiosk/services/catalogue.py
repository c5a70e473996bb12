"""The matcher over all products, kept in step with the database by its revision number."""

from __future__ import annotations

from threading import Lock

from visionscan_kiosk.domain.matching.match import ProductMatcher
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory


class ProductCatalogue:
    """Shares one matcher between till, search box and HTTP; changes come in without a rebuild."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, matcher: ProductMatcher) -> None:
        self._unit_of_work = unit_of_work
        self._matcher = matcher
        self._revision = 0
        self._refreshing = Lock()

    def warm_up(self) -> None:
        """Load all products now, so that the first scan does not wait for it."""
        with self._unit_of_work() as work:
            self.current(work)

    def current(self, work: UnitOfWork) -> ProductMatcher:
        """Return the matcher as the database stands in `work`."""
        if work.products.catalogue_revision() != self._revision:
            self._refresh(work)
        return self._matcher

    def _refresh(self, work: UnitOfWork) -> None:
        with self._refreshing:
            changes = work.products.changed_since(self._revision)
            if changes.revision > self._revision:
                self._matcher.update(changes.products)
                self._revision = changes.revision
