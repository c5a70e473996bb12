"""`run` and `demo`: the till's screen."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from visionscan_kiosk.bootstrap import open_demo, open_till
from visionscan_kiosk.cli.console import Command, say
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.settings import KioskSettings


def run(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Open the till of the real shop."""
    if not _has_screen():
        raise InvalidInput(
            "There is no screen here. Start the till from a desktop, or use serve for headless work."
        )
    from visionscan_kiosk.gui.till_app import run_till

    with open_till(settings) as equipment, _http_beside(arguments, settings):
        return run_till(equipment, windowed=arguments.windowed)


def _http_beside(arguments: argparse.Namespace, settings: KioskSettings) -> AbstractContextManager[object]:
    if not arguments.with_api:
        return nullcontext()
    from visionscan_kiosk.cli.serve import beside_the_till

    return beside_the_till(settings, "127.0.0.1", arguments.api_port)


def demo(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Open the till of the sample shop; without a screen, or when asked, sell once by script."""
    folder = _snapshot_folder(arguments, settings)
    if folder is None:
        from visionscan_kiosk.gui.till_app import run_till

        with open_demo(settings) as equipment:
            return run_till(equipment, windowed=arguments.windowed)
    return _sell_by_script(settings, folder)


def _sell_by_script(settings: KioskSettings, folder: Path) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from visionscan_kiosk.gui.till_app import run_snapshot_tour

    folder.mkdir(parents=True, exist_ok=True)
    with open_demo(settings) as equipment:
        failed = run_snapshot_tour(equipment, folder)
    say(f"Pictures of every step and the receipt are in {folder}.")
    return failed


def _snapshot_folder(arguments: argparse.Namespace, settings: KioskSettings) -> Path | None:
    if arguments.snapshots is not None:
        return Path(arguments.snapshots).absolute()
    if _has_screen():
        return None
    return settings.data_dir / "demo" / "snapshots" / datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


COMMANDS: dict[str, Command] = {"run": run, "demo": demo}
