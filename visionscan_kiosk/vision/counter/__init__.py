"""A drawn shop counter that behaves like a camera: for the demo, for trying out and for tests."""

from visionscan_kiosk.vision.counter.packs import load_packs
from visionscan_kiosk.vision.counter.simulated_counter import CounterSource, SimulatedCounter
from visionscan_kiosk.vision.counter.stage import Stage

__all__ = ["CounterSource", "SimulatedCounter", "Stage", "load_packs"]
