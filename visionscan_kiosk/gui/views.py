"""What the screens show: frozen values, already worded and formatted. No widget, no service, no Qt.

The flow builds them, a passive screen's `show(view)` paints them, and the screen's signals tell the flow
what the person did.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.detection import Box


class LineSource(StrEnum):
    """How a line came into the basket; chooses its small icon."""

    BARCODE = "barcode"
    SEEN = "seen"
    TAPPED = "tapped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LineView:
    """A basket line. `product_id` is None while nobody has said which product it is."""

    item_id: UUID
    product_id: UUID | None
    category: str
    name: str
    detail: str
    source: LineSource
    quantity: int
    total_text: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class UndoView:
    """The one undo that is offered, and how long it still lives in milliseconds."""

    text: str
    duration_ms: int = 5000


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


class TrayKind(StrEnum):
    """What the tray under the picture is for; chooses its colours."""

    OFTEN_SOLD = "often_sold"
    ASK = "ask"
    SURE = "sure"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TrayView:
    """The tray under the picture: a question, an offer, the often sold products, or one sentence."""

    kind: TrayKind
    title: str
    detail: str = ""
    tiles: tuple[TileView, ...] = ()
    add_all_text: str = ""
    skip_text: str = ""
    can_search: bool = False
    can_skip: bool = False


class OutlineKind(StrEnum):
    """How sure the till is of what it outlines."""

    SURE = "sure"
    ASK = "ask"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class OutlineView:
    """A box in picture pixels with a label over it."""

    box: Box
    kind: OutlineKind
    label: str


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
    """The button on the picture: `is_busy` while the model is asked, then it cancels."""

    text: str
    is_busy: bool = False
    is_enabled: bool = True


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
    """What is to be paid and what was keyed; `change_text` and `missing_text` exclude each other."""

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
class ProductRowView:
    """A row of the manager's product list."""

    product_id: UUID
    sku: str
    name: str
    category: str
    price_text: str
    stock_text: str
    is_low: bool


@dataclass(frozen=True, slots=True)
class ProductFormView:
    """The product form: field texts as typed and one message per wrong field.

    `adds_when_sure`: whether the camera may add it without a tap, None while that is not known. `guesses`:
    fields whose text nobody typed, and where it comes from.
    """

    product_id: UUID | None
    fields: tuple[tuple[str, str], ...]
    messages: tuple[tuple[str, str], ...] = ()
    trouble: str = ""
    adds_when_sure: bool | None = None
    adds_when_sure_text: str = ""
    guesses: tuple[tuple[str, str], ...] = ()
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class MovementRowView:
    """A row of the last movements."""

    when_text: str
    change_text: str
    reason_text: str


@dataclass(frozen=True, slots=True)
class RestockView:
    """The restock dialog: the product found, what was keyed, before and after."""

    tile: TileView | None
    quantity_text: str = ""
    before_text: str = ""
    after_text: str = ""
    note: str = ""
    movements: tuple[MovementRowView, ...] = ()
    results: tuple[TileView, ...] = ()
    trouble: str = ""
    can_confirm: bool = False
    confirm_text: str = "Add to stock"


@dataclass(frozen=True, slots=True)
class ProductListView:
    """The manager's product list. `message` is one line of news ("Saved: Oat milk 1 l") or empty."""

    query: str = ""
    rows: tuple[ProductRowView, ...] = ()
    count_text: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class OfferView:
    """Something the till could remember, and how long the offer lives in milliseconds."""

    text: str
    action_text: str
    duration_ms: int = 8000


@dataclass(frozen=True, slots=True)
class LearnedNameView:
    """A name that the till learned from cashiers, and the product it stands for."""

    product_id: UUID
    alias: str
    product_name: str


