"""Settings that a shop makes on the screen."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.shop_settings import AutoAdd, ShopSettings, ShopSettingsService

DEFAULTS = ShopSettings(auto_add=AutoAdd.LIKELY, model="some-model")


@pytest.fixture
def settings(unit_of_work: UnitOfWorkFactory) -> ShopSettingsService:
    return ShopSettingsService(unit_of_work, DEFAULTS)


class TestShopSettings:
    def test_the_environment_holds_until_the_shop_says_otherwise(self, settings: ShopSettingsService) -> None:
        assert settings.read() == DEFAULTS

    def test_what_was_set_is_read_by_every_till(
        self, settings: ShopSettingsService, unit_of_work: UnitOfWorkFactory
    ) -> None:
        changed = settings.change(auto_add=AutoAdd.CHOSEN, add_from=0.995, asks_about_wrong_items=True)
        other_till = ShopSettingsService(unit_of_work, ShopSettings())
        assert other_till.read() == ShopSettings(AutoAdd.CHOSEN, 0.995, asks_about_wrong_items=True)
        assert changed.model == "some-model"

    def test_the_last_word_counts(self, settings: ShopSettingsService) -> None:
        settings.change(model="first")
        settings.change(model="second", reads_labels=False)
        assert settings.read() == ShopSettings(AutoAdd.LIKELY, model="second", reads_labels=False)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"add_from": 0.89}, "add_from"),
            ({"add_from": 1.01}, "add_from"),
            ({"add_from": float("nan")}, "add_from"),
            ({"model": "  "}, "model"),
            ({"model": "m" * 201}, "model"),
        ],
    )
    def test_a_wrong_value_is_named_and_nothing_changes(
        self, settings: ShopSettingsService, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as raised:
            settings.change(asks_about_wrong_items=True, **changes)
        assert raised.value.field == field
        assert settings.read() == DEFAULTS

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("auto_add", "always"),
            ("auto_add", 3),
            ("add_from", "0.95"),
            ("add_from", True),
            ("add_from", 10**400),
            ("reads_labels", 1),
            ("model", 7),
            ("of_a_newer_version", 5),
        ],
    )
    def test_what_is_not_understood_is_left_out(
        self,
        settings: ShopSettingsService,
        unit_of_work: UnitOfWorkFactory,
        caplog: pytest.LogCaptureFixture,
        name: str,
        value: Any,
    ) -> None:
        caplog.set_level(logging.CRITICAL)
        with unit_of_work() as work:
            work.shop_settings.put({name: value})
            work.commit()
        assert settings.read() == DEFAULTS


def test_nobody_is_asked_over_http() -> None:
    assert ShopSettings().short_stock_over_http is ShortStock.REFUSE
    with pytest.raises(InvalidInput, match="Over HTTP nobody can be asked"):
        ShopSettings(short_stock_over_http=ShortStock.ASK)
