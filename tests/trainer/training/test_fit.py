import math
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from tests.conftest import KINDS
from tests.trainer.architectures import ONE_OF_EACH_KIND
from tests.trainer.runs import SMALL, STAGED, losses_of, new_run, of_kind, until, weights
from trainer import events, paths, synthetic
from trainer.config.architectures import ARCHITECTURES
from trainer.config.presets import PRESETS
from trainer.control import Control
from trainer.data.dataset import DataSet, Photo, open_data_set
from trainer.data.transforms import square_from_file
from trainer.errors import DatasetError, RecipeError, WeightsError
from trainer.experiments import run_records
from trainer.experiments.run import create_run
from trainer.inference.torch_engine import TorchEngine
from trainer.models.classifier import Classifier, always_frozen_stages
from trainer.models.metadata import read_model_info
from trainer.models.model_file import load_model
from trainer.training.checkpoint import load_checkpoint
from trainer.training.fit import _order, fit
from trainer.training.schedules import schedule_of


def test_events_come_in_order_and_the_best_model_is_there(
    demo_data: DataSet, tmp_path: Path
) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=2)
    happened = list(fit(run, demo_data))

    names = [type(event).__name__ for event in happened]
    assert names[0] == "RunStarted"
    assert names[-1] == "Finished"
    assert names.index("Preparing") < names.index("BatchDone") < names.index("EpochDone")
    assert [event.epoch for event in of_kind(happened, events.EpochDone)] == [1, 2]
    finished = happened[-1]
    assert isinstance(finished, events.Finished)
    assert finished.ending == "completed"
    assert finished.model == run.model_file
    info = read_model_info(run.model_file)
    assert info.classes == KINDS
    assert info.metrics["best_epoch"] == finished.best_epoch
    assert info.data_fingerprint == demo_data.fingerprint()


def test_it_learns_the_demo_photos(tmp_path: Path, demo_data: DataSet) -> None:
    run = create_run(PRESETS["quick"], demo_data.root, tmp_path / "run")
    finished = list(fit(run, demo_data))[-1]
    assert isinstance(finished, events.Finished)
    assert finished.validation_accuracy > 0.9


@pytest.mark.parametrize("model", ["resnet18", "tf_efficientnet_lite0"])
def test_a_cached_trunk_gives_the_losses_of_one_that_is_run_anew(
    demo_data: DataSet, tmp_path: Path, model: str
) -> None:
    def losses(trunk_precision: str | None) -> list[float]:
        choices = {"model": model, "strategy": "layer4", "image_size": 64, "epochs": 2}
        weights = "imagenet" if model == "tf_efficientnet_lite0" else "none"
        folder = tmp_path / str(trunk_precision)
        run = new_run(demo_data, folder, weights=weights, learning_rate=1e-5, **choices)
        happened = list(fit(run, demo_data, trunk_precision=trunk_precision))
        stages = {event.stage for event in of_kind(happened, events.Preparing)}
        assert ("trunk" in stages) == (trunk_precision is not None)
        return [value for pair in losses_of(happened) for value in pair]

    anew = losses(None)
    assert losses("float32") == anew
    assert losses("float16") == pytest.approx(anew, abs=1e-4, rel=0)


def test_the_head_alone_is_trained_on_cached_features(demo_data: DataSet, tmp_path: Path) -> None:
    run = new_run(demo_data, tmp_path / "run", strategy="head")
    happened = list(fit(run, demo_data))
    stages = {event.stage for event in of_kind(happened, events.Preparing)}
    assert "trunk" in stages
    assert of_kind(happened, events.Finished)[0].model is not None


def test_pause_waits_and_resume_goes_on(demo_data: DataSet, tmp_path: Path) -> None:
    control = Control()
    run = new_run(demo_data, tmp_path / "run", epochs=1)
    steps = fit(run, demo_data, control=control)
    until(steps, events.BatchDone)
    control.pause()
    assert isinstance(next(steps), events.Paused)
    control.resume()
    assert isinstance(next(steps), events.Resumed)
    assert isinstance(list(steps)[-1], events.Finished)


def test_stop_keeps_the_best_model(demo_data: DataSet, tmp_path: Path) -> None:
    control = Control()
    run = new_run(demo_data, tmp_path / "run")
    steps = fit(run, demo_data, control=control)
    until(steps, events.EpochDone)
    control.stop()
    happened = list(steps)
    finished = happened[-1]
    assert isinstance(finished, events.Finished)
    assert finished.ending == "stopped"
    assert of_kind(happened, events.BatchDone) == []
    assert read_model_info(run.model_file).metrics["best_epoch"] == finished.best_epoch >= 1
    assert read_model_info(run.model_file).classes == KINDS


