"""Models that were taught more since they were trained, a folder each, and what taught them."""

import json
import shutil
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer import paths
from trainer.config.recipe import Recipe
from trainer.data.file_copies import class_folder, copy_photo
from trainer.data.file_names import folder_name
from trainer.errors import ModelFileError, TrainerError
from trainer.evaluation.calibrate import add_growth
from trainer.evaluation.seen_images import SEEN_FILE, seen_file, write_seen
from trainer.events import Preparing
from trainer.experiments.run import open_run
from trainer.inference.engine_selection import model_digest
from trainer.inference.predictor import Predictor
from trainer.models.growth import read_growth
from trainer.models.metadata import SUFFIX, read_model_info
from trainer.storage.atomic import replacing_folder, write_text
from trainer.storage.file_digests import digest_of
from trainer.teaching.teach import Taught, class_meant, forget, teach

MODEL_FILE = f"model{SUFFIX}"
_LESSONS_FILE = "lessons.json"
_VALIDATED = 5


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model was before it was taught more, and by which photos it was."""

    base: Path
    photos: Mapping[str, str]
    """What is on each, by its path."""


def grown_file(model_file: Path) -> Path:
    """Where a model goes that is taught more: one that was already, to where it is; any other to a
    new place.

    Raises:
        ModelFileError: it is missing, damaged, or not a model of this app.
    """
    if is_grown(model_file):
        return model_file
    name = folder_name(read_model_info(model_file).title)
    folder, number = paths.grown_folder() / name, 2
    while folder.exists():
        folder = paths.grown_folder() / f"{name} {number}"
        number += 1
    return folder / MODEL_FILE


def is_grown(model_file: Path) -> bool:
    """Whether a model is kept as one that was taught more."""
    return model_file.parent.parent == paths.grown_folder()


def teach_kept(
    model_file: Path, photos: Sequence[tuple[Path, str]], device: str = "auto"
) -> Generator[Preparing, None, Taught]:
    """Teach a model some photos, each with what is on it, and keep what it is then among the user's
    models.

    A model of an earlier version gets what that needs first, of the photos that it learnt from.

    Raises:
        ModelFileError: as of :func:`trainer.teaching.teach.teach`.
        OSError: the disk is full.
    """
    target = grown_file(model_file)
    if read_growth(model_file) is None:
        yield from _make_growable(model_file, device)
    taught = yield from teach(Predictor(model_file, device), photos, target)
    known = lessons_of(target)
    base = known.base if known is not None else model_file
    before = known.photos if known is not None else {}
    named = {str(path.absolute()): name for path, name in photos}
    _write(target, Lessons(base, {**before, **named}))
    return taught


def forget_kept(model_file: Path, lessons: Sequence[int]) -> Path:
    """Take lessons back; returns the model that is left: what it was before where none is, if that
    is still there.

    Raises:
        ModelFileError: it is missing, damaged, or was taught no such lessons.
        OSError: the disk is full.
    """
    kinds = [each.kind for each in read_model_info(model_file).taught]
    digest = read_model_info(model_file).grown_from
    for number in sorted(lessons, reverse=True):
        info = forget(model_file, number)
    known = lessons_of(model_file)
    if known is None:
        return model_file
    if not info.taught and known.base.is_file() and model_digest(known.base) == digest:
        shutil.rmtree(model_file.parent)
        return known.base
    left = {each.kind for each in info.taught}
    gone = set(kinds) - left
    photos = {path: kind for path, kind in known.photos.items() if kind not in gone}
    _write(model_file, Lessons(known.base, photos))
    return model_file


def gather_photos(model_file: Path) -> Generator[Preparing, None, tuple[Path, Recipe]]:
    """Put copies of all that a model has learnt from into one data set: what it was trained on, and
    what it was taught since, of which every fifth photo is to validate with.

    Returns:
        The data set's folder, and the recipe that the model was trained by.

    Raises:
        TrainerError: the photos or the run are not there any more.
        OSError: the disk is full.
    """
    lessons = lessons_of(model_file)
    if lessons is None:
        raise ModelFileError("It is not known what “{path}” was taught.", path=model_file)
    run = open_run(str(lessons.base.parent))
    data_set = yield from run.read_data()
    wanted = [
        (photo.path, split, data_set.classes[photo.label])
        for split, photos in data_set.splits.items()
        for photo in photos
        if photo.label != data_set.background
    ]
    counts: Counter[str] = Counter()
    for path, kind in lessons.photos.items():
        counts[kind] += 1
        split = "validation" if counts[kind] % _VALIDATED == 0 else "train"
        wanted.append((Path(path), split, class_meant(kind, data_set.classes)))
    folder, number = paths.home() / "gathered" / model_file.parent.name, 2
    while folder.exists():
        folder = paths.home() / "gathered" / f"{model_file.parent.name} {number}"
        number += 1
    with replacing_folder(folder) as temporary:
        for done, (photo_path, split, kind) in enumerate(wanted, start=1):
            if photo_path.is_file():  # What has gone since is not learnt from.
                copy_photo(photo_path, class_folder(temporary / split, kind) / photo_path.name)
            yield Preparing("look", done, len(wanted))
    return folder, run.recipe


def lessons_of(model_file: Path) -> Lessons | None:
    """What taught a model; None where nothing is known, as of one that is not kept here."""
    if not is_grown(model_file):
        return None
    try:
        values = json.loads((model_file.parent / _LESSONS_FILE).read_bytes())
        return Lessons(Path(values["base"]), dict(values["photos"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_growable(model_file: Path, device: str) -> Generator[Preparing, None, None]:
    try:
        data_set = yield from open_run(str(model_file.parent)).read_data()
    except TrainerError as error:
        raise ModelFileError(
            "“{path}” was made by an earlier version or elsewhere, and the photos that it learnt "
            "from are not there, so it cannot be taught more. Teach another model, or train one.",
            path=model_file.name,
        ) from error
    yield from add_growth(Predictor(model_file, device), data_set)


def _write(model_file: Path, lessons: Lessons) -> None:
    values = {"base": str(lessons.base), "photos": dict(lessons.photos)}
    write_text(model_file.parent / _LESSONS_FILE, json.dumps(values, ensure_ascii=False))
    _note_seen(model_file, lessons)


def _note_seen(model_file: Path, lessons: Lessons) -> None:
    """It is not tested on what it was taught, nor on what it has learnt from before."""
    base = lessons.base
    train: set[str] = set()
    validation: set[str] = set()
    for file in (seen_file(base), base.with_name(SEEN_FILE)):
        try:
            values = json.loads(file.read_bytes())
            train |= set(values["train"])
            validation |= set(values["validation"])
            break
        except (OSError, ValueError, KeyError, TypeError):
            continue
    for path in map(Path, lessons.photos):
        try:
            train.add(digest_of(path.read_bytes()))
        except OSError:
            continue  # It has gone since; nobody can ask for it.
    write_seen(model_file.with_name(SEEN_FILE), train, validation)
