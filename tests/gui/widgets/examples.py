"""Views as the flow would build them: a shop of a few products, one of them with a very long name."""

from uuid import NAMESPACE_OID, UUID, uuid5

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.gui.views import (
    BasketView,
    ChipView,
    CounterPackView,
    LineSource,
    LineView,
    OutlineKind,
    OutlineView,
    TileView,
    Tone,
    TopBarView,
    TrayKind,
    TrayView,
    UndoView,
)

LONG_NAME = "Mediterranean olive oil, glass bottle 0.75 l"
NAMES = (
    "Red Apple",
    "Whole Milk 1 l",
    "Unsalted Butter 250 g",
    LONG_NAME,
    "Vine Tomatoes 500 g",
    "Sourdough Loaf",
)
LIKENESS = ((3, "Best match"), (2, "Close"), (1, "Possible"))


def identity(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def tile(name: str, *, key: int = 0, badge: str = "") -> TileView:
    bars, likeness = LIKENESS[key - 1] if key else (0, "")
    sku = name.partition(" ")[0].upper()
    return TileView(
        identity(name), sku, name, "Dairy & eggs", "2.89", badge, str(key) if key else "", bars, likeness
    )


def line(name: str, quantity: int = 1, *, number: int = 0, is_new: bool = False) -> LineView:
    return LineView(
        item_id=identity(f"line {number} {name}"),
        product_id=identity(name),
        category="Dairy & eggs",
        name=name,
        detail="2.89 each",
        source=LineSource.BARCODE,
        quantity=quantity,
        total_text="1,234.50" if name == LONG_NAME else "2.89",
        is_new=is_new,
    )


def unnamed_line() -> LineView:
    item = identity("unnamed")
    return LineView(
        item, None, "", "Household sponge", "No name yet: tap to choose", LineSource.UNKNOWN, 1, "0.00"
    )


def basket(count: int = 5, *, undo: UndoView | None = None) -> BasketView:
    lines = tuple(
        line(NAMES[place % len(NAMES)], 1 + place % 3, number=place, is_new=place == count - 1)
        for place in range(count)
    )
    return BasketView(lines, count, "€1,246.06", can_pay=bool(count), undo=undo)


def question() -> TrayView:
    tiles = tuple(tile(name, key=place + 1) for place, name in enumerate(NAMES[1:4]))
    return TrayView(
        TrayKind.ASK, "Which one is it?", "1 of 2 to check", tiles, can_search=True, can_skip=True
    )


def often_sold() -> TrayView:
    tiles = tuple(
        tile(NAMES[place % len(NAMES)], badge="2 left" if place == 1 else "") for place in range(12)
    )
    return TrayView(TrayKind.OFTEN_SOLD, "Often sold", tiles=tiles)


def note() -> TrayView:
    return TrayView(
        TrayKind.NOTE,
        "Not known yet. Search it, or keep it without a name.",
        "Seen as: household cleaning sponge",
        add_all_text="Keep without a name",
        can_search=True,
        can_skip=True,
    )


def top_bar(*, in_trouble: bool = False) -> TopBarView:
    tone = Tone.STOP if in_trouble else Tone.FINE
    chips = (
        ChipView("camera", tone, "No camera" if in_trouble else "Camera"),
        ChipView("model", Tone.ASK if in_trouble else Tone.FINE, "No model" if in_trouble else "Model"),
        ChipView("database", tone, "No database" if in_trouble else "Database"),
    )
    return TopBarView("Corner Greens", "Till 1", chips, "14:32")


def outlines() -> tuple[OutlineView, ...]:
    return (
        OutlineView(Box(40, 60, 120, 160), OutlineKind.SURE, "Red Apple"),
        OutlineView(Box(180, 60, 200, 120), OutlineKind.ASK, "Which one is it?"),
        OutlineView(Box(420, 0, 200, 360), OutlineKind.LEFT, LONG_NAME),
    )


def packs() -> tuple[CounterPackView, ...]:
    return tuple(
        CounterPackView(f"SKU{place}", name, identity(name), "Dairy & eggs", place == 1)
        for place, name in enumerate(NAMES)
    )
