"""What version 0.1 wrote opens, and is gone on with.

The archive is a user's folder of that version, ``/home/grower``: three data sets of rendered
pictures, and in ``fruitgui`` what the app made of them.
"""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings

from fruitgui.settings import Settings
from tests.homes import relocate
from trainer import paths
from trainer.control import drain
from trainer.data import corrections
from trainer.data.dataset import open_data_set
from trainer.data.folder_layout import class_folders, photos_in
from trainer.data.label_edits import LabelEdits
from trainer.data.revert_edits import revert_edits
from trainer.evaluation.evaluate import evaluate_labelled
from trainer.evaluation.result_file import load_evaluation
from trainer.experiments import run_database
from trainer.experiments.comparison import comparisons, has_ended
from trainer.experiments.comparison_choice import tabulate
from trainer.experiments.model_library import stored_models
from trainer.experiments.run import open_run
from trainer.experiments.run_records import runs, trashed_runs, unfinished_runs
from trainer.inference.predictor import Predictor
from trainer.models.metadata import read_model_info
from trainer.storage import caches
from trainer.training.fit import fit

ARCHIVE = Path(__file__).with_name("home_of_version_0_1.zip")
GROWER = "/home/grower"
"""Where the folder was, as its files say."""

LOSSES = ((1.15754, 1.09814), (0.83120, 1.09716), (0.99471, 1.09551))
"""Training and validation loss of the stopped run's epochs, had it not been stopped."""


@pytest.fixture
def grower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, as if it had always been here."""
    folder = tmp_path / "grower"
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    relocate(folder, folder / "fruitgui", GROWER)
    monkeypatch.setenv("FRUITGUI_HOME", str(folder / "fruitgui"))
    return folder


def test_runs_keep_their_figures_and_what_the_user_says_of_them(grower: Path) -> None:
    trained = next(run for run in runs() if run.name == "First try")

    assert (trained.note, trained.is_starred) == ("48 px, rendered", True)
    assert (trained.state, trained.last_epoch) == ("completed", 2)
    assert trained.data == grower / "photos"
    assert trained.recipe.model == "timm/test_efficientnet"
    assert trained.measurement is not None
    assert (trained.measurement.split, trained.measurement.photos) == ("test", 3)
    assert [run.folder.name for run in trashed_runs()] == ["thrown-away"]


def test_a_stopped_run_goes_on_as_if_it_had_not_been_stopped(grower: Path) -> None:
    (stopped,) = unfinished_runs()
    assert (stopped.state, stopped.last_epoch) == ("stopped", 1)
    decoded = caches.photos_folder(32, "squash") / "records.bin"
    assert not decoded.exists(), "version 0.1 read photos of wide colours to other pixels"

    drain(fit(open_run(stopped.id), open_data_set(stopped.data)))

    epochs = run_database.epochs_of(stopped.id)
    losses = [(epoch.train_loss, epoch.validation_loss) for epoch in epochs]
    np.testing.assert_allclose(losses, LOSSES, rtol=1e-3)
    assert decoded.exists()


def test_models_answer_what_they_answered(grower: Path) -> None:
    models = {model.path.parent.name: model for model in stored_models()}
    assert {"trained", "models"} <= models.keys()
    trained = models["trained"].path
    kept = load_evaluation(trained.with_name("evaluation.safetensors")).evaluation
    photos = [grower / path.relative_to(GROWER) for path in kept.paths]

    labels = dict(zip(photos, kept.labels.tolist(), strict=True))
    evaluation = drain(evaluate_labelled(Predictor(trained), labels))

    assert evaluation is not None
    assert evaluation.classes == ("Banana", "Lime", "Tomato")
    np.testing.assert_allclose(evaluation.probabilities, kept.probabilities, atol=1e-3)
    np.testing.assert_allclose(evaluation.familiarity, kept.familiarity, atol=1e-2)


def test_a_comparison_is_there_with_all_its_runs(grower: Path) -> None:
    (comparison,) = comparisons()

    (row,) = tabulate(comparison).rows

    assert comparison.data == grower / "photos"
    assert [run.recipe.seed for run in row.runs] == [0, 1]
    assert all(has_ended(run) and run.measurement is not None for run in row.runs)
    assert not comparison.can_go_on()


def test_corrections_are_known(grower: Path) -> None:
    photos = sorted((grower / "photos").rglob("*.jpg"))

    known = corrections.known(photos)

    assert known == {photos[0]: "Melon", photos[1]: "Lime"}


def test_label_edits_beside_a_folder_count(grower: Path) -> None:
    market = open_data_set(grower / "market")

    classes = {
        market.place_of(photo.path): (split, market.classes[photo.label])
        for split, photos in market.splits.items()
        for photo in photos
    }

    assert classes["train/Banana/banana-0000.jpg"] == ("train", "Tomato")
    assert classes["train/Banana/banana-0001.jpg"] == ("test", "Banana")
    assert "train/Banana/banana-0002.jpg" not in classes


def test_label_edits_that_were_applied_can_be_reverted(grower: Path) -> None:
    garden = grower / "garden"
    assert not (garden / "train/Banana/banana-0000.jpg").exists()

    revert_edits(LabelEdits.of(garden))

    for number in range(4):
        assert (garden / f"train/Banana/banana-000{number}.jpg").is_file()
    assert LabelEdits.of(garden).count == 3


def test_a_recorded_data_set_is_there(grower: Path) -> None:
    recorded = class_folders(paths.recorded_folder() / "My fruit")

    photos = {name: len(photos_in(folders)) for name, folders in recorded.items()}

    assert photos == {"Banana": 3, "Tomato": 3}


def test_settings_are_as_they_were_left(grower: Path) -> None:
    store = QSettings(str(grower / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)

    assert (settings.language, settings.appearance) == ("ko", "dark")
    assert settings.model_in_use == Path(GROWER) / "fruitgui/runs/trained/model.safetensors"
    info = read_model_info(grower / "fruitgui/runs/trained/model.safetensors")
    assert settings.threshold_of(settings.model_in_use, info) == 0.625
    assert (settings.camera_source, settings.camera_resolution) == ("camera:Webcam", (1280, 720))
    assert (settings.camera_rotation, settings.recording_rate) == (90, 2)
    assert settings.is_on("mirror")
    assert not settings.is_on("guide")
    assert settings.recorded_folder == Path(GROWER) / "fruitgui/taught/My fruit"
    assert settings.shows_all_choices


def test_the_command_line_lists_the_runs(grower: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from trainer.cli.main import main

    assert main(["runs", "--json"]) == 0

    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(listed) == 4
