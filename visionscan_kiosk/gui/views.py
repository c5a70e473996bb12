"""What the screens show: frozen values, already worded and formatted. No widget, no service, no Qt.

The flow builds them, a passive screen's `show(view)` paints them, and the screen's signals tell the flow
what the person did.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from visionscan_kiosk.domain.detection import Box


class LineSource(StrEnum):
    """How a line came into the basket; chooses its small icon."""

    BARCODE = "barcode"
    TYPED = "typed"
    SEEN = "seen"
    TAPPED = "tapped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LineView:
    """A basket line. `product_id` is None while nobody has said which product it is.

    `notice`: what has to be known of it, before `detail`; `choice`: what a tap on it does, empty where it
    does nothing.
    """

    item_id: UUID
    product_id: UUID | None
    category: str
    name: str
    detail: str
    source: LineSource
    quantity: int
    total_text: str
    is_new: bool = False
    notice: str = ""
    choice: str = ""

    @property
    def below_name(self) -> str:
        """What stands under the name."""
        return " · ".join(filter(None, (self.notice, self.detail)))


@dataclass(frozen=True, slots=True)
class UndoView:
    """The one undo that is offered: how long it lives in all, and how long still, in milliseconds.

    Without `left_ms` it was offered just now.
    """

    text: str
    duration_ms: int = 5000
    left_ms: int | None = None


@dataclass(frozen=True, slots=True)
class BasketView:
    """The basket column. `hint` is the one line under the total ("One product has no name yet")."""

    lines: tuple[LineView, ...] = ()
    item_count: int = 0
    total_text: str = ""
    hint: str = ""
    can_pay: bool = False
    undo: UndoView | None = None


@dataclass(frozen=True, slots=True)
class TileView:
    """A product tile. `bars` (1..3) and `likeness` are set on suggestions, `key` on the first nine."""

    product_id: UUID
    sku: str
    name: str
    category: str
    price_text: str
    badge: str = ""
    key: str = ""
    bars: int = 0
    likeness: str = ""


@dataclass(frozen=True, slots=True)
class QuantityView:
    """How many pieces a line is to have, as they are keyed. `amount_text`: what so many cost."""

    name: str
    quantity_text: str
    amount_text: str
    confirm_text: str
    message: str = ""
    takes_out: bool = False


class TrayKind(StrEnum):
    """What the tray under the picture is for; chooses its colours."""

    OFTEN_SOLD = "often_sold"
    ASK = "ask"
    SURE = "sure"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TrayView:
    """The tray under the picture: a question, an offer, the often sold products, or one sentence.

    `takes_out`: its button takes something out of the basket.
    """

    kind: TrayKind
    title: str
    detail: str = ""
    tiles: tuple[TileView, ...] = ()
    add_all_text: str = ""
    skip_text: str = ""
    can_search: bool = False
    can_skip: bool = False
    takes_out: bool = False


class OutlineKind(StrEnum):
    """What an outlined piece is to the basket. SURE: it is a line; LEFT: not charged on purpose."""

    SURE = "sure"
    ASK = "ask"
    LEFT = "left"
    SOLD = "sold"


@dataclass(frozen=True, slots=True)
class OutlineView:
    """A box in picture pixels with a label over it; `piece`: what a tap on it is about.

    `is_in_question`: of several that are asked about, the one that the tray shows.
    """

    box: Box
    kind: OutlineKind
    label: str
    piece: int = 0
    is_in_question: bool = False


class Tone(StrEnum):
    """How much a banner or a chip matters."""

    FINE = "fine"
    ASK = "ask"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class BannerView:
    """What happened and what still works, with at most two actions as (name, text)."""

    tone: Tone
    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChipView:
    """A status chip of the top bar: `camera`, `model` or `database`."""

    name: str
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class TopBarView:
    """The top bar."""

    shop_name: str
    till_name: str
    chips: tuple[ChipView, ...]
    clock_text: str


@dataclass(frozen=True, slots=True)
class LookView:
    """The button on the picture: `is_busy` while the model is asked, then it cancels.

    `is_offered`: whether there is a model at all.
    """

    text: str
    is_busy: bool = False
    is_enabled: bool = True
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class CounterPackView:
    """A pack of the demo's strip and whether it lies on the counter."""

    sku: str
    name: str
    product_id: UUID
    category: str
    is_on_counter: bool


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """The product grid or the search results beside the picture."""

    is_open: bool = False
    query: str = ""
    categories: tuple[str, ...] = ()
    category: str = ""
    tiles: tuple[TileView, ...] = ()
    empty_text: str = ""


@dataclass(frozen=True, slots=True)
class PayView:
    """What is to be paid and what was keyed; `change_text` and `missing_text` exclude each other.

    `card_text`, `card_then`: what to do on the card machine. `needs_tap`: no key confirms it.
    """

    total_text: str
    method: str
    given_text: str
    quick_amounts: tuple[tuple[str, str], ...]
    change_text: str = ""
    missing_text: str = ""
    can_confirm: bool = False
    confirm_text: str = ""
    trouble: str = ""
    is_busy: bool = False
    card_text: str = ""
    card_then: str = ""
    needs_tap: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The done screen: the big sentence, what to give back, the paper text."""

    title: str
    give_back_text: str
    total_text: str
    paid_text: str
    receipt_text: str
    number_text: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """Something the till could remember, and how long the offer lives in milliseconds."""

    text: str
    action_text: str
    duration_ms: int = 8000


@dataclass(frozen=True, slots=True)
class MenuView:
    """The till's menu or a page of it: what can be done as (name, text), and one text above.

    `endings`: what ends something, apart from the others.
    """

    title: str
    text: str = ""
    actions: tuple[tuple[str, str], ...] = ()
    endings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """A question before something that no undo brings back. `is_loss`: something is lost, not only final."""

    title: str
    text: str
    stay_text: str
    go_text: str
    is_loss: bool = True
