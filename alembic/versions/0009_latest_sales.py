"""An index of the latest sales: what sells often is counted over those, not over all there ever were."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE INDEX ix_inventory_movements_sold ON inventory_movements (created_at)
            INCLUDE (inventory_id, change_qty) WHERE reason = 'sale'
        """
    )


def downgrade() -> None:
    op.execute("DROP INDEX ix_inventory_movements_sold")
