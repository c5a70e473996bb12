"""One complete sale by script: real mouse clicks on the real screens, a picture of every step.

What a headless `demo` runs, and where the README's pictures come from. Each step waits for what a person
would wait for; one that does not happen ends the tour with a sentence.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.tour_counter import TourCounter
from visionscan_kiosk.gui.tour_hands import StepMissed, TourHands
from visionscan_kiosk.gui.views import Tone

if TYPE_CHECKING:
    from visionscan_kiosk.gui.till_app import TillApp

_ROUND_AMOUNT = 3
_TAUGHT = (("APPLE001", "Red Apple"), ("LEMON001", "Lemon"))
_PICTURES = 5
_FEWER_PICTURES = 3
_PACKS = ("OATMILK001", "PASTA001", "CHOCOLATE001")
_LOOKED_AT = "BANANA001"


class SnapshotTour:
    """Drives a started till. `run` returns the exit code."""

    def __init__(self, till: TillApp, folder: Path) -> None:
        self._till = till
        self._folder = folder
        self._hands = TourHands(till, folder)
        self._counter = TourCounter(till, self._hands)

    def run(self) -> int:
        """Sell, manage, teach, recognise, darken, measure; write `NN-name.png` of each and `receipt.txt`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            for step in (
                self._open,
                self._sell,
                self._pay,
                self._manage,
                self._recognise,
                self._darken,
                self._measure,
            ):
                step()
        except StepMissed as missed:
            self._hands.snap_fault()
            sys.stderr.write(f"The demo stopped: {missed}\n")
            return 1
        return 0

    def _open(self) -> None:
        flow, hands = self._till.flow, self._hands
        hands.wait(lambda: flow.basket.is_settled, "the basket did not open")
        hands.wait(lambda: flow.sight.has_picture, "the camera shows no picture")
        hands.wait(lambda: flow.status.knows_model, "nobody said whether the vision model answers")
        hands.wait(lambda: hands.is_shown(f"pack_{_PACKS[0]}"), "the demo's packs are missing")
        self._counter.wait_until_known()
        if hands.items():
            self._end_without_sale()
        hands.snap("start")

    # ---- a sale --------------------------------------------------------------------------------

    def _sell(self) -> None:
        self._show_packs()
        self._tap_produce()
        self._step_and_undo()
        self._look()
        self._search_by_keyboard()

    def _show_packs(self) -> None:
        self._counter.tap_down(*_PACKS)
        self._hands.snap("seen-by-the-camera")

    def _tap_produce(self) -> None:
        hands = self._hands
        hands.tap("catalogue_open")
        hands.tap("pill_Fruit & veg")
        hands.wait(lambda: not hands.is_shown("tile_MILK001"), "other goods are shown among the fruit")
        hands.snap("all-products")
        hands.tap("tile_APPLE001")
        hands.wait_for_line("APPLE001")
        hands.tap("catalogue_close")
        hands.snap("tapped")

    def _step_and_undo(self) -> None:
        hands = self._hands
        hands.tap("more", within=f"line_{hands.item('APPLE001').id}")
        hands.wait(lambda: hands.item("APPLE001").quantity == 2, "the quantity did not change")
        hands.snap("two-apples")
        self._counter.tap_away(_PACKS[0])  # the basket keeps it
        sold_before = len(hands.items())
        hands.tap("pack_BUTTER001")
        hands.wait_for_line("BUTTER001")
        hands.tap("toast_action")
        hands.wait(lambda: len(hands.items()) == sold_before, "undo did not take the butter back")
        self._counter.tap_away("BUTTER001")
        hands.snap("undone")

    def _look(self) -> None:
        """Only with a model that answers: without one the till sells all the same."""
        hands = self._hands
        self._counter.tap_away(*_PACKS[1:])
        if self._till.flow.status.model_tone is not Tone.FINE:
            return
        hands.tap(f"pack_{_LOOKED_AT}")
        self._counter.wait_for_rest()
        hands.tap("look")
        hands.wait(lambda: not self._till.flow.sight.is_looking, "the look did not end")
        hands.snap("looked")
        self._counter.tap_away(_LOOKED_AT)
        while self._till.flow.trays.is_asking:
            hands.tap("tray_skip")

    def _search_by_keyboard(self) -> None:
        hands = self._hands
        hands.tap("keyboard")
        for key in "coff":
            hands.tap(f"key_{key}")
        hands.wait(lambda: hands.is_shown("catalogue_close"), "the search did not open")
        hands.wait(lambda: hands.is_shown("tile_COFFEE001"), "the coffee was not found")
        hands.snap("searched")
        hands.tap("tile_COFFEE001")
        hands.wait_for_line("COFFEE001")
        hands.tap("catalogue_close")
        hands.snap("basket")

    def _pay(self) -> None:
        hands = self._hands
        hands.tap("pay")
        hands.wait_for_place(Place.PAYMENT)
        hands.snap("pay")
        hands.tap(hands.names_like("quick_")[_ROUND_AMOUNT])
        hands.snap("cash-given")
        sold = self._session_id()
        hands.tap("confirm")
        hands.wait_for_place(Place.RECEIPT)
        hands.snap("receipt")
        (self._folder / "receipt.txt").write_text(self._till.window.receipt_text, encoding="utf-8")
        hands.tap("next_customer")
        hands.wait_for_place(Place.SELLING)
        self._wait_for_another_basket(sold)
        hands.snap("next-customer")

    # ---- products ------------------------------------------------------------------------------

    def _manage(self) -> None:
        hands = self._hands
        hands.tap("menu")
        hands.snap("menu")
        hands.tap("menu_manager")
        hands.wait_for_place(Place.PRODUCTS)
        hands.wait(lambda: "27" in hands.text("product_count"), "the products are not listed")
        hands.snap("products")
        self._refuse_a_product()
        self._restock()
        hands.tap("side_close")
        hands.wait_for_place(Place.SELLING)

    def _refuse_a_product(self) -> None:
        hands = self._hands
        hands.tap("new_product")
        hands.wait_for_place(Place.FORM)
        hands.type("field_name_edit", "Pear")
        hands.type("field_price_edit", "-1")
        hands.tap("form_save")
        hands.snap("product-form")
        hands.tap("form_cancel")
        hands.tap("dialog_primary", within="confirm_dialog")
        hands.wait_for_place(Place.PRODUCTS)

    def _restock(self) -> None:
        hands, dialog = self._hands, "restock_dialog"
        hands.tap("side_restock")
        hands.wait_for_place(Place.RESTOCK)
        hands.type("restock_search_edit", "coffee")
        hands.wait(lambda: hands.is_shown("tile_COFFEE001", dialog), "the coffee was not found")
        hands.tap("tile_COFFEE001", within=dialog)
        hands.wait(lambda: hands.is_shown("key_2", dialog), "the coffee was not chosen")
        for key in "24":
            hands.tap(f"key_{key}", within=dialog)
        hands.wait(lambda: "24" in hands.text("dialog_primary", dialog), "24 was not keyed")
        hands.snap("restock")
        hands.tap("dialog_primary", within=dialog)
        hands.wait(lambda: "24 added" in hands.text("list_message"), "the delivery was not added")
        hands.snap("restocked")

    # ---- goods without a code ------------------------------------------------------------------

    def _recognise(self) -> None:
        """Show two kinds of fruit to the till, then sell them by their looks."""
        hands = self._hands
        hands.tap("menu")
        hands.tap("menu_manager")
        hands.wait_for_place(Place.PRODUCTS)
        hands.tap("side_teach")
        hands.wait_for_place(Place.TEACH)
        self._teach_by_turning(*_TAUGHT[0])
        self._teach_by_the_button(*_TAUGHT[1])
        self._show_further_pages()
        hands.tap("side_close")
        hands.wait_for_place(Place.SELLING)
        self._sell_one_by_its_looks()
        self._sell_a_tray()
        self._end_without_sale()

    def _show_further_pages(self) -> None:
        flow, hands = self._till.flow, self._hands
        hands.tap("side_names")
        hands.wait_for_place(Place.NAMES)
        hands.wait(lambda: not flow.naming.is_loading, "the names were not listed")
        hands.snap("names")
        hands.tap("side_model")
        hands.wait_for_place(Place.MODEL)
        hands.wait(lambda: not flow.models.is_loading, "nobody said which vision models there are")
        hands.snap("vision-models")
        hands.tap("side_settings")
        hands.wait_for_place(Place.SETTINGS)
        hands.wait(lambda: not flow.settings.is_loading, "the settings were not read")
        hands.snap("settings")

    def _teach_by_turning(self, sku: str, name: str) -> None:
        """Turn it by putting it down anew: pictures are taken by themselves."""
        hands = self._hands
        self._choose_to_teach(name)
        for count in range(_PICTURES):
            self._counter.put(sku)
            self._wait_for_pictures(count + 1)
            if count == _PICTURES - 1:
                hands.snap("teach")
            self._counter.take_away(sku)
        self._finish_teaching(name)
        hands.wait(lambda: hands.is_shown("teach_remove"), "the kept pictures are not listed")
        hands.snap("taught")
        self._teach_another()

    def _teach_by_the_button(self, sku: str, name: str) -> None:
        """The button takes one more picture of what lies there."""
        self._choose_to_teach(name)
        for count in range(_FEWER_PICTURES):
            self._counter.put(sku)
            self._wait_for_pictures(count + 1)
            if count == _FEWER_PICTURES - 1:
                self._hands.tap("teach_take")
                self._wait_for_pictures(count + 2)
            self._counter.take_away(sku)
        self._finish_teaching(name)
        self._teach_another()

    def _choose_to_teach(self, name: str) -> None:
        hands = self._hands
        hands.type("teach_search_edit", name)
        found = f"Show {name} to the camera"
        hands.wait(lambda: found in hands.text("teach_choose"), f"{name} was not found to be taught")
        hands.wait(lambda: hands.count("teach_choose") == 1, f"more than {name} was found to be taught")
        hands.tap("teach_choose")

    def _wait_for_pictures(self, count: int) -> None:
        teach = self._till.flow.teach
        self._hands.wait(lambda: teach.pictures_taken >= count, f"picture {count} was not taken")

    def _finish_teaching(self, name: str) -> None:
        self._hands.tap("teach_done")
        self._hands.wait(lambda: self._hands.is_shown("teach_other"), f"{name} was not learned")

    def _teach_another(self) -> None:
        self._hands.tap("teach_other")
        self._hands.wait(lambda: self._hands.is_shown("teach_choice"), "no other product can be taught")

    def _sell_one_by_its_looks(self) -> None:
        """Known for sure it is one tap; here it is doubted, and the till learns from the answer."""
        hands, (sku, _) = self._hands, _TAUGHT[0]
        self._counter.put(sku)
        hands.wait(lambda: self._till.flow.trays.is_asking, f"{sku} was not recognised")
        hands.snap("recognised")
        if self._till.flow.trays.is_offering:
            hands.tap(f"tile_{sku}")
            hands.snap("doubted")
        hands.tap(f"tile_{sku}")
        hands.wait_for_line(sku)
        self._counter.take_away(sku)

    def _sell_a_tray(self) -> None:
        flow, hands = self._till.flow, self._hands
        fruit = [sku for sku, _ in _TAUGHT]
        self._counter.put(*fruit, *_PACKS[:2])
        self._counter.wait_until_charged(*_PACKS[:2])
        hands.wait(lambda: len(flow.goods.counter.questions) == len(fruit), "the tray was not recognised")
        hands.wait(lambda: flow.trays.is_asking, "nobody was asked about the tray")
        hands.snap("tray")
        while flow.trays.is_offering:
            flow.trays.act()
        hands.wait(lambda: flow.basket.is_settled, "the tray did not come into the basket")
        hands.snap("tray-added")
        self._counter.take_away(*fruit, *_PACKS[:2])

    # ---- dark, by card, and figures ------------------------------------------------------------

    def _darken(self) -> None:
        hands = self._hands
        hands.tap("menu")
        hands.tap("menu_theme")
        self._counter.tap_down(*_PACKS[:2])
        hands.snap("dark-selling")
        hands.tap("pay")
        hands.wait_for_place(Place.PAYMENT)
        hands.tap("segment_card")
        hands.snap("dark-card")
        hands.tap("back" if hands.is_shown("back") else "short_back")
        hands.wait_for_place(Place.SELLING)
        self._counter.tap_away(*_PACKS[:2])
        self._end_without_sale()

    def _measure(self) -> None:
        """What people tapped counts when they can no longer undo it."""
        hands = self._hands
        hands.tap("menu")
        hands.tap("menu_manager")
        hands.wait_for_place(Place.PRODUCTS)
        hands.tap("side_accuracy")
        hands.wait(self._has_figures, "nothing was measured")
        hands.snap("dark-accuracy")
        hands.tap("side_close")
        hands.wait_for_place(Place.SELLING)

    def _has_figures(self) -> bool:
        """Whether the page shows figures; while it is empty it is asked again."""
        is_shown = self._hands.is_shown("figure_first")
        if not (self._till.flow.accuracy.is_loading or is_shown):
            self._hands.tap("pill_7")
        return is_shown

    # ---- the basket ----------------------------------------------------------------------------

    def _end_without_sale(self) -> None:
        ended, has_lines = self._session_id(), bool(self._hands.items())
        self._hands.tap("menu")
        self._hands.tap("menu_end")
        if has_lines:
            self._hands.tap("dialog_primary", within="confirm_dialog")
        self._wait_for_another_basket(ended)

    def _session_id(self) -> UUID | None:
        basket = self._till.flow.basket.basket
        return basket.session.id if basket is not None else None

    def _wait_for_another_basket(self, before: UUID | None) -> None:
        basket = self._till.flow.basket
        self._hands.wait(
            lambda: basket.is_settled and self._session_id() != before and not self._hands.items(),
            "no new basket opened",
        )
