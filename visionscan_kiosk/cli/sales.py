"""`sales list` and `sales show`: what was sold, and one receipt as it was printed."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, put, put_json, say
from visionscan_kiosk.domain.checkout import Receipt, SaleSummary, Tender, TenderMethod
from visionscan_kiosk.domain.money import format_amount
from visionscan_kiosk.domain.receipt_text import receipt_text
from visionscan_kiosk.services.ports import SaleQuery
from visionscan_kiosk.settings import KioskSettings

_OTHER_SOFTWARE = "HTTP"
_UNTOLD = "not told"
_ROW = "{number:>7}  {sold_at:<16}  {total:>12}  {tender:<24}  {till}"


def list_sales(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Show sales, newest first, one a line; return 0 also when there is none."""
    query = _query(arguments)
    with open_shop(settings) as shop:
        sales = shop.services.sales.list_sales(query)
    for sale in sales:
        if arguments.json:
            put_json(_summary_record(sale))
        else:
            put(_row(sale, settings.currency_sign))
    say(_counted(len(sales), arguments))
    return 0


def show_sale(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Show the receipt with this number; an unknown one ends with 1 and says so."""
    with open_shop(settings) as shop:
        receipt = shop.services.sales.get_sale(arguments.number)
    if arguments.json:
        put_json(_receipt_record(receipt))
    else:
        put(_paper(receipt, settings))
    return 0


def _paper(receipt: Receipt, settings: KioskSettings) -> str:
    """The time is that of this machine, with the summer time of that day."""
    zone = receipt.completed_at.astimezone().tzinfo or UTC
    return receipt_text(receipt, settings.shop_name, settings.currency_sign, zone=zone).rstrip("\n")


def _query(arguments: argparse.Namespace) -> SaleQuery:
    """A day is one of this machine's calendar, summer time and all."""
    day: date | None = arguments.day
    if day is None:
        return SaleQuery(limit=arguments.limit)
    return SaleQuery(_midnight(day), _midnight(day + timedelta(days=1)), arguments.limit)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()


def _row(sale: SaleSummary, sign: str) -> str:
    return _ROW.format(
        number=sale.number,
        sold_at=f"{sale.completed_at.astimezone():%Y-%m-%d %H:%M}",
        total=f"{sign}{format_amount(sale.total)}",
        tender=", ".join(map(_paid, sale.tenders)) or _UNTOLD,
        till=sale.till_id or _OTHER_SOFTWARE,
    )


def _paid(tender: Tender) -> str:
    if tender.method is TenderMethod.CASH and tender.change:
        return f"cash, change {format_amount(tender.change)}"
    return tender.method.value


def _counted(count: int, arguments: argparse.Namespace) -> str:
    if not count:
        return "Nothing was sold on that day." if arguments.day else "Nothing was sold yet."
    more = " There may be more: ask with a higher --limit." if count == arguments.limit else ""
    return f"{count} {'sale' if count == 1 else 'sales'}.{more}"


def _summary_record(sale: SaleSummary) -> dict[str, object]:
    return {
        "number": sale.number,
        "session_id": str(sale.session_id),
        "sold_at": sale.completed_at.isoformat(),
        "total": str(sale.total),
        "tenders": [_tender_record(tender) for tender in sale.tenders],
        "till_id": sale.till_id,
    }


def _receipt_record(receipt: Receipt) -> dict[str, object]:
    return {
        "number": receipt.number,
        "session_id": str(receipt.session_id),
        "sold_at": receipt.completed_at.isoformat(),
        "total": str(receipt.total),
        "tenders": [_tender_record(tender) for tender in receipt.tenders],
        "till_id": receipt.till_id,
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "line_total": str(line.line_total),
            }
            for line in receipt.lines
        ],
    }


def _tender_record(tender: Tender) -> dict[str, object]:
    return {
        "method": tender.method.value,
        "amount": str(tender.amount),
        "given": str(tender.given),
        "change": str(tender.change),
    }


COMMANDS: dict[str, Command] = {"list": list_sales, "show": show_sale}
