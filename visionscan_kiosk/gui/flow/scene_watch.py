"""Watches the frames for goods that come to rest, and gathers a few still pictures of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind

_LOG = logging.getLogger(__name__)
STILLS = 3
BARE_FRAMES = 5
LEARN_EVERY_S = 2.0


class SceneWatch:
    """Without a gate it never tells anything. `on_rest` gets the stills of one scene, the first one first.

    `on_moving` is told when something begins to move, `on_empty` now and then with a picture of the empty
    counter.
    """

    def __init__(
        self,
        around: Surroundings,
        on_rest: Callable[[tuple[Image, ...]], None],
        on_moving: Callable[[], None],
        on_empty: Callable[[Image], None],
    ) -> None:
        self._around = around
        self._on_rest = on_rest
        self._on_moving = on_moving
        self._on_empty = on_empty
        self._kind = SceneKind.MOVING
        self._stills: list[Image] | None = None
        self._told_empty_at: float | None = None
        self._knows_drawn_counter = False
        self._bare_frames = 0

    @property
    def is_watching(self) -> bool:
        """Whether anything tells it when goods come to rest."""
        return self._around.gate is not None

    @property
    def knows_counter(self) -> bool:
        """Whether the empty counter was learned."""
        return self._around.finder is not None and self._around.finder.knows_empty_counter

    def frame_arrived(self, image: Image) -> None:
        """Take the next frame, about a millisecond of work."""
        gate = self._around.gate
        if gate is None:
            return
        self._learn_drawn_counter(image)
        now = self._around.clock.seconds()
        state = gate.feed(image, now)
        before, self._kind = self._kind, state.kind
        if state.kind is SceneKind.STILL:
            if state.is_new_still or before is not SceneKind.STILL:
                self._stills = []
            self._gather(image)
        else:
            self._stills = None
            self._tell(before, image, now)

    def learn_empty_counter(self, image: Image) -> None:
        """Somebody says that nothing lies there now; what was learned before is forgotten."""
        gate, finder = self._around.gate, self._around.finder
        if gate is not None:
            gate.learn_empty_counter(image)
        if finder is not None:
            finder.forget_empty_counter()
        self.follow_empty_counter(image)

    def follow_empty_counter(self, image: Image) -> None:
        """Follow the light while nothing lies there."""
        finder = self._around.finder
        if finder is not None:
            self._around.tasks.run(
                Lane.VISION, lambda: finder.learn_empty_counter(image), _ignore, _not_learned
            )

    def _learn_drawn_counter(self, image: Image) -> None:
        """Only a drawn counter knows itself that nothing lies on it."""
        counter = self._around.counter
        if counter is not None and not self._knows_drawn_counter:
            self._bare_frames = 0 if counter.on_counter else self._bare_frames + 1
            if self._bare_frames >= BARE_FRAMES:
                self._knows_drawn_counter = True
                self.learn_empty_counter(image)

    def _gather(self, image: Image) -> None:
        if self._stills is None:
            return
        self._stills.append(image)
        if len(self._stills) >= STILLS:
            stills, self._stills = tuple(self._stills), None
            self._on_rest(stills)

    def _tell(self, before: SceneKind, image: Image, now: float) -> None:
        if self._kind is SceneKind.MOVING:
            self._told_empty_at = None
            if before is not SceneKind.MOVING:
                self._on_moving()
        elif self._told_empty_at is None or now - self._told_empty_at >= LEARN_EVERY_S:
            self._told_empty_at = now
            self._on_empty(image)


def _ignore(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_learned(error: KioskError) -> None:
    _LOG.warning("the empty counter was not learned: %s", error)
