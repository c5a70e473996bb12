"""What a value in a script may be: a check returns it as the player wants it, or says what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from typing import Any, Final

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.money import HIGHEST_PRICE, to_money

_DEAREST: Final = float(HIGHEST_PRICE)
Check = Callable[[object, Collection[str]], Any]
"""(value, all SKUs) -> the value; raises Wrong."""


class Wrong(Exception):
    """A value is not what it must be; a sentence without its place."""


def listed(names: Iterable[str]) -> str:
    """Return names as they are listed in a sentence."""
    return ", ".join(name or '""' for name in names)


def shown(value: object) -> str:
    """Return a value as it stands in the file, cut when it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return "a value that is too long to be shown"
    return text if len(text) <= 40 else f"{text[:37]}..."


def text(value: object, _: Collection[str]) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise Wrong(f"{shown(value)} is not a text.")
    return value


def one_name(value: object, skus: Collection[str]) -> tuple[str, ...]:
    """A single text, as a list of one."""
    return (text(value, skus),)


def sku(value: object, skus: Collection[str]) -> str:
    """A product that there is."""
    if not isinstance(value, str) or value not in skus:
        raise Wrong(f"there is no product {shown(value)} in the sample shop.")
    return value


def yes(value: object, _: Collection[str]) -> bool:
    """True: a step that has no argument."""
    if value is not True:
        raise Wrong(f"{shown(value)} is not true.")
    return True


def no(value: object, _: Collection[str]) -> bool:
    """False."""
    if value is not False:
        raise Wrong(f"{shown(value)} is not false.")
    return False


def amount(value: object, skus: Collection[str]) -> Decimal:
    """A price, as a number or a text."""
    price = value if isinstance(value, str) else str(number(0, _DEAREST)(value, skus))
    try:
        return to_money(price)
    except InvalidInput as error:
        raise Wrong(f"{shown(value)} is no price. {error if len(str(error)) < 80 else ''}".strip()) from None


def number(least: float, most: float) -> Check:
    """Return a check for a number between two others, these included."""

    def check(value: object, _: Collection[str]) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:  # noqa: PLR0124 - NaN
            raise Wrong(f"{shown(value)} is not a number.")
        if not least <= value <= most:
            raise Wrong(f"{shown(value)} is not between {least:g} and {most:g}.")
        return float(value)

    return check


def whole(least: int, most: int) -> Check:
    """Return a check for a whole number between two others, these included."""

    def check(value: object, skus: Collection[str]) -> int:
        found = number(least, most)(value, skus)
        if found != int(found):
            raise Wrong(f"{shown(value)} is not a whole number.")
        return int(found)

    return check


def pair(least: float, most: float) -> Check:
    """Return a check for two numbers, x and y."""
    part = number(least, most)

    def check(value: object, skus: Collection[str]) -> tuple[float, float]:
        if not isinstance(value, list) or len(value) != 2:
            raise Wrong(f"{shown(value)} is not [x, y].")
        return part(value[0], skus), part(value[1], skus)

    return check


def one_of(*names: str) -> Check:
    """Return a check for one of these texts."""

    def check(value: object, _: Collection[str]) -> str:
        if not isinstance(value, str) or value not in names:
            raise Wrong(f"{shown(value)} is not one of {listed(names)}.")
        return value

    return check


def list_of(part: Check) -> Check:
    """Return a check for a list."""

    def check(value: object, skus: Collection[str]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is not a list.")
        return tuple(part(entry, skus) for entry in value)

    return check


def table(key: Check, part: Check) -> Check:
    """Return a check for an object with any keys of one kind."""

    def check(value: object, skus: Collection[str]) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise Wrong(f"{shown(value)} is not an object.")
        return {key(name, skus): part(entry, skus) for name, entry in value.items()}

    return check


def some_of(**parts: Check) -> Check:
    """Return a check for an object with at least one of these keys and no other."""

    def check(value: object, skus: Collection[str]) -> dict[str, Any]:
        if not isinstance(value, dict) or not value:
            raise Wrong(f"{shown(value)} is not an object with some of {listed(parts)}.")
        for name in value:
            if name not in parts:
                raise Wrong(f'there is no "{name}", only {listed(parts)}.')
        return {name: _inside(name, parts[name], entry, skus) for name, entry in value.items()}

    return check


def exactly_one(**parts: Check) -> Check:
    """Return a check for an object with one of these keys."""
    some = some_of(**parts)

    def check(value: object, skus: Collection[str]) -> tuple[str, Any]:
        found = some(value, skus)
        if len(found) != 1:
            raise Wrong(f"{shown(value)} does more than one thing.")
        name: str = next(iter(found))
        return name, found[name]

    return check


def product_and(part: Check) -> Check:
    """Return a check for [SKU, value]."""

    def check(value: object, skus: Collection[str]) -> tuple[str, Any]:
        if not isinstance(value, list) or len(value) != 2:
            raise Wrong(f"{shown(value)} is not [SKU, value].")
        return sku(value[0], skus), part(value[1], skus)

    return check


def either(one: Check, other: Check) -> Check:
    """Return a check for a value of one of two kinds."""

    def check(value: object, skus: Collection[str]) -> Any:
        try:
            return one(value, skus)
        except Wrong:
            return other(value, skus)

    return check


def _inside(name: str, part: Check, value: object, skus: Collection[str]) -> Any:
    try:
        return part(value, skus)
    except Wrong as fault:
        raise Wrong(f"{name}: {fault}") from None
