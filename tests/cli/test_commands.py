"""Every command as a person calls it: arguments in, text or JSON out, an exit code."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from visionscan_kiosk.cli.console import put, put_json
from visionscan_kiosk.cli.main import main

_HEADER = "sku,name,category,price,stock,aliases,barcodes\n"
_APPLES = (
    _HEADER
    + "APPLE001,Red Apple,Fruit,0.45,3,rosy apple|braeburn,4006381333931\n"
    + "APPLE002,Green Apple,Fruit,0.45,5,,\n"
)


@pytest.fixture
def apples(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "apples.csv"
    path.write_text(_APPLES, encoding="utf-8")
    assert run("products", "import", str(path)).code == 0
    return path


def records(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_import_then_export_gives_the_same_products(run: Run, apples: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    result = run("products", "export", str(target))
    assert result.code == 0
    assert "2 products" in result.err
    assert sorted(target.read_text().splitlines()) == sorted(apples.read_text().splitlines())


def test_a_dry_run_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "apples.csv"
    path.write_text(_APPLES, encoding="utf-8")
    result = run("products", "import", str(path), "--dry-run")
    assert (result.code, "2 products would be created" in result.err) == (0, True)
    assert records(run("match", "Red Apple").out)[0]["decision"] == "unmatched"


def test_bad_rows_are_named_by_line_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    rows = [
        "A,Good,Fruit,1.00,1,,",
        "B,Dear,Fruit,-1,1,,",
        "C,Misread,Fruit,1,1,,4006381333930",
        "D,,Fruit,1,1,,",
    ]
    path.write_text(_HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    result = run("products", "import", str(path))
    assert result.code == 1
    for line in ("line 3:", "line 4:", "line 5:", "Nothing was imported"):
        assert line in result.err
    assert records(run("match", "Good").out)[0]["decision"] == "unmatched"


@pytest.mark.parametrize("content", [b"name;price\nApple;1\n", b"", b"\xff\xfe\x00sku", b"sku,sku\n"])
def test_a_file_of_another_kind_is_refused_with_a_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    result = run("products", "import", str(path))
    assert result.code == 1
    assert "Traceback" not in result.err
    assert result.err.strip()


def test_a_missing_file_is_named(run: Run, tmp_path: Path) -> None:
    result = run("products", "import", str(tmp_path / "nowhere.csv"))
    assert result.code == 1
    assert "nowhere.csv cannot be read" in result.err


def test_export_into_a_missing_folder_says_so(run: Run, apples: Path, tmp_path: Path) -> None:
    result = run("products", "export", str(tmp_path / "no" / "out.csv"))
    assert result.code == 1
    assert "cannot be written" in result.err


def test_match_prints_one_object_a_text(run: Run, apples: Path) -> None:
    found = records(run("match", "apple001", "4006381333931", "RED APPLE", "Braeburn", "zzzz").out)
    assert [record["method"] for record in found] == ["sku", "barcode", "name", "alias", "none"]
    assert [record["decision"] for record in found] == ["matched"] * 4 + ["unmatched"]
    assert found[0]["product"] == {"sku": "APPLE001", "name": "Red Apple"}
    assert found[4]["product"] is None
    assert {"query", "decision", "method", "score", "product", "candidates"} <= found[0].keys()


def test_match_reads_lines_from_stdin(run: Run, apples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("red apple\r\n\ngreen apple\n"))
    found = records(run("match").out)
    assert [record["query"] for record in found] == ["red apple", "", "green apple"]
    assert [record["decision"] for record in found] == ["matched", "unmatched", "matched"]


def test_an_unsure_match_asks_and_names_candidates(run: Run, apples: Path) -> None:
    found = records(run("match", "apple").out)[0]
    assert found["decision"] == "ask"
    candidates = found["candidates"]
    assert isinstance(candidates, list)
    assert {candidate["sku"] for candidate in candidates} == {"APPLE001", "APPLE002"}


def test_detect_names_the_barcode_and_the_broken_picture(run: Run, tmp_path: Path, apples: Path) -> None:
    from visionscan_kiosk.bundled_files import bundled  # noqa: PLC0415 - only here

    sample = bundled("resources/sample_shop")
    assert run("products", "import", str(sample / "products.csv")).code == 0
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n not really")
    pack = sample / "packs" / "BUTTER001.png"
    result = run("detect", str(pack), str(broken), str(tmp_path / "none.png"))
    seen, bad, missing = records(result.out)
    assert result.code == 1
    assert seen["image"] == str(pack)
    first = seen["results"][0]  # type: ignore[index] # a list by contract
    assert (first["sku"], first["source"], first["decision"]) == ("BUTTER001", "barcode", "matched")
    assert len(first["box"]) == 4
    assert {"processing_time_ms", "cpu_time_ms", "model_used"} <= seen.keys()
    assert bad.keys() == missing.keys() == {"image", "error"}


def test_detect_goes_on_with_barcodes_when_the_model_is_away(
    run: Run, apples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from visionscan_kiosk.bundled_files import bundled  # noqa: PLC0415 - only here

    monkeypatch.setenv("OLLAMA_ENDPOINT", "http://127.0.0.1:9")
    result = run("detect", str(bundled("resources/sample_shop") / "packs" / "APPLE001.png"))
    assert result.code == 0
    assert records(result.out)[0]["results"] == []
    assert "Going on without the model." in result.err


def test_db_check_finds_a_stock_that_no_movement_explains(
    run: Run, apples: Path, own_database_url: str
) -> None:
    assert run("db", "check").code == 0
    _execute(own_database_url, "UPDATE inventory_master SET stock = stock + 1 WHERE sku = 'APPLE001'")
    result = run("db", "check")
    assert result.code == 1
    assert "APPLE001" in result.out or "Red Apple" in result.out


def test_backup_and_restore_bring_everything_back(
    run: Run, apples: Path, own_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "shop.backup"
    assert run("db", "backup", str(file)).code == 0
    _execute(own_database_url, "UPDATE inventory_master SET name = 'Wrong' WHERE sku = 'APPLE001'")
    assert run("db", "restore", str(file)).code == 0
    assert records(run("match", "Red Apple").out)[0]["decision"] == "matched"
    assert run("db", "check").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_backup_to_a_full_disk_leaves_the_old_one(run: Run, apples: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.backup"
    assert run("db", "backup", str(file)).code == 0
    before = file.read_bytes()
    resource = pytest.importorskip("resource", reason="needs POSIX file size limits")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
    try:
        result = run("db", "backup", str(file))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.code == 1
    assert "Traceback" not in result.err
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if "shop.backup" in path.name) == ["shop.backup"]


def test_restoring_something_else_is_refused(run: Run, apples: Path) -> None:
    result = run("db", "restore", str(apples))
    assert result.code == 1
    assert "cannot be restored" in result.err


def test_a_wrong_password_is_a_sentence_without_the_password(run: Run, own_database_url: str) -> None:
    from sqlalchemy import make_url  # noqa: PLC0415 - only here

    wrong = make_url(own_database_url).set(password="hunter2")
    result = run("db", "check", database_url=wrong.render_as_string(hide_password=False))
    assert "hunter2" not in result.out + result.err
    assert "Traceback" not in result.err
    if result.code:  # a server that trusts everybody lets a wrong password in
        assert "password" in result.err


def test_global_options_may_stand_behind_the_command(own_database_url: str, tmp_path: Path) -> None:
    arguments = ["db", "check", "--data-dir", str(tmp_path), "--database-url", own_database_url]
    assert main(arguments) == 0


def test_an_unknown_command_exits_with_2(run: Run) -> None:
    assert run("dance").code == 2


def test_the_till_needs_a_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = run("run")
    assert result.code == 1
    assert "no screen" in result.err


def _execute(url: str, statement: str) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - only here

    from visionscan_kiosk.persistence.engine import create_engine_for  # noqa: PLC0415 - only here

    engine = create_engine_for(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_the_log_lies_in_the_data_folder_and_holds_no_password(
    run: Run, tmp_path: Path, own_database_url: str
) -> None:
    run("db", "check")
    logs = list((tmp_path / "data" / "logs").glob("*.log"))
    assert logs
    password = own_database_url.split(":")[2].split("@", maxsplit=1)[0]
    assert not password or all(password not in log.read_text() for log in logs)
    assert os.access(logs[0], os.R_OK)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_whole_in_every_encoding_of_the_terminal(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = {"name": "Brötchen 1 €", "image": os.fsdecode(b"caf\xe9.png")}
    stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stdout)
    put_json(record)
    assert json.loads(stdout.buffer.getvalue()) == record


def test_a_sentence_is_written_in_every_encoding_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stdout)
    put("Brötchen")
    stdout.flush()
    assert stdout.buffer.getvalue() == b"Br\\xf6tchen\n"
