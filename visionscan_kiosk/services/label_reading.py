"""Reads what is printed on things: of a new product, on taught photos, and where looks are not enough."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import InvalidInput, KioskError, NotFound
from visionscan_kiosk.services.label_evidence import Label, words_of
from visionscan_kiosk.services.label_naming import guess_name
from visionscan_kiosk.services.label_ports import LabelReader, LabelText
from visionscan_kiosk.services.photo_series import Rejection, cut
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition import RunLater
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.recognition_storage import PhotoCodec
from visionscan_kiosk.services.retry import retried

_PAUSE_S = 0.3
"""After each photo, so that the rest of the program keeps half of the processor."""
_READ_AT_ONCE = 5
"""Photos read before whatever else waits in the background gets its turn."""

_LOG = logging.getLogger(__name__)


class LabelService:
    """Reads where something that reads is installed and the shop `wants` it. Safe in several threads.

    Labels of taught photos are read in the background and kept: nobody waits for them.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        reader: LabelReader,
        codec: PhotoCodec,
        run_later: RunLater,
        wants: Callable[[], bool],
        *,
        pause_s: float = _PAUSE_S,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._reader = reader
        self._codec = codec
        self._run_later = run_later
        self._wants = wants
        self._pause_s = pause_s
        self._stop = CancelToken()

    @property
    def reader_name(self) -> str:
        """Name and version of what reads."""
        return self._reader.name

    @property
    def is_installed(self) -> bool:
        """Whether labels can be read at all; asks no database."""
        return self._reader.is_available

    @property
    def is_on(self) -> bool:
        """Whether labels are read; asks the database."""
        return self._reader.is_available and self._wants()

    def read(self, image: Image) -> LabelText:
        """Return what can be read; see LabelReader."""
        return self._reader.read(image)

    def known_words(self, product_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Label]]:
        """Return the words on each photo of these products that has any."""
        with self._unit_of_work().reading() as work:
            texts = work.taught_photos.labels(product_ids)
        return {
            product_id: [words_of(text) for text in texts.get(product_id, ())] for product_id in product_ids
        }

    def guess_name(self, image: Image, finder: ItemFinder | None = None) -> str:
        """Return what a new product in this picture may be called, '' when its label does not say.

        With a `finder` that knows the empty counter the one thing that lies there is read.
        """
        if not self.is_on:
            return ""
        found = cut(image, finder)
        return "" if isinstance(found, Rejection) else guess_name(self._reader.read(found))

    def read_photos(self) -> None:
        """Begin to read the photos that nobody has read yet, in the background."""
        if self._reader.is_available:
            self._run_later(self._read_some_quietly)

    def read_all_photos(self, tell: Callable[[int, int], object]) -> None:
        """Read what nobody has read yet and return when it is done; `tell` gets how many of how many are."""
        total = 0
        while self.is_on and (unread := self._unread()):
            total = max(total, len(unread))
            tell(total - len(unread), total)
            self._read_photo(unread[-1])  # the background begins at the other end

    def stop(self) -> None:
        """Give up what runs in the background after the photo at hand."""
        self._stop.cancel()

    def _read_some_quietly(self) -> None:
        try:
            if self._wants() and self._read_some() and not self._stop.is_cancelled:
                self._run_later(self._read_some_quietly)
        except KioskError as error:
            _LOG.warning("the labels of stored photos wait: %s", error)

    def _read_some(self) -> bool:
        """Read a few photos; return whether there were any."""
        unread = self._unread()
        for photo_id in unread[:_READ_AT_ONCE]:
            if self._stop.wait(self._pause_s):
                break
            self._read_photo(photo_id)
        return bool(unread)

    def _unread(self) -> Sequence[UUID]:
        with self._unit_of_work().reading() as work:
            return work.taught_photos.without_label()

    def _read_photo(self, photo_id: UUID) -> None:
        try:
            with self._unit_of_work().reading() as work:
                data = work.taught_photos.picture(photo_id)
            text = self._reader.read(self._codec.decode(data)).text
        except NotFound:  # it was removed meanwhile
            return
        except InvalidInput as error:
            _LOG.warning("nothing can be read in photo %s: %s", photo_id, error)
            text = ""
        self._keep(photo_id, text)

    @retried
    def _keep(self, photo_id: UUID, text: str) -> None:
        with self._unit_of_work() as work:
            work.taught_photos.put_label(photo_id, text)
            work.commit()
