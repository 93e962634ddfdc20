from pathlib import Path

import numpy as np
import pytest

from benchmarks.rejection import Seen, area_under_curve, judge, judge_all, main


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    familiar, strange = np.array([3.0, 2.0, 2.0]), np.array([1.0, 2.0])
    pairs = [(1.0 if f > s else 0.5 if f == s else 0.0) for f in familiar for s in strange]
    assert area_under_curve(familiar, strange) == pytest.approx(np.mean(pairs))


def seen(count: int, scale: float, seed: int) -> Seen:
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    features = scale * np.eye(3, 40)[labels] + 0.3 * np.abs(random.standard_normal((count, 40)))
    return Seen(features[:, :3] * 4, features.astype(np.float32), labels)


def test_the_threshold_keeps_95_percent_and_strangers_are_told() -> None:
    held_out, strange = seen(200, 3.0, seed=1), seen(200, 0.0, seed=2)
    row = judge("maximum", lambda photos: photos.logits.max(axis=1), held_out, strange)
    assert row.auroc > 0.99
    assert row.false_accepts < 0.02


def test_what_was_chosen_tells_what_is_easy_to_tell() -> None:
    rows = judge_all(seen(150, 3.0, 0), seen(90, 3.0, 1), seen(90, 0.0, 2), 1.0, 3)
    areas = {row.method: row.auroc_of_right for row in rows}
    assert areas["cosine to class mean"] > 0.95
    assert areas["cosine + norm of centred logits"] > 0.95


def test_it_prints_a_table(
    demo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(demo_folder), str(demo_folder / "train" / "Lime")]) == 0
    assert "As the model file has it" in capsys.readouterr().out
