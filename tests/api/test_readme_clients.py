"""The clients that the README shows do what it says, against a real server process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import create
from tests.api.serving import serving
from tests.waiting import PATIENCE_S
from visionscan_kiosk.persistence.spare_databases import SpareDatabases

README = Path(__file__).parents[2] / "README.md"
KEY = "key-of-the-readme-clients-01"
NODE_VERSION = 20


def shown(language: str) -> str:
    """Return the one client that the README shows in a language."""
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return str(code)


@pytest.fixture(scope="module")
def server(
    database_server: SpareDatabases, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A server that asks for keys, and a client that may do everything."""
    name = database_server.create(template_database)
    url, folder = database_server.url(name), tmp_path_factory.mktemp("serve")
    keys = f"readme:manage:{KEY}"
    with (
        serving(url, folder, "--require-api-key", API_KEYS=keys) as (address, _),
        httpx.Client(base_url=address, headers={"X-API-Key": KEY}, timeout=PATIENCE_S) as client,
    ):
        yield client
    database_server.drop(name)


def node() -> list[str]:
    """Return how to run Node, or skip; pytest's `-ra` shows every skip."""
    found = shutil.which("node")
    version = subprocess.check_output([found, "--version"], text=True) if found else "v0"
    if found is None or int(version.removeprefix("v").partition(".")[0]) < NODE_VERSION:
        pytest.skip(f"NOT TESTED: the README's JavaScript client needs Node {NODE_VERSION} or newer")
    return [found]


@pytest.fixture(params=["python", "javascript"])
def client_command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    name, command = ("client.py", [sys.executable]) if request.param == "python" else ("client.mjs", node())
    (tmp_path / name).write_text(shown(request.param), encoding="utf-8")
    return [*command, str(tmp_path / name)]


def run(command: list[str], server: httpx.Client, *names: str) -> subprocess.CompletedProcess[str]:
    address = str(server.base_url).rstrip("/")
    return subprocess.run(
        [*command, address, *names],
        env={**os.environ, "KIOSK_API_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def test_a_client_sells_and_tells_why_it_could_not(client_command: list[str], server: httpx.Client) -> None:
    kind = Path(client_command[-1]).suffix
    apple = create(server, f"Red Apple {kind}", sku=f"APPLE{kind}", price=1.25, stock=3)
    names = [f"APPLE{kind}", f"red apple {kind}"]

    sold = run(client_command, server, *names)
    refused = run(client_command, server, *names)
    unknown = run(client_command, server, "zzz quux")

    assert sold.returncode == 0, sold.stderr
    assert sold.stdout.splitlines()[0].strip() == f"APPLE{kind}: Red Apple {kind}"
    assert sold.stdout.splitlines()[-1] == "Sold for 2.50"
    assert server.get(f"/inventory/{apple['id']}").json()["stock"] == 1
    assert refused.returncode == 1
    assert f"Insufficient stock for Red Apple {kind}. Available: 1, Required: 2" in refused.stderr
    assert "zzz quux: not known (look again)" in unknown.stdout
    assert "Nothing was sold" in unknown.stderr


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_client_fits_on_a_screen(language: str) -> None:
    assert sum(bool(line.strip()) for line in shown(language).splitlines()) <= 32
