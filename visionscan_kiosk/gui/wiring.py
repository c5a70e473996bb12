"""Joins the screens' signals to the flow's methods. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.main_window import TillWindow


def connect_screens(window: TillWindow, flow: TillFlow) -> None:
    """Let every tap on every screen reach the flow."""
    _connect_selling(window, flow)
    _connect_payment(window, flow)
    _connect_manager(window, flow)
    _connect_settings(window, flow)
    _connect_restock(window, flow)
    window.top_bar.menu_requested.connect(flow.menu)
    window.menu.action_chosen.connect(flow.menu_action)
    window.menu.cancelled.connect(flow.escape)
    window.close_asked.connect(flow.way_out.close_till)
    window.confirm.confirmed.connect(flow.way_out.confirmation.go_on)
    window.confirm.cancelled.connect(flow.way_out.confirmation.stay)


def _connect_selling(window: TillWindow, flow: TillFlow) -> None:
    screen = window.selling
    screen.quantity_changed.connect(flow.basket.set_quantity)
    screen.quantity_keyed.connect(flow.key_quantity)
    window.quantity.key_pressed.connect(flow.quantity.press)
    window.quantity.confirmed.connect(flow.quantity.confirm)
    window.quantity.cancelled.connect(flow.quantity.close)
    screen.line_removed.connect(flow.basket.remove)
    screen.line_chosen.connect(flow.line_chosen)
    screen.undo_requested.connect(flow.basket.undo)
    screen.remember_requested.connect(flow.naming.remember)
    screen.pay_requested.connect(flow.pay)
    screen.tile_chosen.connect(flow.tile_chosen)
    screen.tray_chosen.connect(flow.trays.choose)
    screen.add_all_requested.connect(flow.trays.act)
    screen.tray_search_requested.connect(flow.trays.search)
    screen.tray_skipped.connect(flow.trays.skip)
    screen.look_requested.connect(flow.sight.look)
    screen.outline_tapped.connect(flow.outline_tapped)
    screen.search_changed.connect(flow.catalogue.type)
    screen.search_submitted.connect(flow.catalogue.submit)
    screen.category_chosen.connect(flow.catalogue.choose_category)
    screen.catalogue_opened.connect(flow.catalogue.open)
    screen.catalogue_closed.connect(flow.catalogue_closed)
    screen.banner_action.connect(flow.status.banner_action)
    screen.menu_requested.connect(flow.menu)
    screen.counter_toggled.connect(flow.counter_toggled)


def _connect_payment(window: TillWindow, flow: TillFlow) -> None:
    screen = window.payment
    screen.method_chosen.connect(flow.payment.choose_method)
    screen.key_pressed.connect(flow.payment.press)
    screen.quick_chosen.connect(flow.payment.quick)
    screen.confirmed.connect(flow.payment.confirm)
    screen.tap_wanted.connect(flow.payment.ask_for_tap)
    screen.declined.connect(flow.payment.decline)
    screen.cancelled.connect(flow.payment.cancel)
    window.receipt.next_requested.connect(flow.next_customer)


def _connect_settings(window: TillWindow, flow: TillFlow) -> None:
    settings = window.manager.settings
    settings.auto_add_chosen.connect(flow.settings.choose_auto_add)
    settings.add_from_stepped.connect(flow.settings.step_add_from)
    settings.wrong_items_switched.connect(flow.settings.ask_about_wrong_items)
    settings.labels_switched.connect(flow.settings.read_labels)
    settings.short_stock_chosen.connect(flow.settings.choose_short_stock)
    settings.http_stock_switched.connect(flow.settings.sell_short_over_http)
    settings.camera_switched.connect(flow.settings.have_camera)
    settings.model_switched.connect(flow.settings.have_model)
    settings.retry_requested.connect(flow.settings.try_again)


def _connect_manager(window: TillWindow, flow: TillFlow) -> None:
    screen = window.manager
    leaving = partial(_leaving, flow)
    screen.search_changed.connect(flow.manager.search)
    screen.product_chosen.connect(leaving(flow.manager.edit))
    screen.new_requested.connect(leaving(flow.manager.new_product))
    screen.restock_requested.connect(leaving(flow.restock.open))
    screen.field_changed.connect(flow.manager.change_field)
    screen.save_requested.connect(flow.manager.save)
    screen.form_cancelled.connect(leaving(flow.manager.leave_form))
    screen.adds_switched.connect(flow.manager.switch_adding)
    screen.picture_requested.connect(flow.manager.choose_picture)
    picture = window.picture
    picture.photo_chosen.connect(flow.picture.choose_photo)
    picture.camera_chosen.connect(flow.picture.take)
    picture.file_chosen.connect(flow.picture.choose_file)
    picture.confirmed.connect(flow.picture.close)
    picture.cancelled.connect(flow.picture.close)
    screen.teach_requested.connect(leaving(flow.teach.open))
    teach = screen.teach
    teach.search_changed.connect(flow.teach.search)
    teach.product_chosen.connect(flow.teach.choose)
    teach.new_requested.connect(flow.teach.new_product)
    teach.take_requested.connect(flow.teach.take)
    teach.done_requested.connect(flow.teach.done)
    teach.again_requested.connect(flow.teach.start_again)
    teach.other_requested.connect(leaving(flow.teach.open))
    teach.photo_removed.connect(flow.teach.remove_photo)
    screen.products_requested.connect(leaving(flow.manager.open))
    screen.model_requested.connect(leaving(flow.models.open))
    model = screen.model
    model.used.connect(flow.models.use)
    model.load_requested.connect(flow.models.load)
    model.trial_requested.connect(flow.models.try_on_shop)
    model.trial_stopped.connect(flow.models.stop)
    model.trial_closed.connect(flow.models.close_trial)
    model.refresh_requested.connect(flow.models.refresh)
    screen.names_requested.connect(leaving(flow.naming.open))
    screen.accuracy_requested.connect(leaving(flow.accuracy.open))
    screen.accuracy.period_chosen.connect(flow.accuracy.choose_period)
    screen.accuracy.teach_requested.connect(flow.accuracy.teach)
    screen.name_forgotten.connect(flow.naming.forget)
    screen.settings_requested.connect(leaving(flow.settings.open))
    screen.closed.connect(leaving(flow.manager.close))


def _connect_restock(window: TillWindow, flow: TillFlow) -> None:
    dialog = window.restock
    dialog.query_changed.connect(flow.restock.search)
    dialog.code_submitted.connect(flow.restock.submit)
    dialog.product_chosen.connect(flow.restock.choose)
    dialog.change_requested.connect(flow.restock.change_product)
    dialog.key_pressed.connect(flow.restock.press)
    dialog.pieces_added.connect(flow.restock.plus)
    dialog.note_changed.connect(flow.restock.set_note)
    dialog.confirmed.connect(flow.restock.confirm)
    dialog.cancelled.connect(_leaving(flow, flow.restock.close))


def _leaving(flow: TillFlow, action: Callable[..., None]) -> Callable[..., None]:
    """Return what does this after asking whether what was filled in may be lost."""

    def leave(*values: object) -> None:
        flow.way_out.leave_form(lambda: action(*values))

    return leave
