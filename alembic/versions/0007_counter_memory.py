"""What each till knows of the pieces on its counter: a restart in the middle of a sale is a blink."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE counter_memories (
            till_id varchar(100) PRIMARY KEY,
            session_id uuid NOT NULL,
            content jsonb NOT NULL,
            kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT fk_counter_memories_session_id FOREIGN KEY (session_id)
                REFERENCES scan_sessions (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_counter_memories_session_id ON counter_memories (session_id)")


def downgrade() -> None:
    op.execute("DROP TABLE counter_memories")
