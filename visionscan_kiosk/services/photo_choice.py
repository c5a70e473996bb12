"""Which photos of a product are worth keeping, decided by their vectors alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.services.recognition_ports import Recognition, Vectors
from visionscan_kiosk.services.recognition_storage import ComparedPhoto, PhotoSource

MOST_CONFIRMED = 20
MOST_TAUGHT = 40
SAME_PICTURE = 0.997
"""Likeness from which on two photos are one picture; the noise of a camera alone makes .95 to .98."""


_LIKELY = 0.5
_FAR_MORE = 2.0


def likeness(one: Vectors, other: Vectors) -> float:
    """Return how alike two photos are, -1..1: the mean of what their views have in common."""
    views = min(len(one), len(other))
    common = np.asarray(one[:views], np.float32) * np.asarray(other[:views], np.float32)
    return float(common.sum(axis=1).mean())


def is_there_already(vectors: Vectors, photos: Sequence[ComparedPhoto]) -> bool:
    """Whether one of the photos shows the same picture."""
    return any(likeness(vectors, other.vectors) >= SAME_PICTURE for other in photos)


def rival_of(product_id: UUID, seen: Recognition) -> UUID | None:
    """Return the product that a picture looks like far more than like the one it is said to be.

    On photographs of 38 grocery products, five taught each, this doubts a tenth of the right pictures and all
    but a ninth of those said to be another one of the first three.
    """
    best = seen.candidates[0] if seen.candidates else None
    if best is None or best.product_id == product_id or best.probability < _LIKELY:
        return None
    said = dict(seen.candidates).get(product_id, 0.0)
    return best.product_id if best.probability > _FAR_MORE * said else None


def is_borne_out(vectors: Vectors, held: ComparedPhoto, rivals: Sequence[ComparedPhoto]) -> bool:
    """Whether a photo and one that is held are more like each other than either is like a rival.

    `rivals`: the photos of the product that the new photo looks like. Two people who say the same of two like
    pictures are believed, one is not.
    """
    shared = likeness(vectors, held.vectors)
    return all(
        shared > max(likeness(vectors, rival.vectors), likeness(held.vectors, rival.vectors))
        for rival in rivals
    )


def too_many(photos: Sequence[ComparedPhoto], most: int = MOST_CONFIRMED) -> list[UUID]:
    """Return the confirmed photos to forget, so that at most `most` stay and those are spread widely.

    `photos`: all of one product. Always the photo goes that is most like another one; of two alike the older.
    Taught photos stay.
    """
    kept = sorted(photos, key=lambda other: other.photo.created_at)
    forgotten: list[UUID] = []
    alike = _likenesses(kept)
    while sum(_is_confirmed(other) for other in kept) > most:
        confirmed = np.array([_is_confirmed(other) for other in kept])
        worst = int(np.argmax(np.where(confirmed, alike.max(axis=1), -np.inf)))
        forgotten.append(kept.pop(worst).photo.id)
        alike = np.delete(np.delete(alike, worst, axis=0), worst, axis=1)
    return forgotten


def _is_confirmed(photo: ComparedPhoto) -> bool:
    return photo.photo.source is PhotoSource.CONFIRMED


def _likenesses(photos: Sequence[ComparedPhoto]) -> NDArray[np.float64]:
    alike = np.array([[likeness(one.vectors, other.vectors) for other in photos] for one in photos])
    np.fill_diagonal(alike, -np.inf)
    return alike
