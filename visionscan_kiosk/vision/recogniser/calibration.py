"""How far a score can be trusted, learned from the taught photos themselves.

Every sampled photo is recognised as if it had not been taught, and every sampled product as if nobody had
shown it. What came out right teaches the probabilities; what came out for a product that was never taught
teaches to say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np

from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition
from visionscan_kiosk.vision.recogniser.head import CosineHead, Likeness, Scores
from visionscan_kiosk.vision.recogniser.logistic import Logistic, Numbers, fit_logistic
from visionscan_kiosk.vision.recogniser.spread import Change
from visionscan_kiosk.vision.recogniser.taught import TaughtPhotos, stacked

CANDIDATES = 5
SURE = 0.99
"""Least probability with which an answer counts as certain."""
SURELY_KNOWN = 0.6
"""Least familiarity with which an answer counts as certain."""
SURELY_KNOWN_AMONG_FEW = 0.9
"""The same while so few products are taught that they say little of what others look like."""
QUERY_ROWS = 2
"""The first rows of a taught photo are cut as an item to recognise is."""

_PRIOR_RIGHT = Logistic(-1.5, (4.0, 12.0))
_PRIOR_KNOWN = Logistic(-3.5, (6.0,))
_PRIOR_ROWS = 8.0
_PHOTOS = 120
_PRODUCTS = 24
_FEW_PRODUCTS = 10
_LEAST_ANSWERS = 20
_ERROR_BINS = 10
_TEMPERATURE = 0.08


class Answer(NamedTuple):
    """What a photo that was left out was taken for: cosine, lead over the second, reach, and the truth."""

    best: float
    lead: float
    reach: float
    is_right: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns scores into probabilities. `error`: None while too few photos are taught to tell."""

    right: Logistic = _PRIOR_RIGHT
    known: Logistic = _PRIOR_KNOWN
    error: float | None = None
    surely_known: float = SURELY_KNOWN_AMONG_FEW

    def judge(self, likeness: Likeness, products: Sequence[UUID]) -> Recognition:
        """Return the recognition for the likeness to all products."""
        scores = likeness.cosines
        order = np.argsort(-scores, kind="stable")[:CANDIDATES]
        answer = [_answer(likeness, is_right=False, is_known=False)]
        right = float(self.right.probability(_signs_of_right(answer))[0])
        familiarity = float(self.known.probability(_signs_of_known(answer))[0])
        others = (1 - right) * _shares(scores, int(order[0]))
        chances = [right, *(min(right, float(others[place])) for place in order[1:])]
        return Recognition(
            candidates=tuple(
                RecognisedProduct(products[place], chance)
                for place, chance in zip(order, chances, strict=True)
            ),
            is_sure=right >= SURE and familiarity >= self.surely_known,
            is_known=familiarity >= 0.5,
            familiarity=familiarity,
        )


def lead_of(scores: Scores) -> float:
    """Return by how much the best score is better than the second."""
    if len(scores) == 1:
        return float(scores[0])
    second, first = np.partition(scores, len(scores) - 2)[-2:]
    return float(first - second)


def _shares(scores: Scores, best: int) -> Scores:
    """Return how the products but the best share what is left of the probability."""
    weights = np.exp((scores - scores[best]) / _TEMPERATURE)
    weights[best] = 0
    return np.asarray(weights / max(float(weights.sum()), 1e-9))


def calibrate(head: CosineHead, photos: TaughtPhotos, seed: int = 1) -> Calibration:
    """Return the calibration that the taught photos give; the same for the same photos and seed."""
    random = np.random.default_rng(seed)
    known = list(_without_each_photo(head, photos, random))
    unknown = list(_without_each_product(head, photos, random))
    if not known or not unknown:
        return Calibration()
    right = _fit_right(known)
    error = _cross_validated_error(known, random) if len(known) >= _LEAST_ANSWERS else None
    is_few = len(photos.products()) < _FEW_PRODUCTS
    surely_known = SURELY_KNOWN_AMONG_FEW if is_few else SURELY_KNOWN
    return Calibration(right, _fit_known(known, unknown), error, surely_known)


