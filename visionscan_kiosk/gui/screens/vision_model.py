"""The manager's page of vision models: which there are, which one is used, and how one does on this shop."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from visionscan_kiosk.gui import model_presenter as words
from visionscan_kiosk.gui.manager_views import ModelRowView, TrialRowView, TrialView, VisionModelView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TARGET_TILE
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    IconLabel,
    column,
    frame,
    label,
    named,
    row,
    set_tone,
)
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.empty_state import EmptyState
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.progress_bar import ProgressBar

_TONES = {Tone.FINE: "2", Tone.ASK: "ask", Tone.STOP: "stop"}
_TITLE_WIDTH = 220
_RESULT_WIDTH = 132
_AFTER_THE_FIGURES = 3
"""The free column: figures stand beside their titles however wide the page is."""


class VisionModelPanel(QFrame):
    """Shows a `VisionModelView`. The signals carry the name of a model."""

    used = Signal(str)
    load_requested = Signal(str)
    trial_requested = Signal(str)
    trial_stopped = Signal()
    trial_closed = Signal()
    refresh_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[tuple[ModelRowView, ...], bool, bool] | None = None
        self._is_compact = False
        self.setProperty("kind", "card")
        self.setObjectName("model_panel")
        self._state = named(label("", Role.DETAIL, wrap=True), "model_state")
        self._server = label("", Role.DETAIL, "2")
        self._refresh = named(
            Button(theme, "Look again", ButtonKind.OUTLINED, Icon.LOOK_AGAIN), "model_refresh"
        )
        self._message = named(Notice(theme, Tone.FINE), "model_message")
        self._trouble = named(Notice(theme, Tone.STOP), "model_trouble")
        self._warning = named(Notice(theme, Tone.ASK), "model_warning")
        self._trial = TrialPanel(theme)
        self._list = DragArea("Vision models")
        self._empty = EmptyState(theme, Icon.MODEL_THIN, words.LOOKING, "")
        self._refresh.clicked.connect(self.refresh_requested)
        self._trial.stopped.connect(self.trial_stopped)
        self._trial.closed.connect(self.trial_closed)
        self._trial.used.connect(self.used)
        self._lay_out()

    def show_view(self, view: VisionModelView) -> None:
        """Show everything; the rows are made anew only when they changed."""
        self._state.setText(view.state_text)
        set_tone(self._state, _TONES[view.state_tone])
        self._server.setText(view.server_text)
        self._refresh.setEnabled(not view.is_loading)
        self._message.set_text(view.message)
        self._trouble.set_text(view.trouble)
        self._warning.set_text(view.warning)
        self._trial.show_view(view.trial)
        self._show_models(view)

    def set_compact(self, *, is_compact: bool) -> None:
        """Give way where room is short."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._refresh.set_icon_only(icon_only=is_compact, text="Look again", width=48)

    def _lay_out(self) -> None:
        parts = column(self, (SPACE_L, SPACE_L, SPACE_L, SPACE_L), SPACE_M)
        head = row(spacing=SPACE_M)
        titles = column(spacing=2)
        titles.addWidget(label("Vision model", Role.TITLE))
        titles.addWidget(self._state)
        head.addLayout(titles, 1)
        head.addWidget(self._server)
        head.addWidget(self._refresh)
        parts.addLayout(head)
        for notice in (self._message, self._trouble, self._warning):
            parts.addWidget(notice)
        parts.addWidget(self._list, 1)
        parts.addWidget(self._empty, 1)
        body = QWidget()
        self._body = column(body, spacing=SPACE_S)
        self._rows = column(spacing=SPACE_S)
        self._body.addWidget(self._trial)
        self._body.addLayout(self._rows)
        self._body.addStretch(1)
        self._list.setWidget(body)

    def _show_models(self, view: VisionModelView) -> None:
        has_models = bool(view.rows) or view.trial is not None
        self._list.setVisible(has_models)
        self._empty.setVisible(not has_models)
        self._empty.set_text(view.away_title or words.LOOKING, view.away_text)
        shown = (view.rows, view.is_busy, view.trial is not None)
        if shown != self._shown:
            self._shown = shown
            _clear(self._rows)
            for model in view.rows:
                self._rows.addWidget(self._model_row(model, is_busy=view.is_busy))

    def _model_row(self, view: ModelRowView, *, is_busy: bool) -> QWidget:
        made = frame("accentbox" if view.is_chosen else "subtle")
        made.setMinimumHeight(TARGET_TILE)
        parts = row(made, (SPACE_L, SPACE_S, SPACE_S, SPACE_S), SPACE_M)
        icon, ink = _sign(view)
        parts.addWidget(IconLabel(self._theme, icon, ink))
        parts.addLayout(_words_of(view), 1)
        for button in self._buttons(view, is_busy=is_busy):
            parts.addWidget(button)
        return made

    def _buttons(self, view: ModelRowView, *, is_busy: bool) -> list[Button]:
        if view.trouble:
            return []
        made = [self._button("Try on my shop", "model_try", view.name, self.trial_requested)]
        if not view.is_loaded:
            made.append(self._button("Load now", "model_load", view.name, self.load_requested))
        for button in made:
            button.setEnabled(not is_busy)
        if not view.is_chosen:
            made.append(self._button("Use", "model_use", view.name, self.used, ButtonKind.SOFT))
        return made

    def _button(
        self, text: str, name: str, model: str, signal: SignalInstance, kind: ButtonKind = ButtonKind.OUTLINED
    ) -> Button:
        made = named(Button(self._theme, text, kind), name)
        made.setAccessibleName(f"{text}: {model}")
        made.clicked.connect(partial(signal.emit, model))
        return made


