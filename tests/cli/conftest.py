"""Calls the command line as a person does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from visionscan_kiosk.cli.main import main

Run = Callable[..., SimpleNamespace]


@pytest.fixture(autouse=True)
def quiet_logging() -> Iterator[None]:
    """Each command adds its log handlers to the root logger; take them off again."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def run(
    own_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VISIONSCAN_READ_LABELS", "false")  # what is read has tests of its own

    def call(*arguments: str | Path, database_url: str = own_database_url) -> SimpleNamespace:
        try:
            code = main(
                ["--data-dir", str(tmp_path / "data"), "--database-url", database_url, *map(str, arguments)]
            )
        except SystemExit as stop:
            code = int(stop.code or 0)
        written = capsys.readouterr()
        return SimpleNamespace(code=code, out=written.out, err=written.err)

    return call
