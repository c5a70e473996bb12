"""Cameras, barcodes and models: pictures in, detections out.

OpenCV's wheel points Qt at its own plugins and fonts when it is imported. The till brings its own Qt, so both
variables are put back before anything else runs.
"""

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}
# Read once by OpenCV's video readers: quiet on stderr, and no read blocks a stop for ten seconds.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")

import cv2  # noqa: E402 # the variables must be known before it is imported

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
# A small PC has two cores: one must stay free for the screen while a picture is looked at.
cv2.setNumThreads(1)

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value
