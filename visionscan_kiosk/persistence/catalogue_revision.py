"""Revisions: numbers that grow with every change that readers in other processes must follow."""

from __future__ import annotations

from sqlalchemy import Connection, Table, select

from visionscan_kiosk.persistence.tables import catalogue_revision, taught_revision


class Revision:
    """Draws one number a transaction, under the lock of the table's only row.

    The lock orders the commits: who reads revision 7 sees all changes up to 7. It is taken before any row
    that it speaks of, so that two changes can never wait for each other.
    """

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._taken: int | None = None

    def take(self) -> int:
        """Return this transaction's number."""
        if self._taken is None:
            self._taken = self._connection.execute(
                self._table.update()
                .values(revision=self._table.c.revision + 1)
                .returning(self._table.c.revision)
            ).scalar_one()
        return self._taken

    def read(self) -> int:
        """Return the present number."""
        revision: int = self._connection.execute(select(self._table.c.revision)).scalar_one()
        return revision


class CatalogueRevision(Revision):
    """Of what products are found by: SKU, name, category, aliases, barcodes."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, catalogue_revision)


class TaughtRevision(Revision):
    """Of the photos that products are recognised by."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, taught_revision)
