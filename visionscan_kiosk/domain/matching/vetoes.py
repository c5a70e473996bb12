"""Reasons why a product that sounds right is the wrong one: size, count, container, diet, flavour, number.

A hard objection means the shop's product contradicts what was said; it is never taken without a person.
A soft one means something that tells products apart was left unsaid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from visionscan_kiosk.domain.matching import lexicon
from visionscan_kiosk.domain.matching.index import Entry
from visionscan_kiosk.domain.matching.phrase import Role, role_of
from visionscan_kiosk.domain.matching.rerank import Fit
from visionscan_kiosk.domain.matching.said import Said
from visionscan_kiosk.domain.matching.sizes import Measure, first_difference

_VARIANT_WORDS = (
    lexicon.DIET_WORDS | lexicon.CLAIM_NOUNS | frozenset(lexicon.FLAVOURS) | frozenset(lexicon.KINDS)
)
_DISTINCT_CONTAINERS = frozenset({"bottle", "can", "jar", "tub", "tube", "spray", "tin", "box", "pouch"})


class Objection(NamedTuple):
    """Why a product may not be meant; `hard` when it contradicts what was said."""

    reason: str
    hard: bool


def objection(said: Said, fit: Fit, printed: frozenset[Measure]) -> Objection | None:
    """Return the first objection to taking a product; `printed` are all sizes its names give."""
    return (
        _other_size(said, printed)
        or _other_diet(said, fit)
        or _other_flavour(fit)
        or _other_kind(fit)
        or _other_number(fit)
        or _other_container(said, fit)
        or _swapped(fit)
        or _left_unsaid(said, fit)
        or _count_unsaid(said, printed)
    )


def _other_size(said: Said, printed: frozenset[Measure]) -> Objection | None:
    difference = first_difference(said.phrase.measures, printed)
    if difference is None:
        return None
    asked, offered = difference
    what = "count" if asked.dimension == "ct" or asked.parts != offered.parts else "size"
    return Objection(f"{what} differs: {asked} / {offered}", hard=True)


def _other_diet(said: Said, fit: Fit) -> Objection | None:
    lacking = sorted(said.claims - fit.entry.claims) or [
        word.text for word in fit.missing if word.text in lexicon.DIET_WORDS
    ]
    if lacking:
        return Objection(f"diet word differs: {lacking[0]}", hard=True)
    unsaid = sorted(fit.entry.claims - said.claims)
    opposed = [claim for claim in unsaid if _opposite(claim) in said.claims]
    return Objection(f"diet word differs: {opposed[0]}", hard=True) if opposed else None


def _opposite(claim: str) -> str:
    return claim[3:] if claim.startswith("no ") else f"no {claim}"


def _other_flavour(fit: Fit) -> Objection | None:
    missing = _flavours(word.text for word in fit.missing) | _flavours(word.text for word in fit.doubtful)
    unsaid = _flavours(fit.unsaid)
    if not missing or missing <= unsaid:
        return None
    other = ", ".join(sorted(unsaid)) or "not in the name"
    return Objection(f"flavour differs: {', '.join(sorted(missing))} / {other}", hard=True)


def _flavours(words: Iterable[str]) -> set[str]:
    return {lexicon.FLAVOURS[word] for word in words if word in lexicon.FLAVOURS}


def _other_kind(fit: Fit) -> Objection | None:
    printed = {lexicon.KINDS[word]: word for word in fit.unsaid if word in lexicon.KINDS}
    for word in fit.missing:
        other = printed.get(lexicon.KINDS.get(word.text, -1))
        if other is not None:
            return Objection(f"kind differs: {word.text} / {other}", hard=True)
    return None


def _other_number(fit: Fit) -> Objection | None:
    """Object to another number, or to another single letter."""
    missing = [word.text for word in fit.missing if word.is_bare_number]
    printed = [word for word in fit.unsaid if role_of(word) is Role.NUMBER] + sorted(fit.entry.numbers)
    for said in missing:
        other = next((text for text in printed if text[0].isdigit() == said[0].isdigit()), None)
        if other is not None:
            return Objection(f"number differs: {said} / {other}", hard=True)
    return None


def _other_container(said: Said, fit: Fit) -> Objection | None:
    asked = said.phrase.containers() & _DISTINCT_CONTAINERS
    missing = {lexicon.CONTAINERS.get(word.text) for word in fit.missing}
    printed = _containers(fit.unsaid) & _DISTINCT_CONTAINERS
    if asked & missing and printed and not asked & printed:
        return Objection(f"container differs: {min(asked)} / {min(printed)}", hard=False)
    return None


def _containers(words: Iterable[str]) -> set[str]:
    return {lexicon.CONTAINERS[word] for word in words if word in lexicon.CONTAINERS}


def _swapped(fit: Fit) -> Objection | None:
    """Object when a word the shop knows is missing and another stands in its place: coconut milk / water."""
    swapped_in = [word for word in fit.unsaid_core if role_of(word) is Role.CONTENT]
    swapped_out = [word.text for word in fit.missing if word.known and word.role is Role.CONTENT]
    if not swapped_in or not swapped_out:
        return None
    return Objection(f"differs: {swapped_out[0]} / {swapped_in[0]}", hard=False)


def _left_unsaid(said: Said, fit: Fit) -> Objection | None:
    """Object when the speaker may mean a plainer product.

    That is when all but a diet word or flavour was said, or when a size was said but not the whole name: who
    reads the size off a pack reads the name too.
    """
    inside = [word for word in fit.unsaid_inside if role_of(word) is Role.CONTENT]
    if inside and said.phrase.measures:
        return Objection(f"not said: {', '.join(inside[:3])}", hard=False)
    left = [word for word in fit.unsaid if role_of(word) is Role.CONTENT]
    if not left or any(not _tells_variants_apart(word) for word in left):
        return None
    lacking = sorted(claim for claim in fit.entry.claims - said.claims if claim.startswith("no "))
    if lacking and not lexicon.DIET_WORDS.isdisjoint(left):
        return Objection(f"diet word not said: {lacking[0]}", hard=False)
    added = [word for word in left if lexicon.FLAVOURS.get(word, "") not in lexicon.COLOURS | {""}]
    if said.phrase.measures or said.claims or (said.phrase.flavours() and added):
        return Objection(f"not said: {', '.join(left)}", hard=False)
    return None


def _tells_variants_apart(word: str) -> bool:
    return word in _VARIANT_WORDS


def _count_unsaid(said: Said, printed: frozenset[Measure]) -> Objection | None:
    """Object when a size was said, and the product is a pack of several that nobody mentioned."""
    if not said.phrase.measures or any(measure.dimension == "ct" for measure in said.phrase.measures):
        return None
    packs = sorted(measure for measure in printed if measure.dimension == "ct" and measure.total > 1)
    counted = [pack for pack in packs if f"{pack.total:g}" not in {word.text for word in said.words}]
    return Objection(f"count not said: {counted[0]}", hard=False) if counted else None


def sizes_of(entries: Iterable[Entry]) -> frozenset[Measure]:
    """Return every size that the names and aliases of a product give."""
    return frozenset(measure for entry in entries for measure in entry.measures)