def _without_each_photo(
    head: CosineHead, photos: TaughtPhotos, random: np.random.Generator
) -> Iterator[Answer]:
    places = [
        (place, index, product)
        for place, product in enumerate(photos.products())
        for index in range(len(photos.photos_of(product)))
        if len(photos.photos_of(product)) > 1
    ]
    for choice in random.permutation(len(places))[:_PHOTOS]:
        place, index, product = places[choice]
        shown = photos.photos_of(product)
        left = stacked([*shown[:index], *shown[index + 1 :]], photos.dimensions)
        alone = stacked([shown[index]], photos.dimensions)
        change = Change.of_product(left, np.vstack([left, alone]))
        picture = alone[:QUERY_ROWS].mean(axis=0)
        likeness = head.likeness_without(picture, place, change, left.mean(axis=0))
        yield _answer(likeness, is_right=bool(likeness.cosines.argmax() == place), is_known=True)


def _without_each_product(
    head: CosineHead, photos: TaughtPhotos, random: np.random.Generator
) -> Iterator[Answer]:
    products = photos.products()
    if len(products) < 3:
        return
    for place in random.permutation(len(products))[:_PRODUCTS]:
        shown = photos.photos_of(products[place])[:CANDIDATES]
        change = Change.of_product(
            np.empty((0, photos.dimensions), np.float32), photos.rows_of(products[place])
        )
        for photo in shown:
            picture = photo[:QUERY_ROWS].astype(np.float32).mean(axis=0)
            likeness = head.likeness_without(picture, int(place), change, None)
            others = likeness.among(np.arange(len(products)) != place)
            yield _answer(others, is_right=False, is_known=False)


def _answer(likeness: Likeness, *, is_right: bool, is_known: bool) -> Answer:
    best = int(likeness.cosines.argmax())
    return Answer(
        best=float(likeness.cosines[best]),
        lead=lead_of(likeness.cosines),
        reach=float(likeness.reaches[best]),
        is_right=is_right,
        is_known=is_known,
    )


def _signs_of_right(answers: Sequence[Answer]) -> Numbers:
    return np.array([(answer.best, answer.lead) for answer in answers])


def _signs_of_known(answers: Sequence[Answer]) -> Numbers:
    return np.array([(answer.reach,) for answer in answers])


def _fit_right(known: Sequence[Answer]) -> Logistic:
    truth = np.array([answer.is_right for answer in known], float)
    return fit_logistic(
        _signs_of_right(known), truth, _PRIOR_RIGHT, pull=_PRIOR_ROWS, importance=np.ones(len(known))
    )


def _fit_known(known: Sequence[Answer], unknown: Sequence[Answer]) -> Logistic:
    """Both kinds count the same, however many of each there are."""
    answers = [*known, *unknown]
    truth = np.array([answer.is_known for answer in answers], float)
    importance = np.where(truth == 1, len(answers) / 2 / len(known), len(answers) / 2 / len(unknown))
    return fit_logistic(
        _signs_of_known(answers), truth, _PRIOR_KNOWN, pull=_PRIOR_ROWS, importance=importance
    )


def _cross_validated_error(known: Sequence[Answer], random: np.random.Generator) -> float:
    """Return the gap between probability and truth on answers that the fit has not seen."""
    order = random.permutation(len(known))
    halves = [[known[place] for place in half] for half in np.array_split(order, 2)]
    chances = np.concatenate(
        [
            _fit_right(halves[0]).probability(_signs_of_right(halves[1])),
            _fit_right(halves[1]).probability(_signs_of_right(halves[0])),
        ]
    )
    truth = np.array([answer.is_right for answer in (*halves[1], *halves[0])], float)
    return expected_calibration_error(chances, truth)


def expected_calibration_error(chances: Numbers, truth: Numbers) -> float:
    """Return the mean gap between stated probability and share of right answers, in ten equal groups."""
    groups = [group for group in np.array_split(np.argsort(chances), _ERROR_BINS) if len(group)]
    gaps = [abs(chances[group].mean() - truth[group].mean()) * len(group) for group in groups]
    return float(sum(gaps) / len(chances))
