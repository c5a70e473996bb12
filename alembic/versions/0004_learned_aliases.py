"""Which of a product's aliases the till learned from what cashiers chose."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE learned_aliases (
            inventory_id uuid NOT NULL,
            alias varchar(200) NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (inventory_id, alias),
            CONSTRAINT fk_learned_aliases_inventory_id FOREIGN KEY (inventory_id)
                REFERENCES inventory_master (id) ON DELETE CASCADE
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE learned_aliases")
