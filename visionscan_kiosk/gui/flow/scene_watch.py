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
KEEP_EVERY_S = 300.0
MOVED_AFTER_S = 10.0
"""A bag before the camera is gone after this; a camera that was moved still sees something else."""


class SceneWatch:
    """Without a gate it never tells anything. `on_rest` gets the stills of one scene, the first one first.

    `on_moving` is told when something begins to move, `on_empty` now and then with a picture of the empty
    counter, `on_lost` when the camera no longer sees the counter that was learned.
    """

    def __init__(
        self,
        around: Surroundings,
        on_rest: Callable[[tuple[Image, ...]], None],
        on_moving: Callable[[], None],
        on_empty: Callable[[Image], None],
        on_lost: Callable[[], None],
    ) -> None:
        self._around = around
        self._on_rest = on_rest
        self._on_moving = on_moving
        self._on_empty = on_empty
        self._on_lost = on_lost
        self._kind = SceneKind.MOVING
        self._stills: list[Image] | None = None
        self._told_empty_at: float | None = None
        self._knows_drawn_counter = False
        self._bare_frames = 0
        self._kept_at: float | None = None
        self._misfit_since: float | None = None

    def start(self) -> None:
        """Go on with the empty counter of before the till was closed."""
        services, till_id = self._around.services, self._around.profile.till_id
        if self._around.finder is not None:
            self._around.tasks.run(
                Lane.LEARNING, lambda: services.empty_counters.load(till_id), self._loaded, _not_loaded
            )

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
        self._kept_at = None
        self._start_with(image)

    def follow_empty_counter(self, image: Image) -> None:
        """Follow the light while nothing lies there, and keep the picture every few minutes."""
        finder = self._around.finder
        if finder is not None:
            self._around.tasks.run(
                Lane.VISION,
                lambda: finder.learn_empty_counter(image),
                lambda _: self._keep(image),
                _not_learned,
            )

    def _start_with(self, image: Image) -> None:
        gate, finder = self._around.gate, self._around.finder
        self._misfit_since = None
        if gate is not None:
            gate.learn_empty_counter(image)
        if finder is not None:
            finder.forget_empty_counter()
        self.follow_empty_counter(image)

    def _loaded(self, image: Image | None) -> None:
        if image is not None and not (self.knows_counter or self._knows_drawn_counter):
            self._kept_at = self._around.clock.seconds()
            self._start_with(image)

    def _keep(self, image: Image) -> None:
        now = self._around.clock.seconds()
        if self._kept_at is None or now - self._kept_at >= KEEP_EVERY_S:
            self._kept_at = now
            services, till_id = self._around.services, self._around.profile.till_id
            self._around.tasks.run(
                Lane.LEARNING, lambda: services.empty_counters.keep(till_id, image), _ignore, _not_kept
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
            self._check(stills[0])
            self._on_rest(stills)

    def _check(self, still: Image) -> None:
        """Ask whether the camera still sees the counter that was learned."""
        finder = self._around.finder
        if finder is not None and finder.knows_empty_counter:
            self._around.tasks.run(Lane.VISION, lambda: finder.fits(still), self._checked, _not_learned)

    def _checked(self, fits: bool) -> None:  # noqa: FBT001 # a result is handed over by place
        now = self._around.clock.seconds()
        if fits:
            self._misfit_since = None
        elif self._misfit_since is None:
            self._misfit_since = now
        elif now - self._misfit_since >= MOVED_AFTER_S:
            self._forget()

    def _forget(self) -> None:
        gate, finder = self._around.gate, self._around.finder
        services, till_id = self._around.services, self._around.profile.till_id
        self._misfit_since = None
        self._knows_drawn_counter = False
        if gate is not None:
            gate.forget_empty_counter()
        if finder is not None:
            finder.forget_empty_counter()
        self._around.tasks.run(
            Lane.LEARNING, lambda: services.empty_counters.forget(till_id), _ignore, _not_kept
        )
        self._on_lost()

    def _tell(self, before: SceneKind, image: Image, now: float) -> None:
        if self._kind is SceneKind.MOVING:
            self._told_empty_at = None
            if before is not SceneKind.MOVING:
                self._on_moving()
            return
        self._misfit_since = None
        if self._told_empty_at is None or now - self._told_empty_at >= LEARN_EVERY_S:
            self._told_empty_at = now
            self._on_empty(image)


def _ignore(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_learned(error: KioskError) -> None:
    _LOG.warning("the empty counter was not learned: %s", error)


def _not_loaded(error: KioskError) -> None:
    _LOG.warning("the kept picture of the empty counter was not read: %s", error)


def _not_kept(error: KioskError) -> None:
    _LOG.warning("the picture of the empty counter was not kept: %s", error)
