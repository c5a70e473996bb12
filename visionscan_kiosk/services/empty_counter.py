"""The learned picture of each till's empty counter, kept between days."""

from __future__ import annotations

import logging
from typing import Protocol

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

_LOG = logging.getLogger(__name__)


class EmptyCounterRepository(Protocol):
    """One picture a till, as a file of a kind that CounterPictureCodec reads."""

    def get(self, till_id: str) -> bytes | None:
        """Return the picture of a till, None when it has none."""

    def put(self, till_id: str, picture: bytes) -> None:
        """Keep this picture in place of what was there."""

    def remove(self, till_id: str) -> None:
        """Forget the picture of a till."""

    def remove_all(self) -> int:
        """Forget the pictures of all tills; return how many there were."""


class CounterPictureCodec(Protocol):
    """Turns pictures of the empty counter into what is kept and back; their size in pixels stays."""

    def encode(self, image: Image) -> bytes:
        """Return the picture as a file of usually at most 200 KB; raise InvalidInput without pixels."""

    def decode(self, data: bytes) -> Image:
        """Return the picture; raise InvalidInput when it is damaged."""


class EmptyCounterService:
    """Keeps the empty counter of every till. It shows the counter alone: nobody stands before it then."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, codec: CounterPictureCodec) -> None:
        self._unit_of_work = unit_of_work
        self._codec = codec

    def load(self, till_id: str) -> Image | None:
        """Return the empty counter of a till, None when none is kept or it cannot be read any more."""
        with self._unit_of_work().reading() as work:
            picture = work.empty_counters.get(till_id)
        if picture is None:
            return None
        try:
            return self._codec.decode(picture)
        except InvalidInput as error:
            _LOG.warning("the kept picture of the empty counter is left out: %s", error)
            return None

    @retried
    def keep(self, till_id: str, image: Image) -> None:
        """Keep this as the empty counter of a till; raise InvalidInput for a picture without pixels."""
        picture = self._codec.encode(image)
        with self._unit_of_work() as work:
            work.empty_counters.put(till_id, picture)
            work.commit()

    @retried
    def forget(self, till_id: str) -> None:
        """Forget the empty counter of a till, as after its camera was moved."""
        with self._unit_of_work() as work:
            work.empty_counters.remove(till_id)
            work.commit()

    @retried
    def forget_all(self) -> int:
        """Forget the empty counters of all tills; return how many there were."""
        with self._unit_of_work() as work:
            count = work.empty_counters.remove_all()
            work.commit()
            return count
