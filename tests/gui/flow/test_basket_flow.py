"""What becomes of a change: it is made once, or whoever asked is told that it was not. Real PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    ExchangePiece,
    Operation,
    OperationResult,
    TakeBack,
    TakePiece,
    pieces_of,
)
from visionscan_kiosk.domain.errors import KioskError, OperationConflict, SessionNotActive, TransientConflict
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.basket_wording import SOLD_ELSEWHERE
from visionscan_kiosk.gui.flow.basket_changes import Addition
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.entered_units import EnteredUnits
from visionscan_kiosk.gui.flow.ports import Lane, Place, Sound


class Recorder:
    """Writes down what a listener is told, and counts what it would believe to be in the basket."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.operations: list[Operation] = []
        self.results: list[OperationResult] = []
        self.errors: list[KioskError] = []
        self.asked_for: list[tuple[Operation, EnteredUnits | None, bool]] = []
        self.believed: dict[UUID, int] = {}
        self.on_refused: Callable[[Operation], None] = lambda _operation: None

    def opened(self, basket: Basket) -> None:
        self.told.append("opened")
        self.believed = pieces_of(basket)

    def asked(self, operation: Operation, units: EnteredUnits | None, *, is_undo: bool) -> None:
        self.asked_for.append((operation, units, is_undo))

    def applied(self, operation: Operation, result: OperationResult) -> None:
        self.told.append("applied")
        self.operations.append(operation)
        self.results.append(result)
        for product, pieces in result.changes.items():
            self.believed[product] = self.believed.get(product, 0) + pieces

    def refused(self, operation: Operation, error: KioskError) -> None:
        self.told.append("refused")
        self.operations.append(operation)
        self.errors.append(error)
        self.on_refused(operation)

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        self.told.append("changed")
        self.believed = dict(pieces)

    def closed(self, *, is_sold: bool) -> None:
        self.told.append("sold" if is_sold else "ended")


class Counter:
    """A basket with a listener, on lanes and time of a till; it has a till's name of its own."""

    def __init__(self, till: Till) -> None:
        self.till = till
        self.services = till.services
        self.tasks, self.time, self.sounds = till.tasks, till.time, till.sounds
        self.listener = Recorder()
        self.said: list[str] = []
        self.undone: list[str] = []
        self.is_watched = True
        around = till.flow._around
        self.flow = BasketFlow(
            replace(around, profile=replace(around.profile, till_id="till-of-its-own")),
            till.flow.status,
            self.said.append,
            self.listener,
            lambda: self.is_watched,
        )

    @property
    def session(self) -> UUID:
        assert self.flow.basket is not None
        return self.flow.basket.session.id

    @property
    def pieces(self) -> dict[str, int]:
        """Pieces by SKU or name, as shown; it must be what the database has."""
        assert self.flow.basket is not None
        assert self.services.sessions.get_basket(self.session) == self.flow.basket
        return {item.sku or item.detected_name: item.quantity for item in self.flow.basket.items}

    def product(self, sku: str) -> UUID:
        return self.till.goods[sku].id

    def scan(self, sku: str, quantity: int = 1) -> Addition:
        addition = Addition(self.product(sku), quantity, sku, 0.9, lambda: self.undone.append(sku))
        self.flow.add_seen([addition])
        return addition

    def line(self, sku: str) -> UUID:
        assert self.flow.basket is not None
        return next(item.id for item in self.flow.basket.items if item.sku == sku)

    def settle(self) -> None:
        self.tasks.settle()

    def go_away(self) -> None:
        self.tasks.is_database_away = True

    def come_back(self) -> None:
        self.tasks.is_database_away = False
        self.time.pass_by(2000)
        self.settle()

    def add_elsewhere(self, sku: str, quantity: int = 1) -> None:
        self.services.sessions.add_product(self.session, self.product(sku), quantity)


@pytest.fixture
def counter(till: Till) -> Counter:
    made = Counter(till)
    made.flow.open()
    made.settle()
    return made


