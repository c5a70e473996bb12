"""A till's identity is in use in one place, and whoever comes second is told where."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from tests.persistence.races import Meeting, at_once, kinds
from visionscan_kiosk.domain.errors import TillBusy, TillIdentityInUse
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.till_lease import LASTS, TillHolder, TillLeaseService

HERE = TillHolder("a" * 32, "front-counter", "/var/lib/visionscan")
THERE = TillHolder("b" * 32, "back-counter", "/srv/copied")


@pytest.fixture
def leases(unit_of_work: UnitOfWorkFactory) -> TillLeaseService:
    return TillLeaseService(unit_of_work)


@pytest.fixture
def time_passes(engine: Engine) -> Callable[[int], None]:
    """Let seconds pass for every lease, as the database's clock would."""

    def pass_by(seconds: int) -> None:
        with engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE till_leases SET taken_at = taken_at - :ago * interval '1 second', "
                    "renewed_at = renewed_at - :ago * interval '1 second', "
                    "expires_at = expires_at - :ago * interval '1 second'"
                ),
                {"ago": seconds},
            )

    return pass_by


def test_the_first_has_it(leases: TillLeaseService) -> None:
    lease = leases.take("till-1", HERE)
    assert (lease.till_id, lease.holder_key, lease.holder_name) == ("till-1", HERE.key, "front-counter")
    assert lease.expires_at - lease.taken_at >= LASTS


def test_another_place_is_refused_in_words(leases: TillLeaseService) -> None:
    taken = leases.take("till-1", HERE).taken_at
    with pytest.raises(TillIdentityInUse) as caught:
        leases.take("till-1", THERE)
    assert isinstance(caught.value, TillBusy)
    assert (caught.value.holder_name, caught.value.since) == ("front-counter", taken)
    said = str(caught.value)
    assert re.search(r"front-counter has it open since \d\d:\d\d\.", said)
    assert "Delete the file till-id in /srv/copied on one of the two" in said
    assert "close the other till" in said


def test_tills_do_not_disturb_each_other(leases: TillLeaseService) -> None:
    leases.take("till-1", HERE)
    leases.take("till-2", THERE)
    leases.release("till-1", HERE)
    with pytest.raises(TillIdentityInUse):
        leases.take("till-2", HERE)


def test_the_same_place_starts_again_at_once_after_a_crash(leases: TillLeaseService) -> None:
    first = leases.take("till-1", HERE)
    again = leases.take("till-1", HERE)
    assert again.taken_at == first.taken_at
    assert again.expires_at > first.expires_at


def test_renewed_in_time_it_lasts(leases: TillLeaseService, time_passes: Callable[[int], None]) -> None:
    for _ in range(5):
        leases.take("till-1", HERE)
        time_passes(40)
    with pytest.raises(TillIdentityInUse):
        leases.take("till-1", THERE)


def test_one_that_ran_out_is_free(leases: TillLeaseService, time_passes: Callable[[int], None]) -> None:
    leases.take("till-1", HERE)
    time_passes(61)
    taken = leases.take("till-1", THERE)
    assert (taken.holder_name, taken.holder_key) == ("back-counter", THERE.key)
    with pytest.raises(TillIdentityInUse, match="back-counter"):
        leases.take("till-1", HERE)


def test_one_that_ran_out_in_an_outage_is_taken_again(
    leases: TillLeaseService, time_passes: Callable[[int], None]
) -> None:
    leases.take("till-1", HERE)
    time_passes(3600)
    assert leases.take("till-1", HERE).holder_key == HERE.key


def test_released_it_is_free(leases: TillLeaseService) -> None:
    leases.take("till-1", HERE)
    leases.release("till-1", THERE)
    with pytest.raises(TillIdentityInUse):
        leases.take("till-1", THERE)
    leases.release("till-1", HERE)
    assert leases.take("till-1", THERE).holder_key == THERE.key


def test_a_long_name_fits(leases: TillLeaseService) -> None:
    assert leases.take("till-1", TillHolder("c" * 32, "n" * 300, "/")).holder_name == "n" * 200


def test_of_many_at_once_one_gets_it(leases: TillLeaseService) -> None:
    holders = [TillHolder(f"{number:032}", f"machine {number}", "/") for number in range(6)]
    for till in ("till-1", "till-2", "till-3"):
        outcomes = at_once(*(lambda h=holder, t=till: leases.take(t, h) for holder in holders))
        assert kinds(outcomes) == ["TillIdentityInUse"] * 5 + ["TillLease"]


def test_of_many_at_once_one_gets_what_ran_out(
    leases: TillLeaseService, time_passes: Callable[[int], None]
) -> None:
    holders = [TillHolder(f"{number:032}", f"machine {number}", "/") for number in range(6)]
    leases.take("till-1", HERE)
    time_passes(61)
    outcomes = at_once(*(lambda h=holder: leases.take("till-1", h) for holder in holders))
    assert kinds(outcomes) == ["TillIdentityInUse"] * 5 + ["TillLease"]


def test_control_looking_first_lets_both_have_it(leases: TillLeaseService, engine: Engine) -> None:
    """What one statement decides, two would not: both find it free, and the second takes it away."""
    meeting = Meeting()

    def take(holder: TillHolder) -> str:
        with engine.begin() as connection:
            found = connection.execute(text("SELECT 1 FROM till_leases WHERE till_id = 'till-1'")).all()
            meeting.wait()
            assert found == []
            connection.execute(
                text(
                    "INSERT INTO till_leases (till_id, holder, holder_name, expires_at) "
                    "VALUES ('till-1', :holder, 'x', now() + interval '1 minute') "
                    "ON CONFLICT (till_id) DO UPDATE SET holder = excluded.holder"
                ),
                {"holder": holder.key},
            )
        return holder.name

    assert sorted(map(str, at_once(lambda: take(HERE), lambda: take(THERE)))) == [
        "back-counter",
        "front-counter",
    ]
