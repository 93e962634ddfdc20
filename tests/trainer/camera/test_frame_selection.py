from collections import Counter
from collections.abc import Iterable

import cv2
import numpy as np

from trainer.camera.frame_selection import FrameSelector, SelectedFrame
from trainer.data.image_measures import sharpness
from trainer.synthetic.video import video_frames

RATE = 30


def moving(seconds: float) -> list[np.ndarray]:
    return [
        each.image for each in video_frames([("Apple", 3)], seconds, RATE, width=240, height=240)
    ]


def choices(frames: Iterable[np.ndarray], rate: float) -> list[SelectedFrame]:
    chooser = FrameSelector(rate)
    found = [chooser.offer(frame, number / RATE) for number, frame in enumerate(frames)]
    return [chosen for chosen in (*found, chooser.finish()) if chosen is not None]


def verdicts(chosen: Iterable[SelectedFrame]) -> Counter[str]:
    return Counter(each.verdict for each in chosen)


def test_a_moving_thing_is_kept_at_the_rate_that_was_asked_for() -> None:
    found = verdicts(choices(moving(2), rate=5))
    assert found["kept"] + found["alike"] == 10
    assert found["kept"] >= 7


def test_a_thing_that_does_not_move_is_kept_once() -> None:
    still = moving(0.1)[0]
    random = np.random.default_rng(0)
    frames = [
        np.clip(still + random.normal(0, 3, still.shape), 0, 255).astype(np.uint8)
        for _ in range(60)
    ]
    assert verdicts(choices(frames, rate=5)) == {"kept": 1, "alike": 9}


def test_the_sharpest_frame_of_an_interval_is_taken() -> None:
    frames = moving(0.2)
    frames = [cv2.blur(frame, (9, 9)) if n != 3 else frame for n, frame in enumerate(frames)]
    (chosen,) = choices(frames, rate=5)
    assert chosen.verdict == "kept"
    assert chosen.frame is frames[3]


def test_a_moment_of_blur_is_left_out() -> None:
    frames = moving(3)
    frames[30:60] = [cv2.blur(frame, (20, 1)) for frame in frames[30:60]]
    found = choices(frames, rate=5)
    assert [chosen.verdict for chosen in found[5:10]] == 5 * ["blurred"]
    assert "blurred" not in {chosen.verdict for chosen in (*found[:5], *found[10:])}


def test_a_camera_that_is_out_of_focus_gives_nothing() -> None:
    frames = [cv2.GaussianBlur(frame, (0, 0), 8) for frame in moving(1)]
    assert set(verdicts(choices(frames, rate=5))) == {"blurred"}
    assert sharpness(frames[0]) < 20


def test_a_covered_lens_gives_nothing() -> None:
    dark = np.random.default_rng(0).integers(0, 12, (30, 240, 240, 3), dtype=np.uint8)
    assert set(verdicts(choices(dark, rate=5))) == {"blurred"}


def test_a_camera_that_stalls_does_not_owe_what_it_missed() -> None:
    chooser = FrameSelector(5)
    frames = moving(1)
    taken_at = [0.0, 0.1, 5.0, 5.1, 5.25, 5.3]
    found = [chooser.offer(frames[4 * n], at) for n, at in enumerate(taken_at)]
    assert [chosen is not None for chosen in found] == [False, False, True, False, True, False]


def test_a_recording_without_a_frame_gives_nothing() -> None:
    assert FrameSelector(5).finish() is None


def test_what_another_recording_has_shows_nothing_new() -> None:
    frames = moving(1)
    kept: list[np.ndarray] = []
    first, second = FrameSelector(5, kept), FrameSelector(5, kept)
    for chooser in (first, second):
        found = [chooser.offer(frame, number / RATE) for number, frame in enumerate(frames)]
        verdict = {chosen.verdict for chosen in found if chosen is not None}
        assert ("kept" in verdict) == (chooser is first)
