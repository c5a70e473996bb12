"""What the shop sets for its eyes, what they keep between days, and where code and looks did not agree."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CREATE = (
    # What a shop sets on the screen, one row a setting; what is not here is as the environment says.
    """
    CREATE TABLE shop_settings (
        name varchar(100) PRIMARY KEY,
        value jsonb NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    # Products that a sure look adds without a tap.
    """
    CREATE TABLE products_added_when_sure (
        inventory_id uuid PRIMARY KEY,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_products_added_when_sure_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE
    )
    """,
    # The empty counter of each till, as its camera last saw it.
    """
    CREATE TABLE empty_counters (
        till_id varchar(64) PRIMARY KEY,
        picture bytea NOT NULL,
        learned_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
    """,
    "ALTER TABLE empty_counters ALTER COLUMN picture SET STORAGE EXTERNAL",
    # What is written on the thing, as read from its photo; NULL: not read yet.
    "ALTER TABLE taught_photos ADD COLUMN label_text varchar(2000)",
    # Whether the till knew the product by its looks when it was seen: nobody recognises a stranger.
    "ALTER TABLE recognition_events ADD COLUMN was_taught boolean NOT NULL DEFAULT true",
    # A barcode said one product, the camera was sure of another.
    """
    CREATE TABLE wrong_item_notices (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        session_id uuid,
        coded_inventory_id uuid NOT NULL,
        seen_inventory_id uuid NOT NULL,
        confidence double precision NOT NULL,
        answer varchar(16),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_wrong_item_notices_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE SET NULL,
        CONSTRAINT fk_wrong_item_notices_coded_inventory_id FOREIGN KEY (coded_inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE,
        CONSTRAINT fk_wrong_item_notices_seen_inventory_id FOREIGN KEY (seen_inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE,
        CONSTRAINT ck_wrong_item_notices_confidence CHECK (confidence BETWEEN 0 AND 1),
        CONSTRAINT ck_wrong_item_notices_answer CHECK (answer IN ('kept', 'replaced'))
    )
    """,
    "CREATE INDEX ix_wrong_item_notices_created_at ON wrong_item_notices (created_at)",
    "CREATE INDEX ix_wrong_item_notices_session_id ON wrong_item_notices (session_id)",
    "CREATE INDEX ix_wrong_item_notices_coded_inventory_id ON wrong_item_notices (coded_inventory_id)",
    "CREATE INDEX ix_wrong_item_notices_seen_inventory_id ON wrong_item_notices (seen_inventory_id)",
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE wrong_item_notices, empty_counters, products_added_when_sure, shop_settings")
    op.execute("ALTER TABLE recognition_events DROP COLUMN was_taught")
    op.execute("ALTER TABLE taught_photos DROP COLUMN label_text")
