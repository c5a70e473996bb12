"""Which letters the on-screen keyboard offers. Pure data, four rows a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PageName(StrEnum):
    """The pages of the keyboard."""

    LETTERS = "letters"
    ACCENTS = "accents"
    SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class KeyboardPage:
    """Four rows of characters; the last one shares its row with shift and delete."""

    name: PageName
    rows: tuple[str, str, str, str]
    can_shift: bool


PAGES = {
    page.name: page
    for page in (
        KeyboardPage(PageName.LETTERS, ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"), can_shift=True),
        KeyboardPage(PageName.ACCENTS, ("äöüßåæøœçñ", "áàâãéèêëíî", "ìïóòôõúùû", "ýÿšžčćł"), can_shift=True),
        KeyboardPage(PageName.SIGNS, ("1234567890", "-/:;()&@%+", "*=#_'\"!?°", "€$£|×½¼"), can_shift=False),
    )
}

PAGE_LABELS = {PageName.LETTERS: "abc", PageName.ACCENTS: "äöü", PageName.SIGNS: "#+="}
PAGE_NAMES = {PageName.LETTERS: "Letters", PageName.ACCENTS: "Accents", PageName.SIGNS: "Signs"}


def other_pages(name: PageName) -> tuple[PageName, PageName]:
    """Return the two pages that the keys at the foot lead to."""
    first, second = (page for page in PageName if page is not name)
    return first, second


def shifted(character: str) -> str:
    """Return the capital of a letter; ß stays, for its capital is two letters."""
    capital = character.upper()
    return capital if len(capital) == 1 else character
