"""`db upgrade`, `db check`, `db backup` and `db restore`."""

from __future__ import annotations

import argparse

from visionscan_kiosk.bootstrap import open_database
from visionscan_kiosk.cli.console import Command, put, say
from visionscan_kiosk.settings import KioskSettings


def upgrade(_arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Bring the tables to this program's version; opening the database does it."""
    with open_database(settings) as database:
        say(f"{database.describe()}.")
    return 0


def check(_arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Prove that stock equals its movements and totals equal their lines; return 1 when not."""
    with open_database(settings) as database:
        problems = database.check()
    for problem in problems:
        put(problem)
    say(f"{len(problems)} problems found." if problems else "Stock and totals add up.")
    return 1 if problems else 0


def backup(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Write everything to one file."""
    with open_database(settings) as database:
        rows = database.back_up(arguments.file.absolute())
    say(f"{rows} rows written to {arguments.file}.")
    return 0


def restore(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Replace everything by a backup."""
    with open_database(settings) as database:
        rows = database.restore(arguments.file.absolute())
    say(f"{rows} rows restored from {arguments.file}.")
    return 0


COMMANDS: dict[str, Command] = {"upgrade": upgrade, "check": check, "backup": backup, "restore": restore}
