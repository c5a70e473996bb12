"""Teaching by showing: photos of products are taken, listed, confirmed at the till and forgotten.

Pictures become vectors outside of any transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.photo_choice import (
    MOST_TAUGHT,
    is_borne_out,
    is_there_already,
    rival_of,
    too_many,
)
from visionscan_kiosk.services.photo_series import (
    PhotoSeries,
    PreparedPhoto,
    RejectedPicture,
    Rejection,
    prepare_series,
)
from visionscan_kiosk.services.ports import Image, UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.recognition import TaughtProducts
from visionscan_kiosk.services.recognition_ports import ItemFinder, Vectors
from visionscan_kiosk.services.recognition_storage import (
    ComparedPhoto,
    NewPhoto,
    PhotoCodec,
    PhotoSource,
    StoredPhoto,
    TaughtPhotoRepository,
)
from visionscan_kiosk.services.retry import retried

__all__ = ["RejectedPicture", "Rejection", "StoredPhoto", "TeachingService"]


@dataclass(frozen=True, slots=True)
class TeachResult:
    """What became of the pictures shown. `looks_like`: another product that most of them look like."""

    product: Product
    taken: tuple[StoredPhoto, ...]
    rejected: tuple[RejectedPicture, ...]
    looks_like: Product | None


class ConfirmationOutcome(StrEnum):
    """What became of the picture of a confirmed thing.

    HELD: it looks like another product, so nothing is recognised by it until another one bears it out.
    SKIPPED: the product's photos show as much already.
    """

    KEPT = "kept"
    HELD = "held"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was kept: `photo_id` is None when nothing was; `looks_like` is the product why it is held."""

    outcome: ConfirmationOutcome
    photo_id: UUID | None = None
    looks_like: Product | None = None


