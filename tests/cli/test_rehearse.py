"""`rehearse`: what it writes, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PUT = {"put": "OATMILK001", "as": "a", "at": [0.4, 0.5], "turn": 10}
WriteScript = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteScript:
    def to_file(*steps: object, name: str = "script", **head: object) -> Path:
        path = tmp_path / f"{name}.json"
        path.write_text(
            json.dumps({"says": "A pack", "fps": 10, **head, "steps": list(steps)}), encoding="utf-8"
        )
        return path

    return to_file


def test_a_script_that_holds_ends_well_and_says_so(run: Run, write: WriteScript) -> None:
    path = write(PUT, {"wait": 2}, {"expect": {"basket": {"OATMILK001": 1}, "sold": []}})

    done = run("rehearse", path)

    assert (done.code, done.out) == (0, "")
    assert "holds: A pack" in done.err


def test_each_expectation_that_does_not_hold_is_a_line_and_the_script_goes_on(
    run: Run, write: WriteScript
) -> None:
    path = write(
        {"expect": {"basket": {"WATER002": 2}}},
        {"undo": True},
        PUT,
        {"wait": 2},
        {"expect": {"basket": {"OATMILK001": 1}, "says": "thunder"}},
    )

    done = run("rehearse", path)
    first, second, third = done.out.splitlines()

    assert done.code == 1
    assert first == f'{path}: step 1: basket: expected {{"WATER002": 2}}, found {{}}'
    assert second == f"{path}: step 2: undo cannot be done: no undo is offered"
    assert third.startswith(f"{path}: step 5: says: expected thunder, found ")


def test_json_is_one_object_for_all_scripts(run: Run, write: WriteScript) -> None:
    good = write({"wait": 1}, name="good")
    bad = write({"expect": {"may_pay": True}}, name="bad")

    done = run("rehearse", good, bad, "--json", "--fps", "5", "--coverage")
    (told,) = map(json.loads, done.out.splitlines())

    assert done.code == 1
    assert told["holds"] is False
    assert [entry["holds"] for entry in told["rehearsals"]] == [True, False]
    assert [entry["fps"] for entry in told["rehearsals"]] == [5, 5]
    assert told["rehearsals"][1]["failures"] == [
        {"step": 1, "what": "may_pay", "expected": True, "found": False}
    ]
    assert told["coverage"]["take"]["in basket"] == 0


def test_the_same_script_ends_the_same_every_time(run: Run, write: WriteScript) -> None:
    path = write(PUT, {"cover": ["a"], "by": "moving hand", "for": 1}, readable=0.3)

    first, second = (run("rehearse", path, "--json", "--coverage").out for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("content", "says"),
    [("{", "is not JSON"), ('{"steps": [{"fly": 1}]}', 'Step 1: there is no step "fly"')],
)
def test_a_script_that_cannot_be_read_is_not_played(
    run: Run, tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content, encoding="utf-8")

    done = run("rehearse", path)

    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_a_rehearsal_never_loads_qt() -> None:
    """Whatever is imported on the way from the command to the flow."""
    code = (
        "import sys, visionscan_kiosk.cli.rehearse, visionscan_kiosk.rehearsal.player; "
        "sys.exit(any(name.startswith(('PySide6', 'qtawesome')) for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
