"""Photos of taught products, and their vectors as float16."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from visionscan_kiosk.domain.errors import NotFound, ProductNotFound
from visionscan_kiosk.persistence.catalogue_revision import TaughtRevision
from visionscan_kiosk.persistence.tables import AnyRow, inventory, taught_photos, taught_vectors
from visionscan_kiosk.services.recognition_ports import TaughtPhoto, Vectors
from visionscan_kiosk.services.recognition_storage import (
    ComparedPhoto,
    NewPhoto,
    PhotoCounts,
    PhotoSource,
    StoredPhoto,
)

_BATCH = 500
_PHOTO = (
    taught_photos.c.id,
    taught_photos.c.inventory_id,
    taught_photos.c.source,
    taught_photos.c.is_held,
    taught_photos.c.created_at,
)
_VECTORS = (taught_vectors.c.views, taught_vectors.c.dimensions, taught_vectors.c.vectors)


class SqlTaughtPhotoRepository:
    """Implements services.recognition_storage.TaughtPhotoRepository on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revision = TaughtRevision(connection)

    def revision(self) -> int:
        """Return the number that grows with every change to photos or vectors."""
        return self._revision.read()

    def lock(self) -> None:
        """Let nobody else change photos until the transaction ends."""
        self._revision.take()

    def add(self, photo: NewPhoto) -> StoredPhoto:
        """Keep a photo; raise ProductNotFound."""
        self.lock()
        self._hold_product(photo.product_id)
        row = self._connection.execute(
            insert(taught_photos)
            .values(
                inventory_id=photo.product_id,
                picture=photo.picture,
                source=photo.source,
                is_held=photo.is_held,
            )
            .returning(*_PHOTO)
        ).one()
        self.add_vectors(row.id, photo.vectors, photo.model_version)
        return _to_photo(row)

    def get(self, photo_id: UUID) -> StoredPhoto:
        """Return a photo; raise NotFound."""
        row = self._connection.execute(select(*_PHOTO).where(taught_photos.c.id == photo_id)).one_or_none()
        if row is None:
            raise _gone()
        return _to_photo(row)

    def picture(self, photo_id: UUID) -> bytes:
        """Return the JPEG of a photo; raise NotFound."""
        statement = select(taught_photos.c.picture).where(taught_photos.c.id == photo_id)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise _gone()
        return bytes(row.picture)

    def list(self, product_id: UUID) -> Sequence[StoredPhoto]:
        """Return the photos of a product, newest first."""
        statement = select(*_PHOTO).where(taught_photos.c.inventory_id == product_id).order_by(*_newest())
        return [_to_photo(row) for row in self._connection.execute(statement)]

    def compared(self, product_id: UUID, model_version: str) -> Sequence[ComparedPhoto]:
        """Return the photos of a product that have vectors of this model, newest first."""
        statement = (
            select(*_PHOTO, *_VECTORS)
            .join_from(taught_photos, taught_vectors, _vectors_of(model_version))
            .where(taught_photos.c.inventory_id == product_id)
            .order_by(*_newest())
        )
        return [
            ComparedPhoto(_to_photo(row), _to_vectors(row)) for row in self._connection.execute(statement)
        ]

    def counts(self) -> Sequence[PhotoCounts]:
        """Return the counts of every product that has photos."""
        confirmed = taught_photos.c.source == PhotoSource.CONFIRMED
        statement = (
            select(
                taught_photos.c.inventory_id,
                func.count().filter(~confirmed),
                func.count().filter(confirmed),
                func.count().filter(taught_photos.c.is_held),
            )
            .group_by(taught_photos.c.inventory_id)
            .order_by(taught_photos.c.inventory_id)
        )
        return [PhotoCounts(*row) for row in self._connection.execute(statement)]

    def recognisable(self, model_version: str) -> frozenset[UUID]:
        """Return the ids of all photos that are not held and have vectors of this model."""
        statement = (
            select(taught_photos.c.id)
            .join_from(taught_photos, taught_vectors, _vectors_of(model_version))
            .where(~taught_photos.c.is_held)
        )
        return frozenset(self._connection.execute(statement).scalars())

    def read(self, photo_ids: Collection[UUID], model_version: str) -> Sequence[TaughtPhoto]:
        """Return these photos with their vectors of this model, those that still exist."""
        ids = [*photo_ids]
        batches = (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
        return [photo for batch in batches for photo in self._read(batch, model_version)]

    def without_vectors(self, model_version: str) -> Sequence[UUID]:
        """Return the ids of the photos that have no vectors of this model yet."""
        known = select(taught_vectors.c.photo_id).where(_vectors_of(model_version)).exists()
        statement = select(taught_photos.c.id).where(~known).order_by(*_newest())
        return self._connection.execute(statement).scalars().all()

    def add_vectors(self, photo_id: UUID, vectors: Vectors, model_version: str) -> None:
        """Keep the vectors of a further model; nothing happens when the photo is gone or has them."""
        self.lock()
        there = (
            select(taught_photos.c.id).where(taught_photos.c.id == photo_id).with_for_update(key_share=True)
        )
        if self._connection.execute(there).one_or_none() is None:
            return
        statement = insert_or_leave(taught_vectors).values(
            photo_id=photo_id,
            model_version=model_version,
            views=vectors.shape[0],
            dimensions=vectors.shape[1],
            vectors=np.ascontiguousarray(vectors, "<f2").tobytes(),
        )
        self._connection.execute(statement.on_conflict_do_nothing())

    def forget_old_vectors(self, model_version: str, unused_days: int) -> int:
        """Forget vectors of other models, where a photo has those of this one; return how many.

        Models that made vectors in these days stay: another till may use them. No revision is drawn, for
        nothing changes for who recognises by this model.
        """
        latest, present = taught_vectors.alias(), taught_vectors.alias()
        abandoned = (
            select(latest.c.model_version)
            .group_by(latest.c.model_version)
            .having(func.max(latest.c.created_at) < func.now() - timedelta(days=unused_days))
        )
        replaced = select(present.c.photo_id).where(present.c.model_version == model_version)
        statement = delete(taught_vectors).where(
            taught_vectors.c.model_version != model_version,
            taught_vectors.c.model_version.in_(abandoned),
            taught_vectors.c.photo_id.in_(replaced),
        )
        return self._connection.execute(statement).rowcount

    def without_label(self) -> Sequence[UUID]:
        """Return the ids of the photos whose label nobody has read yet."""
        statement = (
            select(taught_photos.c.id).where(taught_photos.c.label_text.is_(None)).order_by(*_newest())
        )
        return self._connection.execute(statement).scalars().all()

    def put_label(self, photo_id: UUID, text: str) -> None:
        """Keep what is printed on the thing, '' for nothing; a photo that is gone is left out."""
        chosen = taught_photos.c.id == photo_id
        self._connection.execute(taught_photos.update().where(chosen).values(label_text=text))

    def labels(self, product_ids: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
        """Return the text of each photo of these products that has any and is recognised by."""
        statement = (
            select(taught_photos.c.inventory_id, taught_photos.c.label_text)
            .where(taught_photos.c.inventory_id.in_([*product_ids]))
            .where(~taught_photos.c.is_held, taught_photos.c.label_text != "")
        )
        found = defaultdict(list)
        for product_id, text in self._connection.execute(statement):
            found[product_id].append(text)
        return found

    def release(self, photo_ids: Collection[UUID]) -> None:
        """Let photos that were held be recognised by."""
        self.lock()
        chosen = taught_photos.c.id.in_([*photo_ids])
        self._connection.execute(taught_photos.update().where(chosen).values(is_held=False))

    def remove(self, photo_ids: Collection[UUID]) -> int:
        """Forget photos; return how many there were."""
        return self._remove(taught_photos.c.id.in_([*photo_ids]))

    def remove_product(self, product_id: UUID) -> int:
        """Forget all photos of a product; return how many there were."""
        return self._remove(taught_photos.c.inventory_id == product_id)

    def purge(self, source: PhotoSource, older_than_days: int | None = None) -> int:
        """Forget all photos that the shop came by this way, or those older than so many days."""
        condition: ColumnElement[bool] = taught_photos.c.source == source
        if older_than_days is not None:
            condition &= taught_photos.c.created_at < func.now() - timedelta(days=older_than_days)
        return self._remove(condition)

    def _remove(self, condition: ColumnElement[bool]) -> int:
        self.lock()
        return self._connection.execute(delete(taught_photos).where(condition)).rowcount

    def _read(self, photo_ids: Sequence[UUID], model_version: str) -> Sequence[TaughtPhoto]:
        statement = (
            select(taught_photos.c.id, taught_photos.c.inventory_id, *_VECTORS)
            .join_from(taught_photos, taught_vectors, _vectors_of(model_version))
            .where(taught_photos.c.id.in_(photo_ids))
        )
        rows = self._connection.execute(statement)
        return [TaughtPhoto(row.id, row.inventory_id, _to_vectors(row)) for row in rows]

    def _hold_product(self, product_id: UUID) -> None:
        """Keep the product from being deleted before the photo that refers to it is there."""
        statement = (
            select(inventory.c.id)
            .where(inventory.c.id == product_id)
            .with_for_update(read=True, key_share=True)
        )
        if self._connection.execute(statement).one_or_none() is None:
            raise ProductNotFound(product_id)


def _newest() -> tuple[ColumnElement[Any], ...]:
    return taught_photos.c.created_at.desc(), taught_photos.c.id


def _vectors_of(model_version: str) -> ColumnElement[bool]:
    return (taught_vectors.c.photo_id == taught_photos.c.id) & (
        taught_vectors.c.model_version == model_version
    )


def _to_vectors(row: AnyRow) -> Vectors:
    return np.frombuffer(row.vectors, "<f2").reshape(row.views, row.dimensions)


def _to_photo(row: AnyRow) -> StoredPhoto:
    return StoredPhoto(row.id, row.inventory_id, PhotoSource(row.source), row.is_held, row.created_at)


def _gone() -> NotFound:
    return NotFound("This photo was removed already.")
