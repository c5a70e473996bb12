"""What the pages of the manager area show, ready to be painted; see `views` for the till."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.gui.views import TileView, Tone


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
    """The page of settings. Unless `is_known` nothing can be changed.

    `auto_add` is the value of an AutoAdd, `short_stock` that of a ShortStock.

    `labels_trouble`: why labels cannot be read here; `saved_text`: what tells that a change is kept.
    `has_camera`, `has_model`: of this till alone, to be changed at any time; how they are is told.
    """

    auto_add: str = ""
    short_stock: str = ""
    sells_short_over_http: bool = False
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
    has_camera: bool = True
    has_model: bool = True
    camera_text: str = ""
    model_text: str = ""


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