def test_stop_also_ends_a_pause_and_the_preparation(demo_data: DataSet, tmp_path: Path) -> None:
    control = Control()
    control.pause()
    steps = fit(new_run(demo_data, tmp_path / "run"), demo_data, control=control)
    until(steps, events.Paused)
    control.stop()
    finished = list(steps)[-1]
    assert isinstance(finished, events.Finished)
    assert finished.ending == "stopped"
    assert finished.model is None


def test_it_stops_early_when_it_no_longer_gets_better(demo_data: DataSet, tmp_path: Path) -> None:
    # The head's features are cached, and so small a learning rate leaves its weights as they are:
    # every epoch is like the first.
    run = new_run(
        demo_data, tmp_path / "run", learning_rate=1e-9, strategy="head", epochs=50, patience=2
    )
    happened = list(fit(run, demo_data))
    finished = of_kind(happened, events.Finished)[0]
    assert finished.ending == "early_stopping"
    assert len(of_kind(happened, events.EpochDone)) == finished.best_epoch + 2
    assert load_checkpoint(run.state_file).best_epoch == finished.best_epoch


def test_a_loss_that_is_no_number_ends_the_run_and_the_best_epoch_is_kept(
    demo_data: DataSet, tmp_path: Path
) -> None:
    too_fast = {"learning_rate": 10.0, "weight_decay": 10.0, "epochs": 50}
    run = new_run(demo_data, tmp_path / "run", model=STAGED, **too_fast)
    happened = list(fit(run, demo_data))
    finished = of_kind(happened, events.Finished)[-1]
    assert finished.ending == "diverged"
    assert finished.model == run.model_file
    assert finished.best_epoch >= 1
    assert all(math.isfinite(value) for pair in losses_of(happened) for value in pair)
    assert all(torch.isfinite(value).all() for value in weights(run).values())


def test_weights_that_are_no_numbers_are_refused_by_the_name_of_their_file(
    demo_data: DataSet, tmp_path: Path
) -> None:
    state = Classifier(SMALL.model, classes=5).network.state_dict()
    next(iter(state.values())).fill_(math.nan)
    path = tmp_path / "start.pth"
    torch.save(state, path)
    run = new_run(demo_data, tmp_path / "run", weights=str(path))
    with pytest.raises(WeightsError, match=r"start\.pth” holds values that are no numbers"):
        list(fit(run, demo_data))
    assert not run.model_file.exists()


@pytest.mark.parametrize("steps", range(1, 41))
def test_one_cycle_fits_a_run_of_any_length(steps: int) -> None:
    recipe = SMALL.but(schedule="one_cycle", epochs=steps)
    classifier = torch.nn.Linear(2, 2)
    optimiser = AdamW(classifier.parameters(), lr=recipe.learning_rate)
    for warm_up in (0.0, 0.1, 1.0):
        schedule = schedule_of(recipe.but(warm_up=warm_up), optimiser, 1)
        for _ in range(steps):
            optimiser.step()
            if schedule is not None:
                assert isinstance(schedule, OneCycleLR)
                schedule.step()


def test_photos_that_cannot_be_read_are_named_and_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=8, kinds=KINDS, size=32):
        pass
    broken = sorted(folder.glob("train/Lime/*"))[0]
    broken.write_bytes(b"no picture")
    data = open_data_set(folder)
    run = new_run(data, tmp_path / "run", epochs=1)
    happened = list(fit(run, data))
    assert [event.path for event in of_kind(happened, events.PhotoSkipped)] == [broken]
    assert isinstance(happened[-1], events.Finished)


def test_a_class_without_a_readable_photo_is_not_learnt(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=8, kinds=KINDS, size=32):
        pass
    for photo in folder.glob("train/Lime/*"):
        photo.write_bytes(b"no picture")
    data = open_data_set(folder)
    run = new_run(data, tmp_path / "run", epochs=1)
    with pytest.raises(DatasetError, match="can be read: “Lime”"):
        list(fit(run, data))
    assert not run.model_file.exists()


