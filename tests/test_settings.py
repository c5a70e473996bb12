"""Settings come from the caller, the environment and two `.env` files; a wrong one is named."""

import sys
from pathlib import Path

import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.settings import KioskSettings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, field in KioskSettings.model_fields.items():
        monkeypatch.delenv(str(field.validation_alias or name.upper()), raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_specified_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.ollama_endpoint == "http://localhost:11434"
    assert settings.ollama_model == "llava-phi3"
    assert settings.ollama_timeout == 30
    assert settings.fuzzy_match_threshold == 0.6
    assert settings.database_url is None


def test_cors_origins_are_comma_separated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, https://b.example,")
    assert load_settings(tmp_path).cors_origins == ("https://a.example", "https://b.example")


def test_env_here_wins_over_env_in_the_data_folder(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / ".env").write_text("OLLAMA_MODEL=from-data\nVISIONSCAN_SHOP_NAME=From data\n")
    (tmp_path / ".env").write_text("OLLAMA_MODEL=from-here\n")
    settings = load_settings(data_dir)
    assert (settings.ollama_model, settings.shop_name) == ("from-here", "From data")


def test_the_environment_wins_over_both_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OLLAMA_MODEL=from-file\n")
    monkeypatch.setenv("OLLAMA_MODEL", "from-environment")
    assert load_settings(tmp_path).ollama_model == "from-environment"


def test_the_data_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISIONSCAN_DATA_DIR", "shop")
    assert load_settings().data_dir == tmp_path / "shop"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FUZZY_MATCH_THRESHOLD", "2"),
        ("OLLAMA_TIMEOUT", "soon"),
        ("OLLAMA_ENDPOINT", "localhost"),
        ("DEBUG", "?"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput, match=name):
        load_settings(tmp_path)


def test_the_database_password_is_not_shown(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, database_url="postgresql://kiosk:hunter2@host/shop")
    assert "hunter2" not in repr(settings)


def test_a_file_of_settings_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("VISIONSCAN_CURRENCY_SIGN=£".encode("latin-1"))
    with pytest.raises(InvalidInput, match="is not UTF-8 text"):
        load_settings(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="ONLY LINUX has a file that even root cannot read")
def test_a_file_of_settings_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to("/proc/self/mem")
    with pytest.raises(InvalidInput, match=r"cannot be read: .* choose another --data-dir"):
        load_settings(tmp_path)


def test_the_example_file_names_every_setting() -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
    names = [
        str(field.validation_alias or name.upper()) for name, field in KioskSettings.model_fields.items()
    ]
    assert [name for name in names if f"#{name}=" not in example] == []
