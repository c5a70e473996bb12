"""Chooses the command, reads the settings and turns every error of the shop into one sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import cast

from visionscan_kiosk.cli.arguments import build_parser
from visionscan_kiosk.cli.console import Command, say
from visionscan_kiosk.cli.logs import write_logs
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.settings import KioskSettings, load_settings

_MODULES = {
    "run": "till",
    "demo": "till",
    "rehearse": "rehearse",
    "match": "match",
    "detect": "detect",
    "teach": "teach",
    "accuracy": "accuracy",
    "privacy": "privacy",
    "models": "models",
    "try-model": "try_model",
    "doctor": "doctor",
    "products": "products",
    "sales": "sales",
    "serve": "serve",
    "apikey": "api_keys",
    "db": "database",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when it did what was asked, 1 when not (2 for wrong arguments)."""
    arguments = build_parser().parse_args(argv)
    if arguments.command is None:
        arguments = build_parser().parse_args([*(sys.argv[1:] if argv is None else argv), "run"])
    try:
        settings = _settings(arguments)
        write_logs(settings.data_dir, debug=settings.debug, command=arguments.command)
        return _command(arguments)(arguments, settings)
    except KioskError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _settings(arguments: argparse.Namespace) -> KioskSettings:
    overrides = {name: getattr(arguments, name, None) for name in ("database_url", "camera")}
    given = {name: value for name, value in overrides.items() if value is not None}
    return load_settings(arguments.data_dir, **given)


def _command(arguments: argparse.Namespace) -> Command:
    """Import only what the command needs: `match` must not wait for the screen's libraries."""
    module = importlib.import_module(f"visionscan_kiosk.cli.{_MODULES[arguments.command]}")
    commands = cast("Mapping[str, Command]", module.COMMANDS)
    return commands[getattr(arguments, "action", None) or arguments.command]
