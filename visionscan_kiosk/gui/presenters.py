"""From domain values to what the screens show: names, amounts and badges as text. No service, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from visionscan_kiosk.domain.barcode import is_gtin
from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.checkout import Receipt, Tender
from visionscan_kiosk.domain.line_sources import LineSources
from visionscan_kiosk.domain.matching.match import Candidate
from visionscan_kiosk.domain.money import format_amount
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.receipt_text import receipt_text
from visionscan_kiosk.domain.scan_session import Basket, ScanItem
from visionscan_kiosk.domain.stock import MovementReason, StockMovement
from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.manager_views import MovementRowView, ProductRowView
from visionscan_kiosk.gui.views import BasketView, LineSource, LineView, ReceiptView, TileView, UndoView
from visionscan_kiosk.services.kiosk import TillProfile

LOW_STOCK = 5
_SOURCES = {
    Source.SCANNED: LineSource.BARCODE,
    Source.TYPED: LineSource.TYPED,
    Source.TAPPED: LineSource.TAPPED,
    Source.SEEN: LineSource.SEEN,
}
SOLD_OUT = "Sold out"
_SOURCE_WORDS = {
    LineSource.BARCODE: "Scanned",
    LineSource.TYPED: "Typed",
    LineSource.SEEN: "Seen",
    LineSource.TAPPED: "Tapped",
    LineSource.UNKNOWN: "No name yet: tap to choose",
}
_REASON_WORDS = {
    MovementReason.OPENING: "Opening stock",
    MovementReason.SALE: "Sale",
    MovementReason.RESTOCK: "Delivery",
    MovementReason.ADJUSTMENT: "Count",
}
_NOTES = (Decimal(1), Decimal(5), Decimal(10), Decimal(20), Decimal(50), Decimal(100))
_QUICK_AMOUNTS_SHOWN = 5
_LARGEST_NOTES = {
    "€": 200, "$": 100, "US$": 100, "£": 50, "CHF": 1000, "Fr.": 1000, "¥": 10_000, "kr": 1000, "zł": 500,
    "Kč": 5000, "Ft": 20_000, "lei": 500, "₹": 500, "₺": 200, "₩": 50_000, "₽": 5000, "₪": 200, "R": 200,
    "R$": 200, "A$": 100, "C$": 100, "NZ$": 100, "HK$": 1000, "S$": 1000, "฿": 1000, "₫": 500_000,
    "₱": 1000, "₦": 1000, "KD": 20,
}  # fmt: skip
"""By currency sign. More than a largest note above the total is what nobody hands over."""


def money(sign: str, amount: Decimal) -> str:
    """Return an amount with its currency sign."""
    return f"{sign}{format_amount(amount)}"


def basket_view(
    basket: Basket,
    sign: str,
    *,
    new_item: UUID | None,
    undo: UndoView | None,
    hint: str,
    sources: LineSources | None = None,
) -> BasketView:
    """Return the basket column; `hint` goes before the remark about lines without a name."""
    short = {product.product_id: product.available for product in basket.short}
    return BasketView(
        lines=tuple(
            _line(item, short, sources or LineSources(), is_new=item.id == new_item) for item in basket.items
        ),
        item_count=basket.item_count,
        total_text=money(sign, basket.total),
        hint=hint or wording.unnamed_lines(len(basket.unmatched)),
        can_pay=bool(basket.items),
        undo=undo,
    )


def _line(item: ScanItem, short: Mapping[UUID, int], sources: LineSources, *, is_new: bool) -> LineView:
    known = sources.of(item.id, item.quantity) if item.is_matched else ()
    source = _SOURCES[known[0]] if known else _source(item)
    words = ", ".join(_SOURCE_WORDS[_SOURCES[one]] for one in known).capitalize() or _SOURCE_WORDS[source]
    is_several = item.quantity > 1 and item.unit_price is not None
    return LineView(
        item_id=item.id,
        product_id=item.inventory_id,
        category=item.category or "",
        name=item.display_name,
        detail=f"{format_amount(item.unit_price)} each · {words}"
        if is_several and item.unit_price is not None
        else words,
        source=source,
        quantity=item.quantity,
        total_text=format_amount(item.line_total) if item.is_matched else "–",
        is_new=is_new,
        notice=_notice(item, short),
        choice=money_wording.price_choice(item),
    )


def _notice(item: ScanItem, short: Mapping[UUID, int]) -> str:
    stock = short.get(item.inventory_id) if item.inventory_id is not None else None
    said = (money_wording.price_line(item), "" if stock is None else money_wording.short_line(stock))
    return " · ".join(filter(None, said))


def _source(item: ScanItem) -> LineSource:
    """Tell from the stored line alone what other clients brought."""
    if not item.is_matched:
        return LineSource.UNKNOWN
    if is_gtin(item.detected_name):
        return LineSource.BARCODE
    return LineSource.SEEN if item.confidence < 1 else LineSource.TAPPED


def product_tile(product: Product, *, key: int = 0, score: float | None = None) -> TileView:
    """Return a tile; with `score` it is a suggestion and carries its likeness."""
    bars, word = wording.likeness(score) if score is not None else (0, "")
    return TileView(
        product_id=product.id,
        sku=product.sku,
        name=product.name,
        category=product.category,
        price_text=format_amount(product.price),
        badge=_badge(product.stock),
        key=str(key) if 1 <= key <= 9 else "",
        bars=bars,
        likeness=word,
    )


def suggestion_tiles(
    candidates: Iterable[Candidate], products: Mapping[UUID, Product]
) -> tuple[TileView, ...]:
    """Return the tiles of a question, best first, three at most."""
    known = [(products[item.product_id], item.score) for item in candidates if item.product_id in products]
    return tuple(
        product_tile(product, key=place, score=score)
        for place, (product, score) in enumerate(known[:3], start=1)
    )


def _badge(stock: int) -> str:
    if stock > LOW_STOCK:
        return ""
    return f"{stock} left" if stock > 0 else SOLD_OUT


def product_row(product: Product) -> ProductRowView:
    """Return a row of the manager's list."""
    return ProductRowView(
        product_id=product.id,
        sku=product.sku,
        name=product.name,
        category=product.category,
        price_text=format_amount(product.price),
        stock_text=signed(product.stock),
        is_low=product.stock <= LOW_STOCK,
    )


