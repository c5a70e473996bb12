"""`doctor`: one line for each part; exit 1 when a part that selling needs is broken."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.bootstrap import (
    check_camera,
    check_labels,
    open_database,
    open_model,
    read_chosen_model,
)
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.cli.console import Command, put
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.settings import KioskSettings

_FONTS = ("IBMPlexSans-Regular.ttf", "IBMPlexSans-Medium.ttf", "IBMPlexSans-SemiBold.ttf")


@dataclass(frozen=True, slots=True)
class Finding:
    """How a part is: `is_fine`, and whether selling needs it."""

    part: str
    is_fine: bool
    is_needed: bool
    message: str

    @property
    def line(self) -> str:
        """The finding as one line."""
        mark = "ok  " if self.is_fine else ("BAD " if self.is_needed else "--  ")
        return f"{mark} {self.part:<9} {self.message}"


def doctor(_arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Look at every part and say how it is."""
    findings = [examine(settings) for examine in _EXAMINATIONS]
    for finding in findings:
        put(finding.line)
    return 1 if any(not finding.is_fine and finding.is_needed for finding in findings) else 0


def _database(settings: KioskSettings) -> Finding:
    try:
        with open_database(settings) as database:
            message = database.describe()
    except KioskError as error:
        return Finding("Database", is_fine=False, is_needed=True, message=str(error))
    return Finding("Database", is_fine=True, is_needed=True, message=message)


def _screen(_settings: KioskSettings) -> Finding:
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        message = f"{error}. Run ./kiosk once as root, or install the system library that is named here."
        return Finding("Screen", is_fine=False, is_needed=True, message=message)
    return Finding("Screen", is_fine=True, is_needed=True, message="Qt and its system libraries are here")


def _fonts(_settings: KioskSettings) -> Finding:
    try:
        for name in _FONTS:
            bundled(f"resources/fonts/{name}")
    except FileNotFoundError as error:
        return Finding("Fonts", is_fine=False, is_needed=True, message=str(error))
    return Finding("Fonts", is_fine=True, is_needed=True, message="IBM Plex Sans is here")


def _camera(settings: KioskSettings) -> Finding:
    try:
        message = check_camera(settings)
    except KioskError as error:
        return Finding("Camera", is_fine=False, is_needed=False, message=str(error))
    return Finding("Camera", is_fine=True, is_needed=False, message=message)


def _labels(_settings: KioskSettings) -> Finding:
    try:
        message = check_labels()
    except KioskError as error:
        return Finding("Labels", is_fine=False, is_needed=False, message=str(error))
    return Finding("Labels", is_fine=True, is_needed=False, message=message)


def _model(settings: KioskSettings) -> Finding:
    name = _model_name(settings)
    with open_model(settings, lambda: name) as model:
        health = model.answers(settings.ollama_timeout)
    version = f" (Ollama {health.server_version})" if health.server_version else ""
    return Finding("Model", is_fine=health.is_ready, is_needed=False, message=f"{health.message}{version}")


def _model_name(settings: KioskSettings) -> str:
    """Without a database nothing says that the shop chose another model."""
    try:
        return read_chosen_model(settings)
    except KioskError:
        return settings.ollama_model


_EXAMINATIONS: tuple[Callable[[KioskSettings], Finding], ...] = (
    _database,
    _screen,
    _fonts,
    _camera,
    _labels,
    _model,
)

COMMANDS: dict[str, Command] = {"doctor": doctor}
