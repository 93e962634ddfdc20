from pathlib import Path

import pytest

from benchmarks.accuracy import main, recipe_of
from trainer.config.presets import PRESETS
from trainer.models.imagenet import with_stand_in


def test_a_preset_keeps_all_choices_but_the_network() -> None:
    recipe = recipe_of("best", "", seed=3)
    assert recipe == with_stand_in("best").but(seed=3) != PRESETS["best"].but(seed=3)
    assert recipe_of("quick", "", seed=0) == PRESETS["quick"]
    other = recipe_of("quick", "tf_efficientnet_lite2", seed=0)
    assert other == PRESETS["quick"].but(model="tf_efficientnet_lite2", image_size=260)


def test_it_prints_a_row_a_preset(
    demo_folder: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert main([str(demo_folder), "--presets", "quick", "--seeds", "2"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[:2] for row in rows] == [["preset", "seeds"], ["quick", "2"]]


def test_photos_that_are_not_there_are_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
