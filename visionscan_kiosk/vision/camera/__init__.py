"""Cameras of every kind behind one small protocol, and the loop that watches one."""

from visionscan_kiosk.vision.camera.capture_loop import CaptureLoop
from visionscan_kiosk.vision.camera.open_camera import capture_opener, open_camera
from visionscan_kiosk.vision.camera.source import FrameSource

__all__ = ["CaptureLoop", "FrameSource", "capture_opener", "open_camera"]
