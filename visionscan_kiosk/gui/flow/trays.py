"""The one tray under the picture: a note, else a question, else the often sold products."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Timer
from visionscan_kiosk.gui.presenters import product_tile
from visionscan_kiosk.gui.views import TileView, TrayKind, TrayView

_LOG = logging.getLogger(__name__)
NOTE_MS = 4000
OFTEN_SOLD_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Question:
    """Something the till is not sure of: tiles best first, and what it was called."""

    tiles: tuple[TileView, ...]
    detected_name: str
    confidence: float = 1.0
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence, with at most one thing to do about it."""

    text: str
    detail: str = ""
    action_text: str = ""
    action: Callable[[], None] | None = None
    can_search: bool = False


class Trays:
    """Holds open questions and the note; `on_choice` and `on_search` are what taps lead to."""

    def __init__(
        self,
        around: Surroundings,
        on_choice: Callable[[UUID, Question | None], None],
        on_search: Callable[[], None],
    ) -> None:
        self._around = around
        self._on_choice = on_choice
        self._on_search = on_search
        self._often_sold: tuple[TileView, ...] = ()
        self._questions: list[Question] = []
        self._answered = 0
        self._note: Note | None = None
        self._note_timer: Timer | None = None

    @property
    def is_asking(self) -> bool:
        """Whether a question is open."""
        return bool(self._questions)

    @property
    def note_text(self) -> str:
        """The sentence that is shown now, empty when there is none."""
        return self._note.text if self._note else ""

    def load_often_sold(self) -> None:
        """Ask the database for the best sellers; without an answer the tray keeps what it has."""
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: self._around.services.inventory.list_best_sellers(OFTEN_SOLD_SHOWN),
            self._often_sold_loaded,
            self._often_sold_failed,
        )

    def ask(self, questions: tuple[Question, ...]) -> None:
        """Ask these questions one after the other; they replace open ones."""
        self._questions = list(questions)
        self._answered = 0
        self._drop_note()
        if questions:
            self._around.sounds.play(Sound.QUESTION)
        self.show()

    def say(self, note: Note) -> None:
        """Show a note; one without anything to do goes by itself."""
        self._drop_note()
        self._note = note
        if not note.action and not note.can_search:
            self._note_timer = self._around.timers.after(NOTE_MS, self._note_expired)
        self.show()

    def clear(self) -> None:
        """Forget questions and note."""
        self._questions = []
        self._drop_note()
        self.show()

    def choose(self, place: int) -> None:
        """A tile of the tray was tapped; `place` counts from 0."""
        question = self._questions[0] if self._questions else None
        tiles = question.tiles if question else self._often_sold
        if not 0 <= place < len(tiles) or (question is None and self._note is not None):
            return
        self._on_choice(tiles[place].product_id, question)
        if question:
            self._next_question()

    def act(self) -> None:
        """The note's button was tapped."""
        action = self._note.action if self._note else None
        if action is not None:
            self._drop_note()
            self.show()
            action()

    def skip(self) -> None:
        """Leave the open question, or the note."""
        if self._questions:
            self._next_question()
        else:
            self._drop_note()
            self.show()

    def search(self) -> None:
        """None of these: leave the question and search."""
        self.skip()
        self._on_search()

    def show(self) -> None:
        """Show what matters most."""
        self._around.display.show_tray(self._view())

    def _view(self) -> TrayView | None:
        if self._note is not None:
            return _note_view(self._note)
        if self._questions:
            return self._question_view(self._questions[0])
        if self._often_sold:
            return TrayView(TrayKind.OFTEN_SOLD, wording.OFTEN_SOLD, tiles=self._often_sold)
        return None

    def _question_view(self, question: Question) -> TrayView:
        count = self._answered + len(self._questions)
        return TrayView(
            TrayKind.ASK,
            wording.WHICH_ONE,
            detail=wording.to_check(self._answered + 1, count),
            tiles=question.tiles,
            can_search=True,
            can_skip=True,
        )

    def _next_question(self) -> None:
        self._questions = self._questions[1:]
        self._answered += 1
        self._drop_note()
        self.show()

    def _often_sold_loaded(self, products: Sequence[Product]) -> None:
        self._often_sold = tuple(product_tile(product) for product in products)
        self.show()

    def _often_sold_failed(self, error: KioskError) -> None:
        _LOG.warning("the often sold products could not be read: %s", error)

    def _note_expired(self) -> None:
        self._note = self._note_timer = None
        self.show()

    def _drop_note(self) -> None:
        if self._note_timer is not None:
            self._note_timer.cancel()
        self._note = self._note_timer = None


def _note_view(note: Note) -> TrayView:
    return TrayView(
        TrayKind.NOTE,
        note.text,
        detail=note.detail,
        add_all_text=note.action_text,
        can_search=note.can_search,
        can_skip=True,
    )
