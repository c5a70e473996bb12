"""What a product looks like on tiles and lines: a picture of its own, else the first photo that was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput, NotFound
from visionscan_kiosk.domain.product import ProductPicture
from visionscan_kiosk.services.photo_series import cut_to_product
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.recognition_storage import PhotoCodec, PhotoSource, StoredPhoto
from visionscan_kiosk.services.retry import retried

MOST_BYTES = 25_000_000
"""Larger files are not read at all."""


class ProductPictureService:
    """Pictures are kept as small JPEGs, whatever they came from; `decode` reads encoded ones safely."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, codec: PhotoCodec, decode: Callable[[bytes], Image]
    ) -> None:
        self._unit_of_work = unit_of_work
        self._codec = codec
        self._decode = decode

    def get(self, product_id: UUID) -> bytes | None:
        """Return the encoded picture of a product, None when there is nothing to show."""
        with self._unit_of_work().reading() as work:
            own = work.products.picture(product_id)
            if own is not None:
                return own.data
            photo = _first_shown(work.taught_photos.list(product_id))
            return None if photo is None else work.taught_photos.picture(photo.id)

    @retried
    def use_photo(self, product_id: UUID, photo_id: UUID) -> None:
        """Let a taught photo be the product's picture, also when the photo is forgotten later.

        Raises NotFound for a photo that is gone or of another product.
        """
        with self._unit_of_work() as work:
            if work.taught_photos.get(photo_id).product_id != product_id:
                raise NotFound("This photo belongs to another product.")
            data = work.taught_photos.picture(photo_id)
            work.products.set_picture(ProductPicture(product_id, data, "image/jpeg"))
            work.commit()

    def use_image(self, product_id: UUID, image: Image, finder: ItemFinder | None = None) -> None:
        """Let what the camera sees be the product's picture, cut to the one thing that lies there.

        Raises ProductNotFound, and InvalidInput when nothing or several things lie there.
        """
        self._keep(product_id, cut_to_product(image, finder))

    def use_file(self, product_id: UUID, path: Path) -> None:
        """Let a PNG, JPEG or WebP be the product's picture; raise ProductNotFound, InvalidInput otherwise."""
        self._keep(product_id, self._decode(read_picture_file(path)))

    def _keep(self, product_id: UUID, image: Image) -> None:
        self._store(ProductPicture(product_id, self._codec.encode(image), "image/jpeg"))

    @retried
    def _store(self, picture: ProductPicture) -> None:
        with self._unit_of_work() as work:
            work.products.get(picture.product_id)
            work.products.set_picture(picture)
            work.commit()


def _first_shown(photos: Sequence[StoredPhoto]) -> StoredPhoto | None:
    """People show the front first. A held photo may show another product."""
    usable = [photo for photo in photos if not photo.is_held]
    return min(
        usable, key=lambda photo: (photo.source is not PhotoSource.TAUGHT, photo.created_at), default=None
    )


def read_picture_file(path: Path) -> bytes:
    """Return what is in a file, of a larger one than MOST_BYTES one byte more; raise InvalidInput."""
    if path.exists() and not path.is_file():
        raise InvalidInput(f"{path.name} cannot be read: it is no file.")  # a pipe would never end
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is no name of a file"
        raise InvalidInput(f"{path.name} cannot be read: {reason}.") from error
