"""Runs the migrations on the connection that the program hands over, or on `-x url=...` for developers."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import Connection

from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.tables import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


def run_on_developers_url() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url") or os.environ["DATABASE_URL"]
    engine = create_engine_for(url)
    try:
        with engine.begin() as connection:
            run(connection)
    finally:
        engine.dispose()


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    run_on_developers_url()
