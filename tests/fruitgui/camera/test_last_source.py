from pathlib import Path

from fruitgui.camera.last_source import LastSource
from fruitgui.camera.sources import Source, address, video_file
from fruitgui.settings import Settings


def test_the_source_that_gave_images_last_is_chosen_again(settings: Settings) -> None:
    last = LastSource(settings)
    assert last.stream is None
    for source in (video_file(Path("apples.avi")), address("rtsp://shop.example/stall")):
        last.remember(source)
        assert last.stream == source
        assert not last.is_camera(source.place)
    last.remember(Source("Desk camera", 1))
    assert last.stream is None
    assert last.is_camera("Desk camera")
    assert not last.is_camera("Door camera")


def test_what_says_who_may_use_a_camera_is_kept_nowhere(settings: Settings) -> None:
    last = LastSource(settings)
    last.remember(address("rtsp://shop.example/stall"))
    last.remember(address("rtsp://grocer:pa#ss@shop.example/store"))
    last.remember(address("http://shop.example/mjpeg?token=4711"))
    assert last.stream == address("rtsp://shop.example/stall")
