"""Databases that live no longer than their maker: copies of one that was prepared, dropped at the end."""

from __future__ import annotations

import itertools
import os
from contextlib import closing

import psycopg2
from psycopg2 import sql
from sqlalchemy import make_url


class SpareDatabases:
    """Makes and drops databases of one server; names carry the process id, so that two makers do not meet."""

    def __init__(self, admin_url: str, prefix: str) -> None:
        self._admin_url = make_url(admin_url).set(drivername="postgresql")
        self._prefix = prefix
        self._numbers = itertools.count()

    def create(self, template: str = "template0") -> str:
        """Make a database and return its name; nobody may be connected to its template."""
        name = f"{self._prefix}_{os.getpid()}_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def url(self, name: str) -> str:
        """Return the URL of a database of this server, password included."""
        return self._admin_url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, *names: str) -> None:
        with closing(psycopg2.connect(self.url(self._admin_url.database or "postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