def signed(count: int) -> str:
    """Return a number of pieces, with a true minus where it is below zero."""
    return f"{count:,}".replace("-", "−")


def movement_row(movement: StockMovement, now: datetime) -> MovementRowView:
    """Return a row of the last movements, in the time zone of `now`."""
    reason = _REASON_WORDS[movement.reason]
    return MovementRowView(
        when_text=when(movement.created_at, now),
        change_text=f"{movement.change_qty:+,}".replace("-", "−"),
        reason_text=f"{reason} · {movement.note}" if movement.note else reason,
    )


def when(moment: datetime, now: datetime) -> str:
    """Return `Today 14:32`, `Fri 20 Nov` or, in another year, `20 Nov 2025`."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"Today {local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}" if local.year == now.year else f"{local.day} {local:%b %Y}"


def quick_amounts(total: Decimal, sign: str) -> tuple[tuple[str, str], ...]:
    """Return what customers hand over for `total`, as (amount, text): exact, then rounded up."""
    rounded = sorted({_round_up(total, note) for note in _NOTES} - {total})
    amounts = [amount for amount in rounded if amount > 0][:_QUICK_AMOUNTS_SHOWN]
    return (
        (str(total), "Exact"),
        *((str(amount), f"{sign}{amount:,.0f}") for amount in amounts),
    )


def largest_note(sign: str) -> Decimal:
    """Return the largest note that people pay with; of an unknown currency the largest quick amount."""
    return Decimal(_LARGEST_NOTES.get(sign.strip(), 0)) or _NOTES[-1]


def _round_up(total: Decimal, note: Decimal) -> Decimal:
    return (total / note).to_integral_value(ROUND_CEILING) * note


def receipt_view(receipt: Receipt, profile: TillProfile, zone: tzinfo) -> ReceiptView:
    """Return the done screen of a sale."""
    sign = profile.currency_sign
    first = receipt.tenders[0] if receipt.tenders else None
    return ReceiptView(
        title=wording.PAID_TITLE,
        give_back_text=money(sign, receipt.change) if receipt.change else "",
        total_text=money(sign, receipt.total),
        paid_text=_paid_text(first, receipt.total, sign),
        receipt_text=receipt_text(receipt, profile.shop_name, sign, zone=zone, till_name=profile.till_name),
        number_text=f"No. {receipt.number}",
    )


def _paid_text(tender: Tender | None, total: Decimal, sign: str) -> str:
    if tender is None:
        return ""
    return wording.given_for(money(sign, tender.given), money(sign, total), tender.method.value)
