"""`sales list` and `sales show`, as a person calls them."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.cli.conftest import Run
from tests.conftest import build_services, new_product
from tests.fake_picture_detector import FakePictureDetector
from visionscan_kiosk.domain.checkout import Channel, Receipt, Tender, card, cash
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork

TOTAL = Decimal("2.50")


@pytest.fixture
def sold(run: Run, own_database_url: str) -> list[Receipt]:
    """In cash at a till, by card at a till, and by other software."""
    assert run("db", "upgrade").code == 0
    engine = create_engine_for(own_database_url)
    services = build_services(lambda: SqlUnitOfWork(engine), FakePictureDetector())
    apple = services.inventory.create_product(new_product("Red Apple", stock=9))

    def sell(till_id: str | None, *tenders: Tender) -> Receipt:
        session = services.sessions.start_session(till_id)
        services.sessions.add_product(session.id, apple.id, 2)
        return services.checkout.check_out(session.id, tenders, channel=Channel.TILL)

    receipts = [sell("till-1", cash(TOTAL, Decimal(10))), sell("till-1", card(TOTAL)), sell(None)]
    engine.dispose()
    return receipts


def test_sales_are_listed_newest_first(run: Run, sold: list[Receipt]) -> None:
    result = run("sales", "list")
    assert (result.code, result.err) == (0, "3 sales.\n")
    rows = [line.split() for line in result.out.splitlines()]
    day = [f"{receipt.completed_at.astimezone():%Y-%m-%d}" for receipt in reversed(sold)]
    assert [[row[0], row[1], row[3], *row[4:]] for row in rows] == [
        ["3", day[0], "€2.50", "not", "told", "HTTP"],
        ["2", day[1], "€2.50", "card", "till-1"],
        ["1", day[2], "€2.50", "cash,", "change", "7.50", "till-1"],
    ]


def test_no_more_than_asked_for(run: Run, sold: list[Receipt]) -> None:
    result = run("sales", "list", "--limit", "2")
    assert [line.split()[0] for line in result.out.splitlines()] == ["3", "2"]
    assert result.err == "2 sales. There may be more: ask with a higher --limit.\n"


def test_only_of_a_day(run: Run, sold: list[Receipt]) -> None:
    today = sold[0].completed_at.astimezone().date()
    days = {receipt.completed_at.astimezone().date() for receipt in sold}
    assert sum(len(run("sales", "list", "--day", str(day)).out.splitlines()) for day in days) == 3
    result = run("sales", "list", "--day", str(today - timedelta(days=1)))
    assert (result.code, result.out, result.err) == (0, "", "Nothing was sold on that day.\n")


def test_as_json(run: Run, sold: list[Receipt]) -> None:
    first = json.loads(run("sales", "list", "--json").out.splitlines()[-1])
    assert first == {
        "number": 1,
        "session_id": str(sold[0].session_id),
        "sold_at": sold[0].completed_at.isoformat(),
        "total": "2.50",
        "tenders": [{"method": "cash", "amount": "2.50", "given": "10.00", "change": "7.50"}],
        "till_id": "till-1",
    }
    shown = json.loads(run("sales", "show", "1", "--json").out)
    assert shown == first | {
        "lines": [
            {
                "sku": sold[0].lines[0].sku,
                "name": "Red Apple",
                "quantity": 2,
                "unit_price": "1.25",
                "line_total": "2.50",
            }
        ]
    }


def test_a_receipt_is_shown_as_it_was_printed(run: Run, sold: list[Receipt]) -> None:
    result = run("sales", "show", "1")
    assert result.code == 0
    assert "Receipt 1 · till-1" in result.out
    assert "2 × Red Apple" in result.out
    assert result.out.splitlines()[-1].split() == ["Change", "7.50"]


def test_no_such_sale(run: Run, sold: list[Receipt]) -> None:
    result = run("sales", "show", "77")
    assert (result.code, result.out) == (1, "")
    assert result.err == "There is no sale number 77. List the sales to see their numbers.\n"


def test_nothing_was_sold_yet(run: Run) -> None:
    assert run("sales", "list").err.endswith("Nothing was sold yet.\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("list", "--day", "yesterday"), "is no day; write it like 2026-11-22"),
        (("list", "--limit", "0"), "must be between 1 and"),
        (("show", "x"), "must be between 1 and"),
        (("show",), "required"),
        ((), "required"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, arguments: tuple[str, ...], why: str) -> None:
    result = run("sales", *arguments)
    assert result.code == 2
    assert why in result.err


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday"])
def test_a_day_that_no_shop_knows_is_refused_in_words(run: Run, day: str) -> None:
    result = run("sales", "list", "--day", day)
    assert result.code == 2
    assert "write it like" in result.err