@pytest.mark.parametrize("is_forced", [True, False])
def test_a_network_of_fixed_size_is_refused_and_the_run_says_why(
    is_forced: bool, demo_data: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_forced:  # Where the precision is measured, the network is tried earlier.
        monkeypatch.delenv("FRUITGUI_PRECISION")
    run = new_run(demo_data, tmp_path / "run", model="timm/maxvit_pico_rw_256", image_size=224)
    with pytest.raises(RecipeError, match="cannot see pictures of 224 pixels"):
        list(fit(run, demo_data))
    (record,) = run_records.runs()
    assert record.state == "failed"
    assert "cannot see pictures of 224 pixels" in str(record.failure)


def test_of_what_nobody_foresaw_the_run_tells_as_well(demo_data: DataSet, tmp_path: Path) -> None:
    impossible = tuple(Photo(photo.path, 99) for photo in demo_data.split("train"))
    damaged = replace(demo_data, splits={**demo_data.splits, "train": impossible})
    with pytest.raises(IndexError):
        list(fit(new_run(damaged, tmp_path / "run"), damaged))
    (record,) = run_records.runs()
    assert record.state == "failed"
    assert "Something unexpected went wrong (IndexError" in str(record.failure)


def test_a_model_says_what_licence_the_weights_had_that_it_started_from(
    demo_data: DataSet, tmp_path: Path
) -> None:
    first = new_run(demo_data, tmp_path / "first", epochs=1)
    list(fit(first, demo_data))
    assert read_model_info(first.model_file).weights_licence == ""
    lite = {"model": "tf_efficientnet_lite0", "weights": "imagenet", "strategy": "head"}
    second = new_run(demo_data, tmp_path / "second", epochs=1, **lite)
    list(fit(second, demo_data))
    assert read_model_info(second.model_file).weights_licence == "Apache-2.0"
    third = new_run(
        demo_data, tmp_path / "third", epochs=1, **lite | {"weights": str(second.model_file)}
    )
    list(fit(third, demo_data))
    assert read_model_info(third.model_file).weights_licence == "Apache-2.0"


def test_a_set_without_a_readable_photo_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for name in ("train/a", "train/b", "validation/a", "validation/b"):
        path = folder / name / "1.jpg"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"no picture")
    data = open_data_set(folder)
    with pytest.raises(DatasetError, match="no readable photos"):
        list(fit(new_run(data, tmp_path / "run"), data))


def test_closing_the_loop_midway_leaves_torch_as_it_was(demo_data: DataSet, tmp_path: Path) -> None:
    with closing(fit(new_run(demo_data, tmp_path / "run"), demo_data)) as steps:
        until(steps, events.BatchDone)
        assert torch.is_grad_enabled()
        until(steps, events.EpochDone)
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize("batchnorm", ["eval", "train"])
def test_frozen_stages_keep_the_weights_that_they_started_from(
    demo_data: DataSet, tmp_path: Path, batchnorm: str
) -> None:
    torch.manual_seed(1)
    start = Classifier(STAGED, classes=5).network.state_dict()
    path = tmp_path / "start.pth"
    torch.save(start, path)
    run = new_run(
        demo_data,
        tmp_path / "run",
        model=STAGED,
        weights=str(path),
        strategy="layer4",
        frozen_batchnorm=batchnorm,
        epochs=1,
    )
    list(fit(run, demo_data))
    end = weights(run)
    trained = tuple(f"{name}." for name in ARCHITECTURES[STAGED].stages[-1])
    trunk = [name for name in start if name.startswith("features.")]
    changed = {name for name in trunk if not torch.equal(start[name], end[name])}
    frozen_and_changed = {name for name in changed if not name.startswith(trained)}
    assert {f"{name.split('.')[0]}.{name.split('.')[1]}." for name in changed} >= set(trained)
    if batchnorm == "eval":
        assert frozen_and_changed == set()
    else:
        statistics = ("running_mean", "running_var", "num_batches_tracked")
        assert frozen_and_changed
        assert all(name.endswith(statistics) for name in frozen_and_changed)