@dataclass(frozen=True, slots=True)
class TaughtProduct:
    """A product that has photos, and how many of each kind; `held` ones are among the confirmed."""

    product: Product
    taught: int
    confirmed: int
    held: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A taught product most of whose photos would be taken for another one if it were not taught itself."""

    product: Product
    looks_like: Product


@dataclass(frozen=True, slots=True)
class TeachingSummary:
    """What the shop has taught. `unprepared`: photos that the model in use has not seen yet.

    `calibration_error`: gap between stated probability and truth, 0..1; None while too little is taught.
    """

    products: int
    photos: int
    unprepared: int
    model_version: str
    calibration_error: float | None


class TeachingService:
    """Every change is one transaction; this process recognises by it as soon as the method returns.

    Confirmed photos are forgotten after `keep_confirmed_days`; 0 keeps none at all, None keeps them for ever.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        taught: TaughtProducts,
        codec: PhotoCodec,
        labels: LabelService | None = None,
        *,
        keep_confirmed_days: int | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._taught = taught
        self._codec = codec
        self._labels = labels
        self._keep_confirmed_days = keep_confirmed_days

    @property
    def keep_confirmed_days(self) -> int | None:
        """How long confirmed photos are kept; 0 keeps none at all, None keeps them for ever."""
        return self._keep_confirmed_days

    def warm_up(self) -> None:
        """Learn all photos now, in up to seconds; those new to the model are prepared in the background."""
        if self._keep_confirmed_days is not None:
            self.purge(older_than_days=self._keep_confirmed_days)
        self._taught.warm_up()

    def prepare(self) -> int:
        """Make the vectors that the model in use lacks, and return when done; return of how many photos."""
        return self._taught.embed_missing()

    def count_products(self) -> int:
        """Return how many products can be recognised now; asks no database."""
        return len(self._taught)

    def summary(self) -> TeachingSummary:
        """Return what is taught."""
        version = self._taught.model_version
        with self._unit_of_work() as work:
            counts = work.taught_photos.counts()
            unprepared = len(work.taught_photos.without_vectors(version))
        photos = sum(count.taught + count.confirmed for count in counts)
        return TeachingSummary(len(counts), photos, unprepared, version, self._taught.calibration_error)

    def list_products(self) -> Sequence[TaughtProduct]:
        """Return the products that have photos, by name."""
        with self._unit_of_work() as work:
            counts = work.taught_photos.counts()
            products = work.products.get_many([count.product_id for count in counts])
        found = [
            TaughtProduct(products[count.product_id], count.taught, count.confirmed, count.held)
            for count in counts
            if count.product_id in products
        ]
        return sorted(found, key=lambda entry: (entry.product.name.casefold(), entry.product.sku))

    def list_photos(self, product_id: UUID) -> Sequence[StoredPhoto]:
        """Return the photos of a product, newest first."""
        with self._unit_of_work() as work:
            return work.taught_photos.list(product_id)

    def get_photo_picture(self, photo_id: UUID) -> bytes:
        """Return the JPEG of a photo; raise NotFound."""
        with self._unit_of_work() as work:
            return work.taught_photos.picture(photo_id)

    def list_likenesses(self) -> Sequence[Likeness]:
        """Return the taught products that look like another one, by name."""
        self._taught.refresh()
        return [
            Likeness(entry.product, other)
            for entry in self.list_products()
            if (other := self._find(self._taken_for(entry.product.id))) is not None
        ]

    def refresh(self) -> None:
        """Recognise by all that was taught until now; takes up to seconds."""
        self._taught.refresh()

    def teach(
        self,
        product_id: UUID,
        images: Sequence[Image],
        *,
        finder: ItemFinder | None = None,
        is_one_of_many: bool = False,
    ) -> TeachResult:
        """Take pictures of a product, in some tenths of a second each.

        With a `finder` that knows the empty counter each picture is cut to the one thing that lies there.
        `looks_like` only warns: the photos are kept. With `is_one_of_many` nothing is learned and no
        likeness is looked for until `refresh`, which saves seconds a product. Raises ProductNotFound.
        """
        if not is_one_of_many:
            self._taught.follow()
        with self._unit_of_work() as work:
            product = work.products.get(product_id)
        series = prepare_series(images, finder, self._taught, self._codec)
        vectors = () if is_one_of_many else [photo.vectors for photo in series.photos]
        looks_like = self._usual_likeness(product_id, vectors)
        taken, known = self._keep_series(product_id, series)
        self._read_labels()
        if not is_one_of_many:
            self._taught.refresh()
        rejected = sorted([*series.rejected, *known], key=lambda entry: entry.index)
        return TeachResult(product, tuple(taken), tuple(rejected), self._find(looks_like))

    def confirm(self, product_id: UUID, crop: Image) -> Confirmation:
        """Keep the picture of a thing that a person or a barcode said is this product.

        Takes some tenths of a second. A picture that looks like another product is held until a second one of
        this product bears it out: a wrong tap must not poison a product. At most 20 are kept a product, as
        different ones as possible. Raises ProductNotFound, and InvalidInput for a picture without pixels.
        """
        if self._keep_confirmed_days == 0:
            return Confirmation(ConfirmationOutcome.SKIPPED)
        self._taught.follow()
        photo = PreparedPhoto(0, *self._taught.embed(crop))
        rival = rival_of(product_id, self._taught.recognise([crop]))
        confirmation = self._keep_confirmed(product_id, photo, rival)
        self._read_labels()
        self._taught.refresh()
        return confirmation

    def undo_confirmation(self, photo_id: UUID) -> bool:
        """Forget the photo of a wrong tap; return False when it is gone already."""
        return self.forget_photo(photo_id)

    def forget_photo(self, photo_id: UUID) -> bool:
        """Forget a photo; return False when it is gone already."""
        return self._forget(lambda photos: photos.remove([photo_id])) > 0

    def forget_product(self, product_id: UUID) -> int:
        """Forget all photos of a product; return how many there were."""
        return self._forget(lambda photos: photos.remove_product(product_id))

    def purge(self, *, taught: bool = False, older_than_days: int | None = None) -> int:
        """Forget all confirmed photos, with `taught` also those shown; or only those older than so many days.

        Return how many there were.
        """
        sources = list(PhotoSource) if taught else [PhotoSource.CONFIRMED]

        def remove(photos: TaughtPhotoRepository) -> int:
            return sum(photos.purge(source, older_than_days) for source in sources)

        return self._forget(remove)

    def _read_labels(self) -> None:
        """Nobody waits for what is printed on the new photos."""
        if self._labels is not None:
            self._labels.read_photos()

    def _taken_for(self, product_id: UUID) -> UUID | None:
        with self._unit_of_work() as work:
            photos = work.taught_photos.compared(product_id, self._taught.model_version)
        return self._usual_likeness(product_id, [photo.vectors for photo in photos])

    def _usual_likeness(self, product_id: UUID, photos: Sequence[Vectors]) -> UUID | None:
        """Return the other product that more than half of the photos would be taken for."""
        votes = Counter(self._taught.looks_like(vectors, product_id) for vectors in photos)
        other, count = votes.most_common(1)[0] if votes else (None, 0)
        return other if count * 2 > len(photos) else None

    @retried
    def _keep_series(
        self, product_id: UUID, series: PhotoSeries
    ) -> tuple[Sequence[StoredPhoto], Sequence[RejectedPicture]]:
        taken: list[StoredPhoto] = []
        rejected: list[RejectedPicture] = []
        with self._unit_of_work() as work:
            work.taught_photos.lock()
            present = [*work.taught_photos.compared(product_id, self._taught.model_version)]
            for photo in series.photos:
                reason = _why_not(photo, present)
                if reason is None:
                    taken.append(self._add(work, product_id, photo, PhotoSource.TAUGHT))
                    present.append(ComparedPhoto(taken[-1], photo.vectors))
                else:
                    rejected.append(RejectedPicture(photo.index, reason))
            work.commit()
        return taken, rejected

    @retried
    def _keep_confirmed(self, product_id: UUID, photo: PreparedPhoto, rival: UUID | None) -> Confirmation:
        """Keep the photo, or hold it when it looks like the product `rival`."""
        with self._unit_of_work() as work:
            work.taught_photos.lock()
            present = work.taught_photos.compared(product_id, self._taught.model_version)
            if is_there_already(photo.vectors, present):
                return Confirmation(ConfirmationOutcome.SKIPPED)
            is_held = rival is not None and not self._release_held(work, photo, present, rival)
            stored = self._add(work, product_id, photo, PhotoSource.CONFIRMED, is_held=is_held)
            if self._keep_confirmed_days is not None:
                work.taught_photos.purge(PhotoSource.CONFIRMED, self._keep_confirmed_days)
            forgotten = too_many([*present, ComparedPhoto(stored, photo.vectors)])
            work.taught_photos.remove(forgotten)
            looks_like = _find(work, rival) if is_held else None
            work.commit()
        if stored.id in forgotten:
            return Confirmation(ConfirmationOutcome.SKIPPED)
        outcome = ConfirmationOutcome.HELD if is_held else ConfirmationOutcome.KEPT
        return Confirmation(outcome, stored.id, looks_like)

    def _release_held(
        self, work: UnitOfWork, photo: PreparedPhoto, present: Sequence[ComparedPhoto], rival: UUID
    ) -> bool:
        """Let the held photos count that this one bears out; return whether there are any."""
        rivals = work.taught_photos.compared(rival, self._taught.model_version)
        held = [entry for entry in present if entry.photo.is_held]
        released = [entry.photo.id for entry in held if is_borne_out(photo.vectors, entry, rivals)]
        work.taught_photos.release(released)
        return bool(released)

    def _add(
        self,
        work: UnitOfWork,
        product_id: UUID,
        photo: PreparedPhoto,
        source: PhotoSource,
        *,
        is_held: bool = False,
    ) -> StoredPhoto:
        version = self._taught.model_version
        return work.taught_photos.add(
            NewPhoto(product_id, photo.picture, source, photo.vectors, version, is_held)
        )

    def _forget(self, remove: Callable[[TaughtPhotoRepository], int]) -> int:
        removed = self._remove(remove)
        self._taught.refresh()
        return removed

    @retried
    def _remove(self, remove: Callable[[TaughtPhotoRepository], int]) -> int:
        with self._unit_of_work() as work:
            removed = remove(work.taught_photos)
            work.commit()
            return removed

    def _find(self, product_id: UUID | None) -> Product | None:
        with self._unit_of_work() as work:
            return _find(work, product_id)


def _why_not(photo: PreparedPhoto, present: Sequence[ComparedPhoto]) -> Rejection | None:
    if is_there_already(photo.vectors, present):
        return Rejection.KNOWN
    taught = sum(other.photo.source is PhotoSource.TAUGHT for other in present)
    return Rejection.FULL if taught >= MOST_TAUGHT else None


def _find(work: UnitOfWork, product_id: UUID | None) -> Product | None:
    return None if product_id is None else work.products.get_many([product_id]).get(product_id)
