"""The tables as SQLAlchemy Core knows them. Alembic owns the schema; a test keeps the two in step.

Checks and foreign keys' rules stand in the migrations only: nothing here creates a table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Row,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

AnyRow = Row[*tuple[Any, ...]]
"""A row of a result, read by column name."""

metadata = MetaData()

receipt_numbers = Sequence("receipt_numbers", metadata=metadata)


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=func.now())


catalogue_revision = Table(
    "catalogue_revision",
    metadata,
    Column("only_row", Boolean, primary_key=True, server_default=text("true")),
    Column("revision", BigInteger, nullable=False),
)

inventory = Table(
    "inventory_master",
    metadata,
    _id(),
    Column("sku", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("category", String(100), nullable=False),
    Column("price", Numeric(12, 2), nullable=False),
    Column("stock", Integer, nullable=False, server_default="0"),
    Column("aliases", ARRAY(Text), nullable=False, server_default="{}"),
    Column("catalogue_revision", BigInteger, nullable=False, server_default="0"),
    _moment("created_at"),
    _moment("updated_at"),
    UniqueConstraint("sku", name="uq_inventory_master_sku"),
    Index("ix_inventory_master_catalogue_revision", "catalogue_revision"),
)

barcodes = Table(
    "product_barcodes",
    metadata,
    Column("normalised", String(80), primary_key=True),
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), nullable=False),
    Column("barcode", String(80), nullable=False),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Index("ix_product_barcodes_inventory_id", "inventory_id"),
)

pictures = Table(
    "product_pictures",
    metadata,
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("media_type", String(50), nullable=False),
    _moment("updated_at"),
)

sessions = Table(
    "scan_sessions",
    metadata,
    _id(),
    Column("status", String(16), nullable=False, server_default="active"),
    _moment("check_in_time"),
    Column("check_out_time", DateTime(timezone=True)),
    Column("total_amount", Numeric(16, 2), nullable=False, server_default="0"),
    _moment("created_at"),
    Column("outcome", String(16)),
    Column("till_id", String(100)),
    Column("receipt_number", BigInteger),
    Column("held_at", DateTime(timezone=True)),
    Column("held_by", Uuid),
    Column("hold_note", String(500)),
    UniqueConstraint("receipt_number", name="uq_scan_sessions_receipt_number"),
    Index("ix_scan_sessions_status", "status"),
    Index(
        "uq_scan_sessions_open_till",
        "till_id",
        unique=True,
        postgresql_where=text("status = 'active' AND held_at IS NULL"),
    ),
    Index("ix_scan_sessions_held_at", "held_at", postgresql_where=text("held_at IS NOT NULL")),
    Index("ix_scan_sessions_sold", "check_out_time", postgresql_where=text("outcome = 'sold'")),
)

items = Table(
    "scan_items",
    metadata,
    _id(),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="RESTRICT")),
    Column("detected_name", String(500), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Numeric(12, 2)),
    _moment("first_seen"),
    _moment("created_at"),
    Column("sold_sku", String(64)),
    Column("sold_name", String(200)),
    UniqueConstraint("session_id", "inventory_id", name="uq_scan_items_session_id_inventory_id"),
    Index("ix_scan_items_session_id", "session_id"),
    Index("ix_scan_items_inventory_id", "inventory_id"),
)

movements = Table(
    "inventory_movements",
    metadata,
    _id(),
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="RESTRICT"), nullable=False),
    Column("change_qty", Integer, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="RESTRICT")),
    Column("note", String(500)),
    _moment("created_at"),
    Index("ix_inventory_movements_inventory_id", "inventory_id"),
    Index("ix_inventory_movements_session_id", "session_id"),
    Index(
        "ix_inventory_movements_sold",
        "created_at",
        postgresql_include=["inventory_id", "change_qty"],
        postgresql_where=text("reason = 'sale'"),
    ),
)

tenders = Table(
    "tenders",
    metadata,
    _id(),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="RESTRICT"), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("method", String(16), nullable=False),
    Column("amount", Numeric(16, 2), nullable=False),
    Column("given", Numeric(16, 2), nullable=False),
    _moment("created_at"),
    UniqueConstraint("session_id", "position", name="uq_tenders_session_id_position"),
)

unacknowledged_sales = Table(
    "unacknowledged_sales",
    metadata,
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("till_id", String(100), nullable=False),
    _moment("created_at"),
    Index("ix_unacknowledged_sales_till_id", "till_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    Column("name", String(100), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    _moment("created_at"),
    Column("revoked_at", DateTime(timezone=True)),
    UniqueConstraint("name", name="uq_api_keys_name"),
    UniqueConstraint("token_hash", name="uq_api_keys_token_hash"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", String(300), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("body", LargeBinary),
    _moment("created_at"),
    Index("ix_idempotency_keys_created_at", "created_at"),
)

taught_revision = Table(
    "taught_revision",
    metadata,
    Column("only_row", Boolean, primary_key=True, server_default=text("true")),
    Column("revision", BigInteger, nullable=False),
)

taught_photos = Table(
    "taught_photos",
    metadata,
    _id(),
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), nullable=False),
    Column("picture", LargeBinary, nullable=False),
    Column("source", String(16), nullable=False),
    Column("is_held", Boolean, nullable=False, server_default=text("false")),
    _moment("created_at"),
    Column("label_text", String(2000)),
    Index("ix_taught_photos_inventory_id", "inventory_id"),
)

taught_vectors = Table(
    "taught_vectors",
    metadata,
    Column("photo_id", ForeignKey("taught_photos.id", ondelete="CASCADE"), primary_key=True),
    Column("model_version", String(100), primary_key=True),
    Column("views", SmallInteger, nullable=False),
    Column("dimensions", Integer, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    _moment("created_at"),
)

recognition_events = Table(
    "recognition_events",
    metadata,
    _id(),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="SET NULL")),
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), nullable=False),
    Column("decided_by", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    Column("model", String(200), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("candidates", ARRAY(Uuid), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("seconds", Float(53), nullable=False),
    _moment("created_at"),
    Column("was_taught", Boolean, nullable=False, server_default=text("true")),
    Index("ix_recognition_events_inventory_id", "inventory_id"),
    Index("ix_recognition_events_session_id", "session_id"),
    Index("ix_recognition_events_created_at", "created_at"),
)

learned_aliases = Table(
    "learned_aliases",
    metadata,
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), primary_key=True),
    Column("alias", String(200), primary_key=True),
    _moment("created_at"),
)

shop_settings = Table(
    "shop_settings",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", JSONB, nullable=False),
    _moment("changed_at"),
)

products_added_when_sure = Table(
    "products_added_when_sure",
    metadata,
    Column("inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), primary_key=True),
    _moment("created_at"),
)

empty_counters = Table(
    "empty_counters",
    metadata,
    Column("till_id", String(64), primary_key=True),
    Column("picture", LargeBinary, nullable=False),
    _moment("learned_at"),
)

basket_operations = Table(
    "basket_operations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("item_id", Uuid),
    Column("before", JSONB(none_as_null=True)),
    _moment("created_at"),
    Index("ix_basket_operations_session_id", "session_id"),
    Index("ix_basket_operations_created_at", "created_at"),
)

till_leases = Table(
    "till_leases",
    metadata,
    Column("till_id", String(100), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("holder_name", String(200), nullable=False),
    _moment("taken_at"),
    _moment("renewed_at"),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

counter_memories = Table(
    "counter_memories",
    metadata,
    Column("till_id", String(100), primary_key=True),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("content", JSONB, nullable=False),
    _moment("kept_at"),
    Index("ix_counter_memories_session_id", "session_id"),
)

wrong_item_notices = Table(
    "wrong_item_notices",
    metadata,
    _id(),
    Column("session_id", ForeignKey("scan_sessions.id", ondelete="SET NULL")),
    Column("coded_inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), nullable=False),
    Column("seen_inventory_id", ForeignKey("inventory_master.id", ondelete="CASCADE"), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("answer", String(16)),
    _moment("created_at"),
    Index("ix_wrong_item_notices_created_at", "created_at"),
    Index("ix_wrong_item_notices_session_id", "session_id"),
    Index("ix_wrong_item_notices_coded_inventory_id", "coded_inventory_id"),
    Index("ix_wrong_item_notices_seen_inventory_id", "seen_inventory_id"),
)
