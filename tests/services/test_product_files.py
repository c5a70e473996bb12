"""Products in and out of CSV: all rows or none, every bad row by its line."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import MakeProduct, build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.services.fake_unit_of_work import FakeShop
from visionscan_kiosk.domain.errors import InvalidInput, TransientConflict
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.product_files import BadRow, ImportResult, ProductFileService

HEADER = "sku,name,category,price,stock,aliases,barcodes\n"
APPLE = "A,Red Apple,Fruit,1.25,3,rosy|gala,4006381333931|INT-1\n"


def import_text(services: KioskServices, text: str, *, dry_run: bool = False) -> ImportResult:
    return services.product_files.import_products(io.StringIO(text, newline=""), dry_run=dry_run)


def exported(services: KioskServices) -> str:
    target = io.StringIO()
    services.product_files.export_products(target)
    return target.getvalue()


def test_import_creates(services: KioskServices) -> None:
    assert import_text(services, HEADER + APPLE) == ImportResult(1, 0, ())
    (product,) = services.inventory.list_products()
    assert (product.sku, product.name, product.category) == ("A", "Red Apple", "Fruit")
    assert (product.price, product.stock) == (Decimal("1.25"), 3)
    assert (product.aliases, product.barcodes) == (("rosy", "gala"), ("4006381333931", "INT-1"))
    (movement,) = services.movements.list_movements(product.id)
    assert (movement.change_qty, movement.reason) == (3, MovementReason.OPENING)


def test_import_updates_by_sku(services: KioskServices) -> None:
    import_text(services, HEADER + APPLE)
    (before,) = services.inventory.list_products()
    assert import_text(services, HEADER + "A,Gala,Apples,2,1,,\n") == ImportResult(0, 1, ())
    (after,) = services.inventory.list_products()
    assert (after.id, after.name, after.price, after.stock) == (before.id, "Gala", 2, 1)
    assert (after.aliases, after.barcodes) == ((), ())
    assert services.movements.list_movements(after.id)[0].change_qty == -2
    assert services.inventory.match_text("gala").product is not None


def test_an_absent_column_changes_nothing(services: KioskServices) -> None:
    import_text(services, HEADER + APPLE)
    (before,) = services.inventory.list_products()
    import_text(services, "price,sku,name,category\n9.99,A,Red Apple,Fruit\n")
    (after,) = services.inventory.list_products()
    assert (after.price, after.stock) == (Decimal("9.99"), 3)
    assert (after.aliases, after.barcodes) == (before.aliases, before.barcodes)


def test_dry_run_changes_nothing(services: KioskServices) -> None:
    assert import_text(services, HEADER + APPLE, dry_run=True) == ImportResult(1, 0, ())
    assert services.inventory.count_products() == 0


def test_export_is_what_import_reads(services: KioskServices) -> None:
    import_text(services, HEADER + APPLE)
    assert exported(services) == HEADER + APPLE


@pytest.mark.parametrize(
    "rows",
    [
        "\ufeff" + HEADER + APPLE,
        HEADER.replace("\n", "\r\n") + APPLE.replace("\n", "\r\n"),
        HEADER.replace(",", " , ") + APPLE,
        '"sku","name","category","price","stock","aliases","barcodes"\n' + APPLE,
        HEADER + "\n" + APPLE + "\n,,,,,,\n",
        HEADER + APPLE.rstrip("\n"),
        HEADER.replace(",", ";") + APPLE.replace(",", ";"),
        HEADER.replace(",", ";") + APPLE.replace(",", ";").replace("1.25", "1,25"),
        HEADER + APPLE.replace("1.25", '"1,25"'),
    ],
    ids=[
        "byte order mark",
        "windows lines",
        "spaced header",
        "quoted header",
        "empty lines",
        "no last newline",
        "semicolons",
        "semicolons and decimal commas",
        "a quoted decimal comma",
    ],
)
def test_ways_in_which_spreadsheets_write(services: KioskServices, rows: str) -> None:
    assert import_text(services, rows) == ImportResult(1, 0, ())
    assert exported(services) == HEADER + APPLE


def test_quoted_commas_quotes_and_newlines(services: KioskServices) -> None:
    import_text(services, HEADER + 'A,"Bread, ""dark""\nwhole",Food,1,0,,\nB,Butter,Food,1,0,,\n')
    assert [p.name for p in services.inventory.list_products()] == ['Bread, "dark" whole', "Butter"]


def test_every_bad_row_is_named_by_its_line(services: KioskServices) -> None:
    text = (
        HEADER
        + APPLE
        + "B,Minus,Food,-1,0,,\n"
        + "C,Words,Food,cheap,0,,\n"
        + "D,Thousandth,Food,1.005,0,,\n"
        + "E,Half,Food,1,1.5,,\n"
        + "F,Less,Food,1,-1000000001,,\n"
        + "G,Check,Food,1,0,,4006381333932\n"
        + ",Nameless,Food,1,0,,\n"
        + "H,,Food,1,0,,\n"
        + "I,No category,,1,0,,\n"
        + "J,Long,Food,1,0,,,extra\n"
        + '"K\n",Two lines,Food,x,0,,\n'
        + "A,Again,Food,1,0,,\n"
        + "L,Its code,Food,1,0,,04006381333931\n"
        + "M,Null\0,Food,1,0,,\n"
        + "N,Short,Food\n"
        + "O,Comma,Food,1_0,0,,\n"
        + 'P,Thousands,Food,"1,250",0,,\n'
    )
    result = import_text(services, text)
    assert (result.created, result.updated) == (0, 0)
    assert result.bad_rows == (
        BadRow(3, "The price must be 0 or more."),
        BadRow(4, "'cheap' is not a price. Write it like 1.25."),
        BadRow(5, "The price must have at most two decimal places."),
        BadRow(6, "'1.5' is not a stock. Write a whole number."),
        BadRow(7, "The stock must be between -1000000000 and 1000000000."),
        BadRow(8, "Barcode 4006381333932 is not complete: its check digit is wrong. Scan again."),
        BadRow(9, "The SKU is missing."),
        BadRow(10, "The name is missing."),
        BadRow(11, "The category is missing."),
        BadRow(12, "This line has more fields than the first line names."),
        BadRow(13, "'x' is not a price. Write it like 1.25."),
        BadRow(15, "SKU A stands in line 2 already."),
        BadRow(16, "Barcode 04006381333931 stands in line 2 already."),
        BadRow(17, "The name has characters that cannot be printed."),
        BadRow(18, "'' is not a price. Write it like 1.25."),
        BadRow(19, "'1_0' is not a price. Write it like 1.25."),
        BadRow(20, "'1,250' is not a price. Write it like 1.25."),
    )
    assert services.inventory.count_products() == 0


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "nothing"),
        ("\n\n", "nothing"),
        ("sku;name;category\n", "sku,name,category"),
        ("sku;name,category,price\n", "sku;name,category,price"),
        ("sku,name,price\n", "sku,name,price"),
        ("sku,name,category,price,colour\n", "sku,name,category,price,colour"),
        ("sku,sku,name,category,price\n", "sku,sku,name,category,price"),
        ("\x00\x01binary\n", "binary"),
        ('"sku,name\n', "nothing"),
    ],
)
def test_wrong_columns(services: KioskServices, header: str, found: str) -> None:
    with pytest.raises(InvalidInput, match=r"^The first line must name the columns sku,name,") as caught:
        import_text(services, header + APPLE if header.strip() else header)
    assert found in str(caught.value)


def test_an_unclosed_quote_is_named_where_it_opens(services: KioskServices) -> None:
    result = import_text(services, HEADER + APPLE + 'B,"Butter,Food,1,0,,\nC,Cheese,Food,1,0,,\n')
    assert [row.line for row in result.bad_rows] == [3]
    assert result.bad_rows[0].message.startswith("This line is not CSV")


def test_a_file_in_another_encoding(services: KioskServices, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes((HEADER + "A,Müsli,Food,1,0,,\n").encode("latin-1"))
    with (
        path.open(encoding="utf-8", newline="") as file,
        pytest.raises(InvalidInput, match="is not UTF-8 text"),
    ):
        services.product_files.import_products(file)


def test_a_barcode_of_another_product(services: KioskServices, make_product: MakeProduct) -> None:
    make_product("Pear", sku="P", barcodes=("4006381333931",))
    result = import_text(services, HEADER + APPLE)
    assert result.bad_rows == (BadRow(2, "Barcode 4006381333931 belongs to product P."),)


def test_products_may_swap_their_barcodes(services: KioskServices) -> None:
    import_text(services, HEADER + "A,Apple,Fruit,1,0,,X\nP,Pear,Fruit,1,0,,Y\n")
    assert import_text(services, HEADER + "A,Apple,Fruit,1,0,,Y\nP,Pear,Fruit,1,0,,X\n") == ImportResult(
        0, 2, ()
    )
    assert services.inventory.find_by_barcode("X").sku == "P"


def test_an_import_that_is_tried_again_reads_the_same_rows(unit_of_work: UnitOfWorkFactory) -> None:
    failures = [TransientConflict("again")]

    def flaky() -> object:
        if failures:
            raise failures.pop()
        return unit_of_work()

    files = ProductFileService(flaky)  # type: ignore[arg-type]  # fails once, then is the real one
    assert files.import_products(iter([HEADER, APPLE])) == ImportResult(1, 0, ())


def test_twenty_thousand_rows_with_progress(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    services = build_services(lambda: SqlUnitOfWork(engine), FakePictureDetector())
    rows = [f"S{n},Product {n},Food,{n % 90}.99,{n % 7},alias {n},INT-{n}\n" for n in range(20_000)]
    seen: list[tuple[int, int]] = []
    result = services.product_files.import_products(
        [HEADER, *rows], on_progress=lambda done, total: seen.append((done, total))
    )
    assert result == ImportResult(20_000, 0, ())
    assert seen == [(done, 20_000) for done in range(1000, 20_001, 1000)]
    assert exported(services).count("\n") == 20_001
    engine.dispose()


def test_one_bad_row_in_many_imports_nothing(services: KioskServices) -> None:
    rows = [f"S{n},Product {n},Food,1.00,1,,\n" for n in range(2_500)]
    result = services.product_files.import_products([HEADER, *rows, "X,Bad,Food,-1,0,,\n"])
    assert [row.line for row in result.bad_rows] == [2502]
    assert services.inventory.count_products() == 0


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30
).filter(lambda text: text.strip() and text.isprintable())


@given(st.lists(WORDS, max_size=4), WORDS, WORDS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_exported_is_imported_alike(aliases: list[str], name: str, code: str) -> None:
    """Also with separators, quotes and backslashes in every field."""
    product = NewProduct("A", name, "Food", Decimal("1.25"), 3, tuple(aliases), (f"|\\{code}",))
    shop, copy = (build_services(FakeShop().unit_of_work, FakePictureDetector()) for _ in range(2))
    shop.inventory.create_product(product)
    assert import_text(copy, exported(shop)) == ImportResult(1, 0, ())
    (imported,), (original,) = copy.inventory.list_products(), shop.inventory.list_products()
    assert (imported.name, imported.aliases, imported.barcodes) == (
        original.name,
        original.aliases,
        original.barcodes,
    )


def test_names_with_joiners_survive_the_way_in_and_out(services: KioskServices) -> None:
    name = "نیم\u200cچرب 👩\u200d👧"
    assert import_text(services, HEADER + f"A,{name},Food,1,0,{name},\n").bad_rows == ()
    assert [product.name for product in services.inventory.list_products()] == [name]
    assert exported(services).splitlines()[1].startswith(f"A,{name},Food,1.00,0,{name},")
