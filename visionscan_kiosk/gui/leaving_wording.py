"""What is said before a way out that loses something."""

from __future__ import annotations

from visionscan_kiosk.gui.views import ConfirmView

NOT_SETTLED = "The basket is not settled yet. Wait for the database, then end it."

LEAVE_FORM = ConfirmView("Leave without saving?", "What you filled in is lost.", "Stay", "Leave")


def end_basket(count: int, total: str) -> ConfirmView:
    """Ask whether the basket is to be closed without a sale."""
    text = f"{_items(count)}, {total}: taken out of the basket, and nothing is sold."
    return ConfirmView("End the basket?", text, "Go on selling", "End it")


def close_till(count: int, total: str, waiting: int, *, is_form_changed: bool) -> ConfirmView:
    """Ask whether the till is to be closed, with what stays and what is lost."""
    kept = f"{_items(count)}, {total}: the basket is kept for the next start." if count else ""
    change = "1 change is" if waiting == 1 else f"{waiting} changes are"
    lost = f"{change} not in the database yet and would be lost." if waiting else ""
    typed = "What you filled in is lost." if is_form_changed else ""
    text = "\n".join(filter(None, (kept, lost, typed)))
    return ConfirmView("Close the till?", text, "Stay", "Close till", is_loss=bool(lost or typed))


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