@dataclass(frozen=True, slots=True)
class ConfusedNamesView:
    """Two products that a name would confuse; `product_id` is the one that the advice is about."""

    product_id: UUID
    names: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class NamesView:
    """The manager's page of names. `message` is one line of news, `trouble` what went wrong."""

    learned: tuple[LearnedNameView, ...] = ()
    confused: tuple[ConfusedNamesView, ...] = ()
    message: str = ""
    trouble: str = ""
    is_loading: bool = False


@dataclass(frozen=True, slots=True)
class ModelRowView:
    """A vision model on the server. `trouble`: why it cannot be used; empty when it can."""

    name: str
    detail: str
    trouble: str = ""
    is_chosen: bool = False
    is_loaded: bool = False


@dataclass(frozen=True, slots=True)
class TrialRowView:
    """One measure of a trial: the vision model's figure and the taught recogniser's."""

    title: str
    model_text: str
    taught_text: str


@dataclass(frozen=True, slots=True)
class TrialView:
    """A trial of a model that runs or is over: `done` of `planned` pictures, both 0 before it is known."""

    name: str
    title: str
    progress_text: str
    done: int
    planned: int
    rows: tuple[TrialRowView, ...] = ()
    is_over: bool = False
    can_use: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class VisionModelView:
    """The manager's page of vision models. `away_title`: what stands there instead of models.

    `message` is one line of news, `trouble` what went wrong, `warning` what is wrong. `is_busy`: a model is
    being loaded or tried.
    """

    rows: tuple[ModelRowView, ...] = ()
    server_text: str = ""
    state_text: str = ""
    state_tone: Tone = Tone.FINE
    message: str = ""
    trouble: str = ""
    warning: str = ""
    away_title: str = ""
    away_text: str = ""
    trial: TrialView | None = None
    is_loading: bool = False
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class TaughtRowView:
    """A product that the till knows by its looks. `detail`: how many pictures it has."""

    product_id: UUID
    name: str
    category: str
    detail: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The page of settings. `auto_add` is the value of an AutoAdd; unless `is_known` nothing can be changed.

    `labels_trouble`: why labels cannot be read here; `saved_text`: what tells that a change is kept.
    """

    auto_add: str = ""
    marked_text: str = ""
    add_from_text: str = ""
    add_from_detail: str = ""
    can_ask_less: bool = False
    can_ask_more: bool = False
    asks_about_wrong_items: bool = False
    wrong_items_text: str = ""
    reads_labels: bool = False
    labels_trouble: str = ""
    pictures_text: str = ""
    saved_text: str = ""
    trouble: str = ""
    is_known: bool = False


class ShownPictureState(StrEnum):
    """What became of a picture that was taken of a product."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, eq=False)
class ShownPictureView:
    """A picture that was just taken: `pixels` are height x width x 3, BGR."""

    pixels: NDArray[np.uint8]
    state: ShownPictureState


@dataclass(frozen=True, slots=True)
class TaughtPhotoView:
    """A picture that is kept of a product, and how the shop came by it."""

    photo_id: UUID
    source_text: str


@dataclass(frozen=True, slots=True)
class PictureChoiceView:
    """The choice of a product's picture: its taught photos; camera and files are always there."""

    product_id: UUID
    name: str
    category: str
    photos: tuple[TaughtPhotoView, ...] = ()
    trouble: str = ""
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class TeachView:
    """The page of teaching: without a product the choice of one, else what was taken of it so far."""

    product: TileView | None
    query: str = ""
    results: tuple[TileView, ...] = ()
    taught: tuple[TaughtRowView, ...] = ()
    count_text: str = ""
    hint: str = ""
    shown: tuple[ShownPictureView, ...] = ()
    photos: tuple[TaughtPhotoView, ...] = ()
    message: str = ""
    trouble: str = ""
    looks_like: str = ""
    can_take: bool = False
    can_finish: bool = False
    is_done: bool = False
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class MenuView:
    """The till's menu or a page of it: what can be done as (name, text), and one text above."""

    title: str
    text: str = ""
    actions: tuple[tuple[str, str], ...] = ()
