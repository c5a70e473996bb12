"""${message}."""

from __future__ import annotations

from alembic import op

# Revisions are numbered: the program takes the highest number of this folder as its own schema version.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
