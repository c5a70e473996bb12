"""A till whose process is killed in the middle of a sale: nothing is lost, doubled or forgotten.

Another process runs a till of the same identity on the same database and is ended by SIGKILL at the moment
that it told; the till of the test starts on what that left.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.gui.flow.conftest import Till
from tests.waiting import wait_until
from visionscan_kiosk.gui.flow.ports import Place

_ROOT = Path(__file__).parents[3]
_OTHER = """
import sys
from tests.conftest import build_services
from tests.gui.flow.conftest import Till
from tests.gui.flow.doubles import ScriptedDetector
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork

engine = create_engine_for(sys.argv[1])
services = build_services(lambda: SqlUnitOfWork(engine), ScriptedDetector())
till = Till(services, ScriptedDetector(), {each.sku: each for each in services.inventory.list_products()})
till.start()
till.add("OAT-1L")
till.pay()
till.flow.payment.quick("5")
till.flow.payment.confirm()
(sale,) = till.tasks.waiting
print("confirmed", flush=True)
sys.stdin.readline()
if sys.argv[2] == "sold":
    sale.work()
else:
    till.settle()
if sys.argv[2] == "seen":
    till.flow.next_customer()
    till.settle()
print("done", flush=True)
sys.stdin.readline()
"""

Start = Callable[[str], "OtherTill"]


class OtherTill:
    """A till in a process of its own that goes as far as it is told to."""

    def __init__(self, url: str, until: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OTHER, url, until],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        self.told("confirmed")

    def told(self, word: str) -> None:
        """Wait until it says this."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"

    def go_on(self) -> None:
        """Let it make the sale."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def start(till: Till, database_url: str) -> Iterator[Start]:
    """Start the other till on the shop of this one, which is closed meanwhile."""
    del till
    made: list[OtherTill] = []

    def start_until(until: str) -> OtherTill:
        made.append(OtherTill(database_url, until))
        return made[-1]

    yield start_until
    for other in made:
        other.kill()


def banner(till: Till) -> str:
    return till.screens.banner.title if till.screens.banner is not None else ""


@pytest.mark.parametrize("until", ["sold", "shown"])
def test_killed_after_the_sale_it_tells_it_at_the_next_start(till: Till, start: Start, until: str) -> None:
    """Whether the answer never came or the receipt was on screen: the customer's change is told."""
    other = start(until)
    other.go_on()
    other.told("done")
    other.kill()

    again = till.restarted()

    assert banner(again).startswith("Sold €2.19 in cash, ")
    assert again.screens.banner is not None
    assert again.screens.banner.text.startswith("Give back €2.81 ")
    assert again.screens.basket.lines == ()
    assert again.stock("OAT-1L") == 19
    again.flow.status.banner_action("sale_noted")
    again.settle()
    assert banner(again.restarted()) == ""


def test_killed_after_somebody_saw_it_it_is_not_told(till: Till, start: Start) -> None:
    other = start("seen")
    other.go_on()
    other.told("done")
    other.kill()
    assert banner(till.restarted()) == ""


def test_killed_before_the_sale_the_basket_is_as_it_was(till: Till, start: Start) -> None:
    start("sold").kill()
    again = till.restarted()
    assert banner(again) == ""
    assert again.screens.line("Oat milk 1 l").quantity == 1
    assert again.stock("OAT-1L") == 20


def test_killed_within_the_sale_nothing_is_sold_and_nothing_lost(
    till: Till, start: Start, engine: Engine
) -> None:
    """The sale waits for a product that somebody else has locked, and its till is killed there."""
    other = start("sold")
    with engine.begin() as holder:
        holder.execute(text("SELECT FROM inventory_master FOR UPDATE"))
        other.go_on()
        wait_until(lambda: _count(engine, "wait_event_type = 'Lock'"))
        other.kill()
    wait_until(lambda: not _count(engine, "true"))

    again = till.restarted()

    assert banner(again) == ""
    assert again.screens.line("Oat milk 1 l").quantity == 1
    again.pay()
    again.flow.payment.quick("5")
    again.flow.payment.confirm()
    again.settle()
    assert again.screens.place is Place.RECEIPT
    assert again.stock("OAT-1L") == 19


def _count(engine: Engine, condition: str) -> int:
    statement = (
        f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' "
        f"AND pid <> pg_backend_pid() AND {condition}"
    )
    with engine.connect() as connection:
        return connection.execute(text(statement)).scalar_one()
