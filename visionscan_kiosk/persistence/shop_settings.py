"""What the shop set on the screen, one row a setting."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from visionscan_kiosk.persistence.tables import shop_settings
from visionscan_kiosk.services.shop_settings import SettingValue


class SqlShopSettingsRepository:
    """Implements services.shop_settings.ShopSettingsRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self) -> Mapping[str, object]:
        """Return every setting that was made."""
        rows = self._connection.execute(select(shop_settings.c.name, shop_settings.c.value))
        return {row.name: row.value for row in rows}

    def put(self, values: Mapping[str, SettingValue]) -> None:
        """Keep these values in place of what was there."""
        if not values:
            return
        statement = insert(shop_settings).values(
            [{"name": name, "value": value} for name, value in sorted(values.items())]
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={"value": statement.excluded.value, "changed_at": func.clock_timestamp()},
            )
        )
