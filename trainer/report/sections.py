"""What a report says of a model beside its results: the photos, the recipe, the epochs, and how to
do it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from trainer.config.architectures import title_of
from trainer.config.presets import nearest_preset
from trainer.data.dataset import DataSet
from trainer.experiments.run_database import State
from trainer.export.usage_snippet import snippet
from trainer.metrics.intervals import wilson_interval
from trainer.report.charts import accuracy_curves, loss_curves
from trainer.report.recipe import (
    Choice,
    choices,
    command_line,
    sentences,
    start_title,
    train_command,
)
from trainer.report.subject import Subject
from trainer.report.system_info import Machine
from trainer.report.texts import ClassNames, Texts, text
from trainer.report.thumbnails import Thumbnails
from trainer.runtime.device_info import threads_of

_FEW_CLASSES = 50
"""Of no more classes than these, two samples each are shown; of more, one."""
_MOST_WARNINGS = 20

Facts = tuple[tuple[str, str], ...]
"""Names, and what there is to say of each."""

STATES: Mapping[State, str] = {
    "running": text("It has not ended."),
    "completed": text("All epochs were gone through."),
    "early_stopping": text("It ended early, since it had stopped getting better."),
    "stopped": text("It was stopped."),
    "diverged": text("It ended since the loss was no longer a number."),
    "failed": text("It failed."),
}
"""How a run ended."""


_FAR_APART = 0.1
"""Between validation and test accuracy: what is more than chance and a little luck."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One class of a data set."""

    name: str
    own: str
    """The data set's own name, where it differs."""
    counts: tuple[int, ...]
    """Of its photos in each split."""
    samples: tuple[str, ...]
    """Data URIs."""


@dataclass(frozen=True, slots=True)
class DataSection:
    """The photos."""

    name: str
    splits: tuple[str, ...]
    rows: tuple[DataRow, ...]
    totals: tuple[int, ...]
    """Of each split."""
    warnings: tuple[str, ...]
    more_warnings: int
    is_split_here: bool
    """Whether the folder did not say itself which photo is in which split."""


@dataclass(frozen=True, slots=True)
class RecipeSection:
    """How it was trained."""

    sentences: tuple[str, ...]
    preset: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class EpochsSection:
    """What came of it, epoch by epoch."""

    loss: Markup
    accuracy: Markup
    last: int
    best: int
    """0 where no epoch was kept."""
    ending: str
    validation_loss: float
    """Of the best epoch, as are the others."""
    validation_accuracy: float
    validation_interval: tuple[float, float]
    train_accuracy: float


