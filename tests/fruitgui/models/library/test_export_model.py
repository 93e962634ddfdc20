from pathlib import Path

from fruitgui.models.library.export_model import export_model
from tests.trainer.photos import make
from trainer import paths


def test_reading_the_photos_to_check_with_goes_step_by_step(tmp_path: Path) -> None:
    data = make(tmp_path / "fruit", {"apple": 6, "pear": 6})
    target = tmp_path / "model.onnx"
    steps = export_model(paths.starter_model(), "onnx", target, False, "en", data)
    step = next(steps)
    assert (step.stage, step.total) == ("look", 12)
    steps.close()
    assert not target.exists()
