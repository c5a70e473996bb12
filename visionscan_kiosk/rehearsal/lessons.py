"""Teaching in a rehearsal: a product is shown in many poses on a counter of its own."""

from __future__ import annotations

import random

from visionscan_kiosk.rehearsal.scene import SIZE, Scene, sample_packs
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.counter.stage import Stage
from visionscan_kiosk.vision.items import CounterItemFinder


def teach(scene: Scene, sku: str, photos: int) -> None:
    """Show a product so often that the till knows it; the counter before the camera is left alone."""
    counter = Stage(sample_packs(), size=SIZE, seed=1)
    finder = CounterItemFinder()
    finder.learn_empty_counter(counter.render(0))
    product = next(item for item in scene.elsewhere.inventory.list_products() if item.sku == sku)
    pictures = [_shown(counter, sku, number) for number in range(photos)]
    with scene.till.line.directly():
        scene.till.services.teaching.teach(product.id, pictures, finder=finder)


def _shown(counter: Stage, sku: str, number: int) -> Image:
    chance = random.Random(f"{sku}/{number}")  # noqa: S311 - no secret
    x, y = (chance.uniform(0.35, 0.65) * side for side in SIZE)
    counter.put(sku, sku, x, y, chance.uniform(-15, 15) + 90 * (number % 4))
    picture = counter.render(number)
    counter.take(sku)
    return picture
