"""One answer out of several still frames of the same item."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition

FEWEST_FRAMES = 3
MOST_FRAMES = 5
_CANDIDATES = 5


class StillVote:
    """Collects the recognitions of three to five frames. For one thread.

    Certain only when most frames are and none is certain of another product: one lucky frame charges nobody.
    """

    def __init__(self) -> None:
        self._seen: list[Recognition] = []

    @property
    def is_settled(self) -> bool:
        """Whether more frames would change nothing: three that agree, or five in all."""
        if len(self._seen) >= MOST_FRAMES:
            return True
        return len(self._seen) >= FEWEST_FRAMES and len({_first(seen) for seen in self._seen}) == 1

    def add(self, seen: Recognition) -> None:
        """Take one more frame; raise ValueError when the vote is over."""
        if len(self._seen) >= MOST_FRAMES:
            raise ValueError("the vote is over")
        self._seen.append(seen)

    def result(self) -> Recognition:
        """Return what the frames say together; raise ValueError before the first frame."""
        if not self._seen:
            raise ValueError("no frame was seen yet")
        candidates = self._candidates()
        return Recognition(
            candidates=candidates,
            is_sure=bool(candidates) and self._is_sure_of(candidates[0]),
            is_known=2 * sum(seen.is_known for seen in self._seen) > len(self._seen),
            familiarity=sum(seen.familiarity for seen in self._seen) / len(self._seen),
        )

    def _candidates(self) -> tuple[RecognisedProduct, ...]:
        chances: defaultdict[UUID, float] = defaultdict(float)
        for seen in self._seen:
            for product_id, probability in seen.candidates:
                chances[product_id] += probability / len(self._seen)
        best = Counter(chances).most_common(_CANDIDATES)
        return tuple(RecognisedProduct(product_id, chance) for product_id, chance in best)

    def _is_sure_of(self, best: RecognisedProduct) -> bool:
        sure = [_first(seen) for seen in self._seen if seen.is_sure]
        return 2 * len(sure) > len(self._seen) and set(sure) == {best.product_id}


def _first(seen: Recognition) -> UUID | None:
    return seen.candidates[0].product_id if seen.candidates else None
