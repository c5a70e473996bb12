"""What the HTTP facade remembers: keys of its clients, and answers to be given again."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CREATE = (
    # Only the SHA-256 of a key is kept: the keys are long and random, so no slow hash is needed.
    """
    CREATE TABLE api_keys (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name varchar(100) NOT NULL,
        scope varchar(16) NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        revoked_at timestamptz,
        CONSTRAINT uq_api_keys_name UNIQUE (name),
        CONSTRAINT uq_api_keys_token_hash UNIQUE (token_hash),
        CONSTRAINT ck_api_keys_scope CHECK (scope IN ('read', 'sell', 'manage')),
        CONSTRAINT ck_api_keys_token_hash CHECK (octet_length(token_hash) = 32)
    )
    """,
    # A row without an answer is a request that still runs outside of any transaction.
    """
    CREATE TABLE idempotency_keys (
        scope varchar(300) NOT NULL,
        key varchar(255) NOT NULL,
        fingerprint bytea NOT NULL,
        status smallint,
        body bytea,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (scope, key),
        CONSTRAINT ck_idempotency_keys_answer CHECK ((status IS NULL) = (body IS NULL))
    )
    """,
    "CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)",
)


def upgrade() -> None:
    for statement in CREATE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE idempotency_keys, api_keys")
