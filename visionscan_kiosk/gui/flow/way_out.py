"""Ways out that lose something ask once: ending the basket, closing the till, leaving what was filled in."""

from __future__ import annotations

from collections.abc import Callable

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.scan_session import ScanSession
from visionscan_kiosk.gui import leaving_wording as wording
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.confirmation import Confirmation
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings
from visionscan_kiosk.gui.presenters import money


class WayOut:
    """`ended` is called when the basket was closed without a sale, `say` tells why it was not.

    `is_form_changed`: whether the page that is open holds something that is not saved. `codes`: how many
    that were entered are still looked up; they belong to this basket.
    """

    def __init__(
        self,
        around: Surroundings,
        basket: BasketFlow,
        ended: Callable[[], None],
        say: Callable[[str], None],
        is_form_changed: Callable[[], bool],
        codes: Callable[[], int],
    ) -> None:
        self._around = around
        self._basket = basket
        self._ended = ended
        self._say = say
        self._is_form_changed = is_form_changed
        self._codes = codes
        self.confirmation = Confirmation(around.display)

    def leave_form(self, action: Callable[[], None]) -> None:
        """Go on to this, after asking where it would lose what was filled in."""
        if self._is_form_changed():
            self.confirmation.ask(wording.LEAVE_FORM, action)
        else:
            action()

    def end_without_sale(self) -> None:
        """Close the basket without a sale; one with lines is asked about."""
        if self._basket.basket is None or not self._is_settled():
            self._around.sounds.play(Sound.REFUSED)
            self._say(wording.NOT_SETTLED)
        elif self._basket.basket.items:
            content = self._content()
            self.confirmation.ask(wording.end_basket(*content), lambda: self._end_as_told(content))
        else:
            self._end()

    def close_till(self) -> None:
        """End the program; lines, and what is not saved, are told before."""
        count, total = self._content()
        close = self._around.display.close_till
        waiting = self._basket.waiting + self._codes()
        if count or waiting or self._is_form_changed():
            view = wording.close_till(count, total, waiting, is_form_changed=self._is_form_changed())
            self.confirmation.ask(view, close)
        else:
            close()

    def _is_settled(self) -> bool:
        return self._basket.is_settled and not self._codes()

    def _content(self) -> tuple[int, str]:
        """How many pieces the basket has, and what they cost."""
        basket = self._basket.basket
        if basket is None:
            return 0, ""
        return basket.item_count, money(self._around.profile.currency_sign, basket.total)

    def _end_as_told(self, content: tuple[int, str]) -> None:
        """The camera may have added something while the person read the question."""
        if self._content() == content:
            self._end()
        else:
            self.end_without_sale()

    def _end(self) -> None:
        basket = self._basket.basket
        if basket is None or not self._is_settled():
            self._say(wording.NOT_SETTLED)
            return
        sessions, session_id = self._around.services.sessions, basket.session.id
        self._around.tasks.run(
            Lane.DATABASE, lambda: sessions.end_session(session_id), self._is_ended, self._not_ended
        )

    def _is_ended(self, session: ScanSession) -> None:
        del session
        self._ended()

    def _not_ended(self, error: KioskError) -> None:
        self._say(str(error))
        self._basket.read_again()
