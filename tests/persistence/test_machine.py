"""A machine is told from its copy, and stays itself over restarts."""

from __future__ import annotations

from pathlib import Path

from visionscan_kiosk.persistence.machine import machine_identity
from visionscan_kiosk.persistence.till_folder import TillFolder


def machine(root: Path, *, machine_id: str = "m1", **cards: str) -> Path:
    """Draw the part of a system's files that is looked at: cards by name, `wireless` ones by their name."""
    (root / "etc").mkdir(parents=True)
    (root / "etc/machine-id").write_text(f"{machine_id}\n", encoding="utf-8")
    for name, address in cards.items():
        card = root / "sys/class/net" / name
        (card / "device").mkdir(parents=True)
        (card / "address").write_text(f"{address}\n", encoding="ascii")
        if name.startswith("wireless"):
            (card / "wireless").mkdir()
    return root


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    root = machine(tmp_path, wired="00:11")
    assert machine_identity(root) == machine_identity(root)
    assert machine_identity() == machine_identity()


def test_a_copied_disk_in_another_machine_differs(tmp_path: Path) -> None:
    one, other = machine(tmp_path / "a", wired="00:11"), machine(tmp_path / "b", wired="00:22")
    assert machine_identity(one) != machine_identity(other)


def test_another_installation_differs(tmp_path: Path) -> None:
    one = machine(tmp_path / "a", wired="00:11")
    other = machine(tmp_path / "b", machine_id="m2", wired="00:11")
    assert machine_identity(one) != machine_identity(other)


def test_a_wireless_card_that_shows_another_address_matters_nothing_beside_a_wired_one(
    tmp_path: Path,
) -> None:
    one = machine(tmp_path / "a", wired="88:11", wireless0="00:01")
    other = machine(tmp_path / "b", wired="88:11", wireless0="00:02")
    assert machine_identity(one) == machine_identity(other)


def test_a_machine_that_tells_nothing_has_a_name_all_the_same(tmp_path: Path) -> None:
    assert machine_identity(tmp_path)


def test_each_folder_is_a_holder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = TillFolder(tmp_path / "a").holder()
    assert one == TillFolder(tmp_path / "a").holder()
    assert one.key != TillFolder(tmp_path / "b").holder().key
    assert one.folder == str(tmp_path / "a")
    assert len(one.key) == 32


def test_a_folder_that_was_replaced_by_its_copy_is_another_holder(tmp_path: Path) -> None:
    folder = tmp_path / "till"
    folder.mkdir()
    before = TillFolder(folder).holder()
    folder.rename(tmp_path / "moved")
    folder.mkdir()
    assert TillFolder(folder).holder().key != before.key
