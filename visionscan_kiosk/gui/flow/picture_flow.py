"""The picture of a product: one of its taught photos, what the camera sees now, or a file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings
from visionscan_kiosk.gui.manager_views import PictureChoiceView, TaughtPhotoView
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_storage import PhotoSource, StoredPhoto

_LOG = logging.getLogger(__name__)


class PictureFlow:
    """Every choice is kept at once and shown; another one takes its place."""

    def __init__(self, around: Surroundings, newest_picture: Callable[[], Image | None]) -> None:
        self._around = around
        self._newest_picture = newest_picture
        self._product: Product | None = None
        self._photos: tuple[TaughtPhotoView, ...] = ()
        self._trouble = ""
        self._is_busy = False

    @property
    def is_open(self) -> bool:
        """Whether a picture is being chosen."""
        return self._product is not None

    def open(self, product: Product) -> None:
        """Choose a picture for this product."""
        self._product, self._photos, self._trouble, self._is_busy = product, (), "", False
        teaching = self._around.services.teaching
        self._around.tasks.run(
            Lane.PICTURES,
            lambda: teaching.list_photos(product.id),
            lambda photos: self._listed(product, photos),
            lambda error: self._failed(product, error),
        )
        self.show()

    def close(self) -> None:
        """Back to the form."""
        self._product = None
        self._around.display.show_picture_choice(None)

    def choose_photo(self, photo_id: UUID) -> None:
        """Take a photo that the till was taught with."""
        pictures = self._around.services.product_pictures
        self._keep(lambda product_id: pictures.use_photo(product_id, photo_id))

    def take(self) -> None:
        """Take what lies before the camera now."""
        image, finder = self._newest_picture(), self._around.finder
        if image is None:
            self._say_trouble(wording.NO_CAMERA_PICTURE)
            return
        pictures = self._around.services.product_pictures
        self._keep(lambda product_id: pictures.use_image(product_id, image, finder))

    def choose_file(self, path: str) -> None:
        """Take the picture in a file."""
        pictures = self._around.services.product_pictures
        self._keep(lambda product_id: pictures.use_file(product_id, Path(path)))

    def show(self) -> None:
        """Show the product's picture and what could take its place."""
        product = self._product
        if product is not None:
            self._around.display.show_picture_choice(
                PictureChoiceView(
                    product.id, product.name, product.category, self._photos, self._trouble, self._is_busy
                )
            )

    def _listed(self, product: Product, photos: Sequence[StoredPhoto]) -> None:
        if product is self._product:
            self._photos = tuple(
                TaughtPhotoView(photo.id, wording.photo_source(is_shown=photo.source is PhotoSource.TAUGHT))
                for photo in photos
            )
            self.show()

    def _keep(self, keep: Callable[[UUID], None]) -> None:
        product = self._product
        if product is None or self._is_busy:
            return
        self._is_busy, self._trouble = True, ""
        self._around.tasks.run(
            Lane.PICTURES,
            lambda: keep(product.id),
            lambda _: self._kept(product),
            lambda error: self._failed(product, error),
        )
        self.show()

    def _kept(self, product: Product) -> None:
        self._around.display.forget_picture(product.id)
        self._around.sounds.play(Sound.ADDED)
        if product is self._product:
            self._is_busy = False
            self.show()

    def _failed(self, product: Product, error: KioskError) -> None:
        """Who chooses for another product by now would take it for that one's trouble."""
        if product is self._product:
            self._is_busy = False
            self._say_trouble(str(error))
        else:
            _LOG.warning("the picture of %s stays as it was: %s", product.sku, error)

    def _say_trouble(self, sentence: str) -> None:
        self._trouble = sentence
        self._around.sounds.play(Sound.REFUSED)
        self.show()
