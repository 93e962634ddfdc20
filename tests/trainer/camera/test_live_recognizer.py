from itertools import groupby

import numpy as np
import pytest

from trainer import paths
from trainer.camera.frame_measures import guided
from trainer.camera.live_recognizer import LiveRecognizer
from trainer.inference.predictor import Predictor
from trainer.synthetic.video import video_frames

PARTS = (("Apple", 3), (None, 1), ("Orange", 1), ("Carrots", 6))
RATE = 10


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return Predictor(paths.starter_model())


@pytest.fixture
def live(predictor: Predictor) -> LiveRecognizer:
    return LiveRecognizer(predictor)


def frame(kind: str | None, seed: int, noise: float = 0.0) -> np.ndarray:
    return next(iter(video_frames([(kind, seed)], seconds=0.1, noise=noise, rate=RATE))).image


def test_a_video_of_changing_produce_is_labelled_calmly(live: LiveRecognizer) -> None:
    shown = []
    for number, each in enumerate(video_frames(PARTS, seconds=2, rate=RATE)):
        answer = live.answer(each.image, number / 10)
        shown.append((each.part, answer.state, answer.label))
    names = [label for label, _ in groupby(label or state for _, state, label in shown)]
    assert names[-1] == "Carrots"
    assert {"Apple", "nothing", "Orange"} < set(names)
    # Four parts make three changes that are real.
    assert len(names) - 1 <= 4
    for part in range(1, len(PARTS)):
        of_part = [entry[1:] for entry in shown if entry[0] == part]
        # Half a second after the change it says what it says in the end.
        assert of_part[5] == of_part[-1]


def test_a_scene_that_does_not_change_is_not_inferred_again(live: LiveRecognizer) -> None:
    frames = [each.image for each in video_frames([("Apple", 3)], seconds=0.1, noise=0, rate=RATE)]
    random = np.random.default_rng(0)
    answers = [
        live.answer(
            np.clip(frames[0] + random.normal(0, 3, frames[0].shape), 0, 255).astype(np.uint8),
            number / 10,
        )
        for number in range(10)
    ]
    assert [answer.is_inferred for answer in answers] == [True] + 9 * [False]
    assert {answer.label for answer in answers} == {answers[0].label}


def test_what_is_outside_the_guide_does_not_count(live: LiveRecognizer) -> None:
    image = frame("Apple", 3)
    live.answer(image, 0.0)
    image = image.copy()
    image[:, :70] = 255
    assert not live.answer(image, 0.1).is_inferred


def test_the_empty_scene_is_remembered(live: LiveRecognizer) -> None:
    scene = frame(None, 2)
    assert live.answer(scene, 0.0).state != "nothing"
    live.remember_empty()
    states = [live.answer(scene, 0.1 * n).state for n in range(1, 8)]
    assert states[-1] == "nothing"
    states = [live.answer(frame("Apple", 3), 0.1 * n).label for n in range(8, 16)]
    assert states[-1] == "Apple"
    # Another model is told of it, and the user may think better of it.
    other = LiveRecognizer(live.predictor, live.empty)
    assert other.answer(scene, 0.0).state == "nothing"
    other.forget_empty()
    assert other.answer(scene, 0.1).state != "nothing"


def test_an_interruption_forgets_what_was_seen_but_not_the_empty_scene(
    live: LiveRecognizer,
) -> None:
    live.remember_empty()
    assert live.answer(frame(None, 2), 0.0).state == "nothing"
    live.interrupt()
    # Time may have begun anew.
    assert live.answer(frame("Apple", 3), 0.0).label == "Apple"
    live.interrupt()
    assert live.answer(frame(None, 2), 0.0).state == "nothing"


def test_a_photo_of_what_is_shown_gets_the_same_label(
    live: LiveRecognizer, predictor: Predictor
) -> None:
    image = frame("Carrots", 6)
    for number in range(5):
        answer = live.answer(image, number / 10)
    photo = predictor.answer_image(np.ascontiguousarray(guided(image)))
    assert answer.label == photo.label
    assert answer.confidence == pytest.approx(photo.confidence, abs=1e-5)
    assert [ranked.label for ranked in answer.top] == [r.label for r in photo.top[:3]]


def test_the_users_threshold_decides_what_is_sure(live: LiveRecognizer) -> None:
    image = frame("Apple", 3)
    assert live.answer(image, 0.0, threshold=0.0).state == "label"
    states = [live.answer(image, 0.1 * n, threshold=1.0).state for n in range(1, 30)]
    assert states[-1] == "not_sure"
