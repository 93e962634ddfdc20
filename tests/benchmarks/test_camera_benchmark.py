import urllib.request

import numpy as np
import pytest

from benchmarks.camera import RATE, SECONDS_A_PART, Show, Watched, print_rows
from benchmarks.network_camera import jpeg, network_camera, number_of, numbered


def watched(*labels: tuple[float, str], seconds: float = 10.0) -> Watched:
    found = Watched(seconds=seconds)
    for at, label in labels:
        found.show(at, label)
    return found


def test_one_change_for_each_new_thing_is_no_flicker() -> None:
    found = watched((0.3, "Apple"), (4.2, "Pear"), (4.4, "Pear"), (8.3, "Apple"))
    assert found.flicker([0.0, 4.0, 8.0]) == 0
    assert found.delays([0.0, 4.0, 8.0]) == pytest.approx([0.3, 0.2, 0.3])


def test_a_label_that_comes_late_or_goes_again_is_flicker() -> None:
    found = watched((0.3, "Apple"), (2.0, "Pear"), (2.2, "Apple"), (5.5, "Pear"))
    assert found.flicker([0.0, 4.0]) == 3
    assert found.delays([0.0, 4.0]) == pytest.approx([2.2, 1.5])


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    found = watched((0.3, "Apple"))
    found.latencies = [0.02] * 19 + [0.5]
    row = found.as_row([0.0])
    assert (row["latency_p50_ms"], row["latency_p95_ms"]) == (20.0, 500.0)
    print_rows({"ours": row})
    assert "500.0" in capsys.readouterr().out


def test_a_frame_is_as_late_as_its_number_says() -> None:
    show = Show("http://127.0.0.1", began_at=100.0, count=60)
    assert show.seconds_since_due(3, 100.0 + 3 / RATE + 0.02) == pytest.approx(0.02)
    # In the second round, one frame before the last.
    assert show.seconds_since_due(58, 100.0 + 119 / RATE) == pytest.approx(1 / RATE)
    assert show.changes(101.0, 110.0) == [100.0 + SECONDS_A_PART, 100.0 + 2 * SECONDS_A_PART]


@pytest.mark.parametrize("number", [0, 1, 1199, 65535])
def test_numbers_survive_jpeg(number: int) -> None:
    from io import BytesIO

    from PIL import Image

    image = numbered(np.full((240, 320, 3), 90, np.uint8), number)
    assert number_of(np.asarray(Image.open(BytesIO(jpeg(image))))) == number


def test_the_network_camera_sends_what_it_was_given() -> None:
    frames = [jpeg(np.full((16, 16, 3), grey, np.uint8)) for grey in (0, 200)]
    with network_camera(frames, rate=100) as camera:
        with urllib.request.urlopen(camera.address, timeout=10) as stream:
            sent = stream.read(3 * len(frames[0]) + 600)
        assert frames[0] in sent
        assert frames[1] in sent
        camera.mode = "cut"
        with pytest.raises(OSError):
            urllib.request.urlopen(camera.address, timeout=10)
