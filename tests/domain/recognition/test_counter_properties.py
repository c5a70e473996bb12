"""What holds for every script, every frame rate and every order of reports."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.recognition.drawn_counter import HEIGHT, WIDTH, product_of
from tests.domain.recognition.random_scripts import FAIR, RATES, Hardness, outcome, play_random
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import AddPiece, ExchangePiece, Intent
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene
from visionscan_kiosk.domain.recognition.piece import OutlineKind, Page, PieceState

A, B = product_of("A"), product_of("B")
SLOW = Hardness(pauses=(4.0, 5.0), forgets=False, swaps_unread=False)


@settings(max_examples=100, derandomize=True)
@given(st.integers(10**6, 10**9), st.sampled_from(RATES))
def test_each_piece_is_charged_once_or_asked_and_green_is_true(seed: int, fps: float) -> None:
    assert play_random(seed, fps, FAIR).faults == []


@settings(max_examples=20, derandomize=True)
@given(st.integers(10**6, 10**9))
def test_the_result_does_not_depend_on_the_frame_rate(seed: int) -> None:
    played = [play_random(seed, fps, SLOW) for fps in RATES]
    assert [shop.faults for shop in played] == [[]] * len(RATES)
    results = {(str(sorted(shop.basket.items())), str(shop.till.sold)) for shop in played}
    assert len(results) == 1


@pytest.mark.parametrize("first", [0, 200])
def test_hard_scripts_charge_nothing_to_another_customer(first: int) -> None:
    outcomes = [outcome(seed, RATES[seed % len(RATES)]) for seed in range(first, first + 120)]
    faults = [fault for one in outcomes for fault in one.faults]
    assert "charged to another customer" not in faults
    assert len(faults) <= 1
    assert sum(one.needless for one in outcomes) <= 0.04 * sum(one.charged for one in outcomes)
    assert sum(one.pay_kept for one in outcomes) <= 0.02 * sum(one.sessions for one in outcomes)


def test_without_an_empty_counter_codes_are_followed_as_far_as_they_can() -> None:
    how = FAIR._replace(knows_counter=False)
    outcomes = [outcome(seed, (5.0, 30.0, 60.0)[seed % 3], how) for seed in range(60)]
    assert [one for one in outcomes if one.faults] == []


boxes = st.builds(Box, st.integers(0, 1100), st.integers(0, 600), st.integers(20, 300), st.integers(20, 300))
codes = st.lists(
    st.builds(ReadCode, st.sampled_from(["1", "2", "?"]), boxes, st.sampled_from([A, B, None])), max_size=4
)
blobs = st.none() | st.lists(boxes, max_size=4).map(tuple)
looks = st.tuples(st.sampled_from(list(Scene)), st.booleans(), st.none() | codes.map(tuple), blobs)
EVENTS = (
    *("sold", "ended", "answer", "same", "leave", "undo", "added", "refused", "page", "more", "less"),
    *("one more", "restart", "closer", "lost"),
)
events = st.one_of(looks, st.sampled_from(EVENTS))


class Books:
    """What a basket would say of a counter that is told nonsense."""

    def __init__(self) -> None:
        self.counter = Counter(WIDTH, HEIGHT)
        self.lines: dict[object, int] = {A: 0, B: 0}
        self.waiting: list[tuple[AddPiece | ExchangePiece, bool]] = []
        self.now, self.page = 0.0, Page.SELLING
        self.counter.opened(0.0)

    def happen(self, event: object) -> list[Intent]:
        if isinstance(event, str):
            result = getattr(self, "_" + event.replace(" ", "_"))()
            return list(result or ())
        scene, moved, read, covered = event  # type: ignore[misc]
        self.now += 0.3
        return self.counter.look(Look(self.now, scene, moved, read, () if scene is Scene.EMPTY else covered))

    def _sold(self, *, sold: bool = True) -> list[Intent]:
        self.counter.ended(sold=sold)
        self.lines = {A: 0, B: 0}
        self.waiting = [(operation, True) for operation, _ in self.waiting]
        return self.counter.opened(self.now)

    def _ended(self) -> list[Intent]:
        return self._sold(sold=False)

    def _answer(self) -> list[Intent]:
        return [intent for piece in self.counter.pieces[:1] for intent in self.counter.answer(piece.id, A)]

    def _same(self) -> None:
        for piece in self.counter.questions[:1]:
            self.counter.same(piece.id)

    def _leave(self) -> None:
        for piece in self.counter.questions[:1]:
            self.counter.leave(piece.id)

    def _one_more(self) -> list[Intent]:
        return [i for piece in self._mine()[:1] for i in self.counter.one_more(piece.id)]

    def _undo(self) -> list[Intent]:
        for piece in self._mine()[:1]:
            if not any(operation.piece == piece.id for operation, _ in self.waiting):
                self.lines[piece.product] -= 1
                return self.counter.undone(piece.id, asks_again=self.now % 2 > 1)
        return []

    def _mine(self) -> list:  # type: ignore[type-arg]
        return [piece for piece in self.counter.pieces if piece.state is PieceState.IN_BASKET]

    def _added(self) -> None:
        if self.waiting:
            operation, is_stale = self.waiting.pop(0)
            self.counter.added(operation.operation_id)
            self.lines[operation.product] += not is_stale
            if isinstance(operation, ExchangePiece):
                self.lines[operation.before] -= not is_stale

    def _refused(self) -> list[Intent]:
        return self.counter.refused(self.waiting.pop(0)[0].operation_id) if self.waiting else []

    def _page(self) -> list[Intent]:
        self.page = Page.OTHER if self.page is Page.SELLING else Page.SELLING
        return self.counter.page(self.page)

    def _more(self) -> list[Intent]:
        self.lines[A] += 1
        return self.counter.basket_is(self.lines, by_person=True)  # type: ignore[arg-type]

    def _less(self) -> list[Intent]:
        if any(isinstance(operation, ExchangePiece) for operation, _ in self.waiting):
            return []
        self.lines[A] = max(self.lines[A] - 1, 0)
        return self.counter.basket_is(self.lines, by_person=self.now % 2 > 1)  # type: ignore[arg-type]

    def _restart(self) -> list[Intent]:
        memory = self.counter.memory(self.now)
        self.counter, self.waiting, self.page = Counter(WIDTH, HEIGHT), [], Page.SELLING
        return self.counter.opened(self.now, self.lines, memory)  # type: ignore[arg-type]

    def _closer(self) -> list[Intent]:
        return [i for piece in self.counter.pieces[-1:] for i in self.counter.looked_closer(piece.id, (B, A))]

    def _lost(self) -> None:
        self.counter.counter_lost()


@settings(max_examples=250, derandomize=True)
@given(st.lists(events, max_size=40))
def test_no_order_of_reports_and_events_breaks_its_books(happened: list[object]) -> None:
    """Nonsense in, books that add up out: green is never more than the basket holds."""
    books = Books()
    for event in happened:
        for intent in books.happen(event):
            if isinstance(intent, AddPiece | ExchangePiece):
                assert books.page is Page.SELLING or event in ("answer", "one more")
                assert all(operation.operation_id != intent.operation_id for operation, _ in books.waiting)
                assert not isinstance(intent, ExchangePiece) or intent.before != intent.product
                books.waiting.append((intent, False))
        green = [outline for outline in books.counter.outlines if outline.kind is OutlineKind.CHARGED]
        assert len(green) <= sum(books.lines.values())
        ids = {piece.id for piece in books.counter.pieces}
        assert len(ids) == len(books.counter.pieces)
