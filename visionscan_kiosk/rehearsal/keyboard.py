"""Keys: a person who types, and a hand scanner that types like a very fast one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.rehearsal.scene import Scene

_KEY_S: Final = 0.015
_PERSON_S: Final = 0.15


class Keyboard:
    """Sends keys to where the cursor of the open page is."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._typed = ""

    def scan(self, code: str, suffix: str) -> None:
        """A hand scanner reads a code."""
        self._press(code, suffix, _KEY_S)

    def scan_all(self, codes: Sequence[str], apart: float, suffix: str) -> None:
        """A hand scanner reads codes one after the other."""
        for code in codes:
            self.scan(code, suffix)
            self._scene.wait(apart)

    def type(self, text: str) -> None:
        """A person types a text, and no Enter."""
        self._press(text, "", _PERSON_S)

    def _press(self, text: str, suffix: str, key_s: float) -> None:
        for character in text:
            self._scene.wait(key_s)
            self._key(character)
        if suffix == "enter":
            self._scene.wait(key_s)
            self._enter()

    def _key(self, character: str) -> None:
        flow = self._scene.till.flow
        self._typed += character
        if flow.place is Place.SELLING:
            flow.catalogue.type(self._typed)

    def _enter(self) -> None:
        flow, typed = self._scene.till.flow, self._typed
        self._typed = ""
        if flow.place is Place.SELLING and typed:
            flow.catalogue.submit(typed)
        else:
            flow.enter()
