"""The sample shop in databases of its own: one is prepared, and every rehearsal plays on a fresh copy.

Nothing of it runs in a thread and no vision model is asked: all that happens is what the script does.
"""

from __future__ import annotations

import gc
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from visionscan_kiosk.bootstrap import Shop, equip, open_database
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import DetectorUnavailable, KioskError
from visionscan_kiosk.persistence.books import watch_line
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.services.kiosk import KioskServices, TillEquipment
from visionscan_kiosk.services.ports import PictureDetector, SimulatedCounterPort
from visionscan_kiosk.services.sample_shop import stock_sample_shop
from visionscan_kiosk.settings import KioskSettings
from visionscan_kiosk.vision.model_on_demand import ModelOnDemand

if TYPE_CHECKING:
    from visionscan_kiosk.vision.ollama import OllamaModels

TILL: Final = "till-rehearsing"

_LOG = logging.getLogger(__name__)
_PREFIX = "visionscan_rehearsal"


class RehearsalShops:
    """Gives each rehearsal a shop that nothing has happened in."""

    def __init__(self, databases: SpareDatabases, settings: KioskSettings, prepared: str) -> None:
        self._databases = databases
        self._settings = settings
        self._prepared = prepared

    @contextmanager
    def fresh(self) -> Iterator[KioskSettings]:
        """Yield the settings of a till on a fresh shop; it is gone afterwards."""
        name = self._databases.create(self._prepared)
        try:
            yield _on(self._settings, self._databases.url(name))
        finally:
            self._databases.drop(name)
            gc.collect()  # a till is full of circles, and its pictures are large


@contextmanager
def open_shops(
    settings: KioskSettings, *, server_url: str | None = None, folder: Path | None = None
) -> Iterator[RehearsalShops]:
    """Prepare the sample shop on this server, or on an embedded one that ends with the rehearsals.

    That one lies in a new folder inside of `folder`, and is removed.
    """
    with _embedded(folder) if server_url is None else nullcontext(server_url) as admin_url:
        databases = SpareDatabases(admin_url, _PREFIX)
        plain = rehearsal_settings(settings)
        prepared = databases.create()
        try:
            _prepare(_on(plain, databases.url(prepared)))
            gc.freeze()  # what is there already need not be looked through after each rehearsal
            yield RehearsalShops(databases, plain, prepared)
        finally:
            gc.unfreeze()
            databases.drop(prepared)


@contextmanager
def open_till(
    settings: KioskSettings, counter: SimulatedCounterPort, eyes: PictureDetector, begins: Callable[[], None]
) -> Iterator[TillEquipment]:
    """Open a till on a fresh shop.

    `begins` is called before each use of the database, and may raise what that use shall fail with.
    """
    engine = create_engine_for(database_of(settings))
    try:
        watch_line(engine, begins)
        shop = Shop(settings, engine, _no_model(), _at_once, eyes)
        yield replace(equip(shop, TILL, counter=None), counter=counter)
    finally:
        engine.dispose()


@contextmanager
def open_others(settings: KioskSettings) -> Iterator[KioskServices]:
    """Open what other clients of the same shop use."""
    engine = create_engine_for(database_of(settings))
    try:
        yield Shop(settings, engine, _no_model(), _at_once).services
    finally:
        engine.dispose()


def database_of(settings: KioskSettings) -> str:
    """Return the address of a shop's database."""
    if settings.database_url is None:
        raise AssertionError("the settings of a rehearsal name its database")
    return settings.database_url.get_secret_value()


def _prepare(settings: KioskSettings) -> None:
    with open_database(settings) as database:
        shop = Shop(settings, database.engine, _no_model(), _at_once)
        stock_sample_shop(shop.services, bundled("resources/sample_shop"))


def _at_once(work: Callable[[], None]) -> None:
    """What would run in the background takes its turn in the lane that asks for it."""
    try:
        work()
    except KioskError as error:
        _LOG.warning("work in the background failed: %s", error)


def _no_model() -> ModelOnDemand:
    def refuse() -> OllamaModels:
        raise DetectorUnavailable("No vision model takes part in a rehearsal.")

    return ModelOnDemand(lambda: "none", refuse)


def rehearsal_settings(settings: KioskSettings) -> KioskSettings:
    """Return settings that are the same on every machine: only where things lie is the caller's."""
    return KioskSettings.model_construct(
        **{
            **{name: field.get_default() for name, field in KioskSettings.model_fields.items()},
            "data_dir": settings.data_dir,
            "debug": settings.debug,
            "shop_name": "Corner Greens",
            "read_labels": False,
        }
    )


@contextmanager
def _embedded(parent: Path | None) -> Iterator[str]:
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="visionscan-rehearsal-", dir=parent))
    folder.chmod(0o755)  # the server may have to run as another user
    try:
        with EmbeddedPostgres(folder / "postgres", durable=False) as server:
            yield server.url("postgres")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on(settings: KioskSettings, url: str) -> KioskSettings:
    return settings.model_copy(update={"database_url": SecretStr(url)})
