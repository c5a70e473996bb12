"""What the shop taught its camera, and how well it recognised what people then decided."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CREATE = (
    # One row, as in catalogue_revision: its lock orders the commits of whoever teaches or forgets.
    """
    CREATE TABLE taught_revision (
        only_row boolean PRIMARY KEY DEFAULT true,
        revision bigint NOT NULL,
        CONSTRAINT ck_taught_revision_only_row CHECK (only_row)
    )
    """,
    "INSERT INTO taught_revision (revision) VALUES (1)",
    """
    CREATE TABLE taught_photos (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        inventory_id uuid NOT NULL,
        picture bytea NOT NULL,
        source varchar(16) NOT NULL,
        is_held boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_taught_photos_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE,
        CONSTRAINT ck_taught_photos_source CHECK (source IN ('taught', 'confirmed')),
        CONSTRAINT ck_taught_photos_held CHECK (source = 'confirmed' OR NOT is_held)
    )
    """,
    "CREATE INDEX ix_taught_photos_inventory_id ON taught_photos (inventory_id)",
    # Vectors stand apart: tills with different models may share one shop, each adds its own.
    """
    CREATE TABLE taught_vectors (
        photo_id uuid NOT NULL,
        model_version varchar(100) NOT NULL,
        views smallint NOT NULL,
        dimensions integer NOT NULL,
        vectors bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (photo_id, model_version),
        CONSTRAINT fk_taught_vectors_photo_id FOREIGN KEY (photo_id)
            REFERENCES taught_photos (id) ON DELETE CASCADE,
        CONSTRAINT ck_taught_vectors_float16 CHECK (octet_length(vectors) = views * dimensions * 2)
    )
    """,
    # Coded pictures and floats do not get smaller by compressing them once more.
    "ALTER TABLE taught_photos ALTER COLUMN picture SET STORAGE EXTERNAL",
    "ALTER TABLE taught_vectors ALTER COLUMN vectors SET STORAGE EXTERNAL",
    # One row for what one stage said of one thing that was decided afterwards; no pictures.
    """
    CREATE TABLE recognition_events (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        session_id uuid,
        inventory_id uuid NOT NULL,
        decided_by varchar(16) NOT NULL,
        source varchar(16) NOT NULL,
        model varchar(200) NOT NULL,
        decision varchar(16) NOT NULL,
        candidates uuid[] NOT NULL,
        confidence double precision NOT NULL,
        seconds double precision NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT fk_recognition_events_session_id FOREIGN KEY (session_id)
            REFERENCES scan_sessions (id) ON DELETE SET NULL,
        CONSTRAINT fk_recognition_events_inventory_id FOREIGN KEY (inventory_id)
            REFERENCES inventory_master (id) ON DELETE CASCADE,
        CONSTRAINT ck_recognition_events_decided_by CHECK (decided_by IN ('person', 'barcode')),
        CONSTRAINT ck_recognition_events_decision CHECK (decision IN ('matched', 'ask', 'unmatched')),
        CONSTRAINT ck_recognition_events_confidence CHECK (confidence BETWEEN 0 AND 1),
        CONSTRAINT ck_recognition_events_seconds CHECK (seconds >= 0)
    )
    """,
    "CREATE INDEX ix_recognition_events_inventory_id ON recognition_events (inventory_id)",
    "CREATE INDEX ix_recognition_events_session_id ON recognition_events (session_id)",
    "CREATE INDEX ix_recognition_events_created_at ON recognition_events (created_at)",
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE recognition_events, taught_vectors, taught_photos, taught_revision")
