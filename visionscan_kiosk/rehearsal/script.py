"""Reads a script and says in a sentence what is wrong with it. What a step does is known to the player."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.rehearsal import values as v

_FASTEST = 120.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its number from 1, its name, its argument, and what else was said of it."""

    number: int
    name: str
    argument: Any
    further: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """`says`: the behaviour in a sentence. `fps`: pictures a second at the beginning."""

    says: str
    fps: float
    seed: int
    readable: float
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a step takes: its argument, what must be said besides, and what may be."""

    argument: v.Check
    needed: Mapping[str, v.Check]
    possible: Mapping[str, v.Check]


def _kind(
    argument: v.Check,
    needed: Mapping[str, v.Check] | None = None,
    possible: Mapping[str, v.Check] | None = None,
) -> _Kind:
    return _Kind(argument, needed or {}, possible or {})


PAGES: Final = (
    "search",
    "payment cash",
    "payment card",
    "menu",
    "products",
    "form",
    "restock",
    "teach",
    "settings",
)
_SECONDS = v.number(0, 3600)
_PIECES = v.whole(0, 9999)
_EXPECTED = v.table(v.sku, _PIECES)
_KINDS: Final[Mapping[str, _Kind]] = {
    "put": _kind(v.sku, possible={"as": v.text, "at": v.pair(0, 1), "turn": v.number(-360, 360)}),
    "take": _kind(v.text),
    "move": _kind(v.text, {"by": v.pair(-1, 1)}),
    "swap": _kind(v.text, {"with": v.sku}, {"as": v.text}),
    "cover": _kind(
        v.either(v.list_of(v.text), v.one_name),
        {"by": v.one_of("still hand", "moving hand", "bag"), "for": _SECONDS},
    ),
    "light": _kind(v.number(0, 4), possible={"for": _SECONDS}),
    "shake": _kind(v.number(0, 200), possible={"for": _SECONDS}),
    "picture": _kind(v.one_of("lost", "back")),
    "readable": _kind(v.number(0, 1)),
    "wait": _kind(_SECONDS),
    "fps": _kind(v.number(0.5, _FASTEST)),
    "scan": _kind(v.text, possible={"suffix": v.one_of("enter", "tab", "")}),
    "scans": _kind(
        v.list_of(v.text), {"apart": v.number(0, 60)}, possible={"suffix": v.one_of("enter", "tab", "")}
    ),
    "type": _kind(v.text),
    "tap": _kind(v.text),
    "undo": _kind(v.yes),
    "remove": _kind(v.sku),
    "quantity": _kind(
        v.either(v.product_and(_PIECES), v.sku), possible=dict.fromkeys(("pieces", "N", "n", "to"), _PIECES)
    ),
    "answer": _kind(v.sku),
    "add all": _kind(v.yes),
    "skip": _kind(v.yes),
    "pay": _kind(v.one_of("cash", "card")),
    "next customer": _kind(v.yes),
    "end without sale": _kind(v.yes),
    "open": _kind(v.one_of(*PAGES)),
    "back": _kind(v.yes),
    "restart": _kind(v.yes),
    "database": _kind(v.one_of("away", "back", "slow")),
    "elsewhere": _kind(
        v.exactly_one(
            remove=v.sku,
            add=v.sku,
            sell=v.either(v.yes, v.sku),
            rename=v.product_and(v.text),
            price=v.product_and(v.amount),
        )
    ),
    "expect": _kind(
        v.some_of(
            basket=_EXPECTED,
            sold=v.list_of(_EXPECTED),
            outlined=v.table(v.text, v.one_of("charged", "asked", "left", "sold", "none", "not charged")),
            asked=v.list_of(v.either(v.one_of("?"), v.sku)),
            may_pay=v.either(v.yes, v.no),
            says=v.text,
        )
    ),
    "teach": _kind(v.sku, {"photos": v.whole(1, 20)}),
}
_HEAD: Final[Mapping[str, v.Check]] = {
    "says": v.text,
    "fps": v.number(0.5, _FASTEST),
    "seed": v.whole(0, 2**31 - 1),
    "readable": v.number(0, 1),
}


def read_script(path: Path, skus: Collection[str]) -> Script:
    """Return the script of a file; raise InvalidInput with a sentence that names the first fault.

    `skus` are the products that there are.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InvalidInput(f"{path} is not JSON: {error}.") from error
    except ValueError as error:
        raise InvalidInput(f"{path} holds a number with too many digits.") from error
    except RecursionError as error:
        raise InvalidInput(f"{path} is nested too deeply to be a script.") from error
    try:
        return parse_script(content, skus)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None


