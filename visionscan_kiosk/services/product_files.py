"""Products in and out of CSV files: sku,name,category,price,stock,aliases,barcodes; lists `|`-separated.

What spreadsheets write is read too: a byte order mark, semicolons between the fields, 1,50 as a price.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
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

_LIST_PART = re.compile(r"(?:\\[\\|]|[^|])+")
"""Between two `|`; inside a part `\\|` stands for `|` and `\\\\` for one backslash."""

_ESCAPED = re.compile(r"\\([\\|])")
_SPECIAL = re.compile(r"([\\|])")

_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2})")
"""A price as half the world writes it. No thousands have one or two digits."""

_Record = Sequence[str] | InvalidInput

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


@dataclass(frozen=True, slots=True)
class _ProductFile:
    """A file as it was read; `absent` names the columns it does not have."""

    rows: Sequence[_Row]
    bad_rows: Sequence[BadRow]
    absent: frozenset[str]


class ProductFileService:
    """Imports and exports the whole catalogue."""

    def __init__(self, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def import_products(
        self,
        lines: Iterable[str],
        *,
        dry_run: bool = False,
        on_progress: OnProgress | None = None,
    ) -> ImportResult:
        """Create or replace products by SKU, all rows or none; a column that is absent changes nothing.

        Raises InvalidInput when the file has no usable header; bad rows are returned by line.
        """
        return self._import(_read(lines), dry_run=dry_run, on_progress=on_progress)

    @retried
    def _import(self, file: _ProductFile, *, dry_run: bool, on_progress: OnProgress | None) -> ImportResult:
        with self._unit_of_work() as work:
            bad_rows = [*file.bad_rows, *_clashes(work, file.rows)]
            if bad_rows:
                return ImportResult(0, 0, tuple(sorted(bad_rows, key=lambda row: row.line)))
            created, updated = _upsert(work, file, on_progress)
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
            lists = (_from_list(product.aliases), _from_list(product.barcodes))
            writer.writerow(
                (product.sku, product.name, product.category, product.price, product.stock, *lists)
            )
        return len(products)


def _read(lines: Iterable[str]) -> _ProductFile:
    rows: list[_Row] = []
    bad_rows: list[BadRow] = []
    records = _records(lines)
    columns = _read_header(records)
    for line, record in records:
        try:
            rows.append(_Row(line, _to_product(_fields(columns, record))))
        except InvalidInput as error:
            bad_rows.append(BadRow(line, str(error)))
    return _ProductFile(rows, bad_rows, _OPTIONAL_COLUMNS.difference(columns))


def _records(lines: Iterable[str]) -> Iterator[tuple[int, _Record]]:
    """Yield every record with the line it begins in; empty ones, as spreadsheets leave them, are skipped."""
    readable = _without_mark(lines)
    first = next(readable, "")
    reader = csv.reader(chain([first], readable), delimiter=_delimiter(first), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, InvalidInput(f"This line is not CSV: {error}.")
            continue
        if any(value.strip() for value in record):
            yield line, record


def _delimiter(header: str) -> str:
    """Spreadsheets separate by semicolons where a comma stands in decimal numbers."""
    return ";" if ";" in header and "," not in header else ","


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    """Drop the byte order mark that spreadsheets write."""
    try:
        for number, line in enumerate(lines):
            yield line.removeprefix("\ufeff") if number == 0 else line
    except UnicodeDecodeError:
        raise InvalidInput("The file is not UTF-8 text. Save it as CSV UTF-8, then try again.") from None


def _read_header(records: Iterator[tuple[int, _Record]]) -> Sequence[str]:
    _, header = next(records, (1, []))
    found = [] if isinstance(header, InvalidInput) else [name.strip() for name in header]
    missing = set(COLUMNS) - _OPTIONAL_COLUMNS - set(found)
    if missing or not set(found) <= set(COLUMNS) or len(set(found)) != len(found):
        wanted, present = ",".join(COLUMNS), ",".join(found)[:200] or "nothing"
        raise InvalidInput(f"The first line must name the columns {wanted} once each; it has {present}.")
    return found


def _fields(columns: Sequence[str], record: _Record) -> Mapping[str, str]:
    if isinstance(record, InvalidInput):
        raise record
    if len(record) > len(columns):
        raise InvalidInput("This line has more fields than the first line names.")
    if any(len(value) > _LONGEST_FIELD for value in record):
        raise InvalidInput("This line has a field that is far too long.")
    return dict.fromkeys(COLUMNS, "") | dict(zip(columns, (value.strip() for value in record), strict=False))


def _to_product(fields: Mapping[str, str]) -> NewProduct:
    return NewProduct(
        sku=fields["sku"],
        name=fields["name"],
        category=fields["category"],
        price=to_money(_with_point(fields["price"])),
        stock=_to_stock(fields["stock"]),
        aliases=_to_list(fields["aliases"]),
        barcodes=_to_list(fields["barcodes"]),
    )


def _with_point(price: str) -> str:
    found = _DECIMAL_COMMA.fullmatch(price)
    return f"{found[1]}.{found[2]}" if found else price


def _to_stock(text: str) -> int:
    try:
        return int(text or "0")
    except ValueError:
        raise InvalidInput(f"{text!r} is not a stock. Write a whole number.", field="stock") from None


def _to_list(text: str) -> tuple[str, ...]:
    parts = (_ESCAPED.sub(r"\1", part).strip() for part in _LIST_PART.findall(text))
    return tuple(part for part in parts if part)


def _from_list(values: Iterable[str]) -> str:
    return "|".join(_SPECIAL.sub(r"\\\1", value) for value in values)


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


def _upsert(work: UnitOfWork, file: _ProductFile, on_progress: OnProgress | None) -> tuple[int, int]:
    created = updated = 0
    products = [row.product for row in file.rows]
    if "barcodes" not in file.absent:
        work.products.release_barcodes([product.sku for product in products])
    for start in range(0, len(products), _BATCH):
        batch = products[start : start + _BATCH]
        new, changed = work.products.upsert_many(batch, keep=file.absent)
        created, updated = created + new, updated + changed
        if on_progress:
            on_progress(start + len(batch), len(products))
    return created, updated
