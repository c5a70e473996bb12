"""The recogniser over all taught products, kept in step with the database by its revision number."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import InvalidInput, KioskError, NotFound
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition_ports import (
    Embedder,
    ProductRecogniser,
    QueryVectors,
    RecognisedProduct,
    Recognition,
    TaughtPhoto,
    Vectors,
)
from visionscan_kiosk.services.recognition_storage import PhotoCodec
from visionscan_kiosk.services.retry import retried

RunLater = Callable[[Callable[[], None]], object]
"""Runs something soon in a thread of its own, one after the other."""

_CANDIDATES = 5
_BATCH = 20
_READ_AT_ONCE = 100
_PAUSE_S = 0.2
_UNUSED_DAYS = 30
"""Vectors of a model that made none for so long are removed."""

_LOG = logging.getLogger(__name__)


class Recognising(NamedTuple):
    """What turns pictures into vectors, and what turns these into products.

    `photo_embedder` is another one of the same version: a net works on one picture at a time, and whoever
    waits at the counter must not stand behind photos that are being taught or prepared.
    """

    embedder: Embedder
    photo_embedder: Embedder
    recogniser: ProductRecogniser


class TaughtProducts:
    """Shares one recogniser between till, command line and HTTP. Safe to use from several threads.

    What this process teaches is known at once. What other tills teach is learned in the background, while
    recognition goes on with what was known.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        open_recognising: Callable[[], Recognising],
        codec: PhotoCodec,
        run_later: RunLater,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._open_recognising = open_recognising
        self._codec = codec
        self._run_later = run_later
        self._revision = 0
        self._known: frozenset[UUID] = frozenset()
        self._refreshing = Lock()
        self._is_following = Lock()
        self._opening = Lock()
        self._opened: Recognising | None = None
        self._stop = CancelToken()

    @property
    def model_version(self) -> str:
        """Name of the model that makes the vectors."""
        return self._open().embedder.version

    @property
    def calibration_error(self) -> float | None:
        """Expected gap between stated probability and truth, 0..1; None while too little is taught."""
        return self._open().recogniser.calibration_error

    def __len__(self) -> int:
        """Return how many products are taught."""
        return 0 if self._opened is None else len(self._opened.recogniser)

    def warm_up(self) -> None:
        """Learn all photos now, and in the background those that this model has not seen yet."""
        self.refresh()
        self._run_later(self._embed_missing_quietly)

    def stop(self) -> None:
        """Give up what runs in the background after the photo at hand."""
        self._stop.cancel()

    def follow(self) -> None:
        """Learn what is in the database: at once when nothing was learned yet, else in the background."""
        if not self._revision:
            self.refresh()
        elif self._present_revision() != self._revision and self._is_following.acquire(blocking=False):
            self._run_later(self._follow_quietly)

    def refresh(self) -> None:
        """Learn and forget what changed in the database; return when it is done."""
        with self._refreshing:
            version = self.model_version
            with self._unit_of_work().reading() as work:
                revision = work.taught_photos.revision()
                if revision == self._revision:
                    return
                present = work.taught_photos.recognisable(version)
            self._learn(present, version)
            self._revision = revision

    def _learn(self, present: frozenset[UUID], version: str) -> None:
        """Photos are learned while they are read, some at a time: all vectors would take much memory.

        Nothing is open meanwhile: learning takes up to seconds.
        """
        recogniser, gone = self._open().recogniser, self._known - present
        read: set[UUID] = set()
        photos = _noted(self._read(present - self._known, version), read)
        if self._known == gone:
            recogniser.load(photos)
        else:
            if gone:
                recogniser.forget(gone)
            recogniser.add(photos)
        self._known = self._known - gone | read

    def _read(self, photo_ids: Collection[UUID], version: str) -> Iterator[TaughtPhoto]:
        """A photo that was removed meanwhile is left out."""
        ids = [*photo_ids]
        for start in range(0, len(ids), _READ_AT_ONCE):
            batch = ids[start : start + _READ_AT_ONCE]
            with self._unit_of_work().reading() as work:
                photos = work.taught_photos.read(batch, version)
            yield from photos

    def recognise(self, crops: Sequence[Image]) -> Recognition:
        """Return what one thing is, seen upright in one or several stills."""
        embedder, _, recogniser = self._open()
        return vote([recogniser.recognise(embedder.embed_query(crop)) for crop in crops])

    def describe(self, crop: Image) -> QueryVectors:
        """Return the vectors by which an item is looked for; raise InvalidInput for one without pixels."""
        return self._open().embedder.embed_query(crop)

    def embed(self, image: Image) -> tuple[bytes, Vectors]:
        """Return a photo as it is kept, and its vectors; raise InvalidInput for one without pixels.

        The vectors are those of the kept JPEG, so that making them anew gives the same.
        """
        data = self._codec.encode(image)
        return data, self._open().photo_embedder.embed_photo(self._codec.decode(data))

    def looks_like(self, vectors: Vectors, except_product: UUID | None = None) -> UUID | None:
        """Return the taught product that a photo would be taken for, None when it looks like no other."""
        return self._open().recogniser.looks_like(vectors, except_product)

    def embed_missing(self, pause_s: float = 0.0) -> int:
        """Make vectors for the photos that have none of this model; return how many were made.

        With pauses after each photo the rest of the program keeps half of the processor.
        """
        with self._unit_of_work() as work:
            missing = work.taught_photos.without_vectors(self.model_version)
        batches = (missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH))
        made = sum(self._embed_stored(batch, pause_s) for batch in batches)
        if made:
            _LOG.info("%d photos were prepared for %s", made, self.model_version)
        self._forget_old_vectors()
        return made

    @retried
    def _forget_old_vectors(self) -> None:
        with self._unit_of_work() as work:
            forgotten = work.taught_photos.forget_old_vectors(self.model_version, _UNUSED_DAYS)
            work.commit()
        if forgotten:
            _LOG.info("vectors of %d photos of models that nobody uses were removed", forgotten)

    def _embed_stored(self, photo_ids: Sequence[UUID], pause_s: float) -> int:
        found = [
            (key, vectors) for key in photo_ids if (vectors := self._embed_one(key, pause_s)) is not None
        ]
        if found:
            self._keep_vectors(found)
            self.refresh()
        return len(found)

    def _embed_one(self, photo_id: UUID, pause_s: float) -> Vectors | None:
        """A photo that was removed meanwhile, or that cannot be read, has no vectors."""
        if self._stop.wait(pause_s):
            return None
        try:
            with self._unit_of_work() as work:
                data = work.taught_photos.picture(photo_id)
            return self._open().photo_embedder.embed_photo(self._codec.decode(data))
        except (NotFound, InvalidInput) as error:
            _LOG.warning("photo %s was left out: %s", photo_id, error)
            return None

    @retried
    def _keep_vectors(self, found: Sequence[tuple[UUID, Vectors]]) -> None:
        with self._unit_of_work() as work:
            for photo_id, vectors in found:
                work.taught_photos.add_vectors(photo_id, vectors, self.model_version)
            work.commit()

    def _open(self) -> Recognising:
        """A command that recognises nothing must not wait for the net."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open_recognising()
            return self._opened

    def _present_revision(self) -> int:
        with self._unit_of_work() as work:
            return work.taught_photos.revision()

    def _follow_quietly(self) -> None:
        """What another till taught may have no vectors of this till's model."""
        try:
            self.refresh()
            self.embed_missing(_PAUSE_S)
        except KioskError as error:
            _LOG.warning("what other tills taught is not known yet: %s", error)
        finally:
            self._is_following.release()

    def _embed_missing_quietly(self) -> None:
        try:
            self.embed_missing(_PAUSE_S)
        except KioskError as error:
            _LOG.warning("stored photos wait for their vectors: %s", error)


def _noted(photos: Iterable[TaughtPhoto], ids: set[UUID]) -> Iterator[TaughtPhoto]:
    for photo in photos:
        yield photo
        ids.add(photo.id)


def vote(seen: Sequence[Recognition]) -> Recognition:
    """Return what several looks at one thing say together.

    Probabilities are averaged, a product that a look does not name counts 0 there. Sure is what most looks
    are sure of while none is sure of something else; known is what most looks know.
    """
    if len(seen) == 1:
        return seen[0]
    sums: defaultdict[UUID, float] = defaultdict(float)
    for look in seen:
        for candidate in look.candidates:
            sums[candidate.product_id] += candidate.probability
    ranked = sorted(sums.items(), key=lambda entry: -entry[1])[:_CANDIDATES]
    candidates = tuple(RecognisedProduct(key, total / len(seen)) for key, total in ranked)
    sure_of = [look.candidates[0].product_id for look in seen if look.is_sure]
    return Recognition(
        candidates,
        is_sure=len(sure_of) * 2 > len(seen) and set(sure_of) == {candidates[0].product_id},
        is_known=sum(look.is_known for look in seen) * 2 > len(seen),
        familiarity=sum(look.familiarity for look in seen) / len(seen),
    )
