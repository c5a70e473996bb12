"""The files for containers and systemd say what they must, as far as that shows without running them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "deploy" / "visionscan-kiosk.service"
SECRETS = ("api_keys", "database_password")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest.strip()) for word, _, rest in lines]


def test_compose_runs_the_backend_after_postgresql_15(compose: dict[str, Any]) -> None:
    backend, database = compose["services"]["backend"], compose["services"]["database"]
    assert database["image"].startswith("postgres:15")
    assert backend["depends_on"]["database"]["condition"] == "service_healthy"
    assert "pg_isready" in database["healthcheck"]["test"][1]
    assert all(port.startswith("127.0.0.1:") for port in backend["ports"])
    assert backend["read_only"] is True
    assert backend["cap_drop"] == ["ALL"]


def test_secrets_come_from_files_and_stand_nowhere(compose: dict[str, Any]) -> None:
    assert set(compose["secrets"]) == set(SECRETS)
    assert set(compose["services"]["backend"]["secrets"]) == set(SECRETS)
    for name, service in compose["services"].items():
        for variable, value in service["environment"].items():
            assert not re.search("PASSWORD|KEY|SECRET", variable) or variable.endswith("_FILE"), name
            assert not re.search(r"://[^/@]*:[^/@]*@", value), f"{name} has a password in an address"
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_image_is_unprivileged_checked_by_hash_and_tells_its_health(
    instructions: list[tuple[str, str]],
) -> None:
    last_stage = instructions[[word for word, _ in instructions].index("FROM", 1) :]
    words = dict(last_stage)
    assert words["USER"] == "kiosk"
    assert "/health/ready" in words["HEALTHCHECK"]
    assert words["STOPSIGNAL"] == "SIGTERM"
    installs = [rest for word, rest in instructions if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in installs[0]
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)
    assert not any(
        re.search("PASSWORD|API_KEY|SECRET", rest) for word, rest in instructions if word in {"ENV", "ARG"}
    )


def test_what_the_image_copies_exists_and_is_let_through(instructions: list[tuple[str, str]]) -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    copied = {
        source
        for word, rest in instructions
        if word == "COPY" and "--from" not in rest
        for source in [part for part in rest.split() if not part.startswith("--")][:-1]
    }
    assert copied == let_through
    assert all((ROOT / source).exists() for source in copied)


def test_a_container_takes_its_secrets_from_files(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("web:sell:from-a-file\n")
    (tmp_path / "password").write_text("$odd 'word\n")
    show = 'printf "%s|%s|%s" "$API_KEYS" "$PGPASSWORD" "$1"'

    def shown(**given: str) -> str:
        return subprocess.run(
            [str(ROOT / "deploy" / "container-start"), "sh", "-c", show, "sh", "an argument"],
            env={"PATH": os.environ["PATH"], **given},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    files = {"API_KEYS_FILE": str(tmp_path / "keys"), "PGPASSWORD_FILE": str(tmp_path / "password")}
    assert shown(**files) == "web:sell:from-a-file|$odd 'word|an argument"
    assert shown(**files, API_KEYS="web:sell:given") == "web:sell:given|$odd 'word|an argument"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="NOT TESTED: the unit needs systemd-analyze"
)
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """Only the program's path and user, which a developer's machine does not have, are replaced."""
    text = re.sub("(?m)^ExecStart=[^ ]+", f"ExecStart={shutil.which('true')}", UNIT.read_text())
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace("User=visionscan\n", "User=root\n"))
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_unit_is_unprivileged_and_asks_for_keys() -> None:
    lines = UNIT.read_text().splitlines()
    assert "User=visionscan" in lines
    assert "NoNewPrivileges=yes" in lines
    assert any(line.startswith("ExecStart=") and line.endswith("--require-api-key") for line in lines)
