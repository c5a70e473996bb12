"""The first product of an answer that is still being written.

Only a glance ahead, so that the till can show tiles early: what counts is the whole answer.
"""

from __future__ import annotations

from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.domain.errors import DetectorReplyInvalid
from visionscan_kiosk.vision.ollama.reply import parse_reply

_LONGEST_LOOK = 4_000
_DEEPEST = 16


class FirstItem:
    """Fed with the pieces of an answer, finds the first object of a list in it, once.

    Gives up quietly on anything else: on text before the list that is not JSON, on depth, on length.
    """

    def __init__(self) -> None:
        self._text = ""
        self._place = 0
        self._brackets: list[str] = []
        self._item_start: int | None = None
        self._item_depth = 0
        self._is_quoted = False
        self._is_over = False

    def feed(self, piece: str) -> Detection | None:
        """Take the next piece; return the first product as soon as its text is complete, None else."""
        if self._is_over:
            return None
        self._text += piece
        while self._place < len(self._text) and not self._is_over:
            if (item := self._step()) is not None:
                return _read(item)
        self._is_over = self._is_over or len(self._text) > _LONGEST_LOOK
        return None

    def _step(self) -> str | None:
        """Look at one character; return the text of the item that it completes."""
        sign = self._text[self._place]
        self._place += 1
        if self._is_quoted:
            self._step_quoted(sign)
        elif sign == '"':
            self._is_quoted = True
        elif sign in "{[":
            self._open(sign)
        elif sign in "}]":
            return self._close(sign)
        return None

    def _step_quoted(self, sign: str) -> None:
        if sign == "\\":
            self._place += 1  # also when that character is still to come
        elif sign == '"':
            self._is_quoted = False

    def _open(self, sign: str) -> None:
        if sign == "{" and self._brackets and self._brackets[-1] == "[" and self._item_start is None:
            self._item_start = self._place - 1
            self._item_depth = len(self._brackets)
        self._brackets.append(sign)
        self._is_over = len(self._brackets) > _DEEPEST

    def _close(self, sign: str) -> str | None:
        if not self._brackets or self._brackets.pop() + sign not in ("{}", "[]"):
            self._is_over = True
            return None
        if self._item_start is None or len(self._brackets) != self._item_depth:
            return None
        self._is_over = True
        return self._text[self._item_start : self._place]


def _read(item: str) -> Detection | None:
    try:
        return next(iter(parse_reply(f"[{item}]")), None)
    except DetectorReplyInvalid:
        return None
