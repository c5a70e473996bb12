"""The whole till: which screen is open, and what a tap, a key or a seen code means there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import Source
from visionscan_kiosk.domain.checkout import Receipt
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.piece import Page
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui import goods_wording, money_wording, scan_wording, wording
from visionscan_kiosk.gui.flow.accuracy_flow import AccuracyFlow
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.catalogue_flow import CatalogueActions, CatalogueFlow
from visionscan_kiosk.gui.flow.counter_strip import CounterStrip
from visionscan_kiosk.gui.flow.goods_flow import GoodsActions, GoodsFlow
from visionscan_kiosk.gui.flow.lease_watch import LeaseWatch
from visionscan_kiosk.gui.flow.left_behind import MENU_HELD, LeftBehind
from visionscan_kiosk.gui.flow.line_quantity import LineQuantity
from visionscan_kiosk.gui.flow.manager_flow import ManagerFlow
from visionscan_kiosk.gui.flow.naming_flow import NamingFlow
from visionscan_kiosk.gui.flow.new_goods import NewGoods
from visionscan_kiosk.gui.flow.pay_request import PayRequest
from visionscan_kiosk.gui.flow.payment_flow import PaymentFlow
from visionscan_kiosk.gui.flow.picture_flow import PictureFlow
from visionscan_kiosk.gui.flow.ports import Place, Surroundings
from visionscan_kiosk.gui.flow.restock_flow import RestockFlow
from visionscan_kiosk.gui.flow.sale_gate import SaleGate
from visionscan_kiosk.gui.flow.scan_flow import Meaning, ProductMeaning, ScanFlow
from visionscan_kiosk.gui.flow.scene_watch import SceneActions, SceneWatch
from visionscan_kiosk.gui.flow.settings_flow import SettingsFlow
from visionscan_kiosk.gui.flow.sight_flow import SightActions, SightFlow
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.teach_flow import TeachActions, TeachFlow
from visionscan_kiosk.gui.flow.this_till import ThisTill
from visionscan_kiosk.gui.flow.tray_contents import Answers, Note, Question
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.gui.flow.unanswered import NoticingTasks
from visionscan_kiosk.gui.flow.vision_model_flow import VisionModelFlow
from visionscan_kiosk.gui.flow.way_out import WayOut
from visionscan_kiosk.gui.presenters import receipt_view
from visionscan_kiosk.gui.views import MenuView
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.sight import SeenCode

_PAGES = {
    Place.SELLING: Page.SELLING,
    Place.RESTOCK: Page.OTHER,
    Place.FORM: Page.OTHER,
    Place.TEACH: Page.OTHER,
}
"""Pages that use what lies on the counter for themselves; all others only wait."""


class TillFlow:
    """Joins the parts; every public method is something that happened."""

    def __init__(self, around: Surroundings) -> None:
        till = ThisTill(around)
        self.status = Status(around, till)
        noticing = NoticingTasks(around.tasks, around.timers, self._database_is_silent)
        self._around = around = replace(around, tasks=noticing)
        self._place, self._visits = Place.SELLING, 0
        self._line_to_name: UUID | None = None
        self._searched_for: Question | None = None
        self._shown_sale: UUID | None = None
        self._is_menu_open = False
        self.till = till
        self.till.when_changed(self._till_changed)
        self.trays = Trays(
            around, Answers(self._tray_choice, self._search_for, self._question_left, self._question_acted)
        )
        self.basket = BasketFlow(
            around, self.status, self._say, is_watched=self._is_selling, codes_waiting=self._codes_waiting
        )
        self.goods = GoodsFlow(around, self.status, self.trays, self._goods_actions())
        self.basket.listener = self.goods.charges
        self.way_out = WayOut(around, self.basket, self._ended, self._say, self._is_form_changed, self._codes)
        self.lease = LeaseWatch(around, self.status, self.basket)
        self.catalogue = CatalogueFlow(around, self.status, self.trays, self._catalogue_actions())
        self.pay_request = PayRequest(
            around, self.basket, self.goods, self.trays, self.catalogue.look_ups, self._sale_gate(), self._pay
        )
        self.basket.on_overtaken = self.pay_request.forget
        self.scene = SceneWatch(
            around,
            SceneActions(
                self._came_to_rest,
                self._counter_is_empty,
                self._counter_lost,
                on_dark=lambda: self.status.dark(is_dark=True),
                on_light=lambda: self.status.dark(is_dark=False),
            ),
        )
        self.sight = SightFlow(
            around,
            self.status,
            self.trays,
            self.goods,
            SightActions(self.scene.taken, self.basket.add_unnamed, lambda: self.till.preferences.has_model),
        )
        self.quantity = LineQuantity(around.display, around.sounds, self.basket)
        self.payment = PaymentFlow(
            around,
            self.status,
            self._sold,
            self.back_to_selling,
            held_because=lambda: self.basket.held_because,
            put_down=lambda: self.goods.put_down_meanwhile,
            gate=self._sale_gate(),
            undecided=self.pay_request.questions.undecided,
        )
        self.left_behind = LeftBehind(
            around,
            self.status,
            self.basket,
            self._say,
            self._is_selling,
            self._basket_over,
            self._show_menu,
            self._codes,
        )
        self.basket.on_opened = self._basket_opened
        self.picture = PictureFlow(around, self._newest_picture)
        self.manager = ManagerFlow(around, self._go_to, self.back_to_selling, self.picture.open)
        self._new_goods = NewGoods(self.manager, self.goods, self._add_new, self.back_to_selling)
        self.naming = NamingFlow(around, self._go_to, self._say)
        self.settings = SettingsFlow(around, self._go_to, self.till, self.status)
        self.teach = TeachFlow(around, self._go_to, self._teach_actions())
        self.accuracy = AccuracyFlow(around, self._go_to, self.teach.choose)
        self.models = VisionModelFlow(around, self._go_to, lambda: self._place is Place.MODEL)
        self.restock = RestockFlow(around, self._go_to, self.manager.open)
        self.scans = ScanFlow(around, lambda: (self._place, self._visits), *self._scan_meanings())
        self.counter = CounterStrip(around)
        self.status.on_retry = self._try_again
        self.trays.on_first_product = self._new_goods.open_first
        self.status.on_learn_counter = self._learn_counter
        self.status.on_notice = self.left_behind.act

    @property
    def place(self) -> Place:
        """Which screen is open."""
        return self._place

    def start(self) -> None:
        """Open the till with the basket that a crash or a restart left."""
        self._go_to(Place.SELLING)
        self.status.start()
        self.basket.open()
        self.basket.show()
        self.trays.show()
        self.trays.load_often_sold()
        self.catalogue.show()
        self.counter.load()
        self.scene.start()
        self.sight.start()
        if self.till.preferences.has_model:
            self.models.start()
        self.lease.start()
        self.left_behind.start()

    def tile_chosen(self, product_id: UUID) -> None:
        """A tile was tapped, of the grid or of the often sold ones."""
        self._add(product_id)

    def line_chosen(self, item_id: UUID) -> None:
        """A basket line was tapped: one without a name gets one, one whose price changed the new price."""
        item = self.basket.find(item_id)
        if item is not None and item.new_price is not None:
            self.basket.take_price(item_id, item.new_price)
        elif item is not None and not item.is_matched:
            self._line_to_name = item_id
            self.basket.remark(wording.choose_product(item.display_name))
            self._search()

    def catalogue_closed(self) -> None:
        """Back to the picture."""
        self._forget_target()
        self.basket.remark("")
        self.catalogue.close()

    def pay(self) -> None:
        """Go to payment when everything in the basket has a name and no question is open."""
        if self._is_selling():
            self.pay_request.tapped()

    def next_customer(self) -> None:
        """The customer leaves; a new basket opens."""
        if self._place is Place.RECEIPT:
            self.counter.clear()
            self.trays.clear()
            if self._shown_sale is not None:
                self.left_behind.sale_seen(self._shown_sale)
            self.basket.open()
            self.trays.load_often_sold()
            self.back_to_selling()

    def back_to_selling(self) -> None:
        """Show the counter and the basket."""
        self._forget_target()
        self.catalogue.close()
        self._go_to(Place.SELLING)
        self.basket.show()
        self.trays.load_first_products()

    def menu(self) -> None:
        """Open or close the menu."""
        if self._is_menu_open:
            self._close_menu()
        else:
            view = MenuView(wording.MENU_TITLE, actions=self._menu_actions(), endings=self._menu_endings())
            self._show_menu(view)

    def menu_action(self, name: str) -> None:
        """An entry of the menu was tapped; an unknown name only closes it."""
        self._close_menu()
        if name.startswith(MENU_HELD):
            self.left_behind.go_on(UUID(name.removeprefix(MENU_HELD)))
        actions = {
            "manager": self._open_manager,
            "theme": self._switch_theme,
            "end": self.way_out.end_without_sale,
            "held": self.left_behind.list_held,
            "health": self._show_health,
            "counter": self._learn_counter,
            "close": self.way_out.close_till,
        }
        if name in actions:
            actions[name]()

    def escape(self) -> None:
        """Esc: one step back, wherever the person is."""
        if self.way_out.confirmation.is_open:
            self.way_out.confirmation.stay()
            return
        if self.quantity.is_open:
            self.quantity.close()
            return
        if self._is_menu_open:
            self._close_menu()
            return
        backs: dict[Place, Callable[[], None]] = {
            Place.SELLING: self._escape_selling,
            Place.PAYMENT: self.payment.cancel,
            Place.PRODUCTS: self.manager.close,
            Place.FORM: lambda: self.way_out.leave_form(self.manager.leave_form),
            Place.NAMES: self.manager.close,
            Place.ACCURACY: self.manager.close,
            Place.SETTINGS: self.manager.close,
            Place.TEACH: lambda: self.way_out.leave_form(self._leave_teaching),
            Place.MODEL: self.manager.close,
            Place.RESTOCK: lambda: self.way_out.leave_form(self.restock.close),
        }
        if self._place in backs:
            backs[self._place]()

    def enter(self) -> None:
        """Enter outside a field: the primary button of the screen."""
        primary = {
            Place.SELLING: self._sell,
            Place.PAYMENT: self.payment.enter,
            Place.RECEIPT: self.next_customer,
            Place.RESTOCK: self.restock.confirm,
        }
        if self._place in primary and not self._is_menu_open:
            primary[self._place]()

    def _sell(self) -> None:
        """An open offer is the next step; without one it is payment."""
        if self.trays.is_offering:
            self.trays.act()
        else:
            self.pay()

    def search(self) -> None:
        """F2: into the search field."""
        if self._place is Place.SELLING:
            self.pay_request.forget()
            self._around.display.focus_search()

    def counter_toggled(self, sku: str) -> None:
        """A pack of the demo's strip was tapped."""
        try:
            self.counter.toggle(sku)
        except InvalidInput as error:
            self._say(str(error))

    def frame_arrived(self, frame: Frame) -> None:
        """The camera has a new picture."""
        self.sight.frame_arrived(frame)
        self.scene.frame_arrived(frame)

    def outline_tapped(self, piece: int) -> None:
        """The outline of something on the counter was tapped."""
        if self._place is Place.SELLING:
            self.goods.tapped(piece)

    @property
    def may_pay(self) -> bool:
        """Whether Pay goes on without a question."""
        return self.pay_request.may_go_on

    def _is_selling(self) -> bool:
        return self._place is Place.SELLING

    @property
    def _is_naming(self) -> bool:
        """Whether the form waits for the name of a product that is about to be taught."""
        return self._place is Place.FORM and self.manager.takes_name

    def _database_is_silent(self, is_silent: bool) -> None:  # noqa: FBT001 # the watcher's only word
        """The banner is on the selling screen alone; elsewhere nobody should have to guess either."""
        self.status.database_is_silent(is_silent)
        if is_silent and not self._is_selling():
            self._around.display.announce(wording.DATABASE_SILENT)

    def something_failed(self) -> None:
        """An error that nobody foresaw; it is in the log."""
        self.status.unexpected()

    def _go_to(self, place: Place) -> None:
        if place is not self._place:
            self._close_what_is_in_front()
        was_selling, self._place = self._place is Place.SELLING, place
        self._visits += 1
        self._around.display.announce("")
        self.quantity.close()
        self.pay_request.forget()
        self.sight.show(is_shown=place is Place.SELLING)
        self.goods.page(_PAGES.get(place, Page.WAITS))
        if place is Place.SELLING and not was_selling:
            self.scene.look_again()
        self._around.display.go_to(place)

    def _close_what_is_in_front(self) -> None:
        """A question or menu of one page means nothing on the next one."""
        if self.way_out.confirmation.is_open:
            self.way_out.confirmation.stay()
        if self._is_menu_open:
            self._close_menu()

    def _new_product(self, code: str, source: Source) -> None:
        self._new_goods.open(code, source)

    def _new_product_seen(self, code: str, piece: int | None) -> None:
        self._new_goods.open(code, Source.SCANNED, piece)

    def _add_new(self, product_id: UUID, source: Source) -> None:
        self.basket.add_product(product_id, source=source)

    def _tray_choice(self, product_id: UUID, question: Question | None) -> None:
        if question is None or self._line_to_name is not None:
            self._add(product_id)
        elif question.thing is not None or question.piece is not None:
            self.goods.answer(question, product_id)
            if question.piece is None:
                self.naming.answered(question.detected_name, product_id)
        else:
            self.basket.add_product(
                product_id,
                question.quantity,
                seen_as=question.detected_name,
                confidence=question.confidence,
            )
            self.naming.answered(question.detected_name, product_id)

    def _add(self, product_id: UUID, source: Source = Source.TAPPED) -> None:
        if not self._gave_to_target(product_id):
            self.basket.add_product(product_id, source=source)

    def _add_looked_up(self, product_id: UUID, source: Source) -> None:
        if not self._gave_to_target(product_id):
            self.basket.add_looked_up(product_id, source)

    def _gave_to_target(self, product_id: UUID) -> bool:
        """Give the product to the line or question that waits for one; return whether any did."""
        line, question = self._line_to_name, self._searched_for
        self._forget_target()
        item = self.basket.find(line) if line is not None else None
        if item is not None:
            self.basket.assign(item.id, product_id)
            self.naming.answered(item.detected_name, product_id)
        elif question is not None:
            self._tray_choice(product_id, question)
        else:
            return False
        self.catalogue.close()
        return True

    def _forget_target(self) -> None:
        self._line_to_name = self._searched_for = None

    def _catalogue_actions(self) -> CatalogueActions:
        return CatalogueActions(
            self._forget_pay,
            self._add_looked_up,
            self._new_product,
            self._looks_up,
            self._looked_up,
            self._look_up_ended,
            self._code_refused,
            self._begin_next,
        )

    def _looks_up(self, code: str) -> None:
        self.goods.charges.seeks(code)
        self._tell_waiting()

    def _looked_up(self, code: str) -> None:
        self.goods.charges.found(code)

    def _look_up_ended(self) -> None:
        self._tell_waiting()
        self.pay_request.looked_up()

    def _tell_waiting(self) -> None:
        waiting = self._codes_waiting()
        if waiting and self._place is Place.RECEIPT:
            self._around.display.announce(scan_wording.codes_wait(waiting))
        self.basket.codes_counted()

    def _codes_waiting(self) -> int:
        return self.catalogue.look_ups.waiting

    def _forget_pay(self) -> None:
        self.pay_request.forget()

    def _codes(self) -> int:
        return self.catalogue.look_ups.pending

    def _code_refused(self) -> None:
        """What was to get a name is not looked for any more, unless the grid still shows that it is."""
        self.pay_request.forget()
        if not self.catalogue.is_open:
            self._forget_target()

    def _basket_opened(self) -> None:
        self._forget_target()
        self.left_behind.look_around()

    def key_quantity(self, item_id: UUID) -> None:
        """The number of a line was tapped."""
        self.pay_request.forget()
        self.quantity.open(item_id)

    def _scan_meanings(self) -> tuple[Mapping[Place, Meaning], Mapping[Place, ProductMeaning]]:
        """What a code from a hand scanner means on each page; others take none."""
        return (
            {
                Place.SELLING: self._scan_sells,
                Place.RECEIPT: self._scan_sells,
                Place.PAYMENT: scan_wording.not_while_paying,
            },
            {
                Place.FORM: self.manager.scanned,
                Place.RESTOCK: self.restock.scanned,
                Place.TEACH: self.teach.scanned,
                Place.PRODUCTS: self.manager.scanned_in_list,
            },
        )

    def scanned(self, code: str) -> None:
        """A hand scanner read a code, wherever the cursor is; an open menu gives way."""
        if self._is_menu_open:
            self._close_menu()
        if not code:
            self.scans.refuse(scan_wording.nothing_readable())
        elif self.way_out.confirmation.is_open or self.quantity.is_open or self.picture.is_open:
            self.scans.refuse(scan_wording.dialog_in_front(code))
        else:
            self.scans.heard(code)

    def _scan_sells(self, code: str) -> str:
        self.pay_request.forget()
        self.catalogue.scanned(code)
        return ""

    def _begin_next(self, code: str, is_known: bool) -> bool:  # noqa: FBT001 # the catalogue's question
        """The next customer's goods may come before Next is tapped; a misread leaves the receipt open."""
        if self._place is Place.RECEIPT and not is_known:
            self.scans.refuse(scan_wording.unknown_on_receipt(code))
            return False
        self.next_customer()
        return True

    def _goods_actions(self) -> GoodsActions:
        return GoodsActions(
            add=self.basket.add_seen,
            exchange=self.basket.exchange,
            take_back=self.basket.take_back_piece,
            changed=self._goods_changed,
            session_id=self._session_id,
            code_found=self._code_found,
            new_product=self._new_product_seen,
        )

    def _code_found(self, seen: SeenCode) -> None:
        """A code was put before the camera while a page is open that uses it."""
        if self._place is Place.RESTOCK and seen.product is not None:
            self.restock.choose(seen.product.id)
        elif self._place is Place.FORM:
            self.manager.code_read(seen.sighting.text)
        elif self._place is Place.TEACH:
            self.teach.code_read(seen.sighting.text, seen.product)

    def _sale_gate(self) -> SaleGate:
        return SaleGate(self._around, self.status, lambda: self.basket.held_because)

    def _sold(self, receipt: Receipt) -> None:
        self._shown_sale = receipt.session_id
        self.goods.ended(is_sold=True)
        self._go_to(Place.RECEIPT)
        zone = self._around.clock.zone()
        self._around.display.show_receipt(receipt_view(receipt, self._around.profile, zone))

    def _pay(self, basket: Basket) -> None:
        self.sight.stop_looking()
        self._go_to(Place.PAYMENT)
        self.payment.open(basket)

    def _say(self, sentence: str) -> None:
        self.trays.say(Note(sentence))

    def _search(self) -> None:
        self.catalogue.open()
        self._around.display.focus_search()

    def _search_for(self, question: Question | None) -> None:
        self._search()
        self._searched_for = question

    def _question_left(self, question: Question) -> None:
        self._forget_target()
        self.goods.leave(question)

    def _goods_changed(self) -> None:
        self.sight.show_outlines()
        self.pay_request.goods_changed()
        self.payment.goods_changed()

    def _question_acted(self, question: Question) -> None:
        self.goods.act(question)

    def _session_id(self) -> UUID | None:
        return self.basket.basket.session.id if self.basket.basket is not None else None

    def _came_to_rest(self, stills: tuple[Frame, ...]) -> None:
        if self._place is Place.TEACH:
            self.teach.came_to_rest(stills[-1].image)
        elif self._is_naming:
            self.teach.guess_name(stills[-1].image)
        else:
            self.goods.look(stills)

    def _newest_picture(self) -> Image | None:
        return self.sight.newest_picture

    def _teach_actions(self) -> TeachActions:
        return TeachActions(self._newest_picture, self._new_taught, self.manager.guess_name)

    def _new_taught(self, after: Callable[[Product], None]) -> None:
        self.manager.new_product(after_save=after, is_for_teaching=True)

    def _leave_teaching(self) -> None:
        """One step back: from the pictures to the choice, from there to selling."""
        if self.teach.product is not None:
            self.teach.open()
        else:
            self.manager.close()

    def _counter_is_empty(self, image: Image) -> None:
        self.scene.follow_empty_counter(image)

    def _counter_lost(self) -> None:
        self.goods.counter_lost()
        self.trays.say(
            Note(
                goods_wording.COUNTER_LOST,
                detail=goods_wording.COUNTER_LOST_WHY,
                action_text=goods_wording.COUNTER_IS_EMPTY,
                action=self._learn_counter,
            )
        )

    def _learn_counter(self) -> None:
        image = self.sight.newest_picture
        if image is None:
            self._say(wording.NO_PICTURE)
        else:
            self.goods.learn_counter(lambda: self.scene.learn_empty_counter(image))

    def _open_manager(self) -> None:
        if self._place in {Place.SELLING, Place.RECEIPT}:
            if self._place is Place.RECEIPT:
                self.next_customer()
            self.sight.stop_looking()
            self.manager.open()

    def _escape_selling(self) -> None:
        if self.catalogue.is_open:
            self.catalogue_closed()
        else:
            self.trays.skip()

    def _try_again(self) -> None:
        self.basket.try_again()
        self.catalogue.try_again()
        self.payment.try_again()

    def _menu_actions(self) -> tuple[tuple[str, str], ...]:
        theme = wording.MENU_LIGHT if self.till.theme == "dark" else wording.MENU_DARK
        selling = (
            ("manager", wording.MENU_MANAGER),
            ("held", money_wording.HELD_TITLE),
            ("counter", wording.MENU_COUNTER),
        )
        return (
            *(selling if self._is_selling() else ()),
            ("theme", theme),
            ("health", wording.MENU_HEALTH),
        )

    def _menu_endings(self) -> tuple[tuple[str, str], ...]:
        """They stand apart: beside the others one of them is tapped by mistake."""
        end = (("end", wording.MENU_END),) if self._is_selling() else ()
        return (*end, ("close", wording.MENU_CLOSE))

    def _is_form_changed(self) -> bool:
        if self._place is Place.FORM:
            return self.manager.is_changed
        if self._place is Place.RESTOCK:
            return self.restock.is_changed
        return self._place is Place.TEACH and self.teach.is_changed

    def _show_menu(self, view: MenuView) -> None:
        self.pay_request.forget()
        self._is_menu_open = True
        self._around.display.show_menu(view)

    def _close_menu(self) -> None:
        self._is_menu_open = False
        self._around.display.show_menu(None)

    def _switch_theme(self) -> None:
        self.till.change(theme="light" if self.till.theme == "dark" else "dark")
        self._around.display.set_theme(self.till.theme)

    def _till_changed(self) -> None:
        self._around.use_camera(self.till.preferences.has_camera)
        self.sight.show_look()

    def _show_health(self) -> None:
        self.status.check_model()
        self._show_menu(MenuView(wording.HEALTH_TITLE, self.status.report(), (("done", wording.CLOSE),)))

    def _ended(self) -> None:
        self._basket_over()
        self._say(wording.ENDED)
        self.basket.open()

    def _basket_over(self) -> None:
        """What belonged to the basket is not asked any more."""
        self.sight.stop_looking()
        self.trays.clear()
        self.pay_request.forget()
        self.goods.ended(is_sold=False)
        self._forget_target()
