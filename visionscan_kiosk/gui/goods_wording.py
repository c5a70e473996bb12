"""What the till says of goods on the counter: questions, outlines, notes."""

from __future__ import annotations

from visionscan_kiosk.gui.wording import WHICH_ONE

WHAT_IS_THIS = "What is this?"
UNKNOWN_DETAIL = "Search it, or say that it is not for sale."
UNKNOWN_TAKEN = "Something lay there and was taken away before it was known."
NOT_FOR_SALE = "Not for sale"
LEAVE_IT = "Leave it out"
TAKEN_ALREADY = "It was taken away already."
SKIP_TEXTS = {
    "still here": LEAVE_IT,
    "meanwhile": LEAVE_IT,
    "refused": LEAVE_IT,
    "missing": LEAVE_IT,
    "another": "The same one",
    "swapped": "Change nothing",
}
INSTEAD = "Instead"
CHECKING = "Looking at what was just put down…"
NO_COUNTER = "The till does not know the empty counter yet."
NO_COUNTER_DETAIL = "It sells by barcode, but cannot see what is taken away. Clear the counter and tap."
TAKE_OUT = "Take it out"
CHARGE_IT = "Add it"
ONE_MORE = "One more"
MOVED_DETAIL = "It is in the basket once. This goes by itself."
THE_SAME = "The same one"
NOT_CHARGED = "Not in the basket"
SOLD = "Sold"
IN_BASKET_DETAIL = "It is in the basket. Take it out, or search what it is."
LEFT_DETAIL = "It is not in the basket."
SOLD_DETAIL = "It was sold to a customer before."
UNKNOWN_THING = "Not known yet"
TOUCHING = "Two products touch. Move them apart."
TOUCHING_LABEL = "Move them apart"
COUNTER_LOST = "Empty the counter for a moment"
COUNTER_LOST_WHY = "The camera sees another place than before. Until then goods are not told apart."
COUNTER_IS_EMPTY = "It is empty"
COUNTER_LEARNED = "The empty counter is learned. Put goods on it."
CLEAR_IT = "Take everything off the counter, then tap again."

_LABELS = {"unknown": UNKNOWN_THING, "no product": "No product", "which": WHICH_ONE, "swapped": "One more?"}
_LONGEST_ON_BUTTON = 40


def asked(why: str, name: str) -> str:
    """Ask about a piece on the counter; `why` says what is not clear."""
    titles = {
        "still here": f"{name} is still here. Add it?",
        "meanwhile": f"{name} was put down meanwhile. Add it?",
        "refused": f"{name} was not added. Try again?",
        "missing": f"{name} was taken out elsewhere. Add it again?",
        "another": f"One more {name}?",
    }
    return titles.get(why, WHICH_ONE)


def asked_label(why: str) -> str:
    """Return the few words on the outline of what is asked about."""
    return _LABELS.get(why, "Add it?")


def outlined(kind: str, name: str) -> str:
    """Return the words on the outline of a piece that needs no answer."""
    words = {"left": NOT_CHARGED, "sold": SOLD}
    return f"{name} · {words[kind]}" if name and kind in words else words.get(kind, name)


def moved(name: str) -> str:
    """Say that a piece lies elsewhere now: it may be another one."""
    return f"{name} moved. Is it one more?"


def not_empty(name: str) -> str:
    """Say why the empty counter is not learned."""
    return f"The counter is not empty: {name} lies there"


def known(count: int) -> str:
    """Say how many products the till recognised for sure."""
    return "Recognised" if count == 1 else f"{count} products recognised"


def known_detail(count: int, total: str) -> str:
    """Say what to do about an offer."""
    return "Not right? Tap it." if count == 1 else f"Together {total}. Not right? Tap that one."


def add_known(count: int) -> str:
    """Name the button that adds what is known."""
    return "Add" if count == 1 else f"Add all {count}"


def code_and_looks(coded: str, seen: str) -> str:
    """Say that a barcode and the camera do not agree."""
    return f"The code says {coded}, it looks like {seen}"


def swapped(name: str) -> str:
    """Ask about a code that is read where something was charged as `name`, which may not be known."""
    of = f" of {name}" if name and len(name) <= _LONGEST_ON_BUTTON else ""
    return f"One more, or instead{of}?"


def it_is(name: str) -> str:
    """Name the button that believes the camera; a name too long for one stands in the note above it."""
    return f"It is {name}" if len(name) <= _LONGEST_ON_BUTTON else "It is what it looks like"
