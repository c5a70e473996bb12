"""`teach`: folders of pictures in, products that the camera recognises out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from visionscan_kiosk.bootstrap import Shop, open_shop
from visionscan_kiosk.cli.console import Command, progress_bar, put_json, say
from visionscan_kiosk.domain.errors import InvalidInput, ProductNotFound
from visionscan_kiosk.domain.matching.match import Candidate, Decision, MatchMethod
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.teaching import Rejection
from visionscan_kiosk.settings import KioskSettings

_KINDS = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_AT_ONCE = 8
"""Pictures opened at one time: full ones of a telephone take tens of megabytes each."""

_EXACT = frozenset({MatchMethod.SKU, MatchMethod.BARCODE, MatchMethod.NAME, MatchMethod.ALIAS})


def teach(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Teach a folder of folders, list what is taught, or forget a product."""
    with open_shop(settings) as shop:
        if arguments.list:
            return _list(shop)
        if arguments.forget is not None:
            return _forget(shop, arguments.forget)
        return _teach(shop, arguments.folder, shop.item_finder(arguments.empty_counter))


class _Picture(NamedTuple):
    path: Path
    image: Image


@dataclass(slots=True)
class _Count:
    """What became of the pictures."""

    products: int = 0
    taken: int = 0
    known: int = 0
    skipped: int = 0


def _teach(shop: Shop, folder: Path, finder: ItemFinder | None) -> int:
    """Return 1 when no picture could be taught."""
    shop.services.teaching.prepare()
    lessons = _lessons(shop, _folders(folder))
    total = sum(len(pictures) for _, pictures in lessons)
    count = _Count()
    with progress_bar("Teaching") as show:
        for product, pictures in lessons:
            before = count.taken
            for start in range(0, len(pictures), _AT_ONCE):
                opened = _opened(shop, pictures[start : start + _AT_ONCE], count)
                _show(shop, product, opened, finder, count)
                show(count.taken + count.known + count.skipped, total)
            count.products += count.taken > before
    if count.taken:
        with progress_bar("Reading labels") as show:
            shop.services.labels.read_all_photos(show)
        _warn_of_likenesses(shop)
    say(
        f"{count.products} products were taught by {count.taken} pictures; {count.known} were known before, "
        f"{count.skipped} were left out."
    )
    return 0 if count.taken or count.known else 1


def _folders(folder: Path) -> list[Path]:
    try:
        inside = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise InvalidInput(f"{folder} cannot be read: {error.strerror}.") from error
    folders = [entry for entry in inside if entry.is_dir()]
    if not folders and any(_is_picture(entry) for entry in inside):
        return [folder.absolute()]
    if not folders:
        raise InvalidInput(f"{folder} holds no folders. Make one for each product, named by its SKU or name.")
    return folders


def _lessons(shop: Shop, folders: Sequence[Path]) -> list[tuple[Candidate, list[Path]]]:
    lessons = []
    for folder in folders:
        product = _product_called(shop, folder.name)
        if product is None:
            say(f"{folder}: there is no product with this SKU or name; the folder is left out.")
            continue
        pictures = sorted(entry for entry in folder.iterdir() if _is_picture(entry))
        lessons.append((product, pictures))
        if not pictures:
            say(f"{folder}: holds no PNG, JPEG or WebP picture.")
    return lessons


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in _KINDS and path.is_file()


def _product_called(shop: Shop, name: str) -> Candidate | None:
    """Only exact answers count: pictures must not go to a product that is merely called alike."""
    matcher = shop.services.inventory.current_matcher()
    for text in (name, name.replace("-", " ").replace("_", " ")):
        found = matcher.match(text)
        if found.decision is Decision.MATCHED and found.method in _EXACT:
            return found.product
    return None


def _opened(shop: Shop, paths: Sequence[Path], count: _Count) -> list[_Picture]:
    opened = []
    for path in paths:
        try:
            opened.append(_Picture(path, shop.read_picture(path)))
        except InvalidInput as error:
            count.skipped += 1
            say(f"{path}: {error}")
    return opened


def _show(
    shop: Shop, product: Candidate, pictures: Sequence[_Picture], finder: ItemFinder | None, count: _Count
) -> None:
    images = [picture.image for picture in pictures]
    result = shop.services.teaching.teach(product.product_id, images, finder=finder, is_one_of_many=True)
    count.taken += len(result.taken)
    for bad in result.rejected:
        if bad.reason is Rejection.KNOWN:
            count.known += 1
        else:
            count.skipped += 1
            say(f"{pictures[bad.index].path}: {bad.message}")


def _warn_of_likenesses(shop: Shop) -> None:
    for pair in shop.services.teaching.list_likenesses():
        say(f"{pair.product.name} looks like {pair.looks_like.name}: use its barcode where it has one.")


def _list(shop: Shop) -> int:
    for entry in shop.services.teaching.list_products():
        put_json(
            {
                "sku": entry.product.sku,
                "name": entry.product.name,
                "taught": entry.taught,
                "confirmed": entry.confirmed,
                "held": entry.held,
            }
        )
    return 0


def _forget(shop: Shop, sku: str) -> int:
    found = shop.services.inventory.current_matcher().match(sku)
    if found.method is not MatchMethod.SKU or found.product is None:
        raise ProductNotFound(sku)
    removed = shop.services.teaching.forget_product(found.product.product_id)
    say(f"{removed} pictures of {found.product.name} were removed.")
    return 0


COMMANDS: dict[str, Command] = {"teach": teach}
