"""What lies on the counter: when something new lies still, where each item is, its upright picture."""

from visionscan_kiosk.vision.items.counter_items import CounterItemFinder
from visionscan_kiosk.vision.items.counter_pictures import JpegCounterPictures
from visionscan_kiosk.vision.items.scene_gate import StillSceneGate

__all__ = ["CounterItemFinder", "JpegCounterPictures", "StillSceneGate"]
