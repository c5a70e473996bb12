"""Every kind of camera source that can be tried without a device."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ollama_stand_in import OllamaStandIn
from visionscan_kiosk.domain.errors import CameraUnavailable
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.camera import open_camera
from visionscan_kiosk.vision.camera.folder_source import FolderSource
from visionscan_kiosk.vision.counter import SimulatedCounter
from visionscan_kiosk.vision.pace import Pace

RED, BLUE = (0, 0, 200), (200, 0, 0)


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (48, 64)) -> Image:
    return np.full((*size, 3), colour, np.uint8)


def colour_of(picture: Image | None) -> str:
    assert picture is not None
    blue, _, red = picture.reshape(-1, 3).mean(axis=0)
    return "red" if red > blue else "blue"


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "till.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 60.0, (64, 48))
    for colour in (RED, BLUE):
        writer.write(plain(colour))
    writer.release()
    return path


def test_video_file_plays_and_starts_again(video: Path) -> None:
    source = open_camera(str(video))
    assert [colour_of(source.read()) for _ in range(4)] == ["red", "blue", "red", "blue"]
    assert source.description == "video till.avi"
    source.close()


def test_folder_shows_its_pictures_in_turn(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), plain(RED))
    (tmp_path / "2.jpg").write_bytes(b"no picture")
    cv2.imwrite(str(tmp_path / "3.jpg"), plain(BLUE))
    (tmp_path / "notes.txt").write_text("not shown")
    source = FolderSource(tmp_path, frames_per_second=1000, frames_per_picture=2)
    assert [colour_of(source.read()) for _ in range(6)] == ["red", "red", "blue", "blue", "red", "red"]


def test_folder_pictures_fit_a_camera(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "large.png"), plain(RED, (3000, 4000)))
    picture = open_camera(str(tmp_path)).read()
    assert picture is not None
    assert picture.shape == (1440, 1920, 3)


def test_what_is_read_from_a_folder_may_be_drawn_on(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), plain(RED))
    source = FolderSource(tmp_path, frames_per_second=1000)
    first = source.read()
    assert first is not None
    first[:] = 0
    assert colour_of(source.read()) == "red"


@pytest.mark.parametrize("name", ["empty", "unreadable"])
def test_folder_of_no_use_is_told(tmp_path: Path, name: str) -> None:
    if name == "unreadable":
        (tmp_path / "1.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(CameraUnavailable, match="no readable"):
        open_camera(str(tmp_path))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("97", "no camera 97"),
        ("/nowhere/at/all.mp4", "no camera source"),
        ("counter:NOSUCH", "no pack of NOSUCH"),
        ("rtsp://mina:secret@127.0.0.1:9/door", "does not answer"),
    ],
)
def test_absent_camera_is_told(source: str, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CameraUnavailable, match=words) as caught:
        open_camera(source)
    assert "secret" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_file_that_is_no_video_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.mp4"
    path.write_text("not a video")
    with pytest.raises(CameraUnavailable, match="cannot be played"):
        open_camera(str(path))
    assert capfd.readouterr().err == ""


def test_an_address_that_is_no_camera_is_told() -> None:
    with OllamaStandIn() as server, pytest.raises(CameraUnavailable, match="does not answer"):
        open_camera(f"{server.endpoint}/stream")


def test_counter_is_the_one_that_was_given() -> None:
    counter = SimulatedCounter({"A": plain(RED, (200, 100))}, size=(320, 180))
    source = open_camera("counter:A", counter)
    picture = source.read()
    assert counter.on_counter == ("A",)
    assert picture is not None
    assert picture.shape == (180, 320, 3)
    open_camera("counter:A", counter)
    assert counter.on_counter == ("A",), "reconnecting does not put the goods down twice"


class TestPace:
    def test_waits_for_each_picture_and_makes_up_for_nothing(self) -> None:
        now = [0.0]
        slept: list[float] = []

        def sleep(seconds: float) -> None:
            slept.append(round(seconds, 3))
            now[0] += seconds

        pace = Pace(10, clock=lambda: now[0], sleep=sleep)
        for busy in (0.0, 0.04, 0.5, 0.0):
            now[0] += busy
            pace.wait()
        assert slept == [0.06, 0.1]
