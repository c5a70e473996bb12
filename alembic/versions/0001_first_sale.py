"""The tables of the first sale: products, sessions, their lines, stock movements, tenders."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CREATE = (
    # One row: the number under whose lock the searchable part of the catalogue changes, so that revisions
    # become visible in the order of their numbers.
    """
    CREATE TABLE catalogue_revision (
        only_row boolean PRIMARY KEY DEFAULT true,
        revision bigint NOT NULL,
        CONSTRAINT ck_catalogue_revision_only_row CHECK (only_row)
    )
    """,
    "INSERT INTO catalogue_revision (revision) VALUES (1)",
    """
    CREATE TABLE inventory_master (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        sku varchar(64) NOT NULL,
        name varchar(200) NOT NULL,
        category varchar(100) NOT NULL,
        price numeric(12, 2) NOT NULL,
        stock integer NOT NULL DEFAULT 0,
        aliases text[] NOT NULL DEFAULT '{}',
        catalogue_revision bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_inventory_master_sku UNIQUE (sku),
        CONSTRAINT ck_inventory_master_price CHECK (price >= 0 AND price <> 'NaN'),
        CONSTRAINT ck_inventory_master_stock CHECK (stock >= 0)
    )
    """,
    "CREATE INDEX ix_inventory_master_catalogue_revision ON inventory_master (catalogue_revision)",
    """
    CREATE TABLE product_barcodes (
        normalised varchar(80) PRIMARY KEY,
        inventory_id uuid NOT NULL,
        barcode varchar(80) NOT NULL,
        position smallint NOT NULL DEFAULT 0,
        CONSTRAINT fk_product_barcodes_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_product_barcodes_inventory_id ON product_barcodes (inventory_id)",
    """
    CREATE TABLE product_pictures (
        inventory_id uuid PRIMARY KEY,
        data bytea NOT NULL,
        media_type varchar(50) NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT fk_product_pictures_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE
    )
    """,
    # A sale draws its number; a sale that fails leaves a gap, which is harmless.
    "CREATE SEQUENCE receipt_numbers",
    """
    CREATE TABLE scan_sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        status varchar(16) NOT NULL DEFAULT 'active',
        check_in_time timestamptz NOT NULL DEFAULT now(),
        check_out_time timestamptz,
        total_amount numeric(16, 2) NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        outcome varchar(16),
        till_id varchar(100),
        receipt_number bigint,
        CONSTRAINT uq_scan_sessions_receipt_number UNIQUE (receipt_number),
        CONSTRAINT ck_scan_sessions_status CHECK (status IN ('active', 'completed')),
        CONSTRAINT ck_scan_sessions_outcome CHECK (outcome IN ('sold', 'ended')),
        CONSTRAINT ck_scan_sessions_total_amount CHECK (total_amount >= 0 AND total_amount <> 'NaN'),
        CONSTRAINT ck_scan_sessions_completed CHECK (
            (status = 'completed') = (outcome IS NOT NULL)
            AND (status = 'completed') = (check_out_time IS NOT NULL)
        ),
        CONSTRAINT ck_scan_sessions_sold CHECK (
            (coalesce(outcome, '') = 'sold') = (receipt_number IS NOT NULL)
        )
    )
    """,
    "CREATE INDEX ix_scan_sessions_status ON scan_sessions (status)",
    "CREATE UNIQUE INDEX uq_scan_sessions_open_till ON scan_sessions (till_id) WHERE status = 'active'",
    # sold_sku and sold_name are written by the sale: a receipt says what the goods were called then.
    """
    CREATE TABLE scan_items (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        session_id uuid NOT NULL,
        inventory_id uuid,
        detected_name varchar(500) NOT NULL,
        confidence double precision NOT NULL,
        quantity integer NOT NULL,
        unit_price numeric(12, 2),
        first_seen timestamptz NOT NULL DEFAULT clock_timestamp(),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        sold_sku varchar(64),
        sold_name varchar(200),
        CONSTRAINT fk_scan_items_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE CASCADE,
        CONSTRAINT fk_scan_items_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE RESTRICT,
        CONSTRAINT uq_scan_items_session_id_inventory_id UNIQUE (session_id, inventory_id),
        CONSTRAINT ck_scan_items_confidence CHECK (confidence BETWEEN 0 AND 1),
        CONSTRAINT ck_scan_items_quantity CHECK (quantity > 0),
        CONSTRAINT ck_scan_items_unit_price CHECK (unit_price >= 0 AND unit_price <> 'NaN'),
        CONSTRAINT ck_scan_items_matched CHECK ((inventory_id IS NULL) = (unit_price IS NULL))
    )
    """,
    "CREATE INDEX ix_scan_items_session_id ON scan_items (session_id)",
    "CREATE INDEX ix_scan_items_inventory_id ON scan_items (inventory_id)",
    """
    CREATE TABLE inventory_movements (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        inventory_id uuid NOT NULL,
        change_qty integer NOT NULL,
        reason varchar(16) NOT NULL,
        session_id uuid,
        note varchar(500),
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_inventory_movements_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE RESTRICT,
        CONSTRAINT fk_inventory_movements_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE RESTRICT,
        CONSTRAINT ck_inventory_movements_change_qty CHECK (change_qty <> 0),
        CONSTRAINT ck_inventory_movements_reason
            CHECK (reason IN ('opening', 'sale', 'restock', 'adjustment')),
        CONSTRAINT ck_inventory_movements_sale
            CHECK (reason <> 'sale' OR (session_id IS NOT NULL AND change_qty < 0))
    )
    """,
    "CREATE INDEX ix_inventory_movements_inventory_id ON inventory_movements (inventory_id)",
    "CREATE INDEX ix_inventory_movements_session_id ON inventory_movements (session_id)",
    """
    CREATE TABLE tenders (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        session_id uuid NOT NULL,
        position smallint NOT NULL,
        method varchar(16) NOT NULL,
        amount numeric(16, 2) NOT NULL,
        given numeric(16, 2) NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT fk_tenders_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE RESTRICT,
        CONSTRAINT uq_tenders_session_id_position UNIQUE (session_id, position),
        CONSTRAINT ck_tenders_method CHECK (method IN ('cash', 'card')),
        CONSTRAINT ck_tenders_amount CHECK (amount >= 0 AND amount <> 'NaN'),
        CONSTRAINT ck_tenders_given CHECK (given >= amount AND given <> 'NaN')
    )
    """,
)

DROP = (
    "DROP TABLE tenders, inventory_movements, scan_items, scan_sessions, product_pictures, product_barcodes, "
    "inventory_master, catalogue_revision",
    "DROP SEQUENCE receipt_numbers",
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROP:
        op.execute(statement)
