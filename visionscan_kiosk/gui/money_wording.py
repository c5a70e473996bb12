"""Sentences about what stands between a basket and its sale: stock, prices, money, sales nobody saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from visionscan_kiosk.domain.checkout import SaleSummary, TenderMethod
from visionscan_kiosk.domain.errors import (
    BasketEmpty,
    InsufficientStock,
    KioskError,
    SessionNotActive,
    ShortProduct,
    Unavailable,
    UnmatchedItems,
)
from visionscan_kiosk.domain.money import format_amount
from visionscan_kiosk.domain.scan_session import HeldBasket, ScanItem
from visionscan_kiosk.domain.stock import ShortStock

PRICES_DETAIL = "Sold at the price of the scan, unless you take the new one."
KEEP_PRICES = "Keep"
MANAGER_DECIDES = "A manager decides whether it is sold all the same."
SELL_SHORT = "Manager: sell it"
NOT_YET = "Not yet"
ASK_MANAGER_FIRST = "There is less in stock now. Go back and tap Pay again: a manager decides."

CHECKING_SALE = "Checking whether this can be sold"
CHECKING_SALE_THEN = "Do not charge the card yet."
NO_CARD = "Do not charge the card"
NO_CARD_THEN = "The sale cannot be made now."
DATABASE_AWAY_NO_MONEY = "The database is not answering. Take no money yet; trying again by itself."
CLOSED_MEANWHILE = "This basket was closed elsewhere. Go back."
ENTER_IS_NO_CARD = "Enter never confirms a card. Charge it on the card machine, then tap the button."
ENTER_IS_NO_AMOUNT = "Enter does not confirm this amount. Tap the button, or key it again."

NOTED = "Noted"
GO_ON = "Go on"
START_NEW = "Start new"
HELD_NOW = "The basket that was left is held. A new one is open."
HELD_FIRST = "Sell this basket or end it first. Then go on with the one that is held."
HELD_GONE = "Another till went on with this basket, or it was closed."
HELD_NONE = "No basket is held."
HELD_TITLE = "Held baskets"
HELD_STAYS = "It is kept: Menu, Held baskets."

STOCK_TITLE = "When there is less in stock"
STOCK_DETAIL = "Counts for every product. Over HTTP another setting holds."
STOCK_TITLES = {
    ShortStock.SELL: "Sell and warn",
    ShortStock.ASK: "Ask a manager",
    ShortStock.REFUSE: "Refuse",
}
STOCK_DETAILS = {
    ShortStock.SELL: "The goods are in the customer's hand. Stock falls below zero and shows it.",
    ShortStock.ASK: "The line says so at once, and Pay asks before money is taken.",
    ShortStock.REFUSE: "The line is not added, and Pay does not open.",
}
STOCK_HTTP = "Sell over HTTP too"
STOCK_HTTP_DETAIL = "Other software is refused otherwise, with all that is short."

_MOST_NAMED = 3
_YESTERDAY = timedelta(days=1)


def short(products: Sequence[ShortProduct]) -> str:
    """Say of which products there are fewer than the basket has."""
    return _listed([f"{product.name}: {_counted(product)}" for product in products])


def short_now(products: Sequence[ShortProduct], policy: ShortStock) -> str:
    """Say at once what a line just made short, and what follows from it."""
    said = short(products)
    return f"{said} {MANAGER_DECIDES}" if policy is ShortStock.ASK else said


def short_refused(products: Sequence[ShortProduct]) -> str:
    """Say that a line was not added because there is too little of it."""
    return f"Not added. {short(products)}"


def short_line(available: int) -> str:
    """Say on a line how many there are."""
    return f"{available} in stock" if available > 0 else "None in stock"


def price_line(item: ScanItem) -> str:
    """Say on a line that its product has another price by now; empty when it has not."""
    if item.new_price is None or item.unit_price is None:
        return ""
    return f"Was {format_amount(item.unit_price)}, now {format_amount(item.new_price)}"


def price_choice(item: ScanItem) -> str:
    """Say what a tap on such a line does; empty when its price did not change."""
    if item.new_price is None:
        return ""
    return f"Take the new price {format_amount(item.new_price)} for {item.display_name}"


def prices_changed(items: Sequence[ScanItem]) -> str:
    """Say which prices are others than when they were scanned; empty when none is."""
    said = [f"{item.display_name} was {_then_and_now(item)}" for item in items]
    return f"Price changed: {_listed(said, '; ')}" if said else ""


def take_prices(count: int) -> str:
    """Name the button that takes the new prices."""
    return "Take the new price" if count == 1 else "Take the new prices"


def price_taken(item: ScanItem) -> str:
    """Say that a line has another price."""
    return f"{item.display_name}: {format_amount(item.unit_price)}" if item.unit_price is not None else ""


def sale_costs_now(total: str) -> str:
    """Say that another client changed the basket while it was to be paid."""
    return f"The basket was changed elsewhere. It costs {total} now."


def absurd_cash(given: str, total: str) -> str:
    """Ask whether so much was really given."""
    return f"Given {given} for {total}, really? Tap again if so, or key the amount anew."


def cash_really(given: str, change: str) -> str:
    """Name the second button by its effect."""
    return f"Yes: {given}, give {change} back"


def why_not_sold(error: KioskError) -> str:
    """Say why a sale cannot be made, everything in the way by name, and what can be done."""
    match error:
        case InsufficientStock():
            return f"{short(error.short)} Go back and take it out, or restock it."
        case UnmatchedItems():
            return f"No product yet: {', '.join(error.names)}. Go back to choose one, or remove the line."
        case SessionNotActive() | BasketEmpty():
            return CLOSED_MEANWHILE
        case Unavailable():
            return DATABASE_AWAY_NO_MONEY
        case _:
            return str(error)


def unseen_sale(sale: SaleSummary, sign: str, now: datetime, others: int) -> str:
    """Say what was sold and nobody saw; `others`: how many more there are."""
    method = "on the card machine" if _is_card(sale) else "in cash"
    more = f" ({others} more)" if others else ""
    total = f"{sign}{format_amount(sale.total)}"
    return f"Sold {total} {method}, {moment(sale.completed_at, now)}, receipt {sale.number}.{more}"


def unseen_change(sale: SaleSummary, sign: str) -> str:
    """Say what goes back to the customer of a sale that nobody saw."""
    if sale.change:
        return f"Give back {sign}{format_amount(sale.change)} if that was not done: the till stopped."
    return "The till stopped, and may not have shown it."


def held_basket(held: HeldBasket, sign: str, now: datetime) -> str:
    """Say which basket is held."""
    total = f"{sign}{format_amount(held.session.total_amount)}"
    return f"{moment(held.left_at, now).capitalize()}, {_pieces(held.item_count)}, {total}"


def held_offer(held: HeldBasket, sign: str, now: datetime) -> str:
    """Say that a basket was left."""
    total = f"{sign}{format_amount(held.session.total_amount)}"
    return f"A basket from {moment(held.left_at, now)} is held: {_pieces(held.item_count)}, {total}."


def moment(at: datetime, now: datetime) -> str:
    """Return `today 14:32`, `yesterday 18:40` or `Fri 20 Nov 18:40`, in the zone of `now`."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"today {local:%H:%M}"
    if local.date() == (now - _YESTERDAY).date():
        return f"yesterday {local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _is_card(sale: SaleSummary) -> bool:
    return any(tender.method is TenderMethod.CARD for tender in sale.tenders)


def _counted(product: ShortProduct) -> str:
    there = f"{product.available} in stock" if product.available > 0 else "none in stock"
    return f"{there}, {product.required} in the basket."


def _then_and_now(item: ScanItem) -> str:
    before, now = item.unit_price, item.new_price
    if before is None or now is None:
        return ""
    return f"{format_amount(before)}, now {format_amount(now)}"


def _listed(said: Sequence[str], between: str = " ") -> str:
    more = len(said) - _MOST_NAMED
    return between.join(said[:_MOST_NAMED]) + (f" And {more} more." if more > 0 else "")


def _pieces(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
