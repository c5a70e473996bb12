"""The manager's page of settings: the camera, and stock that is short. Every tap is saved at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.manager_views import SettingsView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, TARGET
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
)
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.option_row import Indicator, OptionRow

_NUMBER_WIDTH = 84


class CertaintyStepper(QFrame):
    """How sure the camera must be, with a button for less and one for more, and what that means."""

    stepped = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "subtle")
        self._less = self._end(theme, Icon.MINUS, "Ask for less certainty", -1)
        self._more = self._end(theme, Icon.ADD, "Ask for more certainty", 1)
        self._number = named(label("", Role.AMOUNT, align=Qt.AlignmentFlag.AlignHCenter), "settings_add_from")
        self._number.setFixedWidth(_NUMBER_WIDTH)
        self._detail = label("", Role.DETAIL, "2", wrap=True)
        box = frame("stepper")
        ends = row(box, spacing=0)
        for part in (self._less, self._number, self._more):
            ends.addWidget(part)
        parts = row(self, (SPACE_L, SPACE_M, SPACE_M, SPACE_M), SPACE_M)
        parts.addWidget(self._detail, 1)
        parts.addWidget(box)

    def show_view(self, view: SettingsView) -> None:
        """Show the certainty that is asked for."""
        self._number.setText(view.add_from_text)
        self._detail.setText(view.add_from_detail)
        self._less.setEnabled(view.is_known and view.can_ask_less)
        self._more.setEnabled(view.is_known and view.can_ask_more)

    def _end(self, theme: Theme, icon: Icon, name: str, step: int) -> Button:
        made = named(Button(theme, "", ButtonKind.PLAIN, icon, name=name, icon_size=20), f"add_from_{step}")
        made.clicked.connect(partial(self.stepped.emit, step))
        return made


class SettingsPanel(QFrame):
    """Shows a `SettingsView`. `auto_add_chosen` carries the value of an AutoAdd, `short_stock_chosen` that
    of a ShortStock."""

    auto_add_chosen = Signal(str)
    add_from_stepped = Signal(int)
    wrong_items_switched = Signal(bool)
    labels_switched = Signal(bool)
    short_stock_chosen = Signal(str)
    http_stock_switched = Signal(bool)
    camera_switched = Signal(bool)
    model_switched = Signal(bool)
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "card")
        self.setObjectName("settings_panel")
        self._saved = named(QWidget(), "settings_saved")
        self._saved_text = label("", Role.STRONG, "sure")
        self._trouble = named(Notice(theme, Tone.STOP), "settings_trouble")
        self._retry = named(
            Button(theme, wording.TRY_AGAIN, ButtonKind.OUTLINED, Icon.LOOK_AGAIN), "settings_retry"
        )
        self._choices = {
            value: named(OptionRow(theme, Indicator.CHOICE, title), f"auto_add_{value}")
            for value, title in wording.AUTO_ADD_TITLES.items()
        }
        self._certainty = CertaintyStepper(theme)
        self._stock_choices = {
            policy: named(OptionRow(theme, Indicator.CHOICE, title), f"short_stock_{policy}")
            for policy, title in money_wording.STOCK_TITLES.items()
        }
        self._http_stock = self._switch(money_wording.STOCK_HTTP, "settings_http_stock")
        self._wrong_items = self._switch(wording.ASK_WRONG_ITEMS, "settings_wrong_items")
        self._labels = self._switch(wording.READ_LABELS, "settings_labels")
        self._camera = self._switch(wording.HAS_CAMERA, "settings_camera")
        self._model = self._switch(wording.HAS_MODEL, "settings_model")
        self._pictures = named(label("", Role.BODY, "2", wrap=True), "settings_pictures")
        self._connect_parts()
        self._lay_out()

    def show_view(self, view: SettingsView) -> None:
        """Show what is set; what is not known cannot be changed."""
        self._trouble.set_text(view.trouble)
        self._retry.setVisible(bool(view.trouble))
        self._saved.setVisible(bool(view.saved_text))
        self._saved_text.setText(view.saved_text)
        for value, choice in self._choices.items():
            choice.setEnabled(view.is_known)
            choice.show_state(is_on=value == view.auto_add, detail=self._choice_detail(value, view))
        self._show_stock(view)
        self._certainty.setVisible(view.auto_add == "likely")
        self._certainty.show_view(view)
        self._show_switches(view)
        self._pictures.setText(view.pictures_text)
        self._show_here(view)

    def _show_switches(self, view: SettingsView) -> None:
        self._wrong_items.setEnabled(view.is_known)
        detail = " ".join(filter(None, (wording.ASK_WRONG_ITEMS_DETAIL, view.wrong_items_text)))
        self._wrong_items.show_state(is_on=view.asks_about_wrong_items, detail=detail)
        self._labels.setEnabled(view.is_known and not view.labels_trouble)
        is_read = view.reads_labels and not view.labels_trouble
        self._labels.show_state(is_on=is_read, detail=view.labels_trouble or wording.READ_LABELS_DETAIL)

    def _show_stock(self, view: SettingsView) -> None:
        for policy, choice in self._stock_choices.items():
            choice.setEnabled(view.is_known)
            choice.show_state(is_on=policy == view.short_stock, detail=money_wording.STOCK_DETAILS[policy])
        self._http_stock.setEnabled(view.is_known)
        self._http_stock.show_state(is_on=view.sells_short_over_http, detail=money_wording.STOCK_HTTP_DETAIL)

    def _show_here(self, view: SettingsView) -> None:
        """How it is stands first, once: on the selling page nothing more is said."""
        camera = view.camera_text if view.has_camera else ""
        model = view.model_text if view.has_model else ""
        for switch, is_on, state, detail in (
            (self._camera, view.has_camera, camera, wording.HAS_CAMERA_DETAIL),
            (self._model, view.has_model, model, wording.HAS_MODEL_DETAIL),
        ):
            switch.show_state(is_on=is_on, detail=f"{state} {detail}".strip())

    def _choice_detail(self, value: str, view: SettingsView) -> str:
        more = view.marked_text if value == "chosen" else ""
        return " ".join(filter(None, (wording.AUTO_ADD_DETAILS[value], more)))

    def _switch(self, title: str, name: str) -> OptionRow:
        return named(OptionRow(self._theme, Indicator.SWITCH, title), name)

    def _connect_parts(self) -> None:
        for value, choice in self._choices.items():
            choice.clicked.connect(partial(self._choose, value))
        for policy, choice in self._stock_choices.items():
            choice.clicked.connect(partial(self._choose_stock, policy))
        self._http_stock.clicked.connect(self.http_stock_switched)
        self._certainty.stepped.connect(self.add_from_stepped)
        self._wrong_items.clicked.connect(self.wrong_items_switched)
        self._labels.clicked.connect(self.labels_switched)
        self._camera.clicked.connect(self.camera_switched)
        self._model.clicked.connect(self.model_switched)
        self._retry.clicked.connect(self.retry_requested)

    def _choose(self, value: str) -> None:
        """A choice that is tapped again stays chosen."""
        for name, choice in self._choices.items():
            choice.setChecked(name == value)
        self.auto_add_chosen.emit(value)

    def _choose_stock(self, policy: str) -> None:
        """A choice that is tapped again stays chosen."""
        for name, choice in self._stock_choices.items():
            choice.setChecked(name == policy)
        self.short_stock_chosen.emit(policy)

    def _lay_out(self) -> None:
        parts = column(self, (SPACE_L, SPACE_M, SPACE_L, SPACE_L), SPACE_M)
        parts.addWidget(self._make_head())
        trouble = row(spacing=SPACE_M)
        trouble.addWidget(self._trouble, 1)
        trouble.addWidget(self._retry)
        parts.addLayout(trouble)
        holder = QWidget()
        columns = row(holder, spacing=SPACE_XL)
        columns.addLayout(self._make_adding(), 1)
        columns.addLayout(self._make_others(), 1)
        area = DragArea("Settings")
        area.setWidget(holder)
        parts.addWidget(area, 1)

    def _make_head(self) -> QWidget:
        holder = QWidget()
        holder.setFixedHeight(TARGET)
        head = row(holder, spacing=SPACE_M)
        head.addWidget(label("Settings", Role.HEAD), 1)
        saved = row(self._saved)
        saved.addWidget(IconLabel(self._theme, Icon.CHECK_CIRCLE, "sure_text"))
        saved.addWidget(self._saved_text)
        head.addWidget(self._saved)
        return holder

    def _make_adding(self) -> QVBoxLayout:
        parts = _section(wording.ADDING_TITLE)
        for choice in self._choices.values():
            parts.addWidget(choice)
        parts.addWidget(self._certainty)
        parts.addSpacing(SPACE_M)
        parts.addWidget(label(money_wording.STOCK_TITLE, Role.TITLE))
        parts.addWidget(label(money_wording.STOCK_DETAIL, Role.BODY, "2", wrap=True))
        for choice in self._stock_choices.values():
            parts.addWidget(choice)
        parts.addWidget(self._http_stock)
        parts.addStretch(1)
        return parts

    def _make_others(self) -> QVBoxLayout:
        parts = _section(wording.QUESTIONS_TITLE)
        parts.addWidget(self._wrong_items)
        parts.addSpacing(SPACE_M)
        parts.addWidget(label(wording.LABELS_TITLE, Role.TITLE))
        parts.addWidget(self._labels)
        parts.addSpacing(SPACE_M)
        parts.addWidget(label(wording.THIS_TILL_TITLE, Role.TITLE))
        parts.addWidget(self._camera)
        parts.addWidget(self._model)
        parts.addSpacing(SPACE_M)
        parts.addWidget(label(wording.PICTURES_TITLE, Role.TITLE))
        parts.addWidget(self._pictures)
        parts.addStretch(1)
        return parts


def _section(title: str) -> QVBoxLayout:
    parts = column(spacing=SPACE_S)
    parts.addWidget(label(title, Role.TITLE))
    return parts
