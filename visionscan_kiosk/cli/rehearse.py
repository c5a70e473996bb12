"""`rehearse`: scripts of goods and people are played through the whole till, in virtual time."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from visionscan_kiosk.cli.console import Command, put, put_json, say
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.rehearsal.coverage import Coverage
from visionscan_kiosk.rehearsal.player import Played, play
from visionscan_kiosk.rehearsal.scene import sample_packs
from visionscan_kiosk.rehearsal.script import Script, read_script
from visionscan_kiosk.rehearsal.shop import RehearsalShops, open_shops
from visionscan_kiosk.settings import KioskSettings

_CANNOT_READ = 2


def rehearse(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Play the scripts; return 1 when an expectation does not hold, 2 when a script cannot be read."""
    try:
        scripts = [(path, _read(path, arguments.fps)) for path in arguments.file]
        with open_shops(settings, server_url=arguments.database_url, folder=arguments.data_dir) as shops:
            stagehand = _Stagehand(shops, is_telling=not arguments.json)
            records = [stagehand.play(path, script) for path, script in scripts]
    except InvalidInput as error:
        say(str(error))
        return _CANNOT_READ
    holds = all(record["holds"] for record in records)
    if arguments.json:
        table = {"coverage": stagehand.coverage.record()} if arguments.coverage else {}
        put_json({"holds": holds, "rehearsals": records, **table})
    elif arguments.coverage:
        for line in stagehand.coverage.table():
            put(line)
    return 0 if holds else 1


def _read(path: Path, fps: float | None) -> Script:
    script = read_script(path, sample_packs())
    return script if fps is None else replace(script, fps=fps)


class _Stagehand:
    """Plays one script after the other, each on a fresh shop."""

    def __init__(self, shops: RehearsalShops, *, is_telling: bool) -> None:
        self._shops = shops
        self._is_telling = is_telling
        self.coverage = Coverage()

    def play(self, path: Path, script: Script) -> dict[str, object]:
        with self._shops.fresh() as settings:
            try:
                played = play(script, settings, self.coverage.note)
            except InvalidInput as error:
                raise InvalidInput(f"{path}: {error}") from error
        if self._is_telling:
            for failure in played.failures:
                put(f"{path}: {failure.sentence}")
            say(f"{'fails' if played.failures else 'holds'}: {script.says or path}")
        return _record(path, script, played)


def _record(path: Path, script: Script, played: Played) -> dict[str, object]:
    return {
        "file": str(path),
        "says": script.says,
        "holds": not played.failures,
        "fps": script.fps,
        "seconds": round(played.seconds, 3),
        "failures": [asdict(failure) for failure in played.failures],
    }


COMMANDS: dict[str, Command] = {"rehearse": rehearse}
