"""The one question "do you mean it?", asked before something is lost that no undo brings back."""

from __future__ import annotations

from collections.abc import Callable

from visionscan_kiosk.gui.flow.ports import Display
from visionscan_kiosk.gui.views import ConfirmView


class Confirmation:
    """At most one question is open; staying is always free."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._action: Callable[[], None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody is being asked."""
        return self._action is not None

    def ask(self, view: ConfirmView, action: Callable[[], None]) -> None:
        """Ask, and do it when the person goes on."""
        self._action = action
        self._display.show_confirm(view)

    def stay(self) -> None:
        """The person changed their mind."""
        self._close()

    def go_on(self) -> None:
        """The person means it."""
        action = self._close()
        if action is not None:
            action()

    def _close(self) -> Callable[[], None] | None:
        action, self._action = self._action, None
        self._display.show_confirm(None)
        return action
