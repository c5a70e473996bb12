"""What a shop sets on the screen; until it does, what the environment says holds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Protocol, TypedDict, Unpack

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.services.ports import UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

SettingValue = bool | float | str
LEAST_ADD_FROM = 0.9
"""Less sure than this nothing is ever added without a tap."""
_LONGEST_MODEL_NAME = 200

_LOG = logging.getLogger(__name__)


class AutoAdd(StrEnum):
    """Which products become a line without a tap when the camera alone is sure of them."""

    OFF = "off"
    CHOSEN = "chosen"
    """Those that are marked for it."""
    LIKELY = "likely"
    """Any, from a probability on."""


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The settings of one shop, the same for all its tills; InvalidInput names the field that is wrong.

    `add_from`: probability, 0.9..1, from which AutoAdd.LIKELY adds. `model`: name of the vision model.
    `short_stock_at_till`, `short_stock_over_http`: what happens when more is sold than there is.
    """

    auto_add: AutoAdd = AutoAdd.OFF
    add_from: float = 0.99
    asks_about_wrong_items: bool = False
    reads_labels: bool = True
    model: str = "llava-phi3"
    short_stock_at_till: ShortStock = ShortStock.SELL
    short_stock_over_http: ShortStock = ShortStock.REFUSE

    def __post_init__(self) -> None:
        if not LEAST_ADD_FROM <= self.add_from <= 1:
            raise InvalidInput("Choose a probability from 90 % to 100 %.", field="add_from")
        if not 0 < len(self.model.strip()) <= _LONGEST_MODEL_NAME:
            raise InvalidInput("Name the vision model, in up to 200 characters.", field="model")
        if self.short_stock_over_http is ShortStock.ASK:
            raise InvalidInput(
                "Over HTTP nobody can be asked. Choose to sell or to refuse.", field="short_stock_over_http"
            )


class SettingChanges(TypedDict, total=False):
    """New values of settings; what is left out stays."""

    auto_add: AutoAdd
    add_from: float
    asks_about_wrong_items: bool
    reads_labels: bool
    model: str
    short_stock_at_till: ShortStock
    short_stock_over_http: ShortStock


class ShopSettingsRepository(Protocol):
    """Settings by name, as values of JSON."""

    def read(self) -> Mapping[str, object]:
        """Return every setting that was made."""

    def put(self, values: Mapping[str, SettingValue]) -> None:
        """Keep these values in place of what was there."""


class ShopSettingsService:
    """Reads and changes the settings. `defaults` hold for what the shop never set."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, defaults: ShopSettings) -> None:
        self._unit_of_work = unit_of_work
        self._defaults = defaults

    def read(self) -> ShopSettings:
        """Return the settings. A stored value that this version does not understand is left out."""
        with self._unit_of_work().reading() as work:
            return _with_stored(self._defaults, work.shop_settings.read())

    @retried
    def change(self, **changes: Unpack[SettingChanges]) -> ShopSettings:
        """Set some of the settings for all tills and return all; raise InvalidInput for a wrong value."""
        with self._unit_of_work() as work:
            changed = replace(_with_stored(self._defaults, work.shop_settings.read()), **changes)
            values = asdict(changed)
            work.shop_settings.put({name: values[name] for name in changes})
            work.commit()
            return changed


def settings_in(work: UnitOfWork) -> ShopSettings:
    """Return the settings inside another use case's transaction; for those that no environment sets."""
    return _with_stored(ShopSettings(), work.shop_settings.read())


def _with_stored(settings: ShopSettings, stored: Mapping[str, object]) -> ShopSettings:
    for name in [field.name for field in fields(settings) if field.name in stored]:
        try:
            settings = replace(settings, **{name: _READ[name](stored[name])})
        except (InvalidInput, TypeError, ValueError, OverflowError) as error:
            _LOG.warning("the stored setting %s is not understood and left out: %s", name, error)
    return settings


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("it is neither true nor false")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("it is no number")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("it is no text")
    return value


_READ: Mapping[str, Callable[[object], Any]] = {
    "auto_add": lambda value: AutoAdd(_text(value)),
    "add_from": _number,
    "asks_about_wrong_items": _truth,
    "reads_labels": _truth,
    "model": _text,
    "short_stock_at_till": lambda value: ShortStock(_text(value)),
    "short_stock_over_http": lambda value: ShortStock(_text(value)),
}