class TestWhatWaitsForTheDatabase:
    def test_is_not_taken_for_done_when_a_name_was_changed_meanwhile(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.go_away()
        counter.scan("BUT-S")
        counter.settle()
        counter.services.inventory.update_product(counter.product("OAT-1L"), ProductChanges(name="Oats"))
        counter.come_back()

        assert counter.pieces == {"OAT-1L": 1, "BUT-S": 1}
        assert counter.flow.is_settled
        assert "changed" not in counter.listener.told

    def test_is_not_taken_for_done_when_a_line_was_added_elsewhere(self, counter: Counter) -> None:
        counter.go_away()
        addition = counter.scan("BUT-S")
        counter.settle()
        counter.add_elsewhere("OAT-1L")
        counter.come_back()

        assert counter.pieces == {"BUT-S": 1, "OAT-1L": 1}
        assert counter.listener.told == ["opened", "changed", "applied"]
        assert counter.listener.results[0].operation_id == addition.operation_id

    @pytest.mark.parametrize("elsewhere", ["APL-R", "BUT-S"])
    def test_is_not_doubled_when_only_its_answer_got_lost(self, counter: Counter, elsewhere: str) -> None:
        counter.tasks.loses_next_answer = True
        counter.scan("BUT-S")
        counter.settle()
        counter.add_elsewhere(elsewhere)
        counter.come_back()

        assert sum(counter.pieces.values()) == 2
        assert counter.listener.told == ["opened", "applied", "changed"]
        assert counter.listener.results[0].is_repeat

    def test_a_lost_answer_alone_is_no_change_elsewhere(self, counter: Counter) -> None:
        counter.tasks.loses_next_answer = True
        counter.scan("BUT-S")
        counter.settle()
        counter.come_back()

        assert counter.listener.told == ["opened", "applied"]
        assert counter.pieces == {"BUT-S": 1}
        counter.flow.undo()
        counter.settle()
        assert counter.pieces == {}

    @pytest.mark.parametrize("lost", range(6))
    def test_every_operation_survives_a_lost_answer(self, counter: Counter, lost: int) -> None:
        counter.scan("OAT-1L", 3)
        counter.flow.add_unnamed("zzz quux", 0.4, 1)
        counter.settle()
        unnamed = next(item.id for item in counter.flow.basket.unmatched)  # type: ignore[union-attr]
        oat = counter.line("OAT-1L")
        acts: list[tuple[Callable[[], None], dict[str, int]]] = [
            (lambda: counter.flow.set_quantity(oat, 5), {"OAT-1L": 5, "zzz quux": 1}),
            (lambda: counter.flow.remove(oat), {"zzz quux": 1}),
            (
                lambda: counter.flow.assign(unnamed, counter.product("APL-R")),
                {"OAT-1L": 3, "APL-R": 1},
            ),
            (
                lambda: counter.flow.take_back_piece(counter.product("OAT-1L"), None),
                {"OAT-1L": 2, "zzz quux": 1},
            ),
            (
                lambda: counter.flow.exchange(
                    counter.product("OAT-1L"), Addition(counter.product("BUT-S"), 1, "butter", 0.8)
                ),
                {"OAT-1L": 2, "zzz quux": 1, "BUT-S": 1},
            ),
            (lambda: counter.flow.add_unnamed("ZZZ quux", 0.4, 1), {"OAT-1L": 3, "ZZZ quux": 2}),
        ]
        act, after = acts[lost]
        counter.tasks.loses_next_answer = True
        act()
        counter.settle()
        counter.come_back()

        assert counter.pieces == after
        assert "changed" not in counter.listener.told
        assert counter.undone == []

    def test_many_wait_in_their_order(self, counter: Counter) -> None:
        counter.go_away()
        counter.scan("OAT-1L")
        counter.scan("BUT-S")
        counter.flow.take_back_piece(counter.product("OAT-1L"), None)
        counter.settle()
        assert not counter.flow.is_settled
        assert counter.flow.view().hint == wording.waiting(3, 0)
        counter.come_back()

        assert counter.pieces == {"BUT-S": 1}
        assert counter.listener.told == ["opened", "applied", "applied", "applied"]

    def test_what_was_asked_before_a_basket_is_known_goes_into_the_first_one(self, till: Till) -> None:
        counter = Counter(till)
        counter.go_away()
        counter.flow.open()
        counter.scan("OAT-1L")
        counter.settle()
        counter.come_back()

        assert counter.pieces == {"OAT-1L": 1}
        assert counter.listener.told == ["opened", "applied"]
        assert counter.listener.operations[0].session_id == counter.session

    def test_a_conflict_of_two_clients_is_tried_again_soon_and_is_no_outage(
        self, counter: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        apply, failures = counter.services.basket_operations.apply, [True]

        def conflict(_self: object, operation: Operation) -> OperationResult:
            if failures.pop() if failures else False:
                raise TransientConflict("Another till is working on the same goods. Try again.")
            return apply(operation)

        monkeypatch.setattr(type(counter.services.basket_operations), "apply", conflict)
        counter.scan("OAT-1L")
        counter.settle()
        assert not counter.flow.is_settled
        assert counter.till.screens.banner is None
        counter.time.pass_by(100)
        counter.settle()

        assert counter.pieces == {"OAT-1L": 1}


class TestPay:
    def test_does_not_open_by_itself_after_an_outage(self, till: Till) -> None:
        till.tasks.is_database_away = True
        till.flow.basket.add_product(till.goods["OAT-1L"].id)
        till.pay()
        till.settle()
        till.pay()
        assert till.sounds.heard == [Sound.REFUSED]
        till.tasks.is_database_away = False
        till.time.pass_by(2000)
        till.settle()

        assert till.screens.place is Place.SELLING
        till.pay()
        assert till.screens.place is Place.PAYMENT

    def test_a_basket_that_is_paid_is_not_taken_for_sold_elsewhere(self, till: Till) -> None:
        till.add("OAT-1L")
        till.pay()
        till.flow.payment.quick("5")
        till.tasks.held_lanes.add(Lane.DATABASE)
        till.flow.payment.confirm()
        till.time.pass_by(3000)
        till.tasks.held_lanes.clear()
        till.settle()
        till.time.pass_by(3000)
        till.settle()

        assert till.screens.place is Place.RECEIPT
        assert till.flow.basket.view().item_count == 1


class TestWhatIsRefused:
    def test_whoever_asked_is_told_and_the_next_goes_on(self, counter: Counter) -> None:
        counter.scan("OAT-1L", 10_000)
        counter.scan("BUT-S")
        counter.settle()

        assert counter.undone == ["OAT-1L"]
        assert counter.listener.told == ["opened", "refused", "applied"]
        assert counter.said == ["The quantity must be between 1 and 9999."]
        assert counter.pieces == {"BUT-S": 1}
        assert counter.flow.is_settled

    def test_a_line_that_is_gone_needs_no_word(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.services.sessions.remove_item(counter.session, counter.line("OAT-1L"))
        counter.flow.set_quantity(counter.line("OAT-1L"), 2)
        counter.settle()

        assert counter.said == []
        assert counter.sounds.heard[-1] is Sound.REFUSED
        assert counter.pieces == {}
        assert counter.listener.told == ["opened", "applied", "refused", "changed"]

    def test_an_id_with_other_content_is_a_conflict_in_words(self, counter: Counter) -> None:
        addition = counter.scan("OAT-1L")
        counter.flow.add_seen([replace(addition, product_id=counter.product("BUT-S"))])
        counter.settle()

        assert isinstance(counter.listener.errors[0], OperationConflict)
        assert counter.pieces == {"OAT-1L": 1}

    def test_who_asks_again_when_refused_is_heard(self, counter: Counter) -> None:
        counter.listener.on_refused = lambda _operation: counter.flow.add_product(counter.product("BUT-S"))
        counter.scan("OAT-1L", 10_000)
        counter.settle()

        assert counter.pieces == {"BUT-S": 1}


class TestClosedElsewhere:
    def test_a_basket_sold_in_the_middle_of_a_batch_refuses_all_that_waits_for_it(
        self, counter: Counter
    ) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        sold = counter.session
        counter.go_away()
        counter.scan("BUT-S")
        counter.scan("APL-R", 2)
        counter.flow.set_quantity(counter.line("OAT-1L"), 4)
        counter.settle()
        counter.services.checkout.check_out(sold)
        counter.come_back()

        assert counter.undone == ["BUT-S", "APL-R"]
        assert counter.session != sold
        assert counter.pieces == {}
        assert counter.listener.told == [
            "opened", "applied", "sold", "refused", "refused", "refused", "opened",
        ]  # fmt: skip
        assert all(isinstance(error, SessionNotActive) for error in counter.listener.errors)
        assert counter.said == [
            f"{SOLD_ELSEWHERE} Too late, and not done: Salted butter 250 g, 2 x Red apple, 4 x Oat milk 1 l."
        ]

    def test_what_was_in_before_the_sale_is_told_so_when_its_answer_got_lost(self, counter: Counter) -> None:
        counter.tasks.loses_next_answer = True
        counter.scan("OAT-1L")
        counter.scan("BUT-S")
        counter.settle()
        counter.services.checkout.check_out(counter.session)
        counter.come_back()

        assert counter.listener.told == ["opened", "applied", "sold", "refused", "opened"]
        assert counter.undone == ["BUT-S"]
        assert counter.pieces == {}

    def test_the_answer_of_a_repetition_tells_that_it_was_sold(self, counter: Counter) -> None:
        counter.is_watched = False
        counter.tasks.loses_next_answer = True
        counter.scan("OAT-1L")
        counter.settle()
        counter.services.checkout.check_out(counter.session)
        counter.come_back()

        assert counter.listener.told == ["opened", "applied", "sold", "opened"]
        assert counter.said == [SOLD_ELSEWHERE]

    def test_it_is_noticed_without_any_change(self, counter: Counter) -> None:
        counter.services.sessions.end_session(counter.session)
        counter.time.pass_by(1000)
        counter.settle()

        assert counter.listener.told == ["opened", "ended", "opened"]
        assert counter.said == [wording.CLOSED_ELSEWHERE]
        assert counter.pieces == {}

    def test_the_outage_after_it_forgets_nothing(self, counter: Counter) -> None:
        counter.services.sessions.end_session(counter.session)
        counter.scan("OAT-1L")
        counter.tasks.held_lanes.add(Lane.DATABASE)
        counter.settle()
        counter.tasks.held_lanes.clear()
        counter.tasks._end(counter.tasks._next())  # type: ignore[arg-type] # the change alone
        counter.go_away()
        counter.settle()
        counter.come_back()

        assert counter.listener.told == ["opened", "ended", "refused", "opened"]
        assert counter.undone == ["OAT-1L"]

    def test_what_is_asked_between_two_baskets_is_for_the_next_one(self, counter: Counter) -> None:
        counter.services.sessions.end_session(counter.session)
        counter.flow.open()
        counter.scan("OAT-1L")
        counter.settle()

        assert counter.pieces == {"OAT-1L": 1}
        assert counter.said == []

    def test_what_comes_too_late_for_a_basket_this_till_closed_is_named(self, counter: Counter) -> None:
        ended = counter.session
        counter.tasks.held_lanes.add(Lane.DATABASE)
        counter.scan("OAT-1L")
        counter.scan("BUT-S")
        counter.services.sessions.end_session(ended)
        counter.flow.open()
        counter.tasks.held_lanes.clear()
        counter.settle()

        assert counter.listener.told == ["opened", "refused", "refused", "opened"]
        assert counter.undone == ["OAT-1L", "BUT-S"]
        assert "Oat milk 1 l, Salted butter 250 g" in counter.said[0]
        assert counter.pieces == {}

    def test_many_too_late_are_counted(self, counter: Counter) -> None:
        counter.go_away()
        for _ in range(7):
            counter.scan("OAT-1L")
        counter.settle()
        counter.services.sessions.end_session(counter.session)
        counter.come_back()

        assert counter.said[0].endswith("Oat milk 1 l and 2 more.")
        assert len(counter.undone) == 7

    def test_the_end_whose_answer_got_lost_is_found_out(self, till: Till) -> None:
        till.add("OAT-1L")
        ended = till.flow.basket.basket
        assert ended is not None
        till.tasks.loses_next_answer = True
        till.flow.menu()
        till.flow.menu_action("end")
        till.flow.way_out.confirmation.go_on()
        till.settle()

        assert till.flow.basket.basket is not None
        assert till.flow.basket.basket.session.id != ended.session.id
        assert till.screens.basket.lines == ()


class TestWatching:
    def test_a_line_removed_by_another_client_is_noticed(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.services.sessions.remove_item(counter.session, counter.line("OAT-1L"))
        counter.time.pass_by(1000)
        counter.settle()

        assert counter.listener.told == ["opened", "applied", "changed"]
        assert counter.flow.view().lines == ()
        assert counter.listener.believed == {}

    def test_another_name_is_shown_and_is_no_change_of_pieces(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.services.inventory.update_product(counter.product("OAT-1L"), ProductChanges(name="Oats"))
        counter.time.pass_by(1000)
        counter.settle()

        assert [line.name for line in counter.flow.view().lines] == ["Oats"]
        assert counter.listener.told == ["opened", "applied"]

    def test_nobody_looks_while_it_is_not_watched(self, counter: Counter) -> None:
        counter.is_watched = False
        counter.add_elsewhere("OAT-1L")
        counter.time.pass_by(5000)
        counter.settle()

        assert counter.listener.told == ["opened"]

    def test_only_one_look_waits(self, counter: Counter) -> None:
        counter.tasks.held_lanes.add(Lane.DATABASE)
        before = counter.tasks.count(Lane.DATABASE)
        counter.time.pass_by(10_000)
        # one of this basket, and one of the till that lent its lanes
        assert counter.tasks.count(Lane.DATABASE) - before <= 2
        counter.tasks.held_lanes.clear()
        counter.settle()

    def test_a_look_before_a_change_does_not_hide_it(self, counter: Counter) -> None:
        counter.tasks.held_lanes.add(Lane.DATABASE)
        counter.time.pass_by(1000)
        counter.scan("OAT-1L")
        counter.tasks.held_lanes.clear()
        counter.settle()

        assert counter.listener.told == ["opened", "applied"]
        assert counter.pieces == {"OAT-1L": 1}

    def test_its_failure_is_quiet_but_for_the_banner(self, counter: Counter) -> None:
        counter.go_away()
        counter.time.pass_by(1000)
        counter.settle()
        assert counter.said == []
        assert counter.sounds.heard == []
        assert counter.till.screens.banner is not None

        counter.come_back()
        assert counter.till.screens.banner is None

    def test_the_next_customer_does_not_see_an_old_look(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.tasks.held_lanes.add(Lane.DATABASE)
        counter.time.pass_by(1000)
        counter.services.checkout.check_out(counter.session)
        counter.flow.open()
        counter.tasks.held_lanes.clear()
        counter.settle()

        assert counter.listener.told == ["opened", "applied", "opened"]
        assert counter.pieces == {}

    def test_old_operations_are_forgotten_every_hour(
        self, counter: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[int] = []
        monkeypatch.setattr(
            type(counter.services.basket_operations), "forget_old", lambda _self: calls.append(1) or 0
        )
        counter.is_watched = False
        counter.time.pass_by(3_600_000)
        counter.settle()

        assert calls


class TestUndo:
    def test_it_names_what_it_undoes(self, counter: Counter) -> None:
        addition = counter.scan("OAT-1L", 2)
        counter.settle()
        counter.flow.undo()
        counter.settle()

        back = counter.listener.operations[-1]
        assert isinstance(back, TakeBack)
        assert (back.undoes, back.quantity) == (addition.operation_id, 2)
        assert counter.undone == ["OAT-1L"]
        assert counter.pieces == {}

    def test_an_exchange_is_turned_back(self, counter: Counter) -> None:
        counter.scan("OAT-1L", 2)
        counter.settle()
        entry = Addition(counter.product("BUT-S"), 1, "butter", 0.8)
        counter.flow.exchange(counter.product("OAT-1L"), entry)
        counter.settle()
        assert counter.pieces == {"OAT-1L": 1, "BUT-S": 1}
        undo = counter.flow.view().undo
        assert undo is not None
        assert undo.text == wording.changed_to("Salted butter 250 g")
        counter.flow.undo()
        counter.settle()

        back = counter.listener.operations[-1]
        assert isinstance(back, ExchangePiece)
        assert back.undoes == entry.operation_id
        assert counter.pieces == {"OAT-1L": 2}

    def test_an_exchange_whose_line_was_gone_is_an_addition(self, counter: Counter) -> None:
        entry = Addition(counter.product("BUT-S"), 1, "butter", 0.8)
        counter.flow.exchange(counter.product("OAT-1L"), entry)
        counter.settle()
        assert counter.pieces == {"BUT-S": 1}
        counter.flow.undo()
        counter.settle()

        assert counter.pieces == {}

    def test_an_exchange_that_others_removed_is_not_turned_back(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.flow.exchange(counter.product("OAT-1L"), Addition(counter.product("BUT-S"), 1, "butter", 0.8))
        counter.settle()
        counter.services.sessions.remove_item(counter.session, counter.line("BUT-S"))
        counter.flow.undo()
        counter.settle()

        assert counter.pieces == {}
        assert counter.said == []

    def test_a_removed_line_is_put_back_as_the_database_had_it(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.add_elsewhere("OAT-1L", 2)
        counter.flow.remove(counter.line("OAT-1L"))
        counter.settle()
        assert counter.pieces == {}
        counter.flow.undo()
        counter.settle()

        assert counter.pieces == {"OAT-1L": 3}

    def test_a_piece_taken_by_its_outline_names_its_addition_and_can_be_put_back(
        self, counter: Counter
    ) -> None:
        addition = counter.scan("OAT-1L", 3)
        counter.settle()
        counter.flow.take_back_piece(counter.product("OAT-1L"), addition.operation_id)
        counter.settle()
        taken = counter.listener.operations[-1]
        assert isinstance(taken, TakePiece)
        assert taken.undoes == addition.operation_id
        assert counter.pieces == {"OAT-1L": 2}
        counter.flow.undo()
        counter.settle()

        assert counter.pieces == {"OAT-1L": 3}
        assert isinstance(counter.listener.operations[-1], AddLine)

    def test_a_batch_is_undone_as_one(self, counter: Counter) -> None:
        counter.flow.add_seen(
            [Addition(counter.product(sku), 1, sku, 0.9) for sku in ("OAT-1L", "BUT-S", "BUT-U")]
        )
        counter.settle()
        undo = counter.flow.view().undo
        assert undo is not None
        assert undo.text == wording.several_added(3)
        counter.flow.undo()
        counter.settle()

        assert counter.pieces == {}

    def test_an_undo_too_late_for_its_basket_says_so(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.services.checkout.check_out(counter.session)
        counter.flow.undo()
        counter.settle()

        assert counter.listener.told == ["opened", "applied", "sold", "refused", "opened"]
        assert counter.said == [f"{SOLD_ELSEWHERE} Too late, and not done: take out Oat milk 1 l."]


class TestHeld:
    def test_everything_is_refused_in_words(self, counter: Counter) -> None:
        counter.scan("OAT-1L")
        counter.settle()
        counter.flow.hold("Another till has this basket.")
        counter.scan("BUT-S")
        reached: list[str] = []
        counter.flow.when_settled(lambda: reached.append("paid"))
        counter.settle()

        assert counter.undone == ["BUT-S"]
        assert counter.said == ["Another till has this basket."] * 2
        assert not counter.flow.is_settled
        assert reached == []
        counter.flow.undo()
        counter.settle()
        assert counter.undone == ["BUT-S"]
        assert counter.pieces == {"OAT-1L": 1}

    def test_what_waited_goes_on_afterwards_on_the_basket_as_it_is(self, counter: Counter) -> None:
        counter.go_away()
        counter.scan("OAT-1L")
        counter.settle()
        counter.flow.hold("Another till has this basket.")
        counter.come_back()
        assert counter.listener.told == ["opened"]
        counter.add_elsewhere("BUT-S")
        counter.flow.go_on()
        counter.settle()

        assert counter.pieces == {"BUT-S": 1, "OAT-1L": 1}
        assert counter.listener.told == ["opened", "changed", "applied"]

    def test_a_basket_sold_by_the_other_is_noticed_when_it_goes_on(self, counter: Counter) -> None:
        counter.flow.hold("Another till has this basket.")
        counter.services.sessions.end_session(counter.session)
        counter.time.pass_by(5000)
        counter.settle()
        assert counter.listener.told == ["opened"]
        counter.flow.go_on()
        counter.settle()

        assert counter.listener.told == ["opened", "ended", "opened"]


class Storm:
    """A random afternoon: scans, undo, outages, lost answers and other clients."""

    def __init__(self, counter: Counter, seed: int) -> None:
        self._counter = counter
        self._random = random.Random(seed)
        self.asked: list[UUID] = []

    def blow(self) -> None:
        counter = self._counter
        acts: list[tuple[float, Callable[[], object]]] = [
            (4, lambda: counter.flow.add_seen([self.see("OAT-1L")])),
            (4, lambda: counter.flow.add_seen([self.see("BUT-S"), self.see("APL-R")])),
            (2, lambda: counter.flow.exchange(counter.product("OAT-1L"), self.see("BUT-U"))),
            (2, lambda: counter.flow.take_back_piece(counter.product("BUT-S"), None)),
            (3, counter.flow.undo),
            (2, lambda: setattr(counter.tasks, "loses_next_answer", True)),
            (1, counter.go_away),
            (2, lambda: setattr(counter.tasks, "is_database_away", False)),
            (2, lambda: counter.add_elsewhere("APL-R")),
            (1, lambda: counter.services.sessions.remove_item(counter.session, counter.line("OAT-1L"))),
            (0.3, lambda: counter.services.sessions.end_session(counter.session)),
            (6, counter.settle),
            (4, lambda: counter.time.pass_by(1000)),
        ]
        for _ in range(60):
            (act,) = self._random.choices([act for _, act in acts], [weight for weight, _ in acts])
            with suppress(KioskError, StopIteration, AssertionError):  # others find no basket or no line
                act()

    def see(self, sku: str) -> Addition:
        self.asked.append(uuid4())
        return Addition(self._counter.product(sku), 1, sku, 0.9, operation_id=self.asked[-1])


@pytest.mark.parametrize("seed", range(25))
def test_every_operation_ends_once_and_what_is_told_leads_to_the_basket(counter: Counter, seed: int) -> None:
    storm = Storm(counter, seed)
    storm.blow()
    counter.tasks.loses_next_answer = False
    for _ in range(3):
        counter.come_back()

    assert counter.flow.is_settled
    assert counter.pieces is not None
    ended = [operation.operation_id for operation in counter.listener.operations]
    assert len(ended) == len(set(ended))
    assert set(storm.asked) <= set(ended)
    assert counter.flow.basket is not None
    believed = {product: pieces for product, pieces in counter.listener.believed.items() if pieces}
    assert believed == pieces_of(counter.flow.basket)
