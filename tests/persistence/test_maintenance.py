"""Proof that the books agree, and the shop in one file and back."""

from __future__ import annotations

import hashlib
import json
import resource
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from tests.conftest import build_services, new_product
from tests.fake_picture_detector import FakePictureDetector
from visionscan_kiosk.domain.basket_operations import AddLine
from visionscan_kiosk.domain.checkout import cash
from visionscan_kiosk.domain.errors import Conflict, InvalidInput, SchemaTooNew, Unavailable
from visionscan_kiosk.domain.product import ProductPicture
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.maintenance import backup, check_consistency, restore
from visionscan_kiosk.persistence.migrations import read_version, schema_version
from visionscan_kiosk.persistence.tables import metadata
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import ProductQuery
from visionscan_kiosk.services.till_lease import TillHolder, TillLeaseService

NAME = 'Tab\there, "quotes", \\N and ünïcode'.replace("\t", " ")


@pytest.fixture
def shop_engine(own_database_url: str) -> Iterator[Engine]:
    """A database of our own, with a sale, an open basket, an ended one and a picture in it."""
    engine = create_engine_for(own_database_url)
    _trade(services_on(engine))
    yield engine
    engine.dispose()


def services_on(engine: Engine) -> KioskServices:
    return build_services(lambda: SqlUnitOfWork(engine), FakePictureDetector())


def _trade(services: KioskServices) -> None:
    apple = services.inventory.create_product(
        new_product(NAME, sku="A", stock=10, aliases=("a,b", '"{}"'), barcodes=("4006381333931",))
    )
    services.inventory.set_picture(ProductPicture(apple.id, bytes(range(256)), "image/png"))
    services.movements.restock(apple.id, 5, "van\\")
    sold = services.sessions.start_session("till-1").id
    services.sessions.add_product(sold, apple.id, 3)
    services.checkout.check_out(sold, [cash(Decimal("3.75"), Decimal("5.00"))])
    ended = services.sessions.start_session("till-1").id
    services.sessions.add_product(ended, apple.id, 1)
    services.sessions.end_session(ended)
    services.sessions.scan_product(services.sessions.open_basket("till-1").session.id, "no such thing")


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


class TestConsistency:
    def test_an_honest_shop_agrees(self, shop_engine: Engine) -> None:
        assert check_consistency(shop_engine) == []

    @pytest.mark.parametrize(
        ("damage", "sentence"),
        [
            ("UPDATE inventory_master SET stock = stock + 1", "is 13, its movements sum to 12."),
            ("DELETE FROM inventory_movements WHERE reason = 'restock'", "is 12, its movements sum to 7."),
            (
                "UPDATE scan_sessions SET total_amount = 9 WHERE outcome = 'sold'",
                "has total 9.00, its lines sum",
            ),
            (
                "UPDATE scan_sessions SET total_amount = 9 WHERE outcome = 'ended'",
                "ended without a sale but has",
            ),
            ("UPDATE scan_sessions SET total_amount = 9 WHERE status = 'active'", "(active) has total 9.00"),
            ("UPDATE tenders SET amount = 1", "costs 3.75, its tenders sum to 1.00."),
            ("UPDATE scan_items SET quantity = 4 WHERE sold_sku = 'A'", "took 3 of product"),
            (
                "UPDATE scan_items SET inventory_id = NULL, unit_price = NULL WHERE sold_sku = 'A'",
                "was sold with a line that has no product",
            ),
        ],
    )
    def test_damage_is_named(self, shop_engine: Engine, damage: str, sentence: str) -> None:
        run(shop_engine, damage)
        assert sentence in "\n".join(check_consistency(shop_engine))