def parse_script(content: object, skus: Collection[str]) -> Script:
    """Return what a JSON object says; raise InvalidInput."""
    if not isinstance(content, dict):
        raise InvalidInput('A script is an object with "steps".')
    head = {name: _head(name, value, skus) for name, value in content.items() if name != "steps"}
    steps = content.get("steps")
    if not isinstance(steps, list):
        raise InvalidInput('"steps" is missing: a list of what happens.')
    read = tuple(_completed(_step(number, step, skus)) for number, step in enumerate(steps, start=1))
    _check_pieces(read)
    return Script(
        says=head.get("says", ""),
        fps=head.get("fps", 30.0),
        seed=head.get("seed", 1),
        readable=head.get("readable", 1.0),
        steps=read,
    )


def _head(name: str, value: object, skus: Collection[str]) -> Any:
    if name not in _HEAD:
        raise InvalidInput(f'A script has no "{name}", only {v.listed([*_HEAD, "steps"])}.')
    return _checked(f'"{name}"', _HEAD[name], value, skus)


def _step(number: int, step: object, skus: Collection[str]) -> Step:
    if not isinstance(step, dict) or not step:
        raise InvalidInput(f'Step {number} is not an object such as {{"wait": 1}}.')
    name, *others = step
    kind = _KINDS.get(name)
    if kind is None:
        raise InvalidInput(f'Step {number}: there is no step "{name}", only {v.listed(_KINDS)}.')
    where = f"Step {number} ({name})"
    argument = _checked(where, kind.argument, step[name], skus)
    further = {key: _further(where, kind, key, step[key], skus) for key in others}
    missing = [key for key in kind.needed if key not in further]
    if missing:
        raise InvalidInput(f'{where}: "{missing[0]}" is missing.')
    return Step(number, name, argument, further)


def _further(where: str, kind: _Kind, key: str, value: object, skus: Collection[str]) -> Any:
    known = {**kind.needed, **kind.possible}
    if key not in known:
        what = f"only {v.listed(known)}" if known else "nothing besides its argument"
        raise InvalidInput(f'{where}: it takes no "{key}", {what}.')
    return _checked(f'{where}, "{key}"', known[key], value, skus)


def _checked(where: str, check: v.Check, value: object, skus: Collection[str]) -> Any:
    try:
        return check(value, skus)
    except v.Wrong as fault:
        raise InvalidInput(f"{where}: {fault}") from None


def _completed(step: Step) -> Step:
    """A piece that has no name is called by its SKU; a number of pieces may stand beside its SKU."""
    if step.name == "put":
        return replace(step, further={"as": step.argument, **step.further})
    if step.name == "swap":
        return replace(step, further={"as": step.further["with"], **step.further})
    if step.name == "quantity" and not isinstance(step.argument, tuple):
        if len(step.further) != 1:
            raise InvalidInput(f'Step {step.number} (quantity): "pieces" is missing.')
        return replace(step, argument=(step.argument, *step.further.values()), further={})
    return step


def _check_pieces(steps: tuple[Step, ...]) -> None:
    """A piece must lie there when something is done with it, and may be expected once it was there."""
    lying: set[str] = set()
    ever: set[str] = set()
    for step in steps:
        for name in _handled(step):
            if name not in lying:
                raise InvalidInput(f'Step {step.number} ({step.name}): no piece "{name}" lies there.')
        for name in step.argument.get("outlined", ()) if step.name == "expect" else ():
            if name not in ever:
                raise InvalidInput(f'Step {step.number} (expect): no piece "{name}" was put down.')
        lying -= set(_handled(step)) if step.name in {"take", "swap"} else set()
        if "as" in step.further:
            if step.further["as"] in lying:
                raise InvalidInput(
                    f'Step {step.number} ({step.name}): a piece "{step.further["as"]}" lies there already. '
                    'Give this one a name with "as".'
                )
            lying.add(step.further["as"])
            ever.add(step.further["as"])


def _handled(step: Step) -> tuple[str, ...]:
    """The pieces that a step needs."""
    one: Callable[[Any], tuple[str, ...]] = lambda name: (name,)  # noqa: E731 - a table of two kinds
    kinds = {"take": one, "move": one, "swap": one, "tap": one, "cover": tuple}
    return kinds[step.name](step.argument) if step.name in kinds else ()
