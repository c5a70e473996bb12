"""Goods lying before the camera are counted once per placement, however long they lie there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Piece:
    """One counted piece: when it was last seen, and in how many reads since then it was not."""

    last_seen_at: float
    misses: int = 0


@dataclass(slots=True)
class _Placement:
    """All pieces of one code that lie there now. `seen_before` is how many the read before showed."""

    seen_before: int = 0
    pieces: list[_Piece] = field(default_factory=list)


class PlacementTracker:
    """Turns what single reads see into pieces that were put down.

    A piece counts when two successive reads agree on it. It lies there until it was missing in at least
    `gone_after_reads` reads in a row and for at least `gone_after_s` seconds; then it may be put down again.
    Time is passed in, so the tracker knows no clock. Not safe for use from several threads.
    """

    def __init__(self, *, gone_after_s: float = 1.5, gone_after_reads: int = 3) -> None:
        self._gone_after_s = gone_after_s
        self._gone_after_reads = gone_after_reads
        self._placements: dict[str, _Placement] = {}

    def observe(self, codes: Iterable[str], now: float) -> tuple[str, ...]:
        """Take the codes of one read frame, a code once per piece seen; return those newly put down.

        `now` is in seconds and never goes back. Codes are compared as they are: normalise them before.
        """
        seen = Counter(codes)
        added: list[str] = []
        for code in [*self._placements, *(code for code in seen if code not in self._placements)]:
            placement = self._placements.setdefault(code, _Placement())
            added += [code] * self._update(placement, seen[code], now)
        self._placements = {
            code: placement
            for code, placement in self._placements.items()
            if placement.pieces or placement.seen_before
        }
        return tuple(added)

    @property
    def lying(self) -> dict[str, int]:
        """How many pieces of each code lie there now."""
        return {
            code: len(placement.pieces) for code, placement in self._placements.items() if placement.pieces
        }

    def _update(self, placement: _Placement, seen: int, now: float) -> int:
        """Bring one code up to date; return how many pieces are new."""
        agreed = min(seen, placement.seen_before)
        placement.seen_before = seen
        new = max(0, agreed - len(placement.pieces))
        placement.pieces += [_Piece(now) for _ in range(new)]
        for place, piece in enumerate(placement.pieces):
            if place < seen:
                piece.last_seen_at, piece.misses = now, 0
            else:
                piece.misses += 1
        placement.pieces = [piece for piece in placement.pieces if not self._is_gone(piece, now)]
        return new

    def _is_gone(self, piece: _Piece, now: float) -> bool:
        return piece.misses >= self._gone_after_reads and now - piece.last_seen_at >= self._gone_after_s
