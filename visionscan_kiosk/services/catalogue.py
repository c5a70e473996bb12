"""The matcher over all products, kept in step with the database by its revision number."""

from __future__ import annotations

from threading import Lock

from visionscan_kiosk.domain.matching.match import ProductMatcher
from visionscan_kiosk.services.ports import UnitOfWorkFactory


class ProductCatalogue:
    """Shares one matcher between till, search box and HTTP; changes come in without a rebuild.

    Taking them in may last seconds, so no transaction is open meanwhile: ask for the matcher first.
    """

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, matcher: ProductMatcher, *, asks: bool = True
    ) -> None:
        """With `asks` false it never looks for changes: for use inside somebody's transaction."""
        self._unit_of_work = unit_of_work
        self._matcher = matcher
        self._asks = asks
        self._revision = 0
        self._refreshing = Lock()

    def warm_up(self) -> None:
        """Load all products now, so that the first scan does not wait for it."""
        self.current()

    def current(self) -> ProductMatcher:
        """Return the matcher as the database stands now."""
        if self._asks and self._present_revision() != self._revision:
            self._refresh()
        return self._matcher

    def as_known(self) -> ProductCatalogue:
        """Return a catalogue on the same matcher that asks no database."""
        return ProductCatalogue(self._unit_of_work, self._matcher, asks=False)

    def _present_revision(self) -> int:
        with self._unit_of_work().reading() as work:
            return work.products.catalogue_revision()

    def _refresh(self) -> None:
        with self._refreshing:
            with self._unit_of_work().reading() as work:
                changes = work.products.changed_since(self._revision)
            if changes.revision > self._revision:
                self._matcher.update(changes.products)
                self._revision = changes.revision