class TrialPanel(QFrame):
    """A trial: progress while it runs, and the figures of both side by side. Hidden without one."""

    used = Signal(str)
    stopped = Signal()
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: TrialView | None = None
        self.setProperty("kind", "card")
        self.setObjectName("trial_panel")
        self._title = label("", Role.TITLE, wrap=True)
        self._progress_text = named(label("", Role.DETAIL, "2"), "trial_progress")
        self._bar = ProgressBar(theme)
        self._trouble = named(Notice(theme, Tone.ASK), "trial_trouble")
        self._stop = named(Button(theme, "Stop", ButtonKind.OUTLINED, Icon.CLOSE), "trial_stop")
        self._close = named(Button(theme, "Close", ButtonKind.OUTLINED), "trial_close")
        self._use = named(Button(theme, "Use this model", ButtonKind.PRIMARY), "trial_use")
        self._table = QGridLayout()
        self._stop.clicked.connect(self.stopped)
        self._close.clicked.connect(self.closed)
        self._use.clicked.connect(self._emit_used)
        self._lay_out()
        self.hide()

    def show_view(self, view: TrialView | None) -> None:
        """Show a trial, or none."""
        if view == self._view:
            return
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        self._title.setText(view.title)
        self._progress_text.setText(view.progress_text)
        self._bar.set_progress(view.done, view.planned)
        self._bar.setVisible(not view.is_over)
        self._trouble.set_text(view.trouble)
        self._stop.setVisible(not view.is_over)
        self._close.setVisible(view.is_over)
        self._use.setVisible(view.can_use)
        self._show_table(view.rows)

    def _lay_out(self) -> None:
        parts = column(self, (SPACE_L, SPACE_M, SPACE_L, SPACE_L), SPACE_M)
        head = row(spacing=SPACE_S)
        titles = column(spacing=2)
        titles.addWidget(self._title)
        titles.addWidget(self._progress_text)
        head.addLayout(titles, 1)
        for button in (self._stop, self._close, self._use):
            head.addWidget(button)
        parts.addLayout(head)
        parts.addWidget(self._bar)
        parts.addWidget(self._trouble)
        self._table.setHorizontalSpacing(SPACE_XL)
        self._table.setVerticalSpacing(SPACE_S)
        self._table.setColumnStretch(_AFTER_THE_FIGURES, 1)
        parts.addLayout(self._table)

    def _show_table(self, rows: tuple[TrialRowView, ...]) -> None:
        _clear(self._table)
        if not rows:
            return
        end = Qt.AlignmentFlag.AlignRight
        for place, text in enumerate(("", "This model", "Taught products")):
            self._table.addWidget(_cell(text, Role.LABEL, "2", end if place else None), 0, place)
        for line, view in enumerate(rows, start=1):
            self._table.addWidget(_cell(view.title, Role.BODY), line, 0)
            self._table.addWidget(_cell(view.model_text, Role.STRONG, align=end), line, 1)
            self._table.addWidget(_cell(view.taught_text, Role.BODY, "2", end), line, 2)

    def _emit_used(self) -> None:
        if self._view is not None:
            self.used.emit(self._view.name)


def _cell(text: str, role: Role, tone: str = "", align: Qt.AlignmentFlag | None = None) -> QLabel:
    made = label(text, role, tone, align=align)
    made.setMinimumWidth(_TITLE_WIDTH if align is None else _RESULT_WIDTH)
    return made


def _words_of(view: ModelRowView) -> QVBoxLayout:
    words_of = column(spacing=0)
    words_of.addWidget(label(view.name, Role.STRONG, wrap=True))
    states = [text for text, is_so in (("in use", view.is_chosen), ("loaded", view.is_loaded)) if is_so]
    detail = ", ".join([text for text in (view.detail, *states) if text])
    if detail:
        words_of.addWidget(label(detail, Role.DETAIL, "2", wrap=True))
    if view.trouble:
        words_of.addWidget(label(view.trouble, Role.DETAIL, "ask", wrap=True))
    return words_of


def _sign(view: ModelRowView) -> tuple[Icon, str]:
    if view.is_chosen:
        return Icon.CHECK_CIRCLE, "accent"
    return (Icon.EYE_OFF if view.trouble else Icon.EYE), "text2"


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
