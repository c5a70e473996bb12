"""What tills asked of baskets, each with its id, and which machine each till's identity is in use on."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CREATE = (
    # Written in the transaction of its effect: an operation that is sent twice is carried out once.
    """
    CREATE TABLE basket_operations (
        id uuid PRIMARY KEY,
        session_id uuid NOT NULL,
        kind varchar(32) NOT NULL,
        content text NOT NULL,
        changes jsonb NOT NULL,
        item_id uuid,
        before jsonb,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_basket_operations_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_basket_operations_session_id ON basket_operations (session_id)",
    "CREATE INDEX ix_basket_operations_created_at ON basket_operations (created_at)",
    # One row a till while its screen is open: the same identity in two places would share one basket.
    """
    CREATE TABLE till_leases (
        till_id varchar(100) PRIMARY KEY,
        holder varchar(64) NOT NULL,
        holder_name varchar(200) NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        renewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT ck_till_leases_expires_at CHECK (expires_at > renewed_at)
    )
    """,
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE basket_operations, till_leases")