def samples_of(data_set: DataSet) -> dict[str, list[Path]]:
    """The photos that stand for each class, of those that it learns from."""
    count = 2 if len(data_set.classes) <= _FEW_CLASSES else 1
    photos: dict[str, list[Path]] = {name: [] for name in data_set.classes}
    for photo in data_set.splits.get("train") or data_set.photos:
        photos[data_set.classes[photo.label]].append(photo.path)
    # Neighbours are often of one scene.
    return {
        name: [paths[(2 * part + 1) * len(paths) // (2 * count)] for part in range(count)]
        if len(paths) >= count
        else paths
        for name, paths in photos.items()
    }


def data_section(
    data_set: DataSet, images: Thumbnails, names: ClassNames, texts: Texts
) -> DataSection:
    splits = [name for name, photos in data_set.splits.items() if photos]
    counts = {name: [0] * len(splits) for name in data_set.classes}
    for place, split in enumerate(splits):
        for photo in data_set.splits[split]:
            counts[data_set.classes[photo.label]][place] += 1
    samples = samples_of(data_set)
    return DataSection(
        name=data_set.root.name,
        splits=tuple(map(texts.split, splits)),
        rows=tuple(
            DataRow(
                name=names.short(name),
                own=names.own(name),
                counts=tuple(counts[name]),
                samples=tuple(images[path] for path in samples[name] if path in images),
            )
            for name in data_set.classes
        ),
        totals=tuple(len(data_set.splits[split]) for split in splits),
        warnings=tuple(map(texts.error, data_set.warnings[:_MOST_WARNINGS])),
        more_warnings=max(0, len(data_set.warnings) - _MOST_WARNINGS),
        is_split_here=not data_set.has_own_splits,
    )


def recipe_section(subject: Subject, texts: Texts) -> RecipeSection | None:
    """None of a model without a run: its file does not say how it was trained."""
    if subject.run is None:
        return None
    recipe = subject.run.recipe
    return RecipeSection(
        sentences=tuple(sentences(recipe, texts)),
        preset=nearest_preset(recipe),
        choices=tuple(choices(recipe, texts)),
    )


def epochs_section(subject: Subject, texts: Texts) -> EpochsSection | None:
    """None where no epoch is known."""
    if not subject.epochs or subject.record is None:
        return None
    best = subject.record.best_epoch
    kept = next((epoch for epoch in subject.epochs if epoch.epoch == best), subject.epochs[-1])
    return EpochsSection(
        loss=loss_curves(subject.epochs, best, texts),
        accuracy=accuracy_curves(subject.epochs, best, texts),
        last=subject.epochs[-1].epoch,
        best=best,
        ending=texts.t(STATES[subject.record.state]),
        validation_loss=kept.validation_loss,
        validation_accuracy=kept.validation_accuracy,
        validation_interval=kept.validation_interval,
        train_accuracy=kept.train_accuracy,
    )


def result_sentence(subject: Subject, texts: Texts) -> str:
    """What the model comes to, in one sentence."""
    t = texts.t
    if subject.evaluated is not None:
        found = subject.evaluated.evaluation
        values = {
            "accuracy": texts.percent(found.accuracy),
            "count": f"{found.n:,}",
            "interval": texts.interval(found.interval),
        }
        if subject.is_own_data and subject.evaluated.split in {"test", "validation"}:
            return t("It names {accuracy} of {count} held-out photos (95%: {interval}).", **values)
        return t("It names {accuracy} of {count} photos (95%: {interval}).", **values)
    metrics = subject.info.metrics if subject.info is not None else {}
    accuracy, count = metrics.get("validation_accuracy"), metrics.get("validation_photos")
    # A file may hold anything.
    if not isinstance(accuracy, int | float) or not 0 <= accuracy <= 1:
        return t("How good it is was not measured.")
    if not isinstance(count, int | float) or not 1 <= count < 1e9:
        return t(
            "By its own file, it named {accuracy} of its validation photos.",
            accuracy=texts.percent(accuracy),
        )
    return t(
        "By its own file, it named {accuracy} of {count} validation photos (95%: {interval}).",
        accuracy=texts.percent(accuracy),
        count=f"{int(count):,}",
        interval=texts.interval(wilson_interval(round(accuracy * count), int(count))),
    )


def result_note(subject: Subject, texts: Texts) -> str:
    """What keeps that sentence from being taken for more than it is; empty where nothing does."""
    t = texts.t
    if subject.evaluated is None:
        return ""
    if not subject.is_own_data:
        return t("Whether it learnt from some of these photos is not known.")
    if subject.evaluated.split == "validation":
        return t(
            "There are no test photos: these are the validation photos, by which the best epoch "
            "was chosen. Photos from elsewhere may be known less well."
        )
    if subject.evaluated.split != "test":
        return t("It learnt from some of these photos, so the figure is too good.")
    notes = []
    validation = subject.info.metrics.get("validation_accuracy", 0.0) if subject.info else 0.0
    if validation - subject.evaluated.evaluation.accuracy > _FAR_APART:
        notes.append(
            t(
                "Of the validation photos it names {accuracy}, far more: they are like the "
                "training photos, or its starting weights had learnt from them. Go by the test "
                "photos.",
                accuracy=texts.percent(validation),
            )
        )
    data_set, info = subject.data_set, subject.info
    learnt_from = info.data_fingerprint if info is not None else ""
    if data_set is not None and learnt_from and learnt_from not in data_set.fingerprints():
        notes.append(
            t(
                "The photos or their labels have been changed since it was trained. The "
                "results are by those of then."
            )
        )
    return " ".join(notes)


def facts(subject: Subject, texts: Texts) -> Facts:
    """What it is, at a glance."""
    t, info, run, record = texts.t, subject.info, subject.run, subject.record
    found: list[tuple[str, str]] = []
    model = info.architecture if info is not None else run.recipe.model if run is not None else ""
    found.append((t("Network"), title_of(model)))
    if run is not None:
        found.append((t("Starts from"), start_title(run.recipe.weights, texts)))
        of_strategy = next(each for each in choices(run.recipe, texts) if each.field == "strategy")
        found.append((of_strategy.name, of_strategy.value))
        found.append((t("Data set"), run.data.name))
    elif subject.data_set is not None:
        found.append((t("Data set"), subject.data_set.root.name))
    found.append((t("Classes"), str(len(subject.classes))))
    if info is not None:
        size = f"{info.image_size}×{info.image_size}"
        found.append((t("Picture size"), t("{size} pixels", size=size)))
    created = record.created if record is not None else _moment(info.created if info else "")
    if created is not None:
        found.append((t("Made"), texts.date(created)))
    if subject.model_file is not None:
        found.append((t("Model file"), texts.size(subject.model_file.stat().st_size)))
    return tuple(found)


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def machine_facts(subject: Subject, machine: Machine, texts: Texts) -> Facts:
    """What it was trained on and for how long, and what this computer is."""
    t, record = texts.t, subject.record
    found = []
    if record is not None:
        found.append((t("Trained on"), _device(record.device, texts)))
        if record.last_epoch:
            took = texts.duration(record.seconds)
            each = texts.duration(record.seconds / record.last_epoch)
            found.append((t("Training took"), t("{total}, {each} an epoch", total=took, each=each)))
    memory = f"{machine.memory_bytes / 2**30:.0f} GiB"
    found += [
        (t("This computer"), machine.system),
        (t("Processor"), t("{name}, {count} cores", name=machine.processor, count=machine.cores)),
        (t("Memory"), memory),
        (t("Programs"), ", ".join(f"{name} {version}" for name, version in machine.versions)),
    ]
    return tuple(found)


def _device(described: str, texts: Texts) -> str:
    """What :func:`trainer.runtime.device.describe` said, in the report's language."""
    threads = threads_of(described)
    return described if threads is None else texts.t("CPU, threads: {count}", count=threads)


def origin_facts(subject: Subject, texts: Texts) -> Facts:
    """What it learnt from, by its file."""
    t, info = texts.t, subject.info
    if info is None:
        return ()
    unknown = t("not stated")
    return (
        (t("Licence of what it learnt from"), info.licence or unknown),
        (t("Fingerprint of the photos"), info.data_fingerprint or unknown),
        *(
            (
                t("Taught since"),
                t("{kind}: {count} photos", kind=each.kind, count=f"{each.photos:,}"),
            )
            for each in info.taught
        ),
    )


def commands_of(subject: Subject) -> tuple[str, ...]:
    """What to type to train a run again."""
    if subject.run is None:
        return ()
    return (command_line(train_command(subject.run.recipe, subject.run.data)),)


def usage(subject: Subject) -> str:
    """Python that uses the model once it is exported; empty where there is none."""
    if subject.info is None:
        return ""
    return snippet(subject.info, "onnx", with_preprocessing=True, file_name="model.onnx")


def class_names(subject: Subject, texts: Texts) -> ClassNames:
    """What to call every class of the model and of the photos."""
    names = set(subject.classes)
    names.update(subject.data_set.classes if subject.data_set is not None else ())
    names.update(subject.evaluated.evaluation.classes if subject.evaluated is not None else ())
    return ClassNames(sorted(names), texts.language)
