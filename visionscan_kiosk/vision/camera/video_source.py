"""Webcams, network cameras and video files, through OpenCV."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np

from visionscan_kiosk.domain.errors import CameraUnavailable
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.pace import Pace

_WIDTH, _HEIGHT, _FRAMES_PER_SECOND = 1280, 720, 30
_NETWORK_TIMEOUT_MS = 4000
_PASSWORD = re.compile(r"//[^/@]*@")


class WebcamSource:
    """A camera of this machine, by number or device path."""

    def __init__(self, device: int | str) -> None:
        self._capture = cv2.VideoCapture(device)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraUnavailable(
                f"There is no camera {device}, or another program uses it. Plug it in or name another."
            )
        self._description = f"camera {device}"
        # Compressed pictures first: many webcams reach 30 frames a second at this size only with them.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, _WIDTH)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT)
        self._capture.set(cv2.CAP_PROP_FPS, _FRAMES_PER_SECOND)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    @property
    def description(self) -> str:
        """The camera's number or path."""
        return self._description

    def read(self) -> Image | None:
        """Return the next picture; a webcam that gives none was unplugged."""
        return _next_picture(self._capture, f"The {self._description} stopped. Check its cable.")

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


class NetworkSource:
    """A network camera (rtsp://, http://). Opening and every read give up after four seconds."""

    def __init__(self, url: str) -> None:
        self._description = _PASSWORD.sub("//", url)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _NETWORK_TIMEOUT_MS]
        limits += [cv2.CAP_PROP_READ_TIMEOUT_MSEC, _NETWORK_TIMEOUT_MS]
        self._capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraUnavailable(
                f"The network camera {self._description} does not answer. Check its address and the network."
            )

    @property
    def description(self) -> str:
        """The address without name and password."""
        return self._description

    def read(self) -> Image | None:
        """Return the next picture."""
        return _next_picture(self._capture, f"The network camera {self._description} stopped sending.")

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


class VideoFileSource:
    """A video file, played at its own speed and again from the start."""

    def __init__(self, path: Path) -> None:
        self._description = f"video {path.name}"
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraUnavailable(f"The video {path} cannot be played. Choose another file.")
        self._pace = Pace(_sensible(self._capture.get(cv2.CAP_PROP_FPS)))

    @property
    def description(self) -> str:
        """The file's name."""
        return self._description

    def read(self) -> Image | None:
        """Return the next picture when it is due."""
        self._pace.wait()
        is_read, picture = self._capture.read()
        if is_read:
            return np.asarray(picture, np.uint8)
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        return _next_picture(self._capture, f"The {self._description} holds no pictures.")

    def close(self) -> None:
        """Close the file."""
        self._capture.release()


def _next_picture(capture: cv2.VideoCapture, if_lost: str) -> Image:
    is_read, picture = capture.read()
    if not is_read:
        raise CameraUnavailable(if_lost)
    return np.asarray(picture, np.uint8)


def _sensible(frames_per_second: float) -> float:
    return frames_per_second if 1 <= frames_per_second <= 120 else _FRAMES_PER_SECOND
