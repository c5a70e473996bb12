"""schemathesis drives a real server process by what openapi.json says, with the vision model's stand-in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx

from tests.api.conftest import create, scan, start
from tests.api.serving import serving
from tests.ollama_stand_in import OllamaStandIn, StandInModel, says_products
from tests.waiting import PATIENCE_S

SEED = 20260101
EXAMPLES = 8
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
OPERATIONS = 18
# Ids that exist, so that more is tried than 404. Sessions are left open: the run itself ends what it starts.
CONFIG = """
[parameters]
inventory_id = "{inventory}"

[[operations]]
include-path-regex = "/items|/scan"
parameters = {{ "path.session_id" = "{session}", "path.item_id" = "{item}" }}
"""


def test_no_answer_is_undescribed_and_none_is_a_500(own_database_url: str, tmp_path: Path) -> None:
    with OllamaStandIn(StandInModel("llava-phi3")) as model:
        model.will(says_products({"name": "Red Apple", "quantity": 1, "confidence": 88}))
        with (
            serving(own_database_url, tmp_path, OLLAMA_ENDPOINT=model.endpoint) as (address, _),
            httpx.Client(base_url=address, timeout=PATIENCE_S) as client,
        ):
            told = _run(address, tmp_path, _config(client))
            counts = client.get("/metrics").text

    assert re.search(rf"{OPERATIONS} selected / {OPERATIONS} total", told), told
    assert re.search(r"Test cases:\s+(\d+) generated, \1 passed", told), told
    assert 'status="500"' not in counts
    for route in ("/sessions/{session_id}/scan", "/inventory/{inventory_id}", "/sessions/{session_id}/items"):
        assert re.search(rf'route="{re.escape(route)}",status="200"', counts), f"{route} was never reached"


def _config(client: httpx.Client) -> str:
    apple, session = create(client, "Red Apple", stock=1000), start(client)
    line = scan(client, session, "red apple")
    return CONFIG.format(inventory=apple["id"], session=session.rpartition("/")[2], item=line["id"])


def _run(address: str, folder: Path, config: str) -> str:
    (folder / "schemathesis.toml").write_text(config)
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    command += [f"--config-file={folder / 'schemathesis.toml'}", "--no-color", "run"]
    command += [f"{address}/openapi.json", f"--checks={','.join(CHECKS)}", f"--seed={SEED}"]
    command += [f"--max-examples={EXAMPLES}", "--no-shrink", "--suppress-health-check=all"]
    command += ["--phases=fuzzing,stateful", f"--request-timeout={PATIENCE_S}", "--generation-database=none"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
