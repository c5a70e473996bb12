"""VisionScan Kiosk: a point of sale with eyes."""

__version__ = "0.1.0"
