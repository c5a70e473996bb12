"""Goods on the drawn counter of a till that is driven by script, and what the till makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from visionscan_kiosk.gui.tour_hands import TourHands

if TYPE_CHECKING:
    from visionscan_kiosk.gui.till_app import TillApp


class TourCounter:
    """Puts goods down and takes them away; each returns when the till has seen it, not when it was done."""

    def __init__(self, till: TillApp, hands: TourHands) -> None:
        self._flow = till.flow
        self._hands = hands

    def tap_down(self, *skus: str) -> None:
        """Tap packs on the selling screen's strip; they are in the basket, and outlined as such."""
        for sku in skus:
            self._hands.tap(f"pack_{sku}")
        self.wait_until_charged(*skus)

    def tap_away(self, *skus: str) -> None:
        """Take packs away by the strip."""
        for sku in skus:
            self._hands.tap(f"pack_{sku}")
        self._wait_until_seen_gone()

    def put(self, *skus: str) -> None:
        """Put goods down where the screen has no strip; what they lead to is the caller's to wait for."""
        for sku in skus:
            self._flow.counter_toggled(sku)

    def take_away(self, *skus: str) -> None:
        """Take goods away where the screen has no strip."""
        self.put(*skus)
        self._wait_until_seen_gone()

    def wait_until_known(self) -> None:
        """Wait until the till knows the empty counter, and has seen that nothing lies there."""
        self._hands.wait(lambda: self._flow.scene.knows_counter, "the empty counter was not learned")
        self._hands.wait(lambda: self._flow.goods.counter.has_rested, "the counter did not come to rest")

    def wait_for_rest(self) -> None:
        """Wait until nothing moves before the camera."""
        self._hands.wait(lambda: self._flow.scene.is_at_rest, "the counter did not come to rest")

    def wait_until_charged(self, *skus: str) -> None:
        """Wait until each of them is in the basket, and green; and all things are outlined as a whole."""
        for sku in skus:
            self._hands.wait_for_line(sku)
            name = self._hands.item(sku).display_name
            self._hands.wait(lambda: self._hands.green()[name] > 0, f"{name} has no green outline")  # noqa: B023 - waited for at once
        self._hands.wait(self._sees_whole_things, "the goods did not come to rest")

    def _sees_whole_things(self) -> bool:
        """At rest, and of each thing more is known than where its code is."""
        return self._flow.scene.is_at_rest and all(piece.body for piece in self._flow.goods.counter.pieces)

    def _wait_until_seen_gone(self) -> None:
        """The till sees no more goods than lie there: what was taken away is gone for it too."""
        self._hands.wait(self._sees_what_lies, "what was taken away was not seen gone")

    def _sees_what_lies(self) -> bool:
        lying, scene = self._flow.counter.lying, self._flow.scene
        seen = [piece for piece in self._flow.goods.counter.pieces if piece.is_there]
        return scene.is_at_rest and scene.is_bare is not bool(lying) and len(seen) == len(lying)
