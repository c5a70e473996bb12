"""Products in and out of CSV files: sku,name,category,price,stock,aliases,barcodes; lists `|`-separated."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.money import to_money
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.services.ports import ProductQuery, UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

COLUMNS = ("sku", "name", "category", "price", "stock", "aliases", "barcodes")
_OPTIONAL_COLUMNS = frozenset({"stock", "aliases", "barcodes"})
_BATCH = 1000
_LONGEST_FIELD = 20_000

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be imported: its line in the file and what to mend."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with `dry_run` would do. With any bad row nothing was changed."""

    created: int
    updated: int
    bad_rows: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    product: NewProduct


class ProductFileService:
    """Imports and exports the whole catalogue."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    @retried
    def import_products(
        self,
        lines: Iterable[str],
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> ImportResult:
        """Create or replace products by SKU, all rows or none.

        Raises InvalidInput when the file has no usable header; bad rows are returned by line.
        """
        rows, bad_rows = _read(lines)
        with self._unit_of_work() as work:
            bad_rows += _clashes(work, rows)
            if bad_rows:
                return ImportResult(0, 0, tuple(sorted(bad_rows, key=lambda row: row.line)))
            created, updated = _upsert(work, [row.product for row in rows], on_progress)
            if not dry_run:
                work.commit()
            return ImportResult(created, updated, ())

    def export_products(self, target: IO[str]) -> int:
        """Write all products as CSV; return how many."""
        with self._unit_of_work() as work:
            products = work.products.list(ProductQuery())
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(COLUMNS)
        for product in products:
            lists = ("|".join(product.aliases), "|".join(product.barcodes))
            writer.writerow(
                (product.sku, product.name, product.category, product.price, product.stock, *lists)
            )
        return len(products)


def _read(lines: Iterable[str]) -> tuple[list[_Row], list[BadRow]]:
    rows: list[_Row] = []
    bad_rows: list[BadRow] = []
    reader = csv.DictReader(_without_nulls(lines), strict=True)
    _check_header(reader.fieldnames)
    for line, record in _records(reader):
        if isinstance(record, InvalidInput):
            bad_rows.append(BadRow(line, str(record)))
            continue
        try:
            rows.append(_Row(line, _to_product(record)))
        except InvalidInput as error:
            bad_rows.append(BadRow(line, str(error)))
    return rows, bad_rows


def _records(reader: csv.DictReader[str]) -> Iterator[tuple[int, Mapping[str, str | None] | InvalidInput]]:
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, InvalidInput(f"This line is not CSV: {error}.")
            continue
        yield reader.line_num, record


def _without_nulls(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        text = line.removeprefix("\ufeff") if number == 0 else line
        yield text.replace("\0", "�")


def _check_header(header: Sequence[str] | None) -> None:
    found = [name.strip() for name in header or ()]
    missing = [name for name in COLUMNS if name not in found and name not in _OPTIONAL_COLUMNS]
    unknown = [name for name in found if name not in COLUMNS]
    if missing or unknown or len(set(found)) != len(found):
        wanted, present = ",".join(COLUMNS), ",".join(found) or "nothing"
        raise InvalidInput(f"The first line must name the columns {wanted} once each; it has {present}.")


def _to_product(record: Mapping[str, str | None]) -> NewProduct:
    if None in record:
        raise InvalidInput("This line has more fields than the first line names.")
    fields = {name.strip(): (value or "").strip() for name, value in record.items()}
    if any(len(value) > _LONGEST_FIELD for value in fields.values()):
        raise InvalidInput("This line has a field that is far too long.")
    return NewProduct(
        sku=fields["sku"],
        name=fields["name"],
        category=fields["category"],
        price=to_money(fields["price"]),
        stock=_to_stock(fields.get("stock", "")),
        aliases=_to_list(fields.get("aliases", "")),
        barcodes=_to_list(fields.get("barcodes", "")),
    )


def _to_stock(text: str) -> int:
    try:
        return int(text or "0")
    except ValueError:
        raise InvalidInput(f"{text!r} is not a stock. Write a whole number.", field="stock") from None


def _to_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _clashes(work: UnitOfWork, rows: Sequence[_Row]) -> list[BadRow]:
    return [*_repeated_skus(rows), *_repeated_barcodes(rows), *_foreign_barcodes(work, rows)]


def _repeated_skus(rows: Sequence[_Row]) -> Iterator[BadRow]:
    first_line: dict[str, int] = {}
    for row in rows:
        first = first_line.setdefault(row.product.sku, row.line)
        if first != row.line:
            yield BadRow(row.line, f"SKU {row.product.sku} stands in line {first} already.")


def _repeated_barcodes(rows: Sequence[_Row]) -> Iterator[BadRow]:
    first_line: dict[str, int] = {}
    for row in rows:
        for barcode in row.product.barcodes:
            first = first_line.setdefault(normalise_barcode(barcode), row.line)
            if first != row.line:
                yield BadRow(row.line, f"Barcode {barcode} stands in line {first} already.")


def _foreign_barcodes(work: UnitOfWork, rows: Sequence[_Row]) -> Iterator[BadRow]:
    in_file = {row.product.sku for row in rows}
    owners = work.products.barcode_owners(
        normalise_barcode(code) for row in rows for code in row.product.barcodes
    )
    for row in rows:
        for barcode in row.product.barcodes:
            owner = owners.get(normalise_barcode(barcode), row.product.sku)
            if owner != row.product.sku and owner not in in_file:
                yield BadRow(row.line, f"Barcode {barcode} belongs to product {owner}.")


def _upsert(
    work: UnitOfWork, products: Sequence[NewProduct], on_progress: OnProgress | None
) -> tuple[int, int]:
    created = updated = 0
    work.products.release_barcodes([product.sku for product in products])
    for start in range(0, len(products), _BATCH):
        batch = products[start : start + _BATCH]
        new, changed = work.products.upsert_many(batch)
        created, updated = created + new, updated + changed
        if on_progress:
            on_progress(start + len(batch), len(products))
    return created, updated