def test_gradual_unfreezing_trains_what_is_thawed_in_the_end(
    demo_data: DataSet, tmp_path: Path
) -> None:
    run = new_run(demo_data, tmp_path / "run", model=STAGED, strategy="gradual", epochs=3)
    happened = list(fit(run, demo_data))
    torch.manual_seed(run.recipe.seed)
    start = Classifier(STAGED, len(KINDS)).network.state_dict()
    finished = of_kind(happened, events.Finished)[0]
    last = load_checkpoint(run.state_file).learner
    assert last is not None
    end = weights(run) | {n.removeprefix("network."): v for n, v in last["classifier"].items()}
    changed = {name for name in start if not torch.equal(start[name], end[name])}
    stages = ARCHITECTURES[STAGED].stages
    frozen = always_frozen_stages("gradual", len(stages), run.recipe.epochs)
    frozen_names = tuple(f"{name}." for stage in stages[:frozen] for name in stage)
    assert 0 < frozen < len(stages)
    assert [name for name in changed if name.startswith(frozen_names)] == []
    assert any(name.startswith(f"{stages[frozen][0]}.") for name in changed)
    assert finished.ending == "completed"


def test_a_last_batch_of_one_photo_joins_the_one_before(demo_data: DataSet, tmp_path: Path) -> None:
    count = len(demo_data.split("train"))
    assert count % 7 == 1
    # The maps of the last stage are of one pixel: a batch of one would have no variance.
    run = new_run(demo_data, tmp_path / "run", batch_size=7, epochs=1)
    batches = of_kind(list(fit(run, demo_data)), events.BatchDone)
    assert [event.batch for event in batches] == list(range(1, count // 7 + 1))
    assert {event.batches for event in batches} == {count // 7}


def test_a_run_that_is_stopped_before_it_starts_has_no_model(
    demo_data: DataSet, tmp_path: Path
) -> None:
    control = Control()
    control.stop()
    run = new_run(demo_data, tmp_path / "run")
    happened = list(fit(run, demo_data, control=control))
    assert [type(event) for event in happened] == [events.RunStarted, events.Finished]
    finished = of_kind(happened, events.Finished)[0]
    assert (finished.ending, finished.model, finished.best_epoch) == ("stopped", None, 0)
    assert not run.model_file.exists()
    assert isinstance(list(fit(run, demo_data))[-1], events.Finished)
    assert run.model_file.exists()


def test_a_student_learns_from_its_teacher(demo_data: DataSet, tmp_path: Path) -> None:
    # In bfloat16, which some CPUs compute in, a random teacher's features are mostly rounding.
    both = {"model": STAGED, "precision": "float32"}
    teacher = new_run(demo_data, tmp_path / "teacher", epochs=1, **both)
    list(fit(teacher, demo_data))
    student = new_run(
        demo_data,
        tmp_path / "student",
        teacher=str(teacher.model_file),
        hint_weight=1.0,
        block_wise_epochs=1,
        epochs=4,
        **both,
    )
    epochs = of_kind(list(fit(student, demo_data)), events.EpochDone)
    assert epochs[-1].train_loss < epochs[1].train_loss


def test_a_teacher_that_sees_pictures_otherwise_is_refused(
    demo_data: DataSet, tmp_path: Path
) -> None:
    teacher = new_run(demo_data, tmp_path / "teacher", epochs=1)
    list(fit(teacher, demo_data))
    choices = {"teacher": str(teacher.model_file), "model": "tf_efficientnet_lite0"}
    student = new_run(demo_data, tmp_path / "student", **choices)
    with pytest.raises(RecipeError, match="normalised in different ways"):
        list(fit(student, demo_data))


def test_a_network_learns_from_pictures_normalised_as_its_own(
    demo_data: DataSet, tmp_path: Path
) -> None:
    """What a run says of its validation photos, its model says as well."""
    run = new_run(
        *(demo_data, tmp_path / "run"),
        model="tf_efficientnet_lite0",
        weights="imagenet",
        strategy="head",
        head="linear",
        epochs=2,
        image_size=64,
    )
    epochs = of_kind(list(fit(run, demo_data)), events.EpochDone)
    best = [each for each in epochs if each.best][-1]
    engine = TorchEngine.load(run.model_file, "cpu")
    photos = demo_data.split("validation")
    squares = np.stack([square_from_file(photo.path, 64, "squash") for photo in photos])
    answers = engine.run(squares).logits.argmax(axis=1)
    right = np.mean(answers == [photo.label for photo in photos])
    assert right == pytest.approx(best.validation_accuracy)


def test_views_are_drawn_once_and_are_the_same_in_another_run(
    demo_data: DataSet, tmp_path: Path
) -> None:
    choices = {"model": STAGED, "strategy": "layer4", "augmentation": "strong", "views": 3}

    def train(name: str) -> tuple[list[tuple[float, float]], int]:
        happened = list(fit(new_run(demo_data, tmp_path / name, epochs=2, **choices), demo_data))
        seen = [e for e in of_kind(happened, events.Preparing) if e.stage == "trunk"]
        return losses_of(happened), max((event.total for event in seen), default=0)

    first, seen = train("first")
    assert seen == 3 * len(demo_data.split("train"))
    again, seen = train("again")
    assert seen == 0  # All of them were still there.
    assert again == first
    shutil.rmtree(paths.caches_folder())
    assert torch.tensor(train("anew")[0]).allclose(torch.tensor(first), atol=1e-5)


def test_classes_in_balance_are_drawn_alike(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for _ in synthetic.write_data_set(folder, per_class=16, kinds=KINDS, size=32):
        pass
    for photo in sorted(folder.glob("train/Lime/*"))[2:]:
        photo.unlink()
    data = open_data_set(folder)
    examples = SimpleNamespace(labels=torch.tensor([p.label for p in data.split("train")]))
    drawn = torch.zeros(3)
    for epoch in range(1, 41):
        learner = SimpleNamespace(recipe=SMALL.but(balanced=True))
        order = _order(learner, examples, epoch)
        assert len(order) == len(examples.labels)
        drawn += examples.labels[order].bincount(minlength=3)
    shares = drawn / drawn.sum()
    assert shares.tolist() == pytest.approx([1 / 3] * 3, abs=0.04)
    run = new_run(data, tmp_path / "run", balanced=True, epochs=1)
    assert isinstance(list(fit(run, data))[-1], events.Finished)


@pytest.mark.parametrize(
    "model",
    [*ONE_OF_EACH_KIND, "timm/resnet26d", "timm/vit_tiny_patch16_224.augreg_in21k"],
)
def test_every_kind_of_model_is_trained_and_read_again(
    demo_data: DataSet, tmp_path: Path, model: str
) -> None:
    run = new_run(
        demo_data, tmp_path / "run", model=model, strategy="layer4", head="linear", epochs=1
    )
    finished = of_kind(list(fit(run, demo_data)), events.Finished)[0]
    classifier, info = load_model(run.model_file)
    assert (info.architecture, finished.ending) == (model, "completed")
    assert (info.mean, info.std) == (classifier.architecture.mean, classifier.architecture.std)
    # Alone or in stages, it is the same network.
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        assert torch.allclose(classifier(images), classifier.network(images), atol=1e-5)


@pytest.mark.parametrize("choices", [{"mixup": 0.2}, {"cutmix": 1.0}, {"monitor": "accuracy"}])
def test_mixing_and_the_monitor_train(
    demo_data: DataSet, tmp_path: Path, choices: dict[str, object]
) -> None:
    run = new_run(demo_data, tmp_path / "run", epochs=2, **choices)
    epochs = of_kind(list(fit(run, demo_data)), events.EpochDone)
    assert len(epochs) == 2
    best = max((e for e in epochs if e.best), key=lambda e: e.epoch)
    if "monitor" in choices:
        assert best.validation_accuracy == max(e.validation_accuracy for e in epochs)
    low, high = best.validation_interval
    assert 0 <= low <= best.validation_accuracy <= high <= 1


def test_stop_takes_effect_within_a_batch(demo_data: DataSet, tmp_path: Path) -> None:
    control = Control()
    run = new_run(demo_data, tmp_path / "run", model=STAGED, batch_size=36)
    steps = fit(run, demo_data, control=control)
    until(steps, events.Preparing)
    while not isinstance(event := next(steps), events.Preparing) or event.done < event.total:
        pass
    convolutions = 0

    def stop_midway(module: torch.nn.Module, inputs: object) -> None:
        nonlocal convolutions
        convolutions += isinstance(module, torch.nn.Conv2d)
        if convolutions == 10:
            control.stop()

    with register_module_forward_pre_hook(stop_midway):
        finished = list(steps)[-1]
    assert isinstance(finished, events.Finished)
    assert finished.ending == "stopped"
    assert convolutions == 10


def test_pauses_are_left_out_of_the_times(demo_data: DataSet, tmp_path: Path) -> None:
    control = Control()
    steps = fit(new_run(demo_data, tmp_path / "run", epochs=1), demo_data, control=control)
    until(steps, events.BatchDone)
    control.pause()
    assert isinstance(next(steps), events.Paused)
    began = control.clock()
    timer = threading.Timer(0.5, control.resume)
    timer.start()
    assert isinstance(next(steps), events.Resumed)
    assert control.clock() - began < 0.4
    timer.join()
    steps.close()
