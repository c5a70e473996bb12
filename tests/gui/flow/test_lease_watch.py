"""Selling stops in words while another machine has this till's identity, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.errors import KioskError, TillIdentityInUse
from visionscan_kiosk.gui.flow.lease_watch import LeaseWatch
from visionscan_kiosk.gui.flow.ports import Place

COPIED = TillIdentityInUse("back-counter", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), "/data")


class Lease:
    """Answers renewals as the test wants."""

    def __init__(self) -> None:
        self.trouble: KioskError | None = None
        self.asked = 0

    def renew(self) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def lease(till: Till) -> Lease:
    """A lease that is watched beside the till's own, which nobody disputes."""
    made = Lease()
    around = replace(till.flow._around, renew_lease=made.renew)
    LeaseWatch(around, till.flow.status, till.flow.basket).start()
    return made


@pytest.fixture
def pass_by(till: Till) -> Callable[[int], None]:
    def pass_by(seconds: int) -> None:
        for _ in range(seconds):
            till.time.pass_by(1000)
            till.settle()

    return pass_by


def test_it_is_renewed_well_before_it_ends(till: Till, lease: Lease, pass_by: Callable[[int], None]) -> None:
    pass_by(60)
    assert lease.asked == 3


def test_only_one_renewal_is_under_way(till: Till, lease: Lease) -> None:
    till.time.pass_by(90_000)
    till.settle()
    assert lease.asked == 1


def test_another_holder_stops_the_till_in_words_until_it_is_gone(
    till: Till, lease: Lease, pass_by: Callable[[int], None]
) -> None:
    till.add("OAT-1L")
    lease.trouble = COPIED
    pass_by(20)
    assert till.screens.banner is not None
    assert till.screens.banner.title == str(COPIED)
    till.add("BUT-S")
    assert till.screens.tray is not None
    assert till.screens.tray.title == str(COPIED)
    till.pay()
    assert till.screens.place is Place.SELLING
    assert till.screens.basket.item_count == 1

    lease.trouble = None
    pass_by(20)
    assert till.screens.banner is None
    till.add("BUT-S")
    assert till.screens.basket.item_count == 2


def test_a_database_that_is_away_stops_nothing(
    till: Till, lease: Lease, pass_by: Callable[[int], None]
) -> None:
    till.tasks.is_database_away = True
    pass_by(300)
    till.tasks.is_database_away = False
    pass_by(2)
    till.add("OAT-1L")
    assert till.screens.basket.item_count == 1
