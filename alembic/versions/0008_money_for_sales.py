"""Stock below zero, held baskets, and sales that nobody saw yet."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UPGRADE = (
    # A short shelf is a fact: the goods are in the customer's hand, whatever the books say.
    "ALTER TABLE inventory_master DROP CONSTRAINT ck_inventory_master_stock",
    """
    ALTER TABLE scan_sessions
        ADD COLUMN held_at timestamptz,
        ADD COLUMN held_by uuid,
        ADD COLUMN hold_note varchar(500)
    """,
    # A held basket is nobody's open one.
    "DROP INDEX uq_scan_sessions_open_till",
    """
    CREATE UNIQUE INDEX uq_scan_sessions_open_till ON scan_sessions (till_id)
        WHERE status = 'active' AND held_at IS NULL
    """,
    "CREATE INDEX ix_scan_sessions_held_at ON scan_sessions (held_at) WHERE held_at IS NOT NULL",
    "CREATE INDEX ix_scan_sessions_sold ON scan_sessions (check_out_time) WHERE outcome = 'sold'",
    # A row is written with a till's sale and goes when somebody saw its receipt: no row means it was seen,
    # so sales from before count as seen. Local to the till: other tills never need it.
    """
    CREATE TABLE unacknowledged_sales (
        session_id uuid PRIMARY KEY,
        till_id varchar(100) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_unacknowledged_sales_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_unacknowledged_sales_till_id ON unacknowledged_sales (till_id)",
)
DOWNGRADE = (
    "DROP TABLE unacknowledged_sales",
    "DROP INDEX ix_scan_sessions_sold",
    "DROP INDEX ix_scan_sessions_held_at",
    "DROP INDEX uq_scan_sessions_open_till",
    # Held baskets stay, as baskets of no till: a till may have only one.
    "UPDATE scan_sessions SET till_id = NULL WHERE held_at IS NOT NULL AND status = 'active'",
    "CREATE UNIQUE INDEX uq_scan_sessions_open_till ON scan_sessions (till_id) WHERE status = 'active'",
    "ALTER TABLE scan_sessions DROP COLUMN held_at, DROP COLUMN held_by, DROP COLUMN hold_note",
    # What is below zero stays so until it is counted.
    "ALTER TABLE inventory_master ADD CONSTRAINT ck_inventory_master_stock CHECK (stock >= 0) NOT VALID",
)


def upgrade() -> None:
    for statement in UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWNGRADE:
        op.execute(statement)
