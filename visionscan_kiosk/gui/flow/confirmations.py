"""What people and barcodes say of things: the till learns how they look, and unlearns what is undone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.accuracy import DecidedBy
from visionscan_kiosk.services.sight import SeenThing

_LOG = logging.getLogger(__name__)
METER_AFTER_MS = 6000
"""A tap counts for the meter when nobody can undo it any more."""


@dataclass(slots=True)
class _Kept:
    """The photo that a confirmation kept, once it is known."""

    photo_id: UUID | None = None
    is_undone: bool = False


class Confirmations:
    """Nobody waits for any of this, and a failure only means that nothing was learned."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def confirm(
        self,
        thing: SeenThing,
        product_id: UUID,
        session_id: UUID | None,
        *,
        decided_by: DecidedBy = DecidedBy.PERSON,
        learns: bool = True,
    ) -> Callable[[], None]:
        """Learn that a thing is this product, or only count it for the meter; return what takes it back."""
        kept, accuracy = _Kept(), self._around.services.accuracy
        if learns:
            self._learn(thing, product_id, kept)
        timer = self._around.timers.after(
            METER_AFTER_MS,
            lambda: self._note(lambda: accuracy.record(thing, product_id, decided_by, session_id)),
        )

        def undo() -> None:
            timer.cancel()
            kept.is_undone = True
            self._unlearn(kept)

        return undo

    def _learn(self, thing: SeenThing, product_id: UUID, kept: _Kept) -> None:
        teaching, crop = self._around.services.teaching, thing.crop
        if crop is None:
            return

        def learn() -> UUID | None:
            return None if kept.is_undone else teaching.confirm(product_id, crop).photo_id

        def learned(photo_id: UUID | None) -> None:
            kept.photo_id = photo_id
            if kept.is_undone:
                self._unlearn(kept)

        self._around.tasks.run(Lane.LEARNING, learn, learned, _not_learned)

    def _unlearn(self, kept: _Kept) -> None:
        photo_id, teaching = kept.photo_id, self._around.services.teaching
        if photo_id is not None:
            kept.photo_id = None
            self._around.tasks.run(
                Lane.LEARNING, lambda: teaching.undo_confirmation(photo_id), _ignore, _not_learned
            )

    def _note(self, record: Callable[[], None]) -> None:
        self._around.tasks.run(Lane.DATABASE, record, _ignore, _not_learned)


def _ignore(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_learned(error: KioskError) -> None:
    _LOG.warning("nothing was learned from a tap: %s", error)
