from tests.trainer.export.models import model_file
from trainer import paths
from trainer.experiments.model_library import stored_models


def test_a_damaged_model_does_not_hide_the_others() -> None:
    folder = paths.models_folder()
    folder.mkdir(parents=True)
    (folder / "damaged.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    model_file(folder / "sound.safetensors")
    assert [model.path.stem for model in stored_models()] == ["starter", "sound"]
