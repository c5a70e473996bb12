"""Opening a till on a copy of another's folder, with one database for both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from visionscan_kiosk.bootstrap import open_till
from visionscan_kiosk.domain.errors import TillBusy, TillIdentityInUse
from visionscan_kiosk.settings import KioskSettings


def settings(folder: Path, database_url: str) -> KioskSettings:
    return KioskSettings(data_dir=folder, database_url=SecretStr(database_url))


def test_a_copied_till_is_refused_until_the_first_is_closed(tmp_path: Path, own_database_url: str) -> None:
    first = settings(tmp_path / "first", own_database_url)
    with open_till(first) as till:
        shutil.copytree(tmp_path / "first", tmp_path / "copy")
        with (
            pytest.raises(TillIdentityInUse, match=r"Delete the file till-id in .*/copy"),
            open_till(settings(tmp_path / "copy", own_database_url)),
        ):
            pass
        till.renew_lease()
    with open_till(settings(tmp_path / "copy", own_database_url)) as copied:
        assert copied.profile.till_id == till.profile.till_id


def test_without_the_copied_identity_it_is_a_till_of_its_own(tmp_path: Path, own_database_url: str) -> None:
    with open_till(settings(tmp_path / "first", own_database_url)) as till:
        shutil.copytree(tmp_path / "first", tmp_path / "copy")
        (tmp_path / "copy/till-id").unlink()
        with open_till(settings(tmp_path / "copy", own_database_url)) as other:
            assert other.profile.till_id != till.profile.till_id


def test_a_till_that_crashed_starts_again_at_once(tmp_path: Path, engine: Engine, database_url: str) -> None:
    """Its lease is still there, as after a kill: nobody gave it back."""
    till_settings = settings(tmp_path, database_url)
    with open_till(till_settings) as till:
        with engine.connect() as connection:
            lease = connection.execute(text("SELECT * FROM till_leases")).mappings().one()
        with pytest.raises(TillBusy), open_till(till_settings):
            pass
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1 FROM till_leases")).all() == []
        connection.execute(
            text(
                "INSERT INTO till_leases VALUES "
                "(:till_id, :holder, :holder_name, :taken_at, :renewed_at, :expires_at)"
            ),
            dict(lease),
        )
    with open_till(till_settings) as again:
        assert again.profile.till_id == till.profile.till_id
