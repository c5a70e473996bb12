"""The schema: made at start, in step with what the program believes, guarded against what cannot be."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg2 import errors
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import SchemaTooNew
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.migrations import read_version, schema_version, upgrade
from visionscan_kiosk.persistence.tables import metadata


def test_upgrade_makes_the_schema_and_again_changes_nothing(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    with engine.connect() as connection:
        assert read_version(connection) is None
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert read_version(connection) == schema_version()
    engine.dispose()


def test_schema_version_is_alembics_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(bundled("alembic")))
    assert ScriptDirectory.from_config(config).get_current_head() == schema_version()


def test_tables_are_in_step_with_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_downgrade_leaves_nothing(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    config = Config()
    config.set_main_option("script_location", str(bundled("alembic")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert inspect(engine).get_sequence_names() == []
    upgrade(engine)
    engine.dispose()


def test_a_newer_schema_is_refused(own_database_url: str) -> None:
    engine = create_engine_for(own_database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        SchemaTooNew, match=r"newer version of this program \(schema 9999; this program knows"
    ):
        upgrade(engine)
    engine.dispose()


def test_a_failing_migration_changes_nothing(empty_database_url: str) -> None:
    engine = create_engine_for(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tenders (in_the_way int)"))
    with pytest.raises(Exception, match="tenders"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["tenders"]
    engine.dispose()


def test_a_start_on_a_current_schema_does_not_load_alembic(database_url: str) -> None:
    program = (
        "import sys; from visionscan_kiosk.persistence.engine import create_engine_for; "
        "from visionscan_kiosk.persistence.migrations import upgrade; "
        "upgrade(create_engine_for(sys.stdin.read())); sys.exit('alembic.config' in sys.modules)"
    )
    root = bundled("alembic").parent
    subprocess.run([sys.executable, "-c", program], input=database_url, text=True, check=True, cwd=root)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("inventory_master", "id sku name category price stock aliases created_at updated_at"),
        (
            "scan_sessions",
            "id status check_in_time check_out_time total_amount created_at outcome till_id",
        ),
        (
            "scan_items",
            "id session_id inventory_id detected_name confidence quantity unit_price first_seen created_at",
        ),
        ("inventory_movements", "id inventory_id change_qty reason session_id created_at note"),
    ],
)
def test_promised_columns(engine: Engine, table: str, columns: str) -> None:
    assert set(columns.split()) <= {column["name"] for column in inspect(engine).get_columns(table)}


def test_all_moments_know_their_zone(engine: Engine) -> None:
    with engine.connect() as connection:
        zoneless = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND data_type LIKE 'timestamp without%'"
            )
        ).all()
    assert zoneless == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("inventory_master", "sku"),
        ("scan_sessions", "status"),
        ("scan_items", "session_id"),
        ("inventory_movements", "inventory_id"),
        ("product_barcodes", "normalised"),
        ("inventory_master", "catalogue_revision"),
    ],
)
def test_promised_indexes(engine: Engine, table: str, column: str) -> None:
    with engine.connect() as connection:
        definitions = connection.execute(
            text("SELECT indexdef FROM pg_indexes WHERE tablename = :table"), {"table": table}
        ).scalars()
        assert any(definition.endswith(f"({column})") for definition in definitions)


PRODUCT = "INSERT INTO inventory_master (id, sku, name, category, price, stock) VALUES "
SESSION = "INSERT INTO scan_sessions (id, status, outcome, check_out_time, receipt_number, till_id) VALUES "
LINE_COLUMNS = "session_id, inventory_id, detected_name, confidence, quantity, unit_price"
LINE = f"INSERT INTO scan_items ({LINE_COLUMNS}) VALUES "
MOVEMENT = "INSERT INTO inventory_movements (inventory_id, change_qty, reason, session_id) VALUES "
TENDER = "INSERT INTO tenders (session_id, position, method, amount, given) VALUES "
OPERATION = "INSERT INTO basket_operations (id, session_id, kind, content, changes) VALUES "
LEASE = "INSERT INTO till_leases (till_id, holder, holder_name, expires_at) VALUES "
P, S = "'11111111-1111-4111-8111-111111111111'", "'22222222-2222-4222-8222-222222222222'"
NEW = "gen_random_uuid()"
STILL_USED = (errors.ForeignKeyViolation, errors.RestrictViolation)  # before and since PostgreSQL 18


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (f"{PRODUCT} ({NEW}, 'B', 'B', 'C', -1, 0)", errors.CheckViolation),
        (f"{PRODUCT} ({NEW}, 'B', 'B', 'C', 'NaN', 0)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'open', NULL, NULL, NULL, NULL)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'completed', NULL, now(), NULL, NULL)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'completed', 'ended', NULL, NULL, NULL)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'completed', 'lost', now(), NULL, NULL)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'completed', 'sold', now(), NULL, NULL)", errors.CheckViolation),
        (f"{SESSION} ({NEW}, 'completed', 'ended', now(), 1, NULL)", errors.CheckViolation),
        (f"{LINE} ({S}, NULL, 'x', 1.1, 1, NULL)", errors.CheckViolation),
        (f"{LINE} ({S}, NULL, 'x', 'NaN', 1, NULL)", errors.CheckViolation),
        (f"{LINE} ({S}, NULL, 'x', 1, 0, NULL)", errors.CheckViolation),
        (f"{LINE} ({S}, NULL, 'x', 1, 1, 1)", errors.CheckViolation),
        (f"{LINE} ({S}, {P}, 'x', 1, 1, NULL)", errors.CheckViolation),
        (f"{LINE} ({S}, {P}, 'x', 1, 1, -1)", errors.CheckViolation),
        (f"{LINE} ({S}, {P}, 'x', 1, 1, 1), ({S}, {P}, 'x', 1, 1, 1)", errors.UniqueViolation),
        (f"{LINE} ({S}, {NEW}, 'x', 1, 1, 1)", errors.ForeignKeyViolation),
        (f"{MOVEMENT} ({P}, 0, 'restock', NULL)", errors.CheckViolation),
        (f"{MOVEMENT} ({P}, 1, 'gift', NULL)", errors.CheckViolation),
        (f"{MOVEMENT} ({P}, -1, 'sale', NULL)", errors.CheckViolation),
        (f"{TENDER} ({S}, 0, 'cheque', 1, 1)", errors.CheckViolation),
        (f"{TENDER} ({S}, 0, 'cash', 2, 1)", errors.CheckViolation),
        (f"{MOVEMENT} ({P}, 1, 'opening', NULL); DELETE FROM inventory_master", STILL_USED),
        (f"{OPERATION} ({NEW}, {NEW}, 'k', '', '{{}}')", errors.ForeignKeyViolation),
        (f"{LEASE} ('t', 'h', 'n', now() - interval '1 minute')", errors.CheckViolation),
        ("INSERT INTO catalogue_revision VALUES (true, 2)", errors.UniqueViolation),
        ("INSERT INTO catalogue_revision VALUES (false, 2)", errors.CheckViolation),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(
    engine: Engine, statement: str, kind: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with engine.connect() as connection:
        connection.execute(text(f"{PRODUCT} ({P}, 'A', 'Apple', 'Fruit', 1, 1)"))
        connection.execute(text(f"{SESSION} ({S}, 'active', NULL, NULL, NULL, 'till')"))
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text(statement))
    assert isinstance(caught.value.orig, kind)