class TestBackup:
    def test_restores_everything_into_an_empty_shop(
        self, shop_engine: Engine, engine: Engine, tmp_path: Path
    ) -> None:
        file = tmp_path / "shop.backup"
        summary = backup(shop_engine, file)
        restored = restore(engine, file)
        assert restored.tables == summary.tables
        before, after = services_on(shop_engine), services_on(engine)
        assert after.inventory.list_products() == before.inventory.list_products()
        (product,) = after.inventory.list_products()
        assert after.inventory.get_picture(product.id) == before.inventory.get_picture(product.id)
        assert after.movements.list_movements(product.id) == before.movements.list_movements(product.id)
        assert after.sessions.open_basket("till-1") == before.sessions.open_basket("till-1")
        assert check_consistency(engine) == []

    def test_the_restored_shop_goes_on(self, shop_engine: Engine, tmp_path: Path) -> None:
        backup(shop_engine, tmp_path / "shop.backup")
        services = services_on(shop_engine)
        (product,) = services.inventory.list_products()
        services.inventory.create_product(new_product("Later"))
        services.catalogue.warm_up()
        restore(shop_engine, tmp_path / "shop.backup")
        assert services.inventory.list_products() == [product]
        basket = services.sessions.start_session().id
        services.sessions.add_product(basket, product.id)
        assert services.checkout.check_out(basket).number == 2
        assert services.inventory.match_text(NAME).method == "name"
        services.inventory.create_product(new_product("New"))
        assert services.inventory.match_text("new").method == "sku"

    def test_nobody_holds_a_tills_identity_because_of_a_backup(
        self, shop_engine: Engine, tmp_path: Path
    ) -> None:
        leases = TillLeaseService(lambda: SqlUnitOfWork(shop_engine))
        leases.take("till-1", TillHolder("a", "the machine that is gone", "/"))
        backup(shop_engine, tmp_path / "shop.backup")
        restore(shop_engine, tmp_path / "shop.backup")
        assert leases.take("till-1", TillHolder("b", "its successor", "/")).holder_key == "b"

    def test_operations_are_restored_with_their_baskets(self, shop_engine: Engine, tmp_path: Path) -> None:
        services = services_on(shop_engine)
        session = services.sessions.open_basket("till-1").session.id
        (product,) = services.inventory.list_products()
        operation = AddLine(uuid4(), session, product.id)
        services.basket_operations.apply(operation)
        backup(shop_engine, tmp_path / "shop.backup")
        restore(shop_engine, tmp_path / "shop.backup")
        assert services.basket_operations.apply(operation).is_repeat

    def test_selling_goes_on_during_a_backup(self, shop_engine: Engine, tmp_path: Path) -> None:
        with SqlUnitOfWork(shop_engine) as work:
            work.products.add(new_product("Not committed yet"))
            backup(shop_engine, tmp_path / "shop.backup")
        restore(shop_engine, tmp_path / "shop.backup")
        assert services_on(shop_engine).inventory.count_products() == 1

    def test_a_full_disk_keeps_the_older_backup(self, shop_engine: Engine, tmp_path: Path) -> None:
        file = tmp_path / "shop.backup"
        file.write_bytes(b"older")
        with no_file_longer_than(500), pytest.raises(Unavailable, match="could not be written") as caught:
            backup(shop_engine, file)
        assert "make room" in str(caught.value)
        assert [path.name for path in tmp_path.iterdir()] == ["shop.backup"]
        assert file.read_bytes() == b"older"

    def test_a_folder_that_is_not_there(self, shop_engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="No such file or directory"):
            backup(shop_engine, tmp_path / "nowhere" / "shop.backup")

    def test_a_changed_byte_is_refused_or_matters_nothing(self, shop_engine: Engine, tmp_path: Path) -> None:
        """Some bytes of a ZIP say nothing (a date); any other is found before anything is touched."""
        file = tmp_path / "shop.backup"
        summary = backup(shop_engine, file)
        data = file.read_bytes()
        refused = 0
        for place in range(10, len(data), len(data) // 25):
            file.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
            try:
                assert restore(shop_engine, file).tables == summary.tables
            except InvalidInput:
                refused += 1
        assert refused > 5
        assert services_on(shop_engine).inventory.count_products() == 1
        assert check_consistency(shop_engine) == []

    def test_a_backup_of_an_older_version_is_migrated(
        self, shop_engine: Engine, engine: Engine, tmp_path: Path
    ) -> None:
        file = tmp_path / "shop.backup"
        backup(shop_engine, file)
        rewrite(file, as_of_first_version)
        leave_out_columns(file, "scan_sessions", ["held_at", "held_by", "hold_note"])
        restore(shop_engine, file)
        with shop_engine.connect() as connection:
            assert read_version(connection) == schema_version()
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        services = services_on(shop_engine)
        assert [product.name for product in services.inventory.list_products()] == [NAME]
        assert check_consistency(shop_engine) == []


class TestRefusedRestore:
    @pytest.fixture
    def file(self, shop_engine: Engine, tmp_path: Path) -> Iterator[Path]:
        """A backup; whatever the test does with it, the shop must stay as it is now."""
        path = tmp_path / "shop.backup"
        backup(shop_engine, path)
        with SqlUnitOfWork(shop_engine) as work:
            work.products.add(new_product("Since then"))
            work.commit()
        shop_engine.dispose()
        yield path
        with SqlUnitOfWork(shop_engine) as work:
            assert work.products.count(ProductQuery()) == 2

    @pytest.mark.parametrize("cut", [lambda data: data[:-10], lambda data: data[:700], lambda data: b""])
    def test_a_cut_file(self, shop_engine: Engine, file: Path, cut: Callable[[bytes], bytes]) -> None:
        file.write_bytes(cut(file.read_bytes()))
        with pytest.raises(InvalidInput, match=r"cannot be restored: .* is not a whole backup file"):
            restore(shop_engine, file)

    @pytest.mark.parametrize("content", [b"sku,name\n", b"PGDMP\x01\x0e"])
    def test_a_foreign_file(self, shop_engine: Engine, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        with pytest.raises(InvalidInput, match="not a whole backup file"):
            restore(shop_engine, file)

    def test_a_foreign_zip(self, shop_engine: Engine, file: Path) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hello.txt", "hello")
        with pytest.raises(InvalidInput, match="manifest cannot be read"):
            restore(shop_engine, file)

    def test_a_missing_file(self, shop_engine: Engine, file: Path) -> None:
        with pytest.raises(InvalidInput, match="No such file"):
            restore(shop_engine, file.with_name("nothing"))

    def test_a_newer_schema(self, shop_engine: Engine, file: Path) -> None:
        rewrite(file, lambda manifest: manifest.update(schema="9999"))
        with pytest.raises(SchemaTooNew, match="The backup has schema 9999"):
            restore(shop_engine, file)

    def test_another_format(self, shop_engine: Engine, file: Path) -> None:
        rewrite(file, lambda manifest: manifest.update(format="visionscan-kiosk backup 2"))
        with pytest.raises(InvalidInput, match="it has another format"):
            restore(shop_engine, file)

    def test_other_tables(self, shop_engine: Engine, file: Path) -> None:
        rewrite(file, lambda manifest: manifest["tables"].pop("tenders"))
        with pytest.raises(InvalidInput, match="it has other tables"):
            restore(shop_engine, file)

    def test_a_wrong_number_of_rows_rolls_back(self, shop_engine: Engine, file: Path) -> None:
        rewrite(file, lambda manifest: manifest["tables"]["tenders"].update(rows=7))
        with pytest.raises(InvalidInput, match="table tenders has 1 rows and not 7"):
            restore(shop_engine, file)

    def test_an_open_till(self, shop_engine: Engine, file: Path) -> None:
        till = create_engine_for(shop_engine.url.render_as_string(hide_password=False))
        till.connect().close()  # the pool of a till that waits keeps its connection
        with pytest.raises(Conflict, match=r"A till or server has this shop open\. Close all of them"):
            restore(shop_engine, file)
        till.dispose()


ADDED_LATER = (
    "api_keys",
    "basket_operations",
    "counter_memories",
    "empty_counters",
    "idempotency_keys",
    "learned_aliases",
    "products_added_when_sure",
    "recognition_events",
    "shop_settings",
    "taught_photos",
    "taught_vectors",
    "till_leases",
    "unacknowledged_sales",
    "wrong_item_notices",
)


def as_of_first_version(manifest: dict[str, Any]) -> None:
    """Leave out what later versions added: their tables were empty, or hold one number."""
    manifest["schema"] = "0001"
    assert manifest["tables"].pop("taught_revision")["rows"] == 1
    for name in ADDED_LATER:
        assert manifest["tables"].pop(name)["rows"] == 0


def rewrite(
    file: Path, change: Callable[[dict[str, Any]], object], tables: Mapping[str, bytes] = MappingProxyType({})
) -> None:
    """Change the manifest of a backup and put these members in place of its own."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    members |= {**tables, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def leave_out_columns(file: Path, table: str, names: list[str]) -> None:
    """Write a table of a backup as it was before it had these columns, which are its last."""
    with zipfile.ZipFile(file) as archive:
        (member,) = [name for name in archive.namelist() if table in name]
        data = archive.read(member)
    rows = [row.rsplit(b"\t", len(names))[0] + b"\n" for row in data.splitlines()]

    def change(manifest: dict[str, Any]) -> None:
        dump = manifest["tables"][table]
        assert dump["columns"][-len(names) :] == names
        dump["columns"] = dump["columns"][: -len(names)]
        dump["sha256"] = hashlib.sha256(b"".join(rows)).hexdigest()

    rewrite(file, change, {member: b"".join(rows)})


class no_file_longer_than:  # noqa: N801 - reads as a sentence
    """Let the system refuse to write more, as a full disk does."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __enter__(self) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._length, self._before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)
