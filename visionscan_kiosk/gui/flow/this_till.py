"""What is set on this till for itself: told to whoever shows it, and there again after a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Unpack

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.till_preferences import PreferenceChanges, TillPreferences

_LOG = logging.getLogger(__name__)


class ThisTill:
    """Holds the preferences. A change holds at once, also when it could not be kept."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._preferences = around.preferences
        self._listeners: list[Callable[[], None]] = []

    @property
    def preferences(self) -> TillPreferences:
        """How it is set now."""
        return self._preferences

    @property
    def theme(self) -> str:
        """`light` or `dark`."""
        return self._preferences.theme or self._around.profile.theme

    def when_changed(self, listener: Callable[[], None]) -> None:
        """Call after every change."""
        self._listeners.append(listener)

    def change(self, **changes: Unpack[PreferenceChanges]) -> None:
        """Set some of them."""
        changed = self._preferences = replace(self._preferences, **changes)
        keep = self._around.keep_preferences
        self._around.tasks.run(Lane.HEALTH, lambda: keep(changed), _kept, _not_kept)
        for listener in self._listeners:
            listener()


def _kept(result: None) -> None:
    del result  # nobody waits for it


def _not_kept(error: KioskError) -> None:
    _LOG.warning("what was set on this till holds until it is closed: %s", error)
