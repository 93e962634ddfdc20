from pathlib import Path

import pytest

from benchmarks.inference import PIXELS, PlainWay, Row, as_json, check, print_rows, write_photos
from trainer import paths
from trainer.data.images import open_rgb
from trainer.inference.predictor import Predictor

ROW = Row("Starter", "OpenVINO, float32", (0.02, 0.1), (0.01, 0.09), (0.5, 2.0))


def test_the_ratios_are_the_plain_ways_time_by_ours(capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json([ROW], None)
    assert (found["photo_ratio"], found["folder_ratio"], found["start_ratio"]) == (5.0, 9.0, 4.0)
    print_rows([ROW])
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[2:]] == [
        "5.0",
        "9.0",
        "4.0",
    ]


def test_both_ways_answer_alike() -> None:
    samples = sorted(paths.samples_folder().glob("*.jpg"))
    found = check(samples)
    assert found["photos"] == len(samples)
    assert found["same_label"] == 1
    assert found["furthest"] < 0.02


def test_the_plain_way_gives_the_apps_probabilities() -> None:
    photo = paths.samples_folder() / "banana-1.jpg"
    probabilities = PlainWay(paths.starter_model()).probabilities(photo)
    (prediction,) = Predictor(paths.starter_model(), "cpu").predict([photo])
    assert prediction.answer is not None
    assert probabilities.max() == pytest.approx(prediction.answer.confidence, abs=0.02)
    # What is left is the background's.
    assert 0.9 < probabilities.sum() < 1


def test_the_photos_are_as_large_as_a_phones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.inference.PHOTOS", 1)
    (photo,) = write_photos(tmp_path / "photos")
    assert open_rgb(photo).size == PIXELS
    assert photo.stat().st_size > 1_000_000
