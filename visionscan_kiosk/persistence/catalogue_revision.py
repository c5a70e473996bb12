"""The revision of the catalogue: a number that grows with every change to what products are found by."""

from __future__ import annotations

from sqlalchemy import Connection, select

from visionscan_kiosk.persistence.tables import catalogue_revision


class CatalogueRevision:
    """Draws one number a transaction, under the lock of the table's only row.

    The lock orders the commits: who reads revision 7 sees all changes up to 7. It is taken before any
    product row, so that two changes can never wait for each other.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._taken: int | None = None

    def take(self) -> int:
        """Return this transaction's number."""
        if self._taken is None:
            self._taken = self._connection.execute(
                catalogue_revision.update()
                .values(revision=catalogue_revision.c.revision + 1)
                .returning(catalogue_revision.c.revision)
            ).scalar_one()
        return self._taken

    def read(self) -> int:
        """Return the present number."""
        revision: int = self._connection.execute(select(catalogue_revision.c.revision)).scalar_one()
        return revision
