"""What was sold when and with what, counted over the latest receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Connection, Float, Integer, Select, cast, func, literal, null, select, union_all

from visionscan_kiosk.persistence.tables import AnyRow, items, sessions, taught_photos
from visionscan_kiosk.services.priors import BANDS, Pair, SalesFigures

_HALF_LIFE = timedelta(days=60)
"""A receipt this old counts half: shops change what they sell with the season."""
_LATEST = 3_000
"""Receipts that are read: more take longer and say little more."""
_LONGEST_RECEIPT = 30
"""Lines beyond which a receipt says little of what goes together, and makes very many pairs."""
_FEWEST_TOGETHER = 3
_MOST_PAIRS = 20_000


class SqlSalesRepository:
    """Implements services.priors.SalesRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def figures(self, utc_offset: timedelta) -> SalesFigures:
        """Count the latest receipts; parts of the day are those of a clock so far from UTC."""
        recent = _recent(utc_offset)
        lines = _lines(recent)
        statement = union_all(_receipts(recent), _sold(lines), select(_together(lines).subquery()))
        return _figures(self._connection.execute(statement))


def _recent(utc_offset: timedelta) -> CTE:
    """The latest receipts with their part of the day, and what each counts."""
    sold_at = sessions.c.check_out_time
    hour = func.extract("hour", func.timezone("UTC", sold_at) + utc_offset)
    age_s = func.greatest(func.extract("epoch", func.now() - sold_at), 0)
    return (
        select(
            sessions.c.id,
            cast(func.floor(hour * BANDS / 24), Integer).label("band"),
            cast(func.power(0.5, age_s / _HALF_LIFE.total_seconds()), Float(53)).label("weight"),
        )
        .where(sessions.c.receipt_number.is_not(None))
        .order_by(sessions.c.receipt_number.desc())
        .limit(_LATEST)
        .cte("recent")
    )


def _lines(recent: CTE) -> CTE:
    return (
        select(
            recent,
            items.c.inventory_id,
            func.count().over(partition_by=recent.c.id).label("length"),
        )
        .join_from(recent, items, items.c.session_id == recent.c.id)
        .where(items.c.inventory_id.is_not(None))
        .cte("lines")
    )


def _receipts(recent: CTE) -> Select[Any]:
    nobody = cast(null(), items.c.inventory_id.type)
    return select(
        nobody.label("product"),
        nobody.label("other"),
        recent.c.band,
        func.sum(recent.c.weight).label("count"),
    ).group_by(recent.c.band)


def _sold(lines: CTE) -> Select[Any]:
    nobody = cast(null(), items.c.inventory_id.type)
    return select(lines.c.inventory_id, nobody, lines.c.band, func.sum(lines.c.weight)).group_by(
        lines.c.inventory_id, lines.c.band
    )


def _together(lines: CTE) -> Select[Any]:
    """Only a taught product is ever asked about, so pairs begin with one."""
    other = lines.alias("other")
    count = func.sum(lines.c.weight).label("count")
    return (
        select(lines.c.inventory_id, other.c.inventory_id.label("other"), literal(0).label("band"), count)
        .join_from(lines, other, other.c.id == lines.c.id)
        .where(
            other.c.inventory_id != lines.c.inventory_id,
            lines.c.length <= _LONGEST_RECEIPT,
            lines.c.inventory_id.in_(select(taught_photos.c.inventory_id)),
        )
        .group_by(lines.c.inventory_id, other.c.inventory_id)
        .having(func.count() >= _FEWEST_TOGETHER)
        .order_by(count.desc())
        .limit(_MOST_PAIRS)
    )


def _figures(rows: Iterable[AnyRow]) -> SalesFigures:
    receipts = [0.0] * BANDS
    sold: defaultdict[UUID, list[float]] = defaultdict(lambda: [0.0] * BANDS)
    together: dict[Pair, float] = {}
    for product, other, band, count in rows:
        if product is None:
            receipts[band] = count
        elif other is None:
            sold[product][band] = count
        else:
            together[product, other] = count
    return SalesFigures(receipts, dict(sold), together)
