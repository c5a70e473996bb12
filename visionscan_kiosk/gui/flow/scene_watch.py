"""Watches the frames: what moves, what has come to rest, and what the counter looks like when it is empty."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.recognition.looks import Scene
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind

_LOG = logging.getLogger(__name__)
STILLS = 3
STILLS_WITHIN_S = 0.2
"""Stills are taken by time: three frames of a slow camera would be seconds."""
BARE_FOR_S = 0.3
LEARN_EVERY_S = 2.0
LOAD_AGAIN_MS = 2000
KEEP_EVERY_S = 300.0
DARK_AFTER_S = 2.0
"""A hand before the lens is gone sooner."""
MOVED_AFTER_S = 10.0
"""A bag before the camera is gone after this; a camera that was moved still sees something else."""

_SCENES = {
    SceneKind.MOVING: Scene.MOVING,
    SceneKind.STILL: Scene.STILL,
    SceneKind.EMPTY: Scene.EMPTY,
    SceneKind.BLIND: Scene.BLIND,
}


@dataclass(frozen=True, slots=True)
class SceneActions:
    """What the scene leads to.

    `on_rest` gets the stills of one scene, the first one first; `on_empty` now and then a picture of the
    empty counter; `on_lost` is told that the camera no longer sees the counter that was learned; `on_dark`
    that its pictures show nothing at all for a while, `on_light` that they do.
    """

    on_rest: Callable[[tuple[Frame, ...]], None]
    on_empty: Callable[[Image], None]
    on_lost: Callable[[], None]
    on_dark: Callable[[], None] = lambda: None
    on_light: Callable[[], None] = lambda: None


class SceneWatch:
    """Sees every frame; what moved between two reads of codes is kept until it is taken."""

    def __init__(self, around: Surroundings, actions: SceneActions) -> None:
        self._around = around
        self._actions = actions
        self._kind = SceneKind.MOVING
        self._moved_at: float | None = None
        self._stills: list[Frame] | None = None
        self._told_empty_at: float | None = None
        self._knows_drawn_counter = False
        self._bare_since: float | None = None
        self._kept_at: float | None = None
        self._misfit_since: float | None = None
        self._dark_since: float | None = None

    def start(self) -> None:
        """Go on with the empty counter of before the till was closed."""
        services, till_id = self._around.services, self._around.profile.till_id
        self._around.tasks.run(
            Lane.LEARNING, lambda: services.empty_counters.load(till_id), self._loaded, self._not_loaded
        )

    @property
    def knows_counter(self) -> bool:
        """Whether the empty counter was learned."""
        return self._around.finder.knows_empty_counter

    @property
    def is_bare(self) -> bool:
        """Whether the newest frame shows the empty counter at rest."""
        return self._kind is SceneKind.EMPTY

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing moves in the newest frame."""
        return self._kind in (SceneKind.STILL, SceneKind.EMPTY)

    def taken(self) -> tuple[Scene, float | None]:
        """Return the scene of the newest frame, and when anything moved since this was asked last."""
        moved_at, self._moved_at = self._moved_at, None
        return _SCENES[self._kind], moved_at

    def frame_arrived(self, frame: Frame) -> None:
        """Take the next frame, about a millisecond of work."""
        self._learn_drawn_counter(frame)
        state = self._around.gate.feed(frame.image, frame.captured_at)
        before, self._kind = self._kind, state.kind
        self._watch_light(frame)
        if state.kind is SceneKind.MOVING or state.is_new_still:
            self._moved_at = frame.captured_at
        if state.kind is SceneKind.STILL:
            if state.is_new_still or before is not SceneKind.STILL:
                self._stills = []
            self._gather(frame)
        else:
            self._stills = None
            self._tell(frame)

    def _watch_light(self, frame: Frame) -> None:
        if self._kind is not SceneKind.BLIND:
            self._dark_since = None
            self._actions.on_light()
        elif self._dark_since is None:
            self._dark_since = frame.captured_at
        elif frame.captured_at - self._dark_since >= DARK_AFTER_S:
            self._actions.on_dark()

    def look_again(self) -> None:
        """Take stills of what lies there once more: another page is open now."""
        if self._kind is SceneKind.STILL:
            self._stills = []

    def learn_empty_counter(self, image: Image) -> None:
        """Somebody says that nothing lies there now; what was learned before is forgotten."""
        self._kept_at = None
        self._start_with(image)

    def follow_empty_counter(self, image: Image) -> None:
        """Follow the light while nothing lies there, and keep the picture every few minutes."""
        finder = self._around.finder
        self._around.tasks.run(
            Lane.VISION,
            lambda: finder.learn_empty_counter(image),
            lambda _: self._keep(image),
            _not_learned,
        )

    def _start_with(self, image: Image) -> None:
        self._misfit_since = None
        self._around.gate.learn_empty_counter(image)
        self._around.finder.forget_empty_counter()
        self.follow_empty_counter(image)

    def _loaded(self, image: Image | None) -> None:
        if image is not None and not (self.knows_counter or self._knows_drawn_counter):
            self._kept_at = self._around.clock.seconds()
            self._start_with(image)

    def _not_loaded(self, error: KioskError) -> None:
        """Without a database it is read when there is one."""
        _LOG.warning("the kept picture of the empty counter was not read: %s", error)
        if isinstance(error, Unavailable):
            self._around.timers.after(LOAD_AGAIN_MS, self.start)

    def _keep(self, image: Image) -> None:
        now = self._around.clock.seconds()
        if self._kept_at is None or now - self._kept_at >= KEEP_EVERY_S:
            self._kept_at = now
            services, till_id = self._around.services, self._around.profile.till_id
            self._around.tasks.run(
                Lane.LEARNING, lambda: services.empty_counters.keep(till_id, image), _ignore, _not_kept
            )

    def _learn_drawn_counter(self, frame: Frame) -> None:
        """Only a drawn counter knows itself that nothing lies on it."""
        counter = self._around.counter
        if counter is None or self._knows_drawn_counter:
            return
        if counter.on_counter:
            self._bare_since = None
        elif self._bare_since is None:
            self._bare_since = frame.captured_at
        elif frame.captured_at - self._bare_since >= BARE_FOR_S:
            self._knows_drawn_counter = True
            self.learn_empty_counter(frame.image)

    def _gather(self, frame: Frame) -> None:
        """Take stills a few hundredths of a second apart; a slow camera has fewer of them."""
        if self._stills is None:
            return
        first = self._stills[0].captured_at if self._stills else frame.captured_at
        due = first + len(self._stills) * STILLS_WITHIN_S / (STILLS - 1)
        if frame.captured_at < due - 1e-6:
            return
        self._stills.append(frame)
        if len(self._stills) >= STILLS or frame.captured_at - first >= STILLS_WITHIN_S:
            stills, self._stills = tuple(self._stills), None
            self._check(stills[0].image)
            self._actions.on_rest(stills)

    def _check(self, still: Image) -> None:
        """Ask whether the camera still sees the counter that was learned."""
        finder = self._around.finder
        if finder.knows_empty_counter:
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
        services, till_id = self._around.services, self._around.profile.till_id
        self._misfit_since = None
        self._knows_drawn_counter = False
        self._around.gate.forget_empty_counter()
        self._around.finder.forget_empty_counter()
        self._around.tasks.run(
            Lane.LEARNING, lambda: services.empty_counters.forget(till_id), _ignore, _not_kept
        )
        self._actions.on_lost()

    def _tell(self, frame: Frame) -> None:
        if self._kind is not SceneKind.EMPTY:
            self._told_empty_at = None
            return
        self._misfit_since = None
        now = frame.captured_at
        if self._told_empty_at is None or now - self._told_empty_at >= LEARN_EVERY_S:
            self._told_empty_at = now
            self._actions.on_empty(frame.image)


def _ignore(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_learned(error: KioskError) -> None:
    _LOG.warning("the empty counter was not learned: %s", error)


def _not_kept(error: KioskError) -> None:
    _LOG.warning("the picture of the empty counter was not kept: %s", error)
