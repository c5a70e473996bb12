"""The sentences of the till, in one place. Plain, present tense; the product first, then the way out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

OFTEN_SOLD = "Often sold"
WHICH_ONE = "Which one is it?"
UNKNOWN_BARCODE = "No product has this barcode. Search, or add it."
ADD_PRODUCT = "Add product"
EMPTY_SHOP = "This shop has no products yet."
EMPTY_SHOP_WAYS = (
    "Add the first one here. Many at once: kiosk products import products.csv. "
    "To try the till with a sample shop: kiosk demo."
)
BAD_BARCODE = "This barcode is not complete. Scan again."
NOT_KNOWN = "Not known yet. Search it, or keep it without a name."
KEEP_UNNAMED = "Keep without a name"
NOTHING_SEEN = "Nothing found in the picture. Turn the goods, or search."
READ_FROM_LABEL = "Read from the label. Check it, or type over it."
NO_PICTURE = "There is no picture yet. Tap, type or scan instead."
MODEL_AWAY = "The model is not answering. Barcodes, search and tiles still work."
OPEN_QUESTION = "One product is not checked yet. Answer the question first."
CLOSED_ELSEWHERE = "This basket was closed elsewhere. A new one is open."
ENDED = "The basket was closed without a sale."

MENU_TITLE = "Till"
HEALTH_TITLE = "Health"
MENU_MANAGER = "Manager"
MENU_DARK = "Dark theme"
MENU_LIGHT = "Light theme"
MENU_END = "End without sale"
MENU_HEALTH = "Health"
MENU_COUNTER = "The counter is empty: learn it"
MENU_CLOSE = "Close till"

LOOK = "Look"
CANCEL_LOOK = "Cancel"
LOOKING = "Looking"

TOO_SMALL_TITLE = "This screen is too small for the till."
DATABASE_AWAY_TITLE = "The database is not answering."
DATABASE_AWAY_TEXT = "Nothing is lost. What you do waits here; trying again by itself."
TRY_AGAIN = "Try again"
CAMERA_LOST_TITLE = "The camera is not connected."
TRYING_NOW = "Trying again now."
CAMERA_BACK = "Camera is back."
NO_CAMERA = "This till has no camera. Scan, type or tap."
NO_CAMERA_HERE = "No camera here"
NOT_HERE = "this till has none"
PICTURE_DARK_TITLE = "The camera sees nothing."
PICTURE_DARK_TEXT = "Is something before its lens, or the light off? Scan, type or tap meanwhile."
THIS_TILL_TITLE = "This till"
HAS_CAMERA = "It has a camera"
HAS_CAMERA_DETAIL = "Without one it sells by scanner, search and tiles, and says nothing more about it."
HAS_MODEL = "It asks a vision model"
HAS_MODEL_DETAIL = "For things without a barcode that nobody taught. Without one, “Look” is not offered."
SAVED_HERE = "Saved for this till"
UNEXPECTED = "Something went wrong in the till. The basket is safe; go on selling."
CLOSE = "Close"

WRONG_ITEM_DETAIL = "Keep it when the code is right. This goes by itself."
KEEP = "Keep"

REMEMBER = "Remember"
ADDING_TITLE = "What the camera may add"
AUTO_ADD_TITLES = {"off": "Nothing", "chosen": "Only marked products", "likely": "All it is sure of"}
AUTO_ADD_DETAILS = {
    "off": "What the camera recognises is one tap. Barcodes still add by themselves.",
    "chosen": "Those with “Add without asking” in their form.",
    "likely": "What it is sure enough of becomes a line at once. Undo it within 5 seconds.",
}
QUESTIONS_TITLE = "Questions"
ASK_WRONG_ITEMS = "Ask when a code may be on the wrong thing"
ASK_WRONG_ITEMS_DETAIL = "When the camera is sure of another product, a note asks. Nobody has to answer."
LABELS_TITLE = "Reading labels"
READ_LABELS = "Read what is printed on things"
READ_LABELS_DETAIL = "Helps to tell apart what looks alike, and fills in names while you teach."
LABELS_NOT_INSTALLED = "Not installed on this till. It comes with visionscan-kiosk[ocr]."
PICTURES_TITLE = "Pictures"
SAVED_FOR_ALL = "Saved for all tills"
ADD_WHEN_SURE = "Add without asking when the camera is sure"

PICTURE_TITLE = "Picture on tiles and lines"
PHOTOS_TITLE = "Photos the till was taught with"
NO_PHOTOS = "None yet. Show the product to the till on the page “Teach”, or choose a picture below."
NO_CAMERA_PICTURE = "There is no picture from the camera. Choose a photo or a file."
ADD_WHEN_SURE_OFF = "Has no effect now: the camera may add nothing by itself (Settings)."
ADD_WHEN_SURE_ALL = "Every product that the camera is sure of is added now (Settings)."
ADD_WHEN_SURE_DETAIL = "It becomes a line as soon as it is recognised. Undo it within 5 seconds."

NOTHING_LEARNED = "Nothing learned yet. The same answer given three times is offered to be remembered."
NOTHING_CONFUSED = "No two products have names that are easily confused."

SALE_UNFINISHED = "The sale was not finished and nothing was charged here. Try again, or go back."
SALE_UNKNOWN = "The database is not answering. Looking again whether the sale is done."
CARD_DECLINED = "Declined. Nothing was sold. Try the card again, or take cash."
CHARGE_THEN = "Then say here how it went."
PAID_TITLE = "Paid. Thank you!"
NOT_A_NUMBER = "Write a whole number, such as 12."
RESTOCK_UNSURE = "The database gave no answer. Check the last movements before you add again."
NO_SUCH_PRODUCT = "No product found. Try another word or code."

_LISTED_AT_MOST = 2
_LONGEST_LISTED = 40
_LIKENESS = ((0.85, 3, "Best match"), (0.7, 2, "Close"), (0.0, 1, "Possible"))


def too_small(width: int, height: int, least_width: int, least_height: int) -> str:
    """Say how large the screen is, and what would help."""
    return (
        f"It has {width} × {height} points, and the till needs {least_width} × {least_height}. "
        "Make the window larger, choose a smaller scale in the settings of the screen, or connect a larger "
        "one. The basket is safe."
    )


def model_busy(waiting: int) -> str:
    """Say how many questions wait for the vision model."""
    return f"Model is busy: {waiting} waiting"


def likeness(score: float) -> tuple[int, str]:
    """Return bars (1..3) and a word for a score (0..1)."""
    return next((bars, word) for least, bars, word in _LIKENESS if score >= least)


def unnamed_lines(count: int) -> str:
    """Say that lines have no product; empty when there is none."""
    if count == 0:
        return ""
    return "One product has no name yet" if count == 1 else f"{count} products have no name yet"


def unnamed_lines_way_out(count: int) -> str:
    """Say what to do about lines without a product before paying."""
    return f"{unnamed_lines(count)}. Tap the line to choose, or remove it."


def choose_product(name: str) -> str:
    """Ask which product a line is."""
    return f"Choose the product for “{name}”"


DATABASE_SILENT = "The database is not answering. The till goes on asking; nothing of this is lost."
SEARCH_WAITS = "The database is not answering. What you look for is shown as soon as it does."


def waiting(changes: int, codes: int) -> str:
    """Say how many changes and codes wait for the database; empty when none does."""
    parts = (_counted(codes, "code"), _counted(changes, "change"))
    said = " and ".join(part for part in parts if part)
    return f"Waiting for the database: {said}" if said else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}" if count else ""


def added(name: str) -> str:
    """Say that a product was added."""
    return f"Added {name}"


def changed_to(name: str) -> str:
    """Say that a piece became another product."""
    return f"Changed to {name}"


def taken_out(name: str) -> str:
    """Say that a product was taken out."""
    return f"Taken out: {name}"


def pieces_of(quantity: int, name: str) -> str:
    """Say how many pieces a line has now."""
    return f"{quantity:,} × {name}"


def set_pieces(quantity: int) -> str:
    """Name the button that gives a line so many pieces."""
    return f"Set {quantity:,}" if quantity else "Take it out"


def most_pieces(highest: int) -> str:
    """Say that a line cannot have more."""
    return f"A line has at most {highest:,} pieces."


def to_check(place: int, count: int) -> str:
    """Say which question of how many this is; empty when it is the only one."""
    return f"{place} of {count} to check" if count > 1 else ""


def nothing_found(text: str) -> str:
    """Say that a search found nothing."""
    return f"Nothing found for “{text}”. Try another word, or show it to the camera."


def seen_as(name: str) -> str:
    """Say what the model called it."""
    return f"Seen as “{name}”"


def camera_lost(retry_in_s: float | None) -> str:
    """Say what still works without a camera and when it is tried again."""
    text = "Tap, type or scan instead."
    if retry_in_s is None:
        return text
    return f"{text} Trying again in {ceil(retry_in_s)} s." if retry_in_s > 0 else f"{text} {TRYING_NOW}"


def put_down_meanwhile(names: Sequence[str], *, was_confirmed: bool) -> str:
    """Say what was put down since payment began, and what can be done; nameless things have empty names."""
    if not names:
        return ""
    is_one = len(names) == 1
    be, are = ("was", "is") if is_one else ("were", "are")
    what = f"{_listed(names)} {be} put down and {are} not in the basket"
    way_out = f"Go back to add {'it' if is_one else 'them'}"
    return f"{what}. {way_out}, or confirm again." if was_confirmed else f"{what}. {way_out}."


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return _shortened(names[0]) or "Something"
    both = " and ".join(names)
    are_told = len(names) == _LISTED_AT_MOST and all(names) and len(both) <= _LONGEST_LISTED
    return both if are_told else f"{len(names)} things"


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_LISTED else f"{name[: _LONGEST_LISTED - 1].rstrip()}…"


def still_missing(amount: str) -> str:
    """Say how much cash is missing."""
    return f"{amount} is still missing"


def cash_confirm(given: str, change: str) -> str:
    """Name the cash button by its effect; `change` is empty when nothing goes back."""
    return f"Take {given}, give {change} back" if change else f"Take {given}"


def charge(total: str) -> str:
    """Say what to charge on the card machine."""
    return f"Charge {total} on the card machine."


def card_confirm(total: str) -> str:
    """Name what to do on the card machine."""
    return f"Approved: {total} charged"


def given_for(given: str, total: str, method: str) -> str:
    """Say how a sale was paid."""
    return f"{given} given for {total}" if method == "cash" else f"{total} on the card machine"


def restocked(quantity: int, name: str, stock: int) -> str:
    """Say what a restock did."""
    return f"{quantity} added. {name}: {stock} in stock."


def saved(name: str) -> str:
    """Say that a product was saved."""
    return f"Saved: {name}"


def health_lines(parts: Sequence[tuple[str, str]]) -> str:
    """Join the state of each part into one text."""
    return "\n".join(f"{name}: {state}" for name, state in parts)


def products_count(shown: int, count: int) -> str:
    """Say how many products a list has, and when not all of them are shown."""
    if shown < count:
        return f"{shown} of {count:,} products. Search to see the others."
    return f"{count:,} {'product' if count == 1 else 'products'}"


def add_to_stock(quantity: int) -> str:
    """Name the restock button by its effect."""
    return f"Add {quantity:,} to stock" if quantity else "Add to stock"


def remember(text: str, name: str) -> str:
    """Offer to keep what was said as another name of a product."""
    return f"Remember “{text}” for {name}?"


def remembered(text: str, name: str) -> str:
    """Say that a name was learned."""
    return f"Learned: “{text}” is {name}"


def forgotten(text: str, name: str) -> str:
    """Say that a learned name was taken away."""
    return f"Forgotten: “{text}” for {name}"


def both_names(first: str, second: str) -> str:
    """Name two products that are easily confused."""
    return f"{first} · {second}"


def share(value: float) -> str:
    """Return a part of 1 as a percentage, with a decimal only where it has one."""
    return f"{100 * value:.1f}".removesuffix(".0") + "\u00a0%"


def add_from(probability: float) -> str:
    """Say what it means to add from this probability on."""
    wrong = max(1, round(1000 * (1 - probability)))
    return f"Of 1,000 that are only just this likely, about {wrong} will be wrong."


def marked_products(count: int) -> str:
    """Say how many products are marked to be added without asking."""
    if count == 0:
        return "None is marked yet."
    return "One product is marked." if count == 1 else f"{count:,} products are marked."


def wrong_items(asked: int, replaced: int, days: int) -> str:
    """Say how often code and looks did not agree; empty when it never happened."""
    if asked == 0:
        return ""
    times = "once" if asked == 1 else f"{asked:,} times"
    return f"Asked {times} in {days} days; the camera was right {replaced:,} of {asked:,}."


def pictures_kept(days: int | None) -> str:
    """Say how long pictures of confirmed products are kept."""
    if days == 0:
        return "No pictures from sales are kept: the till learns only from what you show it."
    how_long = "" if days is None else f" for {days:,} days"
    return (
        f"To learn from sales, pictures of goods are kept{how_long}, at most 20 a product. "
        "Who installs the till can change this."
    )


def several_added(count: int) -> str:
    """Say that several products were added at once."""
    return f"Added {count} products"


def pictures_shown(count: int, most: int) -> str:
    """Say how many pictures were taken."""
    return f"{count} of {most} pictures"


def teach_hint(count: int, fewest: int, most: int, *, is_done: bool) -> str:
    """Say what to do with the product that is shown."""
    if is_done:
        return "The till knows it now. Show more, or go on."
    if count == 0:
        return "Put it on the counter alone. A picture is taken when it lies still."
    if count >= most:
        return "That is enough. Tap Done."
    return (
        "Turn it a little: show the back, then the lid" if count < fewest else "Turn it again, or tap Done."
    )


def picture_refused(number: int, reason: str, *, is_blurred: bool) -> str:
    """Say that a picture is not used."""
    return (
        f"Picture {number} was blurred and will not be used." if is_blurred else f"Picture {number}: {reason}"
    )


def looks_like(name: str) -> str:
    """Warn of another product that looks the same."""
    return f"Looks like {name}. The till will ask, or use the barcode."


def taught(name: str, count: int) -> str:
    """Say that a product is known by its looks now."""
    return f"{count} {'picture' if count == 1 else 'pictures'} kept. {name} is known now."


def photo_counts(taught: int, confirmed: int) -> str:
    """Say how many pictures a product has, and where they come from."""
    shown = f"{taught} {'picture' if taught == 1 else 'pictures'} shown"
    return f"{shown}, {confirmed} from sales" if confirmed else shown


def photo_source(*, is_shown: bool) -> str:
    """Say how the shop came by a picture."""
    return "shown" if is_shown else "from a sale"


def code_filled_in(code: str) -> str:
    """Say that a barcode was given to the product that is shown."""
    return f"Barcode {code} is filled in."


def code_of_other(name: str) -> str:
    """Say that the barcode that is seen belongs to another product."""
    return f"This barcode belongs to {name}. Take it away, or choose that product."
