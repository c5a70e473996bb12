"""Teach by showing: choose a product, turn it before the camera, and the till knows how it looks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.gui import scan_wording, wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound, Surroundings, Ticket
from visionscan_kiosk.gui.manager_views import (
    ShownPictureState,
    ShownPictureView,
    TaughtPhotoView,
    TaughtRowView,
    TeachView,
)
from visionscan_kiosk.gui.presenters import product_tile
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.photo_series import cut
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_storage import PhotoSource, StoredPhoto
from visionscan_kiosk.services.teaching import Rejection, TaughtProduct, TeachResult

_LOG = logging.getLogger(__name__)
FEWEST = 5
MOST = 8
RESULTS_SHOWN = 8
_THUMBNAIL = 160


@dataclass(slots=True)
class _Shown:
    """A picture that was taken: the whole frame, what is shown of it, and what became of it."""

    frame: Image
    thumbnail: Image
    state: ShownPictureState = ShownPictureState.WAITING


@dataclass(frozen=True, slots=True)
class TeachActions:
    """What the page needs of the others; `new_product` gets what to do with the saved product.

    `name_guessed` gets what a new product may be called.
    """

    newest_picture: Callable[[], Image | None]
    new_product: Callable[[Callable[[Product], None]], None]
    name_guessed: Callable[[str], None]


class TeachFlow:
    """First the choice of a product, then its pictures; nothing is kept before "Done"."""

    def __init__(self, around: Surroundings, go_to: Callable[[Place], None], actions: TeachActions) -> None:
        self._around = around
        self._go_to = go_to
        self._actions = actions
        self._product: Product | None = None
        self._query = ""
        self._results: tuple[TileView, ...] = ()
        self._taught: tuple[TaughtRowView, ...] = ()
        self._photos: tuple[TaughtPhotoView, ...] = ()
        self._shown: list[_Shown] = []
        self._message = self._trouble = self._looks_like = ""
        self._is_taking = self._is_saving = self._is_done = self._is_other = False
        self._ticket: Ticket | None = None

    @property
    def product(self) -> Product | None:
        """Which product is being taught."""
        return self._product

    @property
    def pictures_taken(self) -> int:
        """How many pictures of this series there are."""
        return len(self._shown)

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose pictures that were taken."""
        return self._product is not None and bool(self._shown) and not (self._is_done or self._is_saving)

    def open(self) -> None:
        """Show which products are taught, and let the person choose one."""
        self._product = None
        self._query = ""
        self._results = ()
        self._forget_pictures()
        self._go_to(Place.TEACH)
        self._load_taught()
        self.show()

    def search(self, text: str) -> None:
        """Find a product while the person types; without a text the taught ones are listed."""
        self._query = text.strip()
        self._forget_question()
        if not self._query:
            self._results = ()
            self.show()
            return
        inventory, query = self._around.services.inventory, self._query
        self._ticket = self._around.tasks.run(
            Lane.DATABASE,
            lambda: inventory.get_products(
                [item.product_id for item in inventory.search(query, RESULTS_SHOWN)]
            ),
            lambda found: self._searched(tuple(found.values())),
            self._failed,
        )

    def choose(self, product_id: UUID) -> None:
        """Teach this product."""
        self._forget_question()
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE, lambda: inventory.get_product(product_id), self.start_with, self._failed
        )

    def start_with(self, product: Product) -> None:
        """Begin to take pictures of a product."""
        self._product = product
        self._photos = ()
        self._forget_pictures()
        self._go_to(Place.TEACH)
        self._load_photos()
        self.show()

    def new_product(self) -> None:
        """Create the product first."""
        self._actions.new_product(self.start_with)
        image = self._actions.newest_picture()
        if image is not None:
            self.guess_name(image)

    def guess_name(self, image: Image) -> None:
        """Read what the new product in this picture may be called; a newer picture replaces it."""
        self._forget_question()
        labels, finder = self._around.services.labels, self._around.finder
        if labels.is_installed:
            self._ticket = self._around.tasks.run(
                Lane.LABELS,
                lambda: labels.guess_name(image, finder),
                self._actions.name_guessed,
                _no_guess,
            )

    def came_to_rest(self, image: Image) -> None:
        """The product lies still after it was turned: take a picture by itself; not of another product."""
        if self._is_other:
            self._is_other = False
        elif self._product is not None and not self._is_done and len(self._shown) < MOST:
            self._take(image)

    def take(self) -> None:
        """The button: take a picture now."""
        image = self._actions.newest_picture()
        if image is None:
            self._say_trouble(wording.NO_PICTURE)
        elif self._product is not None:
            self._take(image)

    def scanned(self, code: str, other: Product | None) -> str:
        """A scanner read a code: it chooses the product, or is that of the product that is taught."""
        if self._product is None:
            if other is None:
                return scan_wording.unknown_code(code)
            self.start_with(other)
            return ""
        if other is not None and other.id != self._product.id:
            return wording.code_of_other(other.name)
        if other is None and self._product.barcodes:
            return scan_wording.has_other_codes(code)
        self.code_read(code, other)
        return ""

    def code_read(self, code: str, other: Product | None) -> None:
        """A barcode was seen while teaching, of the product `other` or of none: one without code gets it."""
        product = self._product
        if product is None or (other is not None and other.id == product.id):
            return
        if other is not None:
            self._is_other = True
            self._say_trouble(wording.code_of_other(other.name))
        elif not product.barcodes:
            inventory, changes = self._around.services.inventory, ProductChanges(barcodes=(code,))
            self._around.tasks.run(
                Lane.DATABASE,
                lambda: inventory.update_product(product.id, changes),
                lambda changed: self._code_filled_in(changed, code),
                self._failed,
            )

    def done(self) -> None:
        """Keep the pictures; from now on the till knows the product by them."""
        product, teaching, finder = self._product, self._around.services.teaching, self._around.finder
        frames = [shown.frame for shown in self._shown]
        if product is None or not frames or self._is_saving or self._is_done:
            return
        self._is_saving = True
        self._message = self._trouble = ""
        self._around.tasks.run(
            Lane.LEARNING,
            lambda: teaching.teach(product.id, frames, finder=finder),
            self._kept,
            self._keeping_failed,
        )
        self.show()

    def start_again(self) -> None:
        """Throw the pictures of this series away."""
        if not self._is_saving:
            self._forget_pictures()
            self.show()

    def remove_photo(self, photo_id: UUID) -> None:
        """Forget one kept picture; the till recognises nothing by it any more."""
        teaching = self._around.services.teaching
        self._around.tasks.run(
            Lane.LEARNING,
            lambda: teaching.forget_photo(photo_id),
            lambda _: self._load_photos(),
            self._failed,
        )

    def show(self) -> None:
        """Show the page."""
        self._around.display.show_teach(self._view())

    def _view(self) -> TeachView:
        product = self._product
        used = [shown for shown in self._shown if shown.state is not ShownPictureState.REFUSED]
        return TeachView(
            product=product_tile(product) if product else None,
            query=self._query,
            results=self._results,
            taught=self._taught,
            count_text=wording.pictures_shown(len(used), MOST),
            hint=wording.teach_hint(len(used), FEWEST, MOST, is_done=self._is_done),
            shown=tuple(ShownPictureView(shown.thumbnail, shown.state) for shown in self._shown),
            photos=self._photos,
            message=self._message,
            trouble=self._trouble,
            looks_like=self._looks_like,
            can_take=not self._is_saving and (self._is_done or len(self._shown) < MOST),
            can_finish=bool(self._shown) and not (self._is_saving or self._is_done),
            is_done=self._is_done,
            is_busy=self._is_saving,
        )

    def _take(self, image: Image) -> None:
        if self._is_taking or self._is_saving:
            return
        if self._is_done:
            self._forget_pictures()
        self._is_taking = True
        finder = self._around.finder
        self._around.tasks.run(
            Lane.VISION,
            lambda: cut(image, finder),
            lambda found: self._taken(image, found),
            self._taking_failed,
        )

    def _taken(self, frame: Image, found: Image | Rejection) -> None:
        self._is_taking = False
        if isinstance(found, Rejection):
            self._say_trouble(found.sentence)
        elif self._product is not None and len(self._shown) < MOST:
            self._trouble = ""
            self._shown.append(_Shown(frame, _thumbnail(found)))
            self._around.sounds.play(Sound.ADDED)
            self.show()

    def _kept(self, result: TeachResult) -> None:
        self._is_saving = False
        self._is_done = True
        refused = {entry.index: entry for entry in result.rejected}
        for place, shown in enumerate(self._shown):
            is_refused = place in refused
            shown.state = ShownPictureState.REFUSED if is_refused else ShownPictureState.KEPT
        self._message = wording.taught(result.product.name, len(result.taken)) if result.taken else ""
        self._trouble = " ".join(
            wording.picture_refused(place + 1, entry.message, is_blurred=entry.reason is Rejection.BLURRED)
            for place, entry in sorted(refused.items())
        )
        other = result.looks_like
        self._looks_like = wording.looks_like(other.name) if other is not None else ""
        self._around.sounds.play(Sound.PAID if result.taken else Sound.REFUSED)
        self._around.display.forget_picture(result.product.id)
        self._load_photos()
        self.show()

    def _keeping_failed(self, error: KioskError) -> None:
        self._is_saving = False
        self._failed(error)

    def _taking_failed(self, error: KioskError) -> None:
        self._is_taking = False
        self._failed(error)

    def _code_filled_in(self, product: Product, code: str) -> None:
        if self._product is not None and self._product.id == product.id:
            self._product = product
            self._message = wording.code_filled_in(code)
            self.show()

    def _load_taught(self) -> None:
        teaching = self._around.services.teaching
        self._around.tasks.run(Lane.DATABASE, teaching.list_products, self._taught_loaded, self._failed)

    def _taught_loaded(self, products: Sequence[TaughtProduct]) -> None:
        self._taught = tuple(
            TaughtRowView(
                entry.product.id,
                entry.product.name,
                entry.product.category,
                wording.photo_counts(entry.taught, entry.confirmed),
            )
            for entry in products
        )
        self.show()

    def _load_photos(self) -> None:
        product, services = self._product, self._around.services
        if product is not None:
            self._around.tasks.run(
                Lane.DATABASE, lambda: _photos(services, product.id), self._photos_loaded, self._failed
            )

    def _photos_loaded(self, found: tuple[UUID, Sequence[StoredPhoto]]) -> None:
        product_id, photos = found
        if self._product is not None and self._product.id == product_id:
            self._photos = tuple(
                TaughtPhotoView(photo.id, wording.photo_source(is_shown=photo.source is PhotoSource.TAUGHT))
                for photo in photos
            )
            self.show()

    def _searched(self, products: Sequence[Product]) -> None:
        self._results = tuple(product_tile(product) for product in products)
        self._trouble = "" if products else wording.NO_SUCH_PRODUCT
        self.show()

    def _say_trouble(self, sentence: str) -> None:
        self._trouble = sentence
        self._around.sounds.play(Sound.REFUSED)
        self.show()

    def _failed(self, error: KioskError) -> None:
        self._say_trouble(str(error))

    def _forget_pictures(self) -> None:
        self._shown = []
        self._is_done = False
        self._message = self._trouble = self._looks_like = ""

    def _forget_question(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None


def _no_guess(error: KioskError) -> None:
    _LOG.warning("no name was guessed: %s", error)


def _thumbnail(image: Image) -> Image:
    step = max(1, min(image.shape[:2]) // _THUMBNAIL)
    return image[::step, ::step].copy()


def _photos(services: KioskServices, product_id: UUID) -> tuple[UUID, Sequence[StoredPhoto]]:
    return product_id, services.teaching.list_photos(product_id)
