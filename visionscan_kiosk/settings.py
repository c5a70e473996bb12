"""All settings, from the environment or `.env`. Read by bootstrap and the command line alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from visionscan_kiosk.domain.errors import InvalidInput

_FOR_ROOT = Path("/var/lib/visionscan-kiosk")
_DATA_DIR_VARIABLE = "VISIONSCAN_DATA_DIR"


class KioskSettings(BaseSettings):
    """One field a setting; its name in the environment is the alias, or the field's name in capitals."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, env_ignore_empty=True, populate_by_name=True
    )

    data_dir: Path = Field(validation_alias=_DATA_DIR_VARIABLE)
    database_url: SecretStr | None = None
    debug: bool = False
    api_keys: SecretStr | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    fuzzy_match_threshold: float = Field(default=0.6, ge=0.0, le=1.0)
    ollama_endpoint: str = Field(default="http://localhost:11434", pattern=r"^https?://[^\s]+$")
    ollama_model: str = Field(default="llava-phi3", min_length=1)
    ollama_timeout: float = Field(default=30.0, gt=0, le=3600)
    camera: str = Field(default="0", validation_alias="VISIONSCAN_CAMERA")
    keep_confirmed_days: int | None = Field(
        default=None, ge=0, le=36_500, validation_alias="VISIONSCAN_KEEP_CONFIRMED_DAYS"
    )
    read_labels: bool = Field(default=True, validation_alias="VISIONSCAN_READ_LABELS")
    add_sure_products: bool = Field(default=False, validation_alias="VISIONSCAN_ADD_SURE_PRODUCTS")
    recogniser_model: str = Field(
        default="lite0", min_length=1, validation_alias="VISIONSCAN_RECOGNISER_MODEL"
    )
    shop_name: str = Field(default="My shop", max_length=40, validation_alias="VISIONSCAN_SHOP_NAME")
    till_name: str = Field(default="Till 1", max_length=20, validation_alias="VISIONSCAN_TILL_NAME")
    currency_sign: str = Field(default="€", max_length=4, validation_alias="VISIONSCAN_CURRENCY_SIGN")
    scanner_prefix: str = Field(default="", max_length=8, validation_alias="VISIONSCAN_SCANNER_PREFIX")
    scanner_suffix: str = Field(default="", max_length=8, validation_alias="VISIONSCAN_SCANNER_SUFFIX")
    scanner_key_ms: int = Field(default=40, ge=10, le=80, validation_alias="VISIONSCAN_SCANNER_KEY_MS")
    theme: str = Field(default="light", pattern="^(light|dark)$", validation_alias="VISIONSCAN_THEME")

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        """A comma-separated text becomes a tuple."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


def default_data_dir() -> Path:
    """Return where the shop's data lies when nobody says otherwise."""
    is_root = sys.platform != "win32" and os.geteuid() == 0
    return _FOR_ROOT if is_root else Path(platformdirs.user_data_dir("visionscan-kiosk", appauthor=False))


def load_settings(data_dir: Path | None = None, **overrides: object) -> KioskSettings:
    """Read the settings: what the caller says, the environment, `.env` here, `.env` in the data folder.

    Raises InvalidInput with a sentence that names the first wrong setting.
    """
    folder = data_dir or Path(os.environ.get(_DATA_DIR_VARIABLE) or default_data_dir())
    folder = folder.expanduser().absolute()
    try:
        return KioskSettings(_env_file=(folder / ".env", ".env"), data_dir=folder, **overrides)  # type: ignore[call-arg, arg-type] # pydantic-settings' own parameter; checked by pydantic
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidInput(f"The setting {name} is wrong: {first['msg']}.", field=name.lower()) from None
    except OSError as error:
        raise InvalidInput(
            f"{error.filename or '.env'} cannot be read: {error.strerror}. Run the program as its owner, "
            "start it from another folder, or choose another --data-dir."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"A file .env in {folder} or here is not UTF-8 text. Save it as UTF-8.") from error
