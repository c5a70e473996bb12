"""The embedded server where the system has no Unix users and no `flock`: a refusal that says what to do."""

from pathlib import Path
from typing import NoReturn

from visionscan_kiosk.domain.errors import DatabaseUnavailable


class EmbeddedPostgres:
    """Stands in for the server on Windows; constructing it explains how to name a database."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        del folder, durable
        raise DatabaseUnavailable(
            "The built-in database does not run on Windows yet. Install PostgreSQL 15 or newer and set "
            "DATABASE_URL, for example postgresql://user:password@localhost/visionscan."
        )

    def __enter__(self) -> NoReturn:
        """Never reached: there is no instance."""
        raise NotImplementedError

    def __exit__(self, *exc_info: object) -> None:
        """Never reached: there is no instance."""

    def start(self) -> NoReturn:
        """Never reached: there is no instance."""
        raise NotImplementedError

    stop = ensure_database = url = revive = start
