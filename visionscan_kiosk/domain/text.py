"""What counts as text in a name: everything that can be printed, and the joiners that some scripts need.

U+200C and U+200D have no picture of their own, so Python calls them not printable. Persian and the scripts of
India are misspelt without them, and families of emoji fall apart.
"""

from __future__ import annotations

JOINERS = "\u200c\u200d"
_WITHOUT_JOINERS = str.maketrans("", "", JOINERS)


def is_text(text: str) -> bool:
    """Return whether every character can be printed or joins others; line breaks and controls do neither."""
    return text.translate(_WITHOUT_JOINERS).isprintable()


def one_line(text: str) -> str:
    """Return the words of `text` with single spaces; what is no text parts words."""
    return says_something(" ".join("".join(sign if is_text(sign) else " " for sign in text).split()))


def says_something(text: str) -> str:
    """Return `text`, or nothing where it consists of joiners and spaces only."""
    return text if text.translate(_WITHOUT_JOINERS).strip() else ""
