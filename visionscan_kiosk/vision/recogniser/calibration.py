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
from visionscan_kiosk.vision.recogniser.head import CosineHead, LeftOut, Likeness, Scores
from visionscan_kiosk.vision.recogniser.logistic import Logistic, Numbers, fit_logistic
from visionscan_kiosk.vision.recogniser.spread import Change, Rows
from visionscan_kiosk.vision.recogniser.taught import KeptPhoto, TaughtPhotos, mean_of

CANDIDATES = 5
SURE = 0.985
"""Least probability with which an answer counts as certain."""
SURELY_KNOWN = 0.8
"""Least familiarity with which an answer counts as certain."""
SURELY_KNOWN_AMONG_FEW = 0.95
"""The same for the very first product: few products say little of what others look like."""
MAY_BE_KNOWN = 0.2
"""Least familiarity with which it is worth asking which product it is. Familiarity takes strangers to be as
frequent as taught goods; where four of five things without a code are taught, this is an even chance."""
QUERY_ROWS = 2
"""The first rows of a taught photo are cut as an item to recognise is."""

_PRIOR_RIGHT = Logistic(-1.5, (4.0, 12.0))
_PRIOR_KNOWN = Logistic(-4.0, (4.0, 4.0))
_PRIOR_ROWS = 8.0
_PHOTOS = 120
_PRODUCTS = 32
_AT_ONCE = 16
_CROWD = 5
_LEAST_STEADY = 0.2
_FEW_PRODUCTS = 10
_LEAST_ANSWERS = 20
_ERROR_BINS = 10
_TEMPERATURE = 0.08


class Answer(NamedTuple):
    """What a picture was taken for, and the truth, where it is known.

    `best`: its cosine; `lead`: over the second; `distance`: from the mean of the next five; `likeness`: the
    best cosine, had all crops of the picture been alike.
    """

    best: float
    lead: float
    distance: float
    likeness: float
    is_right: bool = False
    is_known: bool = False


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
        answer = [_answer(likeness)]
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
            is_known=familiarity >= MAY_BE_KNOWN,
            familiarity=familiarity,
        )


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
    return Calibration(right, _fit_known(known, unknown), error, _surely_known(len(photos.products())))


def _surely_known(product_count: int) -> float:
    """Every product that is taught says more of what others look like."""
    part = max(0.0, 1 - product_count / _FEW_PRODUCTS)
    return SURELY_KNOWN + part * (SURELY_KNOWN_AMONG_FEW - SURELY_KNOWN)


def _without_each_photo(
    head: CosineHead, photos: TaughtPhotos, random: np.random.Generator
) -> Iterator[Answer]:
    places = [
        (place, photo_id)
        for place, product in enumerate(photos.products())
        for photo_id, photo in photos.photos_of(product).items()
        if photo.rows is not None and len(photos.photos_of(product)) > 1
    ]
    chosen = [places[choice] for choice in random.permutation(len(places))[:_PHOTOS]]
    left_out = [_without_photo(photos, place, photo_id) for place, photo_id in chosen]
    for (place, _), likeness in zip(chosen, _likenesses(head, left_out), strict=True):
        yield _answer(likeness, is_right=bool(likeness.cosines.argmax() == place), is_known=True)


def _without_photo(photos: TaughtPhotos, place: int, photo_id: UUID) -> LeftOut:
    product = photos.products()[place]
    shown = photos.photos_of(product)
    photo = shown.pop(photo_id)
    rows = photos.rows_of(product, last=[photo_id])
    count = 0 if photo.rows is None else len(photo.rows)
    change = Change.of_product(rows[: len(rows) - count], rows)
    return LeftOut([_crops(photo)], place, change, mean_of(shown.values()))


def _without_each_product(
    head: CosineHead, photos: TaughtPhotos, random: np.random.Generator
) -> Iterator[Answer]:
    products = photos.products()
    places = [place for place, product in enumerate(products) if len(photos.rows_of(product))]
    if len(products) < 3:
        return
    chosen = [places[choice] for choice in random.permutation(len(places))[:_PRODUCTS]]
    left_out = [_without_product(photos, place) for place in chosen]
    pictured = [place for place, without in zip(chosen, left_out, strict=True) for _ in without.pictures]
    for place, likeness in zip(pictured, _likenesses(head, left_out), strict=True):
        yield _answer(likeness.among(np.arange(len(products)) != place))


def _without_product(photos: TaughtPhotos, place: int) -> LeftOut:
    product = photos.products()[place]
    rows = photos.rows_of(product)
    shown = [photo for photo in photos.photos_of(product).values() if photo.rows is not None]
    return LeftOut(
        [_crops(photo) for photo in shown[:CANDIDATES]], place, Change.of_product(rows[:0], rows), None
    )


def _likenesses(head: CosineHead, left_out: Sequence[LeftOut]) -> Iterator[Likeness]:
    for start in range(0, len(left_out), _AT_ONCE):
        yield from head.likenesses_without(left_out[start : start + _AT_ONCE])


def _crops(photo: KeptPhoto) -> Rows:
    """Return a photo as an item to recognise is seen."""
    if photo.rows is None:
        raise ValueError("the views of this photo were not kept")
    return photo.rows[:QUERY_ROWS].astype(np.float32)


def _answer(likeness: Likeness, *, is_right: bool = False, is_known: bool = False) -> Answer:
    best, *others = np.sort(likeness.cosines)[::-1][: _CROWD + 1].tolist()
    return Answer(
        best=best,
        lead=best - others[0] if others else best,
        distance=best - sum(others) / len(others) if others else best,
        likeness=best / max(likeness.steadiness, _LEAST_STEADY) ** 0.5,
        is_right=is_right,
        is_known=is_known,
    )


def _signs_of_right(answers: Sequence[Answer]) -> Numbers:
    return np.array([(answer.best, answer.lead) for answer in answers])


def _signs_of_known(answers: Sequence[Answer]) -> Numbers:
    return np.array([(answer.distance, answer.likeness) for answer in answers])


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
