"""Money is `Decimal` with two places; this module alone rounds and parses it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from visionscan_kiosk.domain.errors import InvalidInput

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HIGHEST_PRICE = Decimal("9999999.99")
HIGHEST_AMOUNT = Decimal("99999999999.99")
"""What is handed over for a basket of many such pieces."""


def to_money(value: Decimal | int | str, highest: Decimal = HIGHEST_PRICE) -> Decimal:
    """Return `value` as money with exactly two places.

    Raises InvalidInput when it is not a number, is negative, has a third place or is absurdly high.
    """
    amount = _to_decimal(value)
    if amount < 0:
        raise InvalidInput("The price must be 0 or more.", field="price")
    if amount > highest:
        raise InvalidInput(f"The price must be {highest} or less.", field="price")
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    if rounded != amount:
        raise InvalidInput("The price must have at most two decimal places.", field="price")
    return abs(rounded)  # -0.00 is written 0.00


def line_total(unit_price: Decimal, quantity: int) -> Decimal:
    """Return the price of `quantity` pieces, two places."""
    return (unit_price * quantity).quantize(CENT, rounding=ROUND_HALF_UP)


def format_amount(amount: Decimal) -> str:
    """Return `1,234.50`: two places, thousands separated, no currency sign."""
    return f"{amount:,.2f}"


def _to_decimal(value: Decimal | int | str) -> Decimal:
    try:
        amount = Decimal(value.strip()) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise InvalidInput(f"{value!r} is not a price. Write it like 1.25.", field="price") from None
    if not amount.is_finite() or (isinstance(value, str) and "_" in value):
        raise InvalidInput(f"{value!r} is not a price. Write it like 1.25.", field="price")
    return amount
