"""Everything that a rehearsal plays with: time, counter, camera, hands, till, and others at the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from uuid import UUID

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.persistence.books import Books
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.rehearsal.camera import DrawnCamera
from visionscan_kiosk.rehearsal.hands import Hands, Motion
from visionscan_kiosk.rehearsal.script import Script
from visionscan_kiosk.rehearsal.shop import database_of, open_others
from visionscan_kiosk.rehearsal.till import RehearsedTill
from visionscan_kiosk.rehearsal.virtual_time import VirtualTime
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.settings import KioskSettings
from visionscan_kiosk.vision.counter import load_packs
from visionscan_kiosk.vision.counter.packs import PackPicture
from visionscan_kiosk.vision.counter.stage import Stage

SIZE: Final = (1280, 720)
EMPTY_S: Final = 1.5
"""For so long nothing lies there before the first step: the till learns the empty counter."""


@dataclass
class Scene:
    """One rehearsal's world. `pieces` names the product of every piece that was ever put down.

    `truths`: what really lay where the till follows a piece, by the piece's number; of the present program.
    """

    time: VirtualTime
    stage: Stage
    camera: DrawnCamera
    till: RehearsedTill
    elsewhere: KioskServices
    books: Books
    pieces: dict[str, str]
    truths: dict[int, str]

    def sku_of(self, product_id: UUID) -> str:
        """Return the SKU of a product."""
        return self.elsewhere.inventory.get_product(product_id).sku

    def sku_of_code(self, code: str) -> str:
        """Return the SKU of the product with this barcode, the code itself when there is none."""
        products = self.elsewhere.inventory.list_products()
        return next((product.sku for product in products if code in product.barcodes), code)

    @property
    def hands(self) -> Hands:
        """The hands at the counter."""
        return Hands(self.stage, SIZE, self.perform)

    def perform(self, seconds: float, motion: Motion) -> None:
        """Let time pass while something moves: it is posed before every picture, and at the end."""
        begin = self.time.seconds()
        self.camera.pose = lambda: motion(
            min(1.0, (self.time.seconds() - begin) / seconds) if seconds else 1.0
        )
        self.camera.pose()
        self.time.pass_by(seconds)
        self.camera.pose = _nothing_moves
        motion(1.0)

    def note_truths(self) -> None:
        """Remember of each piece that the till follows what really lies there: it may be taken away."""
        for piece in self.till.flow.goods.counter.pieces:
            under = [name for name in self.stage.names if self.stage.box_of(name).holds(piece.place)]
            if piece.is_there and under:
                self.truths[piece.id] = self.pieces[under[-1]]

    def wait(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, at most until something is true."""
        self.time.pass_by(seconds, until)


@contextmanager
def open_scene(script: Script, settings: KioskSettings) -> Iterator[Scene]:
    """Open the till on a bare counter and let it learn that one; `settings` name a shop that is its own."""
    time = VirtualTime()
    stage = _stage(script.seed)
    camera = DrawnCamera(time, stage, fps=script.fps, seed=script.seed, readable=script.readable)
    till = RehearsedTill(settings, time, stage, camera)
    engine = create_engine_for(database_of(settings))
    try:
        with open_others(settings) as others:
            till.start()
            time.pass_by(EMPTY_S)
            yield Scene(time, stage, camera, till, others, Books(engine), {}, {})
    finally:
        till.close()
        engine.dispose()
        _clear(stage)


@lru_cache(maxsize=2)
def _stage(seed: int) -> Stage:
    """Drawing a bare counter takes longer than many a script: it is kept for the next one."""
    return Stage(sample_packs(), size=SIZE, seed=seed)


def _clear(stage: Stage) -> None:
    for name in stage.names:
        stage.take(name)
    stage.hands, stage.bags, stage.light, stage.shake, stage.is_readable = (), (), 1.0, 0.0, True


@cache
def sample_packs() -> Mapping[str, PackPicture]:
    """Return the pictures of the sample shop's packs by SKU."""
    return load_packs(bundled("resources/sample_shop/packs"))


def _nothing_moves() -> None:
    """Between two movements."""
