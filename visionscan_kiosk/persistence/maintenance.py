"""Looking after the database: proof that the books agree. Backups stand in backup.py."""

from __future__ import annotations

from sqlalchemy import Engine, text

from visionscan_kiosk.persistence.backup import BackupSummary, backup, restore
from visionscan_kiosk.persistence.engine import lift_time_limit

__all__ = ["BackupSummary", "backup", "check_consistency", "restore"]

_LONGEST_LIST = 100

_CHECKS = (
    """
    SELECT format('Stock of %s (%s) is %s, its movements sum to %s.', sku, name, stock, moved)
    FROM (
        SELECT sku, name, stock, coalesce(sum(change_qty), 0) AS moved
        FROM inventory_master LEFT JOIN inventory_movements ON inventory_id = inventory_master.id
        GROUP BY inventory_master.id
    ) AS products
    WHERE stock <> moved
    """,
    """
    SELECT format('Session %s (%s) has total %s, its lines sum to %s.',
                  id, coalesce(outcome, status), total_amount, billed)
    FROM (
        SELECT scan_sessions.*, coalesce(sum(unit_price * quantity), 0) AS billed
        FROM scan_sessions LEFT JOIN scan_items ON session_id = scan_sessions.id
        WHERE outcome IS DISTINCT FROM 'ended'
        GROUP BY scan_sessions.id
    ) AS sessions
    WHERE total_amount <> billed
    """,
    """
    SELECT format('Session %s ended without a sale but has total %s.', id, total_amount)
    FROM scan_sessions WHERE outcome = 'ended' AND total_amount <> 0
    """,
    """
    SELECT format('Session %s was sold with a line that has no product: %s.', session_id, detected_name)
    FROM scan_items JOIN scan_sessions ON scan_sessions.id = session_id
    WHERE outcome = 'sold' AND inventory_id IS NULL
    """,
    """
    SELECT format('Session %s costs %s, its tenders sum to %s.', id, total_amount, paid)
    FROM (
        SELECT scan_sessions.*, sum(amount) AS paid
        FROM scan_sessions JOIN tenders ON session_id = scan_sessions.id
        GROUP BY scan_sessions.id
    ) AS sessions
    WHERE outcome IS DISTINCT FROM 'sold' OR total_amount <> paid
    """,
    """
    SELECT format('Session %s took %s of product %s from stock, its lines say %s.',
                  session_id, coalesce(taken, 0), inventory_id, coalesce(billed, 0))
    FROM (
        SELECT session_id, inventory_id, -sum(change_qty) AS taken
        FROM inventory_movements WHERE reason = 'sale' GROUP BY session_id, inventory_id
    ) AS moved
    FULL JOIN (
        SELECT session_id, inventory_id, sum(quantity) AS billed
        FROM scan_items JOIN scan_sessions ON scan_sessions.id = session_id
        WHERE outcome = 'sold' AND inventory_id IS NOT NULL GROUP BY session_id, inventory_id
    ) AS sold USING (session_id, inventory_id)
    WHERE taken IS DISTINCT FROM billed
    """,
    """
    SELECT format('Photo %s of %s (%s) has no vectors of any model: remove it and teach again.',
                  taught_photos.id, sku, name)
    FROM taught_photos JOIN inventory_master ON inventory_master.id = inventory_id
    WHERE NOT EXISTS (SELECT FROM taught_vectors WHERE photo_id = taught_photos.id)
    """,
)


def check_consistency(engine: Engine) -> list[str]:
    """Return a sentence for everything in the books that does not agree; an empty list is the proof.

    Stock is the sum of movements, every total the sum of its lines, tenders pay exactly the total, and a
    sale's movements are its lines; every taught photo has vectors. All is read in one snapshot, so tills may
    go on selling.
    """
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        lift_time_limit(connection)
        return [
            sentence
            for check in _CHECKS
            for sentence in connection.execute(text(f"{check} LIMIT {_LONGEST_LIST}")).scalars()
        ]
