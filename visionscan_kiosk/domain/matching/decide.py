"""From ranked products to a decision: take one, ask, or leave it unmatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from visionscan_kiosk.domain.matching import lexicon
from visionscan_kiosk.domain.matching.match import Decision, MatchableProduct
from visionscan_kiosk.domain.matching.phrase import Role, role_of
from visionscan_kiosk.domain.matching.rerank import Fit
from visionscan_kiosk.domain.matching.said import Said, SaidWord
from visionscan_kiosk.domain.matching.vetoes import Objection

_SURE = 0.72
_EQUAL_COVER = 0.04
"""A rival whose cover is nearer than this fits what was said as well."""

_EQUAL_SCORE = 0.02
"""A vetoed product that fits better by more than this is probably what was meant, in another size."""

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Judged(NamedTuple):
    """A product with its best fit and what speaks against it."""

    product: MatchableProduct
    fit: Fit
    objection: Objection | None
    score: float

    @property
    def vetoed(self) -> bool:
        """Tell whether the product contradicts what was said."""
        return self.objection is not None and self.objection.hard


class Verdict(NamedTuple):
    """The decision, the place of the chosen product in the ranking, and why it is not sure."""

    decision: Decision
    place: int | None
    reason: str


def decide(said: Said, ranked: Sequence[Judged], threshold: float) -> Verdict:
    """Return what may be done with products ranked best first; below `threshold` nothing is asked."""
    if not ranked or max(judged.fit.score for judged in ranked[:5]) < threshold:
        return Verdict(Decision.UNMATCHED, None, "nothing similar")
    place = next((place for place, judged in enumerate(ranked) if not judged.vetoed), None)
    if place is None or ranked[place].score < threshold:
        first = ranked[0]
        return Verdict(Decision.ASK, 0, first.objection.reason if first.objection else "only similar")
    doubt = _doubt(said, ranked, place)
    return Verdict(Decision.ASK if doubt else Decision.MATCHED, place, doubt)


def _doubt(said: Said, ranked: Sequence[Judged], place: int) -> str:
    """Return why the best product is not surely meant; an empty text when it is."""
    best = ranked[place]
    return (
        _not_in_name(best.fit)
        or _nearer_one(ranked, best)
        or _equal_ones(said, ranked, place)
        or (best.objection.reason if best.objection else "")
        or _weakness(said, best)
    )


def _not_in_name(fit: Fit) -> str:
    missing = [word.text for word in fit.missing if _tells_apart(word, fit)]
    return f"not in the name: {', '.join(missing[:3])}" if missing else ""


def _nearer_one(ranked: Sequence[Judged], best: Judged) -> str:
    """Return what differs in a product that fits better and was vetoed."""
    nearer = (judged.objection for judged in ranked if judged.fit.score > best.fit.score + _EQUAL_SCORE)
    return next((objection.reason for objection in nearer if objection), "")


def _equal_ones(said: Said, ranked: Sequence[Judged], place: int) -> str:
    rivals = _rivals(ranked, place)
    return _tie(ranked[place], rivals) if rivals and not _stands_out(said, ranked[place], rivals) else ""


def _weakness(said: Said, best: Judged) -> str:
    if best.fit.doubtful:
        return f"only similar: {best.fit.doubtful[0].text}"
    if _is_small_part(said, best.fit):
        return "only a part of the name was said"
    return "only similar" if best.score < _SURE or best.fit.guessed else ""


def _rivals(ranked: Sequence[Judged], place: int) -> list[Judged]:
    best = ranked[place].fit
    return [
        judged
        for other, judged in enumerate(ranked)
        if other != place and not judged.vetoed and judged.fit.cover > best.cover - _EQUAL_COVER
    ]


def _stands_out(said: Said, best: Judged, rivals: Sequence[Judged]) -> bool:
    """Tell whether the whole of the best name was said, and the whole of no rival's."""
    if said.phrase.measures and said.phrase.measures == best.fit.entry.measures:
        rivals = [rival for rival in rivals if rival.fit.entry.measures]
    content = sum(word.role is Role.CONTENT for word in said.words)
    specific = content > 2 or (best.fit.brand_said and content > 1)
    if _is_identical(said, best.fit) and (specific or said.phrase.measures):
        return not any(_is_identical(said, rival.fit) for rival in rivals)
    if not specific and not _is_identical(said, best.fit):
        return False
    return _is_complete(best.fit) and not any(_may_be_complete(rival.fit) for rival in rivals)


def _is_small_part(said: Said, fit: Fit) -> bool:
    """Tell whether a word or two from inside a long name were said: peach, of a peach-flavoured mint."""
    content = sum(word.role is Role.CONTENT for word in said.words)
    unsaid = sum(role_of(word) is Role.CONTENT for word in fit.unsaid_core)
    begins = len(fit.unsaid_inside) == len(fit.unsaid)
    return not begins and not fit.brand_said and content <= 2 and unsaid > 2 * content


def _tells_apart(word: SaidWord, fit: Fit) -> bool:
    """Tell whether a missing word speaks against a product; `classic` does when the product is a variant."""
    if word.role >= Role.NUMBER:
        return True
    return word.text not in lexicon.CONTAINERS and any(
        role_of(text) is Role.CONTENT for text in fit.unsaid_inside
    )


def _is_identical(said: Said, fit: Fit) -> bool:
    """Tell whether name and text hold the same words and the same sizes."""
    words_said = not any(role_of(word) >= Role.LIGHT for word in fit.unsaid)
    return words_said and (said.phrase.measures == fit.entry.measures or not fit.entry.measures)


def _is_complete(fit: Fit) -> bool:
    return not any(role_of(word) >= Role.NUMBER for word in fit.unsaid_core)


def _may_be_complete(fit: Fit) -> bool:
    """Tell whether what was left unsaid may be the brand: the words before the first that was said."""
    inside = (word for word in fit.unsaid_inside if not any(map(str.isdigit, word)))
    return _is_complete(fit) or not any(role_of(word) is Role.CONTENT for word in inside)


def _tie(best: Judged, rivals: Sequence[Judged]) -> str:
    same_words = [rival for rival in rivals if rival.fit.entry.words == best.fit.entry.words]
    if same_words and len(same_words) == len(rivals):
        sizes = [
            str(measure)
            for judged in (best, *same_words)
            for measure in sorted(judged.fit.entry.measures)[:1]
        ]
        if len(sizes) > 1:
            return f"size not said: {' / '.join(sizes[:4])}"
    return tie_reason(len(rivals) + 1)


def tie_reason(count: int) -> str:
    """Return the words for a tie of `count` products."""
    return f"{_COUNTS[count] if count < len(_COUNTS) else 'many'} products fit equally"
